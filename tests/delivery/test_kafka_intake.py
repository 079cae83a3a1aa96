"""Intake from an agency's topic on a real broker: taken, refused, kept and offered again."""

from __future__ import annotations

import orjson
import pytest

from tests.delivery.kafka_world import MAXIMUM, KafkaWorld, enrichment, eventually, registration, signaal_id
from tests.kafka_broker import own_broker

FOREIGN = "urn:nld:oin:00000001999999999000:systeem:proef"


@pytest.fixture
def world(kafka_address: str) -> KafkaWorld:
    return KafkaWorld(kafka_address)


def test_what_is_brought_is_on_the_ledger_in_order(world: KafkaWorld) -> None:
    world.send(*(registration(f"s{at}") for at in range(30)), enrichment("s3", "v3"))
    world.take_in_all()
    assert world.registered() == [signaal_id(f"s{at}") for at in range(30)]
    assert world.refused() == []
    assert world.faults == []


def test_every_message_has_a_receipt(world: KafkaWorld) -> None:
    world.send(registration("een"), b"geen json", registration("een"))
    world.take_in_all()
    receipts = world.receipts()
    assert [one["status"] for one in receipts] == ["aanvaard", "ongeldig", "herhaald"]
    assert [one["offset"] for one in receipts] == [0, 1, 2]
    assert receipts[0]["posities"] == receipts[2]["posities"] != []
    assert receipts[1]["probleem"]["status"] == 400


def test_binary_messages_are_taken_too(world: KafkaWorld) -> None:
    event = registration("binair")
    headers = [(f"ce_{name}", value.encode()) for name, value in event.items() if name != "data"]
    world.send(orjson.dumps(event["data"]), headers=headers)
    world.take_in_all()
    assert world.registered() == [signaal_id("binair")]


def test_poison_is_kept_whole_with_its_reason_and_the_rest_goes_on(world: KafkaWorld) -> None:
    poison = [
        b"geen json 999900018",
        orjson.dumps({"specversion": "1.0"}),
        orjson.dumps(registration("x") | {"type": "nl.overheid.mensenhandel.onbekend.v1"}),
        b"x" * (MAXIMUM + 1),
        orjson.dumps(registration("y", FOREIGN)),
        orjson.dumps(registration("z") | {"data": {}}),
    ]
    world.send(*poison, headers=[("afdeling", b"7"), ("signaalhub-reden", b"vals")])
    world.send(registration("goed"))
    world.take_in_all()
    assert world.registered() == [signaal_id("goed")]
    assert world.refused() == [400, 400, 400, 413, 403, 400]
    kept = world.quarantine().kept(100)
    assert [one.record.value for one in kept] == poison
    assert [one.herkomst for one in kept] == [f"{world.topic.naam}:0:{at}" for at in range(len(poison))]
    assert all(("afdeling", b"7") in one.record.headers for one in kept)
    assert not any("999900018" in str(one.reden) for one in kept)


def test_what_policy_or_state_refuses_is_kept_and_offered_again(world: KafkaWorld) -> None:
    world.send(enrichment("later", "v1"))
    world.take_in_all()
    assert world.refused() == [404]
    world.send(registration("later"))
    assert world.offer_again(10) == 1
    assert world.refused() == []
    world.take_in_all()
    assert world.refused() == []
    assert [one["status"] for one in world.receipts()] == ["geweigerd", "aanvaard", "aanvaard"]


def test_offering_again_what_is_still_wrong_brings_it_back(world: KafkaWorld) -> None:
    world.send(b"een", b"twee")
    world.take_in_all()
    assert world.offer_again(1) == 1
    world.take_in_all()
    assert [one.record.value for one in world.quarantine().kept(10)] == [b"twee", b"een"]


def test_a_topic_of_a_seat_that_is_not_of_its_organisation_takes_nothing(kafka_address: str) -> None:
    world = KafkaWorld(kafka_address, zetel="gemeente.af-oov@ede")
    world.send(registration("een"))
    world.take_in_all()
    assert world.registered() == []
    assert world.refused() == [403]


def test_repeats_are_taken_once_and_other_content_under_the_same_id_is_refused(world: KafkaWorld) -> None:
    world.send(*[registration("een")] * 3, registration("een") | {"data": registration("twee")["data"]})
    world.take_in_all()
    assert world.registered() == [signaal_id("een")]
    assert world.refused() == [409]


def test_what_leads_to_nothing_on_the_ledger_is_in_the_access_log(world: KafkaWorld) -> None:
    world.send(registration("een"), registration("een"), b"geen json")
    world.take_in_all()
    records = [orjson.loads(record) for _, record in world.world.store.access_records(0, 100)]
    looks = {(one["resultaat"], one["herkomst"], one["zetel"]) for one in records if one["vraag"] == "aanleveringen"}
    assert {result for result, *_ in looks} == {"leeg", "geweigerd"}
    assert {place for _, place, _ in looks} == {f"kafka:{world.topic.naam}"}


def test_order_over_partitions_is_mended_by_offering_again(kafka_address: str) -> None:
    world = KafkaWorld(kafka_address, partitions=3)
    world.send(enrichment("ver", "v1"), key="andere")
    world.take_in_all()
    for at in range(20):
        world.send(registration(f"s{at}"), enrichment(f"s{at}", f"v-s{at}"), key=f"s{at}")
    world.send(registration("ver"), key="ver")
    world.take_in_all()
    assert world.refused() == [404]
    world.offer_again(10)
    world.take_in_all()
    assert world.refused() == []
    assert sorted(world.registered()) == sorted(signaal_id(name) for name in [*(f"s{at}" for at in range(20)), "ver"])


def test_while_the_ledger_is_away_nothing_is_skipped(world: KafkaWorld) -> None:
    world.access.away = True
    with world.working():
        world.send(b"geen json", registration("een"))
        eventually(lambda: len(world.faults) >= 2)
        assert world.unread() == 2
        world.access.away = False
        world.await_read()
    assert world.registered() == [signaal_id("een")]
    assert world.refused() == [400]


def test_several_workers_share_the_work_and_one_may_leave(kafka_address: str) -> None:
    world = KafkaWorld(kafka_address, partitions=4)
    with world.working():
        for at in range(60):
            world.send(registration(f"a{at}"), key=f"a{at}")
        with world.working(2):
            for at in range(60):
                world.send(registration(f"b{at}"), key=f"b{at}")
            world.await_read()
        for at in range(60):
            world.send(registration(f"c{at}"), key=f"c{at}")
        world.await_read()
    assert sorted(world.registered()) == sorted(signaal_id(f"{name}{at}") for name in "abc" for at in range(60))
    assert world.refused() == []


def test_a_broker_that_goes_and_comes_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    with own_broker(tmp_path_factory.mktemp("broker")) as broker:
        world = KafkaWorld(broker.address)
        with world.working():
            world.send(*(registration(f"voor{at}") for at in range(20)))
            world.await_read()
            world.send(*(registration(f"bij{at}") for at in range(20)))
            broker.halt()
            broker.resume()
            world.send(*(registration(f"na{at}") for at in range(20)))
            world.await_read()
    expected = [signaal_id(f"{name}{at}") for name in ("voor", "bij", "na") for at in range(20)]
    assert world.registered() == expected
