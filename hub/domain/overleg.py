"""A session of a case table, with recorded entry and exit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.message import Acted
from contracts.overleg import (
    ActieAfgesproken,
    DeelnemerBinnengekomen,
    DeelnemerVertrokken,
    LaatDeelnemerBinnen,
    LaatDeelnemerVertrekken,
    OpenOverleg,
    OverlegGeopend,
    OverlegGesloten,
    SluitOverleg,
    SpreekActieAf,
)
from hub.domain.oordeel import Onbekend, Strijdig

OverlegEvent = OverlegGeopend | DeelnemerBinnengekomen | DeelnemerVertrokken | ActieAfgesproken | OverlegGesloten
OverlegCommand = OpenOverleg | LaatDeelnemerBinnen | LaatDeelnemerVertrekken | SpreekActieAf | SluitOverleg


@dataclass(frozen=True, slots=True)
class Overleg:
    """Who is in the room, in which layer. `voorzitter`: the seat that opened it."""

    voorzitter: str | None = None
    aanwezig: dict[str, int] = field(default_factory=dict)
    gesloten: bool = False


def decide(overleg: Overleg, command: OverlegCommand, zetel: str, nu: datetime) -> list[OverlegEvent]:
    """Decide. Only who is in the room acts; only the chair lets in. Raises Onbekend, Strijdig."""
    who = Acted(zetel, nu)
    if isinstance(command, OpenOverleg):
        if overleg.voorzitter is not None:
            raise Strijdig("Dit overleg is al geopend.")
        return [OverlegGeopend.recorded(command, who)]
    if zetel not in overleg.aanwezig:
        raise Onbekend
    if overleg.gesloten:
        raise Strijdig("Dit overleg is gesloten.")
    match command:
        case LaatDeelnemerBinnen():
            if zetel != overleg.voorzitter:
                raise Strijdig("Alleen de voorzitter laat deelnemers binnen.")
            return [DeelnemerBinnengekomen.recorded(command, who)]
        case LaatDeelnemerVertrekken():
            if command.deelnemer not in overleg.aanwezig:
                return []
            return [DeelnemerVertrokken.recorded(command, who)]
        case SpreekActieAf():
            return [ActieAfgesproken.recorded(command, who)]
        case SluitOverleg():
            return [OverlegGesloten.recorded(command, who)]


def evolve(overleg: Overleg, event: OverlegEvent) -> Overleg:
    """Remember."""
    match event:
        case OverlegGeopend():
            return replace(overleg, voorzitter=event.zetel, aanwezig={event.zetel: 0})
        case DeelnemerBinnengekomen():
            return replace(overleg, aanwezig=overleg.aanwezig | {event.deelnemer: event.laag})
        case DeelnemerVertrokken():
            return replace(
                overleg, aanwezig={s: layer for s, layer in overleg.aanwezig.items() if s != event.deelnemer}
            )
        case ActieAfgesproken():
            return overleg
        case OverlegGesloten():
            return replace(overleg, gesloten=True)


def replay(events: Sequence[OverlegEvent]) -> Overleg:
    overleg = Overleg()
    for event in events:
        overleg = evolve(overleg, event)
    return overleg
