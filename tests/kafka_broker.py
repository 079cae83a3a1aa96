"""The broker of the tests: one for all workers of a run, a real one always.

`HUB_TEST_KAFKA`: an address, or the kind to start (`docker`, `maven`, `wheel`); the best of the machine by default.
"""

import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kafka import KafkaAdminClient

from deploy.kafka.broker import Broker, start_broker

HOUSE = Path(__file__).resolve().parent.parent
#: A member of a group that joins late waits for the others' heartbeats: short ones keep tests quick.
QUICK_GROUP = {"heartbeat_interval_ms": 1000, "session_timeout_ms": 10_000}


def shared_address(folder: Path) -> str:
    """The address of the run's broker; who asks first starts it. `folder`: the same for all workers."""
    given = os.environ.get("HUB_TEST_KAFKA", "")
    if ":" in given:
        return given
    known = folder / "kafka-address"
    with (folder / "kafka-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            known.write_text(_started(given))
    return known.read_text()


def _started(kind: str) -> str:
    parent = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    command = [sys.executable, "-m", "deploy.kafka", "start", "--parent", str(parent)]
    command += ["--kind", kind] if kind else []
    done = subprocess.run(command, cwd=HOUSE, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@contextmanager
def own_broker(folder: Path) -> Iterator[Broker]:
    """A started broker nobody else uses, to send away and call back."""
    given = os.environ.get("HUB_TEST_KAFKA", "")
    broker = start_broker(folder, given if given and ":" not in given else None)
    try:
        yield broker
    finally:
        broker.stop()


def unique(name: str) -> str:
    """A name of a topic or group that no other test has."""
    return f"{name}.{secrets.token_hex(4)}"


def make_topics(address: str, *names: str, partitions: int = 1) -> None:
    """Topics that are there when this returns."""
    admin = KafkaAdminClient(bootstrap_servers=address)
    try:
        wanted = {name: {"num_partitions": partitions, "replication_factor": 1} for name in names}
        admin.create_topics(wanted, wait_for_metadata=True)
    finally:
        admin.close()
