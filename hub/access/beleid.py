"""The policy: the only place that says whether a seat may do something with a category of data.

Cedar decides; only an allow without a single evaluation error is a permit. Everything else is a refusal.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path

from hub.access.bundel import BELEIDSMAP, BeleidOngeldig, Bundel, Spoor, bouw_bundel
from hub.access.deel import Deel, Uitkomst
from hub.access.feiten import feiten
from hub.access.gevallen import gevallen_van, keur_gevallen
from hub.access.inpakken import FeitOntbreekt
from hub.access.invoer import onbekends, vul_aan
from hub.access.permit import Masker, Permit, Weigering
from hub.access.regel import Regel
from hub.access.register import Verwerking
from hub.access.ruw import PLATFORM, SPOORBESTAND, Ruw, lees_map
from hub.access.verzoek import Verzoek
from hub.access.zetel import Convenant, Zetel, ZetelType
from hub.domain.bewaartermijn import Bewaartermijnen
from hub.domain.plichtregel import Plichtregels
from hub.domain.terugkoppelregel import Terugkoppelregels
from hub.domain.terugroeptermijn import Terugroeptermijn
from hub.domain.verwijsroute import Verwijsroute, routes_voor

# The most concealing form wins: who may not know of a case does not learn of it through another prohibition.
VOLGORDE = ("probleem-503", "niet-gevonden", "neutraal", "probleem-400", "probleem-401", "probleem-403", "verboden")
MEESTE_ZINNEN = 5
#: What decides where no rule does: without a ground nothing is processed. Source: AVG art. 5 lid 1 onder a, art. 6.
STANDAARD = "standaard-geweigerd"
ONBEKENDE_VRAAG = "onbekende-vraag"
GRONDREGEL = "AVG 5 lid 1 onder a en 6"
GEEN_REGEL = "Geen enkele regel staat dit toe."
NIET_UITGEREKEND = "Het beleid kon voor dit verzoek niet worden uitgerekend; daarom is het geweigerd."


class Beleid:
    """A loaded policy of one version. Safe to share between threads; answers never change for one version."""

    def __init__(self, bundel: Bundel, geheugen: int = 65_536) -> None:
        self._bundel = bundel
        self._delen: dict[tuple[str, str], Deel | None] = {}
        self._antwoorden: dict[tuple[object, ...], Permit | Weigering] = {}
        self._uitkomsten: dict[tuple[object, ...], Uitkomst] = {}
        self._geheugen = geheugen

    @classmethod
    def laad(cls, map: Path | None = None, *, gevallen: bool = False, op: date | None = None) -> "Beleid":
        """Load the packaged policy, or the one in a folder. Raises BeleidOngeldig with all faults; see `uit`."""
        return cls.uit(lees_map(map or BELEIDSMAP), gevallen=gevallen, op=op)

    @classmethod
    def uit(cls, ruw: Ruw, *, gevallen: bool = True, op: date | None = None) -> "Beleid":
        """The policy of a bundle that was read. Raises BeleidOngeldig with all faults; nothing counts by half.

        `gevallen`: every decision case is asked as well. Who loads a version that was examined before may leave that
        out: one version is one text of every rule and table, so it answers every case as it did then. `op`: the day
        it is to be activated; a covenant that has then ended must say that it is history.
        """
        try:
            beleid = cls(bouw_bundel(ruw, op))
        except BeleidOngeldig as gebrek:
            onleesbaar = gevallen_van(ruw).fouten if gevallen else []
            raise BeleidOngeldig([*gebrek.fouten, *map(str, onleesbaar)]) from None
        if gevallen and (fouten := keur_gevallen(beleid, ruw)):
            raise BeleidOngeldig(fouten)
        return beleid

    @property
    def versie(self) -> str:
        """The version: a sha256 over every file that can change an answer."""
        return self._bundel.versie

    @property
    def zetels(self) -> Mapping[str, ZetelType]:
        """Seat types by id."""
        return self._bundel.zetels

    @property
    def instanties(self) -> Mapping[str, Zetel]:
        """Seats that exist in the hub, by id `<type>@<area>`."""
        return self._bundel.instanties

    @property
    def gebieden(self) -> frozenset[str]:
        """Every region, and every area that a seat is of."""
        return frozenset({*self._bundel.woordenlijst["regios"], *(seat.gebied for seat in self.instanties.values())})

    @property
    def sporen(self) -> Mapping[str, Spoor]:
        """The tracks."""
        return self._bundel.sporen

    @property
    def regels(self) -> tuple[Regel, ...]:
        """Every rule, in the order of the files."""
        return self._bundel.regels

    @property
    def categorieen(self) -> tuple[str, ...]:
        """Every data category the policy knows."""
        return tuple(self._bundel.categorieen)

    @property
    def verwerkingen(self) -> Mapping[str, str]:
        """The processing activity (`<id>@<version>`) of the register each permitting rule belongs to."""
        return self._bundel.verwerkingen

    @property
    def register(self) -> tuple[Verwerking, ...]:
        """The register of processing activities, every version."""
        return self._bundel.register

    @property
    def met_dpia(self) -> frozenset[str]:
        """The processing activities whose impact assessment the register refers to."""
        return self._bundel.met_dpia

    @property
    def bewaartermijnen(self) -> Bewaartermijnen:
        """How long what is kept, and what puts destruction off."""
        return self._bundel.bewaartermijnen

    @property
    def terugroeptermijnen(self) -> tuple[Terugroeptermijn, ...]:
        """Within which a recipient says what it did with a correction."""
        return self._bundel.terugroeptermijnen

    @property
    def terugkoppelregels(self) -> Terugkoppelregels:
        """By when which feedback is due, and why it may be withheld."""
        return self._bundel.terugkoppelregels

    @property
    def plichtregels(self) -> Plichtregels:
        """What must be done after what, and by when."""
        return self._bundel.plichtregels

    def verwijsroutes(self, regio: str, vormen: Collection[str], urgentie: str, op: date) -> tuple[Verwijsroute, ...]:
        """Whom one may turn to with a signal, in order; empty where this version knows no routes."""
        return routes_voor(self._bundel.verwijsroutes, regio, vormen, urgentie, op)

    @property
    def alle_convenanten(self) -> tuple[Convenant, ...]:
        """Every covenant of every region and time."""
        return self._bundel.convenanten

    def kennisgeving_weken(self, spoor: str) -> int | None:
        """How long after a disclosure in a track its persons may first be told of it; None: nobody tells them."""
        known = self._bundel.sporen.get(spoor)
        return None if known is None else known.kennisgeving_weken

    def wet_geldt(self, spoor: str, datum: date) -> bool:
        """Whether a statute rules this track on a day, so that no covenant counts in it."""
        begin = self._bundel.sporen[spoor].wet_vanaf
        return begin is not None and begin <= datum

    def convenanten(self, regio: str, datum: date) -> tuple[Convenant, ...]:
        """The covenants of a region and the national ones, in force on a day."""
        landelijk = tuple(c for c in self._bundel.convenanten if c.regio == "landelijk" and c.geldt(datum))
        return (*self._bundel.van_regio(regio, datum), *(landelijk if regio != "landelijk" else ()))

    def maak_gereed(self) -> None:
        """Prepare the rules for every track, action and category, so that no question has to wait for that."""
        for spoor in self._bundel.sporen:
            for handeling in self._bundel.handelingen:
                if deel := self._deel(spoor, handeling):
                    for gegeven in self._bundel.gegevens(spoor):
                        deel.bereik(gegeven)

    def toets(self, verzoek: Verzoek) -> Permit | Weigering:
        """Permit or refusal for one question; never raises on odd input, odd input is refused."""
        try:
            sleutel = verzoek.sleutel()
            antwoord = self._antwoorden.get(sleutel)
        except TypeError:
            # Something unhashable was passed in; the examination of the input names it.
            return self._bereken(verzoek)
        if antwoord is None:
            antwoord = self._bereken(verzoek)
            if len(self._antwoorden) >= self._geheugen:
                self._antwoorden.pop(next(iter(self._antwoorden)), None)
            self._antwoorden[sleutel] = antwoord
        return antwoord

    def masker(self, verzoek: Verzoek, categorieen: Iterable[str]) -> Masker:
        """Which of some categories the seat may see, everything else of the question being equal."""
        antwoorden = {naam: self.toets(_met_categorie(verzoek, naam)) for naam in categorieen}
        zichtbaar = frozenset(naam for naam, antwoord in antwoorden.items() if isinstance(antwoord, Permit))
        return Masker(zichtbaar=zichtbaar, antwoorden=antwoorden)

    def uitleg(self, verzoek: Verzoek) -> str:
        """The answer in plain Dutch, with articles and, where there is one, the lawful alternative."""
        antwoord = self.toets(verzoek)
        if isinstance(antwoord, Permit):
            gronden = " ".join(f"{z} ({b})" for z, b in zip(antwoord.zinnen, antwoord.bronnen, strict=True))
            plicht = f" Verplicht daarbij: {', '.join(antwoord.verplichtingen)}." if antwoord.verplichtingen else ""
            return f"Toegestaan. {gronden}{plicht}"
        gronden = f" ({'; '.join(antwoord.bronnen)})" if antwoord.bronnen else ""
        weg = f" Wat wel kan: {antwoord.alternatief}" if antwoord.alternatief else ""
        return f"Geweigerd. {antwoord.reden}{gronden}{weg}"

    def _bereken(self, verzoek: Verzoek) -> Permit | Weigering:
        fouten = onbekends(self._bundel, verzoek)
        if fouten:
            return self._weiger(verzoek, ONBEKENDE_VRAAG, " ".join(fouten), "probleem-400")
        vorm = self._bundel.handelingen[verzoek.handeling]
        deel = self._deel(verzoek.spoor, verzoek.handeling)
        if deel is None:
            return self._weiger(verzoek, STANDAARD, GEEN_REGEL, vorm)
        uitkomst = self._uitkomst(verzoek, deel)
        if uitkomst.fout:
            return self._weiger(verzoek, STANDAARD, NIET_UITGEREKEND, vorm)
        regels = [deel.regels[naam] for naam in uitkomst.regels]
        if uitkomst.toegestaan:
            return self._sta_toe(verzoek, regels)
        if not regels:
            return self._zonder_regel(verzoek, deel, vorm)
        return self._verbied(verzoek, regels, vorm, uitkomst.binnen)

    def _uitkomst(self, verzoek: Verzoek, deel: Deel) -> Uitkomst:
        try:
            klaar = deel.klaar(feiten(self._bundel, verzoek, vul_aan(self._bundel, verzoek)))
        except FeitOntbreekt:
            return Uitkomst(toegestaan=False, fout=True, regels=(), binnen=False)
        # Questions that differ only in what no rule uses (day, region, area) share one Cedar evaluation.
        sleutel = (verzoek.zetelsoort, verzoek.handeling, verzoek.spoor, verzoek.categorie, klaar.sleutel)
        uitkomst = self._uitkomsten.get(sleutel)
        if uitkomst is None:
            gegeven = f"{verzoek.spoor}:{verzoek.categorie}"
            entiteiten = self._bundel.entiteiten
            uitkomst = deel.uitkomst(verzoek.zetelsoort, verzoek.handeling, gegeven, klaar, entiteiten)
            if len(self._uitkomsten) >= self._geheugen:
                self._uitkomsten.pop(next(iter(self._uitkomsten)), None)
            self._uitkomsten[sleutel] = uitkomst
        return uitkomst

    def _deel(self, spoor: str, handeling: str) -> Deel | None:
        sleutel = (spoor, handeling)
        if sleutel not in self._delen:
            bestanden = (PLATFORM, *SPOORBESTAND.get(spoor, ()))
            regels = [r for r in self._bundel.regels if r.bestand in bestanden and r.over(handeling)]
            kan = any(r.toestaan for r in regels)
            self._delen[sleutel] = Deel(regels, self._bundel.standaarden, self._bundel.gegevens(spoor)) if kan else None
        return self._delen[sleutel]

    def _sta_toe(self, verzoek: Verzoek, regels: list[Regel]) -> Permit:
        return Permit(
            zetel=verzoek.zetel,
            handeling=verzoek.handeling,
            categorie=verzoek.categorie,
            regels=tuple(r.id for r in regels),
            bronnen=tuple(r.bron for r in regels),
            zinnen=tuple(r.zin for r in regels),
            beleidsversie=self.versie,
            verplichtingen=tuple(sorted({plicht for r in regels for plicht in r.verplichtingen})),
        )

    def _verbied(self, verzoek: Verzoek, regels: list[Regel], zonder_regel: str, binnen: bool) -> Weigering:
        vormen = {r.vorm for r in regels} | (set() if binnen else {zonder_regel})
        geordend = sorted(regels, key=lambda r: (VOLGORDE.index(r.vorm), r.id))
        alternatief = next((r.alternatief for r in geordend if r.alternatief), None)
        return Weigering(
            zetel=verzoek.zetel,
            handeling=verzoek.handeling,
            categorie=verzoek.categorie,
            regels=tuple(r.id for r in geordend),
            reden=" ".join(r.zin for r in geordend),
            bronnen=tuple(r.bron for r in geordend),
            alternatief=alternatief,
            vorm=min(vormen, key=VOLGORDE.index),
            beleidsversie=self.versie,
            verplichtingen=tuple(sorted({plicht for r in regels for plicht in r.verplichtingen})),
        )

    def _zonder_regel(self, verzoek: Verzoek, deel: Deel, vorm: str) -> Weigering:
        toestaan = sorted((r for r in deel.regels.values() if r.toestaan), key=lambda r: r.id)
        # A list of twenty grounds explains nothing; then the explanation of the track itself is the better help.
        wel = " Wel geldt: " + " ".join(r.zin for r in toestaan) if len(toestaan) <= MEESTE_ZINNEN else ""
        return self._weiger(verzoek, STANDAARD, GEEN_REGEL + wel, vorm)

    def _weiger(self, verzoek: Verzoek, regel: str, reden: str, vorm: str) -> Weigering:
        spoor = self._bundel.sporen.get(verzoek.spoor) if isinstance(verzoek.spoor, str) else None
        return Weigering(
            zetel=verzoek.zetel,
            handeling=verzoek.handeling,
            categorie=verzoek.categorie,
            regels=(regel,),
            reden=reden,
            bronnen=spoor.wet[:1] if spoor else (GRONDREGEL,),
            alternatief=spoor.wat_wel if spoor else None,
            vorm=vorm,
            beleidsversie=self.versie,
        )


def _met_categorie(verzoek: Verzoek, categorie: str) -> Verzoek:
    return Verzoek(
        verzoek.zetel, verzoek.rol, verzoek.handeling, verzoek.spoor, verzoek.regio, verzoek.datum, categorie,
        verzoek.bron_zetel, verzoek.fase, verzoek.doel, verzoek.betrokkene_rol, verzoek.minderjarig,
        verzoek.bijzonder, verzoek.kenmerken, verzoek.omstandigheden,
    )  # fmt: skip
