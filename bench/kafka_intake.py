"""How fast messages come from Kafka into the ledger, durably, beside what reads them and does nothing.

    python -m bench.kafka_intake --events 40000

One Apache Kafka (or what the machine has), one embedded PostgreSQL, messages made beforehand. Ours checks the contract,
asks the policy, seals per subject, records decisions, sources and leaves, and commits its offset after that; once with
one worker, once with two. Beside it: our ledger without Kafka, bare kafka-python and confluent-kafka that count, and a
FastStream handler that does nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import confluent_kafka
import orjson
from faststream import AckPolicy, FastStream
from faststream.confluent import KafkaBroker
from kafka import KafkaAdminClient, KafkaConsumer
from pydantic import SecretStr

from bench.running import SEAT, cloud_event, database, source
from contracts.cloudevents import CloudEvent
from deploy.kafka.broker import start_broker
from hub.access.beleid import Beleid
from hub.delivery.kafka_intake import BATCH, QUICK, Intake
from hub.delivery.kafka_taking import Answered, Taker
from hub.delivery.kafka_topics import Aanlevertopic
from hub.handling.aanleveren import Aanleveraar, take_in
from hub.handling.vastleggen import HUB_ZELF
from hub.main import Hub, collect_less, open_hub
from hub.sealing import utc_now
from hub.settings import MAX_BODY_BYTES, Settings

#: Events per second, and seconds of processor time of the measured process for all of them.
Measured = tuple[float, float]
PARTITIONS = 4
WARM = 3_000


class Counted(Taker):
    """Counts what was taken, and when the first and the last were."""

    def __init__(self, hub: Hub, count: Any, begin: Any, end: Any) -> None:
        super().__init__(hub.ledger(), hub.store, hub.policy, MAX_BODY_BYTES, lambda: token_hex(16))
        self._count, self._begin, self._end = count, begin, end
        self.first, self.last = 0.0, 0.0

    def take(self, *arguments: Any) -> list[Answered]:
        with self._begin.get_lock():
            self._begin.value = self._begin.value or time.monotonic()
        self.first = self.first or time.process_time()
        answered = super().take(*arguments)
        if not all(one.taken for one in answered):
            raise SystemExit(f"not taken: {answered[0].resultaat}")
        with self._count.get_lock():
            self._count.value += len(answered)
            self._end.value = time.monotonic()
        self.last = time.process_time()
        return answered


def settings(dsn: str, folder: Path) -> Settings:
    return Settings(database_url=SecretStr(dsn), data_folder=folder / "hub")


def events(first: int, count: int) -> list[bytes]:
    """New signals, as an agency sends them."""
    bron = source()
    return [orjson.dumps(cloud_event(bron, number)) for number in range(first, first + count)]


def worker(chosen: Settings, address: str, topic: Aanlevertopic, first: int, total: int, shared: Any) -> None:
    """A worker process: warm up, wait for the start, take in until all is taken."""
    count, begin, end, used, ready, go = shared
    connection = {"bootstrap_servers": address}
    with open_hub(chosen) as hub:
        directly(hub, events(first, WARM))
        collect_less()
        taker = Counted(hub, count, begin, end)
        intake = Intake(taker, lambda: {topic.naam: topic}, connection, topic.naam, QUICK)
        stop = threading.Event()
        ready.release()
        go.wait()
        thread = threading.Thread(target=intake.follow, args=(stop, utc_now, print))
        thread.start()
        while count.value < total:
            time.sleep(0.05)
        stop.set()
        thread.join()
    with used.get_lock():
        used.value += taker.last - taker.first


def ours(chosen: Settings, address: str, topic: Aanlevertopic, total: int, workers: int, first: int) -> Measured:
    """From the first message that was polled until the last is durable."""
    spawn = multiprocessing.get_context("spawn")
    numbers = (spawn.Value("q", 0), spawn.Value("d", 0.0), spawn.Value("d", 0.0), spawn.Value("d", 0.0))
    ready, go = spawn.Semaphore(0), spawn.Event()
    shared = (*numbers, ready, go)
    children = [
        spawn.Process(target=worker, args=(chosen, address, topic, first + nth * WARM, total, shared))
        for nth in range(workers)
    ]
    for child in children:
        child.start()
    for _ in children:
        while not ready.acquire(timeout=1):
            if any(child.exitcode for child in children):
                raise SystemExit("a worker failed")
    go.set()
    for child in children:
        child.join()
    if any(child.exitcode for child in children):
        raise SystemExit("a worker failed")
    _, begin, end, used = (one.value for one in numbers)
    return total / (end - begin), used


def directly(hub: Hub, values: Sequence[bytes]) -> Measured:
    """The same checks and ledger, without Kafka."""
    who = Aanleveraar(SEAT, hub.beleid.instanties[SEAT].oin, "meting", HUB_ZELF)
    ledger = hub.ledger()
    begin, used = time.perf_counter(), time.process_time()
    for start in range(0, len(values), BATCH):
        brought = [(who, CloudEvent.model_validate_json(value)) for value in values[start : start + BATCH]]
        take_in(ledger, brought, utc_now(), lambda rest: None)
    return len(values) / (time.perf_counter() - begin), time.process_time() - used


def bare(address: str, topic: str, total: int) -> Measured:
    """kafka-python that counts."""
    consumer = KafkaConsumer(
        topic, bootstrap_servers=address, group_id=token_hex(4), auto_offset_reset="earliest", enable_auto_commit=False
    )
    seen, begin, used = 0, 0.0, time.process_time()
    while seen < total:
        polled = consumer.poll(500, max_records=BATCH)
        begin = begin or (time.perf_counter() if polled else 0.0)
        seen += sum(map(len, polled.values()))
    elapsed, used = time.perf_counter() - begin, time.process_time() - used
    consumer.close()
    return total / elapsed, used


def confluent(address: str, topic: str, total: int) -> Measured:
    """confluent-kafka that counts."""
    group = {"bootstrap.servers": address, "group.id": token_hex(4), "auto.offset.reset": "earliest"}
    consumer = confluent_kafka.Consumer(group | {"enable.auto.commit": False})
    consumer.subscribe([topic])
    seen, begin, used = 0, 0.0, time.process_time()
    while seen < total:
        polled = consumer.consume(BATCH, 0.5)
        begin = begin or (time.perf_counter() if polled else 0.0)
        seen += len(polled)
    elapsed, used = time.perf_counter() - begin, time.process_time() - used
    consumer.close()
    return total / elapsed, used


def faststream(address: str, topic: str, total: int) -> Measured:
    """A FastStream handler that gets each message as a dictionary and does nothing."""
    broker = KafkaBroker(address, logger=None)
    app = FastStream(broker, logger=None)
    seen, begin, end, used = 0, 0.0, 0.0, time.process_time()

    @broker.subscriber(topic, group_id=token_hex(4), auto_offset_reset="earliest", ack_policy=AckPolicy.MANUAL)
    async def handler(message: dict[str, Any]) -> None:
        nonlocal seen, begin, end
        begin = begin or time.perf_counter()
        seen += 1
        if seen == total:
            end = time.perf_counter()
            app.exit()

    asyncio.run(app.run())
    return total / (end - begin), time.process_time() - used


def fill(address: str, topic: str, values: Sequence[bytes]) -> None:
    """A topic with these messages, spread by their key."""
    admin = KafkaAdminClient(bootstrap_servers=address)
    admin.create_topics({topic: {"num_partitions": PARTITIONS, "replication_factor": 1}}, wait_for_metadata=True)
    admin.close()
    producer = confluent_kafka.Producer({"bootstrap.servers": address, "linger.ms": 20})
    for number, value in enumerate(values):
        producer.produce(topic, value, key=str(number))
        if number % BATCH == 0:
            producer.poll(0)
    producer.flush()


def main() -> None:
    """Measure all in turn and print rates, and what share of each our intake has."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=40_000)
    total = parser.parse_args().events
    logging.disable(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-bench-kafka-"))
    broker = start_broker(folder)
    oin = Beleid.laad().instanties[SEAT].oin
    rates: dict[str, Measured] = {}
    try:
        with database() as (opened, data):
            chosen = settings(opened.dsn, data)
            with open_hub(chosen) as hub:
                directly(hub, events(90_000_000, WARM))
                collect_less()
                rates["the ledger without Kafka"] = directly(hub, events(50_000_000, total))
            for workers in (1, 2):
                name = f"meting.{workers}"
                fill(broker.address, name, events(workers * 10_000_000, total))
                topic = Aanlevertopic(name, SEAT, oin, f"{oin}:meting")
                rate = ours(chosen, broker.address, topic, total, workers, 60_000_000 + workers * 1_000_000)
                rates[f"intake, {workers} worker(s)"] = rate
            peers: dict[str, Callable[[], Measured]] = {
                "kafka-python, counting": partial(bare, broker.address, "meting.1", total),
                "confluent-kafka, counting": partial(confluent, broker.address, "meting.1", total),
                "FastStream, handler that does nothing": partial(faststream, broker.address, "meting.1", total),
            }
            rates |= {name: measure() for name, measure in peers.items()}
    finally:
        broker.stop()
        shutil.rmtree(folder, ignore_errors=True)
    best = max(rate for name, (rate, _) in rates.items() if name.startswith("intake"))
    print(f"{'':40}{'events/s':>12}{'cpu µs/event':>14}{'intake is':>12}")
    for name, (rate, used) in rates.items():
        print(f"{name:40}{rate:12,.0f}{used / total * 1e6:14,.0f}{best / rate:11.2f}x")


if __name__ == "__main__":
    main()
