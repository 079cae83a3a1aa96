"""A whole hub on a fresh database behind a real socket, and the systems of all agencies that speak to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import httpx
from psycopg_pool import ConnectionPool
from pydantic import SecretStr

from hub.demo import Clients, serving
from hub.log import Log
from hub.main import Hub, development_clients, open_app, open_hub
from hub.sealing import utc_now
from hub.settings import Settings
from hub.views.read import Views

HTTP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class World:
    """A hub that serves. `views`: its reading side without a door."""

    hub: Hub
    http: httpx.Client
    clients: Clients
    views: Views

    def bearer(self, zetel: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.clients.token(zetel)}"}

    def settle(self) -> int:
        """Wait until the views have seen the whole ledger; the position they reached."""
        head = self.hub.store.head()
        while self.views.position() < head:
            sleep(0.002)
        return head


@contextmanager
def opened(dsn: str, folder: Path) -> Iterator[World]:
    """The hub on the database `dsn` (empty or of an earlier run), with its keys in `folder`."""
    port = free_port()
    settings = Settings(
        database_url=SecretStr(dsn),
        data_folder=folder,
        port=port,
        public_url=f"http://127.0.0.1:{port}",
    )
    with (
        open_hub(settings) as hub,
        (folder / "hub.log").open("a", encoding="utf-8") as stream,
        open_app(hub, Log(stream, "info", utc_now), story_time) as app,
        serving(app, port),
        httpx.Client(base_url=settings.public_url, timeout=HTTP_SECONDS) as http,
        ConnectionPool(hub.database.dsn, min_size=1, max_size=2, open=True) as pool,
    ):
        clients = Clients(hub, http, development_clients(hub))
        yield World(hub, http, clients, Views(pool, hub.sealer, story_time))


def story_time() -> datetime:
    """After the last story: who is a child in it is still one, and her parents still consent for her."""
    return datetime(2026, 2, 10, 12, tzinfo=UTC)


def client_key(folder: Path, oin: str) -> Path:
    """The private key of an organisation's system, which a hub in development made when it started."""
    return folder / "clients" / f"{oin}.demo.pem"


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
