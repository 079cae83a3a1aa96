"""Key epochs: after something was destroyed, the key over its data key goes as well, and no old copy opens it.

The write-ahead log, a dead row version and every backup hold data keys as they were wrapped. Whoever holds the
key-encryption key (KEK) of that time opens them. So an epoch ends: a new KEK wraps from now on, the keys of
the living are wrapped anew, and then the old KEK is destroyed. It may stop anywhere and go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import psycopg

from hub.ledger.arrays import byteas, register, texts, uuids
from hub.ledger.commit import LOCK
from hub.ledger.keys import EpochKeyStore, context
from hub.ledger.memory import MemoryLedger
from hub.ledger.store import KeyId, WrappedKey

PAGE = 5_000
STANDING = (
    "select kek, count(*) filter (where wrapped is not null), count(*) filter (where wrapped is null),"
    " min(destroyed_at) filter (where wrapped is null) from subject_keys where kek is not null group by kek"
)
LIVING = (
    "select subject, spoor, wrapped from subject_keys"
    " where kek = %b and wrapped is not null and (subject, spoor) > (%b, %b) order by subject, spoor limit %b"
)
REWRAP = (
    "update subject_keys k set wrapped = n.nieuw, kek = %b"
    " from unnest(%b::uuid[], %b::text[], %b::bytea[], %b::bytea[]) as n(subject, spoor, oud, nieuw)"
    " where k.subject = n.subject and k.spoor = n.spoor and k.wrapped = n.oud"
)
CLOSE = "insert into tijdvaksleutels (naam, gesloten_op) values (%b, %b) on conflict do nothing"
END = (
    "update tijdvaksleutels set vernietigd_op = %b where naam = %b and vernietigd_op is null"
    " and not exists (select from subject_keys where kek = %b and wrapped is not null)"
)
FIRST = KeyId(UUID(int=0), "")


@dataclass(frozen=True, slots=True)
class Epoch:
    """How one KEK stands. `living`, `destroyed`: data keys under it; `since`: first destruction under it."""

    kek: str
    living: int
    destroyed: int
    since: datetime | None
    closed: bool = False
    ended: bool = False


class EpochRows(Protocol):
    """The keys of a store by the KEK they lie under."""

    def epochs(self) -> list[Epoch]:
        """Every KEK that keys lie or lay under."""

    def close(self, kek: str, moment: datetime) -> None:
        """From now on no new key may be wrapped by it."""

    def living(self, kek: str, after: KeyId, limit: int) -> list[WrappedKey]:
        """The next keys under it, in order of their owners."""

    def rewrap(self, rows: Sequence[tuple[bytes, WrappedKey]]) -> int:
        """Replace keys that are still wrapped as said; how many were."""

    def end(self, kek: str, moment: datetime) -> bool:
        """Record that it is destroyed. False where a living key lies under it, or it was before."""


class PostgresEpochs:
    """EpochRows of a migrated database; each call has a connection of its own, for it is rare."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def epochs(self) -> list[Epoch]:
        """Every KEK that keys lie or lay under."""
        found = {row[0]: row for row in self._rows(STANDING)}
        closed = {row[0]: row[1] for row in self._rows("select naam, vernietigd_op from tijdvaksleutels")}
        return [_epoch(kek, found.get(kek), closed) for kek in sorted(found.keys() | closed.keys())]

    def close(self, kek: str, moment: datetime) -> None:
        """From now on no new key may be wrapped by it; the writer's lock lets no commit slip past."""
        self._write(CLOSE, (kek, moment))

    def living(self, kek: str, after: KeyId, limit: int) -> list[WrappedKey]:
        """The next keys under it, in order of their owners."""
        rows = self._rows(LIVING, (kek, after.subject, after.spoor, limit))
        return [WrappedKey(KeyId(subject, spoor), wrapped, kek) for subject, spoor, wrapped in rows]

    def rewrap(self, rows: Sequence[tuple[bytes, WrappedKey]]) -> int:
        """Replace keys that are still wrapped as said; how many were."""
        new = [row for _, row in rows]
        columns = (
            uuids(row.id.subject for row in new),
            texts(row.id.spoor for row in new),
            byteas(old for old, _ in rows),
            byteas(row.wrapped or b"" for row in new),
        )
        return self._write(REWRAP, (new[0].kek, *columns))

    def end(self, kek: str, moment: datetime) -> bool:
        """Record that it is destroyed. False where a living key lies under it, or it was before."""
        return self._write(END, (moment, kek, kek)) == 1

    def _rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            return connection.cursor(binary=True).execute(query.encode(), parameters).fetchall()

    def _write(self, query: str, parameters: Sequence[Any]) -> int:
        with psycopg.connect(self._dsn) as connection:
            register(connection)
            connection.execute(LOCK)
            return connection.execute(query.encode(), parameters).rowcount


class MemoryEpochs:
    """EpochRows of the ledger in memory, for tests."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger
        self._ended: dict[str, datetime] = {}

    def epochs(self) -> list[Epoch]:
        """Every KEK that keys lie or lay under."""
        found: dict[str, list[WrappedKey]] = {}
        for row in self._ledger.all_keys():
            if row.kek is not None:
                found.setdefault(row.kek, []).append(row)
        closed = {kek: self._ended.get(kek) for kek in self._ledger.closed}
        counted = {kek: (kek, *_counted(rows)) for kek, rows in found.items()}
        return [_epoch(kek, counted.get(kek), closed) for kek in sorted(found.keys() | closed.keys())]

    def close(self, kek: str, moment: datetime) -> None:
        """From now on no new key may be wrapped by it."""
        self._ledger.closed.add(kek)

    def living(self, kek: str, after: KeyId, limit: int) -> list[WrappedKey]:
        """The next keys under it, in order of their owners."""
        rows = [row for row in self._ledger.all_keys() if row.kek == kek and row.wrapped and row.id > after]
        return rows[:limit]

    def rewrap(self, rows: Sequence[tuple[bytes, WrappedKey]]) -> int:
        """Replace keys that are still wrapped as said; how many were."""
        return self._ledger.put_keys(rows)

    def end(self, kek: str, moment: datetime) -> bool:
        """Record that it is destroyed. False where a living key lies under it, or it was before."""
        if kek in self._ended or kek not in self._ledger.closed or self.living(kek, FIRST, 1):
            return False
        self._ended[kek] = moment
        return True


def _counted(rows: Sequence[WrappedKey]) -> tuple[int, int, datetime | None]:
    gone = [row.destroyed_at for row in rows if row.destroyed_at is not None]
    return len(rows) - len(gone), len(gone), min(gone, default=None)


def _epoch(kek: str, row: tuple[Any, ...] | None, closed: dict[str, datetime | None]) -> Epoch:
    _, living, destroyed, since = row or (kek, 0, 0, None)
    return Epoch(kek, living, destroyed, since, kek in closed, closed.get(kek) is not None)


def end_epoch(
    rows: EpochRows,
    key_store: EpochKeyStore,
    kek: str,
    moment: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """End an epoch: wrap its living keys anew, then destroy its KEK; how many were wrapped. It may go on half way.

    `EpochRows.end` is for the caller, once it is on record. Raises KeyStoreError. A backup of the database from
    before opens no key of this epoch any more: make a new one.
    """
    if key_store.names()[-1] == kek:
        key_store.renew(moment.date())
    rows.close(kek, moment)
    done, after = 0, FIRST
    while page := rows.living(kek, after, PAGE):
        done += rows.rewrap([(row.wrapped or b"", _anew(key_store, row)) for row in page])
        after = page[-1].id
        progress(done)
    if kek in key_store.names():
        if rows.living(kek, FIRST, 1):
            raise RuntimeError("a living key still lies under the epoch that ends")
        key_store.destroy(kek)
    return done


def _anew(key_store: EpochKeyStore, row: WrappedKey) -> WrappedKey:
    key = key_store.unwrap(row.kek or "", row.wrapped or b"", context(row.id))
    kek, wrapped = key_store.wrap(key, context(row.id))
    return WrappedKey(row.id, wrapped, kek)
