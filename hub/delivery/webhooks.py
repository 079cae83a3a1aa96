"""Brings notices to webhooks: one loop, in one process of the cluster; the others stand by.

Each round: what is new is queued, what is due is read, asked again whether it may go, written down, and sent. Answers
come in whenever they come and are written down in the next round, so whatever stops in between is sent once more.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from hub.delivery.bezorgrij import Afloop, Bezorgrij, Stand, Wachtend
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.delivery.handshake import Agreed, judge, request_headers
from hub.delivery.lanes import Lane
from hub.delivery.outgoing import ADDRESS_REFUSED, Answer, Outgoing
from hub.delivery.pace import Pace
from hub.delivery.retry import is_due, wait_after
from hub.delivery.subscribers import Subscribers
from hub.delivery.webhook_sender import Sender
from hub.domain.abonnement import AANGEVRAAGD, ACTIEF, Abonnement
from hub.ledger.store import LedgerUnavailable

LOOK_SECONDS = 1.0
PURGE_SECONDS = 3_600.0
#: What the policy does not allow now is asked again after this.
REFUSED_SECONDS = 60.0
PAGE = 500
#: After an answer more of them come; together they cost one round.
LINGER_SECONDS = 0.003
T = TypeVar("T")
Clock = Callable[[], datetime]
Failed = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class Binding:
    """What delivering needs. `queue`: opens the queue; `chance`: from 0 to 1; `now`: monotonic seconds."""

    subscribers: Subscribers
    sender: Sender
    queue: Callable[[], Bezorgrij]
    outgoing: Callable[[], Outgoing]
    chance: Callable[[], float]
    now: Callable[[], float]


class Webhooks:
    """Delivers while it is followed."""

    def __init__(self, bound: Binding) -> None:
        self._bound = bound

    def follow(self, stop: threading.Event, clock: Clock, failed: Failed) -> None:
        """Deliver until `stop`. `failed` is told what went wrong; it is tried again."""
        while not stop.is_set():
            try:
                asyncio.run(self._run(stop, clock, failed))
            except Exception as error:  # whatever it was, what was not delivered still waits
                failed(error)
            stop.wait(LOOK_SECONDS)

    async def _run(self, stop: threading.Event, clock: Clock, failed: Failed) -> None:
        with ThreadPoolExecutor(1, "bezorgrij") as store, ThreadPoolExecutor(1, "nieuws") as news:
            loop = asyncio.get_running_loop()
            queue = await loop.run_in_executor(store, self._bound.queue)
            try:
                while not stop.is_set() and not await loop.run_in_executor(store, queue.try_lock):
                    await asyncio.sleep(LOOK_SECONDS)
                async with self._bound.outgoing() as out:
                    await Delivering(self._bound, queue, out, store, clock, failed).until(stop, news)
            finally:
                await loop.run_in_executor(store, queue.close)


class Delivering:
    """One run, from the lock to its end."""

    def __init__(
        self,
        bound: Binding,
        queue: Bezorgrij,
        out: Outgoing,
        store: ThreadPoolExecutor,
        clock: Clock,
        failed: Failed,
    ) -> None:
        self._bound, self._queue, self._out, self._store = bound, queue, out, store
        self._clock, self._failed = clock, failed
        self._lanes: dict[UUID, Lane] = {}
        self._ended: list[tuple[Lane, str, Afloop]] = []
        self._wake = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()
        self._handshakes: dict[UUID, float] = {}
        self._seen, self._newest = 0, 0
        self._look_at = self._purge_at = bound.now()

    async def until(self, stop: threading.Event, news: ThreadPoolExecutor) -> None:
        """Deliver until `stop`, then wait for what is on its way."""
        self._seen = self._newest = await self._in_store(self._bound.subscribers.newest)
        watching = asyncio.create_task(self._watch(stop, news))
        try:
            while not stop.is_set():
                self._wake.clear()
                await self._round()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._rest())
                if self._ended:
                    await asyncio.sleep(LINGER_SECONDS)
            if self._calls:
                await asyncio.wait(self._calls)
            await self._record(self._clock())
        finally:
            for task in (watching, *self._calls):
                task.cancel()
            await asyncio.gather(watching, *self._calls, return_exceptions=True)

    async def _watch(self, stop: threading.Event, news: ThreadPoolExecutor) -> None:
        while not stop.is_set():
            wait = partial(self._bound.subscribers.wait, self._newest, LOOK_SECONDS)
            newest = await asyncio.get_running_loop().run_in_executor(news, wait)
            if newest > self._newest:
                self._newest = newest
                self._wake.set()

    async def _round(self) -> None:
        nu, now = self._clock(), self._bound.now()
        await self._record(nu)
        if now >= self._look_at:
            await self._look(nu, now)
        await self._queue_news(nu)
        await self._refill(nu)
        await self._send(nu)

    def _rest(self) -> float:
        """How long nothing can be done, unless something happens."""
        now = self._bound.now()
        openings = [lane.opens_in(now) for lane in self._lanes.values()]
        return max(0.001, min([self._look_at - now, *openings]))

    async def _look(self, nu: datetime, now: float) -> None:
        """Once in a while: who subscribes, what has become due, what may be forgotten."""
        standen = await self._in_store(self._queue.standen)
        known = {one.abonnement_id: one for one in await self._in_store(self._bound.subscribers.all)}
        for id in standen.keys() - known.keys():
            if await self._in_store(self._bound.subscribers.is_ended, id):
                await self._in_store(self._queue.end, id, nu)
        for id, abonnement in known.items():
            stand = standen.get(id) or await self._begin(abonnement)
            self._keep(abonnement, stand, nu, now)
        for id in self._lanes.keys() - known.keys():
            del self._lanes[id]
        await self._mark_hungry(nu)
        if now >= self._purge_at and not await self._in_store(self._queue.purge):
            self._purge_at = now + PURGE_SECONDS
        self._look_at = now + LOOK_SECONDS

    async def _begin(self, abonnement: Abonnement) -> Stand:
        position = await self._in_store(self._bound.subscribers.taken_at, abonnement.abonnement_id)
        return await self._in_store(self._queue.begin, abonnement.abonnement_id, abonnement.zetel, position)

    def _keep(self, abonnement: Abonnement, stand: Stand, nu: datetime, now: float) -> None:
        id = abonnement.abonnement_id
        lane = self._lanes.get(id)
        if lane is None:
            lane = self._lanes[id] = Lane(abonnement, stand, Pace(abonnement.per_minuut))
            if stand.niet_voor is not None and not is_due(stand.niet_voor, nu):
                lane.hold(now, (stand.niet_voor - nu).total_seconds())
        if lane.stand.tot != stand.tot:  # a replay set it back
            lane.stand, lane.has_news = replace(lane.stand, tot=stand.tot), True
        if lane.abonnement != abonnement:
            lane.change(abonnement)
        if abonnement.status == AANGEVRAAGD and now >= self._handshakes.get(id, now):
            self._handshakes[id] = now + REFUSED_SECONDS
            self._start(self._shake_hands(lane))

    async def _mark_hungry(self, nu: datetime) -> None:
        ids = [id for id, lane in self._lanes.items() if lane.abonnement.status == ACTIEF]
        for id in await self._in_store(self._queue.with_work, ids, nu):
            self._lanes[id].hungry = True

    async def _queue_news(self, nu: datetime) -> None:
        if self._newest > self._seen:
            self._seen, seats = await self._in_store(self._bound.subscribers.seats_with_news, self._seen)
            for lane in self._lanes.values():
                lane.has_news = lane.has_news or lane.abonnement.zetel in seats
        for lane in list(self._lanes.values()):
            if lane.has_news and lane.abonnement.status == ACTIEF and not lane.is_failing:
                await self._in_store(self._fill, lane, nu)

    def _fill(self, lane: Lane, nu: datetime) -> None:
        """The next page of notices into the queue; in the thread of the queue."""
        if self._queue.is_full(lane.abonnement.abonnement_id):
            return
        stand = lane.stand
        page, fitting = self._bound.subscribers.news(lane.abonnement, stand.tot, PAGE)
        lane.has_news = len(page) == PAGE
        if page and self._queue.add(stand, fitting, page[-1].nummer, nu):
            lane.stand, lane.hungry = replace(lane.stand, tot=page[-1].nummer), True

    async def _refill(self, nu: datetime) -> None:
        for lane in list(self._lanes.values()):
            wanted = lane.wants() if lane.hungry and lane.abonnement.status == ACTIEF else 0
            if wanted and not lane.stopped:
                id = lane.abonnement.abonnement_id
                if lane.is_failing:
                    found = await self._in_store(self._queue.oldest, id, nu)
                else:
                    found = await self._in_store(self._queue.waiting, id, lane.in_hand, wanted, nu)
                lane.load(found)
                lane.hungry = len(found) == wanted and not lane.is_failing

    async def _send(self, nu: datetime) -> None:
        now = self._bound.now()
        lanes = [lane for lane in self._lanes.values() if lane.abonnement.status == ACTIEF]
        for lane in lanes:
            if not lane.openbaar:
                lane.openbaar = await self._out.is_public(lane.abonnement.terugbeladres or "")
        taken = [(lane, row) for lane in lanes for row in lane.take(now)]
        if not taken:
            return
        try:
            may = await self._in_store(self._bound.sender.cleared, taken, nu, now)
        except LedgerUnavailable as error:  # not on record, so not sent
            self._failed(error)
            for lane, row in taken:
                lane.put_back(row)
            return
        for (lane, row), cleared in zip(taken, may, strict=True):
            if cleared is None and not lane.openbaar:
                self._end(lane, row, Answer(None, ADDRESS_REFUSED, {}))
            elif cleared is None:
                lane.put_back(row)
                lane.hold(now, REFUSED_SECONDS)
            elif not cleared:
                self._ended.append((lane, row.onderwerp, lane.lapse(row)))
                self._wake.set()
            elif row.gebeurtenis is not None:
                self._start(self._call(lane, lane.abonnement, row, row.gebeurtenis, nu))

    async def _call(self, lane: Lane, to: Abonnement, row: Wachtend, one: Gebeurtenis, nu: datetime) -> None:
        try:
            body, headers = self._bound.sender.message(to, one, nu)
        except Exception:  # a fault of ours, such as a key that cannot be read
            lane.put_back(row)
            raise
        answer = await self._out.post(to.terugbeladres or "", body, headers)
        if lane.abonnement.terugbeladres == to.terugbeladres:
            self._end(lane, row, answer)
        else:  # the answer of an address that was left says nothing of the new one
            lane.put_back(row)

    def _end(self, lane: Lane, row: Wachtend, answer: Answer) -> None:
        ended = lane.answered(row, answer, self._clock(), self._bound.now(), self._bound.chance())
        self._ended.append((lane, row.onderwerp, ended))
        self._wake.set()

    async def _record(self, nu: datetime) -> None:
        ended, self._ended = self._ended, []
        if not ended:
            return
        lanes = {id(lane): lane for lane, _, _ in ended}
        await self._in_store(self._queue.record, [one for _, _, one in ended], _standen(lanes.values()), nu)
        for lane, subject, _ in ended:
            lane.recorded(subject)
        for lane in lanes.values():
            if lane.stopped and lane.abonnement.status == ACTIEF:
                await self._suspend(lane.abonnement, lane.stopped, nu)

    async def _suspend(self, one: Abonnement, reden: str, nu: datetime) -> None:
        await self._in_store(self._bound.subscribers.suspend, one, reden, nu)
        self._look_at = self._bound.now()

    async def _shake_hands(self, lane: Lane) -> None:
        one, origin = lane.abonnement, self._bound.sender.origin
        answer = await self._out.options(one.terugbeladres or "", request_headers(origin))
        outcome, nu = judge(answer.status, answer.headers, origin), self._clock()
        if isinstance(outcome, Agreed):
            await self._agreed(lane, one, outcome, nu)
        elif outcome.for_good:
            await self._suspend(one, "handdruk-geweigerd", nu)
        else:
            await self._shake_again(lane, one, answer, nu)
            return
        self._handshakes.pop(one.abonnement_id, None)

    async def _agreed(self, lane: Lane, one: Abonnement, outcome: Agreed, nu: datetime) -> None:
        lane.reset()
        await self._in_store(self._queue.record, [], [lane.stand], nu)
        await self._in_store(self._bound.subscribers.confirm, one, outcome.per_minute, nu)
        self._look_at = self._bound.now()
        self._wake.set()

    async def _shake_again(self, lane: Lane, one: Abonnement, answer: Answer, nu: datetime) -> None:
        tries = lane.stand.handdruk_pogingen + 1
        lane.stand = replace(lane.stand, handdruk_pogingen=tries, laatste_status=answer.status)
        await self._in_store(self._queue.record, [], [lane.stand], nu)
        wait = wait_after(tries, self._bound.chance())
        if wait is None:
            await self._suspend(one, "onbereikbaar", nu)
        else:
            self._handshakes[one.abonnement_id] = self._bound.now() + _seconds(wait)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._calls.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._calls.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self._failed(error)

    async def _in_store(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._store, partial(work, *arguments))


def _standen(lanes: Iterable[Lane]) -> Sequence[Stand]:
    return [lane.stand for lane in lanes]


def _seconds(wait: timedelta) -> float:
    return wait.total_seconds()
