"""The checkpoints that were handed out, and how each witness stands: kept, so that every process tells the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from hub.audit.witnesses import Stand
from hub.ledger.store import LedgerUnavailable

POOL_SECONDS = 5.0
Row = tuple[Any, ...]

PUT = (
    "insert into controlepunten (log, getuigd, grootte, notitie, tijdstip) values (%s, %s, %s, %s, %s)"
    " on conflict (log, getuigd) do update set grootte = excluded.grootte, notitie = excluded.notitie,"
    " tijdstip = excluded.tijdstip where controlepunten.grootte <= excluded.grootte"
)
STAND = (
    "insert into getuigen (log, getuige, stand, grootte, tijdstip, getekend_op) values (%s, %s, %s, %s, %s, %s)"
    " on conflict (log, getuige) do update set stand = excluded.stand, tijdstip = excluded.tijdstip,"
    " grootte = coalesce(excluded.grootte, getuigen.grootte),"
    " getekend_op = coalesce(excluded.getekend_op, getuigen.getekend_op)"
)


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint as handed out: signed by the log, cosigned by who answered. `at`: when it was signed, UTC."""

    note: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a witness (its vkey) stands. `size`, `signed_at`: what it last cosigned, None before that."""

    witness: str
    stand: Stand
    at: datetime
    size: int | None = None
    signed_at: datetime | None = None


class PublishedStore(Protocol):
    """Where it is kept. Raises LedgerUnavailable."""

    def latest(self, log: str) -> Published | None:
        """The newest checkpoint handed out."""

    def witnessed(self, log: str) -> Published | None:
        """The newest one that had its quorum."""

    def put(self, log: str, published: Published, witnessed: bool, standings: Sequence[Standing]) -> None:
        """Keep a checkpoint, unless a larger one is kept, and how its witnesses stand."""

    def standings(self, log: str) -> dict[str, Standing]:
        """How each witness stood when last asked, by vkey."""


class MemoryPublished:
    """A PublishedStore for tests."""

    def __init__(self) -> None:
        self._points: dict[tuple[str, bool], Published] = {}
        self._standings: dict[str, dict[str, Standing]] = {}

    def latest(self, log: str) -> Published | None:
        return self._points.get((log, False))

    def witnessed(self, log: str) -> Published | None:
        return self._points.get((log, True))

    def put(self, log: str, published: Published, witnessed: bool, standings: Sequence[Standing]) -> None:
        for key in [(log, False), (log, True)][: 2 if witnessed else 1]:
            kept = self._points.get(key)
            if kept is None or kept.size <= published.size:
                self._points[key] = published
        known = self._standings.setdefault(log, {})
        for one in standings:
            before = known.get(one.witness, one)
            size = before.size if one.size is None else one.size
            known[one.witness] = Standing(one.witness, one.stand, one.at, size, one.signed_at or before.signed_at)

    def standings(self, log: str) -> dict[str, Standing]:
        return dict(self._standings.get(log, {}))


class PostgresPublished:
    """A PublishedStore in the tables `controlepunten` and `getuigen`; connects when first asked."""

    def __init__(self, dsn: str) -> None:
        self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            dsn, min_size=0, max_size=2, timeout=POOL_SECONDS, open=True, check=ConnectionPool.check_connection
        )

    def latest(self, log: str) -> Published | None:
        return self._point(log, False)

    def witnessed(self, log: str) -> Published | None:
        return self._point(log, True)

    def put(self, log: str, published: Published, witnessed: bool, standings: Sequence[Standing]) -> None:
        kinds = [False, True] if witnessed else [False]
        points = [(log, kind, published.size, published.note, published.at) for kind in kinds]
        stands = [(log, one.witness, one.stand.value, one.size, one.at, one.signed_at) for one in standings]
        try:
            with self._pool.connection() as connection, connection.cursor() as cursor:
                cursor.executemany(PUT, points)
                if stands:
                    cursor.executemany(STAND, stands)
        except (psycopg.Error, PoolTimeout) as failure:
            raise LedgerUnavailable("the database does not answer") from failure

    def standings(self, log: str) -> dict[str, Standing]:
        rows = self._rows("select getuige, stand, tijdstip, grootte, getekend_op from getuigen where log = %s", (log,))
        return {row[0]: Standing(row[0], Stand(row[1]), *row[2:]) for row in rows}

    def close(self) -> None:
        """Let go of the database."""
        self._pool.close()

    def _point(self, log: str, witnessed: bool) -> Published | None:
        query = "select notitie, grootte, tijdstip from controlepunten where log = %s and getuigd = %s"
        rows = self._rows(query, (log, witnessed))
        return Published(*rows[0]) if rows else None

    def _rows(self, query: str, parameters: Sequence[Any]) -> list[Row]:
        try:
            with self._pool.connection() as connection:
                return connection.execute(query.encode(), parameters).fetchall()
        except (psycopg.Error, PoolTimeout) as failure:
            raise LedgerUnavailable("the database does not answer") from failure
