"""The development issuer: an OAuth 2.0 NL GOV authorisation server inside the hub, for everything but real data.

It cannot start in production. Its answers follow RFC 6749, 5 (application/json), not the API design rules: the
token endpoint is not part of the API. People sign in elsewhere; here are only systems (client_credentials).
Source: OAuth NL profile 1.1; RFC 6749, 7521, 7523, 8414.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import jwt
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientCredentialsGrant, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from fastapi import APIRouter, Request, Response
from joserfc import jwt as jose
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, RSAKey
from starlette.concurrency import run_in_threadpool

from hub.api.clients import Client, ClientFolder, Clients, new_rsa_key
from hub.api.identity import ALGORITHMS, SCOPES, Sleutelbos, Zetelregister, check_oin
from hub.api.jti import JtiStore
from hub.api.limits import JsonAnswer
from hub.log import Log, Ontwikkeluitgever, TokenUitgegeven
from hub.settings import Settings, SettingsError, key_file

TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
JWKS_PATH = "/.well-known/jwks.json"
METADATA_PATH = "/.well-known/oauth-authorization-server"
FORM = "application/x-www-form-urlencoded"
TOKEN_LIFE = timedelta(hours=1)
ASSERTION_LIFE = timedelta(hours=1)  # what standard clients make
LEEWAY = timedelta(seconds=10)
#: What a system may prove itself with; tokens are another matter.
PROOF_ALGORITHMS = (*ALGORITHMS, "ES256")
SIGN_IN_SCOPE = "openid"
MIN_JTI_CHARACTERS = 22  # 128 bits in base64url


class _TokenRequest(OAuth2Request):  # type: ignore[misc] # authlib is untyped
    """The form of one token request. `zetel`: the seat that is asked for."""

    def __init__(self, endpoint: str, form: dict[str, str]) -> None:
        super().__init__("POST", endpoint)
        self.payload = BasicOAuth2Payload(form)
        self._form = form

    @property
    def form(self) -> dict[str, str]:
        return self._form

    @property
    def zetel(self) -> str:
        return self._form.get("zetel", "")


class _Assertion(JWTBearerClientAssertion):  # type: ignore[misc] # authlib is untyped
    """private_key_jwt as the profile wants it, by the hub's clock."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, endpoint: str, jtis: JtiStore, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._endpoint, self._jtis, self._clock = endpoint, jtis, clock

    def resolve_client_public_key(self, client: Client) -> Key:
        return JWKRegistry.import_key(dict(client.jwk))

    def process_assertion_claims(self, assertion: str, resolve_key: Any) -> dict[str, Any]:
        """Raises InvalidClientError."""
        try:
            claims = dict(jose.decode(assertion, resolve_key, algorithms=list(PROOF_ALGORITHMS)).claims)
        except (JoseError, ValueError) as error:
            raise InvalidClientError(description="The assertion is not signed by this client.") from error
        self.verify_claims(claims)
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        """Raises InvalidClientError. The jti is spent last, so that a refused assertion spends nothing."""
        now = self._clock()
        registry = jose.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=int(LEEWAY.total_seconds()),
            iss={"essential": True},
            sub={"essential": True, "value": str(claims.get("iss"))},
            aud={"essential": True, "value": self._endpoint},
            exp={"essential": True},
            iat={"essential": True},
            jti={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise InvalidClientError(description="The claims of the assertion are not valid.") from error
        if not claims["exp"] <= (now + ASSERTION_LIFE + LEEWAY).timestamp():  # so that NaN is refused too
            raise InvalidClientError(description="The assertion lives longer than an hour.")
        expires, jti = datetime.fromtimestamp(claims["exp"], UTC), claims["jti"]
        if not isinstance(jti, str) or not MIN_JTI_CHARACTERS <= len(jti) <= 200:
            raise InvalidClientError(description="The jti needs 22 to 200 characters.")
        if not self._jtis.use(claims["sub"], jti, expires + LEEWAY, now):
            raise InvalidClientError(description="This jti was used before.")


class _SeatGrant(ClientCredentialsGrant):  # type: ignore[misc] # authlib is untyped
    """client_credentials for exactly one seat of the client's own organisation."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["private_key_jwt"]  # noqa: RUF012 - authlib's own form

    def validate_token_request(self) -> None:
        """Raises OAuth2Error."""
        super().validate_token_request()
        self.server.check_seat(self.request.client, self.request.zetel)

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        token = self.generate_token(user=self.request.zetel, scope=self.request.payload.scope)
        return 200, token, self.TOKEN_RESPONSE_HEADER


@dataclass(frozen=True, slots=True)
class _Answer:
    """Status and body of a token response; every header is the shell's."""

    status: int
    body: Mapping[str, Any]


class DevelopmentIssuer(AuthorizationServer):  # type: ignore[misc] # authlib is untyped
    """Gives tokens to registered systems. `address`: `iss` and base of its endpoints; `audience`: `aud`."""

    def __init__(
        self,
        *,
        address: str,
        audience: str,
        key_pem: bytes,
        clients: Clients,
        seats: Zetelregister,
        jtis: JtiStore,
        clock: Callable[[], datetime],
        log: Log,
    ) -> None:
        super().__init__(scopes_supported=[*SCOPES, SIGN_IN_SCOPE])
        self.address, self._audience, self._clients, self._seats = address, audience, clients, seats
        self._clock, self._log = clock, log
        self.token_endpoint = address + TOKEN_PATH
        key = RSAKey.import_key(key_pem)
        self._private: RSAPrivateKey = key.private_key  # type: ignore[assignment]
        self._kid = key.thumbprint()
        self.jwks = {"keys": [{**key.as_dict(private=False), "kid": self._kid, "use": "sig"}]}
        self.register_client_auth_method("private_key_jwt", _Assertion(self.token_endpoint, jtis, clock))
        self.register_grant(_SeatGrant)
        self.register_token_generator("default", self._bearer)

    def keys(self) -> Sleutelbos:
        """Its public keys, as the resource server wants them."""
        return Sleutelbos(self.jwks)

    def metadata(self) -> dict[str, Any]:
        """RFC 8414, checked by authlib."""
        metadata = AuthorizationServerMetadata(
            issuer=self.address,
            token_endpoint=self.token_endpoint,
            jwks_uri=self.address + JWKS_PATH,
            scopes_supported=list(SCOPES),
            response_types_supported=[],
            grant_types_supported=["client_credentials"],
            token_endpoint_auth_methods_supported=["private_key_jwt"],
            token_endpoint_auth_signing_alg_values_supported=list(PROOF_ALGORITHMS),
        )
        return dict(metadata)

    def check_seat(self, client: Client, zetel: str) -> None:
        """Raises InvalidRequestError without a seat, InvalidScopeError for one that is not the client's."""
        if not zetel:
            raise InvalidRequestError("Name one seat in the form field zetel.")
        if zetel not in client.zetels or self._seats.oin_van(zetel) != client.oin or not check_oin(client.oin, False):
            raise InvalidScopeError("This client may not take this seat.")

    def access_token(self, client_id: str, oin: str, zetel: str, scopes: Sequence[str]) -> str:
        """A signed token of one hour, without any check of who asks: for `check_seat` has gone before."""
        now = int(self._clock().timestamp())
        claims = {
            "iss": self.address,
            "aud": self._audience,
            "sub": client_id,
            "azp": client_id,
            "iat": now,
            "nbf": now,
            "exp": now + int(TOKEN_LIFE.total_seconds()),
            "jti": str(uuid4()),
            "oin": oin,
            "zetel": zetel,
            "scope": " ".join(scopes),
        }
        return self.signed(claims, "at+jwt")

    def signed(self, claims: Mapping[str, Any], typ: str) -> str:
        """A token with these claims, as they are."""
        return jwt.encode(dict(claims), self._private, algorithm="PS256", headers={"kid": self._kid, "typ": typ})

    def answer(self, form: Sequence[tuple[str, str]]) -> _Answer:
        """The answer to one token request. Blocks on the jti store."""
        try:
            if len({name for name, _ in form}) < len(form):
                raise InvalidRequestError("A parameter occurs twice.")
            request = _TokenRequest(self.token_endpoint, dict(form))
        except OAuth2Error as error:
            return _Answer(400, dict(error.get_body()))
        answer: _Answer = self.create_token_response(request)
        return answer

    def query_client(self, client_id: str) -> Client | None:
        return self._clients.client(client_id)

    def create_oauth2_request(self, request: _TokenRequest) -> _TokenRequest:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> _Answer:
        return _Answer(status, dict(body))

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def _bearer(self, grant_type: str, client: Client, user: str, scope: str | None, **_: object) -> dict[str, Any]:
        allowed = client.get_allowed_scope(scope)
        if allowed is None:
            raise InvalidScopeError("Name scopes that this client has.")
        self._log.write(TokenUitgegeven(client=client.client_id, zetel=user))
        return {
            "token_type": "Bearer",
            "access_token": self.access_token(client.client_id, client.oin, user, allowed.split()),
            "expires_in": int(TOKEN_LIFE.total_seconds()),
            "scope": allowed,
            "zetel": user,
        }


def development_issuer(
    settings: Settings, seats: Zetelregister, jtis: JtiStore, clock: Callable[[], datetime], log: Log
) -> DevelopmentIssuer:
    """The issuer on the keys of the data folder; warns. Raises SettingsError in production."""
    if settings.production:
        raise SettingsError("the development issuer does not run in production: set HUB_ISSUER_URL")
    log.write(Ontwikkeluitgever(uitgever=settings.public_url))
    return DevelopmentIssuer(
        address=settings.public_url,
        audience=settings.public_url,
        key_pem=key_file(settings.data_folder / "keys" / "ontwikkeluitgever.pem", new_rsa_key),
        clients=ClientFolder(settings.data_folder / "clients"),
        seats=seats,
        jtis=jtis,
        clock=clock,
        log=log,
    )


def issuer_router(issuer: DevelopmentIssuer) -> APIRouter:
    """Its three endpoints, outside the API and its documentation."""
    router = APIRouter(include_in_schema=False)

    @router.post(TOKEN_PATH)
    async def token(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            return _oauth_answer(_Answer(400, {"error": "invalid_request", "error_description": f"Send {FORM}."}))
        try:
            form = parse_qsl((await request.body()).decode("ascii"), keep_blank_values=True, max_num_fields=20)
        except ValueError:
            return _oauth_answer(_Answer(400, {"error": "invalid_request"}))
        return _oauth_answer(await run_in_threadpool(issuer.answer, form))

    @router.get(JWKS_PATH)
    async def jwks() -> Response:
        return JsonAnswer(issuer.jwks)

    @router.get(METADATA_PATH)
    async def metadata() -> Response:
        return JsonAnswer(issuer.metadata())

    return router


def _oauth_answer(answer: _Answer) -> Response:
    return JsonAnswer(answer.body, answer.status, {"Pragma": "no-cache"})
