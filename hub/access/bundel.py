"""The policy bundle: seats, tracks, categories, covenants and rules, examined and ready to be asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import cedarpy

from hub.access.keuring import keur
from hub.access.regel import Regel
from hub.access.ruw import Ruw, lees_map
from hub.access.zetel import Convenant, Voorwaardelijk, Zetel, ZetelType, hoort_bij

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
    """A legal track. `wie` says who takes part; `wet_vanaf` from when the statute goes before covenants."""

    id: str
    naam: str
    wie: str
    wet_vanaf: date | None
    doelen: tuple[str, ...]
    activiteiten: tuple[str, ...]
    betrokkenen: tuple[str, ...]
    bewaartermijn_jaren: int | None
    alle_categorieen: bool = False


@dataclass(frozen=True, slots=True)
class Grond:
    """Who may disclose to whom for what, before conditions; None means every seat or category or role.

    `behalve`: seats that may not use this ground though it is open to all.
    """

    id: str
    van: tuple[str, ...] | None
    behalve: tuple[str, ...]
    naar: tuple[str, ...] | None
    doelen: frozenset[str]
    categorieen: frozenset[str] | None
    betrokkenen: frozenset[str] | None


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
    convenanten: tuple[Convenant, ...]
    verwerkingen: Mapping[str, str]
    gronden: tuple[Grond, ...]
    regels: tuple[Regel, ...]
    entiteiten: cedarpy.Entities
    _kracht: dict[tuple[str, str, date], tuple[tuple[Convenant, ...], tuple[Convenant, ...]]] = field(
        default_factory=dict, compare=False
    )
    _regio: dict[tuple[str, date], tuple[Convenant, ...]] = field(default_factory=dict, compare=False)

    def in_kracht(self, spoor: str, regio: str, datum: date) -> tuple[tuple[Convenant, ...], tuple[Convenant, ...]]:
        """The covenants of a track in force on a day: those of the region, and the national ones."""
        sleutel = (spoor, regio, datum)
        gevonden = self._kracht.get(sleutel)
        if gevonden is None:
            alle = [c for c in self.convenanten if c.spoor == spoor and c.geldt(datum)]
            gevonden = (
                tuple(c for c in alle if c.in_regio(regio)),
                tuple(c for c in alle if c.regio == "landelijk"),
            )
            _onthoud(self._kracht, sleutel, gevonden)
        return gevonden

    def van_regio(self, regio: str, datum: date) -> tuple[Convenant, ...]:
        """Every covenant, route and practice of a region in force on a day, of whatever track."""
        gevonden = self._regio.get((regio, datum))
        if gevonden is None:
            gevonden = tuple(c for c in self.convenanten if c.in_regio(regio) and c.geldt(datum))
            _onthoud(self._regio, (regio, datum), gevonden)
        return gevonden


def _onthoud(geheugen: dict[S, W], sleutel: S, waarde: W) -> None:
    # Dates come from outside; a bound keeps a stream of odd dates from filling memory.
    if len(geheugen) >= 4096:
        geheugen.clear()
    geheugen[sleutel] = waarde


def laad_bundel(map: Path | None = None) -> Bundel:
    """Read, examine and build a bundle. Raises BeleidOngeldig with every fault found."""
    ruw = lees_map(map or BELEIDSMAP)
    fouten = keur(ruw)
    if fouten:
        raise BeleidOngeldig(fouten)
    return _bouw(ruw)


def _bouw(ruw: Ruw) -> Bundel:
    tabellen = ruw.tabellen
    zetels = {naam: _zeteltype(naam, z) for naam, z in tabellen["zetels"].items()}
    sporen = {naam: _spoor(naam, s) for naam, s in tabellen["sporen"].items()}
    partijen = {c["id"]: c["partijen"] for c in ruw.convenanten}
    return Bundel(
        versie=ruw.versie,
        zetels=zetels,
        instanties={naam: _zetel(naam, i) for naam, i in tabellen["instanties"].items()},
        sporen=sporen,
        categorieen=tabellen["categorieen"],
        handelingen={naam: h["zonder_regel"] for naam, h in tabellen["handelingen"].items()},
        omstandigheden=tabellen["omstandigheden"],
        standaarden={naam: soort["standaard"] for naam, soort in tabellen["omstandigheden"].items()},
        woordenlijst={naam: frozenset(lijst) for naam, lijst in tabellen["woordenlijst"].items()},
        convenanten=tuple(_convenant(c, partijen) for c in ruw.convenanten),
        verwerkingen={
            regel: f"{v['id']}@{v['versie']}" for v in tabellen["register"]["verwerkingen"] for regel in v["regels"]
        },
        gronden=tuple(_grond(naam, g) for naam, g in tabellen["gronden"].items()),
        regels=tuple(ruw.regels),
        entiteiten=_entiteiten(ruw, zetels, sporen),
    )


def _dag(waarde: str | None) -> date | None:
    return None if waarde is None else date.fromisoformat(waarde)


def _spoor(naam: str, s: dict[str, Any]) -> Spoor:
    return Spoor(
        id=naam, naam=s["naam"], wie=s["wie"], wet_vanaf=_dag(s["wet_vanaf"]), doelen=tuple(s["doelen"]),
        activiteiten=tuple(s["activiteiten"]), betrokkenen=tuple(s["betrokkenen"]),
        bewaartermijn_jaren=s["bewaartermijn_jaren"], alle_categorieen=s.get("alle_categorieen", False),
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
    )


def _zeteltype(naam: str, z: dict[str, Any]) -> ZetelType:
    return ZetelType(
        id=naam, label=z["label"], deelnemer=z.get("deelnemer"), sporen=z["sporen"],
        regions={r["regio"]: r.get("sporen", {}) for r in z.get("regionaal", ())},
        zorg=z.get("zorg", False), opsporing=z.get("opsporing", False),
        namens_deelnemers=z.get("namens_deelnemers", False),
    )  # fmt: skip


def _zetel(naam: str, i: dict[str, str]) -> Zetel:
    soort, _, gebied = naam.partition("@")
    return Zetel(
        id=naam, type=soort, organisatie=i["organisatie"], oin=i["oin"], gebied=gebied, regio=i["regio"],
        label=i["label"],
    )  # fmt: skip


def _convenant(c: dict[str, Any], partijen: dict[str, list[str]]) -> Convenant:
    eisen = c.get("eisen", {})
    return Convenant(
        id=c["id"], naam=c["naam"], soort=c["soort"], spoor=c.get("spoor"), regio=c["regio"],
        geldig_vanaf=_dag(c.get("geldig_vanaf")), geldig_tot=_dag(c.get("geldig_tot")),
        partijen=frozenset(c["partijen"]) | frozenset(partijen.get(c.get("partijen_van", ""), ())),
        bronnen=tuple(c["bron"]),
        inbrengers=frozenset(c.get("inbrengers", ())),
        voorwaardelijk=tuple(
            Voorwaardelijk(tuple(v["zetels"]), v["omstandigheid"], v["waarde"]) for v in c.get("voorwaardelijk", ())
        ),
        # A table where no personal data are shared is no table of the covenant for this purpose.
        tafels=frozenset(t["id"] for t in c.get("tafels", ()) if t["persoonsgegevens"] == "ja"),
        secundair=frozenset(c.get("ringen", {}).get("secundair", ())),
        betrokkenen_niet=frozenset(c.get("betrokkenen_niet", ())),
        doelen=frozenset(c.get("doelen", ())),
        alleen_herkomstgemeente=frozenset(eisen.get("alleen_herkomstgemeente", ())),
        toets_vooraf="toets_vooraf" in eisen,
        acuut_naar=frozenset(eisen.get("acuut_naar", ())),
        ernstig_risico=tuple((e["zetel"], frozenset(e["naar"])) for e in eisen.get("alleen_bij_ernstig_risico", ())),
        tegenstrijdigheden=tuple(c.get("tegenstrijdigheden", ())),
        leemten=tuple(c.get("leemten", ())),
        keuze=c.get("keuze"),
    )  # fmt: skip


def _entiteiten(ruw: Ruw, zetels: Mapping[str, ZetelType], sporen: Mapping[str, Spoor]) -> cedarpy.Entities:
    lijst: list[dict[str, Any]] = [
        _entiteit("Zetel", z.id, zorg=z.zorg, opsporing=z.opsporing, namens_deelnemers=z.namens_deelnemers)
        for z in zetels.values()
    ]
    for naam, categorie in ruw.tabellen["categorieen"].items():
        for spoor in sporen.values():
            lijst.append(_entiteit("Gegeven", f"{spoor.id}:{naam}", **_gegeven(categorie, spoor, zetels)))
    try:
        return cedarpy.Entities.from_json_str(json.dumps(lijst), ruw.schema)
    except ValueError as fout:
        raise BeleidOngeldig([f"de tabellen passen niet op hub.cedarschema: {fout}"]) from fout


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
        "activiteiten": hier.get("activiteiten", list(spoor.activiteiten)),
        "vereiste_kenmerken": hier.get("kenmerken", []),
        "vormen": hier.get("vormen", []),
        "betrokkenen": list(spoor.betrokkenen),
        "toestemming_nodig": hier.get("toestemming", _uit_zorg(categorie, spoor, "toestemming")),
        "resultaat": categorie.get("resultaat", False),
        "opsporing": categorie.get("opsporing", False),
        "herleidbaar": categorie.get("herleidbaar", False),
        "verzegeld": hier.get("verzegeld", _uit_zorg(categorie, spoor, "verzegeld")),
        "in_deel_een": hier.get("deel_een", False),
        "geautomatiseerd": categorie.get("geautomatiseerd", False),
        "schriftelijke_reden": hier.get("schriftelijke_reden", False),
    }
