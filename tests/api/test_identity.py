"""Which tokens open the door."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from hmac import new
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from contracts.problems import Problem
from hub.api.identity import (
    MAX_CACHED,
    Sleuteladres,
    Sleutelbos,
    _Verified,
    check_oin,
    make_identity,
    met_scope,
)
from hub.settings import Settings, SettingsError
from tests.api.world import (
    ADDRESS,
    AF_OOV,
    AVIM,
    CANARY,
    CLIENT,
    FOREIGN_KEY,
    ISSUER_KEY,
    POLITIE,
    World,
)

PUBLIC_PEM = ISSUER_KEY.as_pem(private=False)
OTHER_OIN = "00000003999999999000"


@pytest.fixture
def world() -> World:
    return World()


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "kid": ISSUER_KEY.thumbprint()}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def signed_with_the_public_key(world: World) -> str:
    """The classic confusion: the public key, which everybody has, used as HMAC secret."""
    header = {"alg": "HS256", "typ": "JWT", "kid": ISSUER_KEY.thumbprint()}
    body = ".".join(
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, world.claims())
    )
    return f"{body}.{urlsafe_b64encode(new(PUBLIC_PEM, body.encode(), sha256).digest()).rstrip(b'=').decode()}"


def at(world: World) -> int:
    return int(world.clock().timestamp())


REFUSED: dict[str, Callable[[World], str]] = {
    "wrong audience": lambda w: w.forged(aud="https://elders.example"),
    "no audience": lambda w: w.forged(aud=None),
    "expired": lambda w: w.forged(exp=at(w)),
    "no expiry": lambda w: w.forged(exp=None),
    "expiry is a boolean": lambda w: w.forged(exp=True),
    "not yet valid": lambda w: w.forged(nbf=at(w) + 60),
    "issued in the future": lambda w: w.forged(iat=at(w) + 60),
    "alg none": lambda w: unsigned(w.claims()),
    "HS256 with the public key": signed_with_the_public_key,
    "HS256": lambda w: w.forged("a secret of at least thirty-two bytes", "HS256"),
    "PS512, not in the list": lambda w: w.forged(algorithm="PS512"),
    "unknown issuer": lambda w: w.forged(iss="https://elders.example"),
    "no issuer": lambda w: w.forged(iss=None),
    "unknown kid": lambda w: w.forged(kid="elders"),
    "empty kid": lambda w: w.forged(kid=""),
    "foreign key under our kid": lambda w: w.forged(FOREIGN_KEY.private_key),
    "no azp": lambda w: w.forged(azp=None),
    "no jti": lambda w: w.forged(jti=None),
    "no seat": lambda w: w.forged(zetel=None),
    "seat is a list": lambda w: w.forged(zetel=[AVIM]),
    "no oin": lambda w: w.forged(oin=None),
    "changed after signing": lambda w: w.forged()[:-8] + "AAAAAAAA",
    "not a token": lambda w: "abc",
    "far too long": lambda w: "a" * 10_000,
}

FORBIDDEN: dict[str, Callable[[World], str]] = {
    "missing scope": lambda w: w.forged(scope="signalen.aanleveren"),
    "no scope": lambda w: w.forged(scope=None),
    "scope with a longer name": lambda w: w.forged(scope="signalen.raadplegen.alles"),
    "unknown seat": lambda w: w.forged(zetel="politie.onbekend@nergens"),
    "seat of another organisation": lambda w: w.forged(zetel=AF_OOV),
    "malformed oin": lambda w: w.forged(oin="123"),
    "oin of an unknown kind": lambda w: w.forged(oin="00000055111111111000"),
}


class TestTokens:
    @pytest.mark.parametrize("why", REFUSED)
    def test_refused(self, world: World, why: str) -> None:
        answer = world.http.get("/v1/proeven", headers={"Authorization": f"Bearer {REFUSED[why](world)}"})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]

    @pytest.mark.parametrize("why", FORBIDDEN)
    def test_forbidden(self, world: World, why: str) -> None:
        answer = world.http.get("/v1/proeven", headers={"Authorization": f"Bearer {FORBIDDEN[why](world)}"})
        assert answer.status_code == 403

    @pytest.mark.parametrize("algorithm", ["PS256", "RS256"])
    def test_accepted(self, world: World, algorithm: str) -> None:
        token = world.forged(algorithm=algorithm, aud=["https://elders.example", ADDRESS])
        answer = world.http.get("/v1/proeven", headers={"Authorization": f"bearer {token}"})
        assert answer.json()[0] == AVIM

    def test_none_at_all(self, world: World) -> None:
        answer = world.http.get("/v1/proeven")
        assert answer.status_code == 401
        assert "error=" not in answer.headers["www-authenticate"]

    def test_refused_in_the_address_even_beside_a_good_header(self, world: World) -> None:
        token = world.token()
        assert world.http.get(f"/v1/proeven?access_token={token}").status_code == 401
        assert world.http.get(f"/v1/proeven?access_token={token}", headers=world.bearer()).status_code == 401

    def test_refused_in_other_forms(self, world: World) -> None:
        token = world.token()
        for header in (f"Basic {token}", token, "Bearer", "Bearer "):
            assert world.http.get("/v1/proeven", headers={"Authorization": header}).status_code == 401
        twice = [("Authorization", f"Bearer {token}")] * 2
        assert world.http.get("/v1/proeven", headers=twice).status_code == 401

    def test_missing_scope_is_named(self, world: World) -> None:
        answer = world.http.get("/v1/proeven", headers=world.bearer("beleid.toetsen"))
        assert "signalen.raadplegen" in answer.json()["detail"]
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]

    def test_refusals_hold_nothing_of_the_token(self, world: World) -> None:
        token = world.forged(zetel=CANARY)
        answer = world.http.get("/v1/proeven", headers={"Authorization": f"Bearer {token}"})
        assert CANARY not in answer.text + world.lines.getvalue()
        assert token not in answer.text + world.lines.getvalue()

    def test_test_organisations_only_outside_production(self) -> None:
        test_oin = "00000099111111111000"
        for production, status in ((False, 200), (True, 403)):
            world = World(production=production)
            world.seats.oins[AVIM] = test_oin
            assert world.http.get("/v1/proeven", headers=world.bearer(oin=test_oin)).status_code == status

    def test_an_unknown_scope_cannot_be_asked_for(self) -> None:
        with pytest.raises(ValueError, match="not a scope"):
            met_scope("signalen.alles")


class TestRememberedTokens:
    def test_end_at_their_expiry(self, world: World) -> None:
        given = world.bearer()
        assert world.http.get("/v1/proeven", headers=given).status_code == 200
        world.clock.pass_by(minutes=59, seconds=59)
        assert world.http.get("/v1/proeven", headers=given).status_code == 200
        world.clock.pass_by(seconds=1)
        assert world.http.get("/v1/proeven", headers=given).status_code == 401

    def test_end_with_their_seat(self, world: World) -> None:
        given = world.bearer()
        assert world.http.get("/v1/proeven", headers=given).status_code == 200
        del world.seats.oins[AVIM]
        assert world.http.get("/v1/proeven", headers=given).status_code == 403

    def test_open_no_more_operations_than_before(self, world: World) -> None:
        given = world.bearer("signalen.raadplegen")
        assert world.http.get("/v1/proeven", headers=given).status_code == 200
        assert world.http.post("/v1/proeven", headers=given, json={}).status_code == 403

    def test_are_bounded(self, world: World) -> None:
        for number in range(MAX_CACHED + 5):
            world.identity._remember(str(number).encode(), _Verified(AVIM, POLITIE, CLIENT, frozenset(), 0.0))
        assert len(world.identity._cache) == MAX_CACHED


class TestOin:
    @pytest.mark.parametrize("oin", ["0000000111111111100", "00000001111111111000\n", "٠" * 20, "00000055" + "0" * 12])
    def test_refused(self, oin: str) -> None:
        assert not check_oin(oin, production=False)

    def test_accepted(self) -> None:
        assert check_oin(POLITIE, production=True)
        assert check_oin(OTHER_OIN, production=True)


@pytest.fixture
def key_server() -> Iterator[tuple[str, list[str]]]:
    """An authorisation server that publishes one key; the list counts who asked for it."""
    asked: list[str] = []

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            key = {**ISSUER_KEY.as_dict(private=False), "kid": "een", "use": "sig"}
            self.wfile.write(json.dumps({"keys": [key]}).encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Keys) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/jwks", asked
        server.shutdown()
        thread.join()


class TestKeysOfAnotherServer:
    def test_are_fetched_once_and_forged_kids_do_not_make_us_call_out(
        self, world: World, key_server: tuple[str, list[str]]
    ) -> None:
        address, asked = key_server
        keys = Sleuteladres(address, world.clock)
        assert keys.key("een") is not None
        assert keys.key("een") is not None
        assert len(asked) == 1
        assert [keys.key(f"forged-{number}") for number in range(20)] == [None] * 20
        assert len(asked) == 2
        world.clock.pass_by(minutes=1)
        assert keys.key("forged") is None
        assert len(asked) == 3

    def test_that_does_not_answer_refuse_with_503(self, world: World) -> None:
        with pytest.raises(Problem) as refused:
            Sleuteladres("http://127.0.0.1:9/jwks", world.clock).key("een")
        assert refused.value.document.status == 503

    def test_come_from_a_file_too(self, world: World, tmp_path: Path) -> None:
        path = tmp_path / "jwks.json"
        path.write_text(json.dumps(world.issuer.jwks))
        settings = Settings(
            production=True,
            oin=OTHER_OIN,
            public_url="https://hub.example",
            issuer_url="https://login.example",
            issuer_jwks=str(path),
        )
        identity = make_identity(settings, None, world.seats, world.clock, world.log)
        token = world.forged(iss="https://login.example", aud="https://hub.example")
        assert identity._verify(token, "trace").zetel == AVIM
        with pytest.raises(Problem):
            identity._verify(world.forged(), "trace")
        path.write_text("{")
        with pytest.raises(SettingsError, match="JWKS"):
            make_identity(settings, None, world.seats, world.clock, world.log)

    def test_are_ours_only_without_another(self, world: World) -> None:
        own = world.issuer.keys()
        assert make_identity(Settings(), own, world.seats, world.clock, world.log)
        with pytest.raises(SettingsError):
            make_identity(Settings(), None, world.seats, world.clock, world.log)


def test_a_key_ring_has_only_its_own_keys() -> None:
    ring = Sleutelbos({"keys": [{**ISSUER_KEY.as_dict(private=False), "kid": "een"}]})
    assert ring.key("een") is not None
    assert ring.key("twee") is None


def test_a_problem_is_what_the_check_raises(world: World) -> None:
    with pytest.raises(Problem):
        world.identity._verify("abc", "trace")
