"""What every adapter offers: rows of a file, each with the messages it became or all the reasons why not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from adapters.faults import fault, faults_of
from adapters.files import Line
from contracts.cloudevents import CloudEvent, kenmerk_id
from contracts.message import Command
from contracts.problems import Fout

Record = TypeVar("Record", bound=BaseModel)
Native_contra = TypeVar("Native_contra", bound=BaseModel, contravariant=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One native record of a file: its messages, or its faults; never both.

    `zetel`: the seat that speaks, None where the one who pushes says so.
    """

    number: int
    raw: Any
    events: tuple[CloudEvent, ...] = ()
    faults: tuple[Fout, ...] = ()
    zetel: str | None = None


class Adapter(Protocol):
    """A reader of the native records of one agency. `bron`: URN of the publishing system."""

    @property
    def name(self) -> str: ...

    @property
    def bron(self) -> str: ...

    def read(self, path: Path, *, now: datetime) -> Iterator[Row]:
        """All rows of a file in order; never raises for what stands in the file."""
        ...

    def interpret(self, line: Line, *, now: datetime) -> Row:
        """One raw record, new or repaired."""
        ...


class Convert(Protocol[Native_contra]):
    """The pure step from a checked native record to messages."""

    def __call__(self, record: Native_contra, *, bron: str) -> list[CloudEvent]: ...


@dataclass(frozen=True)
class RecordAdapter(Generic[Record]):
    """An adapter of one native form.

    `lines` reads the file format, `shape` brings a raw record into the form's own shape (such as cells of a sheet).
    """

    name: str
    bron: str
    model: Callable[[Any], type[Record]]
    convert: Convert[Record]
    lines: Callable[[Path], Iterator[Line]]
    shape: Callable[[Any], Any] = lambda raw: raw

    def read(self, path: Path, *, now: datetime) -> Iterator[Row]:
        for line in self.lines(path):
            yield self.interpret(line, now=now)

    def interpret(self, line: Line, *, now: datetime) -> Row:
        if line.faults:
            return Row(line.number, line.raw, faults=line.faults)
        try:
            shaped = self.shape(line.raw)
            record = self.model(shaped).model_validate(shaped, context={"nu": now})
            events = tuple(self.convert(record, bron=self.bron))
        except ValidationError as error:
            return Row(line.number, line.raw, faults=faults_of(error))
        except RecursionError:
            return Row(line.number, line.raw, faults=(fault("", "deze regel is te diep genest"),))
        return Row(line.number, line.raw, events=events)


def event(command: Command, *, bron: str, soort: str, kenmerk: str, tijd: datetime | None = None) -> CloudEvent:
    """The envelope of a command. The id is derived, so that pushing the record again is a replay, and says nothing."""
    return CloudEvent(
        specversion="1.0",
        id=f"{soort}:{kenmerk_id(bron, soort, kenmerk)}",
        source=bron,
        type=command.TYPE,
        time=tijd,
        data=command.model_dump(mode="json", by_alias=True, exclude_none=True),
    )


def record_id(bron: str, soort: str, kenmerk: str) -> UUID:
    """The identifier of a record of this source; an identifier that the hub gave out is taken as it is."""
    try:
        return UUID(kenmerk)
    except ValueError:
        return kenmerk_id(bron, soort, kenmerk)
