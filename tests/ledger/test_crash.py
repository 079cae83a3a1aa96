"""kill -9 at any moment: nothing acknowledged is lost, nothing is applied twice."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from hub.ledger.database import EmbeddedServer, open_database
from hub.ledger.postgres import PostgresLedger
from tests.ledger.facts import assert_whole

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="signaalhub-test-"))
    path.chmod(0o711)
    yield path
    server = EmbeddedServer(path)
    server.start()
    server.close()
    shutil.rmtree(path)


@contextmanager
def _child(folder: Path, start: int, count: int) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.crash_child", str(folder), str(start), str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def _read(child: subprocess.Popen[str], lines: int | None, into: dict[int, tuple[int, ...]]) -> None:
    """Note acknowledgements: `lines` of them, or all that come. A replay must get the first answer."""
    assert child.stdout is not None
    for line in child.stdout:
        if not line.endswith("\n"):
            break  # cut off by the kill: not acknowledged
        number, *positions = map(int, line.split())
        assert into.setdefault(number, tuple(positions)) == tuple(positions)
        if lines is not None and (lines := lines - 1) == 0:
            break


def _assert_kept(folder: Path, acknowledged: dict[int, tuple[int, ...]], everything: int | None) -> None:
    with open_database(None, folder) as database:
        ledger = PostgresLedger(database)
        assert_whole(ledger)
        events = {event.position: event for event in ledger.read(0, 1_000_000)}
        for number, (first, second) in acknowledged.items():
            assert events[first].state == b"een-%d" % number
            assert events[second].state == b"twee-%d" % number
            assert len(ledger.stream(UUID(int=number))) == 2
        if everything is not None:
            assert len(events) == 2 * everything
        ledger.close()


def test_killed_writer_loses_and_doubles_nothing(folder: Path) -> None:
    moments = random.Random(20260102)
    acknowledged: dict[int, tuple[int, ...]] = {}
    for _ in range(4):
        with _child(folder, 1, 3_000) as child:
            _read(child, moments.randint(1, 400) + len(acknowledged), acknowledged)
            child.send_signal(signal.SIGKILL)
            _read(child, None, acknowledged)
        _assert_kept(folder, acknowledged, None)
    last = max(acknowledged) + 50
    with _child(folder, 1, last) as child:
        _read(child, None, acknowledged)
        assert child.wait() == 0
    assert sorted(acknowledged) == list(range(1, last + 1))
    _assert_kept(folder, acknowledged, last)


def test_killed_database_loses_and_doubles_nothing(folder: Path) -> None:
    moments = random.Random(20260103)
    acknowledged: dict[int, tuple[int, ...]] = {}
    with _child(folder, 1, 1_500) as child:
        for _ in range(3):
            _read(child, moments.randint(50, 300), acknowledged)
            os.kill(EmbeddedServer(folder).postmaster_pid(), signal.SIGKILL)
        _read(child, None, acknowledged)
        assert child.wait() == 0
    assert sorted(acknowledged) == list(range(1, 1_501))
    _assert_kept(folder, acknowledged, 1_500)
