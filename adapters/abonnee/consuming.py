"""Notices from the topic of a seat. The offset is committed after the journal has them, never before."""

from threading import Event
from typing import Any

from kafka import KafkaConsumer
from pydantic import ValidationError

from adapters.abonnee.journal import Journal
from adapters.abonnee.notices import Bericht

POLL_MILLISECONDS = 500
MAX_RECORDS = 500


def consumer(bootstrap: str, topic: str, group: str, security: dict[str, Any]) -> KafkaConsumer:
    """A consumer that begins at the oldest notice and commits only when told. Raises KafkaError."""
    return KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap.split(","),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **security,
    )


def follow(source: Any, journal: Journal, news: Event, stop: Event) -> None:
    """Take in notices until `stop` is set. `source`: a consumer. Raises KafkaError."""
    while not stop.is_set():
        polled = source.poll(timeout_ms=POLL_MILLISECONDS, max_records=MAX_RECORDS)
        values = [record.value for records in polled.values() for record in records]
        if values:
            journal.ontvang([one for value in values if (one := _read(value)) is not None])
            source.commit()
            news.set()


def _read(value: bytes | None) -> Bericht | None:
    """None for what is no notice: the order of its subject then shows a gap, and the feed fills it."""
    try:
        return Bericht.model_validate_json(value or b"")
    except ValidationError:
        return None
