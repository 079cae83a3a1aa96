"""Work beside the doors: it goes on, it ends with them, and of its failures nothing personal is logged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import orjson

from hub.log import Log
from hub.tasks import beside, in_threads

NU = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG = 30.0
CANARY = "999900018"


def test_each_work_goes_on_under_its_name_and_ends_with_the_context() -> None:
    names, ended = set(), []
    going = threading.Barrier(3)

    def work(stop: threading.Event) -> None:
        names.add(threading.current_thread().name)
        going.wait(LONG)
        ended.append(stop.wait(LONG))

    with beside(("een", work), ("twee", work)):
        going.wait(LONG)
        assert (names, ended) == ({"een", "twee"}, [])
    assert ended == [True, True]


def test_a_failure_is_logged_by_kind_and_place_alone() -> None:
    lines, told = StringIO(), threading.Event()

    def follow(stop: threading.Event, clock: Callable[[], datetime], failed: Callable[[Exception], None]) -> None:
        assert clock() == NU
        try:
            raise ValueError(f"van {CANARY} weten wij niets")
        except ValueError as error:
            failed(error)
        told.set()

    with in_threads([("plichten", 5.0, follow)], Log(lines, "debug", lambda: NU), lambda: NU):
        assert told.wait(LONG)
    line = orjson.loads(lines.getvalue())
    assert (line["taak"], line["fout"], line["wacht_seconden"]) == ("plichten", "ValueError", 5.0)
    assert line["plaats"].startswith(f"{__name__}:")
    assert CANARY not in lines.getvalue()
