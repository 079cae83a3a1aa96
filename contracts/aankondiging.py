"""The thin notice of every channel: that something changed, and where its seat may fetch it; never what."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from contracts.message import Tijdstip
from contracts.waarden import Bron


class Aankondigingsgegevens(BaseModel):
    """What changed, by the fields of ZGW. `resourceUrl`: where to fetch it, which is the recorded disclosure.

    `kenmerken`: open labels to filter by, such as `spoor` and `regio`. Source: ZGW Notificaties 1.0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    kanaal: str
    hoofd_object: str
    resource: str
    resource_url: str
    actie: Literal["create", "update", "destroy"]
    aanmaakdatum: Tijdstip
    kenmerken: dict[str, str]


class Aankondiging(BaseModel):
    """A notice as a CloudEvent. `id`: the same at every repeat; `subject`: within what order is kept.

    `sequence`: place within subject, in 20 digits; `previousid`: the notice before it there, so that a gap shows.
    Source: NL GOV profile for CloudEvents 1.1; CloudEvents extensions sequence and dataref.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    specversion: Literal["1.0"]
    id: UUID
    source: Bron
    type: Annotated[
        str,
        StringConstraints(pattern=r"^nl\.overheid\.mensenhandel\.[a-z-]+-(aangemaakt|gewijzigd|vervallen)\.v[0-9]+$"),
    ]
    subject: Annotated[str, StringConstraints(pattern=r"^[a-z-]+:[0-9a-f-]{36}$")]
    time: Tijdstip
    datacontenttype: Literal["application/json"]
    dataref: str
    sequence: Annotated[str, StringConstraints(pattern=r"^[0-9]{20}$")]
    sequencetype: Literal["Integer"]
    previousid: UUID | None = Field(default=None)
    data: Aankondigingsgegevens
