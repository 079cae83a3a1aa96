"""Tiles: how a log's tree is stored and published, 256 hashes wide and 8 levels high.

A tile `(level, index)` holds the hashes of up to 256 subtrees of `256**level` leaves each. A full
tile never changes; the tile at the right edge of a level grows by being overwritten with a longer
one, so a longer tile serves every smaller log size as well.

Source: C2SP tlog-tiles (c2sp.org/tlog-tiles).
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from psycopg import Connection

from hub.audit.tree import HASH_SIZE, Frontier, Node

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
LARGEST_ENTRY = 0xFFFF

TileId = tuple[int, int]


class MissingTile(LookupError):
    """The store holds fewer hashes than the log's size says it must."""


class TileStore(Protocol):
    """Where the tiles of one log are kept."""

    def get(self, tiles: Sequence[TileId]) -> Mapping[TileId, bytes]:
        """The stored hashes of these tiles; a tile that was never put is left out."""

    def put(self, tiles: Mapping[TileId, bytes]) -> None:
        """Store these tiles, each replacing the shorter one of the same id."""


class MemoryTiles:
    """Tiles in memory, for tests and for checking a log without a database."""

    def __init__(self) -> None:
        self._tiles: dict[TileId, bytes] = {}

    def get(self, tiles: Sequence[TileId]) -> Mapping[TileId, bytes]:
        return {tile: self._tiles[tile] for tile in tiles if tile in self._tiles}

    def put(self, tiles: Mapping[TileId, bytes]) -> None:
        self._tiles.update(tiles)


class PostgresTiles:
    """Tiles in PostgreSQL, in whatever transaction the connection is in; it never commits.

    Table `tegels(log text, level int, idx bigint, hashes bytea, primary key (log, level, idx))`.
    """

    def __init__(self, connection: Connection[Any], log: str) -> None:
        self._connection = connection
        self._log = log

    def get(self, tiles: Sequence[TileId]) -> Mapping[TileId, bytes]:
        levels, indexes = [level for level, _ in tiles], [index for _, index in tiles]
        rows = self._connection.cursor(binary=True).execute(
            "SELECT t.level, t.idx, t.hashes FROM tegels t"
            " JOIN unnest(%s::int[], %s::bigint[]) AS wanted(level, idx) USING (level, idx)"
            " WHERE t.log = %s",
            (levels, indexes, self._log),
        )
        return {(row[0], row[1]): bytes(row[2]) for row in rows}

    def put(self, tiles: Mapping[TileId, bytes]) -> None:
        # One statement for all tiles: a group commit pays one round trip, however large it is.
        self._connection.execute(
            "INSERT INTO tegels (log, level, idx, hashes)"
            " SELECT %s, level, idx, hashes FROM unnest(%b::int[], %b::bigint[], %b::bytea[])"
            " AS new(level, idx, hashes)"
            " ON CONFLICT (log, level, idx) DO UPDATE SET hashes = EXCLUDED.hashes",
            (self._log, [level for level, _ in tiles], [index for _, index in tiles], list(tiles.values())),
        )


class TileReader:
    """Reads the nodes of a proof out of tiles: one `get` per proof. A `tree.NodeReader`."""

    def __init__(self, store: TileStore) -> None:
        self._store = store

    def __call__(self, nodes: Sequence[Node]) -> Sequence[bytes]:
        """The hashes of these nodes; MissingTile when the log is not that long."""
        places = [_place(node) for node in nodes]
        tiles = self._store.get(list({tile for tile, _, _ in places}))
        return [_subtree(tiles.get(tile, b""), tile, start, width) for tile, start, width in places]


@dataclass(frozen=True, slots=True)
class Growth:
    """What an append made of the log: its new frontier, and the tiles that must be stored for it."""

    frontier: Frontier
    tiles: Mapping[TileId, bytes]


def edge(frontier: Frontier, count: int) -> list[TileId]:
    """The partly filled tiles that an append of `count` leaves goes on filling."""
    tiles: list[TileId] = []
    old, new, level = frontier.size, frontier.size + count, 0
    while new > old:
        if old % TILE_WIDTH:
            tiles.append((level, old // TILE_WIDTH))
        old, new, level = old // TILE_WIDTH, new // TILE_WIDTH, level + 1
    return tiles


def grow(frontier: Frontier, stored: Mapping[TileId, bytes], leaf_hashes: Sequence[bytes]) -> Growth:
    """Append leaf hashes, given the stored `edge` tiles; pure.

    MissingTile when `stored` holds less than the frontier's size says: then the frontier and the
    tiles are not of one moment, and going on would publish a log that contradicts itself.
    """
    changed: dict[TileId, bytes] = {}
    fresh, size, level = list(leaf_hashes), frontier.size, 0
    while fresh:
        index, width = divmod(size, TILE_WIDTH)
        before = stored.get((level, index), b"") if width else b""
        if len(before) < width * HASH_SIZE:
            raise MissingTile(f"tile {level}/{index} holds fewer than {width} hashes")
        row = before[: width * HASH_SIZE] + b"".join(fresh)
        parts = [row[i : i + _TILE_BYTES] for i in range(0, len(row), _TILE_BYTES)]
        changed.update(((level, index + i), part) for i, part in enumerate(parts))
        fresh = [_tile_root(part) for part in parts if len(part) == _TILE_BYTES]
        size, level = size // TILE_WIDTH, level + 1
    return Growth(frontier.append(leaf_hashes), changed)


def extend(store: TileStore, frontier: Frontier, leaf_hashes: Sequence[bytes]) -> Growth:
    """Append leaf hashes to the log in `store`: one `get`, one `put` of only the changed tiles.

    Call it inside the transaction that appends the facts; store `Growth.frontier.to_bytes()` with it.
    """
    if not leaf_hashes:
        return Growth(frontier, {})
    needed = edge(frontier, len(leaf_hashes))
    growth = grow(frontier, store.get(needed) if needed else {}, leaf_hashes)
    store.put(growth.tiles)
    return growth


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """Every tile of a log of `size` leaves, as (level, index, width), level 0 first."""
    level = 0
    while size:
        full, rest = divmod(size, TILE_WIDTH)
        for index in range(full):
            yield level, index, TILE_WIDTH
        if rest:
            yield level, full, rest
        size, level = full, level + 1


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Where a tile is published: `tile/0/x001/x234/067`, with `.p/<width>` when not yet full."""
    return _path(str(level), index, width)


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Where the entries under level-0 tile `index` are published: `tile/entries/…`."""
    return _path("entries", index, width)


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """A bundle of entries: each preceded by its length as big-endian uint16.

    ValueError for an entry over 65,535 bytes: the format has no place for it.
    """
    packed: list[bytes] = []
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise ValueError(f"a log entry has at most {LARGEST_ENTRY} bytes, this one {len(entry)}")
        packed.append(struct.pack(">H", len(entry)) + entry)
    return b"".join(packed)


_TILE_BYTES = TILE_WIDTH * HASH_SIZE


def _path(kind: str, index: int, width: int) -> str:
    if index < 0 or not 1 <= width <= TILE_WIDTH:
        raise ValueError(f"no tile has index {index} and width {width}")
    digits = f"{index % 1000:03}"
    while index := index // 1000:
        digits = f"x{index % 1000:03}/{digits}"
    return f"tile/{kind}/{digits}" + ("" if width == TILE_WIDTH else f".p/{width}")


def _place(node: Node) -> tuple[TileId, int, int]:
    level, index = node
    tile_level, height = divmod(level, TILE_HEIGHT)
    tile_index, start = divmod(index << height, TILE_WIDTH)
    return (tile_level, tile_index), start, 1 << height


def _subtree(tile: bytes, name: TileId, start: int, width: int) -> bytes:
    hashes = tile[start * HASH_SIZE : (start + width) * HASH_SIZE]
    if len(hashes) != width * HASH_SIZE:
        raise MissingTile(f"tile {name[0]}/{name[1]} holds fewer than {start + width} hashes")
    return _tile_root(hashes)


def _tile_root(hashes: bytes) -> bytes:
    """The root over a power of two of hashes: each pair of neighbours is 64 bytes in a row."""
    while len(hashes) > HASH_SIZE:
        hashes = b"".join([sha256(b"\x01" + hashes[i : i + 64]).digest() for i in range(0, len(hashes), 64)])
    return hashes
