"""Commands and events of a recall: who ever held something that was corrected is told, and says what it did.

Source: AVG art. 16, 17, 19; Wpg art. 28; Bgs art. 1.7.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.message import OPEN, Command, Event, Tijdstip
from contracts.signaal import NS
from contracts.waarden import ZetelId

AARD = Field(pattern="^(rectificatie|intrekking|weerlegging|vernietiging|vervallen)$")
GEVOLG = Field(pattern="^(verwerkt|vernietigd|geen-kopie)$")


class TerugroepingGestuurd(Event):
    """`ontvanger` is told that these categories were corrected, withdrawn, refuted, destroyed or lapsed.

    `correctie_id`: the same for all that are told of one correction. `bronnen`: seats whose data they are.
    `betrokkenen`: only of these persons, None where it is not about persons alone. `reden`: why something lapsed.
    `toezicht`: privacy officers. `bevestigen_voor`: moment by which `ontvanger` must have said what it did.
    `herinneren_op`: moment at which it is reminded before that, None where it is not.
    """

    TYPE: ClassVar = NS + "terugroeping-gestuurd.v1"
    terugroeping_id: Annotated[UUID, OPEN]
    correctie_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    aard: Annotated[str, OPEN, AARD]
    ontvanger: Annotated[ZetelId, OPEN]
    bronnen: Annotated[tuple[ZetelId, ...], OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN]
    betrokkenen: Annotated[tuple[UUID, ...] | None, OPEN] = None
    reden: Annotated[str | None, OPEN] = None
    toezicht: Annotated[tuple[ZetelId, ...], OPEN]
    bevestigen_voor: Annotated[Tijdstip, OPEN]
    herinneren_op: Annotated[Tijdstip | None, OPEN] = None


class TerugroepingAangehouden(Event):
    """`ontvanger` is not told now, for it may not know of the signal; it is told once it may.

    Source: UAVG art. 41; WGS art. 1.8 lid 2.
    """

    TYPE: ClassVar = NS + "terugroeping-aangehouden.v1"
    terugroeping_id: Annotated[UUID, OPEN]
    correctie_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    aard: Annotated[str, OPEN, AARD]
    ontvanger: Annotated[ZetelId, OPEN]
    bronnen: Annotated[tuple[ZetelId, ...], OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN]
    betrokkenen: Annotated[tuple[UUID, ...] | None, OPEN] = None
    reden: Annotated[str | None, OPEN] = None


class BevestigTerugroeping(Command):
    """Say what was done with one's own copies: put right, destroyed, or that there were none."""

    TYPE: ClassVar = NS + "bevestig-terugroeping.v1"
    signaal_id: Annotated[UUID, OPEN]
    terugroeping_id: Annotated[UUID, OPEN]
    gevolg: Annotated[str, OPEN, GEVOLG]


class TerugroepingBevestigd(Event):
    """The recipient said what it did."""

    TYPE: ClassVar = NS + "terugroeping-bevestigd.v1"
    signaal_id: Annotated[UUID, OPEN]
    terugroeping_id: Annotated[UUID, OPEN]
    gevolg: Annotated[str, OPEN, GEVOLG]


class TerugroepingHerinnerd(Event):
    """The recipient has not answered and its term is nearly over."""

    TYPE: ClassVar = NS + "terugroeping-herinnerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    terugroeping_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]


class TerugroepingGeescaleerd(Event):
    """The recipient did not answer in time; the privacy officers are to act."""

    TYPE: ClassVar = NS + "terugroeping-geescaleerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    terugroeping_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    toezicht: Annotated[tuple[ZetelId, ...], OPEN]
