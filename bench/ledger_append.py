"""How fast the ledger records, beside the plain recorder of the `eventsourcing` library on the same server.

Ours: each event sealed with AES-256-GCM under a subject key, with a decision record, a leaf and a source key.
Theirs: the bytes as they are. Run: `python -m bench.ledger_append [events]`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from hub.ledger.database import migrate, open_database
from hub.ledger.envelope import Compartment, Place, seal
from hub.ledger.keys import FakeKeyStore, SubjectKeys
from hub.ledger.postgres import MIGRATIONS, PostgresLedger
from hub.ledger.store import Change, KeyId, NewEvent, Receipt, SourceKey, StreamAppend
from hub.main import collect_less

TOPIC = "nl.signaalhub.signaal-geregistreerd.v1"
OPEN, SECRET, DECISION = b'{"zetel":"politie.avim@oost-nederland"}', b"x" * 450, b"d" * 300
Job = Callable[[int], None]


class Ours:
    """The hub's ledger, sealing included."""

    def __init__(self, ledger: PostgresLedger) -> None:
        self.ledger = ledger
        self.keys = SubjectKeys(ledger, FakeKeyStore(os.urandom), os.urandom, time.monotonic)

    def _changes(self, count: int) -> tuple[list[Change], list[KeyId]]:
        streams = [uuid4() for _ in range(count)]
        ids = [KeyId(stream, "riec") for stream in streams]
        keys = self.keys.get_many(ids, create=True)
        changes = []
        for stream, id in zip(streams, ids, strict=True):
            sealed = [Compartment((id,), SECRET)]
            state = seal(OPEN, sealed, keys, os.urandom, Place(TOPIC, stream, 1))
            append = StreamAppend(stream, 0, (NewEvent(TOPIC, state),), (DECISION,))
            source = SourceKey("urn:nld:oin:00000001", str(stream), b"s" * 32)
            changes.append(Change((append,), source, self.keys.pending([id])))
        return changes, ids

    def record(self, count: int) -> None:
        """Seal and record `count` new signals, each with a key of its own."""
        changes, ids = self._changes(count)
        outcomes = self.ledger.append_many(changes)
        if not all(isinstance(outcome, Receipt) for outcome in outcomes):
            raise SystemExit(f"not recorded: {outcomes[:1]}")
        self.keys.confirm(ids)


class Theirs:
    """The library's recorder."""

    def __init__(self, dsn: str) -> None:
        parts = conninfo_to_dict(dsn)
        self._store = PostgresDatastore(
            dbname=str(parts["dbname"]), host=str(parts["host"]), port="5432", user=str(parts["user"]), password=""
        )
        self._recorder = PostgresApplicationRecorder(self._store)
        self._recorder.create_table()

    def record(self, count: int) -> None:
        """Record `count` new events, each on a stream of its own."""
        self._recorder.insert_events([StoredEvent(uuid4(), 1, TOPIC, SECRET) for _ in range(count)])

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()


def rate(job: Job, calls: int, batch: int, threads: int) -> float:
    """Events per second of `calls` calls of `batch` events over `threads` threads."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(job, [batch] * threads))  # connections and plans are made here
        start = time.perf_counter()
        list(pool.map(job, [batch] * calls))
        return calls * batch / (time.perf_counter() - start)


def presealed_rate(ours: Ours, calls: int, batch: int) -> float:
    """Events per second of the ledger alone: sealing done beforehand."""
    prepared = [ours._changes(batch)[0] for _ in range(calls)]
    start = time.perf_counter()
    for changes in prepared:
        ours.ledger.append_many(changes)
    return calls * batch / (time.perf_counter() - start)


def replay_rate(ledger: PostgresLedger) -> float:
    """Events per second read back in order."""
    start, position = time.perf_counter(), 0
    while events := ledger.read(position, 2_000):
        position = events[-1].position
    return position / (time.perf_counter() - start)


CASES: Sequence[tuple[str, int, int, int]] = (
    ("one writer, one at a time", 1, 1, 20),
    ("8 writers, one at a time", 1, 8, 10),
    ("one writer, batches of 100", 100, 1, 2),
    ("one writer, batches of 500", 500, 1, 1),
    ("4 writers, batches of 500", 500, 4, 1),
)


def main(events: int) -> None:
    """Measure both in turn and print absolute numbers and their ratio."""
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-bench-"))
    folder.chmod(0o711)
    with open_database(None, folder) as database:
        migrate(database.dsn, [MIGRATIONS])
        ledger, theirs = PostgresLedger(database), Theirs(database.dsn)
        ours = Ours(ledger)
        collect_less()
        print(f"{'':30}{'ours/s':>12}{'eventsourcing/s':>18}{'ratio':>8}")
        for name, batch, threads, share in CASES:
            calls = max(events // share // batch, threads)
            here, there = rate(ours.record, calls, batch, threads), rate(theirs.record, calls, batch, threads)
            print(f"{name:30}{here:12,.0f}{there:18,.0f}{here / there:8.2f}", flush=True)
        print(f"{'presealed, batches of 1000':30}{presealed_rate(ours, max(events // 1_000, 1), 1_000):12,.0f}")
        print(f"{'read back in order':30}{replay_rate(ledger):12,.0f}")
        theirs.close()
        ledger.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
