"""A hub in a process of its own, on the embedded database, for measurements through its doors."""

from __future__ import annotations

import http.client
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import psycopg

from adapters.identity import PrivateKeyJwt
from contracts.cloudevents import kenmerk_id
from hub.access.beleid import Beleid
from hub.api.identity import SCOPES
from hub.ledger.database import Database, open_database
from hub.sealing import utc_now

SEAT = "politie.avim@oost-nederland"
DOEL = "strafvordering"
START_SECONDS = 180.0
SENTENCE = "er zijn aanwijzingen dat mensen hier niet vrij werken. "
SERVE = "import sys; from hub.cli import main; sys.argv[1:] = ['serve']; main()"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Served:
    """A server on the loopback address. `pid`: its process."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def machine() -> str:
    """What the numbers below were measured on."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} cores ({model}), {load}, {platform.system()}, Python {platform.python_version()}"


@contextmanager
def database() -> Iterator[tuple[Database, Path]]:
    """The embedded server in a throw-away folder, durable as in production; its version is printed."""
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-bench-"))
    folder.chmod(0o711)
    try:
        with open_database(None, folder) as opened:
            with psycopg.connect(opened.dsn) as connection:
                print(f"{machine()}, PostgreSQL {connection.info.server_version // 10_000} embedded, durable")
            yield opened, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served_hub(opened: Database, folder: Path) -> Iterator[Served]:
    """`signaalhub serve` on this database, with the development issuer."""
    port = free_port()
    settings = {
        "HUB_DATABASE_URL": opened.dsn,
        "HUB_DATA_FOLDER": str(folder / "hub"),
        "HUB_PORT": str(port),
        "HUB_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    with process((sys.executable, "-c", SERVE), settings, port, folder / "hub.log") as pid:
        yield Served(port, pid)


@contextmanager
def process(command: Sequence[str], more: Mapping[str, str], port: int, log: Path) -> Iterator[int]:
    """A server process that answers on `port`; ended with the context."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    with log.open("w") as lines, subprocess.Popen(command, env={**environment, **more}, stderr=lines) as child:
        try:
            _await_port(child, port, log)
            yield child.pid
        finally:
            child.terminate()


def token(hub: Served, folder: Path, zetel: str = SEAT) -> str:
    """A bearer token of a seat, from the hub's own issuer."""
    oin = Beleid.laad().instanties[zetel].oin
    (key,) = (folder / "hub" / "clients").glob(f"{oin}*.pem")
    with httpx.Client() as client:
        source = PrivateKeyJwt(
            client,
            token_url=f"{hub.address}/oauth/token",
            client_id=f"{oin}:demo",
            key=key.read_bytes(),
            now=utc_now,
            new_id=uuid4,
            scope=" ".join(SCOPES),
        )
        return source.token(zetel)


def source(zetel: str = SEAT) -> str:
    """The source under which the measured agency pushes."""
    return f"urn:nld:oin:{Beleid.laad().instanties[zetel].oin}:systeem:meting"


def cloud_event(bron: str, number: int) -> dict[str, Any]:
    """A synthetic signal of usual length (about 1.4 kB): one or two persons, a place, two indicators."""
    kenmerk = f"2026-{number}"
    return {
        "specversion": "1.0",
        "id": f"r-{number}",
        "source": bron,
        "type": "nl.overheid.mensenhandel.registreer-signaal.v1",
        "time": "2026-03-02T08:00:00Z",
        "data": {
            "signaalId": str(kenmerk_id(bron, "signaal", kenmerk)),
            "melding": {
                "kenmerk": kenmerk,
                "spoor": "bilateraal",
                "regio": "landelijk",
                "wpgArtikel": "8",
                "melder": {"naam": "Verbalisant Voorbeeld"},
                "inhoud": {
                    "vormen": ["arbeidsuitbuiting"],
                    "zekerheid": "vermoeden",
                    "toelichting": f"Melding {number}: "
                    + "er zijn aanwijzingen dat mensen hier niet vrij werken. " * 6,
                    "waargenomenOp": "2026-03-01T21:15:00Z",
                    "betrokkenen": [
                        {
                            "betrokkeneId": str(kenmerk_id(bron, "betrokkene", f"{number}-{nth}")),
                            "naam": f"Voorbeeld {number}",
                            "nationaliteit": "onbekend",
                            "bereikbaar": [f"06-0000{number % 10_000:04d}"],
                        }
                        for nth in range(1 + number % 2)
                    ],
                    "locaties": [{"adres": f"Voorbeeldstraat {number}", "plaats": "Ede"}],
                },
            },
        },
    }


class Connection:
    """One connection that stays open; as little of a client as measures a server."""

    def __init__(self, port: int, bearer: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}

    def post(self, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        self._connection.request("POST", path, body, self._headers | {"Content-Type": kind})
        return self._answer()

    def get(self, path: str) -> tuple[int, bytes]:
        self._connection.request("GET", path, headers=self._headers)
        return self._answer()

    def _answer(self) -> tuple[int, bytes]:
        answer = self._connection.getresponse()
        return answer.status, answer.read()


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds that some work takes, and what it answers."""
    begin = time.perf_counter()
    done = work()
    return time.perf_counter() - begin, done


def processor_seconds(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def family_seconds(pid: int) -> float:
    """Processor time so far of a process and of those that it started: a hub has another process for its views."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return processor_seconds(pid) + sum(
        processor_seconds(int(one)) for path in threads for one in path.read_text().split()
    )


def resident_bytes(pid: int) -> int:
    """Memory of a process that lies in RAM now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def quantile(seconds: Sequence[float], percent: int) -> float:
    """A percentile in milliseconds."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1000


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_port(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"the server does not start; see {log}:\n{log.read_text()[-2000:]}")
