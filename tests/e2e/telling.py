"""The casebook told to a hub, step by step, with everyone watching at the moments the stories name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from time import sleep
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from adapters.delivery import Delivery, Resultaat
from contracts.casus import CasusGeopend
from contracts.cloudevents import CloudEvent
from contracts.verstrekking import SignaalVerstrekt
from hub.demo import STORIES, Rows, Story, batches, read_first
from tests.e2e.gaze import Gaze, Seen
from tests.e2e.world import World

OWN_PURPOSE = "interne-controle"
STRANGERS = 3


class Row(NamedTuple):
    """One line of what a story expects: after event `na`, what a seat sees and does not see."""

    na: int
    zetel: str
    ziet: tuple[str, ...]
    ziet_niet: tuple[str, ...]
    regels: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.na} {self.zetel}"

    @classmethod
    def of(cls, row: dict[str, Any]) -> Row:
        return cls(row["na"], row["zetel"], tuple(row["ziet"]), tuple(row["ziet_niet"]), tuple(row["regels"]))


@dataclass(slots=True)
class Told:
    """A story told. `seen`: by name of the row; `last`: what every seat, and some strangers, held at the end."""

    story: Story
    batches: list[tuple[str, list[CloudEvent]]] = field(default_factory=list)
    answers: list[Resultaat] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)
    last: dict[str, Seen] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        return expected(self.story)


def expected(story: Story) -> list[Row]:
    """The lines of a story, in order."""
    return [Row.of(row) for row in story.verwachting["zicht"]]


def seats() -> dict[str, list[str]]:
    """The seats that each story knows, by story."""
    contents = (orjson.loads(path.read_bytes()) for path in sorted(STORIES.glob("cb-*.json")))
    return {content["id"]: content["zetels"] for content in contents}


def number(step: dict[str, Any]) -> int:
    """The event of the story that a step belongs to: 5 for 5, 5d and 5d2."""
    found = re.match(r"\d+", str(step["n"]))
    assert found is not None
    return int(found.group())


class Teller:
    """Tells stories one after the other. `seats`: of each story."""

    def __init__(self, world: World, seats: dict[str, list[str]]) -> None:
        self.world, self._seats = world, seats
        self._everyone = sorted({zetel for known in seats.values() for zetel in known})
        self._rows, self._delivery = Rows(), Delivery(world.http, world.clients, sleep)
        self._doelen: dict[str, set[str]] = {}
        self._read = 0

    def tell(self, story: Story) -> Told:
        """Push a story and look with every seat that it says something about, each at its moment."""
        told, since = Told(story), self.world.hub.store.head()
        waiting = {na: list(rows) for na, rows in groupby(sorted(told.rows), lambda row: row.na)}
        signalen: set[UUID] = set()
        casussen: set[UUID] = set()
        for na, steps in groupby(story.stappen, number):
            for earlier in [moment for moment in waiting if moment < na]:
                self._watch(told, waiting.pop(earlier), since, signalen, casussen)
            for zetel, events in self._push(replace(story, stappen=list(steps)), told):
                told.batches.append((zetel, events))
                signalen |= {UUID(event.data["signaalId"]) for event in events if "signaalId" in event.data}
                casussen |= {UUID(event.data["casusId"]) for event in events if event.data.get("casusId")}
        for moment in list(waiting):
            self._watch(told, waiting.pop(moment), since, signalen, casussen)
        gaze = self._gaze(since, signalen, casussen)
        for zetel in sorted({*self._seats[story.id], *story.zetels, *self._strangers(story)}):
            told.last[zetel] = gaze.look(zetel, self._purposes(zetel))
        return told

    def again(self, told: Told) -> list[Resultaat]:
        """The same story once more."""
        return [one for zetel, events in told.batches for one in self._delivery.send(zetel, events)]

    def _push(self, part: Story, told: Told) -> Iterator[tuple[str, list[CloudEvent]]]:
        for zetel, told_events, _ in batches(part, self._rows):
            if told_events:
                events = read_first(zetel, told_events, self.world.http, self.world.clients, self.world.settle)
                told.answers += self._delivery.send(zetel, events)
                yield zetel, events

    def _watch(self, told: Told, rows: list[Row], since: int, signalen: set[UUID], casussen: set[UUID]) -> None:
        gaze = self._gaze(since, signalen, casussen)
        for row in rows:
            told.seen[row.name] = gaze.look(row.zetel, self._purposes(row.zetel))

    def _gaze(self, since: int, signalen: set[UUID], casussen: set[UUID]) -> Gaze:
        self.world.settle()
        return Gaze(self.world, since, frozenset(signalen), frozenset(casussen))

    def _purposes(self, zetel: str) -> set[str]:
        """Every purpose for which this seat was ever given anything, and every one of a case."""
        while page := self.world.hub.read(self._read, 2_000):
            self._read = page[-1].position
            for _, event in page:
                if isinstance(event, SignaalVerstrekt):
                    self._doelen.setdefault(event.ontvanger, set()).add(event.doel)
                elif isinstance(event, CasusGeopend):
                    self._doelen.setdefault("", set()).add(event.doel)
        return {OWN_PURPOSE} | self._doelen.get("", set()) | self._doelen.get(zetel, set())

    def _strangers(self, story: Story) -> list[str]:
        """A few seats that the story does not know, each story others."""
        others = [zetel for zetel in self._everyone if zetel not in self._seats[story.id]]
        start = sum(story.id.encode()) * 7
        return [others[(start + 31 * at) % len(others)] for at in range(STRANGERS)]
