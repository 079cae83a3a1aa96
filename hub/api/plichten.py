"""The door of duties: what a seat must do and by when, and for the privacy officers what everybody must."""

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
from hub.handling.questions import seat_type
from hub.handling.zetels import TOEZICHT

#: Objects of the hub that a duty may be about, as access records name them.
_OBJECTS = frozenset({"signaal", "casus", "overleg", "resultaat"})


class Plichtbeeld(Antwoord):
    """One duty. `rol`: this seat is `plichthouder`, was told that it is late (`escalatie`), or sees to it (`toezicht`).

    `zin`: what is to be done, `grondslag` why; `eigen`: the house asks it, no law. `uiterlijk`: last day.
    `onderwerpId`, `deel`: what it is about, for who owes it alone. `zelfMelden`: this seat may say that it is done.
    """

    plicht_id: UUID
    plicht: str
    zin: str | None
    grondslag: str
    eigen: bool
    rol: str
    status: str
    spoor: str
    soort: str
    plichthouder: str
    zelf_melden: bool
    ontstaan_op: Tijdstip
    uiterlijk: str
    verlopen_op: Tijdstip
    herinnerd_op: Tijdstip | None
    te_laat_op: Tijdstip | None
    geescaleerd_op: Tijdstip | None
    afgedaan_op: Tijdstip | None
    gewijzigd_positie: int
    onderwerp_id: UUID | None = None
    deel: str | None = None


class Plichtenlijst(Antwoord):
    """A page; `volgende`: cursor of the next one."""

    plichten: tuple[Plichtbeeld, ...]
    volgende: int | None


def router(services: Services) -> APIRouter:
    """The operation that shows duties; meeting one is an act on what it is about, or said by who owes it."""
    routes = partner_router("raadplegen")

    @routes.get(
        "/plichten",
        summary="Plichten",
        operation_id="lijstPlichten",
        response_description="Een bladzijde plichten.",
        response_model=Plichtenlijst,
    )
    def duties(
        who: DisclosureReader,
        na: Na = None,
        aantal: Aantal = 100,
        status: Annotated[str | None, Query(pattern="^(open|te-laat|vervuld|vervallen)$")] = None,
    ) -> Response:
        """Wat deze zetel moet doen en voor wanneer; de privacy officer ziet die van iedereen, zonder onderwerp."""
        officer = seat_type(who.zetel) == TOEZICHT
        page = services.views.plichten(who.zetel, na=na, aantal=aantal, status=status, toezicht=officer)
        said = {one.id: one.zin for one in services.beleid.plichtregels.regels}
        items: list[dict[str, Any]] = [{**item, "zin": said.get(item["plicht"])} for item in page.items]
        about = [item for item in items if item["soort"] in _OBJECTS and "onderwerp_id" in item]
        write_access(
            services,
            who,
            vraag="plichten",
            doel="interne-controle",
            objecten=dict.fromkeys(f"{item['soort']}:{item['onderwerp_id']}" for item in about),
            regels=[OWN_RULE],
            resultaat="toegestaan" if items else "leeg",
        )
        return JsonAnswer(wire({"plichten": items, "volgende": page.volgende}))

    return routes
