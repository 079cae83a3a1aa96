"""Commands and events that keep a signal or a case from seats, so that they do not learn that it exists."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.codelijst import Codewaarde
from contracts.inhoud import INHOUD
from contracts.message import BESLOTEN, OPEN, Command, Event
from contracts.signaal import NS
from contracts.waarden import Oin, Tekst, ZetelId

#: Letter of the first paragraph. Source: UAVG art. 41 lid 1.
Letter = Annotated[str, Codewaarde("uitzonderingsgrond-uavg-41")]


class SluitZetelsUit(Command):
    """Record afterwards that seats are subject of a signal. Source: WGS art. 1.8 lid 2."""

    TYPE: ClassVar = NS + "sluit-zetels-uit.v1"
    signaal_id: Annotated[UUID, OPEN]
    zetels: Annotated[tuple[ZetelId, ...], BESLOTEN, Field(min_length=1, max_length=20)]
    toelichting: Annotated[Tekst, INHOUD]


class ZetelsUitgesloten(Event):
    """These seats, and all of these organisations, are subject of the signal: they hold nothing of it from now on.

    What they held lapses as any disclosure does; nothing tells them why. `organisaties`: OIN.
    """

    TYPE: ClassVar = NS + "zetels-uitgesloten.v1"
    signaal_id: Annotated[UUID, OPEN]
    zetels: Annotated[tuple[ZetelId, ...], OPEN]
    organisaties: Annotated[tuple[Oin, ...], OPEN] = ()
    toelichting: Annotated[Tekst | None, INHOUD] = None


class VerklaarVertrouwelijk(Command):
    """Close a signal for all but `deelnemer`, who found the ground, and who brought it in. `tot`: last day.

    `afweging`: why the interest goes before the rights of others. Source: UAVG art. 41; Bgs art. 1.2 lid 2.
    """

    TYPE: ClassVar = NS + "verklaar-vertrouwelijk.v1"
    signaal_id: Annotated[UUID, OPEN]
    letter: Annotated[Letter, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    afweging: Annotated[Tekst, INHOUD]
    tot: Annotated[date, OPEN]


class VertrouwelijkVerklaard(Event):
    """The doors of all other seats answer as if there were no such signal."""

    TYPE: ClassVar = NS + "vertrouwelijk-verklaard.v1"
    signaal_id: Annotated[UUID, OPEN]
    letter: Annotated[Letter, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    afweging: Annotated[Tekst, INHOUD]
    tot: Annotated[date, OPEN]


class HefVertrouwelijkheidOp(Command):
    """The ground is gone: open the signal again before its last day."""

    TYPE: ClassVar = NS + "hef-vertrouwelijkheid-op.v1"
    signaal_id: Annotated[UUID, OPEN]


class VertrouwelijkheidVervallen(Event):
    """The signal is open again, and what was closed is decided anew. `reden`: `opgeheven` or `termijn`."""

    TYPE: ClassVar = NS + "vertrouwelijkheid-vervallen.v1"
    signaal_id: Annotated[UUID, OPEN]
    reden: Annotated[str, OPEN]


class VerklaarCasusVertrouwelijk(Command):
    """Close a case for all but `deelnemer`, who found the ground, and who declares it. `tot`: last day.

    Source: UAVG art. 41; Bgs art. 1.2 lid 2.
    """

    TYPE: ClassVar = NS + "verklaar-casus-vertrouwelijk.v1"
    casus_id: Annotated[UUID, OPEN]
    letter: Annotated[Letter, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    afweging: Annotated[Tekst, INHOUD]
    tot: Annotated[date, OPEN]


class CasusVertrouwelijkVerklaard(Event):
    """The doors of all other seats answer as if there were no such case. `blijft`: the participants that stay."""

    TYPE: ClassVar = NS + "casus-vertrouwelijk-verklaard.v1"
    casus_id: Annotated[UUID, OPEN]
    letter: Annotated[Letter, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    afweging: Annotated[Tekst, INHOUD]
    tot: Annotated[date, OPEN]
    blijft: Annotated[tuple[ZetelId, ...], OPEN]


class HefCasusvertrouwelijkheidOp(Command):
    """The ground is gone: open the case again before its last day."""

    TYPE: ClassVar = NS + "hef-casusvertrouwelijkheid-op.v1"
    casus_id: Annotated[UUID, OPEN]


class CasusvertrouwelijkheidVervallen(Event):
    """The earlier participants are back. `reden`: `opgeheven` or `termijn`."""

    TYPE: ClassVar = NS + "casusvertrouwelijkheid-vervallen.v1"
    casus_id: Annotated[UUID, OPEN]
    reden: Annotated[str, OPEN]
    deelnemers: Annotated[tuple[ZetelId, ...], OPEN]


class BijdrageAfgeschermd(Event):
    """Which participants do not see that a signal was brought into a case. `alleen_voor`: None for all others."""

    TYPE: ClassVar = NS + "bijdrage-afgeschermd.v1"
    casus_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    verborgen_voor: Annotated[tuple[ZetelId, ...], OPEN] = ()
    alleen_voor: Annotated[tuple[ZetelId, ...] | None, OPEN] = None
