"""The envelope of everything an agency pushes: a CloudEvent in the NL GOV profile (1.1)."""

from typing import Annotated, Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.message import Tijdstip
from contracts.waarden import Bron

#: Root of the names from which sources derive the identifiers of their own records.
NAAMRUIMTE = uuid5(NAMESPACE_URL, "https://signaalhub.nl/kenmerken")

MAX_EVENTS_IN_BATCH = 500
MAX_BODY_BYTES = 2 * 1024 * 1024


class CloudEvent(BaseModel):
    """One pushed command.

    `id`: unique within `source`; the same id with other content is a conflict. `source`: URN with the OIN of the
    publishing agency and its system. `type`: contract name of the command. `time`: when the source recorded it.
    Context attributes hold no personal data. Source: NL GOV profile for CloudEvents, 3.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    specversion: Literal["1.0"]
    id: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9._:-]+$")]
    source: Bron
    type: Annotated[str, StringConstraints(pattern=r"^nl\.overheid\.mensenhandel\.[a-z-]+\.v[0-9]+$", max_length=100)]
    time: Tijdstip | None = None
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Annotated[str, Field(max_length=300)] | None = None
    traceparent: Annotated[str, Field(max_length=60)] | None = None
    data: dict[str, Any]


def kenmerk_id(bron: str, soort: str, kenmerk: str) -> UUID:
    """The identifier of a record (`signaal`, `casus`, `betrokkene`, …) of a source, always the same."""
    return uuid5(NAAMRUIMTE, f"{bron}#{soort}#{kenmerk}")
