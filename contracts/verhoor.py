"""Silence before an interview: who holds the signal hears that there is to be no contact, and never why.

Source: document 004 L9318-9322; codelijst weigeringsgrond, interviewembargo.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.message import OPEN, Command, Event
from contracts.signaal import NS


class PlanVerhoor(Command):
    """Ask everyone who holds the signal to leave the person alone. `tot_en_met`: the last day of silence."""

    TYPE: ClassVar = NS + "plan-verhoor.v1"
    signaal_id: Annotated[UUID, OPEN]
    tot_en_met: Annotated[date, OPEN]


class PlanVerhoorInCasus(Command):
    """The same for every signal of a case that the seat holds."""

    TYPE: ClassVar = NS + "plan-verhoor-in-casus.v1"
    casus_id: Annotated[UUID, OPEN]
    tot_en_met: Annotated[date, OPEN]


class VerhoorGepland(Event):
    """No contact about this signal up to and including a day; of the interview itself nothing is recorded."""

    TYPE: ClassVar = NS + "verhoor-gepland.v1"
    signaal_id: Annotated[UUID, OPEN]
    tot_en_met: Annotated[date, OPEN]


class HefVerhoorembargoOp(Command):
    """End the silence before its last day."""

    TYPE: ClassVar = NS + "hef-verhoorembargo-op.v1"
    signaal_id: Annotated[UUID, OPEN]


class VerhoorembargoOpgeheven(Event):
    """The silence that `van` asked for is over."""

    TYPE: ClassVar = NS + "verhoorembargo-opgeheven.v1"
    signaal_id: Annotated[UUID, OPEN]
    van: Annotated[tuple[str, ...], OPEN]


class VraagContact(Command):
    """Ask whether one may speak with the person now."""

    TYPE: ClassVar = NS + "vraag-contact.v1"
    signaal_id: Annotated[UUID, OPEN]


class ContactToegestaan(Event):
    """The seat may speak with the person today."""

    TYPE: ClassVar = NS + "contact-toegestaan.v1"
    signaal_id: Annotated[UUID, OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class ContactGeweigerd(Event):
    """The seat may not speak with the person now, with the rule and the lawful alternative."""

    TYPE: ClassVar = NS + "contact-geweigerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]
