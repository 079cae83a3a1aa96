"""The consents recorded for one signal."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from contracts.message import Acted
from contracts.toestemming import (
    LegToestemmingsweigeringVast,
    LegToestemmingVast,
    ToestemmingGegeven,
    ToestemmingGeweigerd,
    ToestemmingIngetrokken,
    TrekToestemmingIn,
)
from hub.domain.oordeel import Onbekend, Strijdig

ToestemmingEvent = ToestemmingGegeven | ToestemmingGeweigerd | ToestemmingIngetrokken
ToestemmingCommand = LegToestemmingVast | LegToestemmingsweigeringVast | TrekToestemmingIn


@dataclass(frozen=True, slots=True)
class Toestemmingen:
    """The consents that still hold, and which were refused or withdrawn, per recipient."""

    gegeven: dict[UUID, ToestemmingGegeven] = field(default_factory=dict)
    geweigerd: frozenset[str] = frozenset()
    ingetrokken: frozenset[UUID] = frozenset()

    def voor(self, ontvanger: str, op: date) -> ToestemmingGegeven | None:
        """The consent of the person for this recipient that holds on that day."""
        for key, given in self.gegeven.items():
            in_time = given.geldig_tot is None or op <= given.geldig_tot
            if (
                key not in self.ingetrokken
                and given.door != "verstrekker"
                and ontvanger in given.ontvangers
                and in_time
            ):
                return given
        return None

    def ingetrokken_voor(self, ontvanger: str) -> bool:
        return any(ontvanger in self.gegeven[key].ontvangers for key in self.ingetrokken)

    def van_verstrekker(self, ontvanger: str, op: date) -> bool:
        """A provider consented to this recipient. Source: WGS art. 1.7 lid 3."""
        return any(
            given.door == "verstrekker"
            and key not in self.ingetrokken
            and ontvanger in given.ontvangers
            and (given.geldig_tot is None or op <= given.geldig_tot)
            for key, given in self.gegeven.items()
        )


def decide(state: Toestemmingen, command: ToestemmingCommand, zetel: str, nu: datetime) -> list[ToestemmingEvent]:
    """Decide. Raises Onbekend, Strijdig."""
    who = Acted(zetel, nu)
    match command:
        case LegToestemmingVast():
            if command.toestemming_id in state.gegeven:
                raise Strijdig("Deze toestemming is al vastgelegd.")
            return [ToestemmingGegeven.recorded(command, who)]
        case LegToestemmingsweigeringVast():
            return [ToestemmingGeweigerd.recorded(command, who)]
        case TrekToestemmingIn():
            given = state.gegeven.get(command.toestemming_id)
            if given is None or given.zetel != zetel:
                raise Onbekend
            if command.toestemming_id in state.ingetrokken:
                return []
            return [ToestemmingIngetrokken.recorded(command, who)]


def evolve(state: Toestemmingen, event: ToestemmingEvent) -> Toestemmingen:
    """Remember."""
    match event:
        case ToestemmingGegeven():
            return replace(state, gegeven=state.gegeven | {event.toestemming_id: event})
        case ToestemmingGeweigerd():
            return replace(state, geweigerd=state.geweigerd | set(event.ontvangers))
        case ToestemmingIngetrokken():
            return replace(state, ingetrokken=state.ingetrokken | {event.toestemming_id})


def replay(events: Sequence[ToestemmingEvent]) -> Toestemmingen:
    state = Toestemmingen()
    for event in events:
        state = evolve(state, event)
    return state
