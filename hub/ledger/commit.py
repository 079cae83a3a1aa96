"""One transaction of the ledger in PostgreSQL: facts, decisions, sources, keys, access records and proofs.

Positions stay gapless without a table lock: whoever commits holds one advisory lock per database and
continues from the head rows, so positions become visible in order. What this process remembers of the
right edge and of stream versions is used only while the head rows say that nobody else wrote since.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import psycopg

from hub.audit.tiles import PostgresTiles, TileId, edge, grow
from hub.audit.tree import Frontier, leaf_hash
from hub.ledger.arrays import bigints, byteas, register, texts, uuids
from hub.ledger.follow import CHANNEL
from hub.ledger.plan import EventRow, Known, Plan, cases_of, plan, streams_of, unsound
from hub.ledger.store import (
    ACCESS_LOG,
    LEDGER_LOG,
    Change,
    KeyId,
    LedgerError,
    LedgerUnavailable,
    Receipt,
    WrappedKey,
)

Connection = psycopg.Connection[tuple[Any, ...]]
LOCK = "select pg_advisory_xact_lock(hashtext('signaalhub.ledger'))"
HEADS = "select log, frontier from log_heads"
VERSIONS = (
    "select s.id, coalesce((select max(version) from events e where e.stream = s.id), 0)"
    " from unnest(%b::uuid[]) as s(id)"
)
SOURCES = (
    "select s.source, s.id, s.digest, s.first_position, s.event_count, s.log_size,"
    " array(select leaf from events where position between s.first_position"
    " and s.first_position + s.event_count - 1 order by position)"
    " from sources s join unnest(%b::text[], %b::text[]) as wanted(source, id) using (source, id)"
)
KEYS = (
    "select k.subject, k.spoor, k.wrapped, k.kek, k.destroyed_at from subject_keys k"
    " join unnest(%b::uuid[], %b::text[]) as wanted(subject, spoor) using (subject, spoor)"
)
#: Key-encryption keys that wrap no more: what another process still wraps by one is refused.
CLOSED = "select naam from tijdvaksleutels"
COPY_EVENTS = "copy events (position, stream, version, topic, state, decision, leaf) from stdin (format binary)"
INSERT_EVENTS = (
    "insert into events (position, stream, version, topic, state, decision, leaf)"
    " select * from unnest(%b::bigint[], %b::uuid[], %b::int[], %b::text[],"
    " %b::bytea[], %b::bytea[], %b::bytea[])"
)
# Destroying takes the writer's lock, so that tombstones become visible in the order of their numbers.
DESTROY = (
    "insert into subject_keys (subject, spoor, destroyed_at, tombstone)"
    " values (%b, %b, %b, (select coalesce(max(tombstone), 0) + 1 from subject_keys))"
    " on conflict (subject, spoor) do update set wrapped = null,"
    " destroyed_at = excluded.destroyed_at, tombstone = excluded.tombstone"
    " where subject_keys.wrapped is not null"
)
INSERT_ACCESS = "insert into access_log (volgnummer, data) select * from unnest(%b::bigint[], %b::bytea[])"
INSERT_INDEX = (
    "insert into toegang_index (sleutel, volgnummer)"
    " select hashtextextended(k, 0), n from unnest(%b::text[], %b::bigint[]) as found(k, n) on conflict do nothing"
)
SERIES = "select casus, aantal, laatste from casusreeksen where casus = any(%b::uuid[])"
UPSERT_SERIES = (
    "insert into casusreeksen (casus, aantal, laatste) select * from unnest(%b::uuid[], %b::bigint[], %b::bigint[])"
    " on conflict (casus) do update set aantal = excluded.aantal, laatste = excluded.laatste"
)
INSERT_SOURCES = (
    "insert into sources (source, id, digest, first_position, event_count, log_size)"
    " select *, %b::bigint from unnest(%b::text[], %b::text[], %b::bytea[], %b::bigint[], %b::int[])"
)
INSERT_KEYS = (
    "insert into subject_keys (subject, spoor, kek, wrapped)"
    " select * from unnest(%b::uuid[], %b::text[], %b::text[], %b::bytea[])"
)
UPDATE_HEAD = "update log_heads set frontier = %b where log = %b"
NOTIFY = f"select pg_notify('{CHANNEL}', %b)"

COPY_FROM = 16  # below this many rows one more INSERT in the pipeline beats the round trips of COPY
REMEMBERED_STREAMS = 200_000
BACK_OFF = (0.1, 5.0)
_ROW_HEAD = struct.Struct(">hiqi16sii")
_COPY_HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_LENGTH = struct.Struct(">i")
_NULL = _LENGTH.pack(-1)
_LEAF_LENGTH = _LENGTH.pack(32)


def source_rows(rows: Sequence[tuple[Any, ...]]) -> dict[tuple[str, str], tuple[bytes, Receipt]]:
    """Answers of SOURCES: digest and receipt per source and id."""
    return {
        (source, id): (digest, Receipt(tuple(range(first, first + count)), tuple(leaves), size))
        for source, id, digest, first, count, size, leaves in rows
    }


def key_rows(rows: Sequence[tuple[Any, ...]]) -> dict[KeyId, WrappedKey]:
    """Answers of KEYS, destroyed keys included."""
    return {KeyId(row[0], row[1]): WrappedKey(KeyId(row[0], row[1]), row[2], row[3], row[4]) for row in rows}


def configure(connection: Connection) -> None:
    """Prepare a connection for the ledger's queries, each of which is a look-up in an index.

    Without statistics of a table that grows fast the planner reads it whole, and keeps to that plan.
    """
    register(connection)
    for path in ("seqscan", "hashjoin", "mergejoin"):
        connection.execute(f"set session enable_{path} = off")


class LogEdge:
    """The right edge of one log as this process last left it: the frontier and its unfinished tiles."""

    def __init__(self, log: str) -> None:
        self.log = log
        self.frontier = Frontier()
        self._tiles: Mapping[TileId, bytes] = {}

    def current(self, stored: bytes) -> bool:
        """Whether the stored head is the one remembered; otherwise remember that one."""
        if self.frontier.to_bytes() == stored:
            return True
        self.frontier, self._tiles = Frontier.from_bytes(stored), {}
        return False

    def extend(self, connection: Connection, leaf_hashes: Sequence[bytes]) -> None:
        """Append leaves, in the transaction of the connection."""
        if not leaf_hashes:
            return
        needed = edge(self.frontier, len(leaf_hashes))
        store = PostgresTiles(connection, self.log)
        if any(tile not in self._tiles for tile in needed):
            self._tiles = store.get(needed)
        growth = grow(self.frontier, self._tiles, leaf_hashes)
        store.put(growth.tiles)
        connection.execute(UPDATE_HEAD, (growth.frontier.to_bytes(), self.log))
        edges = edge(growth.frontier, 256**8)  # the unfinished tile of every level
        self._tiles = {tile: growth.tiles.get(tile, self._tiles.get(tile, b"")) for tile in edges}
        self._tiles = {tile: hashes for tile, hashes in self._tiles.items() if hashes}
        self.frontier = growth.frontier


class PostgresCommit:
    """Records groups of changes; used by one thread at a time."""

    def __init__(self, dsn: str, revive: Callable[[], None], committed: Callable[[int], None]) -> None:
        self._dsn, self._revive, self._committed = dsn, revive, committed
        self._connection: Connection | None = None
        self._delay, self._not_before = BACK_OFF[0], 0.0
        self._forget()

    def __call__(self, changes: Sequence[Change]) -> list[Receipt | LedgerError]:
        """Record a group: an outcome per change. Raises LedgerUnavailable; then nothing is acknowledged."""
        faults = unsound(changes)
        sound = [change for number, change in enumerate(changes) if number not in faults]
        try:
            try:
                connection = self._connected()
                known = self._begin(connection, sound)
            except psycopg.OperationalError:
                # The server may have been restarted since the last commit; nothing was written yet.
                self._lose()
                connection = self._connected()
                known = self._begin(connection, sound)
            planned = plan(changes, known, faults)
            self._finish(connection, planned, known)
        except psycopg.Error as failure:
            self._lose()
            raise LedgerUnavailable("the database failed; nothing is acknowledged") from failure
        except BaseException:
            self._lose()
            raise
        self._committed(known.head + len(planned.events))
        return planned.outcomes

    def close(self) -> None:
        """Let go of the connection."""
        self._lose()

    def _forget(self) -> None:
        self._ledger, self._access = LogEdge(LEDGER_LOG), LogEdge(ACCESS_LOG)
        self._versions: dict[Any, int] = {}

    def _lose(self) -> None:
        connection, self._connection = self._connection, None
        self._forget()
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def _connected(self) -> Connection:
        if self._connection is not None and not self._connection.closed:
            return self._connection
        if time.monotonic() < self._not_before:
            raise LedgerUnavailable("the database does not answer; trying again soon")
        try:
            try:
                self._connection = psycopg.connect(self._dsn)
            except psycopg.OperationalError:
                self._revive()
                self._connection = psycopg.connect(self._dsn)
        except Exception:
            self._not_before = time.monotonic() + self._delay
            self._delay = min(self._delay * 2, BACK_OFF[1])
            raise
        self._delay = BACK_OFF[0]
        configure(self._connection)
        self._connection.execute("set session synchronous_commit = on")
        self._connection.prepare_threshold = 2
        self._connection.commit()
        return self._connection

    def _begin(self, connection: Connection, changes: Sequence[Change]) -> Known:
        """Take the lock and look up all that the group names, in one round trip."""
        unknown = [stream for stream in streams_of(changes) if stream not in self._versions]
        sources = [change.source for change in changes if change.source is not None]
        keys = {key.id for change in changes for key in change.new_keys}
        cases = cases_of(changes)
        known = Known()
        with connection.pipeline():
            connection.execute(LOCK)
            heads = connection.cursor(binary=True).execute(HEADS)
            versions = connection.cursor(binary=True).execute(VERSIONS, (uuids(unknown),)) if unknown else None
            names = (texts(source.source for source in sources), texts(source.id for source in sources))
            sourced = connection.cursor(binary=True).execute(SOURCES, names) if sources else None
            wanted = (uuids(key.subject for key in keys), texts(key.spoor for key in keys))
            there = connection.cursor(binary=True).execute(KEYS, wanted) if keys else None
            closed = connection.cursor(binary=True).execute(CLOSED) if keys else None
            counted = connection.cursor(binary=True).execute(SERIES, (uuids(cases),)) if cases else None
        frontiers: dict[str, bytes] = dict(heads.fetchall())
        self._access.current(frontiers[ACCESS_LOG])
        if not self._ledger.current(frontiers[LEDGER_LOG]):
            self._versions = {}
            versions = connection.cursor(binary=True).execute(VERSIONS, (uuids(streams_of(changes)),))
        if versions is not None:
            self._versions.update(versions.fetchall())
        known.versions = self._versions
        known.sources = source_rows(sourced.fetchall()) if sourced is not None else {}
        known.keys = key_rows(there.fetchall()) if there is not None else {}
        known.closed = frozenset(row[0] for row in closed.fetchall()) if closed is not None else frozenset()
        known.series = {row[0]: (row[1], row[2]) for row in counted.fetchall()} if counted is not None else {}
        known.head, known.access_head = self._ledger.frontier.size, self._access.frontier.size
        return known

    def _finish(self, connection: Connection, planned: Plan, known: Known) -> None:
        """Write the plan and make it durable."""
        if len(planned.events) >= COPY_FROM:
            with connection.cursor().copy(COPY_EVENTS) as copy:
                copy.write(copy_rows(planned.events))
        with connection.pipeline():
            if 0 < len(planned.events) < COPY_FROM:
                columns = [list(column) for column in zip(*planned.events, strict=True)]
                columns[3] = [topic.decode() for topic in columns[3]]
                connection.execute(INSERT_EVENTS, columns)
            size = known.head + len(planned.events)
            self._write_around(connection, planned, size, known.access_head)
            self._ledger.extend(connection, [row.leaf for row in planned.events])
            self._access.extend(connection, [leaf_hash(record) for record in planned.access])
            if planned.events:
                connection.execute(NOTIFY, (str(size),))
            connection.commit()
        self._versions.update(planned.versions)
        if len(self._versions) > REMEMBERED_STREAMS:
            self._versions = {}

    def _write_around(self, connection: Connection, planned: Plan, size: int, access_head: int) -> None:
        if planned.access:
            numbers = range(access_head + 1, access_head + 1 + len(planned.access))
            connection.execute(INSERT_ACCESS, (bigints(numbers), byteas(planned.access)))
        if planned.index:
            found = texts(key for key, _ in planned.index), bigints(number for _, number in planned.index)
            connection.execute(INSERT_INDEX, found)
        if planned.series:
            places = planned.series.values()
            counts = bigints(count for count, _ in places), bigints(last for _, last in places)
            connection.execute(UPSERT_SERIES, (uuids(planned.series), *counts))
        if planned.sources:
            keys = [row.key for row in planned.sources]
            connection.execute(
                INSERT_SOURCES,
                (
                    size,
                    texts(key.source for key in keys),
                    texts(key.id for key in keys),
                    byteas(key.digest for key in keys),
                    bigints(row.first for row in planned.sources),
                    bigints(row.event_count for row in planned.sources),
                ),
            )
        for id, moment in planned.destroyed.items():
            connection.execute(DESTROY, (id.subject, id.spoor, moment))
        if planned.keys:
            rows = list(planned.keys.values())
            ids = [row.id for row in rows]
            connection.execute(
                INSERT_KEYS,
                (
                    uuids(id.subject for id in ids),
                    texts(id.spoor for id in ids),
                    texts(row.kek or "" for row in rows),
                    byteas(row.wrapped or b"" for row in rows),
                ),
            )


def copy_rows(rows: Sequence[EventRow]) -> bytes:
    """Rows in PostgreSQL's binary COPY format, in one buffer."""
    head, length = _ROW_HEAD.pack, _LENGTH.pack
    parts = [_COPY_HEAD]
    for position, stream, version, topic, state, decision, leaf in rows:
        parts += (head(7, 8, position, 16, stream.bytes, 4, version), length(len(topic)), topic)
        parts += (length(len(state)), state)
        parts += (_NULL,) if decision is None else (length(len(decision)), decision)
        parts += (_LEAF_LENGTH, leaf)
    parts.append(b"\xff\xff")
    return b"".join(parts)
