"""What waits for the officer: accesses that no recorded fact explains, read without keys."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from contracts.toezicht import RaadplegingAfgetekend, RaadplegingOnverklaard
from hub.domain.toezicht import bevinding_of
from hub.handling.toezicht import reviewed_until
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore


@dataclass(frozen=True, slots=True)
class Aftekening:
    """The officer's judgement of one access; the reasons are sealed and not read here."""

    zetel: str
    tijdstip: datetime
    uitkomst: str


@dataclass(frozen=True, slots=True)
class Bevinding:
    """One access that was not explained, and the officer's judgement once there is one."""

    gevonden: RaadplegingOnverklaard
    afgetekend: Aftekening | None = None

    def dagen(self, nu: datetime) -> int:
        """For how many days it has waited, or did wait."""
        until = self.afgetekend.tijdstip if self.afgetekend else nu
        return max(0, (until - self.gevonden.tijdstip).days)


def nummer_van(one: Bevinding) -> int:
    """By which the queue is in order: accesses are numbered as they come."""
    return one.gevonden.nummer


class Wachtrij:
    """The queue as the ledger has it; each look reads only what is new. Safe to share between threads."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._at, self._open, self._reviewed = 0, dict[int, Bevinding](), 0
        self._in_order: list[Bevinding] | None = None
        self._counted = Counter[tuple[str, tuple[str, ...]]]()
        self._lock = threading.Lock()

    def open(self) -> list[Bevinding]:
        """What waits for judgement, the longest waiting first. Raises LedgerUnavailable."""
        with self._lock:
            head = self._store.head()
            streams = self._store.last_of((RaadplegingOnverklaard.TYPE, RaadplegingAfgetekend.TYPE), self._at)
            self._in_order = None if streams else self._in_order
            for found in self._read(list(streams)):
                if found.afgetekend is None:
                    self._open[found.gevonden.nummer] = found
                else:
                    self._open.pop(found.gevonden.nummer, None)
            self._reviewed = max(self._reviewed, reviewed_until(self._store, self._at))
            self._at = head
            if self._in_order is None:
                waiting = self._open.values()
                self._in_order = sorted(waiting, key=nummer_van)
                self._counted = Counter((one.gevonden.raadpleger, one.gevonden.bevindingen) for one in waiting)
            return self._in_order

    @property
    def beoordeeld(self) -> int:
        """The number of the last access that was reviewed, as of the last look."""
        return self._reviewed

    @property
    def oorzaken(self) -> Mapping[tuple[str, tuple[str, ...]], int]:
        """How many wait per seat and findings, as of the last look."""
        return self._counted

    def een(self, nummer: int) -> Bevinding | None:
        """One access of the queue, also after it was judged."""
        return next(self._read([bevinding_of(nummer)]), None)

    def van(self, nummers: Sequence[int]) -> dict[int, Bevinding]:
        """Those of these accesses that were not explained, judged or not."""
        return {one.gevonden.nummer: one for one in self._read([bevinding_of(number) for number in nummers])}

    def _read(self, streams: Sequence[UUID]) -> Iterator[Bevinding]:
        """What can be read without keys; an access that was explained has no stream."""
        for events in self._store.streams(streams).values():
            parts = {event.topic: opened(event.state)[0] for event in events}
            if RaadplegingOnverklaard.TYPE in parts:
                found = RaadplegingOnverklaard.model_validate_json(parts[RaadplegingOnverklaard.TYPE])
                yield Bevinding(found, _judged(parts.get(RaadplegingAfgetekend.TYPE)))


def _judged(open_part: bytes | None) -> Aftekening | None:
    if open_part is None:
        return None
    known = orjson.loads(open_part)
    return Aftekening(known["zetel"], datetime.fromisoformat(known["tijdstip"]), known["uitkomst"])
