"""Where sessions are kept: the twin in memory and the table, by the same tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from psycopg_pool import ConnectionPool

from hub.console.entrance.session_store import MemoryStore, PostgresStore, Store
from hub.console.entrance.sessions import IDLE, WHOLE, Aanmelding, Persoon, Sessions
from hub.ledger.database import migrate
from hub.main import HERE

#: Beyond the clock of the database, which clears what is over.
NOW = datetime(2090, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
FENNA = Persoon("fenna", "Fenna Proef", ("een@ede", "twee@ede"), "s1", "nog-eens")


def key(name: str) -> bytes:
    return sha256(name.encode()).digest()


class StoreContract:
    """What both must do."""

    def test_what_was_put_is_found_until_its_end(self, store: Store) -> None:
        store.put(key("a"), b"x", NOW + HOUR, NOW + HOUR, ())
        assert store.find(key("a"), NOW, None) == b"x"
        assert store.find(key("a"), NOW + HOUR, None) is None
        assert store.find(key("onbekend"), NOW, None) is None

    def test_its_end_moves_but_never_past_its_limit(self, store: Store) -> None:
        store.put(key("b"), b"x", NOW + HOUR, NOW + 2 * HOUR, ())
        assert store.find(key("b"), NOW, NOW + 9 * HOUR) == b"x"
        assert store.find(key("b"), NOW + HOUR, None) == b"x"
        assert store.find(key("b"), NOW + 2 * HOUR, None) is None

    def test_what_has_ended_is_not_changed_nor_kept_alive(self, store: Store) -> None:
        store.put(key("c"), b"x", NOW + HOUR, NOW + HOUR, ())
        assert store.change(key("c"), b"y", NOW)
        assert store.find(key("c"), NOW, None) == b"y"
        assert store.take(key("c"), NOW) == b"y"
        assert not store.change(key("c"), b"z", NOW)
        assert store.find(key("c"), NOW, NOW + HOUR) is None
        assert store.take(key("c"), NOW) is None

    def test_what_is_over_is_not_taken(self, store: Store) -> None:
        store.put(key("d"), b"x", NOW + HOUR, NOW + HOUR, ())
        assert store.take(key("d"), NOW + HOUR) is None

    def test_all_with_a_mark_are_counted_and_dropped(self, store: Store) -> None:
        for name, marks in (("e", ("m", "n")), ("f", ("m",)), ("g", ("n",))):
            store.put(key(name), b"x", NOW + HOUR, NOW + HOUR, [key(mark) for mark in marks])
        assert store.count(key("m"), NOW) == 2
        assert store.count(key("m"), NOW + HOUR) == 0
        assert store.drop(key("m")) == 2
        assert [store.find(key(name), NOW, None) for name in "efg"] == [None, None, b"x"]


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def store(self, postgres_dsn: str) -> Iterator[Store]:
        migrate(postgres_dsn, [HERE / "console" / "migrations"])
        with ConnectionPool(postgres_dsn, min_size=1, open=True) as pool:
            yield PostgresStore(pool)


@pytest.fixture
def kept() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def sessions(kept: MemoryStore) -> Sessions:
    return Sessions(kept)


def test_a_session_ends_when_idle_and_in_the_end_whatever_she_does(sessions: Sessions) -> None:
    name = sessions.begin(FENNA, NOW)
    at = NOW
    while at + IDLE < NOW + WHOLE:
        at += IDLE - timedelta(seconds=1)
        assert sessions.find(name, at) is not None
    assert sessions.find(name, NOW + WHOLE) is None
    idle = sessions.begin(FENNA, NOW)
    assert sessions.find(idle, NOW + IDLE) is None


def test_what_has_ended_does_not_come_back_by_a_request_on_its_way(sessions: Sessions) -> None:
    name = sessions.begin(FENNA, NOW)
    found = sessions.find(name, NOW)
    assert found is not None
    sessions.end(name, NOW)
    assert sessions.change(name, found, NOW, taal="en") is None
    assert sessions.wears(name, found, "een@ede", NOW) is None
    assert sessions.find(name, NOW) is None


def test_another_hat_is_another_name_and_another_key(sessions: Sessions) -> None:
    name = sessions.begin(FENNA, NOW)
    before = sessions.find(name, NOW)
    assert before is not None
    other = sessions.wears(name, before, "een@ede", NOW)
    assert other is not None
    after = sessions.find(other, NOW)
    assert after is not None
    assert (after.zetel, after.tot, after.hernieuwing) == ("een@ede", before.tot, "nog-eens")
    assert after.sleutel != before.sleutel
    assert sessions.find(name, NOW) is None


def test_all_sessions_of_somebody_end_or_those_of_one_sign_in(sessions: Sessions) -> None:
    one, other = sessions.begin(FENNA, NOW), sessions.begin(Persoon("fenna", "", FENNA.zetels, "s2"), NOW)
    stranger = sessions.begin(Persoon("zita", "", FENNA.zetels), NOW)
    assert sessions.count_of("fenna", NOW) == 2
    assert sessions.end_all_of("fenna", "s2") == 1
    assert sessions.find(other, NOW) is None
    assert sessions.find(one, NOW) is not None
    assert sessions.end_all_of("fenna") == 1
    assert sessions.find(one, NOW) is None
    assert sessions.find(stranger, NOW) is not None


def test_the_store_learns_neither_who_it_is_nor_how_to_be_her(sessions: Sessions, kept: MemoryStore) -> None:
    name = sessions.begin(FENNA, NOW)
    state = sessions.expect(Aanmelding("nonce-1", "verifier-1", "/console"), NOW)
    everything = repr(kept.__dict__)
    for secret in (name, state, "fenna", "Fenna", "een@ede", "nog-eens", "nonce-1", "verifier-1"):
        assert secret not in everything
    expected = sessions.expected(state, NOW)
    assert expected is not None
    assert expected.verifier == "verifier-1"
    assert sessions.expected(state, NOW) is None
