"""Client assertions count once. Source: OAuth NL profile 1.1; RFC 7523, 3 (jti)."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from psycopg import Connection
from psycopg_pool import ConnectionPool

MIGRATIONS = Path(__file__).parent / "migrations"


class JtiStore(Protocol):
    """Remembers which assertions were used, for as long as they could be used again."""

    def use(self, client: str, jti: str, expires: datetime, now: datetime) -> bool:
        """True the first time for this client and jti; durable before it answers."""


def _digest(client: str, jti: str) -> bytes:
    return sha256(f"{len(client)}:{client}{jti}".encode()).digest()


class MemoryJtis:
    """The twin for tests: forgets at a restart."""

    def __init__(self) -> None:
        self._used: dict[bytes, datetime] = {}

    def use(self, client: str, jti: str, expires: datetime, now: datetime) -> bool:
        self._used = {digest: until for digest, until in self._used.items() if until > now}
        digest = _digest(client, jti)
        if digest in self._used:
            return False
        self._used[digest] = expires
        return True


class PostgresJtis:
    """In table oauth_jti. Several hubs on one database share it: an assertion counts at one of them."""

    def __init__(self, pool: ConnectionPool[Connection[tuple[object, ...]]]) -> None:
        self._pool = pool

    def use(self, client: str, jti: str, expires: datetime, now: datetime) -> bool:
        with self._pool.connection() as connection:
            connection.execute("delete from oauth_jti where expires <= %s", (now,))
            done = connection.execute(
                "insert into oauth_jti (digest, expires) values (%s, %s) on conflict do nothing",
                (_digest(client, jti), expires),
            )
            return done.rowcount == 1
