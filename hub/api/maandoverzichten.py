"""The monthly overview of a seat: what it recorded, received and shared, in figures in which nobody can be recognised.

Source: AVG art. 5 lid 1 onder c; document 000 L1331-1350.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hub.api.answers import Antwoord
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.shown import OWN_RULE
from hub.api.verantwoording import Tabelbeeld
from hub.domain.statistiek import DREMPEL, Tabel
from hub.handling.jaarverslag import DOEL
from hub.handling.maandcijfers import ZONE, Maandcijfers
from hub.handling.vormcijfers import MEESTE, per_vorm

Reader = Annotated[Zetelhouder, Depends(met_scope("statistieken.raadplegen"))]
Maanden = Annotated[int, Query(ge=1, le=36, description="Hoeveel maanden, met de lopende als laatste.")]

#: The table by form of exploitation, and the category of data that it is counted from.
VORMEN, VORMVELD = "in-beeld", "signaal-label"


class Maandbeeld(Antwoord):
    """One month. `loopt`: whether it is not over yet.

    `vormen`: what came into view by form of exploitation, each signal once; absent where the seat has too many signals
    to open them for one look.
    """

    maand: str
    loopt: bool
    tabellen: tuple[Tabelbeeld, ...]
    vormen: Tabelbeeld | None = None


class Maandoverzicht(Antwoord):
    """The months, oldest first. `drempel`: below this no figure is shown."""

    zetel: str
    drempel: int
    maanden: tuple[Maandbeeld, ...]


def router(services: Services) -> APIRouter:
    """The overview."""
    routes = partner_router("verantwoording")
    _overview(routes, services, cache(lambda: Maandcijfers(services.ledger.store)))
    return routes


def _overview(routes: APIRouter, services: Services, figures: Callable[[], Maandcijfers]) -> None:
    @routes.get(
        "/maandoverzichten",
        summary="Wat kwam er per maand bij deze zetel binnen, en wat ging er uit?",
        operation_id="leesMaandoverzicht",
        response_description="De tabellen per maand, zonder kleine aantallen.",
    )
    def overview(who: Reader, maanden: Maanden = 12) -> Maandoverzicht:
        """Alleen wat deze zetel zelf vastlegde, kreeg of deelde; voor eigen gebruik, niet om te publiceren."""
        wanted = months_until(services.clock().astimezone(ZONE).date(), maanden)
        found = figures().van(who.zetel, wanted)
        few = figures().gezien(who.zetel) <= MEESTE
        forms = per_vorm(services.views, who.zetel, wanted) if few else None
        seen = [VORMVELD] if forms else []
        write_access(services, who, vraag="maandoverzichten", doel=DOEL, regels=[OWN_RULE], velden=seen)
        return Maandoverzicht(
            zetel=who.zetel,
            drempel=DREMPEL,
            maanden=tuple(
                Maandbeeld(
                    maand=maand,
                    loopt=maand == wanted[-1],
                    tabellen=tuple(_table(name, table) for name, table in tables.items()),
                    vormen=_table(VORMEN, forms[maand]) if forms else None,
                )
                for maand, tables in found.items()
            ),
        )


def _table(naam: str, table: Tabel) -> Tabelbeeld:
    return Tabelbeeld(naam=naam, cellen=table.cellen, totaal=table.totaal)


def months_until(last: date, number: int) -> list[str]:
    """So many months up to that of a day, oldest first, as `2026-11`."""
    counted = (last.year * 12 + last.month - 1 - back for back in reversed(range(number)))
    return [f"{one // 12}-{one % 12 + 1:02}" for one in counted]
