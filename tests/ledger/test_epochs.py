"""Key epochs: the living are wrapped anew, the rest never opens again, and it may stop anywhere."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from hub.ledger.database import Database
from hub.ledger.epochs import FIRST, EpochRows, MemoryEpochs, PostgresEpochs, end_epoch
from hub.ledger.keys import EpochKeyStore, FakeKeyStore, FileKeyStore, KeyStoreError, SubjectKeys, context
from hub.ledger.memory import MemoryLedger
from hub.ledger.postgres import PostgresLedger
from hub.ledger.store import Change, KeyConflict, KeyId, LedgerStore

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class World:
    """A ledger with keys in it, and a file of key-encryption keys."""

    def __init__(self, store: LedgerStore, rows: EpochRows, key_store: EpochKeyStore) -> None:
        self.store, self.rows, self.key_store = store, rows, key_store
        self.randbytes = random.Random(uuid4().int).randbytes
        self.kek = key_store.names()[-1]

    def keys(self) -> SubjectKeys:
        """As another process would have them: nothing remembered."""
        return SubjectKeys(self.store, self.key_store, self.randbytes, lambda: 0.0)

    def made(self, count: int) -> dict[KeyId, bytes | None]:
        ids = [KeyId(uuid4(), "riec") for _ in range(count)]
        keys = self.keys()
        found = keys.get_many(ids, create=True)
        self.store.append(Change((), new_keys=keys.pending(ids)))
        return found


@pytest.fixture(params=["memory", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A memory ledger with a fake key store, or PostgreSQL with a key file."""
    if request.param == "memory":
        ledger = MemoryLedger()
        yield World(ledger, MemoryEpochs(ledger), FakeKeyStore(random.Random(3).randbytes))
        ledger.close()
        return
    dsn = request.getfixturevalue("migrated_dsn")
    store = PostgresLedger(Database(dsn))
    yield World(store, PostgresEpochs(dsn), FileKeyStore(tmp_path / "kek", random.Random(uuid4().int).randbytes))
    store.close()


def test_the_living_keep_their_keys_and_the_old_key_is_gone(world: World) -> None:
    living = world.made(7)
    (gone,) = world.made(1)
    stolen = world.store.keys([gone])[gone]
    world.store.destroy_key(gone, NOW)
    assert end_epoch(world.rows, world.key_store, world.kek, NOW) == 7
    assert world.rows.end(world.kek, NOW)
    assert not world.rows.end(world.kek, NOW)
    assert world.keys().get_many(living) == living
    assert world.keys().get_many([gone]) == {gone: None}
    for kek in (world.kek, *world.key_store.names()):
        with pytest.raises(KeyStoreError):
            world.key_store.unwrap(kek, stolen.wrapped or b"", context(gone))


def test_it_says_where_something_was_destroyed_and_that_it_ended(world: World) -> None:
    one, _ = world.made(2)
    world.store.destroy_key(one, NOW)
    (before,) = [epoch for epoch in world.rows.epochs() if epoch.kek == world.kek]
    assert (before.living, before.destroyed, before.since, before.ended) == (1, 1, NOW, False)
    end_epoch(world.rows, world.key_store, world.kek, NOW)
    world.rows.end(world.kek, NOW)
    (after,) = [epoch for epoch in world.rows.epochs() if epoch.kek == world.kek]
    assert (after.living, after.closed, after.ended) == (0, True, True)


class Stopped(Exception):
    """The process was killed here."""


def _stop() -> None:
    raise Stopped


@pytest.mark.parametrize("at", ["renew", "close", "rewrap", "destroy"])
def test_stopped_anywhere_it_goes_on(world: World, at: str) -> None:
    living = world.made(5)
    stops: dict[str, Callable[[], None]] = {at: _stop}
    with pytest.raises(Stopped):
        end_epoch(Halting(world.rows, stops), HaltingKeys(world.key_store, stops), world.kek, NOW)
    assert world.keys().get_many(living) == living
    end_epoch(world.rows, world.key_store, world.kek, NOW)
    assert world.rows.end(world.kek, NOW)
    assert world.kek not in world.key_store.names()
    assert world.keys().get_many(living) == living


def test_a_key_made_meanwhile_under_the_old_one_is_refused_and_made_anew(world: World) -> None:
    late = world.keys()
    id = KeyId(uuid4(), "riec")
    late.get_many([id], create=True)
    end_epoch(world.rows, world.key_store, world.kek, NOW)
    with pytest.raises(KeyConflict) as refused:
        world.store.append(Change((), new_keys=late.pending([id])))
    late.forget(refused.value.ids)
    key = late.get_many([id], create=True)
    world.store.append(Change((), new_keys=late.pending([id])))
    assert world.keys().get_many([id]) == key


def test_a_destroyed_key_is_not_brought_back_by_wrapping_anew(world: World) -> None:
    (id,) = world.made(1)
    page = world.rows.living(world.kek, FIRST, 1000)
    world.store.destroy_key(id, NOW)
    assert world.rows.rewrap([(row.wrapped or b"", row) for row in page if row.id == id]) == 0
    assert world.store.keys([id])[id].wrapped is None


def test_the_key_that_wraps_is_never_destroyed(world: World) -> None:
    with pytest.raises(KeyStoreError):
        world.key_store.destroy(world.key_store.names()[-1])


def test_another_process_takes_the_new_key_over(tmp_path: Path) -> None:
    here, there = (FileKeyStore(tmp_path / "kek", random.Random(seed).randbytes) for seed in (1, 2))
    old = there.wrap(b"k" * 32, b"x")
    new = here.renew(NOW.date())
    assert there.wrap(b"k" * 32, b"x")[0] == new
    assert there.unwrap(*old, b"x") == b"k" * 32
    here.destroy(old[0])
    assert there.names() == (new,)
    with pytest.raises(KeyStoreError):
        there.unwrap(*old, b"x")
    assert (tmp_path / "kek").stat().st_mode & 0o777 == 0o600


class Halting:
    """Rows of a process that is killed before or after a step."""

    def __init__(self, rows: EpochRows, stops: dict[str, Callable[[], None]]) -> None:
        self._rows, self._stops = rows, stops
        self.epochs, self.living, self.end = rows.epochs, rows.living, rows.end

    def close(self, kek: str, moment: datetime) -> None:
        self._stops.get("close", lambda: None)()
        self._rows.close(kek, moment)

    def rewrap(self, rows: list) -> int:  # type: ignore[type-arg]
        done = self._rows.rewrap(rows[: len(rows) // 2] or rows)
        self._stops.get("rewrap", lambda: None)()
        return done + self._rows.rewrap(rows)


class HaltingKeys:
    """A key store of a process that is killed before or after a step."""

    def __init__(self, keys: EpochKeyStore, stops: dict[str, Callable[[], None]]) -> None:
        self._keys, self._stops = keys, stops
        self.names, self.wrap, self.unwrap = keys.names, keys.wrap, keys.unwrap

    def renew(self, op: date) -> str:
        made = self._keys.renew(op)
        self._stops.get("renew", lambda: None)()
        return made

    def destroy(self, kek: str) -> None:
        self._keys.destroy(kek)
        self._stops.get("destroy", lambda: None)()
