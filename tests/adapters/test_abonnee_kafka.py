"""Notices from a topic: the journal has them before the offset is committed, and a fall between the two is no harm."""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import sleep
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from kafka import KafkaProducer

from adapters.abonnee.cli import topic_of
from adapters.abonnee.client import Abonnee
from adapters.abonnee.consuming import follow
from adapters.abonnee.journal import Journal
from adapters.identity import FixedToken
from tests.adapters.feeding_hub import DOEL, FeedingHub, notice
from tests.kafka_broker import make_topics, unique

SUBJECTS = [("casus:a", 1), ("casus:a", 2), ("signaal:c", 1)]


class Topic:
    """A consumer of these values, each poll one; `fails`: the commit after which it is gone."""

    def __init__(self, values: list[bytes | None], stop: Event, fails: int | None = None) -> None:
        self._values, self._stop, self._fails = values, stop, fails
        self.committed = 0
        self.at_commit: list[int] = []
        self.look: Callable[[], int] = lambda: 0

    def poll(self, **_: Any) -> dict[str, list[Any]]:
        if self.committed == len(self._values):
            self._stop.set()
            return {}
        return {"t": [SimpleNamespace(value=self._values[self.committed])]}

    def commit(self) -> None:
        self.at_commit.append(self.look())
        if self.committed == self._fails:
            raise ConnectionError("gevallen")
        self.committed += 1


def test_the_journal_has_it_before_the_offset_is_committed(tmp_path: Path) -> None:
    journal, stop = Journal(tmp_path), Event()
    values: list[bytes | None] = [json.dumps(notice(*one)).encode() for one in SUBJECTS]
    topic = Topic([values[0], b"{geen bericht", None, values[1], values[2]], stop)
    topic.look = lambda: journal.voortgang().ontvangen
    follow(topic, journal, Event(), stop)
    assert topic.at_commit == [1, 1, 1, 2, 3]
    journal.close()


def test_what_is_read_again_after_a_fall_is_kept_once(tmp_path: Path) -> None:
    journal, stop = Journal(tmp_path), Event()
    values: list[bytes | None] = [json.dumps(notice(*one)).encode() for one in SUBJECTS]
    with pytest.raises(ConnectionError):
        follow(Topic(values, stop, fails=1), journal, Event(), stop)
    follow(Topic(values, stop), journal, Event(), stop)
    assert journal.voortgang().ontvangen == len(SUBJECTS)
    journal.close()


def test_notices_of_a_real_broker_are_done_in_order(kafka_address: str, tmp_path: Path) -> None:
    topic = unique(topic_of("z@ede"))
    make_topics(kafka_address, topic)
    producer = KafkaProducer(bootstrap_servers=kafka_address)
    for subject, place in reversed(SUBJECTS):
        producer.send(topic, json.dumps(notice(subject, place)).encode(), subject.encode()).get(timeout=30)
    producer.close()
    hub = FeedingHub(feed=[notice(*one) for one in SUBJECTS])
    for _ in range(2):  # the second abonnee finds everything done and committed
        with Abonnee(hub.client(), FixedToken("goed"), f"{topic}@ede", tmp_path, (DOEL,)) as abonnee:
            abonnee.consume(kafka_address, topic, {})
            while abonnee.journal.voortgang().ontvangen < len(SUBJECTS):
                sleep(0.05)
            abonnee.work.round()
            done = [(subject, place) for subject, place, _, _ in abonnee.journal.verwerkt()]
    assert sorted(done) == SUBJECTS
    assert [one for one in done if one[0] == "casus:a"] == SUBJECTS[:2]
    assert httpx.URL(hub.asked[0].url).path != "/v1/gebeurtenissen"
