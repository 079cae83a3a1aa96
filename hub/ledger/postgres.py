"""The ledger in PostgreSQL: reads from a small pool, writes through the group commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg_pool import ConnectionPool, PoolTimeout

from hub.audit.access import Entry, Pending
from hub.audit.tiles import PostgresTiles, TileId, TileStore
from hub.audit.tree import Frontier
from hub.ledger.arrays import texts, uuids
from hub.ledger.commit import DESTROY, KEYS, SOURCES, PostgresCommit, configure, key_rows, source_rows
from hub.ledger.database import Database
from hub.ledger.follow import HeadWatch, Listener
from hub.ledger.plan import leaf_data
from hub.ledger.store import (
    ACCESS_LOG,
    Change,
    Decided,
    KeyId,
    LedgerError,
    LedgerUnavailable,
    Receipt,
    Recorded,
    WrappedKey,
)
from hub.ledger.writer import GroupCommit

MIGRATIONS = Path(__file__).parent / "migrations"
POOL_SIZE = 8
POOL_SECONDS = 5.0
Row = tuple[Any, ...]
T = TypeVar("T")

HEAD = "select coalesce(max(position), 0) from events"
STREAM = "select stream, version, topic, state from events where stream = %b and version > %b order by version"
STREAMS = "select stream, version, topic, state from events where stream = any(%b) order by stream, version"
PLACED = "select position, stream, version, topic, state from events where stream = any(%b) order by position"
READ = "select position, stream, version, topic, state from events where position > %b order by position limit %b"
LEAVES = (
    "select position, stream, version, topic, state, decision from events"
    " where position > %b order by position limit %b"
)
ACCESS = "select volgnummer, data from access_log where volgnummer > %b order by volgnummer limit %b"
ACCESS_BETWEEN = "select a.volgnummer, a.data from access_log a where a.volgnummer > %b and a.volgnummer < %b"
ACCESS_KEY = " and a.volgnummer in (select volgnummer from toegang_index where sleutel = hashtextextended(%b::text, 0))"
ACCESS_ONE_OF = (
    " and a.volgnummer in (select i.volgnummer from unnest(%b::text[]) as k"
    " join toegang_index i on i.sleutel = hashtextextended(k, 0))"
)
SERIES = "select aantal, laatste from casusreeksen where casus = %b"
DECIDED = (
    "select position, topic, state, decision from events where position > %b and position <= %b"
    " and decision is not null and topic = any(%b) and substring(decision from 1 for %b) <> %b order by position"
)
LAST_OF = "select stream, max(position) from events where position > %b and topic = any(%b) group by stream"
CURSOR = "select position from followers where follower = %b"
MOVE = (
    "insert into followers (follower, position) values (%s, %s)"
    " on conflict (follower) do update set position = excluded.position"
)
DESTROYED = "select tombstone, subject, spoor from subject_keys where tombstone > %b order by tombstone"
LOCK = "select pg_advisory_xact_lock(hashtext('signaalhub.ledger'))"


class PostgresLedger:
    """A LedgerStore on a migrated database."""

    def __init__(self, database: Database) -> None:
        self._revive = database.revive
        self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            database.dsn, min_size=1, max_size=POOL_SIZE, timeout=POOL_SECONDS, open=True, configure=_configure
        )
        self._pool.wait()
        self._watch = HeadWatch(self.head())
        self._listener = Listener(database.dsn, self._watch, self.head)
        self._committer = PostgresCommit(database.dsn, database.revive, self._watch.advance)
        self._writer = GroupCommit(self._committer)

    def append(self, change: Change) -> Receipt:
        """Record one change durably. Raises LedgerError."""
        (outcome,) = self.append_many((change,))
        if isinstance(outcome, LedgerError):
            raise outcome
        return outcome

    def append_many(self, changes: Sequence[Change]) -> list[Receipt | LedgerError]:
        """Record changes, each on its own. Raises LedgerUnavailable."""
        return self._writer.submit(changes).result()

    def append_access(self, records: Sequence[Entry]) -> list[int]:
        """Add records to the access log; durable when this returns. Raises LedgerUnavailable."""
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
        return [StoredEvent(*row) for row in self._rows(STREAM, (stream, after))]

    def streams(self, ids: Sequence[UUID]) -> dict[UUID, list[StoredEvent]]:
        """The events of several streams; an unknown stream has none."""
        found: dict[UUID, list[StoredEvent]] = {id: [] for id in ids}
        for row in self._rows(STREAMS, (uuids(found),)):
            found[row[0]].append(StoredEvent(*row))
        return found

    def read(self, after: int, limit: int) -> list[Recorded]:
        """The next at most `limit` events in order of position."""
        return [Recorded(*row) for row in self._rows(READ, (after, limit))]

    def placed(self, ids: Sequence[UUID]) -> list[Recorded]:
        """The events of several streams with their positions, in order of position."""
        return [Recorded(*row) for row in self._rows(PLACED, (uuids(ids),))]

    def head(self) -> int:
        """Position of the last event, 0 when there is none."""
        return int(self._rows(HEAD)[0][0])

    def wait(self, after: int, timeout: float) -> int:
        """The head, as soon as it is above `after`, or after `timeout` seconds."""
        self._listener.start()
        return self._watch.wait(after, timeout)

    def decision(self, position: int) -> bytes | None:
        """The decision record beside an event."""
        rows = self._rows("select decision from events where position = %b", (position,))
        return rows[0][0] if rows else None

    def decided(self, after: int, until: int, topics: Sequence[str], other_than: bytes) -> list[Decided]:
        """Events of these topics in a stretch whose decision does not begin with `other_than`."""
        rows = self._rows(DECIDED, (after, until, texts(topics), len(other_than), other_than))
        return [Decided(*row) for row in rows]

    def last_of(self, topics: Sequence[str], after: int = 0) -> dict[UUID, int]:
        """Per stream the position of its last event of these topics, after a position."""
        return {row[0]: row[1] for row in self._rows(LAST_OF, (after, texts(topics)))}

    def cursor(self, follower: str) -> int:
        """How far a follower of the ledger came, 0 for a new one."""
        rows = self._rows(CURSOR, (follower,))
        return int(rows[0][0]) if rows else 0

    def move_cursor(self, follower: str, position: int) -> None:
        """Remember how far a follower came; durable when this returns."""
        self._with_connection(lambda connection: connection.execute(MOVE, (follower, position)))

    def sourced(self, source: str, id: str) -> tuple[bytes, Receipt] | None:
        """Digest and receipt of a message recorded before."""
        return source_rows(self._rows(SOURCES, (texts([source]), texts([id])))).get((source, id))

    def access_records(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """The next at most `limit` records of the access log, with their numbers."""
        return [(row[0], row[1]) for row in self._rows(ACCESS, (after, limit))]

    def access_found(
        self, sleutels: Sequence[str], between: tuple[int, int], limit: int, one_of: Sequence[str] = ()
    ) -> list[tuple[int, bytes]]:
        """The last access records with all these keys, and one of `one_of` if given; compare the record itself."""
        query, values = ACCESS_BETWEEN, [*between]
        parameters: list[Any] = values
        for sleutel in sleutels:
            query, parameters = query + ACCESS_KEY, [*parameters, sleutel]
        if one_of:
            query, parameters = query + ACCESS_ONE_OF, [*parameters, texts(one_of)]
        rows = self._rows(query + " order by a.volgnummer desc limit %b", (*parameters, limit))
        return [(row[0], row[1]) for row in rows]

    def access_series(self, casus: UUID) -> tuple[int, int]:
        """How many access records there are of a case, and the number of the last."""
        rows = self._rows(SERIES, (casus,))
        return (rows[0][0], rows[0][1]) if rows else (0, 0)

    def keys(self, ids: Sequence[KeyId]) -> dict[KeyId, WrappedKey]:
        """The subject keys among `ids` that were ever made, destroyed ones included."""
        return key_rows(self._rows(KEYS, (uuids(id.subject for id in ids), texts(id.spoor for id in ids))))

    def destroy_key(self, id: KeyId, moment: datetime) -> bool:
        """Destroy a key, leaving its tombstone. False when it was gone already."""

        def destroy(connection: psycopg.Connection[Row]) -> bool:
            with connection.transaction():
                connection.execute(LOCK)
                return connection.execute(DESTROY, (id.subject, id.spoor, moment)).rowcount == 1

        destroyed = self._with_connection(destroy)
        if destroyed:
            self._with_connection(_vacuum_keys)
        return destroyed

    def destroyed_since(self, tombstone: int) -> tuple[int, list[KeyId]]:
        """Keys destroyed after that tombstone, and the number of the last one."""
        rows = self._rows(DESTROYED, (tombstone,))
        return (rows[-1][0] if rows else tombstone), [KeyId(row[1], row[2]) for row in rows]

    def frontier(self, log: str) -> Frontier:
        """The right edge of the log LEDGER_LOG or ACCESS_LOG."""
        return Frontier.from_bytes(self._rows("select frontier from log_heads where log = %b", (log,))[0][0])

    def tiles(self, log: str) -> TileStore:
        """The stored tiles of a log; for reading."""
        return _PooledTiles(self._with_connection, log)

    def leaf_data(self, log: str, after: int, limit: int) -> list[bytes]:
        """Leaf data of a log from index `after`."""
        if log == ACCESS_LOG:
            return [data for _, data in self.access_records(after, limit)]
        rows = self._rows(LEAVES, (after, limit))
        return [leaf_data(row[0], row[1], row[2], row[3].encode(), row[4], decision=row[5]) for row in rows]

    def close(self) -> None:
        """Finish what was accepted and let go of the database."""
        self._writer.close()
        self._committer.close()
        self._listener.close()
        self._pool.close()

    def _rows(self, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
        def fetch(connection: psycopg.Connection[Row]) -> list[Row]:
            return connection.cursor(binary=True).execute(query.encode(), parameters).fetchall()

        return self._with_connection(fetch)

    def _with_connection(self, use: Callable[[psycopg.Connection[Row]], T]) -> T:
        """Run once; again when the connection proved dead, for the server may have been restarted."""
        try:
            try:
                with self._pool.connection() as connection:
                    return use(connection)
            except (psycopg.OperationalError, PoolTimeout):
                self._revive()
                self._pool.check()
                with self._pool.connection() as connection:
                    return use(connection)
        except psycopg.Error as failure:
            raise LedgerUnavailable("the database does not answer") from failure


def _configure(connection: psycopg.Connection[Row]) -> None:
    """A single query needs no transaction around it: two round trips less."""
    connection.autocommit = True
    configure(connection)


def _vacuum_keys(connection: psycopg.Connection[Row]) -> None:
    """Take the old version of a destroyed key out of its table; the WAL holds it, wrapped, until recycled."""
    connection.execute("vacuum (truncate false) subject_keys")


class _PooledTiles:
    """The tiles of one log, each read on a connection of the pool."""

    def __init__(self, run: Callable[[Callable[[psycopg.Connection[Row]], Any]], Any], log: str) -> None:
        self._run, self._log = run, log

    def get(self, tiles: Sequence[TileId]) -> Mapping[TileId, bytes]:
        """The stored hashes of these tiles."""
        return dict(self._run(lambda connection: PostgresTiles(connection, self._log).get(tiles)))

    def put(self, tiles: Mapping[TileId, bytes]) -> None:
        """Refused: only the writer of the ledger grows its logs."""
        raise TypeError("the tiles of the ledger are grown by its writer only")
