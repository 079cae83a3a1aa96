"""A hub as a process of its own, and partners that keep sending and reading while it dies."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
import orjson

from adapters.identity import PrivateKeyJwt
from contracts.cloudevents import kenmerk_id
from contracts.signaal import DoorzetSignaal, RegistreerSignaal
from hub.api.identity import SCOPES
from hub.sealing import utc_now

ROOT = Path(__file__).parents[2]
START_SECONDS = 180.0
COMMAND_SECONDS = 200
BATCH = 4
DEFINITE = {"aanvaard", "herhaald"}
SENDER, READER = "politie.basisteam@ede", "politie.avim@oost-nederland"
DOEL = "strafvordering"
T = TypeVar("T")


@dataclass(slots=True)
class HubProcess:
    """`signaalhub serve` on a data folder of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        return mine | {
            "HUB_DATA_FOLDER": str(self.folder),
            "HUB_PORT": str(self.port),
            "HUB_PUBLIC_URL": self.url,
            "HUB_LOG_LEVEL": "warning",
            "HUB_WEBHOOK_LOOPBACK": "true",
        }

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self.folder / "hub.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub.cli", "serve"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/v1/openapi.json").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"the hub did not start:\n{(self.folder / 'hub.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, as an operator would; its exit code."""
        return self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        self.process = None
        return code

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of the command line on the same folder."""
        return subprocess.run(
            [sys.executable, "-m", "hub.cli", *arguments],
            cwd=ROOT,
            env=self.environment | {"COLUMNS": "400"},
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )


def source_of(oin: str) -> str:
    return f"urn:nld:oin:{oin}:systeem:demo"


def messages(number: int, oin: str) -> bytes:
    """Batch `number`: new signals, each passed on at once. The same bytes every time."""
    return orjson.dumps([event for at in range(BATCH) for event in _signal(number * BATCH + at, oin)])


def signal_id(at: int, oin: str) -> UUID:
    """The identifier of signal `at`."""
    return kenmerk_id(source_of(oin), "signaal", f"crash-{at}")


def _signal(at: int, oin: str) -> tuple[dict[str, Any], ...]:
    source, id = source_of(oin), signal_id(at, oin)
    person = kenmerk_id(source, "betrokkene", f"crash-{at}")
    content = {
        "vormen": ["seksuele-uitbuiting"],
        "zekerheid": "vermoeden",
        "toelichting": f"Mogelijk wordt iemand vastgehouden, melding {at}.",
        "betrokkenen": [{"betrokkeneId": str(person), "naam": f"Testpersoon {at}", "rollen": []}],
    }
    melding = {
        "kenmerk": f"crash-{at}",
        "spoor": "bilateraal",
        "regio": "ede",
        "wpgArtikel": "8",
        "inhoud": content,
    }
    passed_on = {
        "signaalId": str(id),
        "naar": READER,
        "spoor": "bilateraal",
        "doel": DOEL,
        "omstandigheden": {"wettelijke_grond": "wpg-15"},
    }
    return (
        _event(source, f"r{at}", RegistreerSignaal.TYPE, {"signaalId": str(id), "melding": melding}),
        _event(source, f"d{at}", DoorzetSignaal.TYPE, passed_on),
    )


def _event(source: str, id: str, type: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": type,
        "datacontenttype": "application/json",
        "data": data,
    }


@dataclass(slots=True)
class Partner:
    """A system that speaks for one seat, over a connection of its own."""

    url: str
    zetel: str
    oin: str
    key: bytes
    http: httpx.Client = field(init=False)
    tokens: PrivateKeyJwt = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=20)
        self.tokens = PrivateKeyJwt(
            self.http,
            token_url=f"{self.url}/oauth/token",
            client_id=f"{self.oin}:demo",
            key=self.key,
            now=utc_now,
            new_id=uuid4,
            scope=" ".join(SCOPES),
        )

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens.token(self.zetel)}"}

    def deliver(self, number: int) -> list[dict[str, Any]] | None:
        """The answers to batch `number`; None where there was none, or the hub could not write."""
        headers = self.headers() | {"Content-Type": "application/cloudevents-batch+json"}
        answer = self.http.post("/v1/aanleveringen", content=messages(number, self.oin), headers=headers)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return None
        assert answer.status_code == 200, answer.text
        return list(answer.json()["resultaten"])


class Load:
    """Partners that send and read until told to stop.

    `acknowledged`: positions by message; `read`: traces of the answers that held data.
    """

    def __init__(self, sender: Partner, reader: Partner) -> None:
        self.sender, self.reader = sender, reader
        self.acknowledged: dict[str, tuple[int, ...]] = {}
        self.batches = 0
        self.read: list[str] = []
        self.faults: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send), threading.Thread(target=self._read)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=30)

    def wait_for(self, batches: int) -> None:
        """Until so many more batches were acknowledged, and something more was read."""
        wanted, seen, deadline = self.batches + batches, len(self.read), time.monotonic() + START_SECONDS
        while (self.batches < wanted or len(self.read) == seen) and not self.faults:
            assert time.monotonic() < deadline, "the hub takes nothing in, or shows nothing"
            time.sleep(0.01)

    def note(self, answers: list[dict[str, Any]]) -> bool:
        """Remember what was acknowledged; whether all of it was. A repeat has the positions of the first time."""
        for one in answers:
            if one["status"] in DEFINITE:
                positions = tuple(one["posities"])
                if self.acknowledged.setdefault(one["id"], positions) != positions:
                    self.faults.append(f"{one['id']}: {self.acknowledged[one['id']]} became {positions}")
            elif one["status"] != "mislukt":
                self.faults.append(f"{one['id']}: {one}")
        return all(one["status"] in DEFINITE for one in answers)

    def _send(self) -> None:
        while not self._stop.is_set():
            answers = self._try(lambda: self.sender.deliver(self.batches))
            if answers is not None and self.note(answers):
                self.batches += 1
            else:
                self._stop.wait(0.05)

    def _read(self) -> None:
        while not self._stop.is_set():
            trace = secrets.token_hex(16)
            if self._try(lambda: self._looked(trace)):  # noqa: B023 - used at once
                self.read.append(trace)
            self._stop.wait(0.01)

    def _looked(self, trace: str) -> bool:
        headers = self.reader.headers() | {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"}
        answer = self.reader.http.get("/v1/signalen", params={"doel": DOEL, "aantal": 5}, headers=headers)
        return answer.is_success and bool(answer.json()["signalen"])

    def _try(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except httpx.TransportError:
            return None
        except Exception as error:
            self.faults.append(repr(error))
            self._stop.set()
            return None
