"""The clock of duties in a cluster: two at once, killed between any two writes, away for a week, and started anew."""

import threading
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from contracts.plicht import PlichtHerinnerd
from hub.handling.plichtenklok import FOLLOWER, Plichtenklok
from hub.ledger.database import Database, migrate
from hub.ledger.memory import MemoryLedger
from hub.ledger.postgres import PostgresLedger
from hub.ledger.store import Change, LedgerError, Receipt
from hub.main import MIGRATIONS
from tests.handling.executing import AVIM, NLA, World, riec_case, signaal
from tests.handling.plichtwereld import Plichtenwereld, dag

DAYS = (0, 0, 3, 5, 9, 15, 21, 22, 40)


class Killed(Exception):
    """The process is gone, at this very moment."""


class Brittle:
    """A store of which the process dies after so many writes, of facts or of its place, which are durable."""

    def __init__(self, store: MemoryLedger) -> None:
        self._store, self.left = store, 1_000_000

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def append(self, change: Change) -> Receipt:
        receipt = self._store.append(change)
        self._die_in_time()
        return receipt

    def move_cursor(self, follower: str, position: int) -> None:
        self._store.move_cursor(follower, position)
        self._die_in_time()

    def _die_in_time(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


def busy(store: Any) -> Plichtenwereld:
    """A world with duties of many kinds, none of which was seen yet."""
    wereld = Plichtenwereld(World(store=store))
    riec_case(wereld.world, "c", NLA)
    for number in range(5):
        wereld.ask(AVIM, signaal(f"s{number}", wpg_artikel="8"))
    return wereld


def told(wereld: Plichtenwereld) -> Counter[tuple[str, ...]]:
    """What stands on the ledger of duties, without positions and moments of recording."""
    return Counter(
        (type(one).__name__, str(one.plicht_id), str(getattr(one, "nummer", ""))) for one in wereld.recorded()
    )


@cache
def straight() -> Counter[tuple[str, ...]]:
    wereld = busy(MemoryLedger())
    for day in DAYS:
        wereld.run(day)
    return told(wereld)


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryLedger()
        return
    dsn = request.getfixturevalue("postgres_dsn")
    migrate(dsn, MIGRATIONS)
    ledger = PostgresLedger(Database(dsn))
    yield ledger
    ledger.close()


def test_two_at_once_do_each_thing_once(store: Any) -> None:
    wereld = busy(store)
    expected = straight()
    barrier = threading.Barrier(2)

    def keep(klok: Plichtenklok) -> None:
        for day in DAYS:
            barrier.wait()
            _until_done(klok, day)

    threads = [threading.Thread(target=keep, args=(wereld.another(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(wereld) == expected


def _until_done(klok: Plichtenklok, day: float) -> None:
    while True:
        try:
            klok.run(dag(day))
        except LedgerError:
            continue
        return


@pytest.mark.parametrize("writes", range(12))
def test_killed_after_any_write_and_started_anew_it_ends_the_same(writes: int) -> None:
    store = Brittle(MemoryLedger())
    wereld = busy(store)
    for day in DAYS:
        store.left = writes
        try:
            wereld.run(day)
        except Killed:
            store.left = 1_000_000
            wereld.klok = wereld.another()
            wereld.run(day)
    store.left = 1_000_000
    assert told(wereld) == straight()


def test_how_far_it_came_is_kept_only_to_save_work() -> None:
    wereld = busy(MemoryLedger())
    for day in DAYS:
        wereld.run(day)
        wereld.world.store.move_cursor(FOLLOWER, 0)
        wereld.klok = wereld.another()
    assert told(wereld) == straight()


def test_after_a_week_away_each_duty_gives_one_reminder_at_most() -> None:
    wereld = busy(MemoryLedger())
    wereld.run(0)
    wereld.klok = wereld.another()
    before = wereld.world.store.head()
    wereld.run(60)
    reminded = Counter(one.plicht_id for one in wereld.recorded(before) if isinstance(one, PlichtHerinnerd))
    assert set(reminded.values()) == {1}
    assert wereld.run(60) == []


def test_a_clock_that_jumps_forward_and_back_brings_nothing_twice() -> None:
    wereld = busy(MemoryLedger())
    for day in (0, 5, 0, 21, 3, 40, 0):
        wereld.run(day)
    seen = told(wereld)
    assert set(seen.values()) == {1}
    for day in (5, 21, 40):
        wereld.run(day)
    assert told(wereld) == seen


def test_nothing_is_recorded_where_nothing_is_due() -> None:
    wereld = busy(MemoryLedger())
    wereld.run(0)
    head = wereld.world.store.head()
    for _ in range(3):
        assert wereld.run(0.5) == []
    assert wereld.world.store.head() == head
