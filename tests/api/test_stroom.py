"""The stream of notices over a real connection: at once, on record first, and no longer than the right lasts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
import uvicorn

from hub.api.app import create_app
from hub.api.doors import partner_routers
from hub.api.identity import Zetelhouder, make_identity
from hub.api.services import Services
from hub.api.stroom import Stroom, Stroomduur
from hub.delivery.feed import Beurt
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.delivery.omroep import Omroep
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld, Seat
from tests.api.test_gebeurtenissen import COLLEGE, cursor

LIMIT = 30.0
OTHERS = ("zc.opvang@ede", "jeugdzorg@ede", "politie.avim@oost-nederland", "belastingdienst@oost")


@contextmanager
def served(services: Services, world: HubWorld) -> Iterator[httpx.Client]:
    """Other doors to the hub, on a port of their own."""
    app = create_app(services, world.settings, partner_routers(services))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=LIMIT) as http:
        yield http
    server.should_exit = True
    thread.join(LIMIT)


@pytest.fixture(scope="module")
def http(hub_app: HubWorld) -> Iterator[httpx.Client]:
    """Doors where streams last."""
    with served(replace(hub_app.services, stroomduur=Stroomduur(LIMIT, 0.2)), hub_app) as client:
        yield client


@contextmanager
def stream(http: httpx.Client, seat: Seat, headers: dict[str, str] | None = None, **query: Any) -> Iterator[Any]:
    """The lines of a stream."""
    told = {**seat.headers, "Accept": "text/event-stream", **(headers or {})}
    with http.stream("GET", "/v1/gebeurtenissen/stroom", params=query, headers=told) as answer:
        assert answer.status_code == 200, answer.read()
        yield answer.iter_lines()


def next_of(lines: Iterator[str], field: str) -> str:
    """The value of the next line of this field."""
    return next(line for line in lines if line.startswith(f"{field}:")).partition(": ")[2]


def test_what_happens_is_told_at_once_and_can_be_resumed(hub_app: HubWorld, http: httpx.Client) -> None:
    seat = hub_app.as_seat(COLLEGE)
    at = cursor(hub_app, seat)
    with stream(http, seat, na=at) as lines:
        assert next_of(lines, "retry") == "3000"
        first = seat.registers(hub_app.kenmerk())
        assert next_of(lines, "id") == str(at + 1)
        assert orjson.loads(next_of(lines, "data"))["subject"] == f"signaal:{first}"
    second = seat.registers(hub_app.kenmerk())
    with stream(http, seat, {"Last-Event-ID": str(at + 1)}, na=0) as lines:
        assert orjson.loads(next_of(lines, "data"))["subject"] == f"signaal:{second}"


def test_a_silent_stream_says_that_it_is_there(hub_app: HubWorld, http: httpx.Client) -> None:
    seat = hub_app.as_seat(COLLEGE)
    with stream(http, seat, na=cursor(hub_app, seat)) as lines:
        assert next(line for line in lines if line.startswith(":")) == ": hartslag"


def test_every_batch_is_on_record_before_it_leaves(hub_app: HubWorld, http: httpx.Client) -> None:
    seat = hub_app.as_seat(COLLEGE)
    with stream(http, seat, na=cursor(hub_app, seat)) as lines:
        signaal = seat.registers(hub_app.kenmerk())
        next_of(lines, "data")
        record = orjson.loads(hub_app.last_look())
    assert (record["vraag"], record["objecten"]) == ("gebeurtenissen/stroom", [f"signaal:{signaal}"])


def test_many_streams_leave_the_hub_free_and_all_hear(hub_app: HubWorld, http: httpx.Client) -> None:
    seats = [hub_app.as_seat(zetel) for zetel in (COLLEGE, *OTHERS) for _ in range(8)]
    at = {seat.zetel: cursor(hub_app, seat) for seat in seats}
    heard: list[str] = []

    def listen(seat: Seat, ready: threading.Barrier) -> None:
        with (
            httpx.Client(base_url=http.base_url, timeout=LIMIT) as own,
            stream(own, seat, na=at[seat.zetel]) as lines,
        ):
            next_of(lines, "retry")
            ready.wait(LIMIT)
            heard.append(orjson.loads(next_of(lines, "data"))["subject"])

    ready = threading.Barrier(len(seats) + 1)
    threads = [threading.Thread(target=listen, args=(seat, ready)) for seat in seats]
    for thread in threads:
        thread.start()
    ready.wait(LIMIT)
    assert http.get("/v1/openapi.json").status_code == 200
    made = {zetel: f"signaal:{hub_app.as_seat(zetel).registers(hub_app.kenmerk())}" for zetel in at}
    for thread in threads:
        thread.join(LIMIT)
    assert sorted(heard) == sorted(made[seat.zetel] for seat in seats)


def test_a_seat_may_have_so_many_streams_and_no_more(hub_app: HubWorld) -> None:
    services = replace(hub_app.services, omroep=Omroep(_Silence(), of_seat=1), stroomduur=Stroomduur(LIMIT, 0.1))
    seat = hub_app.as_seat(COLLEGE)
    with served(services, hub_app) as http:
        with stream(http, seat, na=cursor(hub_app, seat)) as lines:
            next_of(lines, "retry")
            answer = http.get("/v1/gebeurtenissen/stroom", headers=dict(seat.headers))
            assert answer.status_code == 429
            assert answer.headers["retry-after"]
        services.omroep.close()


def test_a_stream_ends_with_its_token(hub_app: HubWorld) -> None:
    later = [timedelta()]
    services = replace(
        hub_app.services,
        stroomduur=Stroomduur(LIMIT, 0.1),
        identity=_identity(hub_app, lambda: utc_now() + later[0], None),
    )
    seat = hub_app.as_seat(COLLEGE)
    with served(services, hub_app) as http, stream(http, seat, na=cursor(hub_app, seat)) as lines:
        next_of(lines, "retry")
        later[0] = timedelta(hours=2)
        seat.registers(hub_app.kenmerk())
        assert next_of(lines, "event") == "einde"
        assert next_of(lines, "data") == "401"
        assert not [line for line in lines if line.startswith("data")]


def test_a_stream_ends_when_the_seat_is_no_more(hub_app: HubWorld) -> None:
    seat, known = hub_app.as_seat(COLLEGE), {COLLEGE: hub_app.as_seat(COLLEGE).oin}
    services = replace(hub_app.services, stroomduur=Stroomduur(LIMIT, 0.1), identity=_identity(hub_app, utc_now, known))
    with served(services, hub_app) as http, stream(http, seat, na=cursor(hub_app, seat)) as lines:
        next_of(lines, "retry")
        known.clear()
        assert next_of(lines, "event") == "einde"
        assert next_of(lines, "data") == "403"


def _identity(world: HubWorld, clock: Callable[[], datetime], known: dict[str, str] | None) -> Any:
    class Seats:
        def oin_van(self, zetel: str) -> str | None:
            return world.hub.beleid.instanties[zetel].oin if known is None else known.get(zetel)

    assert world.services.issuer is not None
    return make_identity(world.settings, world.services.issuer.keys(), Seats(), clock, world.services.log)


class _Silence:
    """No news, ever."""

    def laatste(self) -> int:
        return 0

    def wait(self, na: int, timeout: float) -> int:
        threading.Event().wait(0.05)
        return na

    def zetels_na(self, na: int) -> set[str]:
        return set()


@dataclass
class _Services:
    """What a stream needs, without a hub."""

    omroep: Omroep = field(default_factory=lambda: Omroep(_Silence()))
    stroomduur: Stroomduur = field(default_factory=lambda: Stroomduur(LIMIT, LIMIT))

    def kondig_aan(self, one: Gebeurtenis) -> dict[str, Any]:
        return {"id": str(one.id)}


class TestASlowReader:
    """Called as the server calls it, with a reader that takes nothing, or leaves."""

    WHO = Zetelhouder("z", "o", "c", frozenset(), "t")

    def run(
        self, send: Callable[[Any], Awaitable[None]], receive: Callable[[], Awaitable[Any]], turns: list[int]
    ) -> None:
        async def right() -> Zetelhouder:
            return self.WHO

        def turn(who: Zetelhouder, at: int, aantal: int) -> Beurt:
            turns.append(at)
            return Beurt([], at + 1)  # always more: a cursor that moves, and nothing left to tell

        async def main() -> None:
            made = await Stroom.begun(_Services(), self.WHO, 0, right, turn)
            running = asyncio.create_task(made({"type": "http"}, receive, send))
            await asyncio.sleep(0.2)
            running.cancel()

        asyncio.run(main())

    def test_nothing_is_fetched_while_it_does_not_read(self) -> None:
        turns: list[int] = []
        never, taken = asyncio.Event(), list[Any]()

        async def send(message: Any) -> None:
            taken.append(message)
            if len(taken) == 5:
                await never.wait()

        async def receive() -> Any:
            await never.wait()

        self.run(send, receive, turns)
        assert len(turns) == 3  # the first, and one for each batch that was taken
        assert len(taken) == 5
        # What may not leave moves the cursor, without a word.
        assert [one["body"] for one in taken[2:]] == [b"id: 1\n\n", b"id: 2\n\n", b"id: 3\n\n"]

    def test_one_that_leaves_is_not_written_for(self) -> None:
        turns: list[int] = []

        async def send(message: Any) -> None:
            await asyncio.sleep(0)

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        self.run(send, receive, turns)
        assert len(turns) <= 2
