"""Who gets a token of the development issuer."""

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
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
from joserfc.jwk import ECKey
from psycopg_pool import ConnectionPool

from hub.api.clients import ClientFolder, make_clients
from hub.api.identity import (
    SCOPES,
)
from hub.api.issuer import FORM, TOKEN_PATH, development_issuer, issuer_router
from hub.api.jti import MIGRATIONS, JtiStore, MemoryJtis, PostgresJtis
from hub.ledger.database import migrate, open_database
from hub.settings import Settings, SettingsError
from tests.api.world import (
    ADDRESS,
    AF_OOV,
    AVIM,
    BASISTEAM,
    CLIENT,
    CLIENT_KEY,
    FOREIGN_KEY,
    GEMEENTE,
    POLITIE,
    Seats,
    World,
)

ENDPOINT = ADDRESS + TOKEN_PATH
JTI = "Zr3kq0VhXw1c9d8e7f6a5b"


@pytest.fixture
def world() -> World:
    return World()


def at(world: World) -> int:
    return int(world.clock().timestamp())


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
            oin="00000001111111111000",
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
            signing = PrivateKeyJWT(ENDPOINT, alg="ES256")
            key = ECKey.import_key(keys[GEMEENTE].read_bytes())
            client = OAuth2Client(f"{GEMEENTE}:demo", key, signing, transport=served._transport)
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
def database() -> Iterator[str]:
    # As root the server runs as another user, who cannot enter pytest's own folders.
    with tempfile.TemporaryDirectory(prefix="signaalhub-jti-", dir="/var/tmp" if os.geteuid() == 0 else None) as name:
        Path(name).chmod(0o711)
        with open_database(None, Path(name)) as opened:
            migrate(opened.dsn, [MIGRATIONS])
            yield opened.dsn


class JtiStoreContract:
    """What every store of used assertions does."""

    @pytest.fixture
    def store(self) -> JtiStore:
        """The store under test; each kind gives its own."""
        pytest.fail("a kind of store that gives none")

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
