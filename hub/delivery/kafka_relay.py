"""Relays the notices of seats that subscribed by Kafka to a topic per seat, each at least once and in its order.

Read a page, ask again whether each may go, write down that it leaves, hand it over, and move the cursors when the
broker has acknowledged all of it. Whatever stops in between begins again at the cursors: what was sent already is sent
once more, with the same id. What the broker does not take within `PATIENCE_SECONDS` is taken back and asked anew.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol
from uuid import UUID

import orjson

from hub.audit.access import Access, AccessLog, Entry
from hub.delivery.abonnementen import Vormen, past
from hub.delivery.gebeurtenissen import Gebeurtenis, aankondiging
from hub.delivery.kafka_cursors import Cursors
from hub.delivery.kafka_producing import BrokerRefused, Handed, Message, Producing
from hub.delivery.kafka_topics import topic_of
from hub.domain.abonnement import Abonnement
from hub.handling.beleidsversies import Policy
from hub.handling.disclose import HUBZETEL
from hub.handling.vastleggen import HUB_ACTOR, activities
from hub.log import DoorgifteGestokt, DoorgifteHervat, LogEvent

LOOK_SECONDS = 1.0
#: How long what was asked may wait for the broker; after it, it is asked again.
PATIENCE_SECONDS = 10.0
#: What waiting alone does not mend is tried again after this.
REFUSED_SECONDS = 60.0
#: Of one seat read at once, and about how many notices travel together.
PAGE, BATCH = 500, 4_000
#: Batches on their way at once: one is prepared while the broker writes the other.
ON_THE_WAY = 2
SOORT, BEZORGWIJZE = "gebeurtenissen", "kafka"
VRAAG, DOEL, REGEL = "bezorging/kafka", "techniek", "hub-bezorgen"

Clock = Callable[[], datetime]
Failed = Callable[[Exception], None]


class Subscriptions(Protocol):
    """The subscriptions as they stand."""

    def actieve(self, bezorgwijze: str) -> list[Abonnement]: ...


class Notices(Protocol):
    """The notices of all seats."""

    def van_zetel(self, zetel: str, na: int, aantal: int) -> list[Gebeurtenis]: ...

    def zetels_na(self, volgorde: int) -> set[str]: ...

    def laatste(self) -> int: ...

    def toegestaan(self, found: Sequence[Gebeurtenis], nu: datetime) -> list[bool]: ...

    def wait(self, na: int, timeout: float) -> int: ...


@dataclass(frozen=True, slots=True)
class Binding:
    """What relaying needs. `taken_at`: position at which a subscription was taken; `now`: monotonic seconds.

    `adres`, `oin`: of the hub. `trace`: makes 32 hexadecimal digits. `prefix`: first part of the topics.
    """

    subscriptions: Subscriptions
    taken_at: Callable[[UUID], int]
    notices: Notices
    vormen: Vormen
    access: AccessLog
    policy: Policy
    cursors: Callable[[], Cursors]
    producing: Callable[[], Producing]
    log: Callable[[LogEvent], None]
    trace: Callable[[], str]
    now: Callable[[], float]
    adres: str
    oin: str
    prefix: str


class Batch(NamedTuple):
    """Notices that travel together, and the cursors of their seats once they are there."""

    handed: Handed | None
    numbers: dict[str, int]
    aantal: int


class Relay:
    """Relays while it is followed; of several, one works and the others stand by."""

    def __init__(self, bound: Binding) -> None:
        self._bound = bound
        self._taken: dict[UUID, int] = {}
        #: Seats whose topic the broker refuses, and until when they are left alone.
        self._left: dict[str, float] = {}
        self._stuck = False

    def follow(self, stop: threading.Event, clock: Clock, failed: Failed) -> None:
        """Relay until `stop`. `failed` is told what went wrong here; it is tried again."""
        while not stop.is_set():
            wait = LOOK_SECONDS
            try:
                with self._bound.cursors() as cursors:
                    while not stop.is_set() and not cursors.try_lock():
                        stop.wait(LOOK_SECONDS)
                    if not stop.is_set():
                        self._run(stop, clock, cursors)
            except BrokerRefused as refused:
                wait = self._refused(refused)
            except Exception as error:  # whatever it was, what is not acknowledged goes again
                failed(error)
            stop.wait(wait)

    def _run(self, stop: threading.Event, clock: Clock, cursors: Cursors) -> None:
        producing = self._bound.producing()
        try:
            _Run(self, self._bound, producing, cursors, clock).until(stop)
        finally:
            producing.close()

    def subscriptions(self) -> dict[str, list[tuple[int, Abonnement]]]:
        """Per seat its subscriptions by Kafka, with the position at which each was taken."""
        found: dict[str, list[tuple[int, Abonnement]]] = {}
        for one in self._bound.subscriptions.actieve(BEZORGWIJZE):
            if one.abonnement_id not in self._taken:
                self._taken[one.abonnement_id] = self._bound.taken_at(one.abonnement_id)
            found.setdefault(one.zetel, []).append((self._taken[one.abonnement_id], one))
        return found

    def is_left(self, zetel: str) -> bool:
        """Whether the broker refused its topic a moment ago."""
        return self._left.get(zetel, 0.0) > self._bound.now()

    def went(self, count: int) -> None:
        """The broker acknowledged notices."""
        if self._stuck:
            self._stuck = False
            self._bound.log(DoorgifteHervat(count))

    def _refused(self, refused: BrokerRefused) -> float:
        """Say it, once while all stands still, and how long to wait. One refused topic does not stop the others."""
        one_seat = refused.lasting and refused.topic is not None
        told = REFUSED_SECONDS if refused.lasting else LOOK_SECONDS
        if one_seat:
            until = self._bound.now() + REFUSED_SECONDS
            self._left |= {zetel: until for zetel in self.subscriptions() if self.topic(zetel) == refused.topic}
        if one_seat or not self._stuck:
            self._bound.log(DoorgifteGestokt(refused.fout, not refused.lasting, refused.topic or "", told))
        self._stuck = self._stuck or not one_seat
        return LOOK_SECONDS if one_seat else told

    def topic(self, zetel: str) -> str:
        """The topic of a seat."""
        return topic_of(self._bound.prefix, SOORT, zetel)


class _Run:
    """From the lock to the first failure, with one producer."""

    def __init__(self, relay: Relay, bound: Binding, producing: Producing, cursors: Cursors, clock: Clock) -> None:
        self._relay, self._bound, self._producing = relay, bound, producing
        self._cursors, self._clock = cursors, clock
        self._read = cursors.load()
        self._known: dict[str, list[tuple[int, Abonnement]]] = {}
        self._hungry: dict[str, None] = {}
        self._seen = bound.notices.laatste()
        self._on_the_way: deque[Batch] = deque()

    def until(self, stop: threading.Event) -> None:
        """Raises BrokerRefused, LedgerUnavailable, psycopg.Error."""
        while not stop.is_set():
            batch = self._next()
            if batch is not None:
                self._on_the_way.append(batch)
            if self._on_the_way and (batch is None or len(self._on_the_way) >= ON_THE_WAY):
                self._settle()
            elif batch is None:
                self._await_news()
        while self._on_the_way:
            self._settle()

    def _await_news(self) -> None:
        newest = self._bound.notices.wait(self._seen, LOOK_SECONDS)
        if newest > self._seen:
            told = self._bound.notices.zetels_na(self._seen)
            self._seen = newest
            self._hungry |= dict.fromkeys(sorted(told & self._known.keys()))

    def _settle(self) -> None:
        """Wait for the oldest batch; then its cursors count."""
        batch = self._on_the_way.popleft()
        if batch.handed is not None:
            batch.handed.acknowledged(PATIENCE_SECONDS)
            self._relay.went(batch.aantal)
        self._cursors.save(batch.numbers)

    def _next(self) -> Batch | None:
        """The next notices handed over, None where nothing is new."""
        self._look()
        page: list[Gebeurtenis] = []
        for zetel in list(self._hungry):
            if self._relay.is_left(zetel):
                continue
            del self._hungry[zetel]
            page += self._pages(zetel, BATCH - len(page))
            if len(page) >= BATCH:
                break
        if not page:
            return None
        numbers = {one.zetel: one.nummer for one in page}
        nu = self._clock()
        # Filters that are older than the page would miss what somebody subscribed to just before it.
        self._look()
        leaving = self._leaving(page, nu)
        handed = self._send(leaving, nu) if leaving else None
        return Batch(handed, numbers, len(leaving))

    def _look(self) -> None:
        """Who subscribes now. Who is new may have news from before."""
        self._known, before = self._relay.subscriptions(), self._known
        for zetel in self._known.keys() - before.keys():
            if zetel not in self._read:
                self._read[zetel] = self._cursors.begin(zetel, min(at for at, _ in self._known[zetel]))
            self._hungry[zetel] = None

    def _pages(self, zetel: str, wanted: int) -> list[Gebeurtenis]:
        found: list[Gebeurtenis] = []
        while len(found) < wanted:
            page = self._bound.notices.van_zetel(zetel, self._read[zetel], PAGE)
            found += page
            if page:
                self._read[zetel] = page[-1].nummer
            if len(page) < PAGE:
                return found
        self._hungry[zetel] = None  # at the end of the row: there may be more
        return found

    def _leaving(self, page: Sequence[Gebeurtenis], nu: datetime) -> list[Gebeurtenis]:
        """Those of which somebody is told and that may still be sent."""
        vormen = self._bound.vormen
        wanted = [
            one
            for one in page
            if any(at < one.positie and past(who, one, vormen) for at, who in self._known.get(one.zetel, ()))
        ]
        allowed = self._bound.notices.toegestaan(wanted, nu) if wanted else []
        return [one for one, goes in zip(wanted, allowed, strict=True) if goes]

    def _send(self, leaving: Sequence[Gebeurtenis], nu: datetime) -> Handed:
        """On record first, then handed over; while the record is written the messages are made."""
        durable = self._bound.access.begin_access(self._records(leaving, nu))
        adres, oin, topics = self._bound.adres, self._bound.oin, dict[str, str]()
        messages = []
        for one in leaving:
            topic = topics.get(one.zetel) or topics.setdefault(one.zetel, self._relay.topic(one.zetel))
            value = orjson.dumps(aankondiging(one, adres, oin))
            messages.append(Message(topic, one.onderwerp.encode(), value))
        durable()
        return self._producing.hand_over(messages)

    def _records(self, leaving: Sequence[Gebeurtenis], nu: datetime) -> list[Entry]:
        """One access record per receiving seat. Source: WGS art. 1.8 lid 4."""
        beleid = self._bound.policy.at(nu).beleid
        record = partial(
            Access,
            handeling="verstrekken",
            vraag=VRAAG,
            resultaat="toegestaan",
            zetel=HUBZETEL,
            oin="",
            actor=HUB_ACTOR,
            herkomst=HUB_ACTOR,
            tijdstip=nu,
            doel=DOEL,
            regels=(REGEL,),
            verwerkingen=activities(beleid, (REGEL,)),
            beleidsversie=beleid.versie,
        )
        objects: dict[str, dict[str, None]] = {}
        for one in leaving:
            objects.setdefault(one.zetel, {})[one.object] = None
        return [
            record(trace=self._bound.trace(), ontvangers=(zetel,), objecten=tuple(about)).entry()
            for zetel, about in objects.items()
        ]
