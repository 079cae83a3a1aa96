"""An agency with a topic on a real broker, and a ledger in memory that workers take in for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from contracts.cloudevents import kenmerk_id
from contracts.signaal import SignaalGeregistreerd
from hub.audit.access import Entry
from hub.delivery.kafka_intake import Intake
from hub.delivery.kafka_quarantine import Quarantine
from hub.delivery.kafka_taking import Taker
from hub.delivery.kafka_topics import Aanlevertopic
from hub.ledger.store import LedgerUnavailable
from hub.tasks import beside
from tests.handling.executing import AVIM, BELEID, NU, World
from tests.kafka_broker import QUICK_GROUP, make_topics, unique

OIN = BELEID.instanties[AVIM].oin
BRON = f"urn:nld:oin:{OIN}:systeem:proef"
MAXIMUM = 200_000
PATIENCE = 120.0
Event = dict[str, Any]


def registration(kenmerk: str, bron: str = BRON, **envelope: Any) -> Event:
    """A CloudEvent that brings in one signal."""
    inhoud = {"vormen": ["arbeidsuitbuiting"], "zekerheid": "vermoeden", "toelichting": "Paspoort ligt bij de baas."}
    melding = {"kenmerk": kenmerk, "spoor": "intern", "regio": "ede", "inhoud": inhoud}
    return event(
        kenmerk, "registreer-signaal", {"signaalId": signaal_id(kenmerk), "melding": melding}, bron, **envelope
    )


def enrichment(kenmerk: str, id: str) -> Event:
    """A CloudEvent that adds to that signal."""
    inhoud = {"vormen": ["arbeidsuitbuiting"], "zekerheid": "vermoeden", "toelichting": "Meer gezien."}
    data = {"signaalId": signaal_id(kenmerk), "verrijkingId": str(kenmerk_id(BRON, "verrijking", id)), "inhoud": inhoud}
    return event(id, "verrijk-signaal", data | {"herkomst": "eigen waarneming"})


def event(id: str, soort: str, data: Event, bron: str = BRON, **envelope: Any) -> Event:
    return {
        "specversion": "1.0",
        "id": id,
        "source": bron,
        "type": f"nl.overheid.mensenhandel.{soort}.v1",
        "data": data,
    } | envelope


def signaal_id(kenmerk: str) -> str:
    return str(kenmerk_id(BRON, "signaal", kenmerk))


class AwayLedger:
    """The access log and a switch: while `away`, nothing can be recorded."""

    def __init__(self, world: World) -> None:
        self._world, self.away = world, False

    def append_access(self, records: Sequence[Entry]) -> list[int]:
        if self.away:
            raise LedgerUnavailable("away")
        return self._world.store.append_access(records)

    def begin_access(self, records: Sequence[Entry]) -> Callable[[], list[int]]:
        return lambda: self.append_access(records)


@dataclass
class KafkaWorld:
    """One agency topic. `faults`: what the workers said went wrong; `sent`: how many messages it got."""

    address: str
    partitions: int = 1
    zetel: str = AVIM
    world: World = field(default_factory=World)
    faults: list[Exception] = field(default_factory=list)
    connection: Mapping[str, Any] = field(default_factory=dict)
    sent: int = 0

    def __post_init__(self) -> None:
        self.group = unique("groep")
        self.topic = Aanlevertopic(unique("aanlevering"), self.zetel, OIN, f"{OIN}:proef", ontvangsten=True)
        make_topics(self.address, self.topic.naam, partitions=self.partitions)
        make_topics(self.address, self.topic.quarantaine, self.topic.ontvangstentopic)
        self.connection = {"bootstrap_servers": self.address, "reconnect_backoff_max_ms": 500}
        self.access = AwayLedger(self.world)
        self.producer = KafkaProducer(**self.connection)

    def send(self, *events: Event | bytes, key: str = "casus", **more: Any) -> None:
        """Bring events, or bytes, to the topic; there when this returns."""
        values = [one if isinstance(one, bytes) else orjson.dumps(one) for one in events]
        sent = [self.producer.send(self.topic.naam, value=one, key=key.encode(), **more) for one in values]
        for one in sent:
            one.get(timeout=PATIENCE)
        self.sent += len(sent)

    def offer_again(self, limit: int) -> int:
        again = self.quarantine().offer_again(limit)
        self.sent += again
        return again

    def intake(self) -> Intake:
        taker = Taker(self.world.ledger, self.access, self.world.policy, MAXIMUM, lambda: "0" * 32)
        return Intake(taker, lambda: {self.topic.naam: self.topic}, self.connection, self.group, QUICK_GROUP)

    @contextmanager
    def working(self, workers: int = 1) -> Iterator[None]:
        """Workers that take in while the context lasts."""
        follow = [partial(self.intake().follow, clock=lambda: NU, failed=self.faults.append) for _ in range(workers)]
        with beside(*(("kafka-inname", one) for one in follow), within=PATIENCE):
            yield

    def take_in_all(self, workers: int = 1) -> None:
        """Work until everything on the topic counts as read."""
        with self.working(workers):
            self.await_read()

    def await_read(self) -> None:
        eventually(lambda: self.unread() == 0)

    def unread(self) -> int:
        """How many messages the group has still to commit."""
        with self._reader(group_id=self.group) as consumer:
            places = [TopicPartition(self.topic.naam, number) for number in range(self.partitions)]
            return self.sent - sum(consumer.committed(place) or 0 for place in places)

    def read(self, topic: str) -> list[Any]:
        """All records of a topic of one partition, first to last."""
        with self._reader() as consumer:
            place = TopicPartition(topic, 0)
            consumer.assign([place])
            consumer.seek_to_beginning(place)
            found: list[Any] = []
            while polled := consumer.poll(2_000):
                found += [one for batch in polled.values() for one in batch]
            return found

    @contextmanager
    def _reader(self, **more: Any) -> Iterator[KafkaConsumer]:
        consumer = KafkaConsumer(**self.connection, enable_auto_commit=False, **more)
        try:
            yield consumer
        finally:
            consumer.close()

    def quarantine(self) -> Quarantine:
        return Quarantine(dict(self.connection), self.group + ".quarantaine", self.topic)

    def refused(self) -> list[int]:
        """The statuses of what waits in quarantine, oldest first."""
        return [one.reden["status"] for one in self.quarantine().kept(1000)]

    def receipts(self) -> list[Event]:
        found = self.read(self.topic.ontvangstentopic)
        return [one for record in found for one in orjson.loads(record.value)["resultaten"]]

    def registered(self) -> list[str]:
        """The numbers of the signals on the ledger, in its order."""
        messages = self.world.mapper.to_messages(self.world.store.read(0, 1_000_000))
        events = [one.message for one in messages]
        return [str(one.signaal_id) for one in events if isinstance(one, SignaalGeregistreerd)]


def eventually(holds: Callable[[], bool]) -> None:
    """Returns once it holds; fails the test when it never does."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.1)
