"""What the course of a case amounts to: where each action stands, and what was judged of the criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.codelijst import Waarde, codelijst

Data = Mapping[str, Any]
#: What a step does to the state of an action.
_STAND = {
    "InterventieVoorgesteld": "voorgesteld",
    "InterventieGeweigerd": "tegengehouden",
    "InterventieToegestaan": "toegestaan",
    "InterventieUitgevoerd": "uitgevoerd",
    "InterventieGeevalueerd": "geëvalueerd",
}
_ZORG = {"BrugGeslagen": "gewaarschuwd", "BrugBevestigd": "op de hoogte", "ZorgGeinformeerd": "op de hoogte"}


@dataclass(slots=True)
class Interventie:
    """An action. `zorg`: whether care knows of it; without that an action that touches a victim is stopped."""

    id: str
    uitvoerder: str
    ingrijpend: bool
    beschrijving: str
    gepland_op: str | None
    stand: str = "voorgesteld"
    zorg: str = "nog niet op de hoogte"
    reden: str = ""

    @property
    def wacht_op_zorg(self) -> bool:
        return self.ingrijpend and self.zorg != "op de hoogte"


def interventies(tijdlijn: Iterable[Data]) -> list[Interventie]:
    """The actions of a case, in the order in which they were proposed."""
    found: dict[str, Interventie] = {}
    bridges: dict[str, str] = {}
    for step in tijdlijn:
        soort, said = step["soort"], step.get("inhoud", {})
        id = step.get("interventieId") or bridges.get(step.get("brugId", ""), "")
        if soort == "BrugGeslagen":
            bridges[step["brugId"]] = id
        if soort == "InterventieVoorgesteld":
            found[id] = Interventie(
                id, step["uitvoerder"], step["ingrijpend"], said.get("beschrijving", ""), said.get("geplandOp")
            )
            if not step["ingrijpend"]:
                found[id].zorg = "niet nodig"
        if (one := found.get(id)) is None:
            continue
        one.zorg = _ZORG.get(soort, one.zorg)
        if soort in _STAND:
            one.stand, one.reden = _STAND[soort], step.get("reden", "")
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Oordeel:
    """One criterion, and what was judged of it last; None where nobody judged it."""

    letter: str
    waarde: Waarde | None
    voldaan: bool | None
    toelichting: str = ""


def criteria(spoor: str, tijdlijn: Iterable[Data]) -> list[Oordeel]:
    """The criteria of a track. Source: Bgs art. 2.16, 2.20 lid 3."""
    known = {one.code: one for one in codelijst("toetscriterium").waarden}
    prefix = {"riec": "riec-2-16-", "zvh": "zvh-2-20-"}.get(spoor, "")
    labels = {letter: known.get(prefix + letter) for letter in "abcde"}
    judged: dict[str, Data] = {}
    for step in tijdlijn:
        if step["soort"] == "CriteriaBeoordeeld":
            judged = {one["letter"]: one for one in step.get("inhoud", {}).get("criteria", ())}
    return [
        Oordeel(letter, label, judged.get(letter, {}).get("voldaan"), judged.get(letter, {}).get("toelichting") or "")
        for letter, label in labels.items()
        if label or letter in judged
    ]


@dataclass(slots=True)
class Reden:
    """Why one kind of data of one provider is shown or hidden; `aantal`: of how many signals."""

    verstrekker: str
    categorie: str
    zin: str
    regels: tuple[str, ...]
    grondslagen: tuple[str, ...]
    alternatief: str
    aantal: int = 0


def redenen(uitleg: Iterable[Data], zichtbaar: bool) -> list[Reden]:
    """The explanation, with what holds of many signals said once."""
    found: dict[tuple[str, ...], Reden] = {}
    for line in uitleg:
        if line["zichtbaar"] is not zichtbaar:
            continue
        key = (line["verstrekker"], line["categorie"], line["zin"], *line["regels"])
        rules, grounds = tuple(line["regels"]), tuple(line["grondslagen"])
        made = Reden(key[0], key[1], key[2], rules, grounds, line["alternatief"] or "")
        found.setdefault(key, made).aantal += 1
    return list(found.values())
