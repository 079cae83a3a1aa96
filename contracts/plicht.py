"""Events of a duty: that a seat must do something, was reminded, did it, or is late. All their fields are open.

A duty says what it rests on by identifiers alone; its whole clock stands in the event with which it arises, so that
a later policy changes nothing of it. Source: Vc B8/3; `consent_policies/plichten.yaml`.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.message import OPEN, Command, Event, Part, Tijdstip
from contracts.signaal import NS
from contracts.waarden import ZetelId

CODE = Field(pattern="^[a-z0-9-]+$", max_length=60)
SOORT = Field(pattern="^(signaal|casus|overleg|brug|resultaat|zetel|onderwerp)$")


class Escalatiestap(Part):
    """From this moment these seats are told that it is late."""

    moment: Annotated[Tijdstip, OPEN]
    aan: Annotated[tuple[ZetelId, ...], OPEN]


class PlichtOntstaan(Event):
    """`plichthouder` must do something, by the end of `uiterlijk`.

    `plicht`: its code in the policy, `grondslag` its source, `eigen`: of the house, no law. `onderwerp_id`: what it is
    about, `deel` which part. `verlopen_op`: moment from which it is late; `herinneringen`: moments of reminders.
    `toezicht`: privacy officers. `oorzaak`: position of the event that caused it, None where the calendar did.
    """

    TYPE: ClassVar = NS + "plicht-ontstaan.v1"
    plicht_id: Annotated[UUID, OPEN]
    onderwerp_id: Annotated[UUID, OPEN]
    plicht: Annotated[str, OPEN, CODE]
    soort: Annotated[str, OPEN, SOORT]
    deel: Annotated[str | None, OPEN] = None
    plichthouder: Annotated[ZetelId, OPEN]
    spoor: Annotated[str, OPEN]
    grondslag: Annotated[str, OPEN]
    eigen: Annotated[bool, OPEN] = False
    zelf_melden: Annotated[bool, OPEN] = False
    uiterlijk: Annotated[date, OPEN]
    verlopen_op: Annotated[Tijdstip, OPEN]
    herinneringen: Annotated[tuple[Tijdstip, ...], OPEN] = ()
    escalaties: tuple[Escalatiestap, ...] = ()
    toezicht: Annotated[tuple[ZetelId, ...], OPEN] = ()
    oorzaak: Annotated[int | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]


class PlichtHerinnerd(Event):
    """The seat was reminded. `nummer`: which of its reminders; the earlier ones will not come any more."""

    TYPE: ClassVar = NS + "plicht-herinnerd.v1"
    plicht_id: Annotated[UUID, OPEN]
    onderwerp_id: Annotated[UUID, OPEN]
    nummer: Annotated[int, OPEN]


class PlichtVervuld(Event):
    """It was done. `oorzaak`: position of the event that shows it, None where the seat said so itself."""

    TYPE: ClassVar = NS + "plicht-vervuld.v1"
    plicht_id: Annotated[UUID, OPEN]
    onderwerp_id: Annotated[UUID, OPEN]
    oorzaak: Annotated[int | None, OPEN] = None


class PlichtVervallen(Event):
    """Nothing is to be done any more. `oorzaak`: position of the event by which it lapsed."""

    TYPE: ClassVar = NS + "plicht-vervallen.v1"
    plicht_id: Annotated[UUID, OPEN]
    onderwerp_id: Annotated[UUID, OPEN]
    oorzaak: Annotated[int | None, OPEN] = None


class PlichtTeLaat(Event):
    """Its last day is over and it was not done."""

    TYPE: ClassVar = NS + "plicht-te-laat.v1"
    plicht_id: Annotated[UUID, OPEN]
    onderwerp_id: Annotated[UUID, OPEN]


class PlichtGeescaleerd(Event):
    """It is still not done, and these seats are told. `nummer`: which of its steps."""

    TYPE: ClassVar = NS + "plicht-geescaleerd.v1"
    plicht_id: Annotated[UUID, OPEN]
    onderwerp_id: Annotated[UUID, OPEN]
    nummer: Annotated[int, OPEN]
    aan: Annotated[tuple[ZetelId, ...], OPEN]


class MeldPlichtVervuld(Command):
    """Say that an own duty was done outside the hub."""

    TYPE: ClassVar = NS + "meld-plicht-vervuld.v1"
    plicht_id: Annotated[UUID, OPEN]
    onderwerp_id: Annotated[UUID, OPEN]
