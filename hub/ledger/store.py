"""What a ledger takes and answers: changes in, receipts out, and the ways it refuses.

Positions count from 1 without gaps, in the order of commit. Versions count from 1 within a stream.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from hub.audit.access import Entry, Pending
from hub.audit.tiles import TileStore
from hub.audit.tree import Frontier

LEDGER_LOG = "grootboek"
ACCESS_LOG = "toegang"


class KeyId(NamedTuple):
    """Whose key in which track; another track has another key for the same person."""

    subject: UUID
    spoor: str


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as stored. `wrapped` is None once destroyed; `kek` names the key that wraps it."""

    id: KeyId
    wrapped: bytes | None
    kek: str | None
    destroyed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to be recorded. `topic`: contract type name; `state`: sealed envelope."""

    topic: str
    state: bytes


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """Facts for one stream. `expected_version`: number of events in it now; `decisions`: one per event."""

    stream: UUID
    expected_version: int
    events: tuple[NewEvent, ...]
    decisions: tuple[bytes | None, ...]

    def __post_init__(self) -> None:
        if len(self.events) != len(self.decisions):
            raise ValueError("an append has one decision, or None, per event")


@dataclass(frozen=True, slots=True)
class SourceKey:
    """Identity of what came in (CloudEvents source and id) and the digest of its content."""

    source: str
    id: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """All that one command records: durable together or not at all. `destroyed`: keys that end with it."""

    appends: tuple[StreamAppend, ...]
    source: SourceKey | None = None
    new_keys: tuple[WrappedKey, ...] = ()
    access: tuple[Entry, ...] = ()
    destroyed: tuple[tuple[KeyId, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of a durable change.

    `leaf_hashes` (32 bytes each) stand in the ledger's log at `positions` - 1, in a log of at least
    `log_size` leaves; `access`: numbers in the access log, empty on the receipt of a replayed source.
    """

    positions: tuple[int, ...]
    leaf_hashes: tuple[bytes, ...]
    log_size: int
    access: tuple[int, ...] = ()


class Recorded(NamedTuple):
    """A fact as recorded."""

    position: int
    stream: UUID
    version: int
    topic: str
    state: bytes


class Decided(NamedTuple):
    """A fact with the decision that let it happen."""

    position: int
    topic: str
    state: bytes
    decision: bytes


class LedgerError(Exception):
    """A change was not recorded."""


class VersionConflict(LedgerError):
    """Another change to the stream came first."""

    def __init__(self, stream: UUID, expected: int, actual: int) -> None:
        super().__init__(f"stream {stream} has {actual} events, not {expected}")
        self.stream, self.expected, self.actual = stream, expected, actual


class DuplicateSource(LedgerError):
    """The same message was recorded before; `receipt` is the answer it got."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("this message was recorded before")
        self.receipt = receipt


class SourceConflict(LedgerError):
    """The identity of the message was used before, for another content."""

    def __init__(self) -> None:
        super().__init__("source and id were used before for another content")


class KeyConflict(LedgerError):
    """A subject key that the change brings was made otherwise, or destroyed, in the meantime: seal again."""

    def __init__(self, ids: tuple[KeyId, ...]) -> None:
        super().__init__(f"{len(ids)} subject keys of this change are not the current ones")
        self.ids = ids


class InvalidChange(LedgerError):
    """The change has a form that no ledger can hold."""


class LedgerUnavailable(LedgerError):
    """The store failed: nothing is acknowledged. The change may be retried under the same source key."""


class LedgerStore(Protocol):
    """Where facts are kept, in one order, for good."""

    def append(self, change: Change) -> Receipt:
        """Record one change durably. Raises LedgerError."""

    def append_many(self, changes: Sequence[Change]) -> list[Receipt | LedgerError]:
        """Record changes, each on its own; refusals stand in the place of their receipts."""

    def append_access(self, records: Sequence[Entry]) -> list[int]:
        """Add records to the access log; durable when this returns. Raises LedgerUnavailable."""

    def begin_access(self, records: Sequence[Entry]) -> Pending:
        """The same, without waiting: what it answers waits, and raises LedgerUnavailable."""

    def stream(self, stream: UUID, after: int = 0) -> list[StoredEvent]:
        """The events of a stream with a version above `after`."""

    def streams(self, ids: Sequence[UUID]) -> dict[UUID, list[StoredEvent]]:
        """The events of several streams; an unknown stream has none."""

    def read(self, after: int, limit: int) -> list[Recorded]:
        """The next at most `limit` events in order of position."""

    def placed(self, ids: Sequence[UUID]) -> list[Recorded]:
        """The events of several streams with their positions, in order of position."""

    def head(self) -> int:
        """Position of the last event, 0 when there is none."""

    def wait(self, after: int, timeout: float) -> int:
        """The head, as soon as it is above `after`, or after `timeout` seconds."""

    def decision(self, position: int) -> bytes | None:
        """The decision record beside an event."""

    def decided(self, after: int, until: int, topics: Sequence[str], other_than: bytes) -> list[Decided]:
        """Events of these topics above `after` up to `until` whose decision does not begin with `other_than`."""

    def last_of(self, topics: Sequence[str], after: int = 0) -> dict[UUID, int]:
        """Per stream the position of its last event of these topics, after a position."""

    def cursor(self, follower: str) -> int:
        """How far a follower of the ledger came, 0 for a new one."""

    def move_cursor(self, follower: str, position: int) -> None:
        """Remember how far a follower came; durable when this returns."""

    def sourced(self, source: str, id: str) -> tuple[bytes, Receipt] | None:
        """Digest and receipt of a message recorded before."""

    def access_records(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """The next at most `limit` records of the access log, with their numbers."""

    def access_found(
        self, sleutels: Sequence[str], between: tuple[int, int], limit: int, one_of: Sequence[str] = ()
    ) -> list[tuple[int, bytes]]:
        """The last at most `limit` access records with all these keys, and one of `one_of` if given; newest first.

        `between`: numbers, both exclusive. Two keys may share a digest: compare the record itself.
        """

    def access_series(self, casus: UUID) -> tuple[int, int]:
        """How many access records there are of a case, and the number of the last; (0, 0) for none."""

    def keys(self, ids: Sequence[KeyId]) -> dict[KeyId, WrappedKey]:
        """The subject keys among `ids` that were ever made, destroyed ones included."""

    def destroy_key(self, id: KeyId, moment: datetime) -> bool:
        """Destroy a key, leaving its tombstone, also where there was none. False when it was gone already."""

    def destroyed_since(self, tombstone: int) -> tuple[int, list[KeyId]]:
        """Keys destroyed after that tombstone, and the number of the last one."""

    def frontier(self, log: str) -> Frontier:
        """The right edge of the log LEDGER_LOG or ACCESS_LOG."""

    def tiles(self, log: str) -> TileStore:
        """The stored tiles of a log; for reading."""

    def leaf_data(self, log: str, after: int, limit: int) -> list[bytes]:
        """Leaf data of a log from index `after`: what the leaf hashes are taken over."""

    def close(self) -> None:
        """Finish what was accepted and let go of the store."""
