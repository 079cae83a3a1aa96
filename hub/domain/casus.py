"""A case of a partnership: who takes part, how far data are open, what is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from contracts.afscherming import (
    BijdrageAfgeschermd,
    CasusvertrouwelijkheidVervallen,
    CasusVertrouwelijkVerklaard,
)
from contracts.bezwaar import BezwaarGemaakt, BezwaarIngetrokken
from contracts.casus import (
    BeoordeelCriteria,
    BepaalDeelnemers,
    BesluitVastgelegd,
    CasusGeopend,
    CasusGesloten,
    CriteriaBeoordeeld,
    DeelnemersBepaald,
    DraagRegieOver,
    EmbargoGesteld,
    EmbargoOpgeheven,
    FaseGewijzigd,
    HandelingGeweigerd,
    HefEmbargoOp,
    KoppelSignaal,
    LegBesluitVast,
    OpenCasus,
    RegieOvergedragen,
    SignaalGekoppeld,
    SluitCasus,
    StelEmbargo,
    WijzigFase,
)
from contracts.message import Acted
from contracts.resultaat import ResultaatVastgelegd
from hub.domain import bezwaar, interventie
from hub.domain.bezwaar import BezwaarEvent
from hub.domain.interventie import Interventie, InterventieCommand, InterventieEvent, geweigerd
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

CasusCommand = (
    KoppelSignaal
    | BepaalDeelnemers
    | BeoordeelCriteria
    | WijzigFase
    | DraagRegieOver
    | InterventieCommand
    | StelEmbargo
    | HefEmbargoOp
    | LegBesluitVast
    | SluitCasus
)
CasusEvent = (
    CasusGeopend
    | SignaalGekoppeld
    | DeelnemersBepaald
    | CriteriaBeoordeeld
    | FaseGewijzigd
    | RegieOvergedragen
    | InterventieEvent
    | EmbargoGesteld
    | EmbargoOpgeheven
    | BesluitVastgelegd
    | CasusGesloten
    | HandelingGeweigerd
    | CasusVertrouwelijkVerklaard
    | CasusvertrouwelijkheidVervallen
    | BijdrageAfgeschermd
    | BezwaarEvent
    | ResultaatVastgelegd
)

#: Only the officer of justice sets or lifts an embargo. Source: document 004 L12228-12233.
EMBARGO_ZETEL = "om.ovj-mh"


@dataclass(frozen=True, slots=True)
class Casus:
    """What the next decision needs to know. `signalen`: contributions and the seat that brought each in.

    `vertrouwelijk_tot`: last day on which the seats `buitengesloten` do not know of it, None where it is open.
    """

    opener: str | None = None
    spoor: str = ""
    regio: str = ""
    doel: str = ""
    tafel: str | None = None
    activiteit: str = "casusoverleg"
    vorm: str = "onbekend"
    deelnemers: frozenset[str] = frozenset()
    benoemd: bool = False
    signalen: dict[UUID, str] = field(default_factory=dict)
    criteria_voldaan: bool | None = None
    fase: int = 0
    regie: str | None = None
    embargo: bool = False
    embargo_van: str | None = None
    gesloten: bool = False
    interventies: dict[UUID, Interventie] = field(default_factory=dict)
    bezwaren: dict[str, str] = field(default_factory=dict)
    resultaten: tuple[UUID, ...] = ()
    vertrouwelijk_tot: date | None = None
    buitengesloten: frozenset[str] = frozenset()


def open_casus(casus: Casus, command: OpenCasus, zetel: str, nu: datetime) -> list[CasusEvent]:
    """Open. Raises Strijdig."""
    if casus.opener is not None:
        raise Strijdig("Deze casus is al geopend.")
    return [CasusGeopend.recorded(command, Acted(zetel, nu))]


def decide(
    casus: Casus,
    command: CasusCommand,
    zetel: str,
    nu: datetime,
    *,
    toegelaten: frozenset[str] | None = None,
    zorg: bool = False,
    oordeel: Oordeel | None = None,
) -> list[CasusEvent]:
    """Decide on an open case. Raises Onbekend, Strijdig.

    `toegelaten`: proposed seats the policy admits. `zorg`: a seat of care. `oordeel`: on an action to be allowed.
    """
    if casus.opener is None or zetel not in casus.deelnemers:
        raise Onbekend
    if casus.gesloten:
        raise Strijdig("Deze casus is gesloten.")
    who = Acted(zetel, nu)
    match command:
        case KoppelSignaal():
            return [] if command.signaal_id in casus.signalen else [SignaalGekoppeld.recorded(command, who)]
        case BepaalDeelnemers():
            return _bepaal(command, who, toegelaten or frozenset())
        case BeoordeelCriteria():
            return [CriteriaBeoordeeld.recorded(command, who)]
        case WijzigFase():
            return _wijzig_fase(casus, command, who)
        case DraagRegieOver():
            if command.naar not in casus.deelnemers:
                raise Strijdig("Regie kan alleen naar een deelnemer van deze casus.")
            return [RegieOvergedragen.recorded(command, who)]
        case StelEmbargo() | HefEmbargoOp():
            return _embargo(casus, command, who)
        case LegBesluitVast():
            return [BesluitVastgelegd.recorded(command, who)]
        case SluitCasus():
            return [CasusGesloten.recorded(command, who)]
        case _:
            return list(interventie.decide(casus.interventies.get(command.interventie_id), command, who, zorg, oordeel))


def evolve(casus: Casus, event: CasusEvent) -> Casus:
    """Remember."""
    match event:
        case CasusGeopend():
            return _begun(event)
        case SignaalGekoppeld():
            return replace(casus, signalen=casus.signalen | {event.signaal_id: event.zetel})
        case DeelnemersBepaald():
            return replace(casus, deelnemers=frozenset(event.deelnemers), benoemd=True)
        case CriteriaBeoordeeld():
            return replace(casus, criteria_voldaan=all(criterion.voldaan for criterion in event.criteria))
        case FaseGewijzigd():
            return replace(casus, fase=event.fase)
        case RegieOvergedragen():
            return replace(casus, regie=event.naar)
        case EmbargoGesteld():
            return replace(casus, embargo=True, embargo_van=event.zetel)
        case EmbargoOpgeheven():
            return replace(casus, embargo=False, embargo_van=None)
        case CasusGesloten():
            return replace(casus, gesloten=True)
        case CasusVertrouwelijkVerklaard():
            stays = frozenset(event.blijft)
            return replace(
                casus, deelnemers=stays, vertrouwelijk_tot=event.tot, buitengesloten=casus.deelnemers - stays
            )
        case CasusvertrouwelijkheidVervallen():
            return replace(
                casus, deelnemers=frozenset(event.deelnemers), vertrouwelijk_tot=None, buitengesloten=frozenset()
            )
        case ResultaatVastgelegd():
            return replace(casus, resultaten=(*casus.resultaten, event.resultaat_id))
        case BezwaarGemaakt() | BezwaarIngetrokken():
            return replace(casus, bezwaren=bezwaar.evolve(casus.bezwaren, event))
        case BesluitVastgelegd() | HandelingGeweigerd() | BijdrageAfgeschermd():
            return casus
        case _:
            return replace(casus, interventies=interventie.evolve(casus.interventies, event))


def _begun(event: CasusGeopend) -> Casus:
    return Casus(
        opener=event.zetel,
        spoor=event.spoor,
        regio=event.regio,
        doel=event.doel,
        tafel=event.tafel,
        activiteit=event.activiteit,
        vorm=event.vorm or "onbekend",
        deelnemers=frozenset({event.zetel}),
    )


def replay(events: Sequence[CasusEvent]) -> Casus:
    casus = Casus()
    for event in events:
        casus = evolve(casus, event)
    return casus


def _bepaal(command: BepaalDeelnemers, who: Acted, toegelaten: frozenset[str]) -> list[CasusEvent]:
    admitted = tuple(seat for seat in dict.fromkeys((who.zetel, *command.deelnemers)) if seat in toegelaten)
    refused = tuple(seat for seat in dict.fromkeys(command.deelnemers) if seat not in toegelaten)
    if who.zetel not in admitted:
        return [geweigerd(command, who, "De zetel die de deelnemers bepaalt mag zelf niet deelnemen.")]
    return [DeelnemersBepaald.recorded(command, who, deelnemers=admitted, niet_toegelaten=refused)]


def _wijzig_fase(casus: Casus, command: WijzigFase, who: Acted) -> list[CasusEvent]:
    """Joint processing needs recorded criteria; a scan has no phase 3. Source: Bgs 2.16; WGS 2.23 lid 6."""
    faults = []
    if casus.spoor == "riec" and command.fase > 0 and not casus.criteria_voldaan:
        faults.append("De criteria a tot en met e zijn nog niet alle als voldaan vastgelegd (Bgs 2.16).")
    if command.fase == 3 and casus.activiteit == "scan":
        faults.append("In een scan bestaat fase 3 niet (WGS 2.23 lid 6).")
    if faults:
        return [geweigerd(command, who, *faults)]
    return [] if command.fase == casus.fase else [FaseGewijzigd.recorded(command, who)]


def _embargo(casus: Casus, command: StelEmbargo | HefEmbargoOp, who: Acted) -> list[CasusEvent]:
    if not who.zetel.startswith(EMBARGO_ZETEL + "@"):
        reason = "Alleen de officier van justitie stelt een embargo of heft het op."
        return [geweigerd(command, who, reason)]
    if isinstance(command, StelEmbargo):
        # A day of review that has passed opens nothing: the embargo holds, and is at once overdue for review.
        return [EmbargoGesteld.recorded(command, who)]
    return [EmbargoOpgeheven.recorded(command, who)] if casus.embargo else []
