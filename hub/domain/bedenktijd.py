"""The reflection periods on a signal: pointed out, running, ended. Source: Vc B8/3; WBV 2023/11."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from contracts.bedenktijd import (
    BedenktijdAangeboden,
    BedenktijdBeeindigd,
    BedenktijdBegonnen,
    BedenktijdGeweigerd,
    BeeindigBedenktijd,
    BeginBedenktijd,
    LegBedenktijdVast,
)
from contracts.message import Acted
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig
from hub.domain.plichtregel import dag_van

BedenktijdCommand = LegBedenktijdVast | BeginBedenktijd | BeeindigBedenktijd
BedenktijdEvent = BedenktijdAangeboden | BedenktijdBegonnen | BedenktijdBeeindigd


@dataclass(frozen=True, slots=True)
class Bedenktijden:
    """`lopend`: periods that run; `begonnen`: those that ever began."""

    lopend: frozenset[UUID] = frozenset()
    begonnen: frozenset[UUID] = frozenset()


def bedenktijden_of(signaal_id: UUID) -> UUID:
    """The stream of all reflection periods on a signal."""
    return uuid5(signaal_id, "bedenktijden")


def geweigerd(command: BedenktijdCommand, who: Acted, oordeel: Oordeel) -> BedenktijdGeweigerd:
    """This seat is not competent."""
    return BedenktijdGeweigerd(
        signaal_id=command.signaal_id,
        handeling=command.TYPE,
        redenen=oordeel.redenen,
        regels=oordeel.weigerregels,
        alternatief=oordeel.alternatief,
        **who._asdict(),
    )


def decide(state: Bedenktijden, command: BedenktijdCommand, zetel: str, nu: datetime) -> list[BedenktijdEvent]:
    """Record something on a reflection period. Raises Onbekend, Strijdig."""
    who = Acted(zetel, nu)
    match command:
        case LegBedenktijdVast():
            return [BedenktijdAangeboden.recorded(command, who)]
        case BeginBedenktijd():
            if command.begint_op > dag_van(nu):
                raise Strijdig("Een bedenktijd die nog niet loopt kan niet worden vastgelegd.")
            known = command.bedenktijd_id in state.begonnen
            return [] if known else [BedenktijdBegonnen.recorded(command, who)]
        case BeeindigBedenktijd():
            if command.bedenktijd_id not in state.begonnen:
                raise Onbekend
            running = command.bedenktijd_id in state.lopend
            return [BedenktijdBeeindigd.recorded(command, who)] if running else []


def evolve(state: Bedenktijden, event: BedenktijdEvent) -> Bedenktijden:
    """Remember."""
    match event:
        case BedenktijdBegonnen():
            key = frozenset({event.bedenktijd_id})
            return Bedenktijden(state.lopend | key, state.begonnen | key)
        case BedenktijdBeeindigd():
            return Bedenktijden(state.lopend - {event.bedenktijd_id}, state.begonnen)
        case BedenktijdAangeboden():
            return state


def replay(events: Sequence[BedenktijdEvent]) -> Bedenktijden:
    state = Bedenktijden()
    for event in events:
        state = evolve(state, event)
    return state
