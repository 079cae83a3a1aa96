"""The correction tasks of one signal. Only the provider corrects. Source: Bgs art. 1.7."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from contracts.correctietaak import (
    CorrectieAfgewezen,
    CorrectietaakGeopend,
    CorrectietaakGesloten,
    CorrectietaakGeweigerd,
    SluitCorrectietaak,
    WijsCorrectieAf,
    WijsOpFout,
)
from contracts.message import Acted
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

CorrectietaakEvent = CorrectietaakGeopend | CorrectieAfgewezen | CorrectietaakGesloten | CorrectietaakGeweigerd
CorrectietaakCommand = WijsOpFout | WijsCorrectieAf | SluitCorrectietaak


@dataclass(frozen=True, slots=True)
class Correctietaken:
    """All tasks of a signal; `gedaan`: those that were closed, or found to be no error."""

    geopend: dict[UUID, CorrectietaakGeopend] = field(default_factory=dict)
    gedaan: frozenset[UUID] = frozenset()


def wijs_op(
    state: Correctietaken, command: WijsOpFout, voor: str, zetel: str, nu: datetime, gehouden: frozenset[str]
) -> list[CorrectietaakEvent]:
    """Open a task for `voor`. `gehouden`: what `zetel` holds of the contribution. Raises Onbekend, Strijdig."""
    if zetel == voor:
        raise Strijdig("Wie het gegeven inbracht, rectificeert het zelf.")
    if not gehouden.issuperset(command.categorieen):
        raise Onbekend
    if command.correctietaak_id in state.geopend:
        raise Strijdig("Deze correctietaak bestaat al.")
    return [CorrectietaakGeopend.recorded(command, Acted(zetel, nu), voor=voor)]


def van(state: Correctietaken, id: UUID, zetel: str) -> CorrectietaakGeopend:
    """A task that this seat, the provider, still has to do. Raises Onbekend, Strijdig."""
    known = state.geopend.get(id)
    if known is None or known.voor != zetel:
        raise Onbekend
    if id in state.gedaan:
        raise Strijdig("Deze correctietaak is al afgedaan.")
    return known


def wijs_af(state: Correctietaken, command: WijsCorrectieAf, zetel: str, nu: datetime) -> list[CorrectietaakEvent]:
    """It is right as it stands. Raises Onbekend, Strijdig."""
    van(state, command.correctietaak_id, zetel)
    return [CorrectieAfgewezen.recorded(command, Acted(zetel, nu))]


def sluit(command: SluitCorrectietaak, zetel: str, nu: datetime, oordeel: Oordeel) -> list[CorrectietaakEvent]:
    """Close a task, or record why it stays open."""
    who = Acted(zetel, nu)
    version = {"beleidsversie": oordeel.beleidsversie}
    if oordeel.categorieen and not oordeel.geweigerd:
        return [CorrectietaakGesloten.recorded(command, who, regels=oordeel.regels, **version)]
    refused = {"redenen": oordeel.redenen, "regels": oordeel.weigerregels, "alternatief": oordeel.alternatief}
    return [CorrectietaakGeweigerd.recorded(command, who, **refused, **version)]


def evolve(state: Correctietaken, event: CorrectietaakEvent) -> Correctietaken:
    """Remember."""
    match event:
        case CorrectietaakGeopend():
            return replace(state, geopend=state.geopend | {event.correctietaak_id: event})
        case CorrectieAfgewezen() | CorrectietaakGesloten():
            return replace(state, gedaan=state.gedaan | {event.correctietaak_id})
        case CorrectietaakGeweigerd():
            return state


def replay(events: Sequence[CorrectietaakEvent]) -> Correctietaken:
    state = Correctietaken()
    for event in events:
        state = evolve(state, event)
    return state
