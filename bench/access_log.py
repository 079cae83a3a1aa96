"""What it costs that every read is written down before it leaves.

    python -m bench.access_log --signals 20000

In process, in turn, one page at a time and then by four readers at once: the read alone; with a row in a naive audit
table, committed first; with the record of the hub: sealed into its log, found by object, seat and person. Then the
search: who has seen one signal, among all records.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import orjson
import psycopg
from psycopg_pool import ConnectionPool
from pydantic import SecretStr

from bench.list_page import BATCH, fill
from bench.running import DOEL, SEAT, database, quantile
from hub.api.identity import Zetelhouder
from hub.api.reading import fits
from hub.api.records import begin_access
from hub.api.services import Services
from hub.api.shown import shown_of
from hub.api.wire import wire
from hub.handling.logboek import Vraag, found
from hub.ledger.store import ACCESS_LOG
from hub.main import Hub, open_hub
from hub.sealing import utc_now
from hub.serving import SWITCH_SECONDS
from hub.settings import Settings
from hub.views.read import Views

READERS = 4
NAIVE = "create table if not exists naive_audit (id bigserial primary key, moment timestamptz, seat text, what jsonb)"
INSERT = "insert into naive_audit (moment, seat, what) values (%s, %s, %s)"
Pool = ConnectionPool[psycopg.Connection[tuple[Any, ...]]]


class Reads:
    """A page as the door puts it together, with three ways of writing it down."""

    def __init__(self, hub: Hub, pool: Pool) -> None:
        self._views, self._pool = Views(pool, hub.sealer, utc_now), pool
        oin = hub.beleid.instanties[SEAT].oin
        self._who = Zetelhouder(SEAT, oin, f"{oin}:meting", frozenset(), "0" * 31 + "1")
        bound = SimpleNamespace(clock=utc_now, beleid=hub.beleid, access_log=hub.store, ledger=hub.ledger())
        self._services = cast("Services", bound)

    def _page(self, na: int) -> list[dict[str, Any]]:
        page = self._views.signalen(SEAT, na=na, aantal=100)
        return [item for item in page.items if fits(item, SEAT, DOEL)]

    def bare(self, na: int) -> bytes:
        return self._answer(self._page(na))

    def naive(self, na: int) -> bytes:
        items = self._page(na)
        what = orjson.dumps([item["signaal_id"] for item in items]).decode()
        with self._pool.connection() as connection:
            connection.execute(INSERT, (utc_now(), SEAT, what))
        return self._answer(items)

    def recorded(self, na: int) -> bytes:
        items = self._page(na)
        written = begin_access(
            self._services,
            self._who,
            vraag="signalen",
            doel=DOEL,
            objecten=[f"signaal:{item['signaal_id']}" for item in items],
            **shown_of(items, SEAT)._asdict(),
        )
        answer = self._answer(items)
        written()
        return answer

    def _answer(self, items: list[dict[str, Any]]) -> bytes:
        return orjson.dumps(wire({"signalen": items, "volgende": None}))


def seconds(read: Callable[[int], bytes], na: int) -> float:
    begin = time.perf_counter()
    read(na)
    return time.perf_counter() - begin


def in_turn(ways: Mapping[str, Callable[[int], bytes]], places: Sequence[int], readers: int) -> dict[str, list[float]]:
    """Seconds per page and way; so many readers at once, all doing the same, ways in turn."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    with ThreadPoolExecutor(readers) as pool:
        for start in range(0, len(places), readers):
            for name, read in ways.items():
                spent[name] += pool.map(lambda na, read=read: seconds(read, na), places[start : start + readers])
    return spent


def shown(title: str, spent: Mapping[str, list[float]]) -> None:
    print(f"{title:24}{'p50 ms':>10}{'p99 ms':>10}{'p50 more':>10}{'p99 more':>10}")
    base = {percent: quantile(spent["read"], percent) for percent in (50, 99)}
    for name, times in spent.items():
        p50, p99 = quantile(times, 50), quantile(times, 99)
        more = f"{p50 / base[50] - 1:10.0%}{p99 / base[99] - 1:10.0%}"
        print(f"{name:24}{p50:10.2f}{p99:10.2f}{more}")


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=400)
    arguments = parser.parse_args()
    sys.setswitchinterval(SWITCH_SECONDS)
    with database() as (opened, folder):
        settings = Settings(database_url=SecretStr(opened.dsn), data_folder=folder / "hub")
        with open_hub(settings) as hub, ConnectionPool(opened.dsn, min_size=READERS, max_size=8, open=True) as pool:
            fill(hub, arguments.signals // BATCH * BATCH)
            with psycopg.connect(opened.dsn, autocommit=True) as connection:
                connection.execute(NAIVE)
                connection.execute("vacuum analyze")
            head = hub.store.head()
            places = [head + 1 - (head - 100) * number // arguments.pages for number in range(arguments.pages)]
            reads = Reads(hub, pool)
            ways = {"read": reads.bare, "read, naive audit": reads.naive, "read, recorded": reads.recorded}
            in_turn(ways, places[:20], 1)
            shown("page of 100, alone", in_turn(ways, places, 1))
            shown(f"page of 100, {READERS} at once", in_turn(ways, places, READERS))
            search(hub)


def search(hub: Hub) -> None:
    """How long it takes to tell who has seen a signal."""
    records = hub.store.frontier(ACCESS_LOG).size
    _, data = hub.store.access_records(records - 1, 1)[0]

    def lines(name: str) -> bytes:
        return b"".join(record["trace"].encode() for record in found(hub.store, Vraag((name,)), None, 100).records)

    times = []
    for name in orjson.loads(data)["objecten"]:
        begin = time.perf_counter()
        lines(name)
        times.append(time.perf_counter() - begin)
    p50, p99 = quantile(times, 50), quantile(times, 99)
    print(f"who has seen a signal, of {records:,} records: p50 {p50:.2f} ms, p99 {p99:.2f} ms")


if __name__ == "__main__":
    main()
