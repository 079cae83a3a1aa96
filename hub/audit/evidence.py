"""What an outsider reads of an exported log: keys, checkpoints, entries, tiles and proofs.

The second file of the verifier. It shares no code with the hub on purpose: a mistake in how the log
is written must not repeat itself in how it is checked.
"""

import base64
import json
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH, HASH = 256, 32
SIGNS, COSIGNS = 1, 4
_STATEMENT = re.compile(r"signaalhub/logsleutel/v1\n([^\n]+)\n(vanaf|tot) (0|[1-9][0-9]{0,18})\n([^\n]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key `name+keyid+base64`; kind 1 signs for a log, kind 4 cosigns as a witness."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> "Key":
        """ValueError when it is no Ed25519 verifier key, or its parts do not belong together."""
        name, key_id, encoded = vkey.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        if len(raw) != 33 or raw[0] not in (SIGNS, COSIGNS):
            raise ValueError("geen Ed25519-sleutel")
        if sha256(f"{name}\n".encode() + raw).digest()[:4].hex() != key_id:
            raise ValueError("naam, kenmerk en sleutel horen niet bij elkaar")
        return cls(name, bytes.fromhex(key_id), raw[0], raw[1:])

    def made(self, signature: bytes, text: bytes) -> bool:
        """Whether this key made this signature (or timestamped cosignature) over the text."""
        if self.kind == COSIGNS:
            if len(signature) != 72:
                return False
            seconds = struct.unpack_from(">Q", signature)[0]
            signature, text = signature[8:], f"cosignature/v1\ntime {seconds}\n".encode() + text
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint as read: what it says, and its signature lines as (name, key id || signature)."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: tuple[tuple[str, bytes], ...]

    @classmethod
    def parse(cls, raw: bytes) -> "Checkpoint":
        """ValueError when it is not a checkpoint."""
        text, separator, tail = raw.decode().rpartition("\n\n")
        lines = text.split("\n")
        if not separator or not tail.endswith("\n") or len(lines) < 3 or not all(lines):
            raise ValueError("geen controlepunt")
        root = base64.b64decode(lines[2], validate=True)
        if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1], re.ASCII) or len(root) != HASH:
            raise ValueError("geen controlepunt")
        return cls(lines[0], int(lines[1]), root, f"{text}\n".encode(), _signatures(tail))

    def signed_by(self, keys: Iterable[Key]) -> set[Key]:
        """Which of these keys signed; ValueError when a line claims one of them falsely."""
        known, found = {(key.name, key.key_id): key for key in keys}, set()
        for name, blob in self.signatures:
            key = known.get((name, blob[:4]))
            if key and not key.made(blob[4:], self.text):
                raise ValueError(f"de handtekening van {name} klopt niet")
            if key:
                found.add(key)
        return found


@dataclass(frozen=True, slots=True)
class Tenure:
    """From which size of its log a key signs, and up to which (None: until now)."""

    first: int = 0
    last: int | None = None

    def covers(self, size: int) -> bool:
        return self.first <= size and (self.last is None or size <= self.last)


def tenures(pinned: Iterable[Key], statements: Iterable[bytes]) -> dict[Key, Tenure]:
    """The keys that count, once every key change that a counting key signed has been followed.

    A change that no such key signed is passed over; ValueError when it is no statement, or falsely signed.
    """
    known = {key: Tenure() for key in pinned}
    for raw in statements:
        text, separator, tail = raw.decode().rpartition("\n\n")
        stated = _STATEMENT.fullmatch(text)
        if not separator or not tail.endswith("\n") or stated is None:
            raise ValueError("geen sleutelverklaring")
        origin, word, size, key = stated[1], stated[2], int(stated[3]), Key.parse(stated[4])
        note = Checkpoint(origin, 0, b"", f"{text}\n".encode(), _signatures(tail))
        by = {one for one in note.signed_by(known) if known[one].last is None} - {key}
        if key.name != origin or not any(one.name == origin and one.kind == SIGNS for one in by):
            continue
        if word == "vanaf":
            known.setdefault(key, Tenure(first=size))
        elif key in known:
            known[key] = replace(known[key], last=size)
    return known


@dataclass(frozen=True, slots=True)
class Export:
    """An exported log on disk; reads piece by piece."""

    directory: Path

    def entries(self, size: int) -> Iterator[bytes]:
        """The leaf data, oldest first; a bundle that is absent yields nothing."""
        lines = self.directory / "entries.jsonl"
        if lines.exists():
            with lines.open("rb") as opened:
                yield from map(_line, opened)
            return
        index = 0
        while (bundle := self._read("entries", index)) is not None or index * WIDTH < size:
            yield from _unpack(bundle or b"")
            index += 1

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of a tile; empty when absent."""
        return self._read(str(level), index) or b""

    def _read(self, kind: str, index: int) -> bytes | None:
        name = f"{index % 1000:03}"
        while index := index // 1000:
            name = f"x{index % 1000:03}/{name}"
        path = self.directory / "tile" / kind / name
        if path.is_file():
            return path.read_bytes()
        partial = path.parent / f"{path.name}.p"
        widths = [int(part.name) for part in partial.glob("*") if part.name.isdigit()]
        return (partial / str(max(widths))).read_bytes() if widths else None


class Tree:
    """The tree over a stream of leaf hashes; remembers its root at the sizes asked for."""

    def __init__(self, sizes: Iterable[int], complete: Callable[[int, int, bytes], None] | None = None) -> None:
        self.roots: dict[int, bytes] = {0: sha256(b"").digest()}
        self.size = 0
        self._wanted, self._peaks, self._complete = frozenset(sizes), list[bytes](), complete

    def add(self, top: bytes) -> None:
        carry, level = self.size, 0
        while carry & 1:
            top = sha256(b"\x01" + self._peaks.pop() + top).digest()
            carry, level = carry >> 1, level + 1
            if not level & 7 and self._complete:
                self._complete(level >> 3, carry, top)
        self._peaks.append(top)
        self.size += 1
        if self.size in self._wanted:
            self.roots[self.size] = _fold(self._peaks)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf hash at `index` (from 0) to the root of `size` leaves."""
    if not 0 <= index < size:
        return False
    last = size - 1
    for step in proof:
        if not last:
            return False
        if index & 1 or index == last:
            leaf = sha256(b"\x01" + step + leaf).digest()
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = sha256(b"\x01" + leaf + step).digest()
        index, last = index >> 1, last >> 1
    return not last and leaf == root


def inclusion_proof(export: Export, index: int, size: int) -> list[bytes]:
    """The proof for the leaf at `index` (from 0), put together from the published tiles."""
    start, end, proof = 0, size, list[bytes]()
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            proof.append(_range(export, middle, end))
            end = middle
        else:
            proof.append(_range(export, start, middle))
            start = middle
    return proof[::-1]


def number_of(data: bytes) -> int:
    """The number an entry bears: `positie` in the ledger, `volgnummer` in the access log; else 0."""
    try:
        leaf = json.loads(data)
    except (ValueError, RecursionError):
        return 0
    found = leaf.get("positie", leaf.get("volgnummer")) if isinstance(leaf, dict) else None
    return found if type(found) is int and found > 0 else 0


def _signatures(tail: str) -> tuple[tuple[str, bytes], ...]:
    signatures: list[tuple[str, bytes]] = []
    for line in tail[:-1].split("\n"):
        dash, name, blob = line.split(" ")
        if dash != "\u2014":
            raise ValueError("geen handtekening")
        signatures.append((name, base64.b64decode(blob, validate=True)))
    return tuple(signatures)


def _range(export: Export, start: int, end: int) -> bytes:
    peaks: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        index = start >> level << level % 8
        slot = index % WIDTH
        hashes = export.tile(level // 8, index // WIDTH)[slot * HASH : (slot + (1 << level % 8)) * HASH]
        while len(hashes) > HASH:
            pairs = range(0, len(hashes), 2 * HASH)
            hashes = b"".join([sha256(b"\x01" + hashes[at : at + 2 * HASH]).digest() for at in pairs])
        peaks.append(hashes)
        start += 1 << level
    return _fold(peaks)


def _fold(peaks: Sequence[bytes]) -> bytes:
    result = peaks[-1]
    for left in reversed(peaks[:-1]):
        result = sha256(b"\x01" + left + result).digest()
    return result


def _line(line: bytes) -> bytes:
    """The entry in a line; a line that is damaged counts as an entry of its own."""
    try:
        return base64.b64decode(line.strip().strip(b'"'), validate=True)
    except ValueError:
        return line


def _unpack(bundle: bytes) -> Iterator[bytes]:
    """The entries in a bundle; what a damaged length leaves over counts as one entry."""
    start = 0
    while start < len(bundle):
        length = int.from_bytes(bundle[start : start + 2])
        yield bundle[start + 2 : start + 2 + length]
        start += 2 + length
