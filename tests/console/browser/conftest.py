"""A real browser on a hub that serves over HTTP; left out, and said so, where there is no Chromium."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import psycopg
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from psycopg.conninfo import make_conninfo

from tests.api.hub_world import HubWorld, opened
from tests.console.browser.looking import AXE

#: CI sets it, so that nobody takes a run without a browser for a whole one.
REQUIRED = "HUB_TEST_BROWSER"
CHROMIUM = os.environ.get(REQUIRED) or shutil.which("chromium") or shutil.which("chromium-browser")
#: Nothing is fetched by the browser itself: it has no business outside this machine.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
COMPLETE = bool(CHROMIUM) and (AXE.exists() or REQUIRED in os.environ)
collect_ignore_glob = [] if COMPLETE else ["test_*.py"]


def pytest_report_header() -> str:
    return f"browser: {CHROMIUM}" if COMPLETE else "no Chromium, or no axe from npm: tests/console/browser is left out"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of the browser in one worker: they share a hub that takes time to start."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one process for the tests of a module.

    No longer than that: as long as Playwright runs, its thread has a running event loop, in which other tests of the
    same worker cannot run one of their own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(postgres_server_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubWorld]:
    """A whole hub that serves on a port of this machine."""
    name = f"console_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        dsn, folder = make_conninfo(postgres_server_dsn, dbname=name), tmp_path_factory.mktemp("console")
        with opened(dsn, folder, address, stream_seconds=600) as world:
            server = uvicorn.Server(uvicorn.Config(world.app, log_config=None, lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
            thread.start()
            while not server.started:
                sleep(0.01)
            yield world
            server.should_exit = True
            thread.join(10)
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def context(chromium: Browser, served: HubWorld, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A new browser window on the hub. Parameters: of `Browser.new_context`, such as its viewport."""
    wanted: dict[str, Any] = getattr(request, "param", {})
    made = chromium.new_context(base_url=served.settings.public_url, locale="nl-NL", **wanted)
    made.set_default_timeout(60_000)
    yield made
    made.close()
