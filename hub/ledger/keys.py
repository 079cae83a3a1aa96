"""Keys per subject and track: what lies under a key is gone once the key is.

Data keys are random, stored wrapped by a key-encryption key (KEK) that a KeyStore holds. A destroyed key
leaves a tombstone, so that it is never made again: later content of that person needs a new subject.

Source: AVG art. 17; WGS art. 1.8 lid 7.
"""

from __future__ import annotations

import fcntl
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.ledger.store import KeyId, WrappedKey

KEY_SIZE = 32
NONCE_SIZE = 12
CACHED_KEYS = 100_000
RECHECK_SECONDS = 1.0

RandBytes = Callable[[int], bytes]


class Destroyed(LookupError):
    """The keys of these subjects were destroyed; nothing can be read or written under them."""

    def __init__(self, ids: Sequence[KeyId]) -> None:
        super().__init__(f"{len(ids)} subject keys were destroyed")
        self.ids = tuple(ids)


class UnknownKey(LookupError):
    """A key was asked for that was never made."""


class KeyStoreError(RuntimeError):
    """The key store cannot be used; the message says what to do."""


class KeyStore(Protocol):
    """Holder of the keys that wrap data keys. `context` binds a wrapped key to its owner."""

    def wrap(self, key: bytes, context: bytes) -> tuple[str, bytes]:
        """Name of the KEK used and the wrapped key."""

    def unwrap(self, kek: str, wrapped: bytes, context: bytes) -> bytes:
        """The data key. Raises KeyStoreError."""


class EpochKeyStore(KeyStore, Protocol):
    """A key store with a KEK per epoch; the last one made wraps. A destroyed KEK opens nothing, in no copy."""

    def names(self) -> tuple[str, ...]:
        """The KEKs held, oldest first."""

    def renew(self, op: date) -> str:
        """Make a new KEK that wraps from this day on; its name, which tells the day (`begun`)."""

    def destroy(self, kek: str) -> None:
        """Destroy a KEK that does not wrap any more. Raises KeyStoreError for the current one."""


def begun(kek: str) -> date | None:
    """The day on which a KEK began to wrap; None for the first one of a store."""
    found = re.fullmatch(r"kek-(\d{4}-\d\d-\d\d)-[0-9a-f]+", kek)
    return date.fromisoformat(found[1]) if found else None


class _Wrapping:
    """AES-256-GCM under the last of some KEKs."""

    def __init__(self, keks: Mapping[str, bytes], randbytes: RandBytes) -> None:
        self._randbytes = randbytes
        self._hold(dict(keks))

    def _hold(self, keks: dict[str, bytes]) -> None:
        self._keks = keks
        self._ciphers = {name: AESGCM(kek) for name, kek in keks.items()}

    def wrap(self, key: bytes, context: bytes) -> tuple[str, bytes]:
        """Name of the KEK used and the wrapped key."""
        self._refresh()
        name, cipher = next(reversed(self._ciphers.items()))
        nonce = self._randbytes(NONCE_SIZE)
        return name, nonce + cipher.encrypt(nonce, key, context)

    def unwrap(self, kek: str, wrapped: bytes, context: bytes) -> bytes:
        """The data key. Raises KeyStoreError."""
        if kek not in self._ciphers:
            self._refresh()
        if kek not in self._ciphers:
            raise KeyStoreError(f"the wrapped key needs KEK {kek!r}, which the store does not hold")
        try:
            return self._ciphers[kek].decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], context)
        except InvalidTag:
            raise KeyStoreError(f"a wrapped key is damaged or was not wrapped by KEK {kek!r}") from None

    def names(self) -> tuple[str, ...]:
        """The KEKs held, oldest first."""
        self._refresh()
        return tuple(self._keks)

    def renew(self, op: date) -> str:
        """Make a new KEK that wraps from this day on; its name, which tells the day (`begun`)."""
        name = f"kek-{op.isoformat()}-{self._randbytes(4).hex()}"
        self._change(lambda keks: keks | {name: self._randbytes(KEY_SIZE)})
        return name

    def destroy(self, kek: str) -> None:
        """Destroy a KEK that does not wrap any more. Raises KeyStoreError for the current one."""
        if kek == self.names()[-1]:
            raise KeyStoreError("the KEK that wraps is not destroyed; make a new one first")
        self._change(lambda keks: {name: value for name, value in keks.items() if name != kek})

    def _refresh(self) -> None:
        """Take over what another process changed."""

    def _change(self, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> None:
        self._hold(change(self._keks))


class FileKeyStore(_Wrapping):
    """KEKs in a file of mode 0600, a line `name:hex` each, made at the first start.

    Whoever can read the file and the database can read everything; keep their backups apart. The bytes of a
    destroyed KEK are overwritten in place before the file goes; what a disk or a backup of the file keeps of
    them is outside its reach.
    """

    def __init__(self, path: Path, randbytes: RandBytes) -> None:
        self._path = path
        self._seen: tuple[int, int] = (0, 0)
        _create(path, randbytes)
        super().__init__({}, randbytes)
        self._refresh()

    def _refresh(self) -> None:
        found = self._path.stat()
        if found.st_mode & 0o077:
            raise KeyStoreError(f"{self._path} may be read by others; run: chmod 600 {self._path}")
        if (found.st_mtime_ns, found.st_ino) != self._seen:
            self._hold(_read(self._path))
            self._seen = (found.st_mtime_ns, found.st_ino)

    def _change(self, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> None:
        """Whole or not at all, one process at a time; the old file is overwritten once the new one is there."""
        with open(self._path.with_name(f"{self._path.name}.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with open(self._path, "r+b") as old:
                lines = [f"{name}:{kek.hex()}\n" for name, kek in change(_read(self._path)).items()]
                draft = _draft(self._path, "".join(lines), self._randbytes)
                os.replace(draft, self._path)
                _sync_folder(self._path.parent)
                old.write(bytes(os.fstat(old.fileno()).st_size))
                old.flush()
                os.fsync(old.fileno())
        self._refresh()


class FakeKeyStore(_Wrapping):
    """KEKs in memory, for tests."""

    def __init__(self, randbytes: RandBytes) -> None:
        super().__init__({f"fake-{randbytes(4).hex()}": randbytes(KEY_SIZE)}, randbytes)


def _read(path: Path) -> dict[str, bytes]:
    """The KEKs of a file, in order. Raises KeyStoreError."""
    keks = {}
    for line in path.read_text().splitlines():
        name, _, content = line.strip().partition(":")
        try:
            keks[name] = bytes.fromhex(content)
        except ValueError:
            keks[name] = b""
    if not keks or any(len(kek) != KEY_SIZE for kek in keks.values()):
        raise KeyStoreError(f"{path} holds no key; restore it from its backup, never make it anew")
    return keks


def _draft(path: Path, content: str, randbytes: RandBytes) -> Path:
    """A file beside `path` with this content, durable."""
    draft = path.with_name(f"{path.name}.{randbytes(8).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _create(path: Path, randbytes: RandBytes) -> None:
    """Write a whole key under another name first: two starting processes, or a crash, leave one good file."""
    if path.exists():
        return
    draft = _draft(path, f"file-{randbytes(4).hex()}:{randbytes(KEY_SIZE).hex()}\n", randbytes)
    try:
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(draft, path)
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class KeyRows(Protocol):
    """Where wrapped keys are kept; part of a LedgerStore."""

    def keys(self, ids: Sequence[KeyId]) -> dict[KeyId, WrappedKey]: ...
    def destroy_key(self, id: KeyId, moment: datetime) -> bool: ...
    def destroyed_since(self, tombstone: int) -> tuple[int, list[KeyId]]: ...


class SubjectKeys:
    """The data keys of subjects, by id; thread-safe.

    A new key is known here at once and durable with the first change that carries it (`pending`). A key
    destroyed by another process is forgotten here within `recheck_seconds` of `clock`.
    """

    def __init__(
        self,
        rows: KeyRows,
        key_store: KeyStore,
        randbytes: RandBytes,
        clock: Callable[[], float],
        *,
        cached: int = CACHED_KEYS,
        recheck_seconds: float = RECHECK_SECONDS,
    ) -> None:
        self._rows, self._key_store, self._randbytes = rows, key_store, randbytes
        self._clock, self._recheck_seconds, self._cached = clock, recheck_seconds, cached
        self._cache: OrderedDict[KeyId, bytes] = OrderedDict()
        self._pending: dict[KeyId, WrappedKey] = {}
        self._lock = threading.RLock()
        self._tombstone, self._checked, self._forgotten = 0, float("-inf"), 0

    def get_many(self, ids: Iterable[KeyId], create: bool = False) -> dict[KeyId, bytes | None]:
        """The keys of `ids`, None for a destroyed one.

        With `create`, a key that never was is made, and a destroyed one raises Destroyed. Without,
        a key that never was raises UnknownKey.
        """
        wanted = list(dict.fromkeys(ids))
        while True:
            with self._lock:
                self._forget_destroyed()
                forgotten = self._forgotten
                found: dict[KeyId, bytes | None] = {id: self._cache[id] for id in wanted if id in self._cache}
                self._keep_few()
            missing = [id for id in wanted if id not in found]
            if not missing:
                return found
            # Others go on while the rows are read; what was forgotten meanwhile must not come back from them.
            rows = self._rows.keys(missing)
            with self._lock:
                if forgotten == self._forgotten:
                    found |= self._loaded(missing, rows, create)
                    self._keep_few()
                    return found

    def pending(self, ids: Iterable[KeyId]) -> tuple[WrappedKey, ...]:
        """Of `ids`, the keys made here and maybe not durable yet: `new_keys` of the change using them."""
        with self._lock:
            return tuple(self._pending[id] for id in ids if id in self._pending)

    def confirm(self, ids: Iterable[KeyId]) -> None:
        """A change with these keys is durable."""
        with self._lock:
            for id in ids:
                self._pending.pop(id, None)

    def forget(self, ids: Iterable[KeyId]) -> None:
        """Drop what is known here of these keys: after a KeyConflict they are another process's."""
        with self._lock:
            for id in ids:
                self._forgotten += 1
                self._pending.pop(id, None)
                self._cache.pop(id, None)

    def destroy(self, id: KeyId, moment: datetime) -> bool:
        """Destroy a key for good. False when it was gone already."""
        with self._lock:
            destroyed = self._rows.destroy_key(id, moment)
            self.forget((id,))
            return destroyed

    def _loaded(
        self, ids: Sequence[KeyId], rows: Mapping[KeyId, WrappedKey], create: bool
    ) -> dict[KeyId, bytes | None]:
        gone = [id for id in ids if id in rows and rows[id].wrapped is None]
        if gone and create:
            raise Destroyed(gone)
        loaded: dict[KeyId, bytes | None] = {}
        for id in ids:
            loaded[id] = key = self._cache.get(id) or self._key(id, rows.get(id) or self._pending.get(id), create)
            if key is not None:
                self._cache[id] = key
        return loaded

    def _keep_few(self) -> None:
        while len(self._cache) > self._cached + len(self._pending):
            self._cache.popitem(last=False)

    def _key(self, id: KeyId, row: WrappedKey | None, create: bool) -> bytes | None:
        return self._made(id, create) if row is None else self._unwrapped(row)

    def _unwrapped(self, row: WrappedKey) -> bytes | None:
        """The key, None for a destroyed one; looked up once more where its KEK ended since the row was read."""
        if row.wrapped is None:
            return None
        try:
            return self._key_store.unwrap(row.kek or "", row.wrapped, context(row.id))
        except KeyStoreError:
            again = self._rows.keys((row.id,)).get(row.id, row)
            if again.wrapped is None:
                return None
            return self._key_store.unwrap(again.kek or "", again.wrapped, context(row.id))

    def _made(self, id: KeyId, create: bool) -> bytes:
        if not create:
            raise UnknownKey("a subject key was asked for that was never made")
        key = self._randbytes(KEY_SIZE)
        kek, wrapped = self._key_store.wrap(key, context(id))
        self._pending[id] = WrappedKey(id, wrapped, kek)
        return key

    def _forget_destroyed(self) -> None:
        now = self._clock()
        if now - self._checked >= self._recheck_seconds:
            self._tombstone, gone = self._rows.destroyed_since(self._tombstone)
            self.forget(gone)
            self._checked = now


def context(id: KeyId) -> bytes:
    """What a wrapped key is bound to: its owner and track."""
    return id.subject.bytes + id.spoor.encode()
