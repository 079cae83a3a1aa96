"""The regular review of rights: what must be reviewed now, and the outcome. Source: BIO2 5.18.02, 8.02.01."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from contracts.toegangstoets import ToetsToegang
from hub.api.answers import Antwoord, Ontvangstbewijs
from hub.api.commands import CONFLICT, RECORDED, execute
from hub.api.datalekken import UNKNOWN
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.shown import OWN_RULE
from hub.handling.logboek import toetst
from hub.handling.toegangstoetsen import BEHEERDER, DOEL, Toegangsrecht, Toegangsrechten

Reviewer = Annotated[Zetelhouder, Depends(met_scope("toegangsrechten.toetsen"))]


class Toegangsrechtbeeld(Antwoord):
    """The rights of one seat. `maanden`: months begun since the last review, absent for never."""

    houder: str
    bevoorrecht: bool
    getoetst_op: datetime | None
    maanden: int | None
    ingetrokken: bool
    verlopen: bool


class Toegangsrechtenlijst(Antwoord):
    """What this seat may review or oversee, those that must be reviewed now first."""

    toegangsrechten: tuple[Toegangsrechtbeeld, ...]


def router(services: Services) -> APIRouter:
    """The list and the review."""
    routes = partner_router("toegangsrechten")
    _list(routes, services, cache(lambda: Toegangsrechten(services.ledger.store)))
    _review(routes, services)
    return routes


def _list(routes: APIRouter, services: Services, opened: Callable[[], Toegangsrechten]) -> None:
    @routes.get(
        "/toegangsrechten",
        summary="Toegangsrechten en wanneer zij zijn getoetst",
        operation_id="lijstToegangsrechten",
        response_description="De rechten.",
    )
    def rights(
        who: Reviewer, verlopen: Annotated[bool, Query(description="Alleen wat nu getoetst moet worden.")] = False
    ) -> Toegangsrechtenlijst:
        """De beheerder en het toezicht zien alles, een deelnemer zijn eigen zetels."""
        found = opened().overzicht(services.policy.at(services.clock()), services.clock())
        shown = [one for one in found if _sees(services, who, one) and (one.verlopen or not verlopen)]
        write_access(
            services,
            who,
            vraag="toegangsrechten",
            doel=DOEL,
            regels=[OWN_RULE],
            resultaat="toegestaan" if shown else "leeg",
        )
        return Toegangsrechtenlijst(toegangsrechten=tuple(map(_seen, shown)))


def _sees(services: Services, who: Zetelhouder, one: Toegangsrecht) -> bool:
    whole = toetst(services.beleid, who.zetel) or who.zetel.partition("@")[0] == BEHEERDER.partition("@")[0]
    return whole or services.beleid.instanties[one.houder].oin == who.oin


def _seen(one: Toegangsrecht) -> Toegangsrechtbeeld:
    return Toegangsrechtbeeld.model_validate({name: getattr(one, name) for name in Toegangsrechtbeeld.model_fields})


def _review(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/toegangstoetsen",
        status_code=201,
        summary="Toets of een zetel haar toegang nog nodig heeft",
        operation_id="toetsToegang",
        response_description=RECORDED,
        responses=CONFLICT | UNKNOWN,
    )
    def review(verzoek: ToetsToegang, who: Reviewer) -> Ontvangstbewijs:
        """Een deelnemer toetst de eigen rechten, de beheerder die van ieder; het besluit staat met reden vast."""
        return execute(services, verzoek, who)
