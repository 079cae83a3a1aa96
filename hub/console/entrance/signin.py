"""Signing in: OpenID Connect with a code, PKCE and a signed client assertion; a second factor is asked for.

Who is in is asked for again while she works, and her organisation can end it all at once.
Source: OpenID.NLGov 1.0; OpenID Connect Back-Channel Logout 1.0; RFC 7636, 7523, 9700; BIO2 5.17.01, 5.18.
"""

import secrets
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx
import jwt
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from starlette.concurrency import run_in_threadpool

from hub.console.entrance.sessions import Aanmelding, Persoon

with warnings.catch_warnings():
    # It asks for the successor of httpx, which is not what the rest of the hub has; nobody at a terminal can help it.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

ALGORITHMS = ("PS256", "RS256", "ES256")
LEEWAY_SECONDS = 10
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "sc", "fido"})
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
#: A message to sign somebody out is not older than this. Source: OpenID Connect Back-Channel Logout 1.0, 2.4.
LOGOUT_LIFE = timedelta(minutes=2)


class SignInFailed(Exception):
    """Somebody did not get in; the message is for the operational log and holds nothing of the person."""


class ProviderAway(Exception):
    """The provider cannot say now who may be in."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in. Addresses as its discovery document gives them."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Afmelding:
    """The provider says that somebody is signed out: everywhere, or of the session `sid`. `jti`: counts once."""

    sub: str
    sid: str
    jti: str
    until: datetime


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
    scope: str = "openid"

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
        claims = await run_in_threadpool(self._claims, token.get("id_token"), "exp", "nonce", "sub")
        self._check(claims, aanmelding.nonce)
        return _person(claims, token)

    async def confirmed(self, sub: str, hernieuwing: str) -> Persoon:
        """What the provider says now of somebody who is in. Raises SignInFailed, ProviderAway.

        Source: OpenID Connect Core 1.0, 12.2.
        """
        if not hernieuwing:
            raise SignInFailed("no refresh token")
        async with self._client() as client:
            try:
                token = await client.refresh_token(self.provider.token_endpoint, refresh_token=hernieuwing)
            except (OAuthError, ValueError) as error:
                raise SignInFailed(type(error).__name__) from None
            except httpx.HTTPError:
                raise ProviderAway from None
        claims = await run_in_threadpool(self._claims, token.get("id_token"), "exp", "sub")
        self._check_times(claims)
        self._check_client(claims)
        if claims["sub"] != sub:
            raise SignInFailed("another person")
        return _person(claims, token)

    def signed_out(self, logout_token: str) -> Afmelding:
        """Whom the provider signs out. May block. Raises SignInFailed."""
        claims = self._claims(logout_token, "exp", "jti", "events")
        self._check_times(claims)
        events = claims["events"]
        if not isinstance(events, dict) or not isinstance(events.get(LOGOUT), dict) or "nonce" in claims:
            raise SignInFailed("not a logout token")
        if claims["iat"] < (self.clock() - LOGOUT_LIFE).timestamp():
            raise SignInFailed("time")
        sub, sid, jti = (claims.get(name, "") for name in ("sub", "sid", "jti"))
        if not all(isinstance(one, str) for one in (sub, sid, jti)) or not jti or not (sub or sid):
            raise SignInFailed("nobody")
        return Afmelding(sub, sid, jti, self.clock() + LOGOUT_LIFE + timedelta(seconds=LEEWAY_SECONDS))

    def _client(self) -> AsyncOAuth2Client:
        client = AsyncOAuth2Client(
            client_id=self.client_id,
            client_secret=self.private_key,
            token_endpoint_auth_method="private_key_jwt",  # noqa: S106 - a method
            scope=self.scope,
            redirect_uri=self.return_url,
            code_challenge_method="S256",
            transport=self.transport,
            timeout=10,
        )
        client.register_client_auth_method(PrivateKeyJWT(self.provider.token_endpoint, alg="PS256"))
        return client

    def _claims(self, token: Any, *needed: str) -> dict[str, Any]:
        """What a token of the provider for us says; its times are for our own clock. May block. Raises SignInFailed."""
        try:
            header = jwt.get_unverified_header(token)
            key = self.keys.key(header.get("kid", ""))
            if key is None:
                raise SignInFailed("unknown key")
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[one for one in ALGORITHMS if one == header.get("alg")],
                issuer=self.provider.issuer,
                audience=self.client_id,
                options={
                    "require": ["iss", "aud", "iat", *needed],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, AttributeError, TypeError) as error:
            raise SignInFailed(type(error).__name__) from None
        return claims

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        """By our clock. Raises SignInFailed."""
        if not secrets.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise SignInFailed("nonce")
        self._check_times(claims)
        self._check_client(claims)
        if SECOND_FACTORS.isdisjoint(_texts(claims.get("amr"))):
            raise SignInFailed("no second factor")

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now, times = self.clock().timestamp(), (claims["exp"], claims["iat"])
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in times):
            raise SignInFailed("time")
        if claims["exp"] <= now or claims["iat"] > now + LEEWAY_SECONDS:
            raise SignInFailed("time")

    def _check_client(self, claims: Mapping[str, Any]) -> None:
        """A token for several clients must name the one that asked. Source: OpenID Connect Core 3.1.3.7."""
        named = claims.get("azp", self.client_id if claims["aud"] in (self.client_id, [self.client_id]) else None)
        if named != self.client_id:
            raise SignInFailed("another client")


def _person(claims: Mapping[str, Any], token: Mapping[str, Any]) -> Persoon:
    sid, renewal = claims.get("sid"), token.get("refresh_token")
    return Persoon(
        str(claims["sub"]),
        str(claims.get("name", "")),
        _texts(claims.get("zetels")),
        sid if isinstance(sid, str) else "",
        renewal if isinstance(renewal, str) else "",
    )


def _texts(value: Any) -> tuple[str, ...]:
    """A claim that is a list of texts; anything else is nothing."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
