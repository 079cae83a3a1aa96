"""From the acknowledgement of a signal to its notice, and a sync in which nothing is new.

    python -m bench.notify_latency --signals 400 --rate 50

A hub as `serve` runs it, its projector in a process of its own. One client pushes single signals at a steady rate;
beside it one reader holds the stream of the same seat open, and one polls the feed. The ceiling beside it is what no
notice can beat: a bare NOTIFY and LISTEN through the same PostgreSQL, and a bare SELECT over one connection.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Sequence
from uuid import uuid4

import httpx
import orjson
import psycopg

from bench.running import START_SECONDS, Connection, Served, cloud_event, database, quantile, served_hub, source, token

BATCH = "application/cloudevents-batch+json"
STREAM = "/v1/gebeurtenissen/stroom"
PATIENCE = 30.0


class Listening(threading.Thread):
    """A reader of the stream: when each subject was heard of."""

    def __init__(self, hub: Served, bearer: str, expected: int) -> None:
        super().__init__(daemon=True)
        self.heard: dict[str, float] = {}
        self.ready = threading.Event()
        self._hub, self._bearer, self._expected = hub, bearer, expected

    def run(self) -> None:
        headers = {"Authorization": f"Bearer {self._bearer}", "Accept": "text/event-stream"}
        with httpx.stream("GET", self._hub.address + STREAM, headers=headers, timeout=PATIENCE) as answer:
            for line in answer.iter_lines():
                self.ready.set()
                if line.startswith("data: {"):
                    self.heard.setdefault(orjson.loads(line[6:])["subject"], time.perf_counter())
                    if len(self.heard) >= self._expected:
                        return


def to_notice(hub: Served, bearer: str, signals: int, rate: int) -> tuple[list[float], list[float]]:
    """Seconds from acknowledgement to notice on the stream, and those of the push itself."""
    _until_told(hub, bearer)
    reader = Listening(hub, bearer, signals + 1)
    reader.start()
    reader.ready.wait(PATIENCE)
    connection, bron = Connection(hub.port, bearer), source()
    known: dict[str, float] = {}
    pushes: list[float] = []
    begin = time.perf_counter()
    for number in range(signals):
        event = cloud_event(bron, int(uuid4()) % 10**12)
        time.sleep(max(0.0, begin + number / rate - time.perf_counter()))
        started = time.perf_counter()
        status, body = connection.post("/v1/aanleveringen", orjson.dumps([event]), BATCH)
        known[f"signaal:{event['data']['signaalId']}"] = time.perf_counter()
        pushes.append(time.perf_counter() - started)
        if status != 200 or b'"aanvaard"' not in body:
            raise SystemExit(f"a signal was not taken: {body[:300]!r}")
    reader.join(PATIENCE)
    missing = known.keys() - reader.heard.keys()
    if missing:
        raise SystemExit(f"{len(missing)} of {signals} signals were never told of")
    # A notice may overtake the acknowledgement: both leave after the commit.
    return [max(0.0, reader.heard[one] - moment) for one, moment in known.items()], pushes


def _until_told(hub: Served, bearer: str) -> None:
    """One signal, until its notice is there: the process of the projector has begun."""
    connection, deadline = Connection(hub.port, bearer), time.monotonic() + START_SECONDS
    connection.post("/v1/aanleveringen", orjson.dumps([cloud_event(source(), int(uuid4()) % 10**12)]), BATCH)
    while not orjson.loads(connection.get("/v1/gebeurtenissen")[1])["volgende"]:
        if time.monotonic() > deadline:
            raise SystemExit("the projector does not start")
        time.sleep(0.1)


def empty_syncs(hub: Served, bearer: str, rounds: int) -> list[float]:
    """Seconds of polls after the last notice, each with its access record."""
    connection, at = Connection(hub.port, bearer), 0
    while True:
        _, body = connection.get(f"/v1/gebeurtenissen?na={at}&aantal=200")
        page = orjson.loads(body)
        if page["volgende"] == at:
            break
        at = page["volgende"]
    spent = []
    for _ in range(rounds):
        started = time.perf_counter()
        connection.get(f"/v1/gebeurtenissen?na={at}")
        spent.append(time.perf_counter() - started)
    return spent


def bare_notify(dsn: str, rounds: int, rate: int) -> list[float]:
    """Seconds from a commit to its NOTIFY at another connection."""
    heard: list[float] = []

    def listen(ready: threading.Event) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("listen meting")
            ready.set()
            for _ in connection.notifies(timeout=PATIENCE, stop_after=rounds):
                heard.append(time.perf_counter())

    ready = threading.Event()
    thread = threading.Thread(target=listen, args=(ready,), daemon=True)
    thread.start()
    ready.wait(PATIENCE)
    sent = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        for number in range(rounds):
            connection.execute("select pg_notify('meting', %s)", (str(number),))
            sent.append(time.perf_counter())
            time.sleep(1 / rate)
    thread.join(PATIENCE)
    return [max(0.0, one - moment) for one, moment in zip(heard, sent, strict=True)]


def bare_selects(dsn: str, rounds: int) -> list[float]:
    """Seconds of the query of a poll alone."""
    spent = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        for _ in range(rounds):
            started = time.perf_counter()
            connection.execute("select 1 from gebeurtenis where zetel = 'z' and nummer > 0 limit 1").fetchall()
            spent.append(time.perf_counter() - started)
    return spent


def line(what: str, ours: Sequence[float], beside: str, theirs: Sequence[float]) -> None:
    """One line of the table."""
    mine, other = (f"p50 {quantile(one, 50):.2f} ms, p99 {quantile(one, 99):.2f} ms" for one in (ours, theirs))
    ratio = quantile(ours, 50) / max(quantile(theirs, 50), 1e-3)
    print(f"{what}: {mine} | {beside}: {other} | ratio of p50 {ratio:.1f}")


def main() -> None:
    """Measure all and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=400)
    parser.add_argument("--rate", type=int, default=50, help="signals per second")
    parser.add_argument("--polls", type=int, default=300)
    chosen = parser.parse_args()
    with database() as (opened, folder), served_hub(opened, folder) as hub:
        bearer = token(hub, folder)
        notices, pushes = to_notice(hub, bearer, chosen.signals, chosen.rate)
        print(f"push at {chosen.rate}/s: p50 {quantile(pushes, 50):.1f} ms, p99 {quantile(pushes, 99):.1f} ms")
        notified = bare_notify(opened.dsn, chosen.signals, chosen.rate)
        line("acknowledgement to notice on the stream", notices, "bare NOTIFY", notified)
        line(
            "sync with nothing new, recorded",
            empty_syncs(hub, bearer, chosen.polls),
            "bare SELECT",
            bare_selects(opened.dsn, chosen.polls),
        )


if __name__ == "__main__":
    main()
