"""Sessions of people, kept on our side: the browser holds a random name and nothing else."""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from psycopg import Connection
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

#: After this without a page, and in the end, one signs in again. Source: BIO2 8.05; OpenID.NLGov 1.0.
IDLE = timedelta(minutes=20)
WHOLE = timedelta(hours=8)
#: How long a sign-in may take at the provider.
SIGN_IN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Sessie:
    """Somebody who is signed in. `zetel`: the one hat she wears, empty until she chose.

    `sleutel`: what each form must bring back. `taal`: `nl` or `en`. `tot`: the end, whatever she does.
    """

    sub: str
    naam: str
    zetels: tuple[str, ...]
    sleutel: str
    tot: datetime
    zetel: str = ""
    taal: str = "nl"


@dataclass(frozen=True, slots=True)
class Aanmelding:
    """A sign-in on its way. `verifier`: of PKCE; `nonce`: what the id token must say; `naar`: the page wanted."""

    nonce: str
    verifier: str
    naar: str


class Store(Protocol):
    """Keeps values by a name that only a digest is kept of."""

    def put(self, name: str, value: dict[str, Any], until: datetime) -> None: ...

    def get(self, name: str, now: datetime) -> dict[str, Any] | None: ...

    def take(self, name: str, now: datetime) -> dict[str, Any] | None:
        """The same, and it is gone."""


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, sub: str, naam: str, zetels: tuple[str, ...], nu: datetime) -> tuple[str, Sessie]:
        """A new session and its name; never a name that came from outside."""
        only = zetels[0] if len(zetels) == 1 else ""
        made = Sessie(sub, naam, zetels, secrets.token_urlsafe(32), nu + WHOLE, only)
        name = secrets.token_urlsafe(32)
        self.keep(name, made, nu)
        return name, made

    def keep(self, name: str, sessie: Sessie, nu: datetime) -> None:
        """Store it as it is now, until it is idle for too long."""
        value = asdict(sessie) | {"tot": sessie.tot.isoformat()}
        self._store.put("sessie:" + name, value, min(nu + IDLE, sessie.tot))

    def find(self, name: str, nu: datetime, *, stays: bool = True) -> Sessie | None:
        """The session of this name while it lasts. `stays`: being looked for keeps it alive."""
        value = self._store.get("sessie:" + name, nu)
        if value is None:
            return None
        found = Sessie(**value | {"tot": datetime.fromisoformat(value["tot"]), "zetels": tuple(value["zetels"])})
        if stays:
            self.keep(name, found, nu)
        return found

    def end(self, name: str, nu: datetime) -> None:
        self._store.take("sessie:" + name, nu)

    def renamed(self, name: str, sessie: Sessie, nu: datetime, **changed: Any) -> str:
        """The session changed and under a new name, as when somebody takes another hat."""
        self.end(name, nu)
        fresh = secrets.token_urlsafe(32)
        self.keep(fresh, replace(sessie, **changed), nu)
        return fresh

    def expect(self, aanmelding: Aanmelding, nu: datetime) -> str:
        """A sign-in begins; the name under which it comes back."""
        name = secrets.token_urlsafe(32)
        self._store.put("aanmelding:" + name, asdict(aanmelding), nu + SIGN_IN)
        return name

    def expected(self, name: str, nu: datetime) -> Aanmelding | None:
        """The sign-in of this name; it counts once."""
        value = self._store.take("aanmelding:" + name, nu)
        return Aanmelding(**value) if value else None


class MemoryStore:
    """The twin for tests: forgets at a restart."""

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[dict[str, Any], datetime]] = {}

    def put(self, name: str, value: dict[str, Any], until: datetime) -> None:
        self._kept[_digest(name)] = (value, until)

    def get(self, name: str, now: datetime) -> dict[str, Any] | None:
        value, until = self._kept.get(_digest(name), (None, now))
        return value if until > now else None

    def take(self, name: str, now: datetime) -> dict[str, Any] | None:
        found = self.get(name, now)
        self._kept.pop(_digest(name), None)
        return found


class PostgresStore:
    """In table console_sessie. Several hubs on one database share it."""

    def __init__(self, pool: ConnectionPool[Connection[tuple[Any, ...]]]) -> None:
        self._pool = pool

    def put(self, name: str, value: dict[str, Any], until: datetime) -> None:
        with self._pool.connection() as connection:
            connection.execute(
                "insert into console_sessie (digest, inhoud, verloopt) values (%s, %s, %s)"
                " on conflict (digest) do update set inhoud = excluded.inhoud, verloopt = excluded.verloopt",
                (_digest(name), Jsonb(value), until),
            )

    def get(self, name: str, now: datetime) -> dict[str, Any] | None:
        with self._pool.connection() as connection:
            found = connection.execute(
                "select inhoud from console_sessie where digest = %s and verloopt > %s", (_digest(name), now)
            ).fetchone()
        return found[0] if found else None

    def take(self, name: str, now: datetime) -> dict[str, Any] | None:
        with self._pool.connection() as connection:
            found = connection.execute(
                "delete from console_sessie where digest = %s returning inhoud, verloopt", (_digest(name),)
            ).fetchone()
            connection.execute("delete from console_sessie where verloopt <= %s", (now,))
        return found[0] if found and found[1] > now else None


def _digest(name: str) -> bytes:
    return sha256(name.encode()).digest()
