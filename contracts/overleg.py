"""Commands and events of a session of a case table."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.casus import PLAN
from contracts.message import OPEN, Command, Event
from contracts.signaal import NS
from contracts.waarden import Tekst, ZetelId

LAAG = Field(ge=0, le=2)


class OpenOverleg(Command):
    """Open a session on cases one takes part in. `tafel`: code of the table in the covenant."""

    TYPE: ClassVar = NS + "open-overleg.v1"
    overleg_id: Annotated[UUID, OPEN]
    tafel: Annotated[str, OPEN, Field(pattern="^[a-z0-9-]+$", max_length=60)]
    regio: Annotated[str, OPEN, Field(pattern="^[a-z-]+$", max_length=40)]
    casussen: Annotated[tuple[UUID, ...], OPEN, Field(max_length=100)] = ()


class OverlegGeopend(Event):
    """The session is open; its opener is present."""

    TYPE: ClassVar = NS + "overleg-geopend.v1"
    overleg_id: Annotated[UUID, OPEN]
    tafel: Annotated[str, OPEN]
    regio: Annotated[str, OPEN]
    casussen: Annotated[tuple[UUID, ...], OPEN] = ()


class ZetOpAgenda(Command):
    """Put a signal one brought in, or holds, on the agenda: who is in the room may see its sketch while inside."""

    TYPE: ClassVar = NS + "zet-op-agenda.v1"
    overleg_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]


class OpAgendaGezet(Event):
    """A signal is on the agenda; per seat in the room a disclosure for the session follows or is refused."""

    TYPE: ClassVar = NS + "op-agenda-gezet.v1"
    overleg_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]


class LaatDeelnemerBinnen(Command):
    """Record that a seat enters. `laag`: layer of a layered table, 0 where there is one layer only."""

    TYPE: ClassVar = NS + "laat-deelnemer-binnen.v1"
    overleg_id: Annotated[UUID, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    laag: Annotated[int, OPEN, LAAG] = 0


class DeelnemerBinnengekomen(Event):
    """A seat entered."""

    TYPE: ClassVar = NS + "deelnemer-binnengekomen.v1"
    overleg_id: Annotated[UUID, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    laag: Annotated[int, OPEN] = 0


class DeelnameGeweigerd(Event):
    """A seat may not sit in this part of the session."""

    TYPE: ClassVar = NS + "deelname-geweigerd.v1"
    overleg_id: Annotated[UUID, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    laag: Annotated[int, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None


class LaatDeelnemerVertrekken(Command):
    """Record that a seat leaves."""

    TYPE: ClassVar = NS + "laat-deelnemer-vertrekken.v1"
    overleg_id: Annotated[UUID, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]


class DeelnemerVertrokken(Event):
    """A seat left. Source: document 004 L13413-13420."""

    TYPE: ClassVar = NS + "deelnemer-vertrokken.v1"
    overleg_id: Annotated[UUID, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]


class SpreekActieAf(Command):
    """Agree on an action with its owner and date."""

    TYPE: ClassVar = NS + "spreek-actie-af.v1"
    overleg_id: Annotated[UUID, OPEN]
    eigenaar: Annotated[ZetelId, OPEN]
    gereed_op: Annotated[date | None, OPEN] = None
    actie: Annotated[Tekst, PLAN]


class ActieAfgesproken(Event):
    """An action has an owner."""

    TYPE: ClassVar = NS + "actie-afgesproken.v1"
    overleg_id: Annotated[UUID, OPEN]
    eigenaar: Annotated[ZetelId, OPEN]
    gereed_op: Annotated[date | None, OPEN] = None
    actie: Annotated[Tekst, PLAN]


class SluitOverleg(Command):
    """End a session."""

    TYPE: ClassVar = NS + "sluit-overleg.v1"
    overleg_id: Annotated[UUID, OPEN]


class OverlegGesloten(Event):
    """The session ended."""

    TYPE: ClassVar = NS + "overleg-gesloten.v1"
    overleg_id: Annotated[UUID, OPEN]
