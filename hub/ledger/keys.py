"""Keys per subject and track: what lies under a key is gone once the key is.

Data keys are random, stored wrapped by a key-encryption key (KEK) that a KeyStore holds. A destroyed key
leaves a tombstone, so that it is never made again: later content of that person needs a new subject.

Source: AVG art. 17; WGS art. 1.8 lid 7.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
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


class _Wrapping:
    """AES-256-GCM under one KEK."""

    def __init__(self, kek: bytes, name: str, randbytes: RandBytes) -> None:
        self._cipher, self._name, self._randbytes = AESGCM(kek), name, randbytes

    def wrap(self, key: bytes, context: bytes) -> tuple[str, bytes]:
        """Name of the KEK used and the wrapped key."""
        nonce = self._randbytes(NONCE_SIZE)
        return self._name, nonce + self._cipher.encrypt(nonce, key, context)

    def unwrap(self, kek: str, wrapped: bytes, context: bytes) -> bytes:
        """The data key. Raises KeyStoreError."""
        if kek != self._name:
            raise KeyStoreError(f"the wrapped key needs KEK {kek!r}, the store holds {self._name!r}")
        try:
            return self._cipher.decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], context)
        except InvalidTag:
            raise KeyStoreError(f"a wrapped key is damaged or was not wrapped by KEK {kek!r}") from None


class FileKeyStore(_Wrapping):
    """A KEK in a file of mode 0600, made at the first start.

    Whoever can read the file and the database can read everything; keep their backups apart.
    """

    def __init__(self, path: Path, randbytes: RandBytes) -> None:
        _create(path, randbytes)
        if path.stat().st_mode & 0o077:
            raise KeyStoreError(f"{path} may be read by others; run: chmod 600 {path}")
        name, _, content = path.read_text().strip().partition(":")
        try:
            kek = bytes.fromhex(content)
        except ValueError:
            kek = b""
        if len(kek) != KEY_SIZE:
            raise KeyStoreError(f"{path} holds no key; restore it from its backup, never make it anew")
        super().__init__(kek, name, randbytes)


class FakeKeyStore(_Wrapping):
    """A KEK in memory, for tests."""

    def __init__(self, randbytes: RandBytes) -> None:
        super().__init__(randbytes(KEY_SIZE), f"fake-{randbytes(4).hex()}", randbytes)


def _create(path: Path, randbytes: RandBytes) -> None:
    """Write a whole key under another name first: two starting processes, or a crash, leave one good file."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{randbytes(8).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(f"file-{randbytes(4).hex()}:{randbytes(KEY_SIZE).hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
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
        self._tombstone, self._checked = 0, float("-inf")

    def get_many(self, ids: Iterable[KeyId], create: bool = False) -> dict[KeyId, bytes | None]:
        """The keys of `ids`, None for a destroyed one.

        With `create`, a key that never was is made, and a destroyed one raises Destroyed. Without,
        a key that never was raises UnknownKey.
        """
        with self._lock:
            self._forget_destroyed()
            found: dict[KeyId, bytes | None] = {}
            missing = []
            for id in ids:
                key = self._cache.get(id)
                if key is None:
                    missing.append(id)
                else:
                    found[id] = key
            if missing:
                found.update(self._load(list(dict.fromkeys(missing)), create))
            while len(self._cache) > self._cached + len(self._pending):
                self._cache.popitem(last=False)
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
                self._pending.pop(id, None)
                self._cache.pop(id, None)

    def destroy(self, id: KeyId, moment: datetime) -> bool:
        """Destroy a key for good. False when it was gone already."""
        with self._lock:
            destroyed = self._rows.destroy_key(id, moment)
            self.forget((id,))
            return destroyed

    def _load(self, ids: list[KeyId], create: bool) -> dict[KeyId, bytes | None]:
        rows = self._rows.keys(ids)
        gone = [id for id in ids if id in rows and rows[id].wrapped is None]
        if gone and create:
            raise Destroyed(gone)
        loaded: dict[KeyId, bytes | None] = {}
        for id in ids:
            row = rows.get(id) or self._pending.get(id) or self._made(id, create)
            if row.wrapped is None:
                loaded[id] = None
            else:
                loaded[id] = self._cache[id] = self._key_store.unwrap(row.kek or "", row.wrapped, context(id))
        return loaded

    def _made(self, id: KeyId, create: bool) -> WrappedKey:
        if not create:
            raise UnknownKey("a subject key was asked for that was never made")
        kek, wrapped = self._key_store.wrap(self._randbytes(KEY_SIZE), context(id))
        self._pending[id] = WrappedKey(id, wrapped, kek)
        return self._pending[id]

    def _forget_destroyed(self) -> None:
        now = self._clock()
        if now - self._checked >= self._recheck_seconds:
            self._tombstone, gone = self._rows.destroyed_since(self._tombstone)
            self.forget(gone)
            self._checked = now


def context(id: KeyId) -> bytes:
    """What a wrapped key is bound to: its owner and track."""
    return id.subject.bytes + id.spoor.encode()
