"""Where sessions are kept: by the digest of their name, sealed, with an end that moves and one that does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from psycopg import Connection
from psycopg_pool import ConnectionPool

_FIND = "select inhoud from console_sessie where digest = %(key)s and verloopt > %(now)s"
_FIND_AND_STAY = (
    "update console_sessie set verloopt = least(%(until)s, uiterlijk)"
    " where digest = %(key)s and verloopt > %(now)s returning inhoud"
)
_CHANGE = "update console_sessie set inhoud = %(value)s where digest = %(key)s and verloopt > %(now)s returning inhoud"


class Store(Protocol):
    """Keeps sealed values. `key`: 32 bytes; `marks`: 32 bytes each, by which several values are found at once."""

    def put(self, key: bytes, value: bytes, until: datetime, limit: datetime, marks: Sequence[bytes]) -> None:
        """Keep a new value. `limit`: the end that nothing moves."""

    def find(self, key: bytes, now: datetime, until: datetime | None) -> bytes | None:
        """The value, if it has not ended. `until`: its end from now on, never after its limit; None leaves it."""

    def change(self, key: bytes, value: bytes, now: datetime) -> bool:
        """Another value in its place; False where it has ended."""

    def take(self, key: bytes, now: datetime) -> bytes | None:
        """The value, and it is gone."""

    def drop(self, mark: bytes) -> int:
        """All values with this mark are gone; how many there were."""

    def count(self, mark: bytes, now: datetime) -> int:
        """How many values with this mark have not ended."""


@dataclass(frozen=True, slots=True)
class _Kept:
    value: bytes
    until: datetime
    limit: datetime
    marks: tuple[bytes, ...]


class MemoryStore:
    """The twin for tests: forgets at a restart."""

    def __init__(self) -> None:
        self._kept: dict[bytes, _Kept] = {}

    def put(self, key: bytes, value: bytes, until: datetime, limit: datetime, marks: Sequence[bytes]) -> None:
        self._kept[key] = _Kept(value, min(until, limit), limit, tuple(marks))

    def find(self, key: bytes, now: datetime, until: datetime | None) -> bytes | None:
        found = self._lasting(key, now)
        if found is not None and until is not None:
            self._kept[key] = replace(found, until=min(until, found.limit))
        return found.value if found else None

    def change(self, key: bytes, value: bytes, now: datetime) -> bool:
        found = self._lasting(key, now)
        if found is not None:
            self._kept[key] = replace(found, value=value)
        return found is not None

    def take(self, key: bytes, now: datetime) -> bytes | None:
        found = self._lasting(key, now)
        self._kept.pop(key, None)
        return found.value if found else None

    def drop(self, mark: bytes) -> int:
        gone = [key for key, one in self._kept.items() if mark in one.marks]
        for key in gone:
            del self._kept[key]
        return len(gone)

    def count(self, mark: bytes, now: datetime) -> int:
        return sum(mark in one.marks and one.until > now for one in self._kept.values())

    def _lasting(self, key: bytes, now: datetime) -> _Kept | None:
        found = self._kept.get(key)
        return found if found is not None and found.until > now else None


class PostgresStore:
    """In table console_sessie. Several hubs on one database share it."""

    def __init__(self, pool: ConnectionPool[Connection[tuple[Any, ...]]]) -> None:
        self._pool = pool

    def put(self, key: bytes, value: bytes, until: datetime, limit: datetime, marks: Sequence[bytes]) -> None:
        """What is over goes at the same time."""
        with self._pool.connection() as connection:
            connection.execute("delete from console_sessie where verloopt <= now()")
            connection.execute(
                "insert into console_sessie (digest, inhoud, verloopt, uiterlijk, merken)"
                " values (%s, %s, least(%s, %s), %s, %s)",
                (key, value, until, limit, limit, list(marks)),
            )

    def find(self, key: bytes, now: datetime, until: datetime | None) -> bytes | None:
        if until is None:
            return self._value(_FIND, key=key, now=now)
        return self._value(_FIND_AND_STAY, key=key, now=now, until=until)

    def change(self, key: bytes, value: bytes, now: datetime) -> bool:
        return self._value(_CHANGE, key=key, value=value, now=now) is not None

    def take(self, key: bytes, now: datetime) -> bytes | None:
        with self._pool.connection() as connection:
            found = connection.execute(
                "delete from console_sessie where digest = %s returning inhoud, verloopt", (key,)
            ).fetchone()
        return found[0] if found and found[1] > now else None

    def drop(self, mark: bytes) -> int:
        with self._pool.connection() as connection:
            return connection.execute("delete from console_sessie where merken @> %s", ([mark],)).rowcount

    def count(self, mark: bytes, now: datetime) -> int:
        with self._pool.connection() as connection:
            found = connection.execute(
                "select count(*) from console_sessie where merken @> %s and verloopt > %s", ([mark], now)
            ).fetchone()
        return found[0] if found else 0

    def _value(self, sql: str, **values: object) -> bytes | None:
        with self._pool.connection() as connection:
            found = connection.execute(sql, values).fetchone()
        return found[0] if found else None
