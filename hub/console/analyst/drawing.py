"""The drawing of a case: four columns, so that every line runs between neighbours and every label stays readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hub.console.analyst.dossier import Dossier

#: From left to right; within the last one kinds stand together.
KOLOMMEN = (("telefoon",), ("persoon",), ("signaal",), ("organisatie", "locatie", "voertuig"))
KOPPEN = ("Telefoons", "Personen", "Signalen", "Organisaties, locaties, voertuigen")
BREED, RIJ, KOP = 1000, 34, 56
_MIDDEN = (100, 350, 580, 840)
ZOOM = (50, 75, 100, 150, 200, 300)
MAX_LABEL = 24
#: So many are drawn; more would be read by nobody. The table has all.
MEEST = 150
#: How far from the chosen one the drawing goes: a person, her signal, and what else that names.
STAPPEN = 2


@dataclass(frozen=True, slots=True)
class Punt:
    """One of the drawing, its middle at `x`, `y` in units of the drawing."""

    id: str
    soort: str
    label: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Lijn:
    """A line as an SVG path; `soort`: why it is there."""

    pad: str
    soort: str


@dataclass(frozen=True, slots=True)
class Tekening:
    """What is drawn. `hoog`: height in units; `breed` wide. `koppen`: heading and middle of each column that has any.

    `weggelaten`: how many there was no room for.
    """

    punten: tuple[Punt, ...]
    lijnen: tuple[Lijn, ...]
    koppen: tuple[tuple[str, int], ...]
    hoog: int
    weggelaten: int = 0
    breed: int = BREED


def drawing(whole: Dossier, rond: str = "") -> Tekening:
    """Draw a case; the same case gives the same drawing. `rond`: id of the one to draw around; else all of it."""
    chosen, left_out = _chosen(whole, rond)
    columns = [[one for one in column if one[0] in chosen] for column in _columns(whole)]
    high = KOP + RIJ * max((len(one) for one in columns), default=0) + RIJ
    points: dict[str, Punt] = {}
    for column, x in zip(columns, _MIDDEN, strict=True):
        free = (high - KOP) / (len(column) + 1)
        for number, (id, soort, label) in enumerate(column, start=1):
            points[id] = Punt(id, soort, label, x, round(KOP + free * number))
    lines = (
        Lijn(_path(points[one.van], points[one.naar]), one.soort)
        for one in whole.verbanden.values()
        if one.van in points and one.naar in points
    )
    heads = tuple((head, x) for head, x, column in zip(KOPPEN, _MIDDEN, columns, strict=True) if column)
    return Tekening(tuple(points.values()), tuple(lines), heads, high, left_out)


def _chosen(whole: Dossier, rond: str) -> tuple[frozenset[str], int]:
    """Which are drawn, and how many are not: those with the most lines stay."""
    beside: dict[str, set[str]] = {id: set() for id in whole.labels()}
    for line in whole.verbanden.values():
        beside[line.van].add(line.naar)
        beside[line.naar].add(line.van)
    wanted = {rond} if rond in beside else set(beside)
    for _ in range(STAPPEN if rond in beside else 0):
        wanted |= {other for one in wanted for other in beside[one]}
    first = sorted((one for one in beside if one in wanted), key=lambda one: (one != rond, -len(beside[one])))
    return frozenset(first[:MEEST]), max(len(first) - MEEST, 0)


Column = list[tuple[str, str, str]]


def _columns(whole: Dossier) -> list[Column]:
    """What stands where; each beside what it is joined to, so that few lines cross."""
    signals = [(id, "signaal", label) for id, label in whole.signalen.items()]
    places = {id: number for number, id in enumerate(whole.signalen)}
    persons = sorted(whole.personen.values(), key=lambda one: _mean(one.signalen, places))
    left: Column = [(one.id, "persoon", one.label) for one in persons]
    beside = {id: number for number, (id, _, _) in enumerate(left)}
    owners: dict[str, list[str]] = {}
    for line in whole.verbanden.values():
        owners.setdefault(line.naar, []).append(line.van)
    phones = sorted(whole.van_soort("telefoon"), key=lambda one: _mean(owners.get(one.id, ()), beside))
    right = [one for soort in KOLOMMEN[3] for one in whole.van_soort(soort)]
    right.sort(key=lambda one: _mean(one.signalen, places))
    return [
        [(one.id, one.soort, _short(one.tekst)) for one in phones],
        left,
        signals,
        [(one.id, one.soort, _short(one.tekst)) for one in right],
    ]


def _mean(ids: Iterable[str], places: Mapping[str, int]) -> float:
    found: Sequence[int] = [places[id] for id in ids if id in places]
    return sum(found) / len(found) if found else 0.0


def _short(text: str) -> str:
    return text if len(text) <= MAX_LABEL else text[: MAX_LABEL - 1] + "…"


def _path(van: Punt, naar: Punt) -> str:
    """Straight between columns; within one column a bow to the left, clear of the labels."""
    if van.x == naar.x:
        out = van.x - 60 - min(abs(van.y - naar.y) // 4, 60)
        return f"M{van.x} {van.y} C{out} {van.y} {out} {naar.y} {naar.x} {naar.y}"
    return f"M{van.x} {van.y} L{naar.x} {naar.y}"
