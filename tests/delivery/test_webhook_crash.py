"""kill -9 of whoever delivers, again and again: everything arrives, in order, and nothing is skipped."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tests.delivery.receiver import Receiver
from tests.delivery.webhook_world import World

SUBJECTS = [f"casus:{number}" for number in range(7)]


@contextmanager
def child(here: World, folder: Path, url: str, id: str) -> Iterator[None]:
    """Delivers in a process of its own, which is killed at the end."""
    command = [sys.executable, "-m", "tests.delivery.webhook_child", here.dsn, str(folder), url, id]
    with subprocess.Popen(command) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGKILL)


def test_killed_anywhere_everything_arrives_in_order(here: World, receiver: Receiver, tmp_path: Path) -> None:
    id = str(uuid4())
    told = [str(one) for one in here.tell(SUBJECTS * 100)]
    for part in range(1, 4):
        with child(here, tmp_path, receiver.url, id):
            here.until(lambda part=part: len(receiver.posts) >= part * 150)  # type: ignore[misc]
    with child(here, tmp_path, receiver.url, id):
        here.until(lambda: [row[1] for row in here.rows()] == ["bezorgd"] * len(told))
    assert {one["id"] for one in receiver.events} == set(told)
    first = list(dict.fromkeys((one["subject"], int(one["sequence"])) for one in receiver.events))
    for subject in SUBJECTS:
        numbers = [number for of, number in first if of == subject]
        assert numbers == sorted(numbers)
