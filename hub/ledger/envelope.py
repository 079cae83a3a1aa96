"""The stored form of an event: an open part, and compartments sealed under the keys of subjects.

A compartment of one person lies under that person's key; one that tells of several lies under all their
keys together, so that destroying any of them destroys it. Ciphertexts are bound to their place.

Layout (big-endian): version u8 = 1, open length u32, open bytes, number of compartments u16; of each:
number of keys u8, per key subject 16 bytes, track length u8, track; nonce 12 bytes, length u32, ciphertext.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.ledger.store import KeyId

FORMAT = 1
NONCE_SIZE = 12
_INFO = b"signaalhub compartment 1"
_U8, _U16, _U32, _HEAD = (struct.Struct(form) for form in (">B", ">H", ">I", ">BI"))
MAX_KEYS = 255


class EnvelopeError(ValueError):
    """A stored state is damaged, or stands in another place than it was sealed for."""


@dataclass(frozen=True, slots=True)
class Compartment:
    """Content under the keys of `key_ids`: readable only while all of these exist."""

    key_ids: tuple[KeyId, ...]
    plaintext: bytes


class Sealed(NamedTuple):
    """A compartment as stored. `owners`: its keys as they are written."""

    key_ids: tuple[KeyId, ...]
    owners: bytes
    nonce: bytes
    ciphertext: bytes


class Stored(NamedTuple):
    """A stored state, read as far as that goes without keys."""

    open_part: bytes
    compartments: tuple[Sealed, ...]

    @property
    def key_ids(self) -> set[KeyId]:
        """All keys that it names."""
        return {id for compartment in self.compartments for id in compartment.key_ids}

    def contents(self, keys: Mapping[KeyId, bytes | None], place: Place) -> list[bytes | None]:
        """The content of each compartment, None where a key was destroyed.

        Raises EnvelopeError; KeyError for a key of `key_ids` that `keys` does not name.
        """
        here = _here(place)
        return [_content(one, number, keys, here) for number, one in enumerate(self.compartments)]


class Place(NamedTuple):
    """Where an event stands: its stored topic, its stream and its version there."""

    topic: str
    stream: UUID
    version: int


def seal(
    open_part: bytes,
    compartments: Sequence[Compartment],
    keys: Mapping[KeyId, bytes | None],
    randbytes: Callable[[int], bytes],
    place: Place,
) -> bytes:
    """The stored state. Raises EnvelopeError for a compartment without keys; KeyError for a missing key."""
    parts = [_HEAD.pack(FORMAT, len(open_part)), open_part, _U16.pack(len(compartments))]
    here = _here(place)
    for number, compartment in enumerate(compartments):
        owners = _owners(compartment.key_ids)
        cipher = _cipher([keys[id] for id in compartment.key_ids])
        if cipher is None:
            raise EnvelopeError("a compartment cannot be sealed under a destroyed key")
        nonce = randbytes(NONCE_SIZE)
        ciphertext = cipher.encrypt(nonce, compartment.plaintext, _bound(here, number, owners))
        parts += (owners, nonce, _U32.pack(len(ciphertext)), ciphertext)
    return b"".join(parts)


def _content(sealed: Sealed, number: int, keys: Mapping[KeyId, bytes | None], here: bytes) -> bytes | None:
    if not sealed.key_ids:
        raise EnvelopeError("a compartment lies under no key at all")
    cipher = _cipher([keys[id] for id in sealed.key_ids])
    if cipher is None:
        return None
    try:
        return cipher.decrypt(sealed.nonce, sealed.ciphertext, _bound(here, number, sealed.owners))
    except InvalidTag:
        raise EnvelopeError("a compartment is damaged or does not belong to this place") from None


def opened(state: bytes) -> Stored:
    """What can be read without keys. Raises EnvelopeError."""
    try:
        form, length = _HEAD.unpack_from(state)
        if form != FORMAT:
            raise EnvelopeError(f"unknown envelope format {form}")
        at = _HEAD.size + length
        open_part = state[_HEAD.size : at]
        (count,) = _U16.unpack_from(state, at)
        at += _U16.size
        compartments = []
        for _ in range(count):
            compartment, at = _compartment(state, at)
            compartments.append(compartment)
    except (struct.error, IndexError, ValueError) as damage:
        raise EnvelopeError(f"a stored state is damaged: {damage}") from None
    if at != len(state):
        raise EnvelopeError("a stored state is damaged: its length is wrong")
    return Stored(open_part, tuple(compartments))


def _compartment(state: bytes, at: int) -> tuple[Sealed, int]:
    key_ids, begin = [], at
    count, at = state[at], at + 1
    for _ in range(count):
        track = at + 17 + state[at + 16]
        key_ids.append(KeyId(UUID(bytes=state[at : at + 16]), state[at + 17 : track].decode()))
        at = track
    owners, nonce = state[begin:at], state[at : at + NONCE_SIZE]
    (length,) = _U32.unpack_from(state, at + NONCE_SIZE)
    start = at + NONCE_SIZE + _U32.size
    return Sealed(tuple(key_ids), owners, nonce, state[start : start + length]), start + length


def _owners(key_ids: tuple[KeyId, ...]) -> bytes:
    if not 0 < len(key_ids) <= MAX_KEYS:
        raise EnvelopeError(f"a compartment lies under 1 to {MAX_KEYS} keys, not {len(key_ids)}")
    parts = [_U8.pack(len(key_ids))]
    for subject, spoor in key_ids:
        track = spoor.encode()
        parts += (subject.bytes, _U8.pack(len(track)), track)
    return b"".join(parts)


def _cipher(keys: Sequence[bytes | None]) -> AESGCM | None:
    present = [key for key in keys if key is not None]
    if len(present) < len(keys):
        return None
    return AESGCM(HKDF(SHA256(), 32, None, _INFO).derive(b"".join(present)))


def _here(place: Place) -> bytes:
    topic = place.topic.encode()
    return b"".join((_U16.pack(len(topic)), topic, place.stream.bytes, _U32.pack(place.version)))


def _bound(here: bytes, number: int, owners: bytes) -> bytes:
    """Additional data: what the ciphertext may not be moved away from."""
    return here + _U16.pack(number) + owners
