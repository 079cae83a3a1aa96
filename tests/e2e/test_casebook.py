"""The casebook against a whole hub: what every seat sees at the moments the stories name, and what it never sees."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import yaml

from contracts.terugkoppeling import TerugkoppelingGeescaleerd, TerugkoppelingHerinnerd
from contracts.terugroeping import TerugroepingGeescaleerd, TerugroepingHerinnerd
from hub.demo import stories
from tests.e2e.gaze import Seen
from tests.e2e.telling import Row, Teller, Told, expected, seats
from tests.e2e.world import World, opened

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("casebook")]

STORIES = {story.id: story for story in stories()}
WAITING: dict[str, list[dict[str, str]]] = yaml.safe_load((Path(__file__).parent / "nog_niet.yaml").read_text("utf-8"))
#: What the clock adds of itself.
CLOCK = (TerugroepingGeescaleerd, TerugroepingHerinnerd, TerugkoppelingHerinnerd, TerugkoppelingGeescaleerd)
WAITS = {(id, line["rij"]): line for id, lines in WAITING.items() for line in lines}


@dataclass(frozen=True, slots=True)
class Casebook:
    """The casebook after it was told."""

    world: World
    teller: Teller
    told: dict[str, Told]
    seat_names: frozenset[str]


@pytest.fixture(scope="module")
def casebook(postgres_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """All stories, told in order to one hub."""
    with opened(postgres_dsn, tmp_path_factory.mktemp("hub")) as world:
        teller = Teller(world, seats())
        told = {story.id: teller.tell(story) for story in STORIES.values()}
        yield Casebook(world, teller, told, frozenset(world.hub.beleid.instanties))


@pytest.mark.parametrize("story", STORIES)
def test_story(casebook: Casebook, story: str) -> None:
    told = casebook.told[story]
    missing = [
        f"na {row.name}: ziet niet {absent}"
        for row in told.rows
        if (story, row.name) not in WAITS and (absent := unseen(told, row))
    ]
    assert missing + leaks(casebook, told) == []


@pytest.mark.parametrize(
    ("story", "row"),
    [
        pytest.param(*key, marks=pytest.mark.xfail(reason=f"{line['regel']}: {line['waarom']}"), id="-".join(key))
        for key, line in WAITS.items()
    ],
)
def test_row_that_waits(casebook: Casebook, story: str, row: str) -> None:
    told = casebook.told[story]
    (line,) = (line for line in told.rows if line.name == row)
    assert unseen(told, line) == []


def test_what_waits_is_in_the_casebook() -> None:
    assert WAITS.keys() <= {(id, row.name) for id, story in STORIES.items() for row in expected(story)}


def test_every_moment_was_looked_at(casebook: Casebook) -> None:
    for told in casebook.told.values():
        assert told.seen.keys() == {row.name for row in told.rows}


def test_the_doors_and_the_rows_show_the_same_signals(casebook: Casebook) -> None:
    """A door that shows nothing would pass every test on what must not be seen."""
    for told in casebook.told.values():
        for seen in told.last.values():
            stored = {str(row["signaal_id"]) for where, row in seen.found if where == "zicht_signaal"}
            assert stored == {item["signaalId"] for where, item in seen.found if where == "/v1/signalen"}, seen.zetel


def test_what_has_to_go_on_beside_the_doors_goes_on(casebook: Casebook) -> None:
    wanted = {"projector", "publisher", "herzien", "verlopen", "toezicht", "bewaarlijst", "tijdvakken"}
    assert wanted <= {thread.name for thread in threading.enumerate()}


def test_telling_it_twice_changes_nothing(casebook: Casebook) -> None:
    store, teller = casebook.world.hub.store, casebook.teller
    before = store.head()
    for told in casebook.told.values():
        messages = [event for _, events in told.batches for event in events]
        for message, first, second in zip(messages, told.answers, teller.again(told), strict=True):
            assert second.status == {"aanvaard": "herhaald"}.get(first.status, first.status), message.id
    # The stories are of last year: their terms of answering are over, and the clock says so meanwhile.
    assert {one.topic for one in store.read(before, 1_000)} <= {one.TYPE for one in CLOCK}


def test_only_stories_with_something_to_wait_for_are_refused(casebook: Casebook) -> None:
    refused = {id for id, told in casebook.told.items() for one in told.answers if one.status != "aanvaard"}
    assert refused <= {*WAITING}


def unseen(told: Told, row: Row) -> list[str]:
    """What the seat should have seen at that moment and did not."""
    text = told.seen[row.name].text()
    return [wanted for wanted in row.ziet if wanted not in text]


def leaks(casebook: Casebook, told: Told) -> list[str]:
    """Every text that some seat reached and should not have, and every refusal that betrays what it refuses."""
    found = [
        f"LEK na {row.name}: {text!r} in {where}"
        for row in told.rows
        for text in row.ziet_niet
        for where in places(casebook, told.seen[row.name], text)
    ]
    for probe in told.story.verwachting["sporen"]:
        strange = [seen for zetel, seen in told.last.items() if zetel not in probe["alleen"]]
        strange += [seen for seen in told.seen.values() if seen.zetel not in probe["alleen"]]
        found += [
            f"LEK bij {seen.zetel}: spoor {probe['tekst']!r} in {where}"
            for seen in strange
            for where in places(casebook, seen, probe["tekst"])
        ]
    looks = (*told.seen.values(), *told.last.values())
    return found + [f"ANDERE WEIGERING bij {seen.zetel}: {one}" for seen in looks for one in seen.unlike]


def places(casebook: Casebook, seen: Seen, text: str) -> set[str]:
    """Where a seat reached a text of others. That a word is part of the name of a seat says nothing.

    A recall names the signal that its recipient held and may hold no longer: without that it could not obey.
    """
    return {
        where
        for where, leaf in seen.of_others()
        if text in leaf
        and (leaf not in casebook.seat_names or text == leaf)
        and not (where == "zicht_terugroeping" and text == leaf and is_number(text))
    }


def is_number(text: str) -> bool:
    """Whether this is the number of something in the hub."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
