"""The file formats in which agencies hand over records; every reader gives numbered lines and never raises."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from adapters.faults import fault
from contracts.problems import Fout

_GEEN_UTF8 = "dit bestand is geen tekst in UTF-8"
_GEEN_JSON = "deze regel is geen geldige JSON"
_ONLEESBAAR = "dit bestand kan niet worden geopend"


@dataclass(frozen=True, slots=True)
class Line:
    """One raw record. `number` counts from one; `raw` is whatever stood there; `faults` say why it is unreadable."""

    number: int
    raw: Any
    faults: tuple[Fout, ...] = ()


def json_lines(path: Path) -> Iterator[Line]:
    """One JSON value a line; empty lines are skipped."""
    try:
        with path.open("rb") as stream:
            for number, content in enumerate(stream, start=1):
                if content.strip():
                    yield _json_line(number, content)
    except OSError:
        yield Line(1, None, (fault("", _ONLEESBAAR),))


def json_records(path: Path) -> Iterator[Line]:
    """JSON lines, or with the ending `.json` one document: a record or a list of records."""
    if path.suffix.lower() != ".json":
        yield from json_lines(path)
        return
    try:
        line = _json_line(1, path.read_bytes())
    except OSError:
        line = Line(1, None, (fault("", _ONLEESBAAR),))
    if not isinstance(line.raw, list):
        yield line
        return
    for number, raw in enumerate(line.raw, start=1):
        yield Line(number, raw)


def csv_rows(path: Path) -> Iterator[Line]:
    """Rows of a CSV file with a head line, `;` or `,`; empty cells are left out, names of columns are normalised."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        yield Line(1, None, (fault("", _ONLEESBAAR),))
        return
    except UnicodeDecodeError:
        yield Line(1, None, (fault("", _GEEN_UTF8),))
        return
    head = text.split("\n", 1)[0]
    rows = csv.reader(text.splitlines(keepends=True), delimiter=";" if ";" in head else ",")
    number = 0
    try:
        names = [_column(name) for name in next(rows, [])]
        for number, cells in enumerate(rows, start=2):
            if any(cell.strip() for cell in cells):
                yield _cells(number, names, cells)
    except csv.Error:
        yield Line(number + 1, None, (fault("", "vanaf deze regel is het bestand geen geldige CSV"),))


def xlsx_rows(path: Path) -> Iterator[Line]:
    """Rows of the first sheet of a workbook with a head line."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        rows = [[_cell(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
        book.close()
    except Exception:
        yield Line(1, None, (fault("", "dit bestand is geen leesbaar werkblad"),))
        return
    names = [_column(name) for name in rows[0]] if rows else []
    for number, cells in enumerate(rows[1:], start=2):
        if any(cells):
            yield _cells(number, names, cells)


def text_blocks(path: Path) -> Iterator[Line]:
    """Blocks of text parted by a line of three dashes; the number is that of the first line of the block."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        yield Line(1, None, (fault("", _ONLEESBAAR),))
        return
    except UnicodeDecodeError:
        yield Line(1, None, (fault("", _GEEN_UTF8),))
        return
    block: list[str] = []
    start = 1
    for number, content in enumerate([*text.replace("\r\n", "\n").split("\n"), "---"], start=1):
        if content.strip() == "---":
            if any(part.strip() for part in block):
                yield Line(start, "\n".join(block).strip("\n"))
            block, start = [], number + 1
        else:
            block.append(content)


def _json_line(number: int, content: bytes) -> Line:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Line(number, content.decode("utf-8", "replace").rstrip("\r\n"), (fault("", _GEEN_UTF8),))
    try:
        return Line(number, json.loads(text))
    except (ValueError, RecursionError):
        return Line(number, text.rstrip("\r\n"), (fault("", _GEEN_JSON),))


def _cells(number: int, names: list[str], cells: list[str]) -> Line:
    raw = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()}
    if any(cell.strip() for cell in cells[len(names) :]):
        return Line(number, raw, (fault("", "deze regel heeft meer cellen dan er kolommen zijn"),))
    return Line(number, raw)


def _column(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
