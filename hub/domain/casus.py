"""A case of a partnership: who takes part, how far data are open, what is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from contracts.casus import (
    BeoordeelCriteria,
    BepaalDeelnemers,
    BesluitVastgelegd,
    BevestigZorgGeinformeerd,
    CasusGeopend,
    CasusGesloten,
    CriteriaBeoordeeld,
    DeelnemersBepaald,
    DraagRegieOver,
    EmbargoGesteld,
    EmbargoOpgeheven,
    EvalueerInterventie,
    FaseGewijzigd,
    HandelingGeweigerd,
    HefEmbargoOp,
    InterventieGeevalueerd,
    InterventieGeweigerd,
    InterventieToegestaan,
    InterventieUitgevoerd,
    InterventieVoorgesteld,
    KoppelSignaal,
    LegBesluitVast,
    MeldInterventieUitgevoerd,
    OpenCasus,
    RegieOvergedragen,
    SignaalGekoppeld,
    SluitCasus,
    StaInterventieToe,
    StelEmbargo,
    StelInterventieVoor,
    WijzigFase,
    ZorgGeinformeerd,
)
from contracts.message import Acted
from hub.domain.oordeel import Onbekend, Strijdig

InterventieCommand = (
    StelInterventieVoor | BevestigZorgGeinformeerd | StaInterventieToe | MeldInterventieUitgevoerd | EvalueerInterventie
)
InterventieEvent = (
    InterventieVoorgesteld
    | ZorgGeinformeerd
    | InterventieToegestaan
    | InterventieGeweigerd
    | InterventieUitgevoerd
    | InterventieGeevalueerd
)
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
)

#: Only the officer of justice sets or lifts an embargo. Source: document 004 L12228-12233.
EMBARGO_ZETEL = "om.ovj-mh"


@dataclass(frozen=True, slots=True)
class Interventie:
    """How far an action is: voorgesteld, toegestaan, uitgevoerd, geevalueerd."""

    ingrijpend: bool
    stand: str = "voorgesteld"
    zorg_geinformeerd: bool = False


@dataclass(frozen=True, slots=True)
class Casus:
    """What the next decision needs to know. `signalen`: contributions and the seat that brought each in."""

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
    gesloten: bool = False
    interventies: dict[UUID, Interventie] = field(default_factory=dict)


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
) -> list[CasusEvent]:
    """Decide on an open case. `toegelaten`: proposed seats the policy admits. Raises Onbekend, Strijdig."""
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
            return list(_interventie(casus, command, who))


def evolve(casus: Casus, event: CasusEvent) -> Casus:
    """Remember."""
    match event:
        case CasusGeopend():
            return replace(
                casus,
                opener=event.zetel,
                spoor=event.spoor,
                regio=event.regio,
                doel=event.doel,
                tafel=event.tafel,
                activiteit=event.activiteit,
                vorm=event.vorm or "onbekend",
                deelnemers=frozenset({event.zetel}),
            )
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
            return replace(casus, embargo=True)
        case EmbargoOpgeheven():
            return replace(casus, embargo=False)
        case CasusGesloten():
            return replace(casus, gesloten=True)
        case BesluitVastgelegd() | HandelingGeweigerd():
            return casus
        case _:
            return replace(casus, interventies=_evolve_interventie(casus.interventies, event))


def replay(events: Sequence[CasusEvent]) -> Casus:
    casus = Casus()
    for event in events:
        casus = evolve(casus, event)
    return casus


def _bepaal(command: BepaalDeelnemers, who: Acted, toegelaten: frozenset[str]) -> list[CasusEvent]:
    admitted = tuple(seat for seat in dict.fromkeys((who.zetel, *command.deelnemers)) if seat in toegelaten)
    refused = tuple(seat for seat in dict.fromkeys(command.deelnemers) if seat not in toegelaten)
    if who.zetel not in admitted:
        return [_refused(command, who, "De zetel die de deelnemers bepaalt mag zelf niet deelnemen.")]
    return [DeelnemersBepaald.recorded(command, who, deelnemers=admitted, niet_toegelaten=refused)]


def _wijzig_fase(casus: Casus, command: WijzigFase, who: Acted) -> list[CasusEvent]:
    """Joint processing needs recorded criteria; a scan has no phase 3. Source: Bgs 2.16; WGS 2.23 lid 6."""
    faults = []
    if casus.spoor == "riec" and command.fase > 0 and not casus.criteria_voldaan:
        faults.append("De criteria a tot en met e zijn nog niet alle als voldaan vastgelegd (Bgs 2.16).")
    if command.fase == 3 and casus.activiteit == "scan":
        faults.append("In een scan bestaat fase 3 niet (WGS 2.23 lid 6).")
    if faults:
        return [_refused(command, who, *faults)]
    return [] if command.fase == casus.fase else [FaseGewijzigd.recorded(command, who)]


def _embargo(casus: Casus, command: StelEmbargo | HefEmbargoOp, who: Acted) -> list[CasusEvent]:
    if not who.zetel.startswith(EMBARGO_ZETEL + "@"):
        reason = "Alleen de officier van justitie stelt een embargo of heft het op."
        return [_refused(command, who, reason)]
    if isinstance(command, StelEmbargo):
        return [EmbargoGesteld.recorded(command, who)]
    return [EmbargoOpgeheven.recorded(command, who)] if casus.embargo else []


def _interventie(casus: Casus, command: InterventieCommand, who: Acted) -> Sequence[InterventieEvent]:
    known = casus.interventies.get(command.interventie_id)
    if isinstance(command, StelInterventieVoor):
        if known is not None:
            raise Strijdig("Deze interventie is al voorgesteld.")
        return [InterventieVoorgesteld.recorded(command, who)]
    if known is None:
        raise Onbekend
    match command:
        case BevestigZorgGeinformeerd():
            return [] if known.zorg_geinformeerd else [ZorgGeinformeerd.recorded(command, who)]
        case StaInterventieToe():
            if known.ingrijpend and not known.zorg_geinformeerd:
                return [InterventieGeweigerd.recorded(command, who, reden="zorg-niet-geinformeerd")]
            return [InterventieToegestaan.recorded(command, who)]
        case MeldInterventieUitgevoerd():
            if known.stand != "toegestaan":
                return [_not_allowed_yet(command, who)]
            return [InterventieUitgevoerd.recorded(command, who)]
        case EvalueerInterventie():
            return [InterventieGeevalueerd.recorded(command, who)]
        case _:
            assert_never(command)


def _not_allowed_yet(command: MeldInterventieUitgevoerd, who: Acted) -> InterventieGeweigerd:
    return InterventieGeweigerd.recorded(command, who, reden="nog-niet-toegestaan")


def _refused(command: CasusCommand, who: Acted, *reasons: str) -> HandelingGeweigerd:
    return HandelingGeweigerd.recorded(command, who, handeling=command.TYPE, redenen=reasons)


def _evolve_interventie(known: dict[UUID, Interventie], event: InterventieEvent) -> dict[UUID, Interventie]:
    key = event.interventie_id
    match event:
        case InterventieVoorgesteld():
            return known | {key: Interventie(event.ingrijpend)}
        case ZorgGeinformeerd():
            return known | {key: replace(known[key], zorg_geinformeerd=True)}
        case InterventieToegestaan():
            return known | {key: replace(known[key], stand="toegestaan")}
        case InterventieUitgevoerd():
            return known | {key: replace(known[key], stand="uitgevoerd")}
        case InterventieGeevalueerd():
            return known | {key: replace(known[key], stand="geevalueerd")}
        case InterventieGeweigerd():
            return known
