"""How fast notices go from the database to the topics of their seats, beside what a producer can do at all.

    python -m bench.kafka_relay --events 60000

One Apache Kafka (or what the machine has), one embedded PostgreSQL, seats with a subscription, each notice about a row
of a view. Ours reads, asks again whether each may go, writes a durable access record per batch and seat, sends, and
moves its cursor when the broker acknowledged. Beside it: the same messages, made beforehand, through a bare
kafka-python producer and a bare confluent-kafka producer, both idempotent and acknowledged by all replicas.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from secrets import token_hex
from uuid import UUID, uuid5

import confluent_kafka
import orjson
import psycopg
from kafka import KafkaAdminClient, KafkaProducer
from psycopg.types.json import Jsonb
from pydantic import SecretStr

from bench.running import database
from contracts.abonnement import AbonnementGenomen, NeemAbonnement
from contracts.cloudevents import NAAMRUIMTE
from deploy.kafka.broker import start_broker
from hub.delivery.gebeurtenissen import aankondiging
from hub.delivery.kafka_cursors import Cursors
from hub.delivery.kafka_producing import PARTITIONS
from hub.delivery.kafka_relay_binding import make_relay, relay_connections
from hub.handling.execute import Request
from hub.log import Log
from hub.main import Hub, collect_less, open_hub
from hub.sealing import utc_now
from hub.settings import Settings

SEATS = ("politie.avim@oost-nederland", "gemeente.af-oov@ede", "gemeente.ondermijning@ede", "kmar@amsterdam")
#: Subjects per seat: how many notices go under one key.
SUBJECTS = 5_000
NO_CASE = "00000000-0000-0000-0000-000000000000"
WARM = 4_000


def subscribe(hub: Hub, seats: Sequence[str]) -> None:
    """A subscription by Kafka for each seat."""
    for number, zetel in enumerate(seats):
        command = NeemAbonnement(abonnement_id=UUID(int=number + 1), bezorgwijze="kafka")
        (outcome,) = hub.ledger().execute_many([Request(command, zetel)], utc_now())
        if isinstance(outcome, Exception) or not isinstance(outcome.events[0], AbonnementGenomen):
            raise SystemExit(f"no subscription for {zetel}: {outcome}")


def fill(dsn: str, seats: Sequence[str], total: int) -> None:
    """Rows of views, and notices that they changed, as the projector writes them."""
    nu, positie = utc_now(), 1_000_000
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', false)")
        first = dict(connection.execute("select zetel, nummer from gebeurtenis_zetel").fetchall())
        rows, notices = {}, []
        for place in range(total):
            zetel = seats[place % len(seats)]
            subject = uuid5(NAAMRUIMTE, f"{zetel}/{place // len(seats) % SUBJECTS}")
            key = f"zicht_signaal|{zetel}|{subject}|{NO_CASE}"
            rows[key] = (zetel, subject, zetel, "riec", "ede", "geregistreerd", nu, positie, b"")
            first[zetel] = first.get(zetel, 0) + 1
            id = uuid5(NAAMRUIMTE, f"{zetel}/{first[zetel]}")
            where = (zetel, first[zetel], id, f"signaal:{subject}", place // SUBJECTS + 1)
            what = ("signalen", "signaal", subject, "update", Jsonb({"spoor": "riec", "regio": "ede"}))
            notices.append((*where, *what, nu, positie, key))
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into zicht_signaal (zetel, signaal_id, provider, spoor, regio, status, sinds,"
                " gewijzigd_positie, inhoud) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
                list(rows.values()),
            )
            names = "zetel, nummer, id, onderwerp, reeks, kanaal, resource, resource_id, actie, kenmerken, tijdstip"
            with cursor.copy(f"copy gebeurtenis ({names}, positie, rij) from stdin") as copy:
                for one in notices:
                    copy.write_row(one)
            cursor.executemany(
                "insert into gebeurtenis_zetel (zetel, nummer) values (%s, %s)"
                " on conflict (zetel) do update set nummer = excluded.nummer",
                list(first.items()),
            )
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("analyze gebeurtenis")
        connection.execute("analyze zicht_signaal")


def ours(hub: Hub, seats: Sequence[str], total: int) -> float:
    """Notices per second, from the start of the relay until every cursor stands at the end."""
    stop, log = threading.Event(), Log(sys.stderr, "error", utc_now)
    with relay_connections(hub.database.dsn) as pool, closing(hub.gebeurtenissen(pool)) as notices:
        relay = make_relay(
            hub.settings,
            hub.database.dsn,
            hub.ledger(),
            hub.policy,
            hub.abonnementen(),
            notices,
            lambda _: None,
            log,
        )
        thread = threading.Thread(target=relay.follow, args=(stop, utc_now, print))
        begin = time.perf_counter()
        with Cursors(hub.database.dsn) as cursors:
            before = sum(cursors.load().values())
            thread.start()
            while sum(cursors.load().values()) < before + total:
                time.sleep(0.02)
        elapsed = time.perf_counter() - begin
        stop.set()
        thread.join()
    return total / elapsed


def messages(hub: Hub, total: int) -> list[tuple[bytes, bytes]]:
    """Keys and values of the same notices."""
    with relay_connections(hub.database.dsn) as pool, closing(hub.gebeurtenissen(pool)) as notices:
        found = notices.na(WARM, total)
    adres, oin = hub.settings.public_url, hub.settings.oin
    return [(one.onderwerp.encode(), orjson.dumps(aankondiging(one, adres, oin))) for one in found]


def topic(address: str, name: str) -> str:
    admin = KafkaAdminClient(bootstrap_servers=address)
    admin.create_topics({name: {"num_partitions": PARTITIONS, "replication_factor": 1}}, wait_for_metadata=True)
    admin.close()
    return name


def bare(address: str, name: str, made: Sequence[tuple[bytes, bytes]]) -> float:
    """kafka-python, from the first message until the last is acknowledged."""
    producer = KafkaProducer(
        bootstrap_servers=address, acks="all", enable_idempotence=True, linger_ms=5, batch_size=256 * 1024
    )
    headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    producer.send(name, b"warm").get(timeout=30)
    begin = time.perf_counter()
    for key, value in made:
        producer.send(name, value, key, headers)
    producer.flush()
    elapsed = time.perf_counter() - begin
    producer.close()
    return len(made) / elapsed


def confluent(address: str, name: str, made: Sequence[tuple[bytes, bytes]]) -> float:
    """confluent-kafka, the same."""
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": address, "enable.idempotence": True, "acks": "all", "linger.ms": 5}
        | {"queue.buffering.max.messages": 1_000_000}
    )
    headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    producer.produce(name, b"warm")
    producer.flush()
    begin = time.perf_counter()
    for number, (key, value) in enumerate(made):
        producer.produce(name, value, key, headers=headers)
        if number % 1_000 == 0:
            producer.poll(0)
    producer.flush()
    return len(made) / (time.perf_counter() - begin)


def timed(measure: Callable[[], float], count: int) -> tuple[float, float]:
    """The rate, and microseconds of processor time of this process for each."""
    begin = time.process_time()
    rate = measure()
    return rate, (time.process_time() - begin) / count * 1e6


def main() -> None:
    """Measure all in turn and print rates, and what share of each our relay has."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--seats", type=int, default=len(SEATS), choices=range(1, len(SEATS) + 1))
    parser.add_argument("--kafka", help="address of a broker that runs already")
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-bench-kafka-"))
    broker, seats = None if chosen.kafka else start_broker(folder), SEATS[: chosen.seats]
    address: str = broker.address if broker else chosen.kafka
    try:
        with database() as (opened, data):
            bound = Settings(
                database_url=SecretStr(opened.dsn),
                data_folder=data / "hub",
                kafka_bootstrap_servers=address,
                kafka_prefix=f"meting-{token_hex(4)}",
            )
            with open_hub(bound) as hub:
                subscribe(hub, seats)
                fill(opened.dsn, seats, WARM)
                ours(hub, seats, WARM)
                collect_less()
                fill(opened.dsn, seats, chosen.events)
                rates = {f"relay, {len(seats)} seat(s)": timed(partial(ours, hub, seats, chosen.events), chosen.events)}
                made = messages(hub, chosen.events)
        for name, measure in (("kafka-python", bare), ("confluent-kafka", confluent)):
            sending = partial(measure, address, topic(address, f"{name}.{token_hex(4)}"), made)
            rates[f"{name}, sending only"] = timed(sending, chosen.events)
    finally:
        if broker:
            broker.stop()
        shutil.rmtree(folder, ignore_errors=True)
    (relay, relay_cpu), *_ = rates.values()
    print(f"{len(made):,} notices of {len(made[0][1])} bytes")
    print(f"{'':32}{'notices/s':>12}{'relay is':>10}{'cpu us each':>13}{'relay is':>10}")
    for name, (rate, cpu) in rates.items():
        print(f"{name:32}{rate:12,.0f}{relay / rate:9.2f}x{cpu:13.1f}{relay_cpu / cpu:9.2f}x")


if __name__ == "__main__":
    main()
