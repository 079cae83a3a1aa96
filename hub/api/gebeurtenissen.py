"""The doors of notices: the feed with a cursor, and the stream. They hold no content; fetching it is on record too."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from contracts.aankondiging import Aankondiging
from contracts.problems import Problem, niet_bevoegd, niet_gevonden
from hub.api.answers import Antwoord
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import JsonAnswer, partner_router
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.stroom import MEDIA_TYPE, Stroom
from hub.delivery.feed import Beurt, CursorVerlopen
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.domain.oordeel import Onbekend

SCOPE = "gebeurtenissen.volgen"
#: An access record names so many objects at most.
MAX_AANTAL = 200
DOEL, REGEL = "techniek", "hub-gebeurtenis-publiceren"
Follower = Annotated[Zetelhouder, Depends(met_scope(SCOPE))]
Na = Annotated[int, Query(ge=0, le=2**53, description="Cursor: `volgende` van de vorige keer; 0 begint bij de oudste.")]
Abonnement = Annotated[UUID | None, Query(description="Alleen wat bij dit eigen, actieve abonnement hoort.")]
#: One event; before OpenAPI 3.2 the schema of a stream describes each of its events.
_EVENT = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "event": {"type": "string", "enum": ["message", "einde"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
_GONE = {"description": "De cursor is te oud: wat erna kwam wordt niet meer bewaard."}


class Gebeurtenissenlijst(Antwoord):
    """A page, oldest first; `volgende`: cursor of the next one, also where nothing is new."""

    gebeurtenissen: tuple[Aankondiging, ...]
    volgende: int


def router(services: Services) -> APIRouter:
    """Both operations that tell a seat what changed for it."""
    routes = partner_router("gebeurtenissen")
    _feed(routes, services)
    _stream(routes, services)
    return routes


def _feed(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/gebeurtenissen",
        summary="Wat veranderde er voor deze zetel?",
        operation_id="lijstGebeurtenissen",
        response_description="Een bladzijde aankondigingen, oudste eerst.",
        response_model=Gebeurtenissenlijst,
        responses={410: _GONE, 404: {"description": "Dit abonnement bestaat niet of is niet voor deze zetel."}},
    )
    def feed(
        who: Follower,
        na: Na = 0,
        aantal: Annotated[int, Query(ge=1, le=MAX_AANTAL)] = 100,
        abonnementId: Abonnement = None,
        nieuwste: Annotated[bool, Query(description="De laatste `aantal`, in plaats van wat na `na` kwam.")] = False,
    ) -> Response:
        """Aankondigingen zonder inhoud; haal de inhoud op met `resourceUrl`. Wat niet meer mag, is eruit gelaten."""
        begin = services.feed.voor_het_einde(who.zetel, aantal) if nieuwste else na
        turn = _turn(services, who, begin, aantal, abonnementId)
        _record(services, who, "gebeurtenissen", turn.gebeurtenissen)
        told = [services.kondig_aan(one) for one in turn.gebeurtenissen]
        return JsonAnswer({"gebeurtenissen": told, "volgende": turn.volgende})


def _stream(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/gebeurtenissen/stroom",
        summary="Wat verandert er voor deze zetel, zodra het verandert?",
        operation_id="volgGebeurtenissen",
        response_class=Response,
        responses={
            200: {
                "content": {MEDIA_TYPE: {"schema": _EVENT}},
                "description": "Server-sent events: `id` is de cursor, `data` een aankondiging.",
            },
            410: _GONE,
            404: {"description": "Dit abonnement bestaat niet of is niet voor deze zetel."},
            429: {"description": "Deze zetel heeft te veel stromen open."},
        },
    )
    async def stream(
        request: Request,
        who: Follower,
        na: Na = 0,
        abonnementId: Abonnement = None,
        last_event_id: Annotated[int | None, Header(ge=0, le=2**53)] = None,
    ) -> Response:
        """Hervat na `Last-Event-ID` of `na`. Eindigt als het token verloopt of het recht vervalt (`event: einde`)."""

        async def right() -> Zetelhouder:
            holder = await services.identity.holder(request)
            if SCOPE not in holder.scopes:
                raise niet_bevoegd("Dit token mist de scope.")
            return holder

        def turn(holder: Zetelhouder, at: int, aantal: int) -> Beurt:
            found = _turn(services, holder, at, aantal, abonnementId)
            if found.gebeurtenissen:
                _record(services, holder, "gebeurtenissen/stroom", found.gebeurtenissen)
            return found

        begin = na if last_event_id is None else last_event_id
        return await Stroom.begun(services, who, begin, right, turn)


def _turn(services: Services, who: Zetelhouder, na: int, aantal: int, abonnement_id: UUID | None) -> Beurt:
    """Raises Problem 404 and 410."""
    try:
        return services.feed.beurt(who.zetel, na, aantal, abonnement_id)
    except Onbekend:
        raise niet_gevonden() from None
    except CursorVerlopen:
        detail = "Wat na deze cursor kwam wordt niet meer bewaard. Haal de lijsten opnieuw op en begin zonder cursor."
        raise Problem("cursor-verlopen", 410, "Cursor verlopen", detail) from None


def _record(services: Services, who: Zetelhouder, vraag: str, going: Iterable[Gebeurtenis]) -> None:
    objects = list(dict.fromkeys(one.object for one in going))
    write_access(
        services,
        who,
        vraag=vraag,
        doel=DOEL,
        objecten=objects,
        regels=[REGEL],
        resultaat="toegestaan" if objects else "leeg",
    )
