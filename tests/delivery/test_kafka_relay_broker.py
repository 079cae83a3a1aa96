"""The relay against a real broker that goes away, a process that is killed, and a rival."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.partitioner.default import murmur2
from pydantic import SecretStr

from contracts.abonnement import NeemAbonnement
from hub.access.beleid import Beleid
from hub.delivering import deliver_in_threads
from hub.delivery.kafka_cursors import Cursors
from hub.delivery.kafka_producing import PARTITIONS, RETENTION_DAYS
from hub.handling.execute import Request
from hub.handling.questions import Questions
from hub.ledger.database import migrate
from hub.log import DoorgifteGestokt, DoorgifteHervat, Log
from hub.main import MIGRATIONS, open_hub
from hub.sealing import utc_now
from hub.settings import Settings
from tests.delivery.meldingen import emptied
from tests.delivery.relay_world import RelayWorld, first_times, objects_in, read_all, relay_world, subscribe
from tests.delivery.webhook_world import SEAT, write_notices
from tests.kafka_broker import own_broker, unique

QUESTIONS = Questions(Beleid.laad())
PATIENCE = 90.0
SUBJECTS = [f"casus:{UUID(int=number)}" for number in range(7)]


@pytest.fixture(scope="module")
def dsn(postgres_dsn: str) -> str:
    migrate(postgres_dsn, MIGRATIONS)
    return postgres_dsn


@pytest.fixture
def empty(dsn: str) -> str:
    """A database in which nothing was told or relayed."""
    emptied(dsn)
    with psycopg.connect(dsn) as connection:
        connection.execute("truncate kafka_relay")
    return dsn


@pytest.fixture
def world(empty: str, kafka_address: str) -> Iterator[RelayWorld]:
    with relay_world(empty, kafka_address, QUESTIONS) as made:
        subscribe(made.abonnees)
        yield made


def tell(world: RelayWorld, count: int) -> list[str]:
    """So many notices on a few subjects; their ids."""
    with psycopg.connect(world.dsn) as connection:
        subjects = [SUBJECTS[number % len(SUBJECTS)] for number in range(count)]
        return [str(one) for one in write_notices(connection, SEAT, subjects, datetime.now(UTC))]


def until(holds: Callable[[], bool], world: RelayWorld) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, (world.faults, world.lines)
        time.sleep(0.05)


def relayed(world: RelayWorld) -> int:
    """The number up to which the cursor of the seat stands."""
    with Cursors(world.dsn) as cursors:
        return cursors.load().get(SEAT, 0)


def complete(world: RelayWorld, ids: list[str]) -> None:
    """All of these arrived, nothing else, each for the first time in its order."""
    arrived = world.arrived()
    assert {one["id"] for one in arrived} == set(ids)
    for places in first_times(arrived).values():
        assert places == sorted(places)


def configuration(world: RelayWorld) -> object:
    """What the broker tells of the topic."""
    admin = KafkaAdminClient(bootstrap_servers=world.address)
    try:
        return admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, world.topic())])
    finally:
        admin.close()


def test_each_notice_is_a_record_as_agreed_on_a_topic_made_for_its_seat(world: RelayWorld) -> None:
    ids = tell(world, 50)
    with world.relaying():
        until(lambda: relayed(world) == 50, world)
    complete(world, ids)
    records = read_all(world.address, world.topic())
    assert len(records) == 50
    for one in records:
        assert one.headers == [("content-type", b"application/cloudevents+json; charset=UTF-8")]
        assert one.key.decode() in SUBJECTS
        assert one.partition == (murmur2(one.key) & 0x7FFFFFFF) % PARTITIONS
    assert len(objects_in(world.access)) == 50
    told = str(configuration(world))
    assert "retention.ms" not in told or str(RETENTION_DAYS * 86_400_000) in told  # not every broker tells


def test_what_a_partner_missed_in_a_week_comes_at_once(world: RelayWorld) -> None:
    ids = tell(world, 6_000)
    with world.relaying():
        until(lambda: relayed(world) == 6_000, world)
    complete(world, ids)
    assert len(world.arrived()) == 6_000


def test_of_two_relays_one_works_and_the_other_takes_over(world: RelayWorld) -> None:
    ids = tell(world, 500)
    with world.relaying(relays=2):
        with world.relaying():
            until(lambda: relayed(world) == 500, world)
        ids += tell(world, 500)
        until(lambda: relayed(world) == 1_000, world)
    complete(world, ids)
    assert len(world.arrived()) == 1_000


def test_a_relay_that_is_killed_leaves_no_gap(world: RelayWorld) -> None:
    ids = tell(world, 300)
    for _ in range(3):
        ids += tell(world, 2_000)
        command = [sys.executable, "-m", "tests.delivery.killed_relay", world.dsn, world.address, world.prefix]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        began = relayed(world)
        until(lambda began=began: relayed(world) > began, world)  # type: ignore[misc]
        process.kill()
        process.communicate()
    with world.relaying():
        until(lambda: relayed(world) == len(ids), world)
    complete(world, ids)


def test_a_broker_that_goes_and_comes_loses_nothing(empty: str, tmp_path: Path) -> None:
    with own_broker(tmp_path / "broker") as broker, relay_world(empty, broker.address, QUESTIONS) as world:
        subscribe(world.abonnees)
        ids = tell(world, 200)
        with world.relaying():
            until(lambda: relayed(world) == 200, world)
            ids += tell(world, 3_000)
            until(lambda: relayed(world) > 200, world)
            broker.halt()
            ids += tell(world, 300)
            until(lambda: any(isinstance(one, DoorgifteGestokt) for one in world.lines), world)
            broker.resume()
            until(lambda: relayed(world) == len(ids), world)
        complete(world, ids)
        assert isinstance(world.lines[-1], DoorgifteHervat)
        assert world.faults == []


def test_a_permission_that_lapses_while_the_broker_is_away_delivers_nothing(empty: str, tmp_path: Path) -> None:
    with own_broker(tmp_path / "broker") as broker, relay_world(empty, broker.address, QUESTIONS) as world:
        subscribe(world.abonnees)
        ids = tell(world, 10)
        with world.relaying():
            until(lambda: relayed(world) == 10, world)
            broker.halt()
            ids += tell(world, 1)
            until(lambda: any(isinstance(one, DoorgifteGestokt) for one in world.lines), world)
            away = tell(world, 20)
            world.notices.forbidden |= {UUID(one) for one in away[::2]}
            broker.resume()
            until(lambda: relayed(world) == 31, world)
        complete(world, ids + away[1::2])


def test_a_hub_that_knows_a_broker_relays_for_who_subscribed(empty: str, kafka_address: str, tmp_path: Path) -> None:
    prefix = unique("hub").replace(".", "-")
    chosen = Settings(
        database_url=SecretStr(empty),
        data_folder=tmp_path,
        kafka_bootstrap_servers=kafka_address,
        kafka_prefix=prefix,
    )
    log = Log(io.StringIO(), "error", utc_now)
    with open_hub(chosen) as hub, relay_world(empty, kafka_address, QUESTIONS) as world:
        world.prefix = prefix
        command = NeemAbonnement(abonnement_id=uuid4(), bezorgwijze="kafka")
        (outcome,) = hub.ledger().execute_many([Request(command, SEAT)], utc_now())
        assert not isinstance(outcome, Exception)
        taken = hub.store.head()
        with psycopg.connect(empty) as connection:
            ids = write_notices(connection, SEAT, SUBJECTS * 10, utc_now())
        with deliver_in_threads(hub, log):
            until(lambda: relayed(world) == len(ids), world)
        # The notices of the test count positions from 1: those up to the subscription are from before it.
        complete(world, [str(one) for one in ids[taken:]])
