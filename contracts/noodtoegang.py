"""Commands and events of emergency access: for acute danger, with a reason, for a day at most, and always reviewed.

Source: AVG art. 6 lid 1 onder d, 9 lid 2 onder c; document 003 L6154-6158, L6212-6218.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.inhoud import INHOUD
from contracts.message import BESLOTEN, OPEN, Command, Event, Tijdstip
from contracts.signaal import NS
from contracts.waarden import Tekst, ZetelId

GEVAAR = Field(pattern="^(geen|voorbij|doorlopend-zonder-gevaar|doorlopend-gevaarlijk|acuut)$")
UITKOMST = Field(pattern="^(terecht|te-ruim|onterecht)$")


class VraagNoodtoegang(Command):
    """Ask to see categories of a signal at once, without anybody's leave. `duur_uren`: for how long, 24 at most.

    A number that does not exist and a signal that stays closed get the same answer.
    """

    TYPE: ClassVar = NS + "vraag-noodtoegang.v1"
    noodtoegang_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN, Field(min_length=1, max_length=40)]
    reden: Annotated[Tekst, INHOUD]
    gevaar: Annotated[str, OPEN, GEVAAR]
    duur_uren: Annotated[int, OPEN, Field(ge=1, le=24)] = 24


class NoodtoegangVerleend(Event):
    """`zetel` sees these categories until `tot`. `aanvrager`: the person or system behind the seat.

    `verstrekkers`: seats whose data they are, told at once. `toezicht`: privacy officers, who must review it.
    `bevestigen_voor`: by when a second person must have confirmed it.
    """

    TYPE: ClassVar = NS + "noodtoegang-verleend.v1"
    noodtoegang_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN]
    reden: Annotated[Tekst, INHOUD]
    gevaar: Annotated[str, OPEN]
    spoor: Annotated[str, OPEN]
    aanvrager: Annotated[str, BESLOTEN]
    organisatie: Annotated[str, OPEN]
    verstrekkers: Annotated[tuple[ZetelId, ...], OPEN]
    toezicht: Annotated[tuple[ZetelId, ...], OPEN]
    tot: Annotated[Tijdstip, OPEN]
    bevestigen_voor: Annotated[Tijdstip, OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class NoodtoegangGeweigerd(Event):
    """Emergency access was refused, or asked for a number that does not exist; `zetel` cannot tell which."""

    TYPE: ClassVar = NS + "noodtoegang-geweigerd.v1"
    noodtoegang_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN]
    reden: Annotated[Tekst, INHOUD]
    gevaar: Annotated[str, OPEN]
    toezicht: Annotated[tuple[ZetelId, ...], OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class BevestigNoodtoegang(Command):
    """Confirm as a second person: somebody else of the same organisation, or a privacy officer."""

    TYPE: ClassVar = NS + "bevestig-noodtoegang.v1"
    signaal_id: Annotated[UUID, OPEN]
    noodtoegang_id: Annotated[UUID, OPEN]


class NoodtoegangBevestigd(Event):
    """A second person stands behind the emergency access."""

    TYPE: ClassVar = NS + "noodtoegang-bevestigd.v1"
    signaal_id: Annotated[UUID, OPEN]
    noodtoegang_id: Annotated[UUID, OPEN]
    bevestiger: Annotated[str, BESLOTEN]


class NoodtoegangVervallen(Event):
    """The emergency access is over. `reden`: `termijn`, or `niet-bevestigd` where no second person confirmed it."""

    TYPE: ClassVar = NS + "noodtoegang-vervallen.v1"
    signaal_id: Annotated[UUID, OPEN]
    noodtoegang_id: Annotated[UUID, OPEN]
    reden: Annotated[str, OPEN]


class ToetsNoodtoegang(Command):
    """Review as a privacy officer, afterwards."""

    TYPE: ClassVar = NS + "toets-noodtoegang.v1"
    signaal_id: Annotated[UUID, OPEN]
    noodtoegang_id: Annotated[UUID, OPEN]
    uitkomst: Annotated[str, OPEN, UITKOMST]
    motivering: Annotated[Tekst, INHOUD]


class NoodtoegangGetoetst(Event):
    """The privacy officer judged whether it was right and no wider than needed; who asked is told."""

    TYPE: ClassVar = NS + "noodtoegang-getoetst.v1"
    signaal_id: Annotated[UUID, OPEN]
    noodtoegang_id: Annotated[UUID, OPEN]
    uitkomst: Annotated[str, OPEN]
    motivering: Annotated[Tekst, INHOUD]
