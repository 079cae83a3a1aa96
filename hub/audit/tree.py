"""The hash tree over a log's leaves, as RFC 6962 section 2.1 defines it; pure.

A *node* is a complete subtree: `(level, index)` covers the leaves `index << level` up to
`(index + 1) << level`. Proofs are planned in nodes first and then read in one go, so that a
store answers a whole proof with one query.

Source: RFC 6962 section 2.1; RFC 9162 sections 2.1.3.2 and 2.1.4.2 (checking proofs).
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

Node = tuple[int, int]
_Range = tuple[int, int]


class NodeReader(Protocol):
    """Where a proof finds its hashes: complete subtrees in, their hashes out, in the same order."""

    def __call__(self, nodes: Sequence[Node]) -> Sequence[bytes]: ...


def leaf_hash(data: bytes) -> bytes:
    """The hash by which a log knows one entry: SHA-256(0x00 || data), 32 bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbouring subtrees: SHA-256(0x01 || left || right), 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a growing log: all that appending needs to know of what went before.

    `peaks` are the hashes of the complete subtrees that `size` falls apart into, largest first.
    At most 64 hashes, so it fits in one database row.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def append(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """The frontier after these leaf hashes (32 bytes each, oldest first)."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaf_hashes:
            top, carry = leaf, size
            while carry & 1:
                top = sha256(b"\x01" + peaks.pop() + top).digest()
                carry >>= 1
            peaks.append(top)
            size += 1
        return Frontier(size, tuple(peaks))

    def root(self) -> bytes:
        """The root hash that a checkpoint of this size signs."""
        return _fold(self.peaks) if self.peaks else EMPTY_ROOT

    def to_bytes(self) -> bytes:
        """As stored: the size as big-endian uint64, then the peaks."""
        return struct.pack(">Q", self.size) + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Frontier":
        """Back from `to_bytes`; ValueError when size and number of peaks disagree."""
        if len(stored) < 8:
            raise ValueError("a stored frontier has at least 8 bytes")
        (size,) = struct.unpack_from(">Q", stored)
        if len(stored) != 8 + HASH_SIZE * size.bit_count():
            raise ValueError(f"a frontier of size {size} has {size.bit_count()} peaks")
        return cls(size, tuple(stored[i : i + HASH_SIZE] for i in range(8, len(stored), HASH_SIZE)))


def root(read: NodeReader, size: int) -> bytes:
    """The root hash the log had at `size`, read from its stored nodes."""
    return _hashes(read, [(0, size)])[0] if size else EMPTY_ROOT


def inclusion_proof(read: NodeReader, index: int, size: int) -> list[bytes]:
    """The proof that the leaf at `index` (from 0) is in the log of `size` leaves.

    At most ceil(log2(size)) hashes, nearest sibling first. ValueError for an index outside the log.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a log of {size}")
    return _hashes(read, _inclusion_ranges(index, size))


def consistency_proof(read: NodeReader, old: int, new: int) -> list[bytes]:
    """The proof that the log of `old` leaves is the beginning of the log of `new` leaves.

    Empty when `old` is 0 or equals `new`. ValueError when `old` is the larger.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a log of {new} cannot continue a log of {old}")
    if old in (0, new):
        return []
    return _hashes(read, _consistency_ranges(old, new))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether `proof` leads from this leaf hash at `index` to the root `expected` of `size` leaves."""
    if not 0 <= index < size:
        return False
    position, last, result = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            result = node_hash(step, result)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            result = node_hash(result, step)
        position, last = position >> 1, last >> 1
    return last == 0 and result == expected


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether `proof` shows that the `new` log begins with exactly the `old` one."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and (old_root == new_root if old == new else old_root == EMPTY_ROOT)
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if not steps:
        return False
    old_result = new_result = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_result, new_result = node_hash(step, old_result), node_hash(step, new_result)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new_result = node_hash(new_result, step)
        position, last = position >> 1, last >> 1
    return last == 0 and old_result == old_root and new_result == new_root


def _inclusion_ranges(index: int, size: int) -> list[_Range]:
    start, end = 0, size
    siblings: list[_Range] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    return siblings[::-1]


def _consistency_ranges(old: int, new: int) -> list[_Range]:
    start, end = 0, new
    siblings: list[_Range] = []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    # The old tree as a whole needs no hash: whoever checks the proof holds its root already.
    if start:
        siblings.append((start, end))
    return siblings[::-1]


def _split(count: int) -> int:
    """The largest power of two smaller than `count` (count > 1)."""
    return 1 << (count - 1).bit_length() - 1


def _nodes(start: int, end: int) -> Iterator[Node]:
    """The complete subtrees, largest first, that a subtree over these leaves consists of."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _hashes(read: NodeReader, ranges: Sequence[_Range]) -> list[bytes]:
    covers = [list(_nodes(start, end)) for start, end in ranges]
    found = iter(read([node for cover in covers for node in cover]))
    return [_fold([next(found) for _ in cover]) for cover in covers]


def _fold(peaks: Sequence[bytes]) -> bytes:
    result = peaks[-1]
    for left in reversed(peaks[:-1]):
        result = sha256(b"\x01" + left + result).digest()
    return result
