"""Exactly once, from scratch or step by step: the rows are the same."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.views.projector import AnotherProjector, Projector
from hub.views.rows import TABLES, row_key
from tests.views.kluis import Kluis
from tests.views.lot import lot
from tests.views.verhaal import POLITIE, geregistreerd, reader, recorded


def shown(dsn: str) -> dict[str, Any]:
    """Every row of every view, unsealed, and the position."""
    rows: dict[str, Any] = {}
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', false)")
        for table in TABLES:
            names = ", ".join((*table.columns, "inhoud"))
            for row in connection.execute(f"select {names} from {table.name}").fetchall():  # type: ignore[arg-type]
                key = row_key(table, row)
                (opened,) = Kluis().unseal_many([(key, row[-1])])
                rows[key] = (row[:-1], opened.open, sorted(map(repr, opened.contents)))
        rows["positie"] = connection.execute("select position from tracking").fetchall()
    return rows


def project(dsn: str, events: Any, batch: int, cached: int = 100) -> None:
    """Make the views anew with batches of this size."""
    projector = Projector(dsn, reader(events), Kluis(), batch=batch, cached=cached)
    projector.rebuild(lambda position, head: None, len(events))
    projector.close()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), count=st.integers(1, 80), batch=st.integers(1, 7))
def test_rebuilt_views_are_those_made_step_by_step(dsn: str, seed: int, count: int, batch: int) -> None:
    events = recorded(lot(seed, count))
    project(dsn, events, count + 1)
    from_scratch = shown(dsn)
    project(dsn, events, batch, cached=0)
    assert shown(dsn) == from_scratch


@pytest.mark.parametrize("after", [1, 9, 25])
def test_killed_in_the_middle_it_goes_on_where_it_was(dsn: str, after: int) -> None:
    events = recorded(lot(11, 120))
    project(dsn, events, 500)
    expected = shown(dsn)
    empty = Projector(dsn, reader([]), Kluis())
    empty.rebuild(lambda position, head: None, 0)
    empty.close()
    command = [sys.executable, "-m", "tests.views.killed", dsn, "11", "120"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    rest = Projector(dsn, reader(events), Kluis())
    stopped = threading.Event()
    rest.follow(stopped, lambda position, timeout: stopped.set())  # waits out the lock of the killed one
    rest.close()
    assert shown(dsn) == expected


def test_events_read_twice_are_applied_once(dsn: str) -> None:
    events = recorded(lot(5, 60))
    project(dsn, events, 500)
    expected = shown(dsn)
    forgetful = Projector(dsn, lambda after, limit: [*events[:after], *events[after : after + 9] * 2], Kluis())
    forgetful.rebuild(lambda position, head: None, 60)
    assert forgetful.run_once() == 0
    forgetful.close()
    assert shown(dsn) == expected


def test_a_database_has_one_projector(dsn: str) -> None:
    first, second = (Projector(dsn, reader([]), Kluis()) for _ in range(2))
    first.run_once()
    with pytest.raises(AnotherProjector):
        second.run_once()
    first.close()
    assert second.run_once() == 0
    second.close()


def test_a_failure_while_sealing_leaves_nothing_and_can_be_retried(dsn: str) -> None:
    class Broken(Kluis):
        broken = True

        def seal_many(self, rows: Any) -> list[bytes]:
            if self.broken:
                raise OSError("no keys")
            return super().seal_many(rows)

    sealer = Broken()
    projector = Projector(dsn, reader(recorded([geregistreerd("s", POLITIE, "a")])), sealer)
    with pytest.raises(OSError, match="no keys"):
        projector.run_once()
    assert shown(dsn) == {"positie": [(0,)]}
    sealer.broken = False
    assert projector.run_once() == 1
    projector.close()


def test_progress_is_told_per_batch(dsn: str) -> None:
    told: list[tuple[int, int]] = []
    projector = Projector(dsn, reader(recorded(lot(3, 25))), Kluis(), batch=10)
    assert projector.rebuild(lambda position, head: told.append((position, head)), 25) == 25
    projector.close()
    assert told == [(10, 25), (20, 25), (25, 25)]
