"""Who gets a token, and which tokens open the door."""

import json
import os
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from hmac import new
from pathlib import Path
from typing import Any

import jwt
import psycopg
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from psycopg_pool import ConnectionPool

from contracts.problems import Problem
from hub.api.clients import ClientFolder, make_clients
from hub.api.identity import MAX_CACHED, SCOPES, Sleutelbos, _Verified, check_oin, met_scope
from hub.api.issuer import FORM, TOKEN_PATH, development_issuer, issuer_router
from hub.api.jti import MIGRATIONS, JtiStore, MemoryJtis, PostgresJtis
from hub.ledger.database import migrate, open_database
from hub.settings import Settings, SettingsError
from tests.api.world import (
    ADDRESS,
    AF_OOV,
    AVIM,
    BASISTEAM,
    CANARY,
    CLIENT,
    CLIENT_KEY,
    FOREIGN_KEY,
    GEMEENTE,
    ISSUER_KEY,
    POLITIE,
    Seats,
    World,
)

ENDPOINT = ADDRESS + TOKEN_PATH
PUBLIC_PEM = ISSUER_KEY.as_pem(private=False)
JTI = "Zr3kq0VhXw1c9d8e7f6a5b"
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


def assertion(world: World, key: Any = CLIENT_KEY, algorithm: str = "PS256", **changed: Any) -> str:
    now = int(world.clock().timestamp())
    claims = {"iss": CLIENT, "sub": CLIENT, "aud": ENDPOINT, "iat": now, "exp": now + 60, "jti": JTI} | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key if isinstance(key, str) else key.private_key, algorithm=algorithm)


def ask(world: World, signed: str, **changed: str | None) -> Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": signed,
        "scope": "signalen.raadplegen",
        "zetel": AVIM,
    } | changed
    answer: Response = world.http.post(TOKEN_PATH, data={name: value for name, value in form.items() if value})
    return answer


BAD_ASSERTIONS: dict[str, Callable[[World], str]] = {
    "iss is not sub": lambda w: assertion(w, iss=f"{GEMEENTE}:zaak"),
    "sub is not iss": lambda w: assertion(w, sub=f"{GEMEENTE}:zaak"),
    "unknown client": lambda w: assertion(w, iss=f"{POLITIE}:elders", sub=f"{POLITIE}:elders"),
    "path as client": lambda w: assertion(w, iss="../../etc/passwd", sub="../../etc/passwd"),
    "wrong audience": lambda w: assertion(w, aud="https://elders.example"),
    "audience is the hub": lambda w: assertion(w, aud=ADDRESS),
    "no audience": lambda w: assertion(w, aud=None),
    "expired": lambda w: assertion(w, exp=at(w) - 60),
    "no expiry": lambda w: assertion(w, exp=None),
    "lives too long": lambda w: assertion(w, exp=at(w) + 7200),
    "lives for ever": lambda w: assertion(w, exp=10**300),
    "expiry is no number": lambda w: assertion(w, exp=float("nan")),
    "no iat": lambda w: assertion(w, iat=None),
    "issued in the future": lambda w: assertion(w, iat=at(w) + 60),
    "no jti": lambda w: assertion(w, jti=None),
    "short jti": lambda w: assertion(w, jti="1"),
    "foreign key": lambda w: assertion(w, FOREIGN_KEY),
    "HS256": lambda w: assertion(w, "a secret of at least thirty-two bytes", "HS256"),
    "RS512, not in the list": lambda w: assertion(w, algorithm="RS512"),
    "not an assertion": lambda w: "abc",
}


class TestTokenEndpoint:
    @pytest.mark.parametrize("why", BAD_ASSERTIONS)
    def test_refuses_an_assertion(self, world: World, why: str) -> None:
        answer = ask(world, BAD_ASSERTIONS[why](world))
        assert answer.status_code in (400, 401)
        assert answer.json()["error"] == "invalid_client"
        assert "access_token" not in answer.text

    def test_counts_an_assertion_once(self, world: World) -> None:
        signed = assertion(world)
        assert ask(world, signed).status_code == 200
        again = ask(world, signed)
        assert again.status_code == 400
        assert again.json()["error"] == "invalid_client"
        assert ask(world, assertion(world, exp=at(world) + 90)).json()["error"] == "invalid_client"

    def test_a_refused_assertion_spends_no_jti(self, world: World) -> None:
        assert ask(world, assertion(world, FOREIGN_KEY)).status_code == 400
        assert ask(world, assertion(world)).status_code == 200

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"zetel": AF_OOV}, "invalid_scope"),
            ({"zetel": BASISTEAM}, "invalid_scope"),
            ({"zetel": "onbekend@nergens"}, "invalid_scope"),
            ({"zetel": None}, "invalid_request"),
            ({"scope": None}, "invalid_scope"),
            ({"scope": "signalen.raadplegen beleid.toetsen"}, "invalid_scope"),
            ({"scope": "alles"}, "invalid_scope"),
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({"grant_type": None}, "unsupported_grant_type"),
            ({"client_assertion": None}, "invalid_client"),
            ({"client_assertion_type": "elders"}, "invalid_client"),
        ],
    )
    def test_refuses_a_request(self, world: World, changed: dict[str, str | None], error: str) -> None:
        answer = ask(world, assertion(world), **changed)
        assert answer.status_code == 400
        assert answer.json()["error"] == error
        assert answer.headers["cache-control"] == "no-store"

    def test_refuses_other_formats_and_repeated_parameters(self, world: World) -> None:
        assert world.http.post(TOKEN_PATH, json={}).json()["error"] == "invalid_request"
        for body in (b"zetel=a&zetel=b", b"\xff", b"&".join(b"a%d=1" % number for number in range(40))):
            answer = world.http.post(TOKEN_PATH, content=body, headers={"Content-Type": FORM})
            assert answer.json()["error"] == "invalid_request"

    def test_gives_a_token_that_opens_the_door(self, world: World) -> None:
        answer = ask(world, assertion(world)).json()
        assert answer["token_type"] == "Bearer"
        assert answer["expires_in"] == 3600
        opened = world.http.get("/v1/proeven", headers={"Authorization": f"Bearer {answer['access_token']}"})
        assert opened.json()[0] == AVIM

    def test_gives_the_claims_of_the_profile(self, world: World) -> None:
        token = ask(world, assertion(world)).json()["access_token"]
        key = jwt.PyJWKSet.from_dict(world.http.get("/.well-known/jwks.json").json())
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, key[header["kid"]].key, ["PS256"], audience=ADDRESS, options={"verify_exp": False})
        assert header["alg"] == "PS256"
        assert {"iss", "azp", "aud", "exp", "jti", "oin", "zetel", "scope"} <= claims.keys()
        assert (claims["azp"], claims["oin"], claims["zetel"]) == (CLIENT, POLITIE, AVIM)
        assert claims["exp"] - claims["iat"] <= 3600

    def test_publishes_its_metadata_and_no_private_key(self, world: World) -> None:
        metadata = world.http.get("/.well-known/oauth-authorization-server").json()
        assert metadata["issuer"] == ADDRESS
        assert metadata["token_endpoint"] == ENDPOINT
        assert metadata["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
        assert set(world.http.get("/.well-known/jwks.json").json()["keys"][0]) == {"kty", "n", "e", "kid", "use"}


class TestDevelopmentIssuer:
    def test_does_not_start_in_production(self, tmp_path: Path, world: World) -> None:
        production = Settings(
            production=True,
            public_url="https://hub.example",
            issuer_url="https://login.example",
            issuer_jwks="https://login.example/jwks",
            data_folder=tmp_path,
        )
        with pytest.raises(SettingsError, match="production"):
            development_issuer(production, world.seats, world.jtis, world.clock, world.log)

    def test_serves_a_standard_client(self, tmp_path: Path, world: World) -> None:
        world.clock.moment = datetime.now(UTC)  # a standard client knows only the real clock
        keys = make_clients(tmp_path / "clients", {POLITIE: [AVIM], GEMEENTE: [AF_OOV]}, SCOPES)
        issuer = development_issuer(Settings(data_folder=tmp_path), Seats(), MemoryJtis(), world.clock, world.log)
        app = FastAPI()
        app.include_router(issuer_router(issuer))
        with TestClient(app, base_url=ADDRESS) as served:
            signing = PrivateKeyJWT(ENDPOINT, alg="PS256")
            pem = keys[GEMEENTE].read_text()
            client = OAuth2Client(f"{GEMEENTE}:demo", pem, signing, transport=served._transport)
            token = client.fetch_token(ENDPOINT, "client_credentials", scope="beleid.toetsen", zetel=AF_OOV)
        assert token["zetel"] == AF_OOV

    def test_keeps_its_keys_and_warns_on_each_start(self, tmp_path: Path, world: World) -> None:
        settings, seats = Settings(data_folder=tmp_path), Seats()
        first, second = (development_issuer(settings, seats, world.jtis, world.clock, world.log) for _ in range(2))
        assert first.jwks == second.jwks
        assert world.lines.getvalue().count("Ontwikkeluitgever") == 2
        made = make_clients(tmp_path, {POLITIE: [AVIM]}, SCOPES)[POLITIE].read_bytes()
        assert make_clients(tmp_path, {POLITIE: [AVIM]}, SCOPES)[POLITIE].read_bytes() == made

    def test_private_keys_are_for_their_owner(self, tmp_path: Path) -> None:
        path = make_clients(tmp_path, {POLITIE: [AVIM]}, SCOPES)[POLITIE]
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)
        with pytest.raises(SettingsError, match="0600"):
            make_clients(tmp_path, {POLITIE: [AVIM]}, SCOPES)

    def test_ids_are_not_paths(self, tmp_path: Path) -> None:
        (tmp_path / "x.json").write_text("{}")
        assert ClientFolder(tmp_path).client("../x") is None
        with pytest.raises(ValueError, match="OIN"):
            make_clients(tmp_path, {"../" + POLITIE: [AVIM]}, SCOPES)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-jti-", dir="/var/tmp" if os.geteuid() == 0 else None))
    folder.chmod(0o711)
    with open_database(None, folder) as opened:
        migrate(opened.dsn, [MIGRATIONS])
        yield opened.dsn


class JtiStoreContract:
    """What every store of used assertions does."""

    @pytest.fixture
    def store(self) -> JtiStore:
        raise NotImplementedError

    def test_first_use_counts_and_the_second_does_not(self, store: JtiStore, world: World) -> None:
        now = world.clock()
        world.clock.pass_by(minutes=5)
        assert store.use("a", "1", world.clock(), now)
        assert not store.use("a", "1", world.clock(), now)

    def test_clients_do_not_share(self, store: JtiStore, world: World) -> None:
        now = world.clock()
        world.clock.pass_by(minutes=5)
        assert store.use("client", "22", world.clock(), now)
        assert store.use("client2", "2", world.clock(), now)

    def test_forgets_after_expiry(self, store: JtiStore, world: World) -> None:
        now = world.clock()
        world.clock.pass_by(minutes=5)
        later = world.clock()
        assert store.use("c", "3", later, now)
        world.clock.pass_by(minutes=5)
        assert store.use("c", "3", world.clock(), later)


class TestMemoryJtis(JtiStoreContract):
    @pytest.fixture
    def store(self) -> JtiStore:
        return MemoryJtis()


@pytest.mark.xdist_group("postgres-jtis")
class TestPostgresJtis(JtiStoreContract):
    @pytest.fixture
    def store(self, database: str) -> Iterator[JtiStore]:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("truncate oauth_jti")
        with ConnectionPool(database, min_size=1, max_size=2) as pool:
            yield PostgresJtis(pool)

    def test_remembers_after_a_restart(self, database: str, store: JtiStore, world: World) -> None:
        now = world.clock()
        world.clock.pass_by(minutes=5)
        assert store.use("d", "4", world.clock(), now)
        with ConnectionPool(database, min_size=1, max_size=2) as pool:
            assert not PostgresJtis(pool).use("d", "4", world.clock(), now)


class TestOin:
    @pytest.mark.parametrize("oin", ["0000000111111111100", "00000001111111111000\n", "٠" * 20, "00000055" + "0" * 12])
    def test_refused(self, oin: str) -> None:
        assert not check_oin(oin, production=False)

    def test_accepted(self) -> None:
        assert check_oin(POLITIE, production=True)
        assert check_oin(OTHER_OIN, production=True)


def test_a_key_ring_has_only_its_own_keys() -> None:
    ring = Sleutelbos({"keys": [{**ISSUER_KEY.as_dict(private=False), "kid": "een"}]})
    assert ring.key("een") is not None
    assert ring.key("twee") is None


def test_a_problem_is_what_the_check_raises(world: World) -> None:
    with pytest.raises(Problem):
        world.identity._verify("abc", "trace")
