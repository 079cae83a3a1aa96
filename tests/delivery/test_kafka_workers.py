"""Workers as processes of their own on a real broker and database, and what an operator does about them."""

from __future__ import annotations

import os
import random
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import orjson
import psycopg
import pytest
from fastapi.testclient import TestClient
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from contracts.signaal import SignaalGeregistreerd
from deploy.kafka.broker import free_port
from hub.delivering import deliver_in_threads
from hub.log import Log
from hub.main import open_app, open_hub
from hub.sealing import utc_now
from hub.settings import Settings
from tests.api.hub_world import ADDRESS, HubWorld
from tests.delivery.kafka_world import OIN, eventually, registration
from tests.handling.executing import AVIM
from tests.kafka_broker import unique

ROOT = Path(__file__).parents[2]
SEED = random.randrange(2**32)
PARTITIONS, ROUNDS, EACH = 4, 3, 150
CLIENT = f"{OIN}:proef"


@dataclass(slots=True)
class Operator:
    """The command line on one hub and one broker; `workers`: processes that take in."""

    dsn: str
    folder: Path
    address: str
    prefix: str = field(default_factory=lambda: unique("hub").replace(".", "-"))
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        return mine | {
            "HUB_DATABASE_URL": self.dsn,
            "HUB_DATA_FOLDER": str(self.folder),
            "HUB_KAFKA_BOOTSTRAP_SERVERS": self.address,
            "HUB_KAFKA_PREFIX": self.prefix,
            "COLUMNS": "300",
        }

    @property
    def topic(self) -> str:
        return f"{self.prefix}.aanlevering.{AVIM.replace('@', '.')}"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "hub.cli", "kafka", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def start_worker(self) -> None:
        command = [sys.executable, "-m", "hub.cli", "kafka", "inname"]
        with (self.folder / "workers.log").open("ab") as log:
            self.workers.append(subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log))

    def kill_worker(self) -> None:
        """kill -9 of the oldest."""
        worker = self.workers.pop(0)
        worker.kill()
        worker.wait()

    def read(self) -> int:
        """How many messages count as read."""
        group = f"{self.prefix}.aanlevering"
        consumer = KafkaConsumer(bootstrap_servers=self.address, group_id=group, enable_auto_commit=False)
        try:
            return sum(consumer.committed(TopicPartition(self.topic, at)) or 0 for at in range(PARTITIONS))
        finally:
            consumer.close()


@pytest.fixture
def own_dsn(postgres_server_dsn: str) -> Iterator[str]:
    """A database for one test: its keys are in a folder of its own."""
    name = f"kafka_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield make_conninfo(postgres_server_dsn, dbname=name)
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def operator(own_dsn: str, tmp_path: Path, kafka_address: str) -> Iterator[Operator]:
    found = Operator(own_dsn, tmp_path, kafka_address)
    yield found
    while found.workers:
        found.kill_worker()


def send(operator: Operator, *events: object) -> None:
    producer = KafkaProducer(bootstrap_servers=operator.address)
    for number, event in enumerate(events):
        value = event if isinstance(event, bytes) else orjson.dumps(event)
        producer.send(operator.topic, value=value, partition=number % PARTITIONS)
    producer.flush()
    producer.close()


def test_workers_that_are_killed_lose_and_double_nothing(operator: Operator) -> None:
    assert operator.run("aansluiten", CLIENT, AVIM, "--partities", str(PARTITIONS), "--kopieen", "1").returncode == 0
    chance = random.Random(SEED)
    operator.start_worker()
    for number in range(ROUNDS):
        send(operator, *(registration(f"k{number}-{at}") for at in range(EACH)))
        operator.start_worker()
        wanted = number * EACH + 1
        eventually(lambda wanted=wanted: operator.read() >= wanted)  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.3))
        operator.kill_worker()
    eventually(lambda: operator.read() == ROUNDS * EACH)
    with open_hub(Settings(database_url=SecretStr(operator.dsn), data_folder=operator.folder)) as hub:
        events = [one.event for one in hub.read(0, 100_000)]
    counted = Counter(one.signaal_id for one in events if isinstance(one, SignaalGeregistreerd))
    assert set(counted.values()) == {1}, SEED
    assert len(counted) == ROUNDS * EACH, SEED
    assert "Er wacht niets." in operator.run("quarantaine", "lijst", AVIM).stdout


def test_an_operator_sees_what_was_refused_and_offers_it_again(operator: Operator) -> None:
    operator.run("aansluiten", CLIENT, AVIM, "--partities", str(PARTITIONS), "--kopieen", "1", "--ontvangsten")
    assert operator.topic in operator.run("topics").stdout
    send(operator, b"geen json 999900018", registration("een"))
    operator.start_worker()
    eventually(lambda: operator.read() == 2)
    listed = operator.run("quarantaine", "lijst", AVIM).stdout
    assert "400" in listed
    assert "999900018" not in listed
    assert "1 opnieuw aangeboden" in operator.run("quarantaine", "herhaal", AVIM).stdout
    eventually(lambda: operator.read() == 3)
    assert "400" in operator.run("quarantaine", "lijst", AVIM).stdout


def test_a_seat_of_another_organisation_is_not_connected(operator: Operator) -> None:
    done = operator.run("aansluiten", CLIENT, "gemeente.af-oov@ede")
    assert done.returncode == 1
    assert "niet van deze organisatie" in done.stdout


def test_a_broker_that_is_not_there_is_exit_code_3(operator: Operator) -> None:
    operator.address = f"127.0.0.1:{free_port()}"
    assert operator.run("aansluiten", CLIENT, AVIM).returncode == 3


def test_http_intake_goes_on_while_the_broker_is_away(own_dsn: str, tmp_path: Path) -> None:
    away = f"127.0.0.1:{free_port()}"
    settings = Settings(
        database_url=SecretStr(own_dsn), data_folder=tmp_path, public_url=ADDRESS, kafka_bootstrap_servers=away
    )
    lines = StringIO()
    log = Log(lines, "debug", utc_now)
    with open_hub(settings) as hub:
        known = {"aanleveren": {"t": {"zetel": AVIM}}}
        (tmp_path / "clients").mkdir(exist_ok=True)
        (tmp_path / "clients" / f"{OIN}.proef.topics.json").write_bytes(orjson.dumps(known))
        with (
            deliver_in_threads(hub, log),
            open_app(hub, log) as app,
            TestClient(app, base_url=ADDRESS) as http,
        ):
            seat = HubWorld(hub, app, http, settings, lines).as_seat(AVIM)
            assert [one["status"] for one in seat.results(registration("een"))] == ["aanvaard"]
            eventually(lambda: '"taak":"kafka-inname"' in lines.getvalue())
            assert [one["status"] for one in seat.results(registration("twee"))] == ["aanvaard"]
