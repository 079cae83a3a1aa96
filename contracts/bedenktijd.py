"""Commands and events of the reflection period of a presumed victim: pointed out, begun, ended.

Source: Vc B8/3; WBV 2023/11 for Dublin cases.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.codelijst import Codewaarde
from contracts.message import OPEN, Command, Event, Gegeven
from contracts.signaal import NS

BEDENKTIJD = Gegeven("bedenktijd-status")
Bedenktijdstatus = Annotated[str, Codewaarde("bedenktijdstatus")]
AANBOD = Field(
    pattern="^(rechten-uitgelegd|aangeboden|korter-aangeboden|geaccepteerd|afgezien-direct-aangifte|niet-van-toepassing)$"
)
EINDE = Field(pattern="^geeindigd-(medewerking|afgezien|vertrek|termijn)$")


class LegBedenktijdVast(Command):
    """Record that a presumed victim was pointed to the reflection period, or that it does not apply to her."""

    TYPE: ClassVar = NS + "leg-bedenktijd-vast.v1"
    signaal_id: Annotated[UUID, OPEN]
    status: Annotated[Bedenktijdstatus, BEDENKTIJD, AANBOD]


class BedenktijdAangeboden(Event):
    """It is on record what a presumed victim was told of the reflection period, or why she has none."""

    TYPE: ClassVar = NS + "bedenktijd-aangeboden.v1"
    signaal_id: Annotated[UUID, OPEN]
    status: Annotated[Bedenktijdstatus, BEDENKTIJD]


class BeginBedenktijd(Command):
    """Record that a reflection period runs. `begint_op`: first day; `dublin`: another country handles the asylum."""

    TYPE: ClassVar = NS + "begin-bedenktijd.v1"
    signaal_id: Annotated[UUID, OPEN]
    bedenktijd_id: Annotated[UUID, OPEN]
    begint_op: Annotated[date, OPEN]
    dublin: Annotated[bool, OPEN]


class BedenktijdBegonnen(Event):
    """A reflection period runs; its term is open, for a clock follows it: three months, thirty days under Dublin."""

    TYPE: ClassVar = NS + "bedenktijd-begonnen.v1"
    signaal_id: Annotated[UUID, OPEN]
    bedenktijd_id: Annotated[UUID, OPEN]
    begint_op: Annotated[date, OPEN]
    dublin: Annotated[bool, OPEN]


class BeeindigBedenktijd(Command):
    """Record why a reflection period ended: cooperation, refusal, departure or the end of its term."""

    TYPE: ClassVar = NS + "beeindig-bedenktijd.v1"
    signaal_id: Annotated[UUID, OPEN]
    bedenktijd_id: Annotated[UUID, OPEN]
    einde: Annotated[str, BEDENKTIJD, EINDE]


class BedenktijdBeeindigd(Event):
    """A reflection period ended. `einde`: a code of bedenktijdstatus."""

    TYPE: ClassVar = NS + "bedenktijd-beeindigd.v1"
    signaal_id: Annotated[UUID, OPEN]
    bedenktijd_id: Annotated[UUID, OPEN]
    einde: Annotated[str, BEDENKTIJD]


class BedenktijdGeweigerd(Event):
    """A seat may not record anything on a reflection period. `handeling`: contract name of the command."""

    TYPE: ClassVar = NS + "bedenktijd-geweigerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    handeling: Annotated[str, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    alternatief: Annotated[str | None, OPEN] = None
