"""A notice as the hub sends it by every channel: something of a seat's view changed, and where it may be read.

Source: NL GOV profile for CloudEvents 1.1; API-standaard Notificaties.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

CLOUDEVENT = "application/cloudevents+json"
DESTROYED = "destroy"
_Short = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class _Read(BaseModel):
    """Fields this client does not know are passed over: the hub may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class Melding(_Read):
    """What the notice is about; no content. `actie`: `create`, `update` or `destroy`."""

    kanaal: _Short
    hoofd_object: _Short
    resource: _Short
    resource_url: _Short
    actie: Literal["create", "update", "destroy"]
    kenmerken: dict[str, str] = Field(default_factory=dict)


class Bericht(_Read):
    """One notice. `subject`: what order is kept in; `sequence`: place in that order; `previousid`: the one before."""

    specversion: Literal["1.0"]
    id: UUID
    source: _Short
    type: _Short
    subject: _Short
    sequence: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
    previousid: UUID | None = None
    dataref: _Short
    data: Melding

    @property
    def reeks(self) -> int:
        """Place in the order of its subject, from one."""
        return int(self.sequence)
