"""How fast the views are made anew from the ledger, and how fast a page of them is read.

    python -m bench.replay --events 200000 --page-of 1000000

Runs on the embedded database in a throw-away folder, durable as in production. Events are those of a usual mix: per
signal a report with one or two persons, a passing on with two disclosures, an acknowledgement; one signal in ten is
enriched, one in twenty reaches a case. Decoding of events from the ledger is not counted; sealing is, with AES-256-GCM.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool

import hub.views.migrations
from contracts.inhoud import Betrokkene, Locatie, Melder, SignaalInhoud, Signaalmelding
from contracts.message import Event
from contracts.signaal import SignaalDoorgezet, SignaalGeregistreerd, SignaalVerrijkt
from contracts.verstrekking import OntvangstBevestigd, SignaalVerstrekt
from hub.ledger.database import migrate, open_database
from hub.views.folds import Recorded
from hub.views.projector import Projector
from hub.views.read import Views
from hub.views.sealing import Opened, Unsealed

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PROVIDERS = tuple(f"politie.avim@eenheid-{number}" for number in range(10))
RECEIVERS = tuple(f"gemeente.af-oov@gemeente-{number}" for number in range(40))
CATEGORIES = ("signaal-inhoud", "signaal-label", "identificerend", "rol-in-casus")


class BenchSealer:
    """AES-256-GCM under one key per anchor and persons, kept in memory as the hub keeps its data keys."""

    def seal_many(self, rows: Sequence[Unsealed]) -> list[bytes]:
        return [self._sealed(row) for row in rows]

    def unseal_many(self, rows: Sequence[tuple[str, bytes]]) -> list[Opened]:
        return [self._opened(row_key.encode(), blob) for row_key, blob in rows]

    def _sealed(self, row: Unsealed) -> bytes:
        bound, parts = row.row_key.encode(), [orjson.dumps(row.open)]
        for compartment in row.compartments:
            owners = row.anchor.bytes + b"".join(subject.bytes for subject in compartment.subjects)
            nonce = secrets.token_bytes(12)
            sealed = AESGCM(sha256(owners).digest()).encrypt(nonce, orjson.dumps(compartment.content), bound)
            parts += [owners, nonce + sealed]
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)

    def _opened(self, bound: bytes, blob: bytes) -> Opened:
        parts, at = [], 0
        while at < len(blob):
            end = at + 4 + int.from_bytes(blob[at : at + 4], "big")
            parts.append(blob[at + 4 : end])
            at = end
        contents = [
            orjson.loads(AESGCM(sha256(owners).digest()).decrypt(sealed[:12], sealed[12:], bound))
            for owners, sealed in zip(parts[1::2], parts[2::2], strict=True)
        ]
        return Opened(orjson.loads(parts[0]), tuple(contents))


def person(number: int) -> Betrokkene:
    """A synthetic person."""
    return Betrokkene(
        betrokkene_id=UUID(int=(1 << 100) + number),
        naam=f"Voorbeeld {number}",
        nationaliteit="onbekend",
        bereikbaar=(f"06-0000{number % 10_000:04d}",),
    )


def content(number: int) -> SignaalInhoud:
    """A synthetic content of usual length."""
    return SignaalInhoud(
        vormen=("arbeidsuitbuiting",),
        zekerheid="vermoeden",
        toelichting=f"Melding {number}: " + "er zijn aanwijzingen dat mensen hier niet vrij werken. " * 6,
        betrokkenen=tuple(person(number * 2 + extra) for extra in range(1 + number % 2)),
        locaties=(Locatie(adres=f"Voorbeeldstraat {number}", plaats="Ede"),),
    )


def story(number: int, zetel: str) -> Iterator[Event]:
    """What happens to one signal."""
    id = UUID(int=(2 << 100) + number)
    who: dict[str, Any] = {"zetel": zetel, "tijdstip": NOW}
    melding = Signaalmelding(
        kenmerk=f"2026-{number}",
        spoor="bilateraal",
        regio="oost-nederland",
        melder=Melder(naam="Melder"),
        inhoud=content(number),
    )
    yield SignaalGeregistreerd(signaal_id=id, melding=melding, **who)
    if number % 10 == 0:
        own = UUID(int=(3 << 100) + number)
        yield SignaalVerrijkt(
            signaal_id=id,
            verrijking_id=own,
            herkomst="eigen bron",
            inhoud=content(number),
            **who | {"zetel": RECEIVERS[1]},
        )
    naar = RECEIVERS[number % len(RECEIVERS)]
    yield SignaalDoorgezet(
        signaal_id=id, naar=naar, spoor="bilateraal", doel="opsporing", opdracht="graag nagaan", **who
    )
    given = UUID(int=(4 << 100) + number)
    yield SignaalVerstrekt(
        verstrekking_id=given,
        signaal_id=id,
        casus_id=UUID(int=(5 << 100) + number // 100) if number % 20 == 0 else None,
        ontvanger=naar,
        spoor="bilateraal",
        doel="opsporing",
        categorieen=CATEGORIES,
        per_bron={zetel: CATEGORIES},
        regels=("regel-1",),
        grondslagen=("Wpg art. 16",),
        beleidsversie="v1",
        **who,
    )
    yield OntvangstBevestigd(verstrekking_id=given, signaal_id=id, **who | {"zetel": naar})


def ledger(count: int) -> list[Recorded]:
    """So many events, in order."""
    events: list[Recorded] = []
    number = 0
    while len(events) < count:
        for event in story(number, PROVIDERS[number % len(PROVIDERS)]):
            events.append(Recorded(len(events) + 1, event))
        number += 1
    return events[:count]


def measure_rebuild(dsn: str, count: int) -> None:
    """Events per second from an empty view to a full one."""
    events = ledger(count)
    projector = Projector(dsn, lambda after, limit: events[after : after + limit], BenchSealer())
    started, spent = time.perf_counter(), time.process_time()
    projector.rebuild(lambda position, head: None, count)
    elapsed, used = time.perf_counter() - started, time.process_time() - spent
    print(f"rebuild: {count} events in {elapsed:.2f} s = {count / elapsed:,.0f} events/s (python cpu {used:.2f} s)")
    projector.close()


def measure_latency(dsn: str, rounds: int) -> None:
    """From an event on the ledger to its committed rows, one event at a time, on full views."""
    events: list[Recorded] = []
    with psycopg.connect(dsn) as connection:
        found = connection.execute("select position from tracking").fetchone()
    base = int(found[0]) if found else 0
    projector = Projector(dsn, lambda after, limit: [e for e in events[-1:] if e.position > after], BenchSealer())
    projector.run_once()
    spent = []
    for number, event in enumerate(e for n in range(rounds) for e in story(50_000_000 + n, PROVIDERS[0])):
        events.append(Recorded(base + number + 1, event))
        started = time.perf_counter()
        projector.run_once()
        spent.append(time.perf_counter() - started)
    projector.close()
    print(f"one event to its rows: p50 {quantile(spent, 50):.1f} ms, p99 {quantile(spent, 99):.1f} ms")


def fill(dsn: str, count: int) -> None:
    """Rows of one seat beside those of others: copies of real rows under new signals."""
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', false)")
        connection.execute(
            "insert into zicht_signaal select case when n %% 4 = 0 then 'vol@nederland' else zetel end,"
            " gen_random_uuid(), casus_id, provider, spoor, regio, status, sinds, 100000000 + n, inhoud"
            " from (select s.*, row_number() over () as n from (select * from zicht_signaal"
            " where zetel like 'politie%%' limit 10000) s cross join generate_series(1, %s)) rows",
            (max(1, count // 10_000),),
        )
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze zicht_signaal")


class AnyRow(BenchSealer):
    """Opens the copied rows of `fill`, which are bound to the keys of the rows they were copied from."""

    def __init__(self, originals: dict[bytes, str]) -> None:
        self._originals = originals

    def unseal_many(self, rows: Sequence[tuple[str, bytes]]) -> list[Opened]:
        return [self._opened(self._originals[blob].encode(), blob) for _, blob in rows]


def measure_pages(dsn: str, rounds: int) -> None:
    """Pages of 100 signals of one seat, each from another place in its list."""
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', false)")
        counted = connection.execute("select count(*) from zicht_signaal").fetchone()
        found = connection.execute(
            "select 'zicht_signaal|' || zetel || '|' || signaal_id || '|' || casus_id, inhoud from zicht_signaal"
            " where gewijzigd_positie < 100000000"
        ).fetchall()
        ends = connection.execute(
            "select min(gewijzigd_positie), max(gewijzigd_positie) from zicht_signaal where zetel = 'vol@nederland'"
        ).fetchone()
    sealer = AnyRow({bytes(blob): str(key) for key, blob in found})
    low, high = ends or (0, 0)
    with ConnectionPool(dsn, min_size=1, max_size=1, open=True) as pool:
        views = Views(pool, sealer)
        spent = []
        for number in range(rounds):
            na = high + 1 - (high - low) * number // rounds
            started = time.perf_counter()
            page = views.signalen("vol@nederland", na=na, aantal=100)
            spent.append(time.perf_counter() - started)
            if number < rounds - 1 and not page.items:
                raise SystemExit("an empty page: nothing was measured")
    total = counted[0] if counted else 0
    print(f"page of 100 in {total:,} rows: p50 {quantile(spent, 50):.1f} ms, p95 {quantile(spent, 95):.1f} ms")


def quantile(seconds: Sequence[float], percent: int) -> float:
    """A percentile in milliseconds."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1000


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--page-of", type=int, default=0, help="rows among which pages are read; 0: do not measure")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-replay-"))
    folder.chmod(0o711)
    try:
        with open_database(None, folder) as database:
            migrate(database.dsn, [Path(path) for path in hub.views.migrations.__path__])
            measure_rebuild(database.dsn, arguments.events)
            measure_latency(database.dsn, 100)
            if arguments.page_of:
                fill(database.dsn, arguments.page_of)
                measure_pages(database.dsn, 200)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
