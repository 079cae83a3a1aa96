"""Telling the persons of a signal of one's own accord: from when, what puts it off, and that it was done.

Source: AVG art. 14 lid 3; UAVG art. 41; Bgs art. 1.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from contracts.kennisgeving import (
    DoeKennisgeving,
    GeefKennisgevingVrij,
    HoudKennisgevingAchter,
    KennisgevingAchtergehouden,
    KennisgevingGedaan,
    KennisgevingGeweigerd,
    KennisgevingVrijgegeven,
)
from contracts.message import Acted
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

KennisgevingEvent = KennisgevingAchtergehouden | KennisgevingVrijgegeven | KennisgevingGedaan | KennisgevingGeweigerd


def kennisgevingen_of(signaal_id: UUID) -> UUID:
    """The stream of what the persons of a signal are told."""
    return uuid5(signaal_id, "kennisgevingen")


def vrij_op(verstrekt_op: date, weken: int) -> date:
    """The first day on which the person may be told of a disclosure; until then who sees a ground can say so."""
    return verstrekt_op + timedelta(weeks=weken)


@dataclass(frozen=True, slots=True)
class Kennisgeving:
    """By finding seat the last day on which it is put off, and when the persons were last told."""

    tot: tuple[tuple[str, date], ...] = ()
    gedaan: datetime | None = None

    def achtergehouden(self, op: date) -> bool:
        """Whether it is put off on a day."""
        return self.achtergehouden_tot(op) is not None

    def achtergehouden_tot(self, op: date) -> date | None:
        """The last day on which it is put off, None where it is not."""
        return max((last for _, last in self.tot if last >= op), default=None)


def houd_achter(
    command: HoudKennisgevingAchter, who: Acted, oordeel: Oordeel, *, mag_noemen: bool
) -> KennisgevingAchtergehouden | KennisgevingGeweigerd:
    """Decide. `mag_noemen`: the named seat is one whose ground counts here. Raises Strijdig."""
    if not mag_noemen:
        raise Strijdig("De grond komt van wie het gegeven inbracht of van de officier van justitie.")
    if command.tot < who.tijdstip.date():
        raise Strijdig("De laatste dag ligt in het verleden.")
    if not oordeel.categorieen:
        return KennisgevingGeweigerd.recorded(
            command,
            who,
            redenen=oordeel.redenen,
            regels=oordeel.weigerregels,
            alternatief=oordeel.alternatief,
            beleidsversie=oordeel.beleidsversie,
        )
    return KennisgevingAchtergehouden.recorded(
        command, who, regels=oordeel.regels, grondslagen=oordeel.grondslagen, beleidsversie=oordeel.beleidsversie
    )


def decide(
    state: Kennisgeving, command: GeefKennisgevingVrij | DoeKennisgeving, who: Acted, vrij: date | None
) -> list[KennisgevingEvent]:
    """Decide. `vrij`: first day on which the persons may be told; None where nothing was disclosed. Raises Strijdig."""
    op = who.tijdstip.date()
    if isinstance(command, GeefKennisgevingVrij):
        return [KennisgevingVrijgegeven.recorded(command, who)] if state.achtergehouden(op) else []
    if vrij is None:
        raise Onbekend
    if state.achtergehouden(op) or op < vrij:
        raise Strijdig("De kennisgeving is nog niet vrij.")
    return [KennisgevingGedaan.recorded(command, who)]


def evolve(state: Kennisgeving, event: KennisgevingEvent) -> Kennisgeving:
    """Remember."""
    match event:
        case KennisgevingAchtergehouden():
            others = tuple(one for one in state.tot if one[0] != event.deelnemer)
            return replace(state, tot=(*others, (event.deelnemer, event.tot)))
        case KennisgevingVrijgegeven():
            return replace(state, tot=())
        case KennisgevingGedaan():
            return replace(state, gedaan=event.tijdstip)
        case KennisgevingGeweigerd():
            return state


def replay(events: Sequence[KennisgevingEvent]) -> Kennisgeving:
    state = Kennisgeving()
    for event in events:
        state = evolve(state, event)
    return state
