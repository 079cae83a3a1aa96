"""A twin of the sealer of the hub: real encryption, keys made from the names of their owners."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.views.sealing import Opened, Unsealed


class Kluis:
    """Seals under the keys of anchor and subjects together; `vernietig` destroys the key of one of them."""

    def __init__(self) -> None:
        self._destroyed: set[str] = set()

    def vernietig(self, subject: UUID) -> None:
        """Destroy a key."""
        self._destroyed.add(str(subject))

    def seal_many(self, rows: Sequence[Unsealed]) -> list[bytes]:
        return [self._sealed(row) for row in rows]

    def unseal_many(self, rows: Sequence[tuple[str, bytes]]) -> list[Opened]:
        return [self._opened(row_key, blob) for row_key, blob in rows]

    def _sealed(self, row: Unsealed) -> bytes:
        parts: list[Any] = []
        for compartment in row.compartments:
            owners = [str(row.anchor), *map(str, compartment.subjects)]
            if self._destroyed.isdisjoint(owners):
                nonce = secrets.token_bytes(12)
                ciphertext = _cipher(owners).encrypt(nonce, orjson.dumps(compartment.content), row.row_key.encode())
                parts.append([owners, (nonce + ciphertext).hex()])
        return orjson.dumps([row.open, parts])

    def _opened(self, row_key: str, blob: bytes) -> Opened:
        shown, parts = orjson.loads(blob)
        contents = []
        for owners, sealed in parts:
            if self._destroyed.isdisjoint(owners):
                data = bytes.fromhex(sealed)
                contents.append(orjson.loads(_cipher(owners).decrypt(data[:12], data[12:], row_key.encode())))
        return Opened(shown, tuple(contents))


def _cipher(owners: Sequence[str]) -> AESGCM:
    return AESGCM(sha256("#".join(owners).encode()).digest())
