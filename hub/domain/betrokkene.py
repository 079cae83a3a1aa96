"""A person across the episodes of one source: presumed roles over time, several at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.inhoud import Rolperiode
from contracts.message import Acted
from contracts.signaal import (
    BetrokkeneVernietigd,
    KenRolToe,
    RolToegekend,
    VernietigBetrokkene,
)
from hub.domain.oordeel import Strijdig

BetrokkeneEvent = RolToegekend | BetrokkeneVernietigd
BetrokkeneCommand = KenRolToe | VernietigBetrokkene


@dataclass(frozen=True, slots=True)
class Betrokkene:
    """Roles given after the first report, and for which signals the content was destroyed."""

    rollen: tuple[Rolperiode, ...] = ()
    vernietigd: frozenset[UUID] = frozenset()


def decide(betrokkene: Betrokkene, command: BetrokkeneCommand, zetel: str, nu: datetime) -> list[BetrokkeneEvent]:
    """Decide. A role is added, never replaced. Source: Wpg art. 6b. Raises Strijdig."""
    who = Acted(zetel, nu)
    if command.signaal_id in betrokkene.vernietigd:
        raise Strijdig("De gegevens van deze betrokkene zijn vernietigd.")
    match command:
        case KenRolToe():
            return [] if command.rol in betrokkene.rollen else [RolToegekend.recorded(command, who)]
        case VernietigBetrokkene():
            return [BetrokkeneVernietigd.recorded(command, who)]


def evolve(betrokkene: Betrokkene, event: BetrokkeneEvent) -> Betrokkene:
    """Remember."""
    match event:
        case RolToegekend():
            return replace(betrokkene, rollen=(*betrokkene.rollen, event.rol))
        case BetrokkeneVernietigd():
            return replace(betrokkene, vernietigd=betrokkene.vernietigd | {event.signaal_id})


def replay(events: Sequence[BetrokkeneEvent]) -> Betrokkene:
    betrokkene = Betrokkene()
    for event in events:
        betrokkene = evolve(betrokkene, event)
    return betrokkene
