"""Arrays for PostgreSQL packed in one go; psycopg would convert them element by element in Python."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg import Connection, adapters
from psycopg.abc import AdaptContext, Buffer, PyFormat
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD = struct.Struct(">iiiii")
_EMPTY = struct.Struct(">iii")
_LENGTH = struct.Struct(">i").pack
_INT8 = struct.Struct(">iq").pack


class PackedArray:
    """A one-dimensional array without nulls in PostgreSQL's binary form."""

    __slots__ = ("data", "oid")

    def __init__(self, type_name: str, count: int, body: bytes) -> None:
        element, self.oid = _OIDS[type_name]
        head = _HEAD.pack(1, 0, element, count, 1) if count else _EMPTY.pack(0, 0, element)
        self.data = head + body


def uuids(values: Iterable[UUID]) -> PackedArray:
    """A `uuid[]`."""
    parts = [b"\x00\x00\x00\x10" + value.bytes for value in values]
    return PackedArray("uuid", len(parts), b"".join(parts))


def texts(values: Iterable[str]) -> PackedArray:
    """A `text[]`."""
    return _variable("text", [value.encode() for value in values])


def byteas(values: Iterable[bytes]) -> PackedArray:
    """A `bytea[]`."""
    return _variable("bytea", list(values))


def bigints(values: Iterable[int]) -> PackedArray:
    """A `bigint[]`."""
    parts = [_INT8(8, value) for value in values]
    return PackedArray("int8", len(parts), b"".join(parts))


def register(connection: Connection[Any]) -> None:
    """Let this connection take packed arrays as parameters."""
    connection.adapters.register_dumper(PackedArray, _PackedDumper)


def _variable(type_name: str, values: list[bytes]) -> PackedArray:
    parts: list[bytes] = []
    for value in values:
        parts += (_LENGTH(len(value)), value)
    return PackedArray(type_name, len(values), b"".join(parts))


class _PackedDumper(Dumper):
    """Takes the bytes as they are; the type is a matter of each value, not of the class."""

    format = Format.BINARY

    def __init__(self, cls: type, context: AdaptContext | None = None, oid: int = 0) -> None:
        super().__init__(cls, context)
        self.oid = oid

    def dump(self, obj: PackedArray) -> Buffer:
        return obj.data

    def get_key(self, obj: PackedArray, format: PyFormat) -> tuple[type, ...]:
        return (self.cls, _KEYS[obj.oid])

    def upgrade(self, obj: PackedArray, format: PyFormat) -> _PackedDumper:
        return _PackedDumper(self.cls, None, obj.oid)


_OIDS = {name: (adapters.types[name].oid, adapters.types[name].array_oid) for name in ("uuid", "text", "bytea", "int8")}
# psycopg caches dumpers under tuples of classes: one class per array type keeps them apart.
_KEYS = {array: type(f"{name}_array", (), {}) for name, (_, array) in _OIDS.items()}
