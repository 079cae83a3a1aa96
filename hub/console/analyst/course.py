"""What the course of a case amounts to: where each action stands, and what was judged of the criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.codelijst import Waarde, codelijst

Data = Mapping[str, Any]
#: What a step does to the state of an action; a new warning to care puts what was allowed back.
_STAND = {
    "InterventieToegestaan": "toegestaan",
    "InterventieUitgevoerd": "uitgevoerd",
    "InterventieGeevalueerd": "geëvalueerd",
}
#: In order; an action is somewhere on this way.
WEG = ("voorgesteld", "toegestaan", "uitgevoerd", "geëvalueerd")


@dataclass(slots=True)
class Interventie:
    """An action. `zorg`: whether care confirmed that it knows; `brug`: messages that it did not confirm yet.

    `reden`: code of the last refusal since its state changed.
    """

    id: str
    uitvoerder: str
    ingrijpend: bool
    beschrijving: str
    gepland_op: str | None
    stand: str = "voorgesteld"
    zorg: bool = False
    brug: set[str] = field(default_factory=set)
    reden: str = ""
    verslag: str = ""
    uitkomst: str = ""

    @property
    def zorgstand(self) -> str:
        """How care stands to it, in words."""
        if not self.ingrijpend:
            return "niet nodig"
        if self.brug:
            return "gewaarschuwd"
        return "op de hoogte" if self.zorg else "nog niet op de hoogte"

    @property
    def wacht_op_zorg(self) -> bool:
        """Whether it touches a victim and care has not confirmed. Source: document 003 L7075-7091."""
        return self.stand == "voorgesteld" and self.zorgstand in ("gewaarschuwd", "nog niet op de hoogte")

    @property
    def klaar(self) -> bool:
        return self.stand == WEG[-1]

    def stappen(self) -> list[tuple[str, bool]]:
        """The way of this action, and how far it came: each step with whether it is behind us."""
        reached = WEG.index(self.stand)
        care = self.ingrijpend and (reached > 0 or not self.wacht_op_zorg)
        steps = [(word, number <= reached) for number, word in enumerate(WEG)]
        return [steps[0], ("de zorg weet het", care), *steps[1:]] if self.ingrijpend else steps


def interventies(tijdlijn: Iterable[Data]) -> list[Interventie]:
    """The actions of a case, in the order in which they were proposed."""
    found: dict[str, Interventie] = {}
    for step in tijdlijn:
        soort, said = step["soort"], step.get("inhoud", {})
        if soort == "InterventieVoorgesteld":
            found[step["interventieId"]] = Interventie(
                step["interventieId"],
                step["uitvoerder"],
                step["ingrijpend"],
                said.get("beschrijving", ""),
                said.get("geplandOp"),
            )
        if (one := found.get(step.get("interventieId", ""))) is not None:
            _moved(one, soort, step, said)
    return list(found.values())


def _moved(one: Interventie, soort: str, step: Data, said: Data) -> None:
    if soort == "BrugGeslagen":
        one.brug.add(step["brugId"])
        one.stand = "voorgesteld" if one.stand == "toegestaan" else one.stand
    elif soort == "BrugBevestigd":
        one.brug.discard(step["brugId"])
        one.zorg = True
    elif soort == "ZorgGeinformeerd":
        one.zorg = True
    elif soort == "InterventieGeweigerd":
        one.reden = step.get("reden", "")
    elif soort in _STAND:
        one.stand, one.reden = _STAND[soort], ""
        one.verslag, one.uitkomst = said.get("verslag") or one.verslag, said.get("uitkomst") or one.uitkomst


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
    """Why kinds of data of a provider are shown or hidden. `signalen`: of which; `nummer`: on the page."""

    nummer: int
    verstrekker: str
    zin: str
    regels: tuple[str, ...]
    grondslagen: tuple[str, ...]
    alternatief: str
    categorieen: list[str] = field(default_factory=list)
    signalen: set[str] = field(default_factory=set)


def redenen(uitleg: Iterable[Data], zichtbaar: bool) -> list[Reden]:
    """The explanation, with what holds of several kinds of data and of several signals said once."""
    found: dict[tuple[str, ...], Reden] = {}
    for line in uitleg:
        if line["zichtbaar"] is not zichtbaar:
            continue
        rules, grounds = tuple(line["regels"]), tuple(line["grondslagen"])
        key = (line["verstrekker"], line["zin"], *rules)
        made = Reden(len(found) + 1, line["verstrekker"], line["zin"], rules, grounds, line["alternatief"] or "")
        reason = found.setdefault(key, made)
        reason.signalen.add(line["signaalId"])
        if line["categorie"] not in reason.categorieen:
            reason.categorieen.append(line["categorie"])
    return list(found.values())


#: By signal, then by provider: each reason for which something of it is hidden, and what.
Verborgen = dict[str, dict[str, list[tuple[Reden, list[str]]]]]


def per_bijdrage(uitleg: Iterable[Data], verborgen: Iterable[Reden]) -> Verborgen:
    """What is hidden of each contribution, so that it can be said beside it."""
    reasons = {(one.verstrekker, one.zin, *one.regels): one for one in verborgen}
    found: Verborgen = {}
    for line in uitleg:
        reason = reasons.get((line["verstrekker"], line["zin"], *line["regels"]))
        if line["zichtbaar"] or reason is None:
            continue
        here = found.setdefault(line["signaalId"], {}).setdefault(line["verstrekker"], [])
        kinds = next((kinds for known, kinds in here if known is reason), None)
        if kinds is None:
            here.append((reason, [line["categorie"]]))
        else:
            kinds.append(line["categorie"])
    return found


@dataclass(frozen=True, slots=True)
class Bladzijde:
    """A page of a long list. `nummer` of `van`, from 1; `geheel`: lines in all, `eerste`: those before this page."""

    regels: Sequence[Any]
    nummer: int
    van: int
    geheel: int
    eerste: int


def page_of(lines: Sequence[Any], number: int, size: int) -> Bladzijde:
    """The page with this number, or the last one before it."""
    pages = max(-(-len(lines) // size), 1)
    number = min(max(number, 1), pages)
    begin = (number - 1) * size
    return Bladzijde(lines[begin : begin + size], number, pages, len(lines), begin)
