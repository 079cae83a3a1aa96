"""Hands notices to Kafka so that the order within a subject holds, whatever goes wrong on the way.

Within one producer the broker refuses what comes out of turn. Across a failure it cannot: kafka-python would go on with
what waits behind a batch that failed for good. So at the first failure the producer ends with all it holds, in its own
sending thread, before that thread sends anything more; and nothing ever expires by itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple, Protocol

from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import (
    AuthorizationError,
    InvalidConfigurationError,
    InvalidReplicationFactorError,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    SaslAuthenticationFailedError,
    TopicAlreadyExistsError,
    UnsupportedVersionError,
)
from kafka.partitioner.default import murmur2

#: How long the broker keeps notices; a partner may be away longer than a week. They hold no content, so what is
#: destroyed or withdrawn in the meantime is not in them.
RETENTION_DAYS = 14
#: More partitions later would send a subject elsewhere than what is waiting of it: set before the topic is made.
PARTITIONS = 3
#: Longer than any patience of ours.
NEVER_MS = 7 * 86_400_000
REQUEST_MS = 5_000
CONTENT_TYPE = [("content-type", b"application/cloudevents+json; charset=UTF-8")]


#: No waiting mends these: somebody must change the broker, or our rights there.
LASTING = (
    SaslAuthenticationFailedError,
    AuthorizationError,
    InvalidConfigurationError,
    InvalidReplicationFactorError,
    InvalidTopicError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    UnsupportedVersionError,
)


class Message(NamedTuple):
    """One notice on its way. `key`: its subject."""

    topic: str
    key: bytes
    value: bytes


class BrokerRefused(Exception):
    """The broker did not take everything, or not in time. What it took may be sent again.

    `lasting`: trying again helps nothing by itself. `topic`: where it went wrong, None for everywhere.
    """

    def __init__(self, cause: BaseException, topic: str | None = None) -> None:
        super().__init__(type(cause).__name__)
        self.fout = type(cause).__name__
        self.lasting = isinstance(cause, LASTING)
        self.topic = topic


class Handed(Protocol):
    """Messages that were handed over together."""

    def acknowledged(self, seconds: float) -> None:
        """Returns when the broker keeps them all. Raises BrokerRefused."""


class Producing(Protocol):
    """A producer. After the first BrokerRefused it sends nothing any more."""

    def hand_over(self, messages: Sequence[Message]) -> Handed:
        """Take messages in their order. Raises BrokerRefused."""

    def close(self) -> None:
        """End it; what is not acknowledged is dropped."""


class KafkaProducing:
    """kafka-python, idempotent, acknowledged by all replicas. `connection`: its settings.

    `block_seconds`: how long to look for the partitions of a topic. Raises BrokerRefused.
    """

    def __init__(self, connection: Mapping[str, Any], block_seconds: float) -> None:
        self._connection, self._known = dict(connection), dict[str, int]()
        self._failure: BrokerRefused | None = None
        try:
            self._producer = KafkaProducer(
                **self._connection,
                acks="all",
                enable_idempotence=True,
                max_in_flight_requests_per_connection=5,
                delivery_timeout_ms=NEVER_MS,
                request_timeout_ms=REQUEST_MS,
                max_block_ms=int(block_seconds * 1000),
                linger_ms=5,
                batch_size=256 * 1024,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        except KafkaError as error:
            raise BrokerRefused(error) from error

    def hand_over(self, messages: Sequence[Message]) -> Handed:
        """Take messages in their order; topics that do not exist are made first. Raises BrokerRefused."""
        send, sent, topic = self._producer.send, [], None
        try:
            for topic in dict.fromkeys(one.topic for one in messages):
                self._partitions(topic)
            known = self._known
            failed = {topic: partial(self._failed, topic) for topic in known}
            for topic, key, value in messages:
                future = send(topic, value, key, CONTENT_TYPE, partition=_place(key) % known[topic])
                future.add_errback(failed[topic])
                sent.append(future)
        except KafkaError as error:
            raise self._failure or BrokerRefused(error, topic) from error
        return _Handed(self, sent)

    def close(self) -> None:
        """Drop what is not acknowledged and end."""
        # KafkaProducer.close first waits for what it holds, and raises instead of ending when the broker is away.
        self._producer._sender.force_close()
        self._producer._sender.join(REQUEST_MS / 1000)
        self._producer.close(timeout=1)

    @property
    def failure(self) -> BrokerRefused | None:
        return self._failure

    def _failed(self, topic: str, error: BaseException) -> None:
        """In the sending thread, which looks whether it was ended before it sends anything more."""
        if self._failure is None:
            self._failure = BrokerRefused(error, topic)
            self._producer._sender.force_close()

    def _partitions(self, topic: str) -> int:
        if topic not in self._known:
            self._make(topic)
            self._known[topic] = len(self._producer.partitions_for(topic))
        return self._known[topic]

    def _make(self, topic: str) -> None:
        admin = KafkaAdminClient(**self._connection)
        try:
            if topic in admin.list_topics():
                return  # it is kept as whoever made it chose
            configuration = {"retention.ms": str(RETENTION_DAYS * 86_400_000), "cleanup.policy": "delete"}
            # Replicas as the broker's own default says.
            wanted = {"num_partitions": PARTITIONS, "replication_factor": -1, "configs": configuration}
            admin.create_topics({topic: wanted}, wait_for_metadata=True)
        except TopicAlreadyExistsError:
            pass  # another relay was first
        finally:
            admin.close()


class _Handed:
    def __init__(self, producing: KafkaProducing, sent: Sequence[Any]) -> None:
        self._producing, self._sent = producing, sent

    def acknowledged(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        try:
            for one in self._sent:
                if not one.is_done:
                    one.get(timeout=max(0.0, until - time.monotonic()))
        except KafkaError as error:
            raise self._producing.failure or BrokerRefused(error) from error
        if self._producing.failure is not None:
            raise self._producing.failure


@lru_cache(maxsize=200_000)
def _place(key: bytes) -> int:
    """As Kafka's own clients do, so that partners find a subject where they expect it."""
    return int(murmur2(key)) & 0x7FFFFFFF
