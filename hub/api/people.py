"""The development issuer's people: sign-in by OpenID Connect with a code and PKCE, for everything but real data.

Nobody proves anything here: who develops picks a person from a short list of invented ones. With real data people
sign in at the organisation's own OpenID provider. Source: OpenID.NLGov 1.0; RFC 7636, 9700.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationCodeGrant, OAuth2Request, RefreshTokenGrant
from authlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidRequestError
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636 import CodeChallenge
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from hub.api.clients import Client
from hub.api.issuer import JWKS_PATH, SIGN_IN_SCOPE, TOKEN_PATH, DevelopmentIssuer
from hub.api.limits import JsonAnswer

AUTHORIZE_PATH = "/oauth/authorize"
DISCOVERY_PATH = "/.well-known/openid-configuration"
PEOPLE = Path(__file__).with_name("ontwikkelpersonen.json")
CODE_LIFE = timedelta(minutes=1)
ID_TOKEN_LIFE = timedelta(minutes=5)
RENEWAL_LIFE = timedelta(minutes=30)
_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}button{font:inherit;padding:.5rem}"
)


@dataclass(frozen=True, slots=True)
class Persoon:
    """An invented person. `sub`: how she is known; `zetels`: the hats she may wear."""

    sub: str
    naam: str
    taak: str
    zetels: tuple[str, ...]


def people_of(path: Path = PEOPLE) -> dict[str, Persoon]:
    """The people of a file, by `sub`."""
    listed = json.loads(path.read_text())
    return {one["sub"]: Persoon(one["sub"], one["naam"], one["taak"], tuple(one["zetels"])) for one in listed}


@dataclass(frozen=True, slots=True)
class _Code:
    """A code that was given out, and to whom."""

    code: str
    client_id: str
    redirect_uri: str
    persoon: Persoon
    nonce: str
    code_challenge: str
    expires: datetime
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return SIGN_IN_SCOPE


class _AuthorizationRequest(OAuth2Request):  # type: ignore[misc] # authlib is untyped
    def __init__(self, endpoint: str, asked: dict[str, str]) -> None:
        super().__init__("GET", endpoint)
        self.payload = BasicOAuth2Payload(asked)


class _Pkce(CodeChallenge):  # type: ignore[misc] # authlib is untyped
    """S256, and never without. Source: RFC 9700, 2.1.1."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 - authlib's own form

    def validate_code_challenge(self, grant: AuthorizationCodeGrant, redirect_uri: str) -> None:
        """Raises InvalidRequestError."""
        asked = grant.request.payload.data
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            raise InvalidRequestError("Send a code_challenge with method S256.")
        super().validate_code_challenge(grant, redirect_uri)


@dataclass(slots=True)
class _Codes:
    """Codes not used yet; each counts once."""

    clock: Callable[[], datetime]
    known: dict[str, _Code] = field(default_factory=dict)

    def keep(self, code: _Code) -> None:
        now = self.clock()
        self.known = {name: one for name, one in self.known.items() if one.expires > now}
        self.known[code.code] = code

    def find(self, code: str, client: Client) -> _Code | None:
        """A code that is used, by whomever, is used up."""
        found = self.known.pop(code, None)
        fits = found is not None and found.client_id == client.client_id and found.expires > self.clock()
        return found if fits else None


@dataclass(frozen=True, slots=True)
class _Renewal:
    """A refresh token that was given out: it counts once, and says nothing but whose it is."""

    client_id: str
    sub: str
    expires: datetime

    def check_client(self, client: Client) -> bool:
        return self.client_id == client.client_id

    def get_scope(self) -> str:
        return SIGN_IN_SCOPE


@dataclass(slots=True)
class _Renewals:
    """Refresh tokens not used yet. Those of before a restart are gone: then one signs in again."""

    clock: Callable[[], datetime]
    known: dict[str, _Renewal] = field(default_factory=dict)

    def give(self, client_id: str, sub: str) -> str:
        now, token = self.clock(), secrets.token_urlsafe(32)
        self.known = {name: one for name, one in self.known.items() if one.expires > now}
        self.known[token] = _Renewal(client_id, sub, now + RENEWAL_LIFE)
        return token

    def take(self, token: str) -> _Renewal | None:
        found = self.known.pop(token, None)
        return found if found is not None and found.expires > self.clock() else None


class PeopleIssuer:
    """Signs people in beside a development issuer, with its key and its clients."""

    def __init__(self, issuer: DevelopmentIssuer, people: Mapping[str, Persoon], clock: Callable[[], datetime]) -> None:
        self.people, self._issuer, self._clock = people, issuer, clock
        self.codes, self.renewals = _Codes(clock), _Renewals(clock)
        issuer.register_grant(self._grant(), [_Pkce(required=True)])
        issuer.register_grant(self._renewal_grant())

    def metadata(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0."""
        address = self._issuer.address
        return {
            **self._issuer.metadata(),
            "authorization_endpoint": address + AUTHORIZE_PATH,
            "token_endpoint": address + TOKEN_PATH,
            "jwks_uri": address + JWKS_PATH,
            "scopes_supported": [SIGN_IN_SCOPE],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["PS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def checked(self, asked: dict[str, str]) -> AuthorizationCodeGrant:
        """The request of a client to sign somebody in. Raises OAuth2Error."""
        request = _AuthorizationRequest(self._issuer.address + AUTHORIZE_PATH, asked)
        return self._issuer.get_consent_grant(request)

    def granted(self, asked: dict[str, str], persoon: Persoon) -> str:
        """Where the browser goes back to, with a code for this person. Raises OAuth2Error."""
        grant = self.checked(asked)
        _, _, headers = grant.create_authorization_response(grant.redirect_uri, persoon)
        return str(dict(headers)["Location"])

    def answer(self, client_id: str, persoon: Persoon, **more: str) -> dict[str, Any]:
        """A token answer: who it is, with a refresh token to ask it again."""
        renewal = self.renewals.give(client_id, persoon.sub)
        id_token = self.id_token(client_id, persoon, **more)
        return {
            "token_type": "Bearer",
            "access_token": "geen",
            "expires_in": 0,
            "id_token": id_token,
            "refresh_token": renewal,
        }

    def id_token(self, client_id: str, persoon: Persoon, **more: str) -> str:
        """Who it is, signed for the client. Says that a second factor was used, since nothing was proven at all."""
        now = int(self._clock().timestamp())
        claims = {
            "iss": self._issuer.address,
            "aud": client_id,
            "sub": persoon.sub,
            "name": persoon.naam,
            "zetels": list(persoon.zetels),
            "amr": ["pwd", "mfa"],
            "iat": now,
            "exp": now + int(ID_TOKEN_LIFE.total_seconds()),
        }
        return self._issuer.signed(claims | more, "JWT")

    def _grant(self) -> type[AuthorizationCodeGrant]:
        codes, clock, answer = self.codes, self._clock, self.answer

        class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc] # authlib is untyped
            TOKEN_ENDPOINT_AUTH_METHODS = ["private_key_jwt"]  # noqa: RUF012 - authlib's own form

            def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
                asked = request.payload
                codes.keep(
                    _Code(
                        code,
                        asked.client_id,
                        self.redirect_uri,
                        request.user,
                        asked.data.get("nonce", ""),
                        asked.data["code_challenge"],
                        clock() + CODE_LIFE,
                    )
                )

            def query_authorization_code(self, code: str, client: Client) -> _Code | None:
                return codes.find(code, client)

            def delete_authorization_code(self, authorization_code: _Code) -> None:
                """It was used up when it was found."""

            def authenticate_user(self, authorization_code: _Code) -> Persoon:
                return authorization_code.persoon

            def create_token_response(self) -> Any:
                code: _Code = self.request.authorization_code
                if not code.nonce:
                    raise InvalidGrantError("A sign-in needs a nonce.")
                token = answer(code.client_id, code.persoon, nonce=code.nonce)
                return 200, token, self.TOKEN_RESPONSE_HEADER

        return CodeGrant

    def _renewal_grant(self) -> type[RefreshTokenGrant]:
        renewals, people, answer = self.renewals, self.people, self.answer

        class RenewalGrant(RefreshTokenGrant):  # type: ignore[misc] # authlib is untyped
            TOKEN_ENDPOINT_AUTH_METHODS = ["private_key_jwt"]  # noqa: RUF012 - authlib's own form

            def authenticate_refresh_token(self, refresh_token: str) -> _Renewal | None:
                return renewals.take(refresh_token)

            def create_token_response(self) -> Any:
                renewal: _Renewal = self.request.refresh_token
                persoon = people.get(renewal.sub)
                if persoon is None:
                    raise InvalidGrantError("This person is no longer there.")
                return 200, answer(renewal.client_id, persoon), self.TOKEN_RESPONSE_HEADER

        return RenewalGrant


def people_router(people: PeopleIssuer) -> APIRouter:
    """Its endpoints, outside the API and its documentation."""
    router = APIRouter(include_in_schema=False)

    @router.get(DISCOVERY_PATH)
    async def discovery() -> Response:
        return JsonAnswer(people.metadata())

    @router.get(AUTHORIZE_PATH)
    async def choose(request: Request) -> Response:
        asked = dict(request.query_params)
        try:
            await run_in_threadpool(people.checked, asked)
        except OAuth2Error as error:
            return JsonAnswer(dict(error.get_body()), 400)
        return _page(people.people.values(), asked)

    @router.post(AUTHORIZE_PATH)
    async def chosen(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("ascii"), keep_blank_values=True, max_num_fields=5))
        asked = dict(request.query_params)
        persoon = people.people.get(form.get("persoon", ""))
        try:
            if persoon is None:
                raise InvalidRequestError("Nobody was chosen.")
            back = await run_in_threadpool(people.granted, asked, persoon)
        except OAuth2Error as error:
            return JsonAnswer(dict(error.get_body()), 400)
        return RedirectResponse(back, 303)

    return router


def _page(people: Iterable[Persoon], asked: Mapping[str, str]) -> Response:
    rows = "".join(
        f'<li><button name="persoon" value="{escape(one.sub)}">{escape(one.naam)}</button> {escape(one.taak)}</li>'
        for one in people
    )
    text = (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Proefaanmelding</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>Wie bent u vandaag?</h1>"
        "<p>Dit is de proefaanmelding: verzonnen mensen, zonder wachtwoord. Zij start nooit met echte gegevens.</p>"
        f'<form method="post" action="{AUTHORIZE_PATH}?{escape(urlencode(dict(asked)))}"><ul>{rows}</ul></form>'
        "</main></body></html>"
    )
    return HTMLResponse(text)
