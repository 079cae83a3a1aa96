"""Hands the Logboek Dataverwerkingen to its keeper over OTLP/HTTP: every line, in order, until each is acknowledged.

The cursor moves only past what the keeper acknowledged. Away for an hour or a week, it gets everything afterwards;
after a crash it may get the same lines again, under the same numbers. Source: Logboek Dataverwerkingen 1.0, Logius.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

import httpx
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from hub.audit.access import AccessLog, Entry, Pending
from hub.audit.processing import AddressOf, Line, export_request, lines_of
from hub.ledger.store import LedgerUnavailable

FOLLOWER = "logboek-dataverwerkingen"
BATCH_RECORDS = 100
#: How often the log is looked at when nobody says that it grew: other processes write as well.
LOOK_SECONDS = 1.0
BACK_OFF = (0.1, 30.0)


class NotAcknowledged(Exception):
    """The keeper of the log did not confirm that it has all lines."""


class Source(Protocol):
    """The access log as the relay reads it, and where it remembers how far it came."""

    def access_records(self, after: int, limit: int) -> list[tuple[int, bytes]]: ...

    def cursor(self, follower: str) -> int: ...

    def move_cursor(self, follower: str, position: int) -> None: ...


class Collector:
    """A keeper behind an OTLP/HTTP address. `resource`: what names this hub in each line; `seconds`: per request."""

    def __init__(self, url: str, resource: dict[str, str], seconds: float) -> None:
        self._url, self._resource = f"{url}/v1/traces", resource
        self._http = httpx.Client(timeout=seconds, headers={"Content-Type": "application/x-protobuf"})

    def send(self, lines: Sequence[Line]) -> None:
        """Raises NotAcknowledged."""
        try:
            answer = self._http.post(self._url, content=export_request(lines, self._resource))
            confirmed = ExportTraceServiceResponse.FromString(answer.content) if answer.status_code == 200 else None
        except (httpx.HTTPError, DecodeError) as error:
            raise NotAcknowledged(type(error).__name__) from error
        if confirmed is None or confirmed.partial_success.rejected_spans:
            raise NotAcknowledged(f"status {answer.status_code}")

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()


class ProcessingRelay:
    """Follows the access log. `send` raises NotAcknowledged; `address_of`: of an activity in the register."""

    def __init__(self, source: Source, send: Callable[[Sequence[Line]], None], address_of: AddressOf) -> None:
        self._source, self._send, self._address_of = source, send, address_of
        self._acknowledged = source.cursor(FOLLOWER)
        self._wanted = 0
        self._changed = threading.Condition()

    def step(self) -> bool:
        """Send what comes next; False when there was nothing. Raises NotAcknowledged, LedgerUnavailable."""
        records = self._source.access_records(self._acknowledged, BATCH_RECORDS)
        if not records:
            return False
        self._send([line for number, data in records for line in lines_of(number, data, self._address_of)])
        last = records[-1][0]
        with self._changed:
            self._acknowledged = last
            self._changed.notify_all()
        self._source.move_cursor(FOLLOWER, last)
        return True

    def follow(self, stop: threading.Event, failed: Callable[[float, Exception], None]) -> None:
        """Send until `stop`; `failed` is told of each failure and of the seconds until the next try."""
        pause = BACK_OFF[0]
        while not stop.is_set():
            try:
                if not self.step():
                    self._wait_for_more()
                pause = BACK_OFF[0]
            except (NotAcknowledged, LedgerUnavailable) as error:
                failed(pause, error)
                stop.wait(pause)
                pause = min(pause * 2, BACK_OFF[1])

    def acknowledged(self, number: int, seconds: float) -> bool:
        """Whether the lines of this access record are acknowledged, at the latest after so many seconds."""
        with self._changed:
            self._wanted = max(self._wanted, number)
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._acknowledged >= number, seconds)

    def _wait_for_more(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted > self._acknowledged, LOOK_SECONDS)


class AcknowledgedAccess:
    """An access log in which a record counts once the keeper of the Logboek Dataverwerkingen has its lines too."""

    def __init__(self, log: AccessLog, relay: ProcessingRelay, seconds: float) -> None:
        self._log, self._relay, self._seconds = log, relay, seconds

    def append_access(self, records: Sequence[Entry]) -> list[int]:
        """Raises LedgerUnavailable also where the keeper does not answer in time; the records stay."""
        return self.begin_access(records)()

    def begin_access(self, records: Sequence[Entry]) -> Pending:
        """The same, without waiting: what it answers waits."""
        durable = self._log.begin_access(records)

        def acknowledged() -> list[int]:
            numbers = durable()
            if numbers and not self._relay.acknowledged(numbers[-1], self._seconds):
                raise LedgerUnavailable("the Logboek Dataverwerkingen is not acknowledged")
            return numbers

        return acknowledged
