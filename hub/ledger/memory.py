"""The ledger in memory: the twin for tests, with the same rules and nothing durable."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from hub.audit.access import Entry, Pending
from hub.audit.tiles import MemoryTiles, TileStore, extend
from hub.audit.tree import Frontier, leaf_hash
from hub.ledger.follow import HeadWatch
from hub.ledger.plan import EventRow, Known, leaf_data, plan, unsound
from hub.ledger.store import (
    ACCESS_LOG,
    LEDGER_LOG,
    Change,
    Decided,
    KeyId,
    LedgerError,
    Receipt,
    Recorded,
    WrappedKey,
)
from hub.ledger.writer import GroupCommit


class MemoryLedger:
    """A LedgerStore without a store."""

    def __init__(self) -> None:
        self._events: list[EventRow] = []
        self._streams: dict[UUID, list[EventRow]] = {}
        self._access: list[bytes] = []
        self._index: dict[str, list[int]] = {}
        self._series: dict[UUID, tuple[int, int]] = {}
        self._sources: dict[tuple[str, str], tuple[bytes, Receipt]] = {}
        self._keys: dict[KeyId, WrappedKey] = {}
        self._tombstones: list[KeyId] = []
        self._frontiers = {LEDGER_LOG: Frontier(), ACCESS_LOG: Frontier()}
        self._tiles = {LEDGER_LOG: MemoryTiles(), ACCESS_LOG: MemoryTiles()}
        self._cursors: dict[str, int] = {}
        #: Key-encryption keys that wrap no more.
        self.closed: set[str] = set()
        self._lock = threading.Lock()
        self._watch = HeadWatch()
        self._writer = GroupCommit(self._commit)

    def append(self, change: Change) -> Receipt:
        """Record one change. Raises LedgerError."""
        (outcome,) = self.append_many((change,))
        if isinstance(outcome, LedgerError):
            raise outcome
        return outcome

    def append_many(self, changes: Sequence[Change]) -> list[Receipt | LedgerError]:
        """Record changes, each on its own."""
        return self._writer.submit(changes).result()

    def append_access(self, records: Sequence[Entry]) -> list[int]:
        """Add records to the access log."""
        return self.begin_access(records)()

    def begin_access(self, records: Sequence[Entry]) -> Pending:
        """The same, without waiting: what it answers waits."""
        waiting = self._writer.submit((Change((), access=tuple(records)),))

        def durable() -> list[int]:
            (outcome,) = waiting.result()
            if isinstance(outcome, LedgerError):
                raise outcome
            return list(outcome.access)

        return durable

    def stream(self, stream: UUID, after: int = 0) -> list[StoredEvent]:
        """The events of a stream with a version above `after`."""
        with self._lock:
            return [_stored(row) for row in self._streams.get(stream, [])[after:]]

    def streams(self, ids: Sequence[UUID]) -> dict[UUID, list[StoredEvent]]:
        """The events of several streams; an unknown stream has none."""
        return {id: self.stream(id) for id in ids}

    def read(self, after: int, limit: int) -> list[Recorded]:
        """The next at most `limit` events in order of position."""
        with self._lock:
            rows = self._events[after : after + limit]
        return [Recorded(*row[:3], row.topic.decode(), row.state) for row in rows]

    def placed(self, ids: Sequence[UUID]) -> list[Recorded]:
        """The events of several streams with their positions, in order of position."""
        with self._lock:
            rows = [row for row in self._events if row.stream in set(ids)]
        return [Recorded(*row[:3], row.topic.decode(), row.state) for row in rows]

    def head(self) -> int:
        """Position of the last event, 0 when there is none."""
        return len(self._events)

    def wait(self, after: int, timeout: float) -> int:
        """The head, as soon as it is above `after`, or after `timeout` seconds."""
        return self._watch.wait(after, timeout)

    def decision(self, position: int) -> bytes | None:
        """The decision record beside an event."""
        return self._events[position - 1].decision if 0 < position <= len(self._events) else None

    def decided(self, after: int, until: int, topics: Sequence[str], other_than: bytes) -> list[Decided]:
        """Events of these topics in a stretch whose decision does not begin with `other_than`."""
        with self._lock:
            return [
                Decided(row.position, row.topic.decode(), row.state, row.decision)
                for row in self._events[after:until]
                if row.decision is not None and row.topic.decode() in topics and not row.decision.startswith(other_than)
            ]

    def last_of(self, topics: Sequence[str], after: int = 0) -> dict[UUID, int]:
        """Per stream the position of its last event of these topics, after a position."""
        with self._lock:
            return {row.stream: row.position for row in self._events[after:] if row.topic.decode() in topics}

    def cursor(self, follower: str) -> int:
        """How far a follower of the ledger came, 0 for a new one."""
        return self._cursors.get(follower, 0)

    def move_cursor(self, follower: str, position: int) -> None:
        """Remember how far a follower came."""
        self._cursors[follower] = position

    def sourced(self, source: str, id: str) -> tuple[bytes, Receipt] | None:
        """Digest and receipt of a message recorded before."""
        return self._sources.get((source, id))

    def access_records(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """The next at most `limit` records of the access log, with their numbers."""
        with self._lock:
            return list(enumerate(self._access[after : after + limit], after + 1))

    def access_found(
        self, sleutels: Sequence[str], between: tuple[int, int], limit: int, one_of: Sequence[str] = ()
    ) -> list[tuple[int, bytes]]:
        """The last at most `limit` access records with all these keys, and one of `one_of` if given; newest first."""
        with self._lock:
            numbers = set(range(1, len(self._access) + 1))
            for sleutel in sleutels:
                numbers &= set(self._index.get(sleutel, ()))
            if one_of:
                numbers &= {number for sleutel in one_of for number in self._index.get(sleutel, ())}
            within = sorted((one for one in numbers if between[0] < one < between[1]), reverse=True)
            return [(number, self._access[number - 1]) for number in within[:limit]]

    def access_series(self, casus: UUID) -> tuple[int, int]:
        """How many access records there are of a case, and the number of the last."""
        with self._lock:
            return self._series.get(casus, (0, 0))

    def keys(self, ids: Sequence[KeyId]) -> dict[KeyId, WrappedKey]:
        """The subject keys among `ids` that were ever made, destroyed ones included."""
        with self._lock:
            return {id: self._keys[id] for id in ids if id in self._keys}

    def destroy_key(self, id: KeyId, moment: datetime) -> bool:
        """Destroy a key, leaving its tombstone. False when it was gone already."""
        with self._lock:
            if id in self._keys and self._keys[id].wrapped is None:
                return False
            kek = self._keys[id].kek if id in self._keys else None
            self._keys[id] = WrappedKey(id, None, kek, moment)
            self._tombstones.append(id)
            return True

    def all_keys(self) -> list[WrappedKey]:
        """Every key ever made, in order of its owner."""
        with self._lock:
            return [self._keys[id] for id in sorted(self._keys)]

    def put_keys(self, rows: Sequence[tuple[bytes, WrappedKey]]) -> int:
        """Replace keys that are still wrapped as said; how many were."""
        with self._lock:
            current = [new for old, new in rows if self._keys[new.id].wrapped == old]
            self._keys.update({new.id: new for new in current})
            return len(current)

    def destroyed_since(self, tombstone: int) -> tuple[int, list[KeyId]]:
        """Keys destroyed after that tombstone, and the number of the last one."""
        with self._lock:
            return len(self._tombstones), self._tombstones[tombstone:]

    def frontier(self, log: str) -> Frontier:
        """The right edge of the log LEDGER_LOG or ACCESS_LOG."""
        return self._frontiers[log]

    def tiles(self, log: str) -> TileStore:
        """The stored tiles of a log; for reading."""
        return self._tiles[log]

    def leaf_data(self, log: str, after: int, limit: int) -> list[bytes]:
        """Leaf data of a log from index `after`."""
        if log == ACCESS_LOG:
            return [data for _, data in self.access_records(after, limit)]
        with self._lock:
            return [leaf_data(*row[:5], decision=row.decision) for row in self._events[after : after + limit]]

    def close(self) -> None:
        """Finish what was accepted."""
        self._writer.close()

    def _commit(self, changes: Sequence[Change]) -> list[Receipt | LedgerError]:
        with self._lock:
            versions = {stream: len(rows) for stream, rows in self._streams.items()}
            known = Known(versions, self._sources, self._keys, len(self._events), len(self._access), self._series)
            known.closed = frozenset(self.closed)
            planned = plan(changes, known, unsound(changes))
            self._grow(LEDGER_LOG, [row.leaf for row in planned.events])
            self._grow(ACCESS_LOG, [leaf_hash(record) for record in planned.access])
            self._events += planned.events
            self._access += planned.access
            self._series.update(planned.series)
            for sleutel, number in planned.index:
                self._index.setdefault(sleutel, []).append(number)
            self._keys.update(planned.keys)
            for row in planned.events:
                self._streams.setdefault(row.stream, []).append(row)
            for change, outcome in zip(changes, planned.outcomes, strict=True):
                if change.source is not None and isinstance(outcome, Receipt):
                    receipt = replace(outcome, access=())
                    self._sources[change.source.source, change.source.id] = (change.source.digest, receipt)
        for id, moment in planned.destroyed.items():
            self.destroy_key(id, moment)
        self._watch.advance(len(self._events))
        return planned.outcomes

    def _grow(self, log: str, leaves: Sequence[bytes]) -> None:
        self._frontiers[log] = extend(self._tiles[log], self._frontiers[log], leaves).frontier


def _stored(row: EventRow) -> StoredEvent:
    return StoredEvent(row.stream, row.version, row.topic.decode(), row.state)
