"""Sessions of people, kept on our side: the browser holds a random name and nothing else.

What is kept is sealed under that name, so whoever reads the store learns neither who is signed in nor how to be her.
"""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.console.entrance.session_store import Store

#: After this without a page, and in the end, one signs in again. Source: BIO2 8.05; OpenID.NLGov 1.0.
IDLE = timedelta(minutes=20)
WHOLE = timedelta(hours=8)
#: How long a sign-in may take at the provider.
SIGN_IN = timedelta(minutes=10)
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Persoon:
    """Who signed in, as the provider says. `zetels`: the hats her organisation gives her.

    `sid`: her session at the provider, empty where it names none. `hernieuwing`: with what it can be asked again
    whether all this still holds (a refresh token), empty where it gave none.
    """

    sub: str
    naam: str
    zetels: tuple[str, ...]
    sid: str = ""
    hernieuwing: str = ""


@dataclass(frozen=True, slots=True)
class Sessie:
    """Somebody who is signed in. `zetel`: the one hat she wears, empty until she chose.

    `sleutel`: what each form must bring back. `tot`: the end, whatever she does. `bevestigd`: when the provider last
    said that she is who she is and has these hats. `taal`: `nl` or `en`.
    """

    sub: str
    naam: str
    zetels: tuple[str, ...]
    sleutel: str
    tot: datetime
    bevestigd: datetime
    hernieuwing: str = ""
    sid: str = ""
    zetel: str = ""
    taal: str = "nl"


@dataclass(frozen=True, slots=True)
class Aanmelding:
    """A sign-in on its way. `verifier`: of PKCE; `nonce`: what the id token must say; `naar`: the page wanted."""

    nonce: str
    verifier: str
    naar: str


class Sessions:
    """Begins, finds, changes and ends sessions. What has ended never comes back by a request that was on its way."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, persoon: Persoon, nu: datetime) -> str:
        """A new session; its name, never one that came from outside."""
        only = persoon.zetels[0] if len(persoon.zetels) == 1 else ""
        sub, naam, zetels = persoon.sub, persoon.naam, persoon.zetels
        made = Sessie(sub, naam, zetels, _fresh(), nu + WHOLE, nu, persoon.hernieuwing, persoon.sid, only)
        return self._begun(made, nu)

    def find(self, name: str, nu: datetime, *, stays: bool = True) -> Sessie | None:
        """The session of this name while it lasts. `stays`: being looked for keeps it alive."""
        key = _key("sessie", name)
        found = self._store.find(key, nu, nu + IDLE if stays else None)
        value = _opened("sessie", name, found) if found else None
        if value is None:
            return None
        moments = {one: datetime.fromisoformat(value[one]) for one in ("tot", "bevestigd")}
        return Sessie(**value | moments | {"zetels": tuple(value["zetels"])})

    def change(self, name: str, sessie: Sessie, nu: datetime, **changed: Any) -> Sessie | None:
        """The session changed under its own name; None where it has ended meanwhile."""
        made = replace(sessie, **changed)
        kept = self._store.change(_key("sessie", name), _sealed("sessie", name, made), nu)
        return made if kept else None

    def wears(self, name: str, sessie: Sessie, zetel: str, nu: datetime) -> str | None:
        """Another hat: the session gets another name, and forms that were open under the old hat are void.

        Answers the name; None where the session has ended meanwhile.
        """
        if self._store.take(_key("sessie", name), nu) is None:
            return None
        return self._begun(replace(sessie, zetel=zetel, sleutel=_fresh()), nu)

    def end(self, name: str, nu: datetime) -> None:
        self._store.take(_key("sessie", name), nu)

    def end_all_of(self, sub: str, sid: str = "") -> int:
        """End all sessions of a person, or those of one sign-in of hers at the provider; how many there were."""
        return self._store.drop(_key("sid", sid) if sid else _key("sub", sub))

    def count_of(self, sub: str, nu: datetime) -> int:
        """How many sessions a person has."""
        return self._store.count(_key("sub", sub), nu)

    def expect(self, aanmelding: Aanmelding, nu: datetime) -> str:
        """A sign-in begins; the name under which it comes back."""
        name, until = _fresh(), nu + SIGN_IN
        self._store.put(_key("aanmelding", name), _sealed("aanmelding", name, aanmelding), until, until, ())
        return name

    def expected(self, name: str, nu: datetime) -> Aanmelding | None:
        """The sign-in of this name; it counts once."""
        found = self._store.take(_key("aanmelding", name), nu)
        value = _opened("aanmelding", name, found) if found else None
        return Aanmelding(**value) if value else None

    def first_time(self, jti: str, until: datetime, nu: datetime) -> bool:
        """Whether a message of the provider that counts once was not here before."""
        key = _key("afmelding", jti)
        if self._store.find(key, nu, None) is not None:
            return False
        self._store.put(key, b"", until, until, ())
        return True

    def _begun(self, sessie: Sessie, nu: datetime) -> str:
        name = _fresh()
        marks = [_key("sub", sessie.sub), *([_key("sid", sessie.sid)] if sessie.sid else [])]
        content, until = _sealed("sessie", name, sessie), min(nu + IDLE, sessie.tot)
        self._store.put(_key("sessie", name), content, until, sessie.tot, marks)
        return name


def _fresh() -> str:
    return secrets.token_urlsafe(32)


def _key(kind: str, name: str) -> bytes:
    return sha256(f"{kind}:{name}".encode()).digest()


def _cipher(kind: str, name: str) -> AESGCM:
    """A name is 32 random bytes, so that its digest is a key."""
    return AESGCM(_key(f"zegel:{kind}", name))


def _sealed(kind: str, name: str, value: Sessie | Aanmelding) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(kind, name).encrypt(nonce, orjson.dumps(asdict(value)), _key(kind, name))


def _opened(kind: str, name: str, sealed: bytes) -> dict[str, Any]:
    nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    value: dict[str, Any] = orjson.loads(_cipher(kind, name).decrypt(nonce, content, _key(kind, name)))
    return value
