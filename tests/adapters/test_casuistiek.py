"""The stories: every step stands on a row of a file, and that row is one message of its seat and source."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from adapters.intake import Row
from adapters.known import find_adapter
from tests.adapters.reading import FOLDER

LATER = datetime(2027, 1, 1, tzinfo=UTC)
STORIES = sorted(path.stem for path in (FOLDER / "casuistiek").glob("cb-*.json"))


@cache
def rows(adapter: str, bron: str, file: str) -> dict[int, Row]:
    return {row.number: row for row in find_adapter(adapter, bron).read(FOLDER / file, now=LATER)}


def story(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "casuistiek" / f"{name}.json").read_text())
    return loaded


def test_all_stories_are_there() -> None:
    assert len(STORIES) == 44


@pytest.mark.parametrize("name", STORIES)
def test_every_step_is_one_message(name: str) -> None:
    for step in story(name)["stappen"]:
        row = rows(step["adapter"], step["bron"], step["bestand"])[step["regel"]]
        assert row.faults == ()
        assert [event.source for event in row.events] == [step["bron"]]
        assert row.zetel in (None, step["zetel"])
