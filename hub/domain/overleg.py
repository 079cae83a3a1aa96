"""A session of a case table, with recorded entry and exit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from contracts.message import Acted
from contracts.overleg import (
    ActieAfgesproken,
    DeelnameGeweigerd,
    DeelnemerBinnengekomen,
    DeelnemerVertrokken,
    LaatDeelnemerBinnen,
    LaatDeelnemerVertrekken,
    OpAgendaGezet,
    OpenOverleg,
    OverlegGeopend,
    OverlegGesloten,
    SluitOverleg,
    SpreekActieAf,
    ZetOpAgenda,
)
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

OverlegEvent = (
    OverlegGeopend
    | OpAgendaGezet
    | DeelnemerBinnengekomen
    | DeelnameGeweigerd
    | DeelnemerVertrokken
    | ActieAfgesproken
    | OverlegGesloten
)
OverlegCommand = (
    OpenOverleg | ZetOpAgenda | LaatDeelnemerBinnen | LaatDeelnemerVertrekken | SpreekActieAf | SluitOverleg
)


@dataclass(frozen=True, slots=True)
class Overleg:
    """Who is in the room, in which layer. `voorzitter`: the seat that opened it.

    `agenda`: the signals on it, and who put each there.
    """

    voorzitter: str | None = None
    tafel: str = ""
    regio: str = ""
    agenda: dict[UUID, str] = field(default_factory=dict)
    aanwezig: dict[str, int] = field(default_factory=dict)
    gesloten: bool = False


def decide(
    overleg: Overleg, command: OverlegCommand, zetel: str, nu: datetime, *, oordeel: Oordeel | None = None
) -> list[OverlegEvent]:
    """Decide. Only who is in the room acts; only the chair lets in. Raises Onbekend, Strijdig.

    `oordeel`: whether who is to enter may sit in that part of a layered session; None where it has no parts.
    """
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
        case ZetOpAgenda():
            return [] if command.signaal_id in overleg.agenda else [OpAgendaGezet.recorded(command, who)]
        case LaatDeelnemerBinnen():
            if zetel != overleg.voorzitter:
                raise Strijdig("Alleen de voorzitter laat deelnemers binnen.")
            if oordeel is not None and oordeel.geweigerd:
                return [_refused(command, who, oordeel)]
            return [DeelnemerBinnengekomen.recorded(command, who)]
        case LaatDeelnemerVertrekken():
            if command.deelnemer not in overleg.aanwezig:
                return []
            return [DeelnemerVertrokken.recorded(command, who)]
        case SpreekActieAf():
            return [ActieAfgesproken.recorded(command, who)]
        case SluitOverleg():
            return [OverlegGesloten.recorded(command, who)]


def _refused(command: LaatDeelnemerBinnen, who: Acted, oordeel: Oordeel) -> DeelnameGeweigerd:
    return DeelnameGeweigerd.recorded(
        command, who, redenen=oordeel.redenen, regels=oordeel.weigerregels, alternatief=oordeel.alternatief
    )


def evolve(overleg: Overleg, event: OverlegEvent) -> Overleg:
    """Remember."""
    match event:
        case OverlegGeopend():
            return replace(
                overleg, voorzitter=event.zetel, tafel=event.tafel, regio=event.regio, aanwezig={event.zetel: 0}
            )
        case OpAgendaGezet():
            return replace(overleg, agenda=overleg.agenda | {event.signaal_id: event.zetel})
        case DeelnemerBinnengekomen():
            return replace(overleg, aanwezig=overleg.aanwezig | {event.deelnemer: event.laag})
        case DeelnemerVertrokken():
            return replace(
                overleg, aanwezig={s: layer for s, layer in overleg.aanwezig.items() if s != event.deelnemer}
            )
        case ActieAfgesproken() | DeelnameGeweigerd():
            return overleg
        case OverlegGesloten():
            return replace(overleg, gesloten=True)


def replay(events: Sequence[OverlegEvent]) -> Overleg:
    overleg = Overleg()
    for event in events:
        overleg = evolve(overleg, event)
    return overleg
