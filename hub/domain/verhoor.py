"""Silence around a person of a signal before an interview, and what may be said meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from contracts.message import Acted
from contracts.signaal import KoppelSignaalTerug
from contracts.verhoor import (
    ContactGeweigerd,
    ContactToegestaan,
    HefVerhoorembargoOp,
    PlanVerhoor,
    VerhoorembargoOpgeheven,
    VerhoorGepland,
    VraagContact,
)
from hub.domain.casus import EMBARGO_ZETEL
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

VerhoorEvent = VerhoorGepland | VerhoorembargoOpgeheven | ContactToegestaan | ContactGeweigerd

#: What the reporter reads instead of feedback; it says nothing of what is going on.
VEILIGE_TEKST = "De melding is in behandeling. Meer kan nu niet worden gezegd. Leg over deze zaak geen contact."
VEILIGE_STATUS = "ontvangstbevestiging"


@dataclass(frozen=True, slots=True)
class Verhoren:
    """By the seat that asked for silence, its last day."""

    stilte: dict[str, date] = field(default_factory=dict)

    def gepland(self, op: date) -> date | None:
        """The last day of the silence that holds on this day, None where there is none."""
        return max((last for last in self.stilte.values() if last >= op), default=None)


def plan(verhoren: Verhoren, command: PlanVerhoor, zetel: str, nu: datetime, *, opsporing: bool) -> list[VerhoorEvent]:
    """Only who investigates asks for silence. Raises Strijdig."""
    if not opsporing:
        raise Strijdig("Alleen politie, Koninklijke Marechaussee of officier van justitie plant een verhoor.")
    if command.tot_en_met < nu.date():
        raise Strijdig("De laatste dag ligt in het verleden.")
    if verhoren.stilte.get(zetel) == command.tot_en_met:
        return []
    return [VerhoorGepland.recorded(command, Acted(zetel, nu))]


def hef_op(verhoren: Verhoren, command: HefVerhoorembargoOp, zetel: str, nu: datetime) -> list[VerhoorEvent]:
    """Each ends its own; the officer of justice, who leads the investigation, ends all. Raises Onbekend."""
    whole = zetel.startswith(EMBARGO_ZETEL + "@")
    ended = tuple(sorted(one for one in verhoren.stilte if whole or one == zetel))
    if not ended:
        raise Onbekend
    return [VerhoorembargoOpgeheven.recorded(command, Acted(zetel, nu), van=ended)]


def contact(command: VraagContact, zetel: str, nu: datetime, oordeel: Oordeel) -> VerhoorEvent:
    """The answer of the policy, on record."""
    who = Acted(zetel, nu)
    if oordeel.geweigerd:
        return ContactGeweigerd.recorded(
            command,
            who,
            redenen=oordeel.redenen,
            regels=oordeel.weigerregels,
            alternatief=oordeel.alternatief,
            beleidsversie=oordeel.beleidsversie,
        )
    return ContactToegestaan.recorded(
        command, who, regels=oordeel.regels, grondslagen=oordeel.grondslagen, beleidsversie=oordeel.beleidsversie
    )


def aangehouden(command: KoppelSignaalTerug, tot_en_met: date) -> KoppelSignaalTerug:
    """Feedback as it goes out during silence: the words are kept back, not recorded, and given anew afterwards."""
    return command.model_copy(
        update={
            "status": VEILIGE_STATUS,
            "bericht": VEILIGE_TEKST,
            "inhoud_onthouden": True,
            "herbezie_op": tot_en_met,
        }
    )


def evolve(verhoren: Verhoren, event: VerhoorEvent) -> Verhoren:
    """Remember."""
    match event:
        case VerhoorGepland():
            return Verhoren(verhoren.stilte | {event.zetel: event.tot_en_met})
        case VerhoorembargoOpgeheven():
            return Verhoren({seat: last for seat, last in verhoren.stilte.items() if seat not in event.van})
        case ContactToegestaan() | ContactGeweigerd():
            return verhoren


def replay(events: Sequence[VerhoorEvent]) -> Verhoren:
    verhoren = Verhoren()
    for event in events:
        verhoren = evolve(verhoren, event)
    return verhoren


def held_back(verhoren: Verhoren, command: KoppelSignaalTerug, op: date, *, opsporing: bool) -> KoppelSignaalTerug:
    """The feedback that goes to a reporter on this day; who investigates hears it whole."""
    last = verhoren.gepland(op)
    return command if last is None or opsporing else aangehouden(command, last)


def verhoren_of(signaal_id: UUID) -> UUID:
    """The stream of silences around a signal."""
    return uuid5(signaal_id, "verhoren")
