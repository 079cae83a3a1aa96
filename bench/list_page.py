"""How long a page of 100 signals takes among 100,000 of one seat, and what writing it down costs.

    python -m bench.list_page --signals 100000

Through HTTP from a hub in its own process: the access record is durable before the answer. In process, in turn: the
same read without a record, with it, and with a policy decision per row and category instead of a recorded mask.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import orjson
import psycopg
from psycopg_pool import ConnectionPool
from pydantic import SecretStr

from bench.running import DOEL, SEAT, Connection, cloud_event, database, quantile, served_hub, source, timed, token
from contracts.signaal import RegistreerSignaal
from hub.access.beleid import Beleid
from hub.access.bundel import laad_bundel
from hub.access.verzoek import Verzoek
from hub.api.identity import Zetelhouder
from hub.api.reading import fits
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.wire import wire
from hub.handling.execute import Request
from hub.ledger.database import Database
from hub.main import Hub, open_hub
from hub.sealing import utc_now
from hub.settings import Settings
from hub.views.read import Views

BATCH = 500
RIEC = "riec-handhaving-mensenhandel"
MEMBER = {"casus_lid": True, "criteria_vastgelegd": True}
CATEGORIES = ("signaal-inhoud", "signaal-label", "identificerend", "contact", "nationaliteit", "melder-identiteit")


def fill(hub: Hub, count: int) -> None:
    """So many signals of one seat on the ledger and in its view."""
    ledger, bron = hub.ledger(), source()
    for first in range(0, count, BATCH):
        commands = [
            RegistreerSignaal.model_validate(cloud_event(bron, number)["data"])
            for number in range(first, first + BATCH)
        ]
        outcomes = ledger.execute_many([Request(command, SEAT) for command in commands], utc_now())
        if any(isinstance(outcome, Exception) for outcome in outcomes):
            raise SystemExit(f"not recorded: {outcomes[:1]}")
    projector = hub.projector()
    projector.rebuild(lambda position, head: None, hub.store.head())
    projector.close()


class Reads:
    """The parts of a page, as the door puts them together."""

    def __init__(self, hub: Hub, views: Views) -> None:
        self._views, self._naive = views, Beleid(laad_bundel(None), geheugen=1)
        oin = hub.beleid.instanties[SEAT].oin
        self._who = Zetelhouder(SEAT, oin, f"{oin}:meting", frozenset(), "0" * 32)
        self._today = utc_now().date()
        services = SimpleNamespace(clock=utc_now, beleid=hub.beleid, access_log=hub.store)
        self._services = cast(Services, services)

    def bare(self, na: int) -> list[dict[str, Any]]:
        """The page without a record of it."""
        page = self._views.signalen(SEAT, na=na, aantal=100)
        items = [item for item in page.items if fits(item, SEAT, DOEL)]
        orjson.dumps(wire({"signalen": items, "volgende": page.volgende}))
        return items

    def recorded(self, na: int) -> None:
        """The page as it leaves: written down first."""
        items = self.bare(na)
        objects = [f"signaal:{item['signaal_id']}" for item in items]
        write_access(self._services, self._who, vraag="signalen", doel=DOEL, objecten=objects)

    def decided(self, na: int) -> None:
        """The page with a decision for every category of every row."""
        for _ in self.bare(na):
            for category in CATEGORIES:
                self._naive.toets(
                    Verzoek(
                        SEAT, "deelnemer", "lezen", "riec", "landelijk", self._today, category, SEAT, 1, RIEC,
                        "vermoedelijk-slachtoffer", omstandigheden=MEMBER,
                    )
                )  # fmt: skip


def in_turn(ways: Mapping[str, Callable[[int], object]], places: list[int]) -> dict[str, list[float]]:
    """Seconds per page and way, all ways at one place before the next."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for na in places:
        for name, read in ways.items():
            found[name].append(timed(partial(read, na))[0])
    return found


def through_http(opened: Database, folder: Path, places: list[int]) -> list[float]:
    """Seconds per page from a hub in its own process, one reader."""
    with served_hub(opened, folder) as hub:
        line = Connection(hub.port, token(hub, folder))
        found = []
        for number, na in enumerate([*places[:20], *places]):
            begin = time.perf_counter()
            status, answer = line.get(f"/v1/signalen?doel={DOEL}&na={na}&aantal=100")
            if number >= 20:
                found.append(time.perf_counter() - begin)
            if status != 200 or len(orjson.loads(answer)["signalen"]) != 100:
                raise SystemExit(f"no full page: {status} {answer[:300]!r}")
        return found


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=300)
    arguments = parser.parse_args()
    with database() as (opened, folder):
        settings = Settings(database_url=SecretStr(opened.dsn), data_folder=folder / "hub")
        with open_hub(settings) as hub:
            filled, _ = timed(lambda: fill(hub, arguments.signals // BATCH * BATCH))
            print(f"{arguments.signals:,} signals of one seat, made in {filled:.0f} s; seed: their numbers")
            with psycopg.connect(opened.dsn, autocommit=True) as connection:
                connection.execute("vacuum analyze")
            head = hub.store.head()
            places = [head + 1 - (head - 100) * number // arguments.pages for number in range(arguments.pages)]
            with ConnectionPool(opened.dsn, min_size=1, max_size=2, open=True) as pool:
                reads = Reads(hub, Views(pool, hub.sealer))
                ways = {"read": reads.bare, "read, recorded": reads.recorded, "read, decided": reads.decided}
                in_turn(ways, places[:20])
                found = in_turn(ways, places)
        found["HTTP, recorded"] = through_http(opened, folder, places)
    print(f"{'page of 100':20}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}{'p50 / read':>12}")
    for name, spent in found.items():
        p50, p95, p99 = (quantile(spent, percent) for percent in (50, 95, 99))
        print(f"{name:20}{p50:10.1f}{p95:10.1f}{p99:10.1f}{p50 / quantile(found['read'], 50):12.2f}")


if __name__ == "__main__":
    main()
