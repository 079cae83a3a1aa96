"""Memory of the whole hub process, beside PostgreSQL, after 100,000 signals through its door.

    python -m bench.memory --signals 100000

Signals go in by batches and are projected meanwhile; then the seat reads pages of its list.
"""

from __future__ import annotations

import argparse
import time

import psycopg

from bench.intake_http import BATCH, Door, bodies, bulk
from bench.running import DOEL, Connection, database, resident_bytes, served_hub, token

SIZE = 200
STEPS = 4
MIB = 1024 * 1024


def await_views(dsn: str, seconds: float) -> float:
    """Seconds until the views have reached the ledger."""
    begin = time.perf_counter()
    with psycopg.connect(dsn, autocommit=True) as connection:
        while time.perf_counter() - begin < seconds:
            row = connection.execute(
                "select coalesce((select position from tracking), 0) >= (select max(position) from events)"
            ).fetchone()
            if row and row[0]:
                return time.perf_counter() - begin
            time.sleep(0.02)
    raise SystemExit("the views do not keep up")


def main() -> None:
    """Fill in steps and print the resident memory at each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=100_000)
    step = parser.parse_args().signals // STEPS // SIZE * SIZE
    with database() as (opened, folder), served_hub(opened, folder) as hub:
        bearer = token(hub, folder)
        door = Door(hub.port, hub.pid, bearer, "/v1/aanleveringen", BATCH, "/v1/signalen", b'"aanvaard"')
        print(f"{'signals':>10}{'RSS MiB':>10}{'bytes/signal':>14}")
        empty = resident_bytes(hub.pid)
        print(f"{0:10,}{empty / MIB:10.1f}", flush=True)
        for number in range(STEPS):
            bulk(door, bodies(number * step, step, SIZE), SIZE, 1, 2)
            await_views(opened.dsn, 120)
            rss, done = resident_bytes(hub.pid), (number + 1) * step
            print(f"{done:10,}{rss / MIB:10.1f}{(rss - empty) / done:14,.0f}", flush=True)
        line = Connection(hub.port, token(hub, folder))
        for _ in range(50):
            line.get(f"/v1/signalen?doel={DOEL}&aantal=500")
        print(f"{'after 50 pages of 500':>20}{resident_bytes(hub.pid) / MIB:8.1f} MiB")


if __name__ == "__main__":
    main()
