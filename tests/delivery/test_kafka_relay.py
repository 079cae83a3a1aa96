"""Whatever fails between notices and broker: everything permitted arrives, in order, and nothing else does."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kafka.errors import KafkaTimeoutError, TopicAuthorizationFailedError

from contracts.aankondiging import Aankondiging
from contracts.abonnement import Filters
from hub.access.beleid import Beleid
from hub.delivery.kafka_producing import BrokerRefused, Handed, Message
from hub.delivery.kafka_relay import Relay
from hub.handling.questions import Questions
from hub.log import DoorgifteGestokt, DoorgifteHervat, LogEvent
from tests.delivery.relay_world import (
    NU,
    Killed,
    MemoryBroker,
    MemoryCursors,
    MemoryNotices,
    Quick,
    Recorded,
    bound,
    first_times,
    objects_in,
    subscribe,
)
from tests.delivery.webhook_world import SEAT, Abonnees

QUESTIONS = Questions(Beleid.laad())
OTHER = "politie.avim@oost-nederland"
SEATS = (SEAT, OTHER)


class InMemory:
    """A relay of which everything around it is in memory."""

    def __init__(self, **more: Any) -> None:
        self.stop = Quick()
        self.notices, self.broker = MemoryNotices(self.stop), MemoryBroker()
        self.cursors = MemoryCursors(self.notices)
        self.abonnees, self.access = Abonnees(), Recorded()
        self.faults: list[Exception] = []
        self.lines: list[LogEvent] = []
        given = {"cursors": lambda: self.cursors, "producing": self.broker.producing, "log": self.lines.append}
        self.relay = Relay(bound(QUESTIONS, self.notices, self.abonnees, self.access, **(given | more)))

    def run(self) -> None:
        """Until nothing is new."""
        self.stop.clear()
        self.relay.follow(self.stop, lambda: NU, self.faults.append)

    def arrived(self, zetel: str = SEAT) -> list[dict[str, Any]]:
        return self.broker.topics.get(f"proef.gebeurtenissen.{zetel.replace('@', '.')}", [])


told = st.lists(st.tuples(st.sampled_from(SEATS), st.integers(0, 2)), max_size=8)


@settings(max_examples=200, deadline=None)
@given(
    rounds=st.lists(
        st.tuples(
            told,
            st.lists(st.one_of(st.none(), st.integers(0, 6)), max_size=3),
            st.lists(st.booleans(), max_size=3),
        ),
        max_size=5,
    ),
    forbidden=st.sets(st.integers(0, 40)),
)
def test_everything_permitted_arrives_in_order_whatever_fails(
    rounds: list[tuple[list[tuple[str, int]], list[int | None], list[bool]]], forbidden: set[int]
) -> None:
    world = InMemory()
    for zetel in SEATS:
        subscribe(world.abonnees, zetel)
    for news, faults, kills in rounds:
        for zetel, subject in news:
            one = world.notices.tell(zetel, subject)
            if one.volgorde in forbidden:
                world.notices.forbidden.add(one.id)
        world.broker.faults, world.cursors.kills = list(faults), list(kills)
        world.run()
    world.broker.faults, world.cursors.kills = [], []
    world.run()
    for zetel in SEATS:
        due = [one for one in world.notices.told if one.zetel == zetel and one.id not in world.notices.forbidden]
        arrived = world.arrived(zetel)
        assert {one["id"] for one in arrived} == {str(one.id) for one in due}
        for places in first_times(arrived).values():
            assert places == sorted(places)
        sent = {(zetel, one.object) for one in due}
        assert sent <= objects_in(world.access)
    assert all(isinstance(one, Killed) for one in world.faults)
    world.access.kept.close()


def test_a_notice_travels_as_the_contract_says_and_holds_no_content() -> None:
    world = InMemory()
    subscribe(world.abonnees)
    world.notices.tell(SEAT, 1)
    world.run()
    (one,) = world.arrived()
    assert Aankondiging.model_validate_json(orjson.dumps(one)).subject == one["subject"]


def test_without_a_record_nothing_leaves() -> None:
    world = InMemory()
    subscribe(world.abonnees)
    world.notices.tell(SEAT, 1)
    world.access.down = True
    world.cursors.kills = []
    world.relay.follow(_once(world), lambda: NU, world.faults.append)
    assert world.arrived() == []
    assert [type(one).__name__ for one in world.faults] == ["LedgerUnavailable"]
    world.access.down = False
    world.run()
    assert len(world.arrived()) == 1


def test_who_did_not_subscribe_is_told_nothing_and_who_did_from_then_on() -> None:
    world = InMemory(taken_at=lambda _: 2)
    for subject in range(4):
        world.notices.tell(SEAT, subject)
        world.notices.tell(OTHER, subject)
    subscribe(world.abonnees)
    world.run()
    assert len(world.arrived()) == 3
    assert world.arrived(OTHER) == []


def test_filters_are_asked_and_two_subscriptions_make_one_stream() -> None:
    world = InMemory()
    subscribe(world.abonnees, filters=Filters(kanalen=("casussen",)))
    world.notices.tell(SEAT, 1)
    world.run()
    assert world.arrived() == []
    for _ in range(2):
        subscribe(world.abonnees, filters=Filters(kanalen=("signalen",)))
    world.notices.tell(SEAT, 2)
    world.run()
    assert [one["subject"][-1] for one in world.arrived()] == ["2"]


def test_a_topic_that_the_broker_refuses_does_not_stop_the_others() -> None:
    now = [0.0]
    world = InMemory(now=lambda: now[0])
    refusing = Refusing(world.broker, f"proef.gebeurtenissen.{SEAT.replace('@', '.')}")
    world.relay = Relay(
        bound(
            QUESTIONS,
            world.notices,
            world.abonnees,
            world.access,
            cursors=lambda: world.cursors,
            producing=lambda: refusing,
            log=world.lines.append,
            now=lambda: now[0],
        )
    )
    for zetel in SEATS:
        subscribe(world.abonnees, zetel)
        world.notices.tell(zetel, 1)
    world.run()
    assert (len(world.arrived()), len(world.arrived(OTHER))) == (0, 1)
    (line,) = world.lines
    assert line == DoorgifteGestokt("TopicAuthorizationFailedError", False, refusing.topic, 60.0)
    refusing.topic, now[0] = "", 61.0
    world.run()
    assert len(world.arrived()) == 1


def test_what_stands_still_is_said_once_and_that_it_goes_on_too() -> None:
    world = InMemory()
    subscribe(world.abonnees)
    world.notices.tell(SEAT, 1)
    world.broker.faults = [0, 0, 0]
    world.run()
    assert world.lines == [DoorgifteGestokt("KafkaTimeoutError", True, "", 1.0), DoorgifteHervat(1)]


@pytest.mark.parametrize(
    ("cause", "lasting"), [(KafkaTimeoutError(), False), (TopicAuthorizationFailedError(), True), (OSError(), False)]
)
def test_what_waiting_mends_is_told_apart(cause: Exception, lasting: bool) -> None:
    assert BrokerRefused(cause).lasting is lasting


class Refusing:
    """A producer that may not write to one topic."""

    def __init__(self, broker: MemoryBroker, topic: str) -> None:
        self._broker, self.topic = broker, topic

    def hand_over(self, messages: list[Message]) -> Handed:
        if any(one.topic == self.topic for one in messages):
            raise BrokerRefused(TopicAuthorizationFailedError(), self.topic)
        return self._broker.producing().hand_over(messages)

    def close(self) -> None:
        return None


def _once(world: InMemory) -> Quick:
    """Stops at the first fault."""

    class Once(Quick):
        def is_set(self) -> bool:
            return bool(world.faults) or super().is_set()

    return Once()
