"""A whole hub: a seat subscribes, something of its own changes, its server is told and fetches it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hub.delivering import tasks
from hub.delivery.signature import verify
from hub.log import Log
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld, opened
from tests.delivery.receiver import Receiver, status

ZETEL = "politie.avim@oost-nederland"
WAIT_SECONDS = 60.0


@contextmanager
def delivering(world: HubWorld, faults: list[Exception]) -> Iterator[None]:
    """The task of this hub that brings webhooks, to this machine too."""
    settings = world.settings.model_copy(update={"webhook_loopback": True})
    found = tasks(replace(world.hub, settings=settings), Log(world.log_lines, "debug", utc_now))
    (follow,) = [follow for name, _, follow in found if name == "webhooks"]
    stop = threading.Event()
    thread = threading.Thread(target=follow, args=(stop, utc_now, faults.append), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(WAIT_SECONDS)


def until(done: Callable[[], bool], faults: list[Exception]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        assert time.monotonic() < deadline, faults
        time.sleep(0.05)


def test_from_a_signal_to_a_server_and_back(postgres_dsn: str, tmp_path: Path, receiver: Receiver) -> None:
    faults: list[Exception] = []
    with opened(postgres_dsn, tmp_path) as world, delivering(world, faults):
        seat, id = world.as_seat(ZETEL), str(world.id())
        path = f"/abonnementen/{id}"
        wanted = {"bezorgwijze": "webhook", "terugbeladres": receiver.url, "autorisatie": "Bearer geheim"}
        seat.act("/abonnementen", {"abonnementId": id, **wanted})

        def shown() -> dict[str, Any]:
            return dict(seat.get(path).json())

        until(lambda: shown()["status"] == "actief", faults)
        signaal_id = seat.registers(world.kenmerk())
        until(lambda: bool(receiver.posts), faults)
        told = receiver.posts[0]
        keys = [one["sleutel"] for one in world.http.get("/v1/webhooksleutels").json()["sleutels"]]
        verify(told.headers, told.body, keys, int(told.headers["webhook-timestamp"]))
        assert told.event["data"]["actie"] == "create"
        fetched = world.http.get(told.event["data"]["resourceUrl"], params={"doel": "techniek"}, headers=seat.headers)
        assert fetched.json()["signaalId"] == str(signaal_id)

        receiver.answer = status(410)
        second = str(seat.registers(world.kenmerk()))
        until(lambda: shown()["status"] == "geschorst", faults)
        assert shown()["reden"] == "antwoord-410"
        receiver.answer = status(204)
        seat.act(f"{path}/hervattingen", {})
        until(lambda: second in receiver.posts[-1].body.decode() and shown()["status"] == "actief", faults)
        until(lambda: seat.get("/bezorgingen").json()["bezorgingen"][0]["status"] == "bezorgd", faults)
    assert not faults
