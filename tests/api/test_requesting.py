"""The command line of requests: the whole way, and exit codes that scripts can trust."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from rich.console import Console

from hub.main import Hub
from hub.requesting import Requesting
from hub.sealing import utc_now
from tests.api.hub_world import NOBODY, HubWorld

CP = "contactpunt@oost-nederland"


class Counter:
    """A terminal at the counter: what is typed, and what it printed."""

    def __init__(self, world: HubWorld, *typed: str) -> None:
        answers = iter(typed)
        self.printed = StringIO()

        @contextmanager
        def hub() -> Iterator[Hub]:
            yield world.hub

        console = Console(file=self.printed, width=200)
        self.does = Requesting(hub, utc_now, "beheerder:proef", lambda _: next(answers), console)

    def last(self) -> str:
        return self.printed.getvalue().split()[-1]


@pytest.fixture
def counter(hub_app: HubWorld) -> Counter:
    return Counter(hub_app, "999900158", "", "")


def test_a_request_from_receipt_to_answer(hub_app: HubWorld, counter: Counter, tmp_path: Path) -> None:
    does = counter.does
    assert does.received("inzage", ontvangen=utc_now().date(), zetel=CP) == 0
    id = UUID(counter.last())
    assert does.answer(id, tmp_path, zetel=CP) == 1
    assert does.identified(id, zetel=CP) == 0
    assert does.consulted(id, zetel=CP) == 0
    assert does.extended(id, maanden=3, motivering="veel", zetel=CP) == 1
    assert does.extended(id, maanden=1, motivering="veel", zetel=CP) == 0
    assert does.answer(id, tmp_path, zetel=CP) == 0
    assert "Er zijn geen gegevens" in (tmp_path / "antwoord.html").read_text()
    assert orjson.loads((tmp_path / "antwoord.json").read_bytes())["recht"] == "inzage"
    look = orjson.loads(hub_app.last_look())
    assert (look["doel"], look["actor"], look["herkomst"]) == ("betrokkene-rechten", "beheerder:proef", "opdrachtregel")
    assert does.sent(id, zetel=CP) == 0
    assert does.sent(id, zetel=CP) == 1
    assert does.listed(zetel=CP) == 0
    assert str(id) in counter.printed.getvalue()
    assert "999900158" not in counter.printed.getvalue()


def test_faults_are_named_and_have_a_code(hub_app: HubWorld, tmp_path: Path) -> None:
    counter = Counter(hub_app, "123456789", "", "")
    assert counter.does.received("klacht", ontvangen=utc_now().date()) == 2
    assert counter.does.received("inzage", ontvangen=utc_now().date() + timedelta(days=9), zetel=CP) == 1
    assert counter.does.identified(NOBODY, zetel=CP) == 2
    assert "elfproef" in counter.printed.getvalue()
    assert "123456789" not in counter.printed.getvalue()
    assert counter.does.answer(NOBODY, tmp_path, zetel=CP) == 1
    assert counter.does.closed(NOBODY, "ingetrokken", zetel=CP) == 1
