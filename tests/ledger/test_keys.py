"""Keys per subject: made once, shared, and gone when destroyed."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from hub.ledger.keys import (
    Destroyed,
    FakeKeyStore,
    FileKeyStore,
    KeyStore,
    KeyStoreError,
    SubjectKeys,
    UnknownKey,
)
from hub.ledger.store import Change, KeyId, LedgerStore, WrappedKey

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture(params=["file", "fake"])
def make_key_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], KeyStore]:
    if request.param == "file":
        return lambda name: FileKeyStore(tmp_path / name, os.urandom)
    return lambda name: FakeKeyStore(os.urandom)


class TestKeyStore:
    def test_unwraps_what_it_wrapped(self, make_key_store: Callable[[str], KeyStore]) -> None:
        store = make_key_store("a")
        kek, wrapped = store.wrap(b"k" * 32, b"wie")
        assert b"k" * 8 not in wrapped
        assert store.unwrap(kek, wrapped, b"wie") == b"k" * 32

    def test_refuses_another_owner_or_kek_or_damage(self, make_key_store: Callable[[str], KeyStore]) -> None:
        store, other = make_key_store("a"), make_key_store("b")
        kek, wrapped = store.wrap(b"k" * 32, b"wie")
        for refused in (
            lambda: store.unwrap(kek, wrapped, b"een ander"),
            lambda: store.unwrap(kek, wrapped[:-1] + b"\x00\x00", b"wie"),
            lambda: other.unwrap(kek, wrapped, b"wie"),
        ):
            with pytest.raises(KeyStoreError):
                refused()


class TestFileKeyStore:
    def test_file_is_private_and_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "sleutel"
        kek, wrapped = FileKeyStore(path, os.urandom).wrap(b"k" * 32, b"")
        assert path.stat().st_mode & 0o777 == 0o600
        assert FileKeyStore(path, os.urandom).unwrap(kek, wrapped, b"") == b"k" * 32
        assert list(tmp_path.iterdir()) == [path]

    def test_file_that_others_may_read_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "sleutel"
        FileKeyStore(path, os.urandom)
        path.chmod(0o640)
        with pytest.raises(KeyStoreError, match="chmod 600"):
            FileKeyStore(path, os.urandom)

    def test_damaged_file_is_never_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "sleutel"
        path.touch(0o600)
        with pytest.raises(KeyStoreError, match="backup"):
            FileKeyStore(path, os.urandom)
        assert path.read_text() == ""


class TestSubjectKeys:
    def _keys(self, ledger: LedgerStore, key_store: KeyStore, clock: Callable[[], float] = lambda: 0.0) -> SubjectKeys:
        return SubjectKeys(ledger, key_store, os.urandom, clock)

    def _save(self, ledger: LedgerStore, keys: SubjectKeys, *ids: KeyId) -> None:
        ledger.append(Change((), new_keys=keys.pending(ids)))
        keys.confirm(ids)

    def test_a_new_key_is_pending_until_its_change_is_durable(self, ledger: LedgerStore) -> None:
        keys, id = self._keys(ledger, FakeKeyStore(os.urandom)), KeyId(uuid4(), "riec")
        made = keys.get_many([id], create=True)[id]
        assert made is not None
        assert len(made) == 32
        assert keys.get_many([id], create=True)[id] == made
        assert [key.id for key in keys.pending([id])] == [id]
        self._save(ledger, keys, id)
        assert keys.pending([id]) == ()

    def test_another_process_reads_the_same_key(self, ledger: LedgerStore) -> None:
        store, id = FakeKeyStore(os.urandom), KeyId(uuid4(), "riec")
        one, two = self._keys(ledger, store), self._keys(ledger, store)
        made = one.get_many([id], create=True)
        self._save(ledger, one, id)
        assert two.get_many([id]) == made

    def test_tracks_have_keys_of_their_own(self, ledger: LedgerStore) -> None:
        keys, subject = self._keys(ledger, FakeKeyStore(os.urandom)), uuid4()
        made = keys.get_many([KeyId(subject, "riec"), KeyId(subject, "zvh")], create=True)
        assert len(set(made.values())) == 2

    def test_a_key_that_never_was_is_an_error(self, ledger: LedgerStore) -> None:
        with pytest.raises(UnknownKey):
            self._keys(ledger, FakeKeyStore(os.urandom)).get_many([KeyId(uuid4(), "riec")])

    def test_destroyed_is_gone_and_never_made_again(self, ledger: LedgerStore) -> None:
        keys, id = self._keys(ledger, FakeKeyStore(os.urandom)), KeyId(uuid4(), "riec")
        keys.get_many([id], create=True)
        self._save(ledger, keys, id)
        assert keys.destroy(id, NOW)
        assert keys.get_many([id]) == {id: None}
        with pytest.raises(Destroyed) as refusal:
            keys.get_many([id], create=True)
        assert refusal.value.ids == (id,)
        assert not keys.destroy(id, NOW)

    def test_destruction_elsewhere_is_noticed(self, ledger: LedgerStore) -> None:
        now, store, id = [0.0], FakeKeyStore(os.urandom), KeyId(uuid4(), "riec")
        here, there = self._keys(ledger, store, lambda: now[0]), self._keys(ledger, store)
        here.get_many([id], create=True)
        self._save(ledger, here, id)
        there.destroy(id, NOW)
        now[0] = 1.0
        assert here.get_many([id]) == {id: None}

    def test_cache_is_bounded(self, ledger: LedgerStore) -> None:
        keys = SubjectKeys(ledger, FakeKeyStore(os.urandom), os.urandom, lambda: 0.0, cached=2)
        ids = [KeyId(uuid4(), "riec") for _ in range(5)]
        made = keys.get_many(ids, create=True)
        self._save(ledger, keys, *ids)
        assert keys.get_many(ids) == made
        assert len(keys._cache) == 2


class SlowRows:
    """Rows of a ledger that can be held up while they are read. `meanwhile`: done once, before they are answered."""

    def __init__(self, ledger: LedgerStore) -> None:
        self._ledger = ledger
        self.meanwhile: list[Callable[[], None]] = []

    def keys(self, ids: Sequence[KeyId]) -> dict[KeyId, WrappedKey]:
        found = self._ledger.keys(ids)
        while self.meanwhile:
            self.meanwhile.pop()()
        return found

    def destroy_key(self, id: KeyId, moment: datetime) -> bool:
        return self._ledger.destroy_key(id, moment)

    def destroyed_since(self, tombstone: int) -> tuple[int, list[KeyId]]:
        return self._ledger.destroyed_since(tombstone)


class TestWhileRowsAreRead:
    """Another thread comes in between reading the rows and knowing the keys."""

    @pytest.fixture
    def rows(self, ledger: LedgerStore) -> SlowRows:
        return SlowRows(ledger)

    @pytest.fixture
    def keys(self, rows: SlowRows) -> SubjectKeys:
        return SubjectKeys(rows, FakeKeyStore(os.urandom), os.urandom, lambda: 0.0)

    def _stored(self, ledger: LedgerStore, keys: SubjectKeys) -> KeyId:
        id = KeyId(uuid4(), "riec")
        keys.get_many([id], create=True)
        ledger.append(Change((), new_keys=keys.pending([id])))
        keys.confirm([id])
        keys.forget([id])
        return id

    def test_what_is_destroyed_meanwhile_does_not_come_back(
        self, ledger: LedgerStore, rows: SlowRows, keys: SubjectKeys
    ) -> None:
        id = self._stored(ledger, keys)
        rows.meanwhile.append(lambda: elsewhere(lambda: keys.destroy(id, NOW)))
        assert keys.get_many([id]) == {id: None}
        assert keys.get_many([id]) == {id: None}

    def test_two_that_make_the_same_key_make_one(self, rows: SlowRows, keys: SubjectKeys) -> None:
        id, made = KeyId(uuid4(), "riec"), []
        rows.meanwhile.append(lambda: elsewhere(lambda: made.append(keys.get_many([id], create=True))))
        assert [keys.get_many([id], create=True)] == made

    def test_others_go_on(self, ledger: LedgerStore, rows: SlowRows, keys: SubjectKeys) -> None:
        known, asked, seen = KeyId(uuid4(), "riec"), self._stored(ledger, keys), []
        keys.get_many([known], create=True)
        rows.meanwhile.append(lambda: elsewhere(lambda: seen.append(keys.get_many([known]))))
        keys.get_many([asked])
        assert seen == [keys.get_many([known])]


def elsewhere(act: Callable[[], object]) -> None:
    """In another thread, which must not have to wait for this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(act).result(timeout=10)
