"""The machine review of every access: in rounds, each on record as a whole, resumed where the last one ended.

What it found, and that it looked at everything, is one change on the ledger: nothing is reviewed twice or left out.
Source: WGS art. 1.8 lid 2; Wpg art. 32a; AVG art. 5 lid 2, 32.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import orjson

from contracts.toezicht import LogboekBeoordeeld, RaadplegingOnverklaard, Verklaringstelling
from hub.audit.verklaring import (
    ONLEESBAAR,
    VEEL_PERSONEN,
    Feiten,
    Record,
    Uitkomst,
    Venster,
    is_systeem,
    objecten,
    verklaar,
)
from hub.domain.toezicht import (
    Behandelingen,
    BehandelingEvent,
    behandelaars_of,
    behandelingen,
    bevinding_of,
    ronde_of,
)
from hub.handling.banden import banden
from hub.handling.disclose import HUBZETEL
from hub.handling.execute import Ledger
from hub.handling.logboek import toetst
from hub.handling.step import Step
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore

LOOK_SECONDS = 300.0
ROUND = 200
#: So many records before a round fill the window of who looked up how many persons, after a restart.
WARM = 5_000
#: Work of one's own explains that one looks again for so long.
EIGEN_WERK = timedelta(days=90)
WERK = frozenset({"verzamelen", "wijzigen", "combineren", "verstrekken"})
AANWIJZEN = frozenset({"wijs-behandelaar-aan", "trek-behandelaar-in", "meld-belang"})
LOOKED_BACK = 50
_TEXTS = ("zetel", "actor", "oin", "vraag", "handeling", "resultaat", "doel")
_LISTS = ("objecten", "velden", "betrokkenen")


@dataclass(frozen=True, slots=True)
class Gelezen:
    """One record of the access log with its number; None where it cannot be read."""

    nummer: int
    record: Record | None


class Toezicht:
    """Follows the access log. One thread uses it; where two processes do, each round is recorded once."""

    def __init__(self, ledger: Ledger, venster: Callable[[], Venster] = Venster) -> None:
        self._ledger, self._make = ledger, venster
        self._at: int | None = None
        self._venster = venster()

    def run(self, nu: datetime) -> int:
        """Review everything that is in the log now; the number of accesses. Raises LedgerError."""
        done = 0
        while number := self.round(nu):
            done += number
        return done

    def round(self, nu: datetime) -> int:
        """Review what comes next; 0 where there was nothing but the hub's own doing. Raises LedgerError."""
        at = self._resumed()
        store = self._ledger.store
        batch = [Gelezen(number, _read(number, data)) for number, data in store.access_records(at, ROUND)]
        if len(batch) < ROUND and all(_of_hub(one.record) for one in batch):
            return 0
        crowded = {one.nummer for one in batch if one.record is not None and self._venster.neem(one.record)}
        outcome = self._ledger.perform(partial(_review, store, at, batch, crowded), HUBZETEL, nu)
        if not outcome.events:
            self._at = None
            return len(batch)
        self._at = batch[-1].nummer
        return len(batch)

    def follow(self, stop: threading.Event, clock: Callable[[], datetime], failed: Callable[[Exception], None]) -> None:
        """Keep up until `stop`. `failed` is told what went wrong; it is tried again."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.run(clock())
            except Exception as error:  # whatever it was, what is not reviewed yet is reviewed at the next try
                self._at = None
                failed(error)

    def _resumed(self) -> int:
        """Where the last round on record ended; the window is filled with what came just before."""
        if self._at is None:
            self._at = reviewed_until(self._ledger.store)
            self._venster = self._make()
            after = max(0, self._at - WARM)
            for number, data in self._ledger.store.access_records(after, self._at - after):
                if (record := _read(number, data)) is not None:
                    self._venster.neem(record)
        return self._at


def reviewed_until(store: LedgerStore, after: int = 0) -> int:
    """The number of the last access that was reviewed, by rounds recorded after a position; 0 for none."""
    streams = store.last_of((LogboekBeoordeeld.TYPE,), after)
    if not streams:
        return 0
    (last,) = store.read(max(streams.values()) - 1, 1)
    return int(orjson.loads(opened(last.state)[0])["totEnMet"])


def _review(store: LedgerStore, at: int, batch: Sequence[Gelezen], crowded: set[int], step: Step) -> None:
    """One round: what is not explained, and the tally of what is. Nothing where another reviewer recorded it."""
    if step.work.events(ronde_of(at), LogboekBeoordeeld):
        return
    feiten = facts(step, store, [one.record for one in batch if one.record is not None])
    tally: Counter[str] = Counter()
    missing = 0
    step.work.load([bevinding_of(one.nummer) for one in batch])
    for one in batch:
        outcome = _outcome(one, feiten, one.nummer in crowded)
        if not outcome.bevindingen:
            tally[outcome.verklaringen[0]] += 1
            continue
        missing += 1
        step.work.add(bevinding_of(one.nummer), [_finding(one, outcome, step)], "hub")
    counted = tuple(Verklaringstelling(verklaring=kind, aantal=number) for kind, number in sorted(tally.items()))
    done = LogboekBeoordeeld(
        na=at,
        tot_en_met=batch[-1].nummer,
        verklaard=counted,
        onverklaard=missing,
        zetel=step.zetel,
        tijdstip=step.nu,
    )
    step.work.add(ronde_of(at), [done], "hub")


def _outcome(one: Gelezen, feiten: Feiten, crowded: bool) -> Uitkomst:
    if one.record is None:
        return Uitkomst((), (ONLEESBAAR,))
    found = verklaar(one.record, feiten)
    return Uitkomst(found.verklaringen, (*found.bevindingen, VEEL_PERSONEN)) if crowded else found


def _finding(one: Gelezen, outcome: Uitkomst, step: Step) -> RaadplegingOnverklaard:
    known: Mapping[str, Any] = one.record or {"zetel": step.zetel, "tijdstip": step.nu}
    return RaadplegingOnverklaard(
        nummer=one.nummer,
        raadpleger=known["zetel"],
        geraadpleegd_op=known["tijdstip"],
        bevindingen=outcome.bevindingen,
        zetel=step.zetel,
        tijdstip=step.nu,
    )


def facts(step: Step, store: LedgerStore, records: Sequence[Record]) -> Feiten:
    """What is on record around some accesses, as of now; each fact says since when."""
    named = _namings(step, records)

    def works_on(record: Record, one: str) -> bool:
        moment = datetime.fromisoformat(record["tijdstip"])
        streams = (behandelaars_of(record["zetel"], None), behandelaars_of(record["zetel"], _id(one)))
        own = any(named[stream].behandelt(record["actor"], moment) for stream in streams if stream in named)
        return own or _worked(store, record, one, moment)

    def has_interest(record: Record, one: str) -> bool:
        state = named.get(behandelaars_of(record["zetel"], _id(one)))
        moment = datetime.fromisoformat(record["tijdstip"])
        return state is not None and state.heeft_belang(record["actor"], moment)

    return Feiten(
        hubzetel=HUBZETEL,
        banden=banden(store, (one for record in records for one in objecten(record))),
        toetst=partial(toetst, step.questions.beleid),
        werkt_aan=works_on,
        belang=has_interest,
    )


def _namings(step: Step, records: Sequence[Record]) -> dict[UUID, Behandelingen]:
    """Who was named for what, for the seats and objects in which persons acted."""
    people = [record for record in records if not is_systeem(record)]
    streams = {behandelaars_of(record["zetel"], None) for record in people}
    streams |= {behandelaars_of(record["zetel"], _id(one)) for record in people for one in objecten(record)}
    step.work.load(sorted(streams))
    return {stream: behandelingen(step.work.events(stream, BehandelingEvent)) for stream in streams}


def _worked(store: LedgerStore, record: Record, one: str, moment: datetime) -> bool:
    """Whether the worker did something with the object before, herself and with leave."""
    before = store.access_found((one, f"actor:{record['actor']}"), (0, record["volgnummer"]), LOOKED_BACK)
    for number, data in before:
        earlier = _read(number, data)
        if earlier is None or datetime.fromisoformat(earlier["tijdstip"]) < moment - EIGEN_WERK:
            continue
        same = earlier["zetel"] == record["zetel"] and earlier["actor"] == record["actor"]
        if same and _is_work(earlier) and one in objecten(earlier):
            return True
    return False


def _is_work(record: Record) -> bool:
    """An act with leave; naming somebody is no work on the matter itself."""
    acted = record["handeling"] in WERK and record["vraag"] not in AANWIJZEN
    return acted and record["resultaat"] == "toegestaan"


def _id(one: str) -> UUID | None:
    """The identifier of an object; None where it has none of ours."""
    with suppress(ValueError):
        return UUID(one.partition(":")[2])
    return None


def _of_hub(record: Record | None) -> bool:
    return record is not None and record["zetel"] == HUBZETEL and record["actor"] == "hub"


def _read(number: int, data: bytes) -> Record | None:
    """A record with its number, None where it does not have the form of one."""
    with suppress(orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        record: dict[str, Any] = orjson.loads(data)
        datetime.fromisoformat(record["tijdstip"])
        texts = all(isinstance(record[name], str) for name in _TEXTS)
        if texts and all(isinstance(record[name], list) for name in _LISTS):
            return record | {"volgnummer": number}
    return None
