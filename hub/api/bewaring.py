"""The door of retention: what is due, what puts it off, how it was judged, and the receipt of what was destroyed."""

import base64
from datetime import date
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Response

from contracts.bewaring import (
    BeoordeelVernietiging,
    CasusVernietigd,
    HefUitstelOp,
    LegKopieVast,
    MeldKopieVernietigd,
    SignaalVernietigd,
    StelVernietigingUit,
)
from contracts.message import Command, Tijdstip
from contracts.problems import niet_gevonden
from hub.api.answers import Antwoord, Ontvangstbewijs
from hub.api.commands import CONFLICT, RECORDED, execute
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import JsonAnswer, partner_router
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.wire import wire
from hub.domain.bewaring import Beurt, BewaringEvent, bewaring_of
from hub.handling.bewaarlijst import Bewaarlijst
from hub.handling.bewaren import TOEZICHTHOUDERS
from hub.handling.onderwerpen import bewaring_in
from hub.handling.questions import seat_type
from hub.handling.work import Work
from hub.ledger.store import LEDGER_LOG

DOEL = "rechtmatigheidscontrole"
#: Seats that see everything that is due: numbers, terms and days, never content.
OVERZIET = TOEZICHTHOUDERS | {"auditor"}
Houder = Annotated[Zetelhouder, Depends(met_scope("vernietigingen.beheren"))]
#: Path below /v1, the command, and the Dutch summary of the operation.
COMMANDS: tuple[tuple[str, type[Command], str], ...] = (
    ("/vernietigingen/uitstel", StelVernietigingUit, "Stel een vernietiging uit"),
    ("/vernietigingen/uitstelopheffingen", HefUitstelOp, "Hef een uitstel op"),
    ("/vernietigingen/beoordelingen", BeoordeelVernietiging, "Beoordeel of iets weg kan"),
    ("/vernietigingen/kopieen", LegKopieVast, "Leg een kopie buiten de hub vast"),
    ("/vernietigingen/kopievernietigingen", MeldKopieVernietigd, "Meld dat een kopie is vernietigd"),
)


class Uitstelbeeld(Antwoord):
    """A postponement that somebody recorded, and by whose number it is ended. `tot`: last day, absent for none."""

    uitstel_id: UUID
    reden: str
    zetel: str
    tot: date | None


class Vervallend(Antwoord):
    """Something whose term is over. `stand`: vanzelf, beoordelen, beoordeeld, verstrekker or uitgesteld.

    `uitstel`: every reason that puts it off; `uitstellen`: those of its own that somebody recorded.
    """

    onderwerp_id: UUID
    soort: str
    spoor: str
    termijn: str
    grondslag: str
    zin: str
    vervalt_op: date
    stand: str
    uitstel: tuple[str, ...]
    uitstellen: tuple[Uitstelbeeld, ...] = ()


class Vervallijst(Antwoord):
    """What is due, the longest overdue first. `totaal`: how many there are for this seat."""

    vernietigingen: tuple[Vervallend, ...]
    totaal: int


class Vernietigingsbewijs(Antwoord):
    """The receipt. `positie`: on the ledger; `hashes`: its path to the checkpoint (RFC 6962, base64)."""

    onderwerp_id: UUID
    soort: str
    spoor: str
    termijn: str
    grondslag: str
    vervalt_op: date
    vernietigd_op: Tijdstip
    sleutels: int
    positie: int
    grootte: int
    blad: str
    hashes: tuple[str, ...]
    controlepunt: str


def router(services: Services) -> APIRouter:
    """All operations on retention."""
    routes = partner_router("vernietigingen")
    _list(routes, services)
    _receipt(routes, services)
    for path, command, summary in COMMANDS:
        _add(routes, services, path, command, summary)
    return routes


def _list(routes: APIRouter, services: Services) -> None:
    @cache
    def due() -> Bewaarlijst:
        """Made at the first question, for the document of the doors is drawn up without a ledger."""
        return Bewaarlijst(services.ledger, services.policy)

    @routes.get(
        "/vernietigingen",
        summary="Wat moet worden vernietigd, en wat dat tegenhoudt",
        operation_id="lijstVernietigingen",
        response_description="Wat aan de beurt is.",
        response_model=Vervallijst,
    )
    def turns(
        who: Houder,
        stand: Annotated[str | None, Query(pattern="^[a-z]+$", max_length=20)] = None,
        aantal: Annotated[int, Query(ge=1, le=200)] = 100,
    ) -> Response:
        """Het toezicht ziet alles; een andere zetel wat zij inbracht of waaraan zij deelneemt. Nooit de inhoud."""
        now, turns_of = services.clock(), due()
        found = turns_of.due(now) if seat_type(who.zetel) in OVERZIET else turns_of.due_for(who.zetel, now)
        own = [turn for turn in found if stand in (None, turn.stand)]
        shown = own[:aantal]
        write_access(
            services,
            who,
            vraag="vernietigingen",
            doel=DOEL,
            objecten=[f"{turn.soort}:{turn.id}" for turn in shown],
            resultaat="toegestaan" if shown else "leeg",
        )
        work, op = services.ledger.reading(), services.clock().date()
        work.load([bewaring_of(turn.id) for turn in shown])
        items = [_shown(turn, _postponed(work, turn, op)).model_dump(by_alias=True) for turn in shown]
        return JsonAnswer(wire({"vernietigingen": items, "totaal": len(own)}))


def _postponed(work: Work, turn: Beurt, op: date) -> tuple[Uitstelbeeld, ...]:
    """The postponements of its own that count on a day."""
    known = bewaring_in(work, turn.id).uitstel.items()
    return tuple(
        Uitstelbeeld(uitstel_id=id, reden=one.reden, zetel=one.zetel, tot=one.tot)
        for id, one in known
        if one.tot is None or one.tot >= op
    )


def _shown(turn: Beurt, postponed: tuple[Uitstelbeeld, ...]) -> Vervallend:
    return Vervallend(
        onderwerp_id=turn.id,
        soort=turn.soort,
        spoor=turn.spoor,
        termijn=turn.termijn.id,
        grondslag=turn.termijn.bron,
        zin=turn.termijn.zin,
        vervalt_op=turn.vervalt_op,
        stand=turn.stand,
        uitstel=turn.uitstel,
        uitstellen=postponed,
    )


def _receipt(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/vernietigingen/{onderwerpId}/bewijs",
        summary="Het bewijs dat iets is vernietigd",
        operation_id="leesVernietigingsbewijs",
        response_description="De ontvangst met haar plaats in het logboek; geen inhoud.",
        response_model=Vernietigingsbewijs,
    )
    def receipt(onderwerpId: UUID, who: Houder) -> Response:
        """Voor het toezicht, en voor wie het vernietigde liet vernietigen of inbracht."""
        found = receipt_of(services, onderwerpId, who.zetel)
        write_access(
            services,
            who,
            vraag="vernietigingen/{onderwerpId}/bewijs",
            doel=DOEL,
            objecten=[f"vernietiging:{onderwerpId}"],
            resultaat="toegestaan" if found else "geweigerd",
        )
        if found is None:
            raise niet_gevonden()
        return JsonAnswer(wire(found.model_dump(by_alias=True)))


def receipt_of(services: Services, id: UUID, zetel: str) -> Vernietigingsbewijs | None:
    """The receipt with its proof; None where there is none, or not for this seat."""
    work = services.ledger.reading()
    ended = [
        event
        for event in work.events(bewaring_of(id), BewaringEvent)
        if isinstance(event, SignaalVernietigd | CasusVernietigd)
    ]
    if not ended:
        return None
    (event,) = ended
    kind = "signaal" if isinstance(event, SignaalVernietigd) else "casus"
    involved = work.signaal(id).verstrekkers if kind == "signaal" else work.casus(id).deelnemers
    if seat_type(zetel) not in OVERZIET and zetel not in involved:
        return None
    position = services.ledger.store.last_of((event.TYPE,)).get(bewaring_of(id), 0)
    proof = services.checkpoints.inclusion(LEDGER_LOG, position - 1)
    if proof is None:
        return None
    return Vernietigingsbewijs(
        onderwerp_id=id,
        soort=kind,
        spoor=event.spoor,
        termijn=event.termijn,
        grondslag=event.grondslag,
        vervalt_op=event.vervalt_op,
        vernietigd_op=event.tijdstip,
        sleutels=event.sleutels,
        positie=position,
        grootte=proof.size,
        blad=base64.b64encode(proof.leaf_data).decode(),
        hashes=tuple(base64.b64encode(one).decode() for one in proof.hashes),
        controlepunt=proof.checkpoint,
    )


def _add(routes: APIRouter, services: Services, path: str, command: type[Command], summary: str) -> None:
    def act(verzoek: Any, who: Any) -> Ontvangstbewijs:
        return execute(services, verzoek, who)

    act.__annotations__ |= {"verzoek": Annotated[command, Body()], "who": Houder}
    routes.add_api_route(
        path,
        act,
        methods=["POST"],
        status_code=201,
        response_model=Ontvangstbewijs,
        response_description=RECORDED,
        responses=CONFLICT | {404: {"description": "Dit bestaat niet, of niet voor deze zetel."}},
        summary=summary,
        description=(command.__doc__ or "").strip(),
        operation_id=command.__name__[0].lower() + command.__name__[1:],
    )
