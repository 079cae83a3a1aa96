"""Signing in: OpenID Connect with a code, PKCE and a signed client assertion; a second factor is asked for.

Source: OpenID.NLGov 1.0; RFC 7636, 7523, 9700; BIO2 5.17.01.
"""

import secrets
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import httpx
import jwt
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT

from hub.console.sessions import Aanmelding

with warnings.catch_warnings():
    # It asks for the successor of httpx, which is not what the rest of the hub has; nobody at a terminal can help it.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

ALGORITHMS = ("PS256", "RS256", "ES256")
LEEWAY_SECONDS = 10
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "sc", "fido"})


class SignInFailed(Exception):
    """Somebody did not get in; the message is for the operational log and holds nothing of the person."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in. Addresses as its discovery document gives them."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str


@dataclass(frozen=True, slots=True)
class Persoon:
    """Who signed in, as the provider says. `zetels`: the hats her organisation gives her."""

    sub: str
    naam: str
    zetels: tuple[str, ...]


class Keys(Protocol):
    """The public keys of the provider."""

    def key(self, kid: str) -> jwt.PyJWK | None: ...


@dataclass(frozen=True, slots=True)
class SignIn:
    """One provider and our client there. `transport`: how it is reached; None over the network."""

    provider: Provider
    keys: Keys
    client_id: str
    private_key: bytes
    return_url: str
    clock: Callable[[], datetime]
    transport: httpx.AsyncBaseTransport | None = None

    def begin(self, naar: str) -> Aanmelding:
        """Everything a new sign-in has to remember."""
        return Aanmelding(secrets.token_urlsafe(32), secrets.token_urlsafe(48), naar)

    def address(self, aanmelding: Aanmelding, state: str) -> str:
        """Where the browser goes to sign in."""
        client = self._client()
        found, _ = client.create_authorization_url(
            self.provider.authorization_endpoint,
            state=state,
            nonce=aanmelding.nonce,
            code_verifier=aanmelding.verifier,
        )
        return str(found)

    async def complete(self, aanmelding: Aanmelding, code: str) -> Persoon:
        """Who came back with this code. Raises SignInFailed."""
        async with self._client() as client:
            try:
                token = await client.fetch_token(
                    self.provider.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=aanmelding.verifier,
                )
            except (OAuthError, httpx.HTTPError, ValueError) as error:
                raise SignInFailed(type(error).__name__) from None
        return self._person(token.get("id_token"), aanmelding.nonce)

    def _client(self) -> AsyncOAuth2Client:
        client = AsyncOAuth2Client(
            client_id=self.client_id,
            client_secret=self.private_key,
            token_endpoint_auth_method="private_key_jwt",  # noqa: S106 - a method
            scope="openid",
            redirect_uri=self.return_url,
            code_challenge_method="S256",
            transport=self.transport,
            timeout=10,
        )
        client.register_client_auth_method(PrivateKeyJWT(self.provider.token_endpoint, alg="PS256"))
        return client

    def _person(self, id_token: Any, nonce: str) -> Persoon:
        try:
            header = jwt.get_unverified_header(id_token)
            key = self.keys.key(header.get("kid", ""))
            if key is None:
                raise SignInFailed("unknown key")
            claims = jwt.decode(
                id_token,
                key.key,
                algorithms=[one for one in ALGORITHMS if one == header.get("alg")],
                issuer=self.provider.issuer,
                audience=self.client_id,
                options={
                    "require": ["iss", "aud", "exp", "iat", "sub", "nonce"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, AttributeError, TypeError) as error:
            raise SignInFailed(type(error).__name__) from None
        self._check(claims, nonce)
        return Persoon(str(claims["sub"]), str(claims.get("name", "")), _texts(claims.get("zetels")))

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        """By our clock. Raises SignInFailed."""
        now = self.clock().timestamp()
        if not secrets.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise SignInFailed("nonce")
        times = (claims["exp"], claims["iat"])
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in times):
            raise SignInFailed("time")
        if claims["exp"] <= now or claims["iat"] > now + LEEWAY_SECONDS:
            raise SignInFailed("time")
        # A token for several clients must name the one that asked. Source: OpenID Connect Core 3.1.3.7.
        named = claims.get("azp", self.client_id if claims["aud"] in (self.client_id, [self.client_id]) else None)
        if named != self.client_id:
            raise SignInFailed("another client")
        if SECOND_FACTORS.isdisjoint(_texts(claims.get("amr"))):
            raise SignInFailed("no second factor")


def _texts(value: Any) -> tuple[str, ...]:
    """A claim that is a list of texts; anything else is nothing."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
