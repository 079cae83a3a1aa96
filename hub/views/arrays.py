"""Columns of rows as binary PostgreSQL arrays: a whole batch travels as a handful of parameters."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any

from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

_HEAD = struct.Struct(">iiIii")
_SIZE = struct.Struct(">i").pack
_NULL = _SIZE(-1)
_TEXT, _TEXT_ARRAY, _BYTEA, _BYTEA_ARRAY = 25, 1009, 17, 1001


class Texts:
    """A column of texts (or numbers, as texts); None is null."""

    element = _TEXT

    def __init__(self, values: Iterable[Any]) -> None:
        self.values = [None if value is None else str(value).encode() for value in values]


class Blobs:
    """A column of bytes; None is null."""

    element = _BYTEA

    def __init__(self, values: Iterable[bytes | None]) -> None:
        self.values = list(values)


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Texts | Blobs) -> Buffer | None:
        parts = [_HEAD.pack(1, 1, obj.element, len(obj.values), 1)]
        for value in obj.values:
            if value is None:
                parts.append(_NULL)
            else:
                parts += (_SIZE(len(value)), value)
        return b"".join(parts)


class TextsDumper(_ArrayDumper):
    """text[]"""

    oid = _TEXT_ARRAY


class BlobsDumper(_ArrayDumper):
    """bytea[]"""

    oid = _BYTEA_ARRAY
