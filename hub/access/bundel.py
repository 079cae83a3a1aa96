"""The policy bundle: seats, tracks, categories, covenants and rules, examined and ready to be asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import cedarpy

from hub.access.bewaarvormen import bewaartermijnen
from hub.access.convenantbouw import PerId, dag, met_personen, overleggen, partijen, tegenstrijdigheden, toelichting
from hub.access.keuring import keur
from hub.access.platformfeiten import Koppelvlak, koppelvlak_van
from hub.access.plichtvormen import plichtregels
from hub.access.regel import Regel
from hub.access.register import Verwerking, verwerkingen
from hub.access.routevormen import verwijsroutes
from hub.access.ruw import Ruw, lees_map
from hub.access.terugkoppelvormen import terugkoppelregels
from hub.access.terugroepvormen import terugroeptermijnen
from hub.access.zetel import Convenant, Mededeling, Voorwaardelijk, Zetel, ZetelType, hoort_bij
from hub.domain.bewaartermijn import Bewaartermijnen
from hub.domain.plichtregel import Plichtregels
from hub.domain.terugkoppelregel import Terugkoppelregels
from hub.domain.terugroeptermijn import Terugroeptermijn
from hub.domain.verwijsroute import Verwijsroute

S = TypeVar("S")
W = TypeVar("W")
BELEIDSMAP = Path(__file__).resolve().parents[2] / "consent_policies"


class BeleidOngeldig(Exception):
    """A policy bundle with faults; it never loads. `fouten` holds all of them."""

    def __init__(self, fouten: list[str]) -> None:
        self.fouten = tuple(fouten)
        super().__init__("\n".join(fouten))


@dataclass(frozen=True, slots=True)
class Spoor:
    """A legal track. `wie` says who takes part; `wet_vanaf` from when the statute goes before covenants.

    `doelen_bij`: purposes that count beside those of the track for one action. `grond_derden`: the provision on
    which results go to third parties. `wat_wel`: what may be done where no rule of the track permits.
    `kennisgeving_weken`: so long after a disclosure its persons are not told of it, None where nobody tells them.
    """

    id: str
    naam: str
    wie: str
    wet_vanaf: date | None
    doelen: tuple[str, ...]
    activiteiten: tuple[str, ...]
    betrokkenen: tuple[str, ...]
    bewaartermijn_jaren: int | None
    alle_categorieen: bool = False
    wet: tuple[str, ...] = ()
    wat_wel: str | None = None
    doelen_bij: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    grond_derden: str | None = None
    kennisgeving_weken: int | None = None


@dataclass(frozen=True, slots=True)
class Grond:
    """Who may disclose to whom for what, before conditions; None means every seat or category or role.

    `behalve`: seats that may not use this ground though it is open to all. `convenant`: the kind of covenant that
    must name both seats, the purpose and the category.
    """

    id: str
    van: tuple[str, ...] | None
    behalve: tuple[str, ...]
    naar: tuple[str, ...] | None
    doelen: frozenset[str]
    categorieen: frozenset[str] | None
    betrokkenen: frozenset[str] | None
    convenant: str | None


@dataclass(frozen=True, slots=True)
class Bundel:
    """Everything the policy is made of, under one version."""

    versie: str
    zetels: Mapping[str, ZetelType]
    instanties: Mapping[str, Zetel]
    sporen: Mapping[str, Spoor]
    categorieen: Mapping[str, Mapping[str, Any]]
    handelingen: Mapping[str, str]
    omstandigheden: Mapping[str, Mapping[str, Any]]
    standaarden: Mapping[str, object]
    woordenlijst: Mapping[str, frozenset[str]]
    regios: Mapping[str, str]
    convenanten: tuple[Convenant, ...]
    register: tuple[Verwerking, ...]
    verwerkingen: Mapping[str, str]
    met_dpia: frozenset[str]
    gronden: tuple[Grond, ...]
    koppelvlak: Koppelvlak
    bewaartermijnen: Bewaartermijnen
    terugroeptermijnen: tuple[Terugroeptermijn, ...]
    terugkoppelregels: Terugkoppelregels
    plichtregels: Plichtregels
    verwijsroutes: tuple[Verwijsroute, ...]
    regels: tuple[Regel, ...]
    entiteiten: cedarpy.Entities
    _kracht: dict[tuple[str, str, date], tuple[tuple[Convenant, ...], tuple[Convenant, ...]]] = field(
        default_factory=dict, compare=False
    )
    _gegevens: dict[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict, compare=False)
    _regio: dict[tuple[str, date], tuple[Convenant, ...]] = field(default_factory=dict, compare=False)

    def in_kracht(self, spoor: str, regio: str, datum: date) -> tuple[tuple[Convenant, ...], tuple[Convenant, ...]]:
        """The covenants of a track in force on a day: those of the region, and the national ones."""
        sleutel = (spoor, regio, datum)
        gevonden = self._kracht.get(sleutel)
        if gevonden is None:
            alle = [c.op(datum) for c in self.convenanten if c.spoor == spoor and c.geldt(datum)]
            gevonden = (
                tuple(c for c in alle if c.in_regio(regio)),
                tuple(c for c in alle if c.regio == "landelijk"),
            )
            _onthoud(self._kracht, sleutel, gevonden)
        return gevonden

    def gegevens(self, spoor: str) -> Mapping[str, Mapping[str, Any]]:
        """What the rules may know of every category in a track, by `<spoor>:<categorie>`; its own name as `uid`."""
        gevonden = self._gegevens.get(spoor)
        if gevonden is None:
            gevonden = {
                f"{spoor}:{naam}": {**_gegeven(categorie, self.sporen[spoor], self.zetels), "uid": f"{spoor}:{naam}"}
                for naam, categorie in self.categorieen.items()
            }
            self._gegevens[spoor] = gevonden
        return gevonden

    def van_regio(self, regio: str, datum: date) -> tuple[Convenant, ...]:
        """Every covenant, route and practice of a region in force on a day, of whatever track."""
        gevonden = self._regio.get((regio, datum))
        if gevonden is None:
            gevonden = tuple(c.op(datum) for c in self.convenanten if c.in_regio(regio) and c.geldt(datum))
            _onthoud(self._regio, (regio, datum), gevonden)
        return gevonden


def _onthoud(geheugen: dict[S, W], sleutel: S, waarde: W) -> None:
    # Dates come from outside; a bound keeps a stream of odd dates from filling memory.
    if len(geheugen) >= 4096:
        geheugen.clear()
    geheugen[sleutel] = waarde


def laad_bundel(map: Path | None = None, op: date | None = None) -> Bundel:
    """Read, examine and build a bundle. Raises BeleidOngeldig with every fault found.

    `op`: the day it is to be activated; then what ended before must say that it is history. The decision cases
    are asked by `Beleid.laad`.
    """
    ruw = lees_map(map or BELEIDSMAP)
    return bouw_bundel(ruw, op)


def bouw_bundel(ruw: Ruw, op: date | None = None) -> Bundel:
    """Examine and build what was read. Raises BeleidOngeldig with every fault; nothing is built by half."""
    fouten = keur(ruw, op)
    if fouten:
        raise BeleidOngeldig(fouten)
    tabellen = ruw.tabellen
    zetels = {naam: _zeteltype(naam, z) for naam, z in tabellen["zetels"].items()}
    sporen = {naam: _spoor(naam, s) for naam, s in tabellen["sporen"].items()}
    per_id: dict[str, list[dict[str, Any]]] = {}
    for stuk in ruw.convenanten:
        per_id.setdefault(stuk.id, []).append(stuk.inhoud)
    return Bundel(
        versie=ruw.versie,
        zetels=zetels,
        instanties={naam: _zetel(naam, i) for naam, i in tabellen["instanties"].items()},
        sporen=sporen,
        categorieen=tabellen["categorieen"],
        handelingen={naam: h["zonder_regel"] for naam, h in tabellen["handelingen"].items()},
        omstandigheden=tabellen["omstandigheden"],
        standaarden={naam: soort["standaard"] for naam, soort in tabellen["omstandigheden"].items()},
        woordenlijst={naam: frozenset(lijst) for naam, lijst in tabellen["woordenlijst"].items()}
        | {"regios": frozenset(ruw.alle_regios)},
        regios={naam: regio["naam"] for naam, regio in ruw.regios.items()},
        convenanten=tuple(_convenant(stuk.inhoud, per_id) for stuk in ruw.convenanten),
        register=verwerkingen(tabellen),
        verwerkingen={
            regel: f"{v['id']}@{v['versie']}" for v in tabellen["register"]["verwerkingen"] for regel in v["regels"]
        },
        met_dpia=frozenset(f"{v['id']}@{v['versie']}" for v in tabellen["register"]["verwerkingen"] if v["dpia"]),
        gronden=tuple(_grond(naam, g) for naam, g in tabellen["gronden"].items()),
        koppelvlak=koppelvlak_van(tabellen["koppelvlak"]),
        bewaartermijnen=bewaartermijnen(tabellen["bewaartermijnen"]),
        terugroeptermijnen=terugroeptermijnen(tabellen["terugroepen"]),
        terugkoppelregels=terugkoppelregels(tabellen["terugkoppelen"]),
        plichtregels=plichtregels(tabellen["plichten"]),
        verwijsroutes=verwijsroutes(tabellen["verwijsroutes"]),
        regels=tuple(ruw.regels),
        entiteiten=_entiteiten(ruw, zetels, sporen),
    )


def _spoor(naam: str, s: dict[str, Any]) -> Spoor:
    return Spoor(
        id=naam, naam=s["naam"], wie=s["wie"], wet_vanaf=dag(s["wet_vanaf"]), doelen=tuple(s["doelen"]),
        activiteiten=tuple(s["activiteiten"]), betrokkenen=tuple(s["betrokkenen"]),
        bewaartermijn_jaren=s["bewaartermijn_jaren"], alle_categorieen=s.get("alle_categorieen", False),
        wet=tuple(s["wet"]),
        wat_wel=s["wat_wel"],
        doelen_bij={handeling: tuple(doelen) for handeling, doelen in s.get("doelen_bij", {}).items()},
        grond_derden=s.get("grond_derden"), kennisgeving_weken=s.get("kennisgeving_weken"),
    )  # fmt: skip


def _grond(naam: str, g: dict[str, Any]) -> Grond:
    return Grond(
        id=naam,
        van=None if g["van"] == "*" else tuple(g["van"]),
        behalve=tuple(g.get("behalve", ())),
        naar=None if g["naar"] == "*" else tuple(g["naar"]),
        doelen=frozenset(g["doelen"]),
        categorieen=frozenset(g["categorieen"]) if "categorieen" in g else None,
        betrokkenen=frozenset(g["betrokkenen"]) if "betrokkenen" in g else None,
        convenant=g.get("convenant"),
    )


def _zeteltype(naam: str, z: dict[str, Any]) -> ZetelType:
    return ZetelType(
        id=naam, label=z["label"], deelnemer=z.get("deelnemer"), sporen=z["sporen"],
        regions={r["regio"]: r.get("sporen", {}) for r in z.get("regionaal", ())},
        zorg=z.get("zorg", False), opsporing=z.get("opsporing", False),
        namens_deelnemers=z.get("namens_deelnemers", False), privaat=z.get("privaat", False),
        belasting=z.get("belasting", False), toetst=z.get("toetst", False),
    )  # fmt: skip


def _zetel(naam: str, i: dict[str, str]) -> Zetel:
    soort, _, gebied = naam.partition("@")
    return Zetel(
        id=naam, type=soort, organisatie=i["organisatie"], oin=i["oin"], gebied=gebied, regio=i["regio"],
        label=i["label"],
    )  # fmt: skip


def _convenant(c: dict[str, Any], per_id: PerId) -> Convenant:
    eisen = c.get("eisen", {})
    overal, leden = partijen(c, per_id)
    tafels = overleggen(c)
    return Convenant(
        id=c["id"], naam=c["naam"], soort=c["soort"], spoor=c.get("spoor"), regio=c["regio"],
        geldig_vanaf=dag(c.get("geldig_vanaf")), geldig_tot=dag(c.get("geldig_tot")),
        partijen=overal, leden=leden, ook_regios=frozenset(c.get("ook_regios", ())),
        bronnen=tuple(c["bron"]),
        inbrengers=frozenset(c.get("inbrengers", ())),
        voorwaardelijk=tuple(
            Voorwaardelijk(tuple(v["zetels"]), v["omstandigheid"], v["waarde"]) for v in c.get("voorwaardelijk", ())
        ),
        tafels=met_personen(tafels, "alle"),
        tafels_18min=met_personen(tafels, "18-"), tafels_18plus=met_personen(tafels, "18+"), overleggen=tafels,
        ringen={ring: frozenset(zetels) for ring, zetels in c.get("ringen", {}).items()},
        secundair=frozenset(c.get("ringen", {}).get("secundair", ())),
        betrokkenen_niet=frozenset(c.get("betrokkenen_niet", ())),
        doelen=frozenset(c.get("doelen", ())),
        alleen_herkomstgemeente=frozenset(eisen.get("alleen_herkomstgemeente", ())),
        toets_vooraf="toets_vooraf" in eisen,
        acuut_naar=frozenset(eisen.get("acuut_naar", ())),
        ernstig_risico=tuple((e["zetel"], frozenset(e["naar"])) for e in eisen.get("alleen_bij_ernstig_risico", ())),
        schriftelijk=frozenset(c.get("schriftelijk", ())),
        hele_tafels=frozenset(t["id"] for t in c.get("tafels", ()) if t.get("hele_tafel") == "ja"),
        alleen_aan_tafel=eisen.get("alleen_aan_tafel", False),
        mededelingen=tuple(Mededeling(**{k: frozenset(v) for k, v in m.items()}) for m in c.get("mededelingen", ())),
        brug_naar=frozenset(c.get("brug_naar", ())),
        onder=c.get("onder"),
        categorieen=frozenset(c.get("categorieen", ())),
        opplussen=frozenset(c.get("opplussen", ())),
        tegenstrijdigheden=tegenstrijdigheden(c),
        leemten=tuple(c.get("leemten", ())),
        keuze=c.get("keuze"),
        toelichting=toelichting(c),
    )  # fmt: skip


def _entiteiten(ruw: Ruw, zetels: Mapping[str, ZetelType], sporen: Mapping[str, Spoor]) -> cedarpy.Entities:
    lijst = entiteitenlijst(zetels, ruw.tabellen["categorieen"], sporen)
    try:
        return cedarpy.Entities.from_json_str(json.dumps(lijst), ruw.schema)
    except ValueError as fout:
        raise BeleidOngeldig([f"hub.cedarschema:1: de tabellen passen hier niet op: {fout}"]) from fout


def entiteitenlijst(
    zetels: Mapping[str, ZetelType], categorieen: Mapping[str, Mapping[str, Any]], sporen: Mapping[str, Spoor]
) -> list[dict[str, Any]]:
    """Everything a rule can ask about as Cedar reads it: seats, and categories per track (`<spoor>:<categorie>`)."""
    lijst: list[dict[str, Any]] = [
        _entiteit(
            "Zetel",
            z.id,
            zorg=z.zorg,
            opsporing=z.opsporing,
            namens_deelnemers=z.namens_deelnemers,
            privaat=z.privaat,
            toetst=z.toetst,
        )
        for z in zetels.values()
    ]
    for naam, categorie in categorieen.items():
        for spoor in sporen.values():
            lijst.append(_entiteit("Gegeven", f"{spoor.id}:{naam}", **_gegeven(categorie, spoor, zetels)))
    return lijst


def _entiteit(soort: str, naam: str, **eigenschappen: object) -> dict[str, Any]:
    return {"uid": {"type": soort, "id": naam}, "attrs": eigenschappen, "parents": []}


def _uit_zorg(categorie: Mapping[str, Any], spoor: Spoor, eigenschap: str) -> bool:
    """What the care track protects is protected too where a track names no categories of its own."""
    return spoor.alle_categorieen and bool(categorie.get("zorg-en-registratie", {}).get(eigenschap, False))


def _gegeven(categorie: Mapping[str, Any], spoor: Spoor, zetels: Mapping[str, ZetelType]) -> dict[str, object]:
    tabel: Mapping[str, Any] | None = categorie.get(spoor.id)
    hier: Mapping[str, Any] = tabel or {}
    genoemd = tuple(hier.get("bronnen", ()))
    uitgezonderd = tuple(hier.get("behalve", ()))
    bronnen = [
        z.id
        for z in zetels.values()
        if (hoort_bij(z.id, genoemd) if genoemd else z.stand(spoor.id, None) == "deelnemer")
        and not hoort_bij(z.id, uitgezonderd)
    ]
    return {
        "toegelaten": (tabel is not None or spoor.alle_categorieen) and "verboden" not in hier,
        "fase": hier.get("fase", 0),
        "bronnen": bronnen,
        "vaste_bronnen": bronnen if genoemd else [],
        "zetels": hier.get("zetels", []),
        "doelen": hier.get("doelen", list(spoor.doelen)),
        "eigen_doel": "doelen" in hier,
        "handelingen": hier.get("handelingen", []),
        "activiteiten": hier.get("activiteiten", list(spoor.activiteiten)),
        "vereiste_kenmerken": hier.get("kenmerken", []),
        "vormen": hier.get("vormen", []),
        "betrokkenen": list(spoor.betrokkenen),
        "toestemming_nodig": hier.get("toestemming", _uit_zorg(categorie, spoor, "toestemming")),
        "resultaat": categorie.get("resultaat", False),
        "opsporing": categorie.get("opsporing", False),
        "bijzonder_of_strafrechtelijk": categorie.get("opsporing", False) or categorie.get("bijzonder", False),
        "personalia": categorie.get("personalia", False),
        "voor_verband": categorie.get("voor_verband", False),
        "werkstuk": categorie.get("werkstuk", False),
        "herleidbaar": categorie.get("herleidbaar", False),
        "verzegeld": hier.get("verzegeld", _uit_zorg(categorie, spoor, "verzegeld")),
        "in_deel_een": hier.get("deel_een", False),
        "geautomatiseerd": categorie.get("geautomatiseerd", False),
        "schriftelijke_reden": hier.get("schriftelijke_reden", False),
    }
