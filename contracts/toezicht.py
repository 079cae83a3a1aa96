"""Commands and events of the review of every access: who was meant to look, what stays unexplained, who judged it.

Source: WGS art. 1.8 lid 2 and 4; Wpg art. 32a; AVG art. 5 lid 2, 32.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.inhoud import INHOUD
from contracts.message import BESLOTEN, OPEN, Command, Event, Part, Tijdstip
from contracts.signaal import NS
from contracts.waarden import Regel, Tekst, ZetelId


class WijsBehandelaarAan(Command):
    """Name a worker of one's own seat who handles a signal or a case, not both; neither: all work of the seat.

    `behandelaar`: the worker, as the token names her. `tot`: last day. Source: Bgs art. 1.11.
    """

    TYPE: ClassVar = NS + "wijs-behandelaar-aan.v1"
    behandeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID | None, OPEN] = None
    casus_id: Annotated[UUID | None, OPEN] = None
    behandelaar: Annotated[Regel, BESLOTEN]
    tot: Annotated[date | None, OPEN] = None


class BehandelaarAangewezen(Event):
    """This worker handles it from now on."""

    TYPE: ClassVar = NS + "behandelaar-aangewezen.v1"
    behandeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID | None, OPEN] = None
    casus_id: Annotated[UUID | None, OPEN] = None
    behandelaar: Annotated[Regel, BESLOTEN]
    tot: Annotated[date | None, OPEN] = None


class TrekBehandelaarIn(Command):
    """End a naming of one's own seat; with the same object as the naming."""

    TYPE: ClassVar = NS + "trek-behandelaar-in.v1"
    behandeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID | None, OPEN] = None
    casus_id: Annotated[UUID | None, OPEN] = None


class BehandelaarIngetrokken(Event):
    """The worker does not handle it any longer."""

    TYPE: ClassVar = NS + "behandelaar-ingetrokken.v1"
    behandeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID | None, OPEN] = None
    casus_id: Annotated[UUID | None, OPEN] = None


class MeldBelang(Command):
    """Report that a worker of one's own seat has a private tie to whom a signal is about: family, colleague, neighbour.

    What she looks up of it goes to the officer, however well explained.
    """

    TYPE: ClassVar = NS + "meld-belang.v1"
    signaal_id: Annotated[UUID, OPEN]
    behandelaar: Annotated[Regel, BESLOTEN]


class BelangGemeld(Event):
    """The worker has a private tie."""

    TYPE: ClassVar = NS + "belang-gemeld.v1"
    signaal_id: Annotated[UUID, OPEN]
    behandelaar: Annotated[Regel, BESLOTEN]


class Verklaringstelling(Part):
    """How many accesses one kind of explanation covered."""

    verklaring: Annotated[str, OPEN]
    aantal: Annotated[int, OPEN]


class LogboekBeoordeeld(Event):
    """Every access after number `na` up to and with `tot_en_met` was reviewed by the machine; none is left out."""

    TYPE: ClassVar = NS + "logboek-beoordeeld.v1"
    na: Annotated[int, OPEN]
    tot_en_met: Annotated[int, OPEN]
    verklaard: tuple[Verklaringstelling, ...]
    onverklaard: Annotated[int, OPEN]


class RaadplegingOnverklaard(Event):
    """No recorded fact explains access `nummer` whole, or it is odd. `bevindingen`: codes; no judgement of anybody."""

    TYPE: ClassVar = NS + "raadpleging-onverklaard.v1"
    nummer: Annotated[int, OPEN]
    raadpleger: Annotated[ZetelId, OPEN]
    geraadpleegd_op: Annotated[Tijdstip, OPEN]
    bevindingen: Annotated[tuple[str, ...], OPEN]


class TekenRaadplegingAf(Command):
    """Judge an access from the queue, as an officer who tests lawfulness."""

    TYPE: ClassVar = NS + "teken-raadpleging-af.v1"
    nummer: Annotated[int, OPEN, Field(ge=1, le=2**53)]
    uitkomst: Annotated[str, OPEN, Field(pattern="^(terecht|onterecht|onduidelijk)$")]
    motivering: Annotated[Tekst, INHOUD]


class RaadplegingAfgetekend(Event):
    """The officer's judgement of one access, with reasons."""

    TYPE: ClassVar = NS + "raadpleging-afgetekend.v1"
    nummer: Annotated[int, OPEN]
    uitkomst: Annotated[str, OPEN]
    motivering: Annotated[Tekst, INHOUD]
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class ToezichtGeweigerd(Event):
    """A seat may not do this act of supervision."""

    TYPE: ClassVar = NS + "toezicht-geweigerd.v1"
    handeling: Annotated[str, OPEN]
    nummer: Annotated[int | None, OPEN] = None
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]
