"""A small API around the shell: two organisations, three seats, three sample operations."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Annotated, Any

import jwt
from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from pydantic import BaseModel, ConfigDict, Field

from contracts.message import Tijdstip
from contracts.problems import Problem, niet_beschikbaar
from hub.api.app import create_app
from hub.api.clients import Client
from hub.api.identity import SCOPES, Identity, Zetelhouder, met_scope
from hub.api.issuer import DevelopmentIssuer
from hub.api.jti import JtiStore, MemoryJtis
from hub.api.limits import partner_router
from hub.log import Log
from hub.settings import Settings

ADDRESS = "http://127.0.0.1:8000"
POLITIE, GEMEENTE = "00000001111111111000", "00000001222222222000"
AVIM, BASISTEAM = "politie.avim@oost-nederland", "politie.basisteam@ede"
AF_OOV = "gemeente.af-oov@ede"
CLIENT = f"{POLITIE}:bvh"
CANARY = "999900018"  # passes the elfproef

ISSUER_KEY = RSAKey.generate_key(2048)
CLIENT_KEY = RSAKey.generate_key(2048)
FOREIGN_KEY = RSAKey.generate_key(2048)


class Seats:
    """The register of the tests."""

    def __init__(self) -> None:
        self.oins = {AVIM: POLITIE, BASISTEAM: POLITIE, AF_OOV: GEMEENTE}

    def oin_van(self, zetel: str) -> str | None:
        return self.oins.get(zetel)


class Register:
    """One client, of the police, wrongly registered for a seat of the municipality too."""

    def client(self, client_id: str) -> Client | None:
        if client_id != CLIENT:
            return None
        return Client(
            client_id=CLIENT,
            oin=POLITIE,
            jwk=CLIENT_KEY.as_dict(private=False),
            zetels=frozenset({AVIM, AF_OOV}),
            scopes=frozenset({"signalen.aanleveren", "signalen.raadplegen"}),
        )


@dataclass
class Clock:
    """A clock that stands still until told otherwise."""

    moment: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **time: float) -> None:
        self.moment += timedelta(**time)


@dataclass
class World:
    """The API and everything around it that a test may turn."""

    clock: Clock = field(default_factory=Clock)
    seats: Seats = field(default_factory=Seats)
    lines: StringIO = field(default_factory=StringIO)
    jtis: JtiStore = field(default_factory=MemoryJtis)
    settings: Settings = field(default_factory=lambda: Settings(max_body_bytes=4096))
    production: bool = False

    def __post_init__(self) -> None:
        self.log = Log(self.lines, "debug", self.clock)
        self.issuer = DevelopmentIssuer(
            address=ADDRESS,
            audience=ADDRESS,
            key_pem=ISSUER_KEY.as_pem(private=True),
            clients=Register(),
            seats=self.seats,
            jtis=self.jtis,
            clock=self.clock,
            log=self.log,
        )
        self.identity = Identity(
            issuer=ADDRESS,
            audience=ADDRESS,
            keys=self.issuer.keys(),
            seats=self.seats,
            clock=self.clock,
            production=self.production,
            log=self.log,
        )
        self.app: FastAPI = create_app(self, self.settings, [sample_router()], record=unrecorded)
        self.http = TestClient(self.app, base_url=ADDRESS, raise_server_exceptions=False)

    def token(self, *scopes: str, zetel: str = AVIM, oin: str = POLITIE) -> str:
        return self.issuer.access_token(CLIENT, oin, zetel, scopes or tuple(SCOPES))

    def bearer(self, *scopes: str, **who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(*scopes, **who)}"}

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(self.clock().timestamp())
        claims = {
            "iss": ADDRESS,
            "aud": ADDRESS,
            "azp": CLIENT,
            "exp": now + 60,
            "jti": "9d5c0a2e-0000-4000-8000-000000000001",
            "oin": POLITIE,
            "zetel": AVIM,
            "scope": "signalen.raadplegen",
        } | changed
        return {name: value for name, value in claims.items() if value is not None}

    def forged(self, key: Any = None, algorithm: str = "PS256", kid: str | None = None, **changed: Any) -> str:
        kid = ISSUER_KEY.thumbprint() if kid is None else kid
        key = ISSUER_KEY.private_key if key is None else key
        return jwt.encode(self.claims(**changed), key, algorithm=algorithm, headers={"kid": kid})


class Sample(BaseModel):
    """A body with a bit of everything."""

    model_config = ConfigDict(extra="forbid")
    kenmerk: Annotated[str, Field(min_length=1, max_length=20, pattern="^[a-z-]+$")]
    moment: Tijdstip
    aantal: Annotated[int, Field(ge=1, le=9)] = 1
    bsn: Annotated[str, Field(pattern=r"^\d{8}$")] | None = None


def sample_router() -> APIRouter:
    """A list, a creation, one of each kind of failure."""
    router = partner_router("proef")
    lezer = Annotated[Zetelhouder, Depends(met_scope("signalen.raadplegen"))]
    aanleveraar = Annotated[Zetelhouder, Depends(met_scope("signalen.aanleveren"))]

    @router.get("/proeven")
    async def lijst(houder: lezer, limiet: Annotated[int, Query(ge=1, le=100)] = 10) -> list[str]:
        return [houder.zetel, houder.trace]

    @router.get("/proeven/{proefId}")
    async def een(houder: lezer, proef_id: Annotated[int, Path(alias="proefId")]) -> Sample:
        return Sample(kenmerk="een", moment=datetime(2026, 3, 1, tzinfo=UTC), aantal=1)

    @router.post("/proeven", status_code=201)
    async def maak(houder: aanleveraar, proef: Sample) -> Sample:
        return proef

    @router.get("/stuk")
    async def stuk() -> str:
        raise RuntimeError(f"the record of {CANARY} is broken")

    @router.get("/dicht")
    async def dicht() -> str:
        raise niet_beschikbaar()

    return router


async def unrecorded(_: Request, problem: Problem) -> Problem:
    """This world has no access log."""
    return problem
