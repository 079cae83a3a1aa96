"""Deliveries by webhook per second, from a notice in the database to a subscriber's server.

    python -m bench.webhooks --deliveries 5000

The hub's side is whole: queued, asked again, on record before it leaves, signed, recorded as delivered; PostgreSQL is
durable. Beside it the ceiling in the same run: a bare aiohttp loop that posts the same bytes, unsigned, as many at
once, to the same server, which is a process of its own and does nothing but answer 204.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import aiohttp
import orjson
from aiohttp import web

from bench.running import database, free_port, process, timed
from hub.delivery.gebeurtenissen import aankondiging
from hub.delivery.lanes import MOST_SLOTS
from hub.delivery.webhooks import Webhooks
from hub.ledger.database import migrate
from hub.main import MIGRATIONS, collect_less
from hub.sealing import utc_now
from tests.delivery.webhook_world import ADRES, OIN, World, loaded, world

SEATS = ("gemeente.af-oov@ede", "zc.opvang@ede", "politie.avim@oost-nederland", "jeugdzorg@ede", "riec.bureau@oost")
SERVE = "import sys; from bench.webhooks import answer; answer(int(sys.argv[1]))"


def answer(port: int) -> None:
    """The subscriber: counts, and answers 204."""
    count = 0

    async def take(request: web.Request) -> web.Response:
        nonlocal count
        await request.read()
        count += 1
        return web.Response(status=204)

    async def tell(_: web.Request) -> web.Response:
        return web.Response(text=str(count))

    application = web.Application()
    application.router.add_post("/{seat}", take)
    application.router.add_get("/aantal", tell)
    web.run_app(application, host="127.0.0.1", port=port, print=None, access_log=None)


class Counter:
    """How many messages the subscriber got."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def now(self) -> int:
        self._connection.request("GET", "/aantal")
        return int(self._connection.getresponse().read())

    def wait_for(self, many: int) -> None:
        while self.now() < many:
            time.sleep(0.02)


def ceiling(url: str, body: bytes, many: int) -> None:
    """The same bytes to the same server, by as many at once, with nothing around it."""

    async def run() -> None:
        left = iter(range(many))

        async def one(session: aiohttp.ClientSession) -> None:
            for _ in left:
                async with session.post(url, data=body) as answered:
                    await answered.read()

        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(one(session) for _ in range(MOST_SLOTS)))

    asyncio.run(run())


def delivered(here: World, arrived: Callable[[], None]) -> float:
    """Seconds until everything arrived."""
    stop = threading.Event()
    follow = Webhooks(here.binding).follow
    thread = threading.Thread(target=follow, args=(stop, utc_now, here.faults.append), daemon=True)

    def run() -> None:
        thread.start()
        arrived()

    seconds, _ = timed(run)
    stop.set()
    thread.join()
    return seconds


def measure(dsn: str, folder: Path, port: int, many: int) -> None:
    """One subscriber, then several, each beside the ceiling."""
    counter = Counter(port)
    for seats in (SEATS[:1], SEATS[1:]):
        with world(dsn, folder, loaded(), ssl.create_default_context()) as here:
            for seat in seats:
                here.abonnees.take(f"http://127.0.0.1:{port}/{seats.index(seat)}", seat)
                here.tell([f"casus:{number % 500}" for number in range(many // len(seats))], seat)
            notice = here.notices.na(0, 1)[0]
            collect_less()
            begin = counter.now()
            cpu = time.process_time()
            seconds = delivered(here, partial(counter.wait_for, begin + many // len(seats) * len(seats)))
            cpu = (time.process_time() - cpu) / many * 1e6
            if here.faults:
                raise here.faults[0]
        body = orjson.dumps(aankondiging(notice, ADRES, OIN))
        bare, _ = timed(partial(ceiling, f"http://127.0.0.1:{port}/x", body, many))
        print(
            f"{len(seats)} subscriptions {many / seconds:>8.0f}/s   bare loop {many / bare:>8.0f}/s"
            f"   ratio {bare / seconds:.2f}   processor {cpu:.0f} us per delivery"
        )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=5_000)
    chosen = parser.parse_args(arguments)
    with database() as (opened, folder), tempfile.TemporaryDirectory() as keys:
        migrate(opened.dsn, MIGRATIONS)
        port = free_port()
        with process((sys.executable, "-c", SERVE, str(port)), {}, port, folder / "subscriber.log"):
            measure(opened.dsn, Path(keys), port, chosen.deliveries)


if __name__ == "__main__":
    main(sys.argv[1:])
