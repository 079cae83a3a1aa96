"""The policy: the only place that says whether a seat may do something with a category of data.

Cedar decides; only an allow without a single evaluation error is a permit. Everything else is a refusal.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import cedarpy

from hub.access.bundel import Bundel, laad_bundel
from hub.access.feiten import feiten
from hub.access.invoer import onbekends, vul_aan
from hub.access.permit import Masker, Permit, Weigering
from hub.access.regel import Regel, polisset
from hub.access.ruw import PLATFORM, SPOORBESTAND
from hub.access.verzoek import Verzoek
from hub.access.zetel import Convenant, Zetel, ZetelType

# The most concealing form wins: who may not know of a case does not learn of it through another prohibition.
VOLGORDE = ("probleem-503", "niet-gevonden", "neutraal", "probleem-400", "probleem-401", "probleem-403", "verboden")
MEESTE_ZINNEN = 5
GEEN_REGEL = "Geen enkele regel staat dit toe."
NIET_UITGEREKEND = "Het beleid kon voor dit verzoek niet worden uitgerekend; daarom is het geweigerd."


@dataclass(frozen=True, slots=True)
class Deel:
    """The rules that can speak about one action in one track, as Cedar handles, and the facts they use."""

    alles: cedarpy.PolicySet
    toestaan: cedarpy.PolicySet
    regels: Mapping[str, Regel]
    sleutels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uitkomst:
    """What Cedar said: allow or deny, the deciding rules, and whether any permit applied at all."""

    toegestaan: bool
    fout: bool
    regels: tuple[str, ...]
    binnen: bool


class Beleid:
    """A loaded policy of one version. Safe to share between threads; answers never change for one version."""

    def __init__(self, bundel: Bundel, geheugen: int = 65_536) -> None:
        self._bundel = bundel
        self._delen: dict[tuple[str, str], Deel | None] = {}
        self._antwoorden: dict[tuple[object, ...], Permit | Weigering] = {}
        self._uitkomsten: dict[tuple[str, ...], Uitkomst] = {}
        self._geheugen = geheugen

    @classmethod
    def laad(cls, map: Path | None = None) -> "Beleid":
        """Load the packaged policy, or the one in a folder. Raises BeleidOngeldig with all faults."""
        return cls(laad_bundel(map))

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

    def convenanten(self, regio: str, datum: date) -> tuple[Convenant, ...]:
        """The covenants of a region and the national ones, in force on a day."""
        landelijk = tuple(c for c in self._bundel.convenanten if c.regio == "landelijk" and c.geldt(datum))
        return (*self._bundel.van_regio(regio, datum), *(landelijk if regio != "landelijk" else ()))

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
            return self._weiger(verzoek, " ".join(fouten), "probleem-400")
        vorm = self._bundel.handelingen[verzoek.handeling]
        deel = self._deel(verzoek.spoor, verzoek.handeling)
        if deel is None:
            return self._weiger(verzoek, GEEN_REGEL, vorm)
        gevonden = feiten(self._bundel, verzoek, vul_aan(self._bundel, verzoek))
        context = json.dumps({naam: gevonden[naam] for naam in deel.sleutels if naam in gevonden})
        uitkomst = self._uitkomst(verzoek, deel, context)
        if uitkomst.fout:
            return self._weiger(verzoek, NIET_UITGEREKEND, vorm)
        regels = [deel.regels[naam] for naam in uitkomst.regels]
        if uitkomst.toegestaan:
            return self._sta_toe(verzoek, regels)
        if not regels:
            return self._zonder_regel(verzoek, deel, vorm)
        return self._verbied(verzoek, regels, vorm, uitkomst.binnen)

    def _uitkomst(self, verzoek: Verzoek, deel: Deel, context: str) -> Uitkomst:
        # Questions that differ only in what no rule uses (day, region, area) share one Cedar evaluation.
        sleutel = (verzoek.zetelsoort, verzoek.handeling, verzoek.spoor, verzoek.categorie, context)
        uitkomst = self._uitkomsten.get(sleutel)
        if uitkomst is None:
            uitkomst = self._reken(verzoek, deel, context)
            if len(self._uitkomsten) >= self._geheugen:
                self._uitkomsten.pop(next(iter(self._uitkomsten)), None)
            self._uitkomsten[sleutel] = uitkomst
        return uitkomst

    def _reken(self, verzoek: Verzoek, deel: Deel, context: str) -> Uitkomst:
        try:
            antwoord = self._vraag(verzoek, deel.alles, context)
        except ValueError:
            return Uitkomst(toegestaan=False, fout=True, regels=(), binnen=False)
        regels = tuple(sorted(antwoord.diagnostics.reasons))
        fout = bool(antwoord.diagnostics.errors)
        # An outsider who also breaks a rule must look like any outsider, so ask whether anything allowed it.
        binnen = antwoord.allowed or (bool(regels) and self._vraag(verzoek, deel.toestaan, context).allowed)
        return Uitkomst(toegestaan=antwoord.allowed and not fout, fout=fout, regels=regels, binnen=binnen)

    def _vraag(self, verzoek: Verzoek, polissen: cedarpy.PolicySet, context: str) -> cedarpy.AuthzResult:
        vraag = {
            "principal": {"type": "Zetel", "id": verzoek.zetelsoort},
            "action": {"type": "Action", "id": verzoek.handeling},
            "resource": {"type": "Gegeven", "id": f"{verzoek.spoor}:{verzoek.categorie}"},
            "context": context,
        }
        return cedarpy.is_authorized_batch([vraag], polissen, self._bundel.entiteiten)[0]

    def _deel(self, spoor: str, handeling: str) -> Deel | None:
        sleutel = (spoor, handeling)
        if sleutel not in self._delen:
            bestanden = (PLATFORM, SPOORBESTAND.get(spoor, ""))
            regels = [r for r in self._bundel.regels if r.bestand in bestanden and r.over(handeling)]
            toestaan = [r for r in regels if r.toestaan]
            self._delen[sleutel] = (
                Deel(
                    alles=polisset(regels),
                    toestaan=polisset(toestaan),
                    regels={r.id: r for r in regels},
                    sleutels=tuple(sorted(frozenset().union(*(r.context for r in regels)))),
                )
                if toestaan
                else None
            )
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
        )

    def _zonder_regel(self, verzoek: Verzoek, deel: Deel, vorm: str) -> Weigering:
        toestaan = sorted((r for r in deel.regels.values() if r.toestaan), key=lambda r: r.id)
        # A list of twenty grounds explains nothing; then the explanation of the track itself is the better help.
        wel = " Wel geldt: " + " ".join(r.zin for r in toestaan) if len(toestaan) <= MEESTE_ZINNEN else ""
        return self._weiger(verzoek, GEEN_REGEL + wel, vorm)

    def _weiger(self, verzoek: Verzoek, reden: str, vorm: str) -> Weigering:
        return Weigering(
            zetel=verzoek.zetel,
            handeling=verzoek.handeling,
            categorie=verzoek.categorie,
            regels=(),
            reden=reden,
            bronnen=(),
            alternatief=None,
            vorm=vorm,
            beleidsversie=self.versie,
        )


def _met_categorie(verzoek: Verzoek, categorie: str) -> Verzoek:
    return Verzoek(
        verzoek.zetel, verzoek.rol, verzoek.handeling, verzoek.spoor, verzoek.regio, verzoek.datum, categorie,
        verzoek.bron_zetel, verzoek.fase, verzoek.doel, verzoek.betrokkene_rol, verzoek.minderjarig,
        verzoek.bijzonder, verzoek.kenmerken, verzoek.omstandigheden,
    )  # fmt: skip
