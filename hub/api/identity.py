"""Who asks: one seat of one organisation, by a bearer token of the trusted authorisation server.

Source: OAuth NL profile 1.1 (resource server); OIN-stelsel 3.0; NL API Design Rules 2.1.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, NoReturn, Protocol

import jwt
from fastapi import Request, Security
from fastapi.security import OAuth2
from starlette.concurrency import run_in_threadpool

from contracts.problems import Problem, niet_aangemeld, niet_bevoegd
from hub.log import Log, TokenGeweigerd
from hub.settings import Settings, SettingsError

ALGORITHMS = ("PS256", "RS256")
LEEWAY_SECONDS = 10
MAX_TOKEN_CHARACTERS = 8192
MAX_CACHED = 20_000

#: Every scope of the API. A scope opens an operation; what may be seen through it is the policy's to say.
SCOPES: Mapping[str, str] = {
    "signalen.aanleveren": "Signalen en wijzigingen aanleveren; geeft geen inzage.",
    "signalen.raadplegen": "De signalen raadplegen die aan de zetel zijn verstrekt.",
    "casussen.raadplegen": "De casussen raadplegen waarin de zetel deelneemt.",
    "casussen.bewerken": "Casussen openen, toetsen en hun fase wijzigen.",
    "overleggen.raadplegen": "Overleggen raadplegen waaraan de zetel deelneemt.",
    "overleggen.bewerken": "Overleggen plannen en vastleggen.",
    "toestemmingen.bewerken": "Toestemmingen vastleggen en intrekken.",
    "verstrekkingen.raadplegen": "Zien wat aan de zetel is verstrekt, wat is geweigerd en waarom.",
    "raadplegingen.raadplegen": "Het toegangslogboek raadplegen voor een vastgelegd toezichtdoel.",
    "raadplegingen.aftekenen": "Raadplegingen aftekenen die de machine niet kon verklaren.",
    "datalekken.melden": "Datalekken melden en volgen.",
    "toegangsrechten.toetsen": "Toegangsrechten inzien en toetsen.",
    "abonnementen.beheren": "Abonnementen op wijzigingen beheren.",
    "gebeurtenissen.volgen": "Meldingen zonder inhoud ontvangen over wijzigingen.",
    "vergelijkingen.uitvoeren": "Vragen of een persoon bij een ander bekend is (hit/no-hit).",
    "inzageverzoeken.behandelen": "Verzoeken van betrokkenen behandelen.",
    "beleid.raadplegen": "Het geldende beleid en zijn bronnen raadplegen.",
    "beleid.toetsen": "Vooraf toetsen of een verstrekking zou zijn toegestaan.",
    "beleid.vaststellen": "Beleidsversies voorstellen, goedkeuren en van kracht laten worden.",
    "vernietigingen.beheren": "Zien wat moet worden vernietigd, het uitstellen en beoordelen.",
    "statistieken.raadplegen": "Statistieken met onderdrukte kleine aantallen raadplegen.",
}

#: Key of an ASGI scope under which the console names who is signed in; nothing from outside can set it.
INNER = "signaalhub.aanwezige"

SCHEME = OAuth2(
    scheme_name="oauthNlGov",
    description="OAuth 2.0 NL GOV: client_credentials met private_key_jwt. Een token geldt voor een zetel.",
    flows={"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": dict(SCOPES)}},
    auto_error=False,
)

#: RSIN, Fi, KvK, subOIN, Logius, BRIN, buitenland, UZI. Source: OIN-stelsel.
OIN_PREFIXES = frozenset(f"0000000{digit}" for digit in "12346789")
TEST_PREFIX = "00000099"


@dataclass(frozen=True, slots=True)
class Zetelhouder:
    """The asker: `zetel` acts for organisation `oin` through system `client`. `trace`: 32 hexadecimal digits.

    `adres`: network address the request came from; of the proxy, where one stands in front. `ouder`: span of the
    caller, 16 hexadecimal digits. `logged`: numbers of the access records of this request so far.
    """

    zetel: str
    oin: str
    client: str
    scopes: frozenset[str]
    trace: str
    adres: str = ""
    ouder: str = ""
    logged: list[int] = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class Aanwezige:
    """A person who is signed in at the console, in one seat. `sub`: how her organisation knows her.

    `lasts`: whether she still is, for what goes on after the request of its page; None for what does not.
    """

    sub: str
    zetel: str
    lasts: Callable[[], Awaitable[bool]] | None = None


class Zetelregister(Protocol):
    """Which seats exist now, and of which organisation each is."""

    def oin_van(self, zetel: str) -> str | None:
        """OIN (20 digits) of the organisation of this seat; None for an unknown or lapsed seat."""


class Sleutels(Protocol):
    """The public keys of the authorisation server."""

    def key(self, kid: str) -> jwt.PyJWK | None:
        """The key with this id, None when unknown. May block."""


class Sleutelbos:
    """Keys known beforehand: of the development issuer, or from a file (`jwks`: RFC 7517)."""

    def __init__(self, jwks: dict[str, Any]) -> None:
        self._keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(jwks).keys}

    def key(self, kid: str) -> jwt.PyJWK | None:
        return self._keys.get(kid)


class Sleuteladres:
    """Keys fetched from the authorisation server, kept for `seconds`.

    An unknown kid fetches anew at most once in `pause` seconds, so that forged tokens cannot make us call out.
    """

    def __init__(self, url: str, clock: Callable[[], datetime], seconds: int = 300, pause: int = 30) -> None:
        self._client = jwt.PyJWKClient(url, cache_jwk_set=True, lifespan=seconds, timeout=5)
        self._clock, self._pause = clock, pause
        self._last_miss = 0.0

    def key(self, kid: str) -> jwt.PyJWK | None:
        """Raises Problem 503 when the authorisation server does not answer."""
        try:
            found = self._client.match_kid(self._client.get_signing_keys(), kid)
            if found is None and self._may_fetch():
                found = self._client.match_kid(self._client.get_signing_keys(refresh=True), kid)
        except jwt.PyJWTError:
            detail = "De sleutels van de uitgever van tokens zijn nu niet op te halen; er is niets verwerkt."
            raise Problem("niet-beschikbaar", 503, "Niet beschikbaar", detail, headers={"Retry-After": "30"}) from None
        return found

    def _may_fetch(self) -> bool:
        now = self._clock().timestamp()
        if now - self._last_miss < self._pause:
            return False
        self._last_miss = now
        return True


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def check_oin(oin: str, production: bool) -> bool:
    """A well-formed OIN of a known kind. Prefix 99 is for tests only. Source: OIN-stelsel 3.0."""
    if not re.fullmatch(r"[0-9]{20}", oin):
        return False
    return oin[:8] in OIN_PREFIXES or (oin[:8] == TEST_PREFIX and not production)


def sleutels_van(address: str, clock: Callable[[], datetime]) -> Sleutels:
    """The keys of an external authorisation server: an https address or a file. Raises SettingsError."""
    if address.startswith("https://"):
        return Sleuteladres(address, clock)
    try:
        return Sleutelbos(json.loads(Path(address).read_text()))
    except (OSError, ValueError, jwt.PyJWTError):
        raise SettingsError("HUB_ISSUER_JWKS is not a readable file with a JSON Web Key Set") from None


@dataclass(frozen=True, slots=True)
class _Verified:
    """What a valid token says; instants in seconds since 1970."""

    zetel: str
    oin: str
    client: str
    scopes: frozenset[str]
    expires: float


class Identity:
    """Checks tokens. `issuer`, `audience`: exact values of `iss` and `aud`."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: Sleutels,
        seats: Zetelregister,
        clock: Callable[[], datetime],
        production: bool,
        log: Log,
    ) -> None:
        self._issuer, self._audience, self._keys, self._seats = issuer, audience, keys, seats
        self._clock, self._production, self._log = clock, production, log
        self._cache: dict[bytes, _Verified] = {}

    async def holder(self, request: Request) -> Zetelhouder:
        """The asker of this request. Raises Problem 401 or 403."""
        state = request.scope["state"]
        trace: str = state["trace"]
        present = request.scope.get(INNER)
        if isinstance(present, Aanwezige):
            if present.lasts is not None and not await present.lasts():
                raise niet_aangemeld("U bent niet meer aangemeld.")
            who = self._present(present, request)
            state["zetelhouder"] = who
            return who
        token = self._token(request, trace)
        digest = sha256(token.encode()).digest()
        verified = self._cached(digest)
        if verified is None:
            verified = await run_in_threadpool(self._verify, token, trace)
            self._remember(digest, verified)
        who = Zetelhouder(
            verified.zetel, verified.oin, verified.client, verified.scopes, trace, _address(request), state["ouder"]
        )
        state["zetelhouder"] = who
        if self._seats.oin_van(verified.zetel) != verified.oin:
            self._forbid("zetel-niet-van-deze-organisatie", trace)
        return who

    def _present(self, present: Aanwezige, request: Request) -> Zetelhouder:
        """A person opens every operation that her seat has; what is shown and done is the policy's to say."""
        oin, trace = self._seats.oin_van(present.zetel), request.scope["state"]["trace"]
        if oin is None:
            self._forbid("zetel-bestaat-niet", trace)
        return Zetelhouder(present.zetel, oin, present.sub, frozenset(SCOPES), trace, _address(request))

    def _token(self, request: Request, trace: str) -> str:
        if b"access_token" in request.scope.get("query_string", b""):
            self._refuse("token-in-adres", trace, "Een token hoort alleen in de kop Authorization, nooit in het adres.")
        given = request.headers.getlist("authorization")
        if not given:
            raise niet_aangemeld("Meld aan met een bearer token in de kop Authorization.")
        scheme, _, token = given[0].partition(" ")
        if len(given) > 1 or scheme.lower() != "bearer" or not 0 < len(token) <= MAX_TOKEN_CHARACTERS:
            self._refuse("geen-bearer", trace)
        return token.strip()

    def _cached(self, digest: bytes) -> _Verified | None:
        verified = self._cache.get(digest)
        if verified is not None and verified.expires <= self._clock().timestamp():
            del self._cache[digest]
            return None
        return verified

    def _remember(self, digest: bytes, verified: _Verified) -> None:
        while len(self._cache) >= MAX_CACHED:
            self._cache.pop(next(iter(self._cache)), None)
        self._cache[digest] = verified

    def _verify(self, token: str, trace: str) -> _Verified:
        """Steps: 1 algorithm, 2 key, 3 signature with issuer and audience, 4 times, 5 seat and organisation."""
        try:
            header = jwt.get_unverified_header(token)
            algorithm, kid = header.get("alg"), header.get("kid")
            if algorithm not in ALGORITHMS:  # 1
                self._refuse("algoritme", trace)
            key = self._keys.key(kid) if isinstance(kid, str) else None  # 2
            if key is None:
                self._refuse("onbekende-sleutel", trace)
            claims = jwt.decode(  # 3
                token,
                key.key,
                algorithms=[algorithm],
                issuer=self._issuer,
                audience=self._audience,
                options={
                    "require": ["iss", "aud", "azp", "exp", "jti"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except jwt.PyJWTError as error:
            self._refuse(type(error).__name__, trace)
        self._check_times(claims, trace)  # 4
        return self._seat(claims, trace)  # 5

    def _check_times(self, claims: dict[str, Any], trace: str) -> None:
        """By the hub's clock, not the library's. Expiry has no leeway."""
        now = self._clock().timestamp()
        instants = [claims["exp"], claims.get("nbf", 0), claims.get("iat", 0)]
        if not all(isinstance(instant, int | float) and not isinstance(instant, bool) for instant in instants):
            self._refuse("tijd-onleesbaar", trace)
        if claims["exp"] <= now:
            self._refuse("verlopen", trace)
        if max(instants[1:]) > now + LEEWAY_SECONDS:
            self._refuse("nog-niet-geldig", trace)

    def _seat(self, claims: dict[str, Any], trace: str) -> _Verified:
        oin, zetel, client, scope = (claims.get(name) for name in ("oin", "zetel", "azp", "scope"))
        if not isinstance(oin, str) or not isinstance(zetel, str) or not isinstance(client, str):
            self._refuse("zetel-ontbreekt", trace)
        if not check_oin(oin, self._production):
            self._forbid("oin", trace)
        scopes = frozenset(scope.split()) if isinstance(scope, str) else frozenset[str]()
        return _Verified(zetel, oin, client, scopes, float(claims["exp"]))

    def _refuse(self, reason: str, trace: str, detail: str = "Dit token is niet geldig.") -> NoReturn:
        self._log.write(TokenGeweigerd(reden=reason, trace=trace))
        problem = niet_aangemeld(detail)
        problem.headers["WWW-Authenticate"] += ', error="invalid_token"'
        raise problem

    def _forbid(self, reason: str, trace: str) -> NoReturn:
        self._log.write(TokenGeweigerd(reden=reason, trace=trace))
        raise niet_bevoegd("Deze zetel is niet bekend of niet van deze organisatie.")


def make_identity(
    settings: Settings, own_keys: Sleutels | None, seats: Zetelregister, clock: Callable[[], datetime], log: Log
) -> Identity:
    """The check by the settings. `own_keys`: of the development issuer, used where no other is set.

    Raises SettingsError.
    """
    if settings.issuer_url is not None and settings.issuer_jwks is not None:
        issuer, keys = settings.issuer_url, sleutels_van(settings.issuer_jwks, clock)
    elif own_keys is not None and not settings.production:
        issuer, keys = settings.public_url, own_keys
    else:
        raise SettingsError("no authorisation server: set HUB_ISSUER_URL and HUB_ISSUER_JWKS")
    return Identity(
        issuer=issuer,
        audience=settings.public_url,
        keys=keys,
        seats=seats,
        clock=clock,
        production=settings.production,
        log=log,
    )


def met_scope(scope: str) -> Callable[..., Awaitable[Zetelhouder]]:
    """The dependency of an operation that needs `scope`. Raises ValueError for a scope that is not in SCOPES."""
    if scope not in SCOPES:
        raise ValueError(f"{scope} is not a scope of this API")

    async def zetelhouder(
        request: Request, _documented: Annotated[str | None, Security(SCHEME, scopes=[scope])]
    ) -> Zetelhouder:
        identity: Identity = request.app.state.identity
        holder = await identity.holder(request)
        if scope not in holder.scopes:
            raise _missing(scope)
        return holder

    return zetelhouder


def _missing(scope: str) -> Problem:
    problem = niet_bevoegd(f"Dit token mist de scope {scope}.")
    problem.headers["WWW-Authenticate"] = f'Bearer realm="signaalhub", error="insufficient_scope", scope="{scope}"'
    return problem
