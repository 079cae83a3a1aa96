"""A whole hub on a fresh database, its doors in process, and the agencies that knock on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import StringIO
from itertools import count
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID, uuid5

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

from contracts.cloudevents import NAAMRUIMTE, kenmerk_id
from hub.api.app import create_app
from hub.api.doors import partner_routers
from hub.api.identity import SCOPES
from hub.api.services import Services
from hub.audit.access import AccessLog, Entry, Pending
from hub.ledger.store import ACCESS_LOG, LedgerUnavailable
from hub.log import Log
from hub.main import Hub, open_doors, open_hub, project_in_thread, revise_in_threads
from hub.sealing import utc_now
from hub.settings import Settings
from tests.api.conforming import Document

Data = dict[str, Any]
ADDRESS = "http://127.0.0.1:8000"
BATCH = "application/cloudevents-batch+json"
SYSTEEM = "proef"
#: A number that nothing in any world carries.
NOBODY = UUID("00000000-0000-4000-8000-000000000000")
#: Passes the elfproef and is given to nobody.
CANARY = "999900018"


class FailingAccessLog:
    """A twin of the access log whose disk is gone."""

    def append_access(self, records: Sequence[Entry]) -> list[int]:
        return self.begin_access(records)()

    def begin_access(self, records: Sequence[Entry]) -> Pending:
        def broken() -> list[int]:
            raise LedgerUnavailable("no access record can be written")

        return broken


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat that speaks to the hub: its token is asked once."""

    zetel: str
    oin: str
    http: httpx.Client
    headers: Mapping[str, str]

    @property
    def bron(self) -> str:
        return f"urn:nld:oin:{self.oin}:systeem:{SYSTEEM}"

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(f"/v1{path}", params=query, headers=self.headers)

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.http.post(f"/v1{path}", json=body, headers=self.headers)

    def act(self, path: str, body: Any) -> Data:
        """Post what must be accepted; the receipt."""
        answer = self.post(path, body)
        assert answer.status_code == 201, f"{self.zetel} {path}: {answer.text}"
        return dict(answer.json())

    def push(self, *events: Data) -> httpx.Response:
        return self.http.post("/v1/aanleveringen", json=events, headers={**self.headers, "Content-Type": BATCH})

    def results(self, *events: Data) -> list[Data]:
        answer = self.push(*events)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["resultaten"])

    def signaal_id(self, kenmerk: str) -> UUID:
        return kenmerk_id(self.bron, "signaal", kenmerk)

    def signaal(self, kenmerk: str, **melding: Any) -> Data:
        """The body that registers a signal."""
        whole = {"kenmerk": kenmerk, "spoor": "intern", "regio": "ede", "inhoud": inhoud()} | melding
        return {"signaalId": str(self.signaal_id(kenmerk)), "melding": whole}

    def registers(self, kenmerk: str, **melding: Any) -> UUID:
        """Bring a signal in; its number."""
        self.act("/signalen", self.signaal(kenmerk, **melding))
        return self.signaal_id(kenmerk)

    def event(self, id: str, soort: str, data: Data, **envelope: Any) -> Data:
        """A CloudEvent. `soort`: name of the command, such as `registreer-signaal`."""
        return {
            "specversion": "1.0",
            "id": id,
            "source": self.bron,
            "type": f"nl.overheid.mensenhandel.{soort}.v1",
            "data": data,
        } | envelope


@dataclass(frozen=True, slots=True)
class HubWorld:
    """The hub with its doors open."""

    hub: Hub
    app: FastAPI
    http: httpx.Client
    settings: Settings
    log_lines: StringIO
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    seats: dict[tuple[str, tuple[str, ...]], Seat] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    def token(self, zetel: str, *scopes: str) -> str:
        assert self.services.issuer is not None
        oin = self.hub.beleid.instanties[zetel].oin
        return self.services.issuer.access_token(f"{oin}:{SYSTEEM}", oin, zetel, scopes or tuple(SCOPES))

    def as_seat(self, zetel: str, *scopes: str, http: httpx.Client | None = None) -> Seat:
        """A seat with these scopes, all by default."""
        key = (zetel, scopes)
        if key not in self.seats:
            oin = self.hub.beleid.instanties[zetel].oin
            bearer = {"Authorization": f"Bearer {self.token(zetel, *scopes)}"}
            self.seats[key] = Seat(zetel, oin, self.http, bearer)
        return self.seats[key] if http is None else replace(self.seats[key], http=http)

    def kenmerk(self) -> str:
        """A number of an agency's own record that was not used before."""
        return f"K-{next(self.numbers)}"

    def id(self) -> UUID:
        return uuid5(NAAMRUIMTE, f"proef-{next(self.numbers)}")

    def settle(self) -> None:
        """Wait until the views have followed the ledger to its end."""
        head = self.hub.store.head()
        while self.services.views.position() < head:
            sleep(0.002)

    def sees(self, zetel: str, signaal_id: UUID, doel: str) -> httpx.Response:
        self.settle()
        return self.as_seat(zetel).get(f"/signalen/{signaal_id}", doel=doel)

    def looks(self) -> int:
        """How many access records there are."""
        return self.hub.store.frontier(ACCESS_LOG).size

    def last_look(self) -> bytes:
        return self.hub.store.leaf_data(ACCESS_LOG, self.looks() - 1, 1)[0]

    def recorded(self, since: int) -> list[str]:
        """The kinds of what is on the ledger after a position."""
        prefix = "nl.overheid.mensenhandel."
        return [one.topic.removeprefix(prefix).removesuffix(".v1") for one in self.hub.store.read(since, 10_000)]

    def with_access_log(self, access_log: AccessLog) -> TestClient:
        """Other doors to the same hub, with another access log behind them."""
        services = replace(self.services, access_log=access_log)
        app = create_app(services, self.settings, partner_routers(services))
        return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)


@contextmanager
def opened(dsn: str, folder: Path, address: str = ADDRESS, stream_seconds: float = 0.05) -> Iterator[HubWorld]:
    """The hub on an empty database, with its keys in `folder`. `stream_seconds`: how long a stream of news lasts.

    Its inspections by the clock are left out: many tests share the hub, and count what is on record.
    """
    settings = Settings(database_url=dsn, data_folder=folder, public_url=address, stream_seconds=stream_seconds)
    lines = StringIO()
    log = Log(lines, "debug", utc_now)
    with (
        open_hub(settings) as hub,
        project_in_thread(hub),
        revise_in_threads(hub, log),
        open_doors(hub, log) as app,
        TestClient(app, base_url=address, raise_server_exceptions=False) as http,
    ):
        http.event_hooks = {"response": [Document(app.openapi()).check]}
        yield HubWorld(hub, app, http, settings, lines)


def persoon(id: UUID | str, **more: Any) -> Data:
    """A synthetic person, presumed victim."""
    known: Data = {
        "betrokkeneId": str(id),
        "naam": "Anka Testowicz",
        "geboortedatum": "1996-04-02",
        "bsn": CANARY,
        "bereikbaar": ["06-00001234"],
        "rollen": [{"rol": "vermoedelijk-slachtoffer"}],
    }
    return {name: value for name, value in (known | more).items() if value is not None}


def inhoud(*personen: Data, **more: Any) -> Data:
    """What was seen: a little of everything that has a category."""
    whole: Data = {
        "vormen": ["arbeidsuitbuiting"],
        "zekerheid": "vermoeden",
        "toelichting": "Paspoort ligt bij de baas, zei zij.",
        "waargenomenOp": "2026-01-10T10:00:00+01:00",
    }
    if personen:
        whole["betrokkenen"] = list(personen)
    return whole | more


def criteria(letters: str = "abcde", voldaan: bool = True) -> list[Data]:
    """The explained criteria of Bgs 2.16."""
    return [{"letter": one, "voldaan": voldaan, "toelichting": "vastgesteld in het overleg"} for one in letters]


def doorzetting(naar: str, doel: str, *, spoor: str = "bilateraal", **more: Any) -> Data:
    """The body that passes a signal on."""
    return {"naar": naar, "spoor": spoor, "doel": doel} | more
