"""Commands and events of a disclosure: what one seat may hold of one signal, on which ground."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.message import OPEN, Command, Event, Tijdstip
from contracts.signaal import NS
from contracts.waarden import ZetelId


class SignaalVerstrekt(Event):
    """`ontvanger` holds these categories of the signal from now on; recorded before anything leaves.

    `categorieen`: exactly what may be held, replacing an earlier disclosure to the same seat in the same setting.
    `per_bron`: the same per providing seat. `betrokkenen`: only these persons, None for all.
    `casus_id`: None for a disclosure outside a case. `omstandigheden`: what the sender vouched for.
    `gebonden_aan`: the emergency access or the session it lives with, for reading only. `tot`: moment from which it
    is over without further notice.
    `regels`, `grondslagen`: deciding rules and their articles. `beleidsversie`: hash of the policy bundle.
    Source: Wpg art. 32 lid 1; WGS art. 1.7 lid 1.
    """

    TYPE: ClassVar = NS + "signaal-verstrekt.v1"
    verstrekking_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    casus_id: Annotated[UUID | None, OPEN] = None
    ontvanger: Annotated[ZetelId, OPEN]
    spoor: Annotated[str, OPEN]
    doel: Annotated[str, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN]
    per_bron: Annotated[dict[str, tuple[str, ...]], OPEN] = Field(default_factory=dict)
    omstandigheden: Annotated[dict[str, str | bool | int], OPEN] = Field(default_factory=dict)
    betrokkenen: Annotated[tuple[UUID, ...] | None, OPEN] = None
    gebonden_aan: Annotated[UUID | None, OPEN] = None
    tot: Annotated[Tijdstip | None, OPEN] = None
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class VerstrekkingGeweigerd(Event):
    """A disclosure was refused, whole or for some categories. Source: Wpg art. 32 lid 1."""

    TYPE: ClassVar = NS + "verstrekking-geweigerd.v1"
    verstrekking_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    casus_id: Annotated[UUID | None, OPEN] = None
    ontvanger: Annotated[ZetelId, OPEN]
    spoor: Annotated[str, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]


class VerstrekkingVervallen(Event):
    """The ground lapsed; the seat may not hold the signal any longer. `reden`: code."""

    TYPE: ClassVar = NS + "verstrekking-vervallen.v1"
    verstrekking_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    reden: Annotated[str, OPEN]


class BevestigOntvangst(Command):
    """Acknowledge a disclosure, a correction or a recall."""

    TYPE: ClassVar = NS + "bevestig-ontvangst.v1"
    verstrekking_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]


class OntvangstBevestigd(Event):
    """The recipient acknowledged what it got or lost."""

    TYPE: ClassVar = NS + "ontvangst-bevestigd.v1"
    verstrekking_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
