"""Whatever is lost, doubled or out of order, and wherever an abonnee dies: every notice is done once, in order."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.abonnee.door import Door
from adapters.abonnee.journal import Journal
from adapters.abonnee.working import OPGEHAALD, Work
from adapters.identity import FixedToken
from tests.adapters.feeding_hub import DOEL, FeedingHub, bericht, notice, notice_id

SUBJECTS = ["casus:a", "casus:b", "signaal:c"]
Place = tuple[str, int]


class Killed(BaseException):
    """kill -9: nothing catches it."""


def nothing(seconds: float) -> None:
    """The clock of the tests does not wait."""


def opened(hub: FeedingHub, folder: Path) -> tuple[Journal, Work]:
    journal = Journal(folder)
    return journal, Work(journal, Door(hub.client(), FixedToken("goed"), "z@ede", nothing, 1), doelen=(DOEL,))


def numbered(subjects: Sequence[str]) -> list[Place]:
    """Notices of these subjects, each with its place."""
    return [(one, subjects[: at + 1].count(one)) for at, one in enumerate(subjects)]


def done(journal: Journal) -> dict[str, list[int]]:
    """The places that were done of each subject, in the order in which they were."""
    found: dict[str, list[int]] = {}
    for subject, place, _, _ in journal.verwerkt():
        found.setdefault(subject, []).append(place)
    return found


def complete(notices: Sequence[Place]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for subject, place in notices:
        found.setdefault(subject, []).append(place)
    return found


NOTICES = st.lists(st.sampled_from(SUBJECTS), max_size=12).map(numbered)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Place], list[Place | None]]:
    """Notices, and deliveries of some of them in any order, some twice; None is a moment to work."""
    notices = draw(NOTICES)
    some: st.SearchStrategy[Place | None] = st.sampled_from([*notices, None]) if notices else st.just(None)
    return notices, draw(st.lists(some, max_size=30))


@given(deliveries())
@example(([("casus:a", 1), ("casus:a", 2)], [("casus:a", 2), None, ("casus:a", 1), None, ("casus:a", 2)]))
@settings(deadline=None)  # the disk decides how long a durable write takes
def test_every_notice_is_done_once_and_in_order(case: tuple[list[Place], list[Place | None]]) -> None:
    notices, delivered = case
    hub = FeedingHub(feed=[notice(*place) for place in notices])
    with tempfile.TemporaryDirectory() as folder:
        journal, work = opened(hub, Path(folder))
        for one in delivered:
            if one is None:
                work.round()
            else:
                journal.ontvang([bericht(*one)])
        assert all(places == list(range(1, len(places) + 1)) for places in done(journal).values())
        work.settle()
        assert done(journal) == complete(notices)
        assert {outcome for _, _, _, outcome in journal.verwerkt()} <= {OPGEHAALD}
        assert sum(hub.fetched.values()) == len(notices)
        assert work.round() == 0
        journal.close()


@given(case=deliveries(), taken=st.sets(st.integers(0, 11)))
@settings(deadline=None)
def test_what_the_hub_took_back_is_gone_past_and_nothing_else(
    case: tuple[list[Place], list[Place | None]], taken: set[int]
) -> None:
    notices, delivered = case
    hub = FeedingHub(feed=[None if at in taken else notice(*place) for at, place in enumerate(notices)])
    left = [place for at, place in enumerate(notices) if at not in taken]
    with tempfile.TemporaryDirectory() as folder:
        journal, work = opened(hub, Path(folder))
        for one in delivered:
            if one is None:
                work.round()
            elif one in left:
                journal.ontvang([bericht(*one)])
        work.settle()
        assert done(journal) == complete(left)
        assert journal.hiaten() == []
        journal.close()


@given(
    notices=NOTICES.filter(bool),
    delivered=st.lists(st.integers(0, 11), max_size=12),
    kills=st.lists(st.integers(0, 9), max_size=8),
)
@settings(deadline=None)
def test_a_kill_at_any_request_loses_nothing_and_does_nothing_twice(
    notices: list[Place], delivered: list[int], kills: list[int]
) -> None:
    hub = FeedingHub(feed=[notice(*place) for place in notices])
    waiting = [notices[at % len(notices)] for at in delivered]
    with tempfile.TemporaryDirectory() as folder:
        for requests in [*kills, None]:
            hub.before = kill_after(requests)
            journal, work = opened(hub, Path(folder))
            with suppress(Killed):
                if waiting:
                    journal.ontvang([bericht(*waiting.pop())])
                work.settle()
            journal.close()
        journal, _ = opened(hub, Path(folder))
        assert done(journal) == complete(notices)
        assert {notice_id(*place) for place in notices} == {str(id) for _, _, id, _ in journal.verwerkt()}
        journal.close()


def kill_after(requests: int | None) -> Callable[[httpx.Request], None]:
    """Let so many requests pass; None for all."""
    passed = 0

    def before(request: httpx.Request) -> None:
        nonlocal passed
        passed += 1
        if requests is not None and passed > requests:
            raise Killed

    return before
