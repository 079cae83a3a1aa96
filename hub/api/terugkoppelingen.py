"""The door of feedback: what a seat owes, what it was told of its own signals, and what nobody told in time."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.message import Tijdstip
from hub.api.answers import Antwoord
from hub.api.limits import JsonAnswer, partner_router
from hub.api.reading import Aantal, DisclosureReader, Na
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.shown import OWN_RULE
from hub.api.wire import wire


class Terugkoppelingbeeld(Antwoord):
    """Feedback between two seats. `rol`: this seat is `ontvanger` and owes it, is `melder`, or sees to it (`toezicht`).

    `gemeld`: what the reporter was told last, with `veilige_tekst` where no more may be said. What is not for the
    reporter is absent there: what is due next, why it is withheld and until when, who was reminded or told of silence.
    """

    terugkoppeling_id: UUID
    signaal_id: UUID
    rol: str
    status: str
    ontvanger: str
    melder: str
    spoor: str
    sinds: Tijdstip
    uiterlijk: Tijdstip | None
    gemeld: str | None
    gemeld_op: Tijdstip | None
    gewijzigd_positie: int
    veilige_tekst: str | None = None
    stap: str | None = None
    aanhoudreden: str | None = None
    herbezien_op: str | None = None
    herinnerd_op: Tijdstip | None = None
    geescaleerd_op: Tijdstip | None = None


class Terugkoppelingenlijst(Antwoord):
    """A page; `volgende`: cursor of the next one."""

    terugkoppelingen: tuple[Terugkoppelingbeeld, ...]
    volgende: int | None


def router(services: Services) -> APIRouter:
    """The operation that shows what feedback is owed; giving and withholding it are acts on its signal."""
    routes = partner_router("raadplegen")

    @routes.get(
        "/terugkoppelingen",
        summary="Terugkoppelingen",
        operation_id="lijstTerugkoppelingen",
        response_description="Een bladzijde terugkoppelingen.",
        response_model=Terugkoppelingenlijst,
    )
    def feedback(
        who: DisclosureReader,
        na: Na = None,
        aantal: Aantal = 100,
        status: Annotated[
            str | None, Query(pattern="^(open|te-laat|onbeantwoord|aangehouden|gegeven|vervallen)$")
        ] = None,
        signaalId: Annotated[UUID | None, Query()] = None,
    ) -> Response:
        """Wat deze zetel nog moet laten weten, wat haar over doorgezette signalen is verteld, en wie te laat is.

        Met `status=onbeantwoord`: alles waarop nog wordt gewacht, op tijd of te laat.
        """
        page = services.views.terugkoppelingen(who.zetel, na=na, aantal=aantal, status=status, signaal_id=signaalId)
        items: list[dict[str, Any]] = page.items
        write_access(
            services,
            who,
            vraag="terugkoppelingen",
            doel="interne-controle",
            objecten=dict.fromkeys(f"signaal:{item['signaal_id']}" for item in items),
            regels=[OWN_RULE],
            resultaat="toegestaan" if items else "leeg",
        )
        return JsonAnswer(wire({"terugkoppelingen": items, "volgende": page.volgende}))

    return routes
