"""Breaches: reported by anybody, followed by who it concerns and by the contact points, against the clock.

Source: AVG art. 33, 34; Wpg art. 33a; Bgs art. 1.4.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query

from contracts.datalek import LegMededelingVast, LegToezichtmeldingVast, MeldDatalek, ZieAfVanMelding
from contracts.message import Command, Part
from hub.api.answers import Antwoord, Ontvangstbewijs
from hub.api.commands import CONFLICT, RECORDED, body_of, execute
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.shown import OWN_RULE
from hub.domain.datalek import Datalek
from hub.handling.datalekken import CATEGORIE, DOEL, Datalekken

Reporter = Annotated[Zetelhouder, Depends(met_scope("datalekken.melden"))]
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "Dit datalek bestaat niet, of niet voor deze zetel."}}
TAKEN: dict[int | str, dict[str, Any]] = {404: {"description": "Dit nummer is al dat van iets anders."}}
STEPS: tuple[tuple[str, type[Command], str], ...] = (
    ("toezichtmeldingen", LegToezichtmeldingVast, "Leg vast dat de toezichthouder het datalek kent"),
    ("afzieningen", ZieAfVanMelding, "Zie af van melding omdat een risico onwaarschijnlijk is"),
    ("mededelingen", LegMededelingVast, "Leg vast dat de betrokkenen zijn ingelicht"),
)


class Datalekbeeld(Antwoord):
    """One breach. `uren`: what is left before the supervisor must know, below zero when that is past."""

    datalek_id: UUID
    melder: str
    bij: str
    risico: str
    aantal: int | None
    nummer: int | None
    omschrijving: str
    bekend_op: datetime
    uiterlijk: datetime
    uren: int | None
    te_laat: bool
    kenmerk: str | None
    afgezien: bool
    mededeling_nodig: bool


class Datalekkenlijst(Antwoord):
    """What this seat may know of, first what is due first."""

    datalekken: tuple[Datalekbeeld, ...]


def router(services: Services) -> APIRouter:
    """Reporting, the steps after it, and the list."""
    routes = partner_router("datalekken")
    _list(routes, services, cache(lambda: Datalekken(services.ledger.store, services.ledger.reading)))
    _add(routes, "/datalekken", MeldDatalek, "Meld een datalek", _report(services), CONFLICT | TAKEN)
    for noun, command, summary in STEPS:
        _add(
            routes, f"/datalekken/{{datalekId}}/{noun}", command, summary, _step(services, command), CONFLICT | UNKNOWN
        )
    return routes


def _list(routes: APIRouter, services: Services, opened: Callable[[], Datalekken]) -> None:
    @routes.get(
        "/datalekken",
        summary="De datalekken van deze zetel",
        operation_id="lijstDatalekken",
        response_description="De datalekken, met hun klok.",
    )
    def breaches(
        who: Reporter,
        verlopen: Annotated[bool, Query(description="Alleen wat al gemeld had moeten zijn en dat niet is.")] = False,
    ) -> Datalekkenlijst:
        """Voor wie het meldde, bij wie het is gebeurd, en voor elk contactpunt."""
        now = services.clock()
        found = opened().verlopen(now) if verlopen else opened().alle()
        shown = [one for one in found if one.ziet(who.zetel)]
        write_access(
            services,
            who,
            vraag="datalekken",
            doel=DOEL,
            objecten=[f"datalek:{one.vastgesteld.datalek_id}" for one in shown],
            velden=[CATEGORIE] if shown else [],
            regels=[OWN_RULE],
            resultaat="toegestaan" if shown else "leeg",
        )
        return Datalekkenlijst(datalekken=tuple(_seen(one, now) for one in shown))


def _seen(one: Datalek, now: datetime) -> Datalekbeeld:
    known = one.vastgesteld
    running = one.gemeld is None and one.afgezien is None
    return Datalekbeeld(
        datalek_id=known.datalek_id,
        melder=known.zetel,
        bij=known.bij,
        risico=known.risico,
        aantal=known.aantal,
        nummer=known.nummer,
        omschrijving=known.omschrijving,
        bekend_op=known.bekend_op,
        uiterlijk=known.uiterlijk,
        uren=int((known.uiterlijk - now).total_seconds() // 3600) if running else None,
        te_laat=one.te_laat(now),
        kenmerk=one.gemeld.kenmerk if one.gemeld else None,
        afgezien=one.afgezien is not None,
        mededeling_nodig=one.mededeling_nodig,
    )


def _report(services: Services) -> Callable[..., Ontvangstbewijs]:
    def act(verzoek: MeldDatalek, who: Reporter) -> Ontvangstbewijs:
        return execute(services, verzoek, who)

    act.__annotations__ |= {"verzoek": Annotated[MeldDatalek, Body()]}
    return act


def _step(services: Services, command: type[Command]) -> Callable[..., Ontvangstbewijs]:
    def act(datalekId: UUID, verzoek: Part, who: Reporter) -> Ontvangstbewijs:
        fields = {name: getattr(verzoek, name) for name in type(verzoek).model_fields}
        return execute(services, command.model_validate({"datalek_id": datalekId, **fields}), who)

    act.__annotations__ |= {"verzoek": Annotated[body_of(command, "datalek_id"), Body()]}
    return act


def _add(
    routes: APIRouter,
    path: str,
    command: type[Command],
    summary: str,
    handler: Callable[..., Any],
    responses: dict[int | str, dict[str, Any]],
) -> None:
    routes.add_api_route(
        path,
        handler,
        methods=["POST"],
        status_code=201,
        response_model=Ontvangstbewijs,
        response_description=RECORDED,
        responses=responses,
        summary=summary,
        description=(command.__doc__ or "").strip(),
        operation_id=command.__name__[0].lower() + command.__name__[1:],
    )
