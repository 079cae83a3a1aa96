"""How fast signals come in through HTTP, durably, beside a plain FastAPI service on `eventsourcing`.

    python -m bench.intake_http --events 40000

Both servers run as a process of their own on one embedded PostgreSQL; clients on the same machine push bodies made
beforehand. Ours checks the token and the contract, asks the policy, seals per subject, records decisions, sources,
leaves and the views. Theirs checks the contract and stores JSON.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bench.running import (
    Connection,
    cloud_event,
    database,
    family_seconds,
    free_port,
    process,
    quantile,
    served_hub,
    source,
    token,
)
from contracts.cloudevents import kenmerk_id
from hub.ledger.database import Database

BATCH = "application/cloudevents-batch+json"
JSON = "application/json"
SINGLE_SECONDS = 15


class Door(NamedTuple):
    """Where a server takes signals."""

    port: int
    pid: int
    bearer: str
    batches: str
    batch_kind: str
    single: str
    accepted: bytes


class Shot(NamedTuple):
    """What one client process is to do: batches of bodies, over so many connections."""

    door: Door
    bodies: list[bytes]
    threads: int
    each: int


def bodies(first: int, count: int, size: int) -> list[bytes]:
    """Batches of new signals."""
    bron = source()
    return [
        orjson.dumps([cloud_event(bron, number) for number in range(at, min(at + size, first + count))])
        for at in range(first, first + count, size)
    ]


def push(shot: Shot, ready: Any, go: Any, done: Any) -> None:
    """A client process: wait for the start, push everything, tell its own processor time."""
    waiting = iter(shot.bodies)
    lock = threading.Lock()

    def connection() -> None:
        line = Connection(shot.door.port, shot.door.bearer)
        while True:
            with lock:
                body = next(waiting, None)
            if body is None:
                return
            status, answer = line.post(shot.door.batches, body, shot.door.batch_kind)
            if status != 200 or answer.count(shot.door.accepted) < shot.each:
                raise SystemExit(f"not accepted: {status} {answer[:400]!r}")

    ready.release()
    go.wait()
    with ThreadPoolExecutor(shot.threads) as pool:
        for result in [pool.submit(connection) for _ in range(shot.threads)]:
            result.result()
    used = resource.getrusage(resource.RUSAGE_SELF)
    done.put(used.ru_utime + used.ru_stime)


def bulk(door: Door, batches: list[bytes], size: int, clients: int, threads: int) -> tuple[float, float]:
    """Seconds until everything is acknowledged, and seconds of processor time of the clients."""
    spawn = multiprocessing.get_context("fork")
    ready, go, done = spawn.Semaphore(0), spawn.Event(), spawn.Queue()
    shots = [Shot(door, batches[nth::clients], threads, size) for nth in range(clients)]
    children = [spawn.Process(target=push, args=(shot, ready, go, done)) for shot in shots]
    for child in children:
        child.start()
    for _ in children:
        ready.acquire()
    begin = time.perf_counter()
    go.set()
    for child in children:
        child.join()
    elapsed = time.perf_counter() - begin
    if any(child.exitcode for child in children):
        raise SystemExit("a client failed")
    return elapsed, sum(done.get() for _ in children)


def paced(door: Door, payloads: Sequence[bytes], per_second: int, connections: int = 16) -> list[float]:
    """Seconds per single signal, measured from the moment at which it was due."""
    lines = threading.local()
    begin = time.perf_counter() + 0.2

    def one(number: int, body: bytes) -> float:
        due = begin + number / per_second
        if not hasattr(lines, "line"):
            lines.line = Connection(door.port, door.bearer)
        if (pause := due - time.perf_counter()) > 0:
            time.sleep(pause)
        status, answer = lines.line.post(door.single, body, JSON)
        if status != 201:
            raise SystemExit(f"not accepted: {status} {answer[:400]!r}")
        return time.perf_counter() - due

    with ThreadPoolExecutor(connections) as pool:
        return list(pool.map(one, range(len(payloads)), payloads))


def settle(pid: int) -> float:
    """Wait until a server has nothing left to do; the seconds that took."""
    begin, last = time.perf_counter(), 0.0
    while (now := family_seconds(pid)) - last > 0.05:
        last = now
        time.sleep(0.5)
    return time.perf_counter() - begin


def forms(first: int, count: int, client_source: str) -> list[bytes]:
    """Single signals as a form posts them to the hub; their identifiers belong to the source of the client."""
    made = []
    for number in range(first, first + count):
        data = cloud_event(client_source, number)["data"]
        data["signaalId"] = str(kenmerk_id(client_source, "signaal", data["melding"]["kenmerk"]))
        made.append(orjson.dumps(data))
    return made


def measure(
    name: str, door: Door, arguments: argparse.Namespace, single: Callable[[int, int], list[bytes]]
) -> dict[str, float]:
    """All figures of one server."""
    size = arguments.batch
    bulk(door, bodies(10_000_000, 10 * size, size), size, 1, 2)  # plans, connections and caches are made here
    batches = bodies(0, arguments.events // size * size, size)
    before = family_seconds(door.pid)
    elapsed, client = bulk(door, batches, size, arguments.clients, arguments.threads)
    count = len(batches) * size
    # Whatever a server still does for these events counts as its work on them.
    settled = settle(door.pid)
    worked = family_seconds(door.pid) - before
    paced(door, single(20_000_000, arguments.rate), arguments.rate)
    spent = paced(door, single(30_000_000, arguments.rate * SINGLE_SECONDS), arguments.rate)
    found = {
        "events/s": count / elapsed,
        "server cpu µs/event": worked / count * 1e6,
        "client cpu µs/event": client / count * 1e6,
        "s until idle": settled,
        "single p50 ms": quantile(spent, 50),
        "single p99 ms": quantile(spent, 99),
    }
    print(name, *(f"{label} {value:,.1f}" for label, value in found.items()), sep="  ", flush=True)
    return found


def measure_hub(opened: Database, folder: Path, arguments: argparse.Namespace) -> dict[str, float]:
    """Ours: a token, the batch door and the form."""
    with served_hub(opened, folder) as hub:
        door = Door(hub.port, hub.pid, token(hub, folder), "/v1/aanleveringen", BATCH, "/v1/signalen", b'"aanvaard"')
        own = source().rpartition(":")[0] + ":demo"
        return measure("hub ", door, arguments, lambda first, count: forms(first, count, own))


def measure_peer(opened: Database, folder: Path, arguments: argparse.Namespace) -> dict[str, float]:
    """Theirs, in a database of its own on the same server."""
    with psycopg.connect(opened.dsn, autocommit=True) as connection:
        connection.execute("create database peer")
    parts = conninfo_to_dict(make_conninfo(opened.dsn, dbname="peer"))
    settings = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": "peer",
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": "",
    }
    port = free_port()
    bron = source()
    with process((sys.executable, "-m", "bench.peer", str(port)), settings, port, folder / "peer.log") as pid:
        door = Door(port, pid, "", "/batch", JSON, "/signal", b"-")
        single = partial(_singles, bron)
        return measure("peer", door, arguments, single)


def _singles(bron: str, first: int, count: int) -> list[bytes]:
    return [orjson.dumps(cloud_event(bron, number)) for number in range(first, first + count)]


def main() -> None:
    """Measure both, one after the other, and print their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=40_000, help="signals in bulk")
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--clients", type=int, default=2, help="client processes")
    parser.add_argument("--threads", type=int, default=2, help="connections per client process")
    parser.add_argument("--rate", type=int, default=200, help="single signals per second")
    parser.add_argument("--only", choices=("hub", "peer"))
    arguments = parser.parse_args()
    with database() as (opened, folder):
        ours = measure_hub(opened, folder, arguments) if arguments.only != "peer" else {}
        theirs = measure_peer(opened, folder, arguments) if arguments.only != "hub" else {}
    print(f"{'':24}{'hub':>12}{'peer':>12}{'ratio':>8}")
    for label in ours if theirs else ():
        print(f"{label:24}{ours[label]:12,.1f}{theirs[label]:12,.1f}{ours[label] / theirs[label]:8.2f}")


if __name__ == "__main__":
    main()
