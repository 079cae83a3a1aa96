"""How an agency's system proves who it is: OAuth client credentials with a signed assertion.

Source: NL GOV Assurance profile for OAuth 2.0; RFC 7523.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: What an agency's system needs, and no more.
SUBMIT = "signalen.aanleveren"
_ASSERTION_LIFE = timedelta(seconds=60)
_MARGIN = timedelta(seconds=30)


class NotAuthorised(Exception):
    """The hub gave no token; the message says what to do and holds no secret."""


class TokenSource(Protocol):
    """Gives a bearer token for one seat."""

    def token(self, zetel: str) -> str:
        """Raises NotAuthorised; httpx.TransportError where the hub cannot be reached."""
        ...

    def forget(self, zetel: str) -> None:
        """The hub refused this token; the next one is new."""
        ...


class PrivateKeyJwt:
    """A token per seat, kept until shortly before it ends. `client_id`: OIN and system, parted by a colon."""

    def __init__(
        self,
        client: httpx.Client,
        *,
        token_url: str,
        client_id: str,
        key: bytes,
        now: Callable[[], datetime],
        new_id: Callable[[], UUID],
        key_id: str | None = None,
        scope: str = SUBMIT,
    ) -> None:
        """`key`: private key in PEM, elliptic (ES256) or RSA (PS256). Raises ValueError for any other."""
        private = load_pem_private_key(key, password=None)
        if not isinstance(private, EllipticCurvePrivateKey | RSAPrivateKey):
            raise ValueError("deze sleutel is geen EC- of RSA-sleutel")
        self._key = private
        self._algorithm = "ES256" if isinstance(private, EllipticCurvePrivateKey) else "PS256"
        self._headers = {"kid": key_id} if key_id else None
        self._client, self._token_url, self._client_id = client, token_url, client_id
        self._now, self._new_id, self._scope = now, new_id, scope
        self._kept: dict[str, tuple[str, datetime]] = {}

    def token(self, zetel: str) -> str:
        kept = self._kept.get(zetel)
        if kept is not None and self._now() < kept[1]:
            return kept[0]
        asked_at = self._now()
        answer = self._client.post(self._token_url, data=self._form(zetel, asked_at))
        if answer.status_code in (429, 502, 503, 504):
            raise httpx.ConnectError("tokendienst tijdelijk niet beschikbaar")
        if answer.status_code != httpx.codes.OK:
            raise NotAuthorised(f"de hub geeft geen token voor deze zetel (status {answer.status_code})")
        body = answer.json()
        ends = asked_at + timedelta(seconds=int(body.get("expires_in", 60))) - _MARGIN
        self._kept[zetel] = (str(body["access_token"]), ends)
        return self._kept[zetel][0]

    def forget(self, zetel: str) -> None:
        self._kept.pop(zetel, None)

    def _form(self, zetel: str, moment: datetime) -> dict[str, str]:
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._token_url,
            "jti": str(self._new_id()),
            "iat": int(moment.timestamp()),
            "exp": int((moment + _ASSERTION_LIFE).timestamp()),
        }
        assertion = jwt.encode(claims, self._key, algorithm=self._algorithm, headers=self._headers)
        return {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
            "scope": self._scope,
            "zetel": zetel,
        }


class FixedToken:
    """One token for every seat, for a hub that was given it by hand."""

    def __init__(self, value: str) -> None:
        self._value = value

    def token(self, zetel: str) -> str:
        return self._value

    def forget(self, zetel: str) -> None:
        raise NotAuthorised("de hub weigert dit token")
