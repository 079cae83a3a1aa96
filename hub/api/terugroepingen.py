"""The door of recalls: what a seat is to put right, who has not answered yet, and what is late."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from contracts.inhoud import INHOUD
from contracts.message import Tijdstip
from hub.api.answers import Antwoord
from hub.api.limits import JsonAnswer, partner_router
from hub.api.reading import Aantal, DisclosureReader, Na
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.shown import OWN_RULE
from hub.api.wire import wire


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
    herinnerd_op: Tijdstip | None = None
    geescaleerd_op: Tijdstip | None
    gevolg: str | None
    gewijzigd_positie: int
    bronnen: tuple[str, ...] | None = None
    categorieen: tuple[str, ...] | None = None
    betrokkenen: tuple[UUID, ...] | None = None


class Correctietaakbeeld(Antwoord):
    """One correction task. `zetel`: who pointed at the error; `voor`: the provider; `inhoud`: what both said."""

    correctietaak_id: UUID
    signaal_id: UUID
    bijdrage_id: UUID
    zetel: str
    voor: str
    categorieen: tuple[str, ...]
    status: str
    gemeld_op: Tijdstip
    afgedaan_op: Tijdstip | None
    gewijzigd_positie: int
    inhoud: dict[str, Any] = Field(default_factory=dict)


class Correctietakenlijst(Antwoord):
    """A page; `volgende`: cursor of the next one."""

    correctietaken: tuple[Correctietaakbeeld, ...]
    volgende: int | None


class Terugroepingenlijst(Antwoord):
    """A page; `volgende`: cursor of the next one."""

    terugroepingen: tuple[Terugroepingbeeld, ...]
    volgende: int | None


def router(services: Services) -> APIRouter:
    """All operations that show recalls; answering one is an act on its signal."""
    routes = partner_router("raadplegen")
    _list(routes, services)
    _tasks(routes, services)
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
        status: Annotated[str | None, Query(pattern="^(open|te-laat|onbeantwoord|bevestigd)$")] = None,
        signaalId: Annotated[UUID | None, Query()] = None,
    ) -> Response:
        """Wat deze zetel moet verwerken, wat over haar eigen gegevens is gemeld, en wie nog niet antwoordde.

        Met `status=onbeantwoord`: alles zonder antwoord, op tijd of te laat, over alle signalen.
        """
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


def _tasks(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/correctietaken",
        summary="Correctietaken",
        operation_id="lijstCorrectietaken",
        response_description="Een bladzijde correctietaken.",
        response_model=Correctietakenlijst,
    )
    def tasks(who: DisclosureReader, na: Na = None, aantal: Aantal = 100) -> Response:
        """Fouten waarop deze zetel als verstrekker is gewezen, of waarop zij zelf een ander wees."""
        page = services.views.correctietaken(who.zetel, na=na, aantal=aantal)
        said = [item for item in page.items if item.get("inhoud")]
        write_access(
            services,
            who,
            vraag="correctietaken",
            doel="interne-controle",
            objecten=dict.fromkeys(f"signaal:{item['signaal_id']}" for item in page.items),
            velden=[INHOUD.categorie] if said else (),
            regels=[OWN_RULE],
            resultaat="toegestaan" if page.items else "leeg",
        )
        return JsonAnswer(wire({"correctietaken": page.items, "volgende": page.volgende}))
