"""Duties follow the ledger: what was recorded begins and ends them, the clock reminds, and all of it is on record.

One thread uses it. Two processes do the same work once: an event moves a duty at most once, a step of the clock too.
How far it came is kept only to save work; from position 0 it would come to the same. Source: Vc B8/3.
"""

import heapq
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson

from contracts.plicht import (
    PlichtGeescaleerd,
    PlichtHerinnerd,
    PlichtOntstaan,
    PlichtTeLaat,
    PlichtVervallen,
    PlichtVervuld,
)
from hub.access.beleid import Beleid
from hub.domain.plicht import Oorzaak, Plicht, onderwerpen
from hub.domain.plichtregel import Plichtregel, dag_van
from hub.handling.beleidsversies import Policy
from hub.handling.disclose import HUBZETEL
from hub.handling.execute import Ledger
from hub.handling.plichten import Taak, apply, begin_period, duties, feiten_van, holders, tick
from hub.handling.step import Step
from hub.handling.work import Work
from hub.ledger.envelope import opened
from hub.ledger.mapper import MessageMapper
from hub.ledger.store import LedgerStore, Recorded

FOLLOWER = "plichten"
LOOK_SECONDS = 5.0
PAGE = 2_000
#: So many duties share a commit.
TOGETHER = 200
TOPICS = tuple(
    cls.TYPE
    for cls in (PlichtOntstaan, PlichtHerinnerd, PlichtVervuld, PlichtVervallen, PlichtTeLaat, PlichtGeescaleerd)
)


class Plichtenklok:
    """Keeps the duties of one ledger. `run` brings them up to date, `follow` goes on doing so."""

    def __init__(self, ledger: Ledger, mapper: MessageMapper, policy: Policy, work: Callable[[], Work]) -> None:
        self._ledger, self._mapper, self._policy, self._work = ledger, mapper, policy, work
        self._store: LedgerStore = ledger.store
        self._at = 0
        self._looked = 0
        self._moments: dict[UUID, datetime] = {}
        self._waiting: list[tuple[datetime, UUID]] = []
        self._periods: set[tuple[str, str, date]] = set()

    def run(self, nu: datetime) -> int:
        """Everything that is due at `nu`; how many events were recorded. Raises LedgerError."""
        return self._follow_ledger(nu) + self._calendar(nu) + self._tick(nu)

    def follow(self, stop: threading.Event, clock: Callable[[], datetime], failed: Callable[[Exception], None]) -> None:
        """Keep up until `stop`. `failed` is told what went wrong; it is tried again."""
        while not stop.is_set():
            try:
                self.run(clock())
            except Exception as error:  # whatever it was, what is not done yet is done at the next try
                failed(error)
            stop.wait(LOOK_SECONDS)

    def _follow_ledger(self, nu: datetime) -> int:
        done, at = 0, max(self._at, self._store.cursor(FOLLOWER))
        while page := self._store.read(at, PAGE):
            tasks = self._tasks(page)
            for first in range(0, len(tasks), TOGETHER):
                done += self._perform(partial(apply, tasks[first : first + TOGETHER]), nu)
            at = page[-1].position
            self._store.move_cursor(FOLLOWER, at)
        self._at = at
        return done

    def _tasks(self, page: Sequence[Recorded]) -> list[Taak]:
        touched = [(one, beleid, regels) for one in page for beleid, regels in self._rules(one)]
        messages = self._mapper.to_messages([one for one, _, _ in touched])
        tasks = []
        for (one, beleid, regels), restored in zip(touched, messages, strict=True):
            event: Any = restored.message
            cause = Oorzaak(event, one.position, feiten_van(event))
            tasks += [Taak(regel, id, cause, beleid) for regel in regels for id in onderwerpen(regel, cause)]
        return tasks

    def _rules(self, one: Recorded) -> Iterator[tuple[Beleid, tuple[Plichtregel, ...]]]:
        """The duties that an event touches, by the policy of its own moment."""
        if one.topic in TOPICS:
            return
        moment = datetime.fromisoformat(orjson.loads(opened(one.state)[0])["tijdstip"])
        beleid = self._policy.at(moment).beleid
        if regels := beleid.plichtregels.per_gebeurtenis.get(one.topic):
            yield beleid, regels

    def _calendar(self, nu: datetime) -> int:
        beleid, dag, done = self._policy.at(nu).beleid, dag_van(nu), 0
        for regel in beleid.plichtregels.herhaald:
            period = regel.herhaal.periode(dag) if regel.herhaal and regel.geldt(dag) else None
            for zetel in holders(beleid, regel) if period else ():
                key = (regel.id, zetel, period[0]) if period else None
                if key is not None and key not in self._periods:
                    done += self._perform(partial(begin_period, beleid, regel, zetel), nu)
                    self._periods.add(key)
        return done

    def _tick(self, nu: datetime) -> int:
        done = 0
        self._look()
        while due := self._due(nu):
            done += self._perform(partial(tick, due), nu)
            self._look()
        return done

    def _due(self, nu: datetime) -> list[UUID]:
        """The next streams in which the clock brings something; each is taken once until it changes."""
        found: list[UUID] = []
        while self._waiting and self._waiting[0][0] <= nu and len(found) < TOGETHER:
            moment, stream = heapq.heappop(self._waiting)
            if self._moments.get(stream) == moment:
                del self._moments[stream]
                found.append(stream)
        return found

    def _look(self) -> None:
        """Learn the next moment of every stream of duties that changed."""
        head = self._store.head()
        changed = list(self._store.last_of(TOPICS, self._looked))
        for first in range(0, len(changed), TOGETHER):
            part = changed[first : first + TOGETHER]
            work = self._work()
            work.load(part)
            for stream in part:
                self._note(stream, duties(work, stream).volgend_moment())
        self._looked = head

    def _note(self, stream: UUID, moment: datetime | None) -> None:
        if moment is None:
            self._moments.pop(stream, None)
        elif self._moments.get(stream) != moment:
            self._moments[stream] = moment
            heapq.heappush(self._waiting, (moment, stream))

    def _perform(self, act: Callable[[Step], None], nu: datetime) -> int:
        return len(self._ledger.perform(act, HUBZETEL, nu).events)


def all_duties(store: LedgerStore, work: Work) -> list[Plicht]:
    """Every duty on the ledger as it stands, the first to be over first."""
    found: list[Plicht] = []
    streams = list(store.last_of(TOPICS))
    work.load(streams)
    for stream in streams:
        found += duties(work, stream).alle.values()
    return sorted(found, key=lambda one: (one.begin.verlopen_op, str(one.begin.plicht_id)))
