"""What came into view for a seat month by month, as figures and as bars; seeing more is never shown as worse."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Response

from contracts.codelijst import codelijst
from hub.console.page.entry import Visitor
from hub.console.page.visit import pages

#: Of the drawing, in units of its own.
HEIGHT, STEP, WIDE = 160, 40, 28
#: A figure that is left out is drawn as a low open box: it is somewhere below the threshold or near it.
LEFT_OUT = 8
KOPPEN = {
    "vastgelegd": "Zelf vastgelegde signalen",
    "ontvangen": "Ontvangen signalen",
    "gedeeld": "Gedeelde signalen",
    "geweigerd": "Signalen waarvan delen is geweigerd",
    "teruggekoppeld": "Terugkoppeling op eigen signalen",
}
#: What is no form of the list, in the words of a table.
NAMEN = {"meer-vormen": "Meer dan een vorm", "niet-te-zien": "Vorm niet te zien", "onbekend": "Onbekend"}
Maanden = Annotated[int, Query(ge=2, le=36)]


class Staaf(NamedTuple):
    """A bar of a drawing: where it stands, how high it is, and its figure; None where that is left out."""

    maand: str
    loopt: bool
    x: int
    y: int
    hoogte: int
    aantal: int | None


def router() -> APIRouter:
    """The overview."""
    routes = pages()

    @routes.get("/overzicht")
    async def overview(visit: Visitor, maanden: Maanden = 12) -> Response:
        found = await visit.doors.get("maandoverzichten", maanden=maanden)
        drawn = {name: bars(totals(found["maanden"], name)) for name in KOPPEN}
        trend = {name: compared(totals(found["maanden"], name)) for name in ("vastgelegd", "ontvangen")}
        return visit.page(
            "overzicht.html",
            "Overzicht per maand",
            overzicht=found,
            maanden=maanden,
            vormen=by_form(found["maanden"]),
            vormnamen=NAMEN | {each.code: each.label for each in codelijst("uitbuitingsvorm").waarden},
            koppen=KOPPEN,
            staven=drawn,
            verloop=trend,
        )

    return routes


def by_form(months: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]] | None:
    """The months with anything in view by form, newest first; None where the seat has too many signals for it."""
    if any(one.get("vormen") is None for one in months):
        return None
    return [one for one in reversed(months) if one["vormen"]["cellen"] or one["loopt"]]


def totals(months: Sequence[Mapping[str, Any]], name: str) -> list[tuple[Mapping[str, Any], int | None]]:
    """Of one table the total of each month; None where it is left out."""
    return [(one, next(table["totaal"] for table in one["tabellen"] if table["naam"] == name)) for one in months]


def bars(figures: Sequence[tuple[Mapping[str, Any], int | None]]) -> list[Staaf]:
    """As a drawing of `HEIGHT` high, the highest bar over all of it."""
    most = max((figure for _, figure in figures if figure), default=1)
    found = []
    for place, (month, figure) in enumerate(figures):
        height = LEFT_OUT if figure is None else round(figure * HEIGHT / most)
        x = place * STEP + (STEP - WIDE) // 2
        found.append(Staaf(month["maand"], month["loopt"], x, HEIGHT - height, height, figure))
    return found


def compared(figures: Sequence[tuple[Mapping[str, Any], int | None]]) -> str:
    """What the last two months that are over say; a fall is no improvement. Empty where a figure is left out."""
    over = [figure for month, figure in figures if not month["loopt"]][-2:]
    if len(over) < 2 or over[0] is None or over[1] is None or over[0] == over[1]:
        return ""
    if over[1] > over[0]:
        return "Er kwam meer in beeld dan de maand ervoor. Dat is winst: wat wordt gezien, kan worden opgepakt."
    return "Er kwam minder in beeld dan de maand ervoor. Dat zegt niet dat er minder gebeurt; vraag na wat er speelt."
