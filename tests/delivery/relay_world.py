"""What the relay to Kafka touches: a broker, notices and cursors in memory; or the real ones."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self, cast
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import orjson
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError
from psycopg_pool import ConnectionPool

from contracts.abonnement import Filters
from hub.audit.access import AccessLog, Entry, Pending
from hub.delivery.gebeurtenissen import Gebeurtenis, Gebeurtenissen
from hub.delivery.kafka_cursors import Cursors
from hub.delivery.kafka_producing import BrokerRefused, Handed, KafkaProducing, Message, Producing
from hub.delivery.kafka_relay import Binding, Notices, Relay, Subscriptions
from hub.domain.abonnement import ACTIEF, Abonnement
from hub.handling.beleidsversies import Policy
from hub.handling.questions import Questions
from hub.log import LogEvent
from hub.tasks import beside
from tests.delivery.kafka_world import PATIENCE
from tests.delivery.webhook_world import ADRES, OIN, SEAT, Abonnees, FixedPolicy, Forbidding, Records
from tests.kafka_broker import unique

NU = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Quick(threading.Event):
    """Nobody waits for nothing."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


@dataclass
class MemoryNotices:
    """Notices in memory. `idle`: told when nobody has news; `forbidden`: may not be sent."""

    idle: threading.Event
    told: list[Gebeurtenis] = field(default_factory=list)
    forbidden: set[UUID] = field(default_factory=set)

    def tell(self, zetel: str, subject: int) -> Gebeurtenis:
        of_seat = [one for one in self.told if one.zetel == zetel]
        place = len(self.told) + 1
        onderwerp = f"signaal:{UUID(int=subject)}"
        before = [one for one in of_seat if one.onderwerp == onderwerp]
        one = Gebeurtenis(
            volgorde=place,
            zetel=zetel,
            nummer=len(of_seat) + 1,
            id=uuid5(NAMESPACE_URL, str(place)),
            onderwerp=onderwerp,
            reeks=len(before) + 1,
            vorige=before[-1].id if before else None,
            kanaal="signalen",
            resource="signaal",
            resource_id=UUID(int=subject),
            actie="update",
            kenmerken={"spoor": "riec"},
            tijdstip=NU,
            positie=place,
        )
        self.told.append(one)
        return one

    def van_zetel(self, zetel: str, na: int, aantal: int) -> list[Gebeurtenis]:
        return [one for one in self.told if one.zetel == zetel and one.nummer > na][:aantal]

    def zetels_na(self, volgorde: int) -> set[str]:
        return {one.zetel for one in self.told if one.volgorde > volgorde}

    def laatste(self) -> int:
        return len(self.told)

    def toegestaan(self, found: Sequence[Gebeurtenis], nu: datetime) -> list[bool]:
        return [one.id not in self.forbidden for one in found]

    def wait(self, na: int, timeout: float) -> int:
        if na >= len(self.told):
            self.idle.set()
        return len(self.told)


class Recorded(Records):
    """An access log that can be down also for who waits later."""

    def begin_access(self, records: Sequence[Entry]) -> Pending:
        return lambda: self.append_access(records)


class Killed(RuntimeError):
    """The process ended here."""


@dataclass
class MemoryCursors:
    """Cursors in memory. `kills`: how many saves from now on do not happen."""

    notices: MemoryNotices
    numbers: dict[str, int] = field(default_factory=dict)
    kills: list[bool] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def try_lock(self) -> bool:
        return True

    def load(self) -> dict[str, int]:
        return dict(self.numbers)

    def begin(self, zetel: str, positie: int) -> int:
        seen = [one.nummer for one in self.notices.told if one.zetel == zetel and one.positie <= positie]
        return self.numbers.setdefault(zetel, max(seen, default=0))

    def save(self, numbers: Mapping[str, int]) -> None:
        if self.kills and self.kills.pop():
            raise Killed
        for zetel, number in numbers.items():
            self.numbers[zetel] = max(self.numbers[zetel], number)


@dataclass
class MemoryBroker:
    """Topics in memory. `faults`: of each batch how many messages arrive before it fails, None where all do."""

    topics: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[int | None] = field(default_factory=list)

    def producing(self) -> Producing:
        return _MemoryProducing(self)


class _MemoryProducing:
    """As the real one: after the first failure nothing arrives any more."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker, self._failed = broker, False

    def hand_over(self, messages: Sequence[Message]) -> Handed:
        arriving = self._broker.faults.pop() if self._broker.faults and not self._failed else None
        for one in () if self._failed else messages[:arriving]:
            self._broker.topics.setdefault(one.topic, []).append(orjson.loads(one.value))
        self._failed = self._failed or arriving is not None
        return _MemoryHanded(self._failed)

    def close(self) -> None:
        self._failed = True


@dataclass
class _MemoryHanded:
    failed: bool

    def acknowledged(self, seconds: float) -> None:
        if self.failed:
            raise BrokerRefused(KafkaTimeoutError())


def bound(
    questions: Questions,
    notices: Notices,
    abonnees: Subscriptions,
    access: AccessLog,
    **more: Any,
) -> Binding:
    """`more`: the rest of the binding that is not as in every test."""
    given = {
        "taken_at": lambda _: 0,
        "vormen": lambda _: None,
        "policy": cast("Policy", FixedPolicy(questions)),
        "log": lambda _: None,
        "trace": lambda: secrets.token_hex(16),
        "now": lambda: 0.0,
        "adres": ADRES,
        "oin": OIN,
        "prefix": "proef",
    }
    return Binding(subscriptions=abonnees, notices=notices, access=access, **(given | more))


def subscribe(abonnees: Abonnees, zetel: str = SEAT, **more: Any) -> Abonnement:
    """A running subscription by Kafka."""
    id = uuid4()
    one = Abonnement(id, zetel, "kafka", Filters(), None, None, ACTIEF)
    abonnees.known[id] = replace(one, **more)
    return abonnees.known[id]


def objects_in(access: Records) -> set[tuple[str, str]]:
    """Which seat was sent what, by the access records."""
    found = [orjson.loads(data) for _, data in access.kept.access_records(0, 1_000_000)]
    return {(seat, about) for one in found for seat in one["ontvangers"] for about in one["objecten"]}


@dataclass
class RelayWorld:
    """Notices in a real database, a real broker, subscriptions in memory. `faults`, `lines`: what was told."""

    dsn: str
    address: str
    questions: Questions
    notices: Forbidding
    prefix: str = field(default_factory=lambda: unique("proef"))
    abonnees: Abonnees = field(default_factory=Abonnees)
    access: Recorded = field(default_factory=Recorded)
    faults: list[Exception] = field(default_factory=list)
    lines: list[LogEvent] = field(default_factory=list)

    def relay(self, **more: Any) -> Relay:
        connection = {"bootstrap_servers": self.address, "reconnect_backoff_max_ms": 500, "bootstrap_timeout_ms": 2000}
        given = {
            "cursors": lambda: Cursors(self.dsn),
            "producing": lambda: KafkaProducing(connection, 5.0),
            "log": self.lines.append,
            "prefix": self.prefix,
        }
        notices = cast("Notices", self.notices)
        return Relay(bound(self.questions, notices, self.abonnees, self.access, **(given | more)))

    @contextmanager
    def relaying(self, relays: int = 1, **more: Any) -> Iterator[None]:
        """Relay while the context lasts."""
        clock, failed = partial(datetime.now, UTC), self.faults.append
        follow = [partial(self.relay(**more).follow, clock=clock, failed=failed) for _ in range(relays)]
        with beside(*(("kafka-doorgifte", one) for one in follow), within=PATIENCE):
            yield

    def topic(self, zetel: str = SEAT) -> str:
        return f"{self.prefix}.gebeurtenissen.{zetel.replace('@', '.')}"

    def arrived(self, zetel: str = SEAT) -> list[dict[str, Any]]:
        """Every notice on the topic of a seat; of one subject in the order of arrival."""
        return [orjson.loads(one.value) for one in read_all(self.address, self.topic(zetel))]


def read_all(address: str, topic: str) -> list[Any]:
    """The records of a topic, none where it is not there."""
    consumer = KafkaConsumer(bootstrap_servers=address, enable_auto_commit=False)
    try:
        if topic not in consumer.topics():
            return []
        places = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends, found = consumer.end_offsets(places), []
        while any(consumer.position(place) < end for place, end in ends.items()):
            found += [one for batch in consumer.poll(200).values() for one in batch]
        return found
    finally:
        consumer.close()


def first_times(arrived: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    """Per subject the places of its notices, in the order in which each came for the first time."""
    found: dict[str, dict[int, None]] = {}
    for one in arrived:
        found.setdefault(one["subject"], {})[int(one["sequence"])] = None
    return {subject: list(places) for subject, places in found.items()}


@contextmanager
def relay_world(dsn: str, address: str, questions: Questions) -> Iterator[RelayWorld]:
    with ConnectionPool(dsn, min_size=1, max_size=4, open=True) as pool:
        inner = Gebeurtenissen(pool, dsn, lambda zetel: True)
        try:
            yield RelayWorld(dsn, address, questions, Forbidding(inner))
        finally:
            inner.close()
