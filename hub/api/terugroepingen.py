"""The door of recalls: what a seat is to put right, who has not answered yet, and what is late."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.message import Tijdstip
from hub.api.answers import Antwoord
from hub.api.limits import JsonAnswer, partner_router
from hub.api.reading import Aantal, DisclosureReader, Na, wire
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.shown import OWN_RULE


class Terugroepingbeeld(Antwoord):
    """One recall. `rol`: what this seat is to it: `ontvanger` is to answer, `bron` provided the data, or `toezicht`."""

    terugroeping_id: UUID
    correctie_id: UUID
    signaal_id: UUID
    rol: str
    aard: str
    status: str
    ontvanger: str
    reden: str | None
    gestuurd_op: Tijdstip
    bevestigen_voor: Tijdstip
    bevestigd_op: Tijdstip | None
    geescaleerd_op: Tijdstip | None
    gevolg: str | None
    gewijzigd_positie: int
    bronnen: tuple[str, ...] | None = None
    categorieen: tuple[str, ...] | None = None
    betrokkenen: tuple[UUID, ...] | None = None


class Terugroepingenlijst(Antwoord):
    """A page; `volgende`: cursor of the next one."""

    terugroepingen: tuple[Terugroepingbeeld, ...]
    volgende: int | None


def router(services: Services) -> APIRouter:
    """All operations that show recalls; answering one is an act on its signal."""
    routes = partner_router("raadplegen")
    _list(routes, services)
    return routes


def _list(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/terugroepingen",
        summary="Terugroepingen",
        operation_id="lijstTerugroepingen",
        response_description="Een bladzijde terugroepingen.",
        response_model=Terugroepingenlijst,
    )
    def recalls(
        who: DisclosureReader,
        na: Na = None,
        aantal: Aantal = 100,
        status: Annotated[str | None, Query(pattern="^(open|te-laat|bevestigd)$")] = None,
        signaalId: Annotated[UUID | None, Query()] = None,
    ) -> Response:
        """Wat deze zetel moet verwerken, wat over haar eigen gegevens is gemeld, en wie nog niet antwoordde."""
        page = services.views.terugroepingen(who.zetel, na=na, aantal=aantal, status=status, signaal_id=signaalId)
        items: list[dict[str, Any]] = page.items
        write_access(
            services,
            who,
            vraag="terugroepingen",
            doel="interne-controle",
            objecten=dict.fromkeys(f"signaal:{item['signaal_id']}" for item in items),
            regels=[OWN_RULE],
            betrokkenen=sorted({person for item in items for person in item.get("betrokkenen") or ()}),
            resultaat="toegestaan" if items else "leeg",
        )
        return JsonAnswer(wire({"terugroepingen": items, "volgende": page.volgende}))
