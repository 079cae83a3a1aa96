"""Writing a log out as a directory that an outsider checks with `hub.audit.verify`.

Layout: `checkpoint`, earlier ones under `checkpoints/<size>`, hashes under `tile/<level>/`, and the
entries under `tile/entries/` or in `entries.jsonl` (a base64 string per line).

Source: C2SP tlog-tiles (c2sp.org/tlog-tiles).
"""

import base64
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from hub.audit.checkpoint import parse_checkpoint
from hub.audit.tiles import (
    TILE_WIDTH,
    MissingTile,
    TileStore,
    entries_path,
    pack_entries,
    tile_path,
    tiles_of,
)
from hub.audit.tree import HASH_SIZE


def export_log(
    directory: Path,
    entries: Iterable[bytes],
    store: TileStore,
    checkpoint: str,
    *,
    earlier: Iterable[str] = (),
    as_lines: bool = False,
) -> None:
    """Write the log as its signed `checkpoint` covers it; entries beyond that size stay behind.

    `entries` are the leaf data, oldest first. `as_lines` writes `entries.jsonl` instead of bundles,
    for entries over 65,535 bytes. Streams: one bundle in memory. MissingTile when `store` is behind
    the checkpoint.
    """
    size = parse_checkpoint(checkpoint).size
    _write_tiles(directory, store, size)
    covered = islice(entries, size)
    if as_lines:
        _write_lines(directory / "entries.jsonl", covered)
    else:
        for index, bundle in enumerate(_bundles(covered)):
            _write(directory / entries_path(index, len(bundle)), pack_entries(bundle))
    for older in earlier:
        _write(directory / "checkpoints" / str(parse_checkpoint(older).size), older.encode())
    # Last, so that whoever finds a checkpoint finds everything that it vouches for.
    _write(directory / "checkpoint", checkpoint.encode())


def _write_tiles(directory: Path, store: TileStore, size: int) -> None:
    wanted = tiles_of(size)
    while batch := list(islice(wanted, TILE_WIDTH)):
        stored = store.get([(level, index) for level, index, _ in batch])
        for level, index, width in batch:
            hashes = stored.get((level, index), b"")[: width * HASH_SIZE]
            if len(hashes) < width * HASH_SIZE:
                raise MissingTile(f"tile {level}/{index} holds fewer than {width} hashes")
            _write(directory / tile_path(level, index, width), hashes)


def _write_lines(path: Path, entries: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii") as lines:
        lines.writelines(json.dumps(base64.b64encode(entry).decode()) + "\n" for entry in entries)


def _bundles(entries: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(entries)
    while bundle := list(islice(rest, TILE_WIDTH)):
        yield bundle


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
