"""A stream of signals to one municipality: passed on, put right, some withdrawn; and its abonnee as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson

from adapters.abonnee.journal import Journal
from contracts.cloudevents import kenmerk_id
from contracts.signaal import DoorzetSignaal, RectificeerSignaal, RegistreerSignaal, TrekSignaalIn
from tests.e2e.load import DEFINITE, ROOT, Partner, source_of

SENDER, READER = "stichting-m@landelijk", "gemeente.af-oov@ede"
DOEL = "zorg-opvang"
#: Every so manieth signal is withdrawn.
WITHDRAWN = 3
WAIT_SECONDS = 120.0
#: Other purposes for which the reader is told something in the casebook.
DOELEN = (DOEL, "bestuurlijke-interventie", "veiligheid-slachtoffer")


def signal_id(at: int, oin: str) -> UUID:
    """The identifier of signal `at`."""
    return kenmerk_id(source_of(oin), "signaal", f"nieuws-{at}")


def is_withdrawn(at: int) -> bool:
    return at % WITHDRAWN == 0


def life(at: int, oin: str) -> list[dict[str, Any]]:
    """All that happens to signal `at`, in order; the same each time."""
    id = str(signal_id(at, oin))
    content = {
        "vormen": ["criminele-uitbuiting"],
        "zekerheid": "vermoeden",
        "toelichting": f"Mogelijk wordt iemand uitgebuit, tip {at}.",
        "betrokkenen": [],
        "feiten": [{"categorie": "situatieschets", "kenmerk": "tekst", "waarde": f"Veel bezoek, tip {at}."}],
    }
    melding = {"kenmerk": f"nieuws-{at}", "spoor": "bilateraal", "regio": "landelijk", "inhoud": content}
    better = {**content, "toelichting": f"Toch anders gezien, tip {at}."}
    circumstances = {"belang_slachtoffer": True}
    passed_on = {
        "signaalId": id,
        "naar": READER,
        "spoor": "bilateraal",
        "doel": DOEL,
        "omstandigheden": circumstances,
    }
    acts: list[tuple[str, dict[str, Any]]] = [
        (RegistreerSignaal.TYPE, {"signaalId": id, "melding": melding}),
        (DoorzetSignaal.TYPE, passed_on),
        (RectificeerSignaal.TYPE, {"signaalId": id, "inhoud": better, "motivering": "De melder belde terug."}),
    ]
    if is_withdrawn(at):
        acts.append((TrekSignaalIn.TYPE, {"signaalId": id, "motivering": "De tip bleek verzonnen."}))
    return [
        {
            "specversion": "1.0",
            "id": f"n{at}-{step}",
            "source": source_of(oin),
            "type": type,
            "datacontenttype": "application/json",
            "data": data,
        }
        for step, (type, data) in enumerate(acts)
    ]


@dataclass(slots=True)
class Teller:
    """Tells signal after signal, each act again until the hub has it."""

    partner: Partner
    told: int = 0
    faults: list[str] = field(default_factory=list)

    def tell(self, signals: int, stop: Callable[[], bool]) -> None:
        """Go on until so many were told."""
        while self.told < signals and not stop():
            for one in life(self.told, self.partner.oin):
                while not self._sent(one) and not stop():
                    time.sleep(0.05)
            self.told += 1

    def _sent(self, one: dict[str, Any]) -> bool:
        try:
            headers = self.partner.headers() | {"Content-Type": "application/cloudevents-batch+json"}
            answer = self.partner.http.post("/v1/aanleveringen", content=orjson.dumps([one]), headers=headers)
        except httpx.TransportError:
            return False
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return False
        (result,) = answer.json()["resultaten"]
        if result["status"] not in DEFINITE | {"mislukt"}:
            self.faults.append(f"{one['id']}: {result}")
        return result["status"] in DEFINITE or bool(self.faults)


@dataclass(slots=True)
class AbonneeProcess:
    """`signaalhub abonnee` for one seat. `way`: its options for how notices come in."""

    hub: str
    zetel: str
    oin: str
    key: Path
    data: Path
    way: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None

    @property
    def options(self) -> list[str]:
        purposes = [part for doel in DOELEN for part in ("--doel", doel)]
        who = ["--hub", self.hub, "--zetel", self.zetel, "--client-id", f"{self.oin}:demo", "--sleutel", str(self.key)]
        return [*who, "--data", str(self.data), "--bewaar", "--neem", *purposes, *self.way]

    def start(self) -> None:
        """Start; it is ready when it is."""
        with (self.data.parent / "abonnee.log").open("ab") as log:
            command = [sys.executable, "-m", "hub.cli", "abonnee", *self.options]
            mine = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
            self.process = subprocess.Popen(command, cwd=ROOT, env=mine, stdout=log, stderr=log)

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ctrl-C; its exit code."""
        return self._end(signal.SIGINT)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """Its journal, to look in."""
        journal = Journal(self.data)
        try:
            yield journal
        finally:
            journal.close()

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        self.process = None
        return code
