"""What a run must remember: how far each file was acknowledged, and the rows that were refused."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.files import Line, json_lines
from adapters.intake import Row
from contracts.problems import Fout

_TABLE = """
CREATE TABLE IF NOT EXISTS voortgang (
    adapter TEXT NOT NULL, bron TEXT NOT NULL, zetel TEXT NOT NULL, sha256 TEXT NOT NULL, regel INTEGER NOT NULL,
    PRIMARY KEY (adapter, bron, zetel, sha256)
) WITHOUT ROWID
"""


class Journal:
    """The highest acknowledged row of each file, known by its content. `regel`: zero where nothing was."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(data / "voortgang.sqlite")
        self._db.execute(_TABLE)
        self._db.commit()

    def acknowledged(self, key: tuple[str, str, str, str]) -> int:
        """`key`: adapter, source, seat, digest of the file."""
        found = self._db.execute(
            "SELECT regel FROM voortgang WHERE adapter = ? AND bron = ? AND zetel = ? AND sha256 = ?", key
        ).fetchone()
        return int(found[0]) if found else 0

    def acknowledge(self, key: tuple[str, str, str, str], regel: int) -> None:
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO voortgang VALUES (?, ?, ?, ?, ?)", (*key, regel))

    def close(self) -> None:
        self._db.close()


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Quarantine:
    """Rows that were not accepted, whole and with all reasons, one JSON object a line; only the owner may read it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._present = {(entry["sha256"], entry["regel"]) for _, entry in self.entries()}

    def add(self, sha256: str, rows: Iterable[tuple[Row, str, tuple[Fout, ...]]]) -> int:
        """Append rows with their status and reasons, each only once; the number that was new."""
        fresh = [
            _entry(row, sha256, status, reasons)
            for row, status, reasons in rows
            if (sha256, row.number) not in self._present
        ]
        if fresh:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _private(self.path, os.O_APPEND) as descriptor:
                os.write(descriptor, "".join(_line(entry) for entry in fresh).encode())
                os.fsync(descriptor)
            self._present.update((entry["sha256"], entry["regel"]) for entry in fresh)
        return len(fresh)

    def entries(self) -> Iterator[tuple[Line, dict[str, Any]]]:
        """Each kept row as a line to interpret again, with its entry; a line that is broken is passed over."""
        if not self.path.exists():
            return
        for line in json_lines(self.path):
            if isinstance(line.raw, dict) and {"sha256", "regel", "record"} <= line.raw.keys():
                yield Line(line.raw["regel"], line.raw["record"]), line.raw

    def replace(self, entries: Iterable[dict[str, Any]]) -> None:
        """Keep only these rows, in one step."""
        text = "".join(_line(entry) for entry in entries)
        if not text:
            self.path.unlink(missing_ok=True)
            return
        draft = self.path.with_suffix(".nieuw")
        with _private(draft, os.O_TRUNC) as descriptor:
            os.write(descriptor, text.encode())
            os.fsync(descriptor)
        draft.replace(self.path)


def _entry(row: Row, sha256: str, status: str, reasons: tuple[Fout, ...]) -> dict[str, Any]:
    return {
        "sha256": sha256,
        "regel": row.number,
        "status": status,
        "redenen": [reason.model_dump() for reason in reasons],
        "record": row.raw,
    }


def _line(entry: dict[str, Any]) -> str:
    # ASCII, because a broken record may hold characters that no UTF-8 file can.
    return json.dumps(entry, default=str) + "\n"


@contextmanager
def _private(path: Path, how: int) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
