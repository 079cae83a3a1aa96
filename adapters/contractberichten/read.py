"""Messages of agencies that speak the contract themselves: JSON lines, checked here and passed through."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints, ValidationError

from adapters.faults import fault, faults_of
from adapters.files import Line, json_records
from adapters.intake import Row
from adapters.native import Moment, NativeRecord
from contracts.cloudevents import CloudEvent
from contracts.register import COMMANDS
from contracts.waarden import Bron, ZetelId

NAME = "contractberichten"
BRON = "urn:nld:oin:00000099000000009000:systeem:contract"


def _known(value: str) -> str:
    if value not in COMMANDS:
        raise ValueError("dit berichttype kent het contract niet")
    return value


class Contractbericht(NativeRecord):
    """A message with its seat. `bron`: the publishing system, that of the adapter where absent."""

    zetel: ZetelId
    type: Annotated[str, AfterValidator(_known)]
    data: dict[str, Any]
    tijd: Moment
    id: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9._:-]+$")]
    bron: Bron | None = None


def to_cloudevents(record: Contractbericht, *, bron: str) -> list[CloudEvent]:
    """The message in its envelope. Raises ValidationError where the data are not what the type says."""
    command = COMMANDS[record.type].model_validate(record.data)
    return [
        CloudEvent(
            specversion="1.0",
            id=record.id,
            source=record.bron or bron,
            type=record.type,
            time=record.tijd,
            data=command.model_dump(mode="json", by_alias=True, exclude_none=True),
        )
    ]


@dataclass(frozen=True)
class ContractAdapter:
    """Passes messages of the contract through; each row names its own seat."""

    name: str
    bron: str

    def read(self, path: Path, *, now: datetime) -> Iterator[Row]:
        for line in json_records(path):
            yield self.interpret(line, now=now)

    def interpret(self, line: Line, *, now: datetime) -> Row:
        if line.faults:
            return Row(line.number, line.raw, faults=line.faults)
        try:
            record = Contractbericht.model_validate(line.raw, context={"nu": now})
        except ValidationError as error:
            return Row(line.number, line.raw, faults=faults_of(error))
        try:
            events = tuple(to_cloudevents(record, bron=self.bron))
        except ValidationError as error:
            inside = tuple(fault(f"/data{item.veld}", item.melding) for item in faults_of(error))
            return Row(line.number, line.raw, faults=inside, zetel=record.zetel)
        return Row(line.number, line.raw, events=events, zetel=record.zetel)


def adapter(bron: str = BRON) -> ContractAdapter:
    """The adapter of every agency without one of its own."""
    return ContractAdapter(NAME, bron)
