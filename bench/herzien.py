"""How fast all disclosures are held against a new policy, beside loading every signal and deciding on it anew.

    python -m bench.herzien --rows 200000

PostgreSQL, durable. Real signals are brought in and passed on; copies of their disclosures under other signal numbers
fill the ledger. The new policy closes one bilateral ground: of the real signals those that rest on it are recalled,
no copy is. The naive way is measured on the real signals only.
"""

from __future__ import annotations

import argparse
import base64
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from bench.running import machine
from contracts.beleid import BeleidGeactiveerd, BeleidGoedgekeurd, BeleidVoorgesteld, Handtekening
from contracts.message import Event
from contracts.register import EVENTS
from contracts.verstrekking import SignaalVerstrekt
from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP
from hub.access.pakket import pak_in
from hub.handling.beleidsversies import BELEIDSSTROOM, Beleidsversies
from hub.handling.disclose import HUBZETEL, Disclosing
from hub.handling.execute import Ledger, Request
from hub.handling.herzien import Reviser
from hub.handling.questions import Questions
from hub.handling.work import Work, disclosures_of
from hub.ledger.database import migrate, open_database
from hub.ledger.keys import FakeKeyStore, SubjectKeys
from hub.ledger.mapper import MessageMapper
from hub.ledger.postgres import MIGRATIONS, PostgresLedger
from hub.ledger.store import Change, Receipt, StreamAppend
from hub.sealing import utc_now
from tests.handling.executing import AVIM, ZC, doorzetten, id_of, signaal

BATCH = 2_000
REGIONS = ("ede", "arnhem", "utrecht", "amsterdam", "tilburg")
CLOSING = {"gevaar": "doorlopend-gevaarlijk", "reden_vastgelegd": True}
STAYING = {"gevaar": "acuut", "reden_vastgelegd": True}


class Bench:
    """A write side on a database."""

    def __init__(self, store: PostgresLedger) -> None:
        randbytes = random.Random(1).randbytes
        self.store = store
        self.keys = SubjectKeys(store, FakeKeyStore(randbytes), randbytes, lambda: 0.0)
        self.mapper = MessageMapper(EVENTS.values(), self.keys, randbytes)
        self.policy = Beleidsversies(store, self.mapper, Questions(Beleid.laad()), time.monotonic, print)
        self.ledger = Ledger(store, self.mapper, self.keys, self.policy, bytes(32))

    def work(self) -> Work:
        return Work(self.store, self.mapper, self.keys)

    def append(self, stream: UUID, events: Sequence[Event], decision: bytes | None = None) -> Change:
        before = len(self.store.stream(stream))
        sealed = tuple(self.mapper.to_event(event, stream, before + at, "hub")[0] for at, event in enumerate(events, 1))
        return Change((StreamAppend(stream, before, sealed, (decision,) * len(sealed)),))


def bring_in(bench: Bench, count: int) -> list[tuple[SignaalVerstrekt, bytes]]:
    """Real signals, each passed on to one seat: disclosures and records. Every tenth rests on what closes."""
    kept = []
    for number in range(count):
        name = f"bench-{number}"
        bench.ledger.execute(Request(signaal(name, regio=REGIONS[number % len(REGIONS)]), ZC), utc_now())
        facts = CLOSING if number % 10 == 0 else STAYING
        outcome = bench.ledger.execute(
            Request(doorzetten(name, AVIM, "bilateraal", "veiligheid-slachtoffer", **facts), ZC), utc_now()
        )
        (given,) = (event for event in outcome.events if isinstance(event, SignaalVerstrekt))
        at = outcome.events.index(given)
        assert outcome.receipt is not None
        record = bench.store.decision(outcome.receipt.positions[at])
        assert record is not None
        if facts is STAYING:
            kept.append((given, record))
    return kept


def fill(bench: Bench, rows: int, real: Sequence[tuple[SignaalVerstrekt, bytes]]) -> None:
    """Copies of disclosures, each of a signal of its own."""
    for start in range(0, rows, BATCH):
        changes = []
        for number in range(start, min(start + BATCH, rows)):
            given, record = real[number % len(real)]
            id = UUID(int=(7 << 100) + number)
            copy = given.model_copy(update={"signaal_id": id, "verstrekking_id": UUID(int=(8 << 100) + number)})
            stream = disclosures_of(id)
            event, _ = bench.mapper.to_event(copy, stream, 1, "hub")
            changes.append(Change((StreamAppend(stream, 0, (event,), (record,)),)))
        assert all(isinstance(one, Receipt) for one in bench.store.append_many(changes))


def activate(bench: Bench, folder: Path) -> None:
    """A policy without the ground, in force; who signs is not what is measured."""
    map = folder / "beleid"
    shutil.copytree(BELEIDSMAP, map, ignore=shutil.ignore_patterns("gevallen"))
    rules = map / "bilateraal.cedar"
    rules.write_text(rules.read_text().replace('"doorlopend-gevaarlijk", ', ""))
    pakket, signed = pak_in(map), Handtekening(client="bench", sleutel={}, jws="-")
    nu, versie = utc_now(), Beleid.laad(map).versie
    who = {"versie": versie, "zetel": HUBZETEL, "tijdstip": nu}
    step = {**who, "ingangsdatum": nu.date()}
    events = (
        BeleidVoorgesteld(pakket=base64.b64encode(pakket).decode(), toelichting="", handtekening=signed, **who),
        BeleidGoedgekeurd(wijkt_af_van_rac=False, motivering="", gemeld_aan=(), handtekening=signed, **step),
        BeleidGeactiveerd(volgnummer=1, auteur=HUBZETEL, goedkeurder=HUBZETEL, **step),
    )
    bench.store.append(bench.append(BELEIDSSTROOM, events))
    bench.policy.refresh()
    assert bench.policy.at(utc_now()).beleid.versie == versie


def naive(bench: Bench, count: int) -> float:
    """Signals per second when each is loaded and decided on anew; nothing is recorded."""
    begun, nu = time.perf_counter(), utc_now()
    for number in range(count):
        Disclosing(bench.policy.at(nu), bench.work(), HUBZETEL, nu).anew(id_of(f"bench-{number}"))
    return count / (time.perf_counter() - begun)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--signals", type=int, default=300)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-herzien-"))
    folder.chmod(0o711)
    try:
        with open_database(None, folder / "data") as database:
            migrate(database.dsn, [MIGRATIONS])
            bench = Bench(PostgresLedger(database))
            real = bring_in(bench, arguments.signals)
            fill(bench, arguments.rows, real)
            activate(bench, folder)
            loaded = naive(bench, arguments.signals)
            begun, worked = time.perf_counter(), time.process_time()
            anew = Reviser(bench.store, bench.ledger, bench.policy, bench.work).run(utc_now())
            spent, used = time.perf_counter() - begun, time.process_time() - worked
            total = arguments.rows + arguments.signals
            print(machine())
            print(f"held against a new policy: {total:,} disclosures in {spent:.2f} s = {total / spent:,.0f} rows/s")
            print(f"processor time of the hub itself: {used:.2f} s = {total / used:,.0f} rows/s")
            print(f"decided anew of these: {anew} signals")
            print(f"every signal loaded and decided anew: {loaded:,.0f} rows/s")
            print(f"ours / theirs: {total / spent / loaded:,.1f}")
            bench.store.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
