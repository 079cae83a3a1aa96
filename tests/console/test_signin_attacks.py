"""A provider that answers wrongly, and browsers that try: nobody comes in by a token that is not hers, ours and new."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi.testclient import TestClient

from hub.api.identity import Sleutelbos
from hub.console.entrance.sessions import SIGN_IN
from hub.console.entrance.signin import LEEWAY_SECONDS, Provider, SignIn
from hub.console.page.visit import Console
from tests.api.hub_world import HubWorld
from tests.console.people import browser

ISSUER, CLIENT, CODE = "https://aanmelden.example", "hub-console", "eenmalig"
COLLEGE = "gemeente.college-handhaving@ede"
Claims = dict[str, Any]


@dataclass(slots=True)
class TwinProvider:
    """A provider of OpenID Connect with one key and one code at a time, that says what a test tells it to."""

    key: rsa.RSAPrivateKey
    claims: Claims = field(default_factory=dict)
    signing: Any = None
    algorithm: str = "RS256"
    kid: str = "een"
    challenge: str = ""
    answer: Callable[[httpx.Request], httpx.Response] | None = None

    def keys(self) -> Sleutelbos:
        public = orjson.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return Sleutelbos({"keys": [public | {"kid": "een", "use": "sig", "alg": "RS256"}]})

    def token(self, request: httpx.Request) -> httpx.Response:
        """The token endpoint: one use of a code, and only with the verifier of its challenge."""
        if self.answer is not None:
            return self.answer(request)
        form = dict(parse_qsl(request.content.decode()))
        digest = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if form.get("code") != CODE or digest != self.challenge:
            return httpx.Response(400, json={"error": "invalid_grant"})
        signed = jwt.encode(self.claims, self.signing or self.key, self.algorithm, {"kid": self.kid})
        return httpx.Response(200, json={"access_token": "geen", "token_type": "Bearer", "id_token": signed})


@dataclass(slots=True)
class Attempt:
    """Somebody on her way through the provider."""

    world: HubWorld
    provider: TwinProvider
    http: TestClient
    state: str = ""

    def leave(self) -> None:
        """Begin to sign in; the provider then has what it will say."""
        address = self.http.get("/console/aanmelden", follow_redirects=False).headers["location"]
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        now = int(self.world.app.state.console.clock().timestamp())
        self.state, self.provider.challenge = asked["state"], asked["code_challenge"]
        self.provider.claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "fenna",
            "name": "Fenna Proef",
            "nonce": asked["nonce"],
            "zetels": [COLLEGE],
            "amr": ["pwd", "mfa"],
            "iat": now,
            "exp": now + 300,
        }

    def come_back(self, **query: str) -> int:
        """What the console says to the browser that comes back; 303 for one that is in."""
        asked = {"state": self.state, "code": CODE} | query
        return self.http.get("/console/terugkeer", params=asked, follow_redirects=False).status_code

    @property
    def inside(self) -> bool:
        return self.http.get("/console/pet", follow_redirects=False).status_code == 200


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def attempt(hub_app: HubWorld, private_key: rsa.RSAPrivateKey) -> Iterator[Attempt]:
    """A browser, and the console at the twin provider."""
    kept: Console = hub_app.app.state.console
    twin = TwinProvider(private_key)
    provider = Provider(ISSUER, ISSUER + "/authorize", ISSUER + "/token")
    pem, back = kept.sign_in.private_key, kept.sign_in.return_url
    transport = httpx.MockTransport(twin.token)
    sign_in = SignIn(provider, twin.keys(), CLIENT, pem, back, kept.clock, transport)
    hub_app.app.state.console = replace(kept, sign_in=sign_in)
    made = Attempt(hub_app, twin, browser(hub_app).http)
    made.leave()
    yield made
    hub_app.app.state.console = kept


def refused(attempt: Attempt, **query: str) -> None:
    assert attempt.come_back(**query) in (400, 403)
    assert not attempt.inside


def test_the_right_token_opens(attempt: Attempt) -> None:
    assert attempt.come_back() == 303
    assert attempt.inside


def test_a_sign_in_counts_once(attempt: Attempt) -> None:
    attempt.come_back()
    assert attempt.come_back() == 400


CHANGES: dict[str, Claims] = {
    "another nonce": {"nonce": "anders"},
    "a nonce that is not a text": {"nonce": 7},
    "a nonce beyond ASCII": {"nonce": "é"},
    "another audience": {"aud": "een-ander"},
    "also for another client": {"aud": [CLIENT, "een-ander"]},
    "another client asked": {"azp": "een-ander"},
    "another issuer": {"iss": "https://elders.example"},
    "expired": {"exp": 1_700_000_000},
    "an end that is a text": {"exp": "morgen"},
    "an end that is a truth value": {"exp": True},
    "made tomorrow": {"iat": 4_000_000_000},
    "no second factor": {"amr": ["pwd"]},
    "no factors": {"amr": None},
    "factors that are no list": {"amr": "mfa"},
    "factors that are no texts": {"amr": [{"mfa": 1}, 7]},
    "no hats": {"zetels": []},
    "hats that are no list": {"zetels": COLLEGE},
    "a hat that does not exist": {"zetels": ["gemeente.koning@ede"]},
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=list(CHANGES))
def test_a_token_that_says_something_else_is_refused(attempt: Attempt, changed: Claims) -> None:
    attempt.provider.claims |= changed
    refused(attempt)


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "nonce", "exp", "iat", "amr", "zetels"])
def test_a_token_that_lacks_something_is_refused(attempt: Attempt, missing: str) -> None:
    del attempt.provider.claims[missing]
    refused(attempt)


def test_a_token_of_another_hand_is_refused(attempt: Attempt) -> None:
    attempt.provider.signing = rsa.generate_private_key(65537, 2048)
    refused(attempt)


def test_a_token_of_an_unknown_key_is_refused(attempt: Attempt) -> None:
    attempt.provider.kid = "twee"
    refused(attempt)


@pytest.mark.parametrize(("algorithm", "key"), [("none", ""), ("HS256", "een geheim dat iedereen kan weten, of niet")])
def test_a_token_that_nobody_signed_is_refused(attempt: Attempt, algorithm: str, key: str) -> None:
    claims, kid = attempt.provider.claims, {"kid": "een"}
    signed = jwt.encode(claims, key, algorithm, kid)
    attempt.provider.answer = lambda _: httpx.Response(200, json={"token_type": "Bearer", "id_token": signed})
    refused(attempt)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, text="stuk"),
        httpx.Response(200, text="geen json"),
        httpx.Response(200, json=["geen", "token"]),
        httpx.Response(200, json={"token_type": "Bearer", "access_token": "geen"}),
        httpx.Response(200, json={"token_type": "Bearer", "access_token": "geen", "id_token": ["lijst"]}),
        httpx.Response(200, json={"token_type": "Bearer", "access_token": "geen", "id_token": "a.b.c"}),
        httpx.Response(302, headers={"Location": "https://elders.example/token"}),
    ],
    ids=["500", "no json", "a list", "no id token", "a list as token", "nonsense", "elsewhere"],
)
def test_a_provider_that_answers_nonsense_lets_nobody_in(attempt: Attempt, answer: httpx.Response) -> None:
    attempt.provider.answer = lambda _: answer
    refused(attempt)


def test_a_provider_that_is_away_lets_nobody_in(attempt: Attempt) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("weg", request=request)

    attempt.provider.answer = away
    refused(attempt)


def test_a_code_without_its_verifier_is_worth_nothing(attempt: Attempt) -> None:
    attempt.provider.challenge = "van-iemand-anders"
    refused(attempt)


@pytest.mark.parametrize("query", [{"state": "geraden"}, {"state": ""}, {"code": ""}, {"code": "een-ander"}])
def test_another_state_or_code_is_refused(attempt: Attempt, query: dict[str, str]) -> None:
    refused(attempt, **query)


def test_the_state_of_one_browser_is_nothing_in_another(attempt: Attempt) -> None:
    stranger = replace(attempt, http=browser(attempt.world).http)
    refused(stranger)
    stranger.http.cookies.set("aanmelding", "geraden")
    refused(stranger)


def test_a_sign_in_that_took_too_long_is_refused(attempt: Attempt) -> None:
    console: Console = attempt.world.app.state.console
    attempt.world.app.state.console = replace(console, clock=lambda: console.clock() + SIGN_IN)
    refused(attempt)


def test_a_token_that_ends_now_has_ended(attempt: Attempt) -> None:
    console: Console = attempt.world.app.state.console
    now = console.clock()
    frozen = replace(console.sign_in, clock=lambda: now)
    attempt.world.app.state.console = replace(console, sign_in=frozen)
    attempt.provider.claims |= {"exp": now.timestamp()}
    refused(attempt)
    attempt.leave()
    attempt.provider.claims |= {"iat": now.timestamp() + LEEWAY_SECONDS}
    assert attempt.come_back() == 303
