"""Commands and events of the regular review of rights of access. Source: BIO2 5.18.02, 8.02.01."""

from typing import Annotated, ClassVar

from pydantic import Field

from contracts.inhoud import INHOUD
from contracts.message import OPEN, Command, Event
from contracts.signaal import NS
from contracts.waarden import Tekst, ZetelId


class ToetsToegang(Command):
    """Review whether a seat still needs its rights: one's own seat, or any as the operator. `houder`: who has them."""

    TYPE: ClassVar = NS + "toets-toegang.v1"
    houder: Annotated[ZetelId, OPEN]
    toegang: Annotated[str, OPEN, Field(pattern="^(behouden|ingetrokken)$")]
    motivering: Annotated[Tekst, INHOUD]


class ToegangBehouden(Event):
    """The rights are still needed. `bevoorrecht`: rights over the platform itself, reviewed each quarter."""

    TYPE: ClassVar = NS + "toegang-behouden.v1"
    houder: Annotated[ZetelId, OPEN]
    bevoorrecht: Annotated[bool, OPEN]
    motivering: Annotated[Tekst, INHOUD]
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class ToegangIngetrokken(Event):
    """The rights are not needed any longer; who keeps the systems and tokens takes them away."""

    TYPE: ClassVar = NS + "toegang-ingetrokken.v1"
    houder: Annotated[ZetelId, OPEN]
    bevoorrecht: Annotated[bool, OPEN]
    motivering: Annotated[Tekst, INHOUD]
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class ToegangstoetsGeweigerd(Event):
    """This seat may not review these rights."""

    TYPE: ClassVar = NS + "toegangstoets-geweigerd.v1"
    houder: Annotated[ZetelId, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]
