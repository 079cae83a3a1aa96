"""Intake from agency topics: a worker of a consumer group, of which several may run at once.

A message counts as read only when the ledger has it, or the quarantine does: offsets are committed after that, and
what was not committed comes again. The ledger takes each (source, id) once, so that coming again is harmless.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

import orjson
from kafka import ConsumerRebalanceListener, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from hub.audit.access import AccessLog
from hub.delivery.kafka_client import acknowledged, connection
from hub.delivery.kafka_quarantine import SEND_SECONDS, brief, put
from hub.delivery.kafka_taking import Answered, Failed, Taker
from hub.delivery.kafka_topics import Aanlevertopic, TopicFolder
from hub.handling.beleidsversies import Policy
from hub.handling.execute import Ledger
from hub.settings import Settings

#: After a failure it waits so long, reads nothing, and tries the same messages again.
RETRY_SECONDS = 2.0
LOOK_SECONDS = 15.0
POLL_MILLISECONDS = 500
#: Messages that share a commit of the ledger.
BATCH = 1000
RECEIPTS_PER_MESSAGE = 200
#: A worker that died is noticed within so long, and another takes over.
QUICK: Mapping[str, Any] = {"heartbeat_interval_ms": 1_000, "session_timeout_ms": 15_000}
Topics = Callable[[], Mapping[str, Aanlevertopic]]


class Intake:
    """One worker. `connection`: of `kafka_client.connection`; `topics`: asked now and then; `group`: of all workers.

    `more`: settings of the consumer beyond the usual.
    """

    def __init__(
        self, taker: Taker, topics: Topics, connection: Mapping[str, Any], group: str, more: Mapping[str, Any]
    ) -> None:
        self._taker, self._topics, self._connection, self._group = taker, topics, connection, group
        self._more = more

    def follow(self, stop: threading.Event, clock: Callable[[], datetime], failed: Failed) -> None:
        """Take in until `stop`; `failed` hears of what will be tried again."""
        while not stop.is_set():
            try:
                self._work(stop, clock, failed)
            except Exception as error:
                failed(error)
                stop.wait(RETRY_SECONDS)

    def _work(self, stop: threading.Event, clock: Callable[[], datetime], failed: Failed) -> None:
        topics = dict(self._topics())
        if not topics:
            stop.wait(LOOK_SECONDS)
            return
        consumer = self._consumer()
        try:
            producer = KafkaProducer(**self._connection, max_request_size=2**26, allow_auto_create_topics=False)
            try:
                _Turns(consumer, producer, self._taker, topics, failed).run(stop, clock, self._topics)
            finally:
                producer.close(timeout=5)
        finally:
            consumer.close(timeout_ms=5_000)

    def _consumer(self) -> KafkaConsumer:
        return KafkaConsumer(
            **self._connection,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            # Round robin: topics of one partition are spread over the workers as well.
            partition_assignment_strategy=[RoundRobinPartitionAssignor],
            metadata_max_age_ms=30_000,
            max_poll_records=BATCH,
            **self._more,
        )


class _Turns(ConsumerRebalanceListener):  # type: ignore[misc] # kafka-python is untyped
    """The turns of a worker while it has a connection: poll, take in, keep what was refused, commit."""

    def __init__(
        self,
        consumer: KafkaConsumer,
        producer: KafkaProducer,
        taker: Taker,
        topics: Mapping[str, Aanlevertopic],
        failed: Failed,
    ) -> None:
        self._consumer, self._producer, self._taker = consumer, producer, taker
        self._topics, self._failed = topics, failed
        self._done: dict[TopicPartition, int] = {}

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """What is no longer ours is no longer ours to commit."""
        for place in revoked:
            self._done.pop(place, None)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Reading goes on from what was committed."""

    def run(self, stop: threading.Event, clock: Callable[[], datetime], topics: Topics) -> None:
        """Until `stop`, or until there are other topics."""
        self._consumer.subscribe(list(self._topics), listener=self)
        looked = time.monotonic()
        while not stop.is_set():
            polled = self._consumer.poll(timeout_ms=POLL_MILLISECONDS)
            try:
                if polled:
                    self._turn(polled, clock())
                self._commit()
            except Exception as error:
                self._failed(error)
                self._hold(polled, stop)
            if time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                if topics() != self._topics:
                    return

    def _turn(self, polled: Mapping[TopicPartition, Sequence[Any]], nu: datetime) -> None:
        records = [record for batch in polled.values() for record in batch]
        answered = self._taker.take(self._topics, records, nu, self._failed)
        put(self._producer, [one for one in answered if not one.taken])
        self._give_receipts([one for one in answered if one.topic.ontvangsten])
        for place, batch in polled.items():
            self._done[place] = batch[-1].offset + 1

    def _give_receipts(self, answered: Sequence[Answered]) -> None:
        per_topic: dict[Aanlevertopic, list[dict[str, Any]]] = {}
        for one in answered:
            per_topic.setdefault(one.topic, []).append(_receipt(one))
        sent = [
            self._producer.send(
                topic.ontvangstentopic,
                value=orjson.dumps({"resultaten": receipts[start : start + RECEIPTS_PER_MESSAGE]}),
            )
            for topic, receipts in per_topic.items()
            for start in range(0, len(receipts), RECEIPTS_PER_MESSAGE)
        ]
        acknowledged(sent, SEND_SECONDS)

    def _commit(self) -> None:
        """Commit what is done. The broker refuses it of a worker that was given up; then another takes it again."""
        if not self._done:
            return
        offsets = {place: OffsetAndMetadata(offset, "", -1) for place, offset in self._done.items()}
        try:
            self._consumer.commit(offsets, timeout_ms=10_000)
        except KafkaError as error:
            self._failed(error)
        else:
            self._done.clear()

    def _hold(self, polled: Mapping[TopicPartition, Sequence[Any]], stop: threading.Event) -> None:
        """Go back to what was polled and read nothing for a while, yet stay a member of the group."""
        self._back(polled)
        self._consumer.pause(*self._consumer.assignment())
        until = time.monotonic() + RETRY_SECONDS
        while time.monotonic() < until and not stop.is_set():
            self._back(self._consumer.poll(timeout_ms=100))
        self._consumer.resume(*self._consumer.paused())

    def _back(self, polled: Mapping[TopicPartition, Sequence[Any]]) -> None:
        ours = self._consumer.assignment()
        for place, batch in polled.items():
            if place in ours:
                self._consumer.seek(place, batch[0].offset)


def _receipt(one: Answered) -> dict[str, Any]:
    found = one.resultaat
    receipt: dict[str, Any] = {
        "partitie": one.record.partition,
        "offset": one.record.offset,
        "id": found.id,
        "status": found.status,
        "posities": found.posities,
        "bladen": found.bladen,
    }
    return receipt | ({"probleem": brief(found.probleem)} if found.probleem else {})


def make_intake(settings: Settings, ledger: Ledger, access_log: AccessLog, policy: Policy) -> Intake:
    """A worker by the settings, on the topics in the folder of clients."""
    taker = Taker(ledger, access_log, policy, settings.max_body_bytes, lambda: token_hex(16))
    folder = TopicFolder(settings.data_folder / "clients")
    return Intake(taker, folder.topics, connection(settings), f"{settings.kafka_prefix}.aanlevering", QUICK)
