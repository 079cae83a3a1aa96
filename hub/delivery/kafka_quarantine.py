"""Messages that the ledger did not take, kept whole on a topic of their own until somebody looks and offers them again.

Beside the original bytes, key and headers stand the reason (a problem document, without any value of the message) and
where the message was first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError, MessageSizeTooLargeError
from kafka.structs import OffsetAndMetadata

from contracts.problems import Probleem
from hub.delivery.kafka_client import acknowledged
from hub.delivery.kafka_events import Headers
from hub.delivery.kafka_taking import Answered
from hub.delivery.kafka_topics import Aanlevertopic

OWN = "signaalhub-"
REASON, TOPIC, PARTITION, OFFSET = OWN + "reden", OWN + "topic", OWN + "partitie", OWN + "offset"
LEFT_OUT = OWN + "weggelaten"
#: A reason travels in a header, and a receipt among hundreds: they name the first faults.
MAX_FAULTS = 20
SEND_SECONDS = 60.0
POLL_MILLISECONDS = 500
#: So many empty looks in a row, and there is nothing more.
EMPTY_LOOKS = 20


def brief(problem: Probleem) -> dict[str, Any]:
    """The problem as it travels, with its first faults only."""
    shortened = problem.model_copy(update={"fouten": problem.fouten[:MAX_FAULTS]}) if problem.fouten else problem
    return shortened.model_dump(mode="json", exclude_none=True)


def put(producer: KafkaProducer, refused: Sequence[Answered]) -> None:
    """Put them in quarantine; returns when the broker keeps them. Raises KafkaError.

    What is too big for the quarantine topic as well leaves its bytes where they are: the headers name the place.
    """
    for one, sent in [(one, _send(producer, one, one.record.value, ())) for one in refused]:
        try:
            acknowledged([sent], SEND_SECONDS)
        except MessageSizeTooLargeError:
            acknowledged([_send(producer, one, None, [(LEFT_OUT, b"te groot")])], SEND_SECONDS)


def _send(producer: KafkaProducer, one: Answered, value: bytes | None, more: Headers) -> Any:
    record, problem = one.record, one.resultaat.probleem
    headers = [
        *original_headers(record.headers),
        (REASON, orjson.dumps(brief(problem) if problem else {})),
        (TOPIC, record.topic.encode()),
        (PARTITION, str(record.partition).encode()),
        (OFFSET, str(record.offset).encode()),
        *more,
    ]
    return producer.send(one.topic.quarantaine, value=value, key=record.key, headers=headers)


def original_headers(headers: Headers) -> list[tuple[str, bytes | None]]:
    """Without ours; an agency that sends a header of ours does not speak for us."""
    return [(name, content) for name, content in headers if not name.lower().startswith(OWN)]


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in quarantine. `partitie`, `offset`: there; `herkomst`: where it was first; `sinds`: UTC."""

    partitie: int
    offset: int
    sinds: datetime
    reden: dict[str, Any]
    herkomst: str
    record: Any

    @property
    def whole(self) -> bool:
        return all(name != LEFT_OUT for name, _ in self.record.headers)


class Quarantine:
    """The quarantine of one topic, through the connection settings of the hub. `group`: how far it was handled."""

    def __init__(self, connection: dict[str, Any], group: str, topic: Aanlevertopic) -> None:
        self._connection, self._group, self._topic = connection, group, topic

    def kept(self, limit: int) -> list[Kept]:
        """The oldest that wait, at most `limit`. Raises KafkaError."""
        consumer = self._consumer()
        try:
            return [_kept(record) for record in _waiting(consumer, limit)]
        finally:
            consumer.close()

    def offer_again(self, limit: int) -> int:
        """Put the oldest back on their own topic, at most `limit`, and answer how many. Raises KafkaError.

        Each counts as handled when the topic has it, so that a crash in between offers some twice: the ledger takes
        them once. What was left out because it was too big is passed over: it is not here.
        """
        consumer, producer = self._consumer(), KafkaProducer(**self._connection, max_request_size=2**26)
        try:
            found = list(_waiting(consumer, limit))
            whole = [record for record in found if _kept(record).whole]
            sent = [
                producer.send(self._topic.naam, value=one.value, key=one.key, headers=original_headers(one.headers))
                for one in whole
            ]
            acknowledged(sent, SEND_SECONDS)
            handled = {TopicPartition(one.topic, one.partition): one.offset + 1 for one in found}
            if handled:
                consumer.commit({place: OffsetAndMetadata(offset, "", -1) for place, offset in handled.items()})
                self._forget(handled)
            return len(whole)
        finally:
            consumer.close()
            producer.close()

    def _consumer(self) -> KafkaConsumer:
        consumer = KafkaConsumer(
            **self._connection,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
        )
        name = self._topic.quarantaine
        consumer.assign([TopicPartition(name, number) for number in consumer.partitions_for_topic(name) or ()])
        return consumer

    def _forget(self, handled: dict[TopicPartition, int]) -> None:
        """What was offered again holds personal data and need not stay; a broker that cannot, keeps it for its term."""
        admin = KafkaAdminClient(**self._connection)
        try:
            admin.delete_records(handled)
        except (KafkaError, ValueError):
            return
        finally:
            admin.close()


def _waiting(consumer: KafkaConsumer, limit: int) -> Iterator[Any]:
    places = list(consumer.assignment())
    ends = consumer.end_offsets(places) if places else {}
    given = empty = 0
    while places and given < limit and empty < EMPTY_LOOKS:
        polled = consumer.poll(timeout_ms=POLL_MILLISECONDS, max_records=limit - given)
        if not polled and all(consumer.position(place) >= ends[place] for place in places):
            return
        empty = 0 if polled else empty + 1
        for record in (one for batch in polled.values() for one in batch):
            yield record
            given += 1


def _kept(record: Any) -> Kept:
    named = {name: content or b"" for name, content in record.headers if name.startswith(OWN)}
    place = b":".join(named.get(name, b"") for name in (TOPIC, PARTITION, OFFSET))
    since = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    return Kept(record.partition, record.offset, since, orjson.loads(named[REASON]), place.decode(), record)
