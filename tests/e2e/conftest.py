"""What the casebook does not hold yet is counted at the end of every run."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import orjson
import pytest

from hub.demo import STORIES

_STORY = re.compile(r"test_casebook\.py::test_(story|row_that_waits)\[(cb-\d+)")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Lines of the casebook that hold and that wait, by rule; and what has no counterpart in its messages yet."""
    stats = terminalreporter.stats
    told = [found[2] for one in stats.get("passed", ()) if (found := _STORY.search(one.nodeid)) and found[1] == "story"]
    if not told:
        return
    contents = {id: orjson.loads((STORIES / f"{id}.json").read_bytes()) for id in told}
    waiting = [one for one in stats.get("xfailed", ()) if _STORY.search(one.nodeid)]
    by_rule = Counter(one.wasxfail.removeprefix("reason: ").partition(":")[0] for one in waiting)
    lines = sum(len(content["verwachting"]["zicht"]) for content in contents.values())
    probes = sum(len(content["verwachting"]["sporen"]) for content in contents.values())
    untold = Counter(one["waarom"] for content in contents.values() for one in content["nog_niet"])
    terminalreporter.section("casuistiek")
    holding = f"{lines - len(waiting)} van {lines} regels"
    terminalreporter.line(f"{len(told)} verhalen, {holding}, {probes} sporen")
    for rule, times in by_rule.most_common():
        terminalreporter.line(f"wacht op {rule}: {times} regels")
    for reason, times in untold.most_common():
        terminalreporter.line(f"nog niet in berichten: {times}× {reason}")
