"""The doors of subscriptions: a seat takes, sees, changes, ends and resumes its own. Another's does not exist."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query

from contracts.abonnement import (
    BeeindigAbonnement,
    Bezorging,
    Filters,
    HervatAbonnement,
    NeemAbonnement,
    SchorsAbonnement,
    WijzigAbonnement,
)
from contracts.message import Command, Part
from contracts.problems import niet_gevonden
from hub.api.answers import Antwoord, Ontvangstbewijs
from hub.api.commands import CONFLICT, RECORDED, body_of, execute
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.records import write_access
from hub.api.services import Services
from hub.audit.access import Resultaat
from hub.delivery.abonnementen import Abonnementen
from hub.domain.abonnement import BEEINDIGD, Abonnement
from hub.handling.abonnementen import DOEL

RULE = "hub-abonneren-op-eigen-nieuws"
ONE = "/abonnementen/{abonnementId}"
_ONE_ASKED = ONE.removeprefix("/")
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "Dit abonnement is er niet voor deze zetel."}}
UNKNOWN_CASE: dict[int | str, dict[str, Any]] = {404: {"description": "Deze casus is er niet voor deze zetel."}}
Subscriber = Annotated[Zetelhouder, Depends(met_scope("abonnementen.beheren"))]


class Abonnementbeeld(Antwoord):
    """One subscription of this seat. `heeftAutorisatie`: whether a secret goes to the address; it is never shown.

    `status`: aangevraagd, actief, geschorst or beeindigd; `reden`: of suspension. `grondgebied`: where it is told of
    cases without `gebieden`, absent for the whole country. `perMinuut`: calls that the address allows.
    """

    abonnement_id: UUID
    bezorgwijze: str
    filters: Filters
    terugbeladres: str | None
    heeft_autorisatie: bool
    status: str
    reden: str | None
    per_minuut: int | None
    grondgebied: tuple[str, ...] | None


class Abonnementenlijst(Antwoord):
    """The subscriptions of this seat."""

    abonnementen: tuple[Abonnementbeeld, ...]


def router(services: Services) -> APIRouter:
    """All operations on subscriptions."""
    routes = partner_router("abonnementen")
    known = cache(lambda: Abonnementen(services.ledger.store, services.ledger.reading, services.policy, services.clock))
    _take(routes, services)
    _list(routes, services, known)
    _one(routes, services, known)
    _change(routes, services)
    for path, command, summary in (
        ("beeindigingen", BeeindigAbonnement, "Beeindig een eigen abonnement"),
        ("schorsingen", SchorsAbonnement, "Schors een eigen abonnement"),
        ("hervattingen", HervatAbonnement, "Hervat een eigen abonnement dat is geschorst"),
    ):
        _act(routes, services, path, command, summary)
    return routes


def _take(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/abonnementen",
        status_code=201,
        summary="Neem een abonnement op wat er voor deze zetel verandert",
        operation_id="neemAbonnement",
        response_description=RECORDED,
        responses=CONFLICT | UNKNOWN_CASE,
    )
    def take(verzoek: NeemAbonnement, who: Subscriber) -> Ontvangstbewijs:
        """Berichten gaan alleen over wat de zetel zelf mag zien, en bevatten geen inhoud."""
        return execute(services, verzoek, who)


def _list(routes: APIRouter, services: Services, known: Callable[[], Abonnementen]) -> None:
    @routes.get(
        "/abonnementen",
        summary="De abonnementen van deze zetel",
        operation_id="lijstAbonnementen",
        response_description="De abonnementen.",
    )
    def every(
        who: Subscriber, beeindigd: Annotated[bool, Query(description="Ook wat is beeindigd.")] = False
    ) -> Abonnementenlijst:
        """Alleen eigen abonnementen; een geheim wordt nooit getoond."""
        found = [one for one in known().van(who.zetel) if beeindigd or one.status != BEEINDIGD]
        shown = sorted(found, key=lambda one: one.abonnement_id)
        _record(services, who, "abonnementen", [one.abonnement_id for one in shown], "toegestaan" if shown else "leeg")
        return Abonnementenlijst(abonnementen=tuple(map(_seen, shown)))


def _one(routes: APIRouter, services: Services, known: Callable[[], Abonnementen]) -> None:
    @routes.get(
        ONE,
        summary="Een abonnement van deze zetel",
        operation_id="toonAbonnement",
        response_description="Het abonnement.",
        responses=UNKNOWN,
    )
    def one(abonnementId: UUID, who: Subscriber) -> Abonnementbeeld:
        """Het abonnement zoals het nu is, ook als het is beeindigd."""
        found = known().een(abonnementId)
        if found is None or found.zetel != who.zetel:
            _record(services, who, _ONE_ASKED, [abonnementId], "geweigerd")
            raise niet_gevonden()
        _record(services, who, _ONE_ASKED, [abonnementId])
        return _seen(found)


def _change(routes: APIRouter, services: Services) -> None:
    @routes.post(
        f"{ONE}/wijzigingen",
        status_code=201,
        summary="Wijzig een eigen abonnement",
        operation_id="wijzigAbonnement",
        response_description=RECORDED,
        responses=CONFLICT | UNKNOWN,
    )
    def change(abonnementId: UUID, verzoek: Bezorging, who: Subscriber) -> Ontvangstbewijs:
        """Het hele abonnement zoals het moet worden; wat wordt weggelaten, is weg. Een nieuw adres bevestigt eerst."""
        asked = {name: getattr(verzoek, name) for name in Bezorging.model_fields}
        return execute(services, WijzigAbonnement(abonnement_id=abonnementId, **asked), who)


def _act(routes: APIRouter, services: Services, path: str, command: type[Command], summary: str) -> None:
    def act(abonnementId: UUID, verzoek: Part, who: Subscriber) -> Ontvangstbewijs:
        return execute(services, command.model_validate({"abonnement_id": abonnementId}), who)

    act.__annotations__ |= {"verzoek": Annotated[body_of(command, "abonnement_id"), Body()]}
    routes.add_api_route(
        f"{ONE}/{path}",
        act,
        methods=["POST"],
        status_code=201,
        response_model=Ontvangstbewijs,
        response_description=RECORDED,
        responses=CONFLICT | UNKNOWN,
        summary=summary,
        description=(command.__doc__ or "").strip(),
        operation_id=command.__name__[0].lower() + command.__name__[1:],
    )


def _record(
    services: Services, who: Zetelhouder, vraag: str, ids: Iterable[UUID], resultaat: Resultaat = "toegestaan"
) -> None:
    write_access(
        services,
        who,
        vraag=vraag,
        doel=DOEL,
        objecten=[f"abonnement:{id}" for id in ids],
        regels=[RULE],
        resultaat=resultaat,
    )


def _seen(one: Abonnement) -> Abonnementbeeld:
    return Abonnementbeeld(
        abonnement_id=one.abonnement_id,
        bezorgwijze=one.bezorgwijze,
        filters=one.filters,
        terugbeladres=one.terugbeladres,
        heeft_autorisatie=one.autorisatie is not None,
        status=one.status,
        reden=one.reden,
        per_minuut=one.per_minuut,
        grondgebied=None if one.grondgebied is None else tuple(sorted(one.grondgebied)),
    )
