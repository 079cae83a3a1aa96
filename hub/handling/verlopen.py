"""What the clock ends: emergency access at its end moment, confidentiality after its last day.

Reading refuses by itself what is over; this makes it a fact, so that it shows on record, and opens what was closed.
"""

import heapq
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from contracts.afscherming import CasusVertrouwelijkVerklaard, VertrouwelijkVerklaard
from contracts.noodtoegang import NoodtoegangVerleend
from contracts.terugkoppeling import (
    TerugkoppelingAangehouden,
    TerugkoppelingGegeven,
    TerugkoppelingHerinnerd,
    TerugkoppelingHervat,
    TerugkoppelingVerschuldigd,
)
from contracts.terugroeping import TerugroepingGestuurd
from hub.handling.afscherming import expire_case, expire_signal
from hub.handling.disclose import HUBZETEL
from hub.handling.execute import Ledger
from hub.handling.noodtoegang import end_emergencies
from hub.handling.step import Step
from hub.handling.terugkoppelen import keep_time
from hub.handling.terugroepen import escalate
from hub.ledger.envelope import opened

LOOK_SECONDS = 5.0


class Due(NamedTuple):
    """What to look at, and from when. `id`: the signal or case."""

    moment: datetime
    topic: str
    id: UUID


ACTS: Mapping[str, Callable[[Step, UUID], None]] = {
    NoodtoegangVerleend.TYPE: end_emergencies,
    VertrouwelijkVerklaard.TYPE: expire_signal,
    CasusVertrouwelijkVerklaard.TYPE: expire_case,
    TerugroepingGestuurd.TYPE: escalate,
    TerugkoppelingVerschuldigd.TYPE: keep_time,
    TerugkoppelingGegeven.TYPE: keep_time,
    TerugkoppelingAangehouden.TYPE: keep_time,
    TerugkoppelingHervat.TYPE: keep_time,
    TerugkoppelingHerinnerd.TYPE: keep_time,
}
#: Fields that say when something ends, or when to look again.
_MOMENTS = ("tot", "bevestigenVoor", "herinnerenOp", "uiterlijk", "escalerenOp", "herbezienOp")
#: A day in these begins it, where others end with their day.
_FROM_ITS_BEGINNING = frozenset({"herbezienOp"})


class Verloop:
    """Follows the ledger for what has an end, and ends it. One thread uses it; two do the same work once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._at = 0
        self._known: set[Due] = set()
        self._waiting: list[Due] = []

    def run(self, nu: datetime) -> int:
        """End everything that is over at `nu`; how many signals and cases that changed. Raises LedgerError."""
        self._look()
        changed = 0
        while self._waiting and self._waiting[0].moment <= nu:
            due = self._waiting[0]
            outcome = self._ledger.perform(partial(_end, due), HUBZETEL, nu)
            heapq.heappop(self._waiting)
            changed += bool(outcome.events)
        return changed

    def follow(self, stop: threading.Event, clock: Callable[[], datetime], failed: Callable[[Exception], None]) -> None:
        """Keep up until `stop`. `failed` is told what went wrong; it is tried again."""
        while not stop.is_set():
            try:
                self.run(clock())
            except Exception as error:  # whatever it was, what is not done yet is done at the next try
                failed(error)
            stop.wait(LOOK_SECONDS)

    def _look(self) -> None:
        store = self._ledger.store
        head = store.head()
        for stream in store.last_of(tuple(ACTS), self._at):
            for event in store.stream(stream):
                if event.topic in ACTS:
                    self._note(event.topic, orjson.loads(opened(event.state)[0]))
        self._at = head

    def _note(self, topic: str, open_part: Mapping[str, Any]) -> None:
        id = UUID(open_part["signaalId"] if "signaalId" in open_part else open_part["casusId"])
        for name in _MOMENTS:
            if open_part.get(name) is not None:
                due = Due(_moment(open_part[name], from_beginning=name in _FROM_ITS_BEGINNING), topic, id)
                if due not in self._known:
                    self._known.add(due)
                    heapq.heappush(self._waiting, due)


def verlopen(ledger: Ledger, nu: datetime) -> int:
    """End everything that is over at `nu`, looking at the whole ledger; how much changed. Raises LedgerError."""
    return Verloop(ledger).run(nu)


def _end(due: Due, step: Step) -> None:
    ACTS[due.topic](step, due.id)


def _moment(text: str, *, from_beginning: bool) -> datetime:
    """A moment, or the beginning or end of a day in UTC."""
    if "T" in text:
        return datetime.fromisoformat(text)
    day = date.fromisoformat(text) + timedelta(days=0 if from_beginning else 1)
    return datetime.combine(day, time.min, tzinfo=UTC)
