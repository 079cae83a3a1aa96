"""The officer's queue of accesses that no recorded fact explains, and who handles what inside a seat.

Source: WGS art. 1.8 lid 2 and 4; Bgs art. 1.11; AVG art. 32.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Body, Depends, Path, Query

from contracts.message import Command, Part
from contracts.problems import niet_bevoegd
from contracts.toezicht import MeldBelang, TekenRaadplegingAf, TrekBehandelaarIn, WijsBehandelaarAan
from hub.access.permit import Permit
from hub.api.answers import Antwoord, Ontvangstbewijs
from hub.api.commands import CONFLICT, RECORDED, body_of, execute
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.reading import Doel
from hub.api.records import write_access
from hub.api.services import Services
from hub.handling.logboek import AUDITREGEL, Logtoegang
from hub.handling.noodtoetsing import Noodtoetsing
from hub.handling.wachtrij import Bevinding, Wachtrij, nummer_van
from hub.ledger.store import ACCESS_LOG

Officer = Annotated[Zetelhouder, Depends(met_scope("raadplegingen.raadplegen"))]
_SIGN = Depends(met_scope("raadplegingen.aftekenen"))
_SUBMIT = Depends(met_scope("signalen.aanleveren"))
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "Dit bestaat niet, of niet voor deze zetel."}}
#: What of the record the officer needs to judge it.
_SHOWN = ("actor", "vraag", "handeling", "resultaat", "doel", "objecten", "velden")
COLLECTIONS: tuple[tuple[str, type[Command], str], ...] = (
    ("/behandelaars", WijsBehandelaarAan, "Wijs een behandelaar van de eigen zetel aan"),
    ("/behandelaarsintrekkingen", TrekBehandelaarIn, "Trek een aanwijzing van een behandelaar in"),
    ("/belangmeldingen", MeldBelang, "Meld een eigen belang van een medewerker van de eigen zetel"),
)


class Onverklaard(Antwoord):
    """An access that waits for judgement, with what the log says of it. `dagen`: for how long it has waited."""

    nummer: int
    raadpleger: str
    geraadpleegd_op: datetime
    gevonden_op: datetime
    dagen: int
    bevindingen: tuple[str, ...]
    actor: str
    vraag: str
    handeling: str
    resultaat: str
    doel: str
    objecten: tuple[str, ...]
    velden: tuple[str, ...]


class Noodtoetsbeeld(Antwoord):
    """An emergency access without a review. `opgevolgd`: the seat did something with the signal afterwards."""

    noodtoegang_id: UUID
    signaal_id: UUID
    zetel: str
    verleend_op: datetime
    tot: datetime
    dagen: int
    gevaar: str
    categorieen: tuple[str, ...]
    bevestigd: bool
    opgevolgd: bool


class Noodtoetslijst(Antwoord):
    """What this officer must review, the longest waiting first."""

    noodtoegangen: tuple[Noodtoetsbeeld, ...]


class Oorzaak(Antwoord):
    """How many accesses of one seat wait for the same findings."""

    raadpleger: str
    bevindingen: tuple[str, ...]
    aantal: int


class Onverklaardlijst(Antwoord):
    """The queue, the longest waiting first. `beoordeeld_tot`: number of the last access that was reviewed, of `van`.

    `wachtend`: all that wait; `gevonden`: of those what was asked for. `oorzaken`: all that wait by cause, the most
    frequent first. `volgende`: cursor of the next page.
    """

    onverklaard: tuple[Onverklaard, ...]
    wachtend: int
    gevonden: int
    oorzaken: tuple[Oorzaak, ...]
    volgende: int | None
    beoordeeld_tot: int
    van: int


def router(services: Services) -> APIRouter:
    """The queue, judging, and naming workers."""
    routes = partner_router("toezicht")
    _queue(routes, services, cache(lambda: Wachtrij(services.ledger.store)))
    _emergencies(routes, services, cache(lambda: Noodtoetsing(services.ledger.store)))
    _add(
        routes,
        "/raadplegingen/{nummer}/aftekeningen",
        TekenRaadplegingAf,
        "Teken een onverklaarde raadpleging af",
        _sign(services),
    )
    for path, command, summary in COLLECTIONS:
        _add(routes, path, command, summary, _collection(services, command))
    return routes


def may_supervise(services: Services, who: Zetelhouder, doel: str) -> Permit:
    """What the policy says to reading the log for this purpose. Raises Problem 403."""
    besluit = Logtoegang(services.beleid, who.zetel, doel, services.clock().date()).besluit
    if not isinstance(besluit, Permit):
        raise niet_bevoegd(besluit.reden, besluit.regels, besluit.alternatief)
    return besluit


def _queue(routes: APIRouter, services: Services, opened: Callable[[], Wachtrij]) -> None:
    @routes.get(
        "/raadplegingen/onverklaard",
        summary="Raadplegingen die geen vastgelegd feit verklaart",
        operation_id="lijstOnverklaardeRaadplegingen",
        response_description="De wachtrij.",
    )
    def queue(
        who: Officer,
        doel: Doel,
        bevinding: Annotated[str | None, Query(pattern="^[a-z-]+$", max_length=40)] = None,
        raadpleger: Annotated[str | None, Query(pattern="^[a-z0-9.@-]+$", max_length=80)] = None,
        na: Annotated[int, Query(ge=0, le=2**53, description="Cursor: `volgende` van de vorige bladzijde.")] = 0,
        aantal: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Onverklaardlijst:
        """Elke raadpleging is door de machine beoordeeld; deze wachten op een mens, de oudste eerst, of per oorzaak."""
        besluit = may_supervise(services, who, doel)
        wachtrij = opened()
        waiting = wachtrij.open()
        found = [one for one in waiting if _caused(one, bevinding, raadpleger)] if bevinding or raadpleger else waiting
        after = bisect_right(found, na, key=nummer_van)
        shown = found[after : after + aantal]
        write_access(
            services,
            who,
            vraag="raadplegingen/onverklaard",
            doel=doel,
            velden=[AUDITREGEL],
            grondslagen=besluit.bronnen,
            regels=besluit.regels,
            resultaat="toegestaan" if shown else "leeg",
        )
        return Onverklaardlijst(
            onverklaard=tuple(_line(services, one, services.clock()) for one in shown),
            wachtend=len(waiting),
            gevonden=len(found),
            oorzaken=_causes(wachtrij.oorzaken),
            volgende=shown[-1].gevonden.nummer if after + aantal < len(found) else None,
            beoordeeld_tot=wachtrij.beoordeeld,
            van=services.ledger.store.frontier(ACCESS_LOG).size,
        )


def _caused(one: Bevinding, bevinding: str | None, raadpleger: str | None) -> bool:
    found = one.gevonden
    return bevinding in (None, *found.bevindingen) and raadpleger in (None, found.raadpleger)


def _causes(counted: Mapping[tuple[str, tuple[str, ...]], int]) -> tuple[Oorzaak, ...]:
    """By what can be read without opening a record."""
    found = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Oorzaak(raadpleger=seat, bevindingen=why, aantal=many) for (seat, why), many in found)


def _line(services: Services, one: Bevinding, now: datetime) -> Onverklaard:
    number = one.gevonden.nummer
    ((_, data),) = services.ledger.store.access_records(number - 1, 1)
    record = orjson.loads(data)
    empty: dict[str, Any] = {name: () if name in ("objecten", "velden") else "" for name in _SHOWN}
    return Onverklaard(
        nummer=number,
        raadpleger=one.gevonden.raadpleger,
        geraadpleegd_op=one.gevonden.geraadpleegd_op,
        gevonden_op=one.gevonden.tijdstip,
        dagen=one.dagen(now),
        bevindingen=one.gevonden.bevindingen,
        **empty | {name: record[name] for name in _SHOWN if name in record},
    )


def _emergencies(routes: APIRouter, services: Services, opened: Callable[[], Noodtoetsing]) -> None:
    @routes.get(
        "/noodtoegangen/te-toetsen",
        summary="Noodtoegang die nog getoetst moet worden",
        operation_id="lijstTeToetsenNoodtoegangen",
        response_description="De noodtoegangen.",
    )
    def emergencies(who: Officer, doel: Doel) -> Noodtoetslijst:
        """Voor de privacy officers die bij het verlenen zijn genoemd: hoe lang zij wacht, en of er iets op volgde."""
        besluit = may_supervise(services, who, doel)
        shown = [one for one in opened().wachtend() if who.zetel in one.toezicht]
        write_access(
            services,
            who,
            vraag="noodtoegangen/te-toetsen",
            doel=doel,
            objecten=[f"signaal:{one.signaal_id}" for one in shown],
            velden=[AUDITREGEL],
            grondslagen=besluit.bronnen,
            regels=besluit.regels,
            resultaat="toegestaan" if shown else "leeg",
        )
        now, names = services.clock(), Noodtoetsbeeld.model_fields.keys() - {"dagen"}
        seen = [{name: getattr(one, name) for name in names} | {"dagen": one.dagen(now)} for one in shown]
        return Noodtoetslijst(noodtoegangen=tuple(map(Noodtoetsbeeld.model_validate, seen)))


def _sign(services: Services) -> Callable[..., Ontvangstbewijs]:
    body_type = body_of(TekenRaadplegingAf, "nummer")

    def act(
        nummer: Annotated[int, Path(ge=1, le=2**53)], verzoek: Part, who: Annotated[Zetelhouder, _SIGN]
    ) -> Ontvangstbewijs:
        fields = {name: getattr(verzoek, name) for name in type(verzoek).model_fields}
        return execute(services, TekenRaadplegingAf.model_validate({"nummer": nummer, **fields}), who)

    act.__annotations__ |= {"verzoek": Annotated[body_type, Body()]}
    return act


def _collection(services: Services, command: type[Command]) -> Callable[..., Ontvangstbewijs]:
    def act(verzoek: Any, who: Any) -> Ontvangstbewijs:
        return execute(services, verzoek, who)

    act.__annotations__ |= {"verzoek": Annotated[command, Body()], "who": Annotated[Zetelhouder, _SUBMIT]}
    return act


def _add(routes: APIRouter, path: str, command: type[Command], summary: str, handler: Callable[..., Any]) -> None:
    routes.add_api_route(
        path,
        handler,
        methods=["POST"],
        status_code=201,
        response_model=Ontvangstbewijs,
        response_description=RECORDED,
        responses=CONFLICT | UNKNOWN,
        summary=summary,
        description=(command.__doc__ or "").strip(),
        operation_id=command.__name__[0].lower() + command.__name__[1:],
    )
