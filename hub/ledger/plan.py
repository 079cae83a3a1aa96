"""What a group of changes comes to, given what is recorded already; pure.

Both stores use it, so that they accept, refuse, number and hash alike. One change's conflict is its own:
the others of the group go on as if it had not been there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from hub.audit.access import Entry
from hub.audit.tree import leaf_hash
from hub.ledger.store import (
    Change,
    DuplicateSource,
    InvalidChange,
    KeyConflict,
    KeyId,
    LedgerError,
    Receipt,
    SourceConflict,
    SourceKey,
    VersionConflict,
    WrappedKey,
)

MAX_VERSION = 2**31 - 1


class EventRow(NamedTuple):
    """A row of the table of events."""

    position: int
    stream: UUID
    version: int
    topic: bytes
    state: bytes
    decision: bytes | None
    leaf: bytes


class SourceRow(NamedTuple):
    """A row of the table of sources."""

    key: SourceKey
    first: int
    event_count: int


@dataclass(slots=True)
class Known:
    """What the store holds of the streams, sources and keys that a group names; a missing stream is empty."""

    versions: dict[UUID, int] = field(default_factory=dict)
    sources: dict[tuple[str, str], tuple[bytes, Receipt]] = field(default_factory=dict)
    keys: Mapping[KeyId, WrappedKey] = field(default_factory=dict)
    head: int = 0
    access_head: int = 0
    series: Mapping[UUID, tuple[int, int]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Plan:
    """What is to be written, and what each change is told once that is durable."""

    events: list[EventRow] = field(default_factory=list)
    access: list[bytes] = field(default_factory=list)
    index: list[tuple[str, int]] = field(default_factory=list)
    series: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    sources: list[SourceRow] = field(default_factory=list)
    keys: dict[KeyId, WrappedKey] = field(default_factory=dict)
    destroyed: dict[KeyId, datetime] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    outcomes: list[Receipt | LedgerError] = field(default_factory=list)


def numbered(number: int, record: bytes, series: Mapping[UUID, tuple[int, int]] | None = None) -> bytes:
    """An access record with its own number inside, so that a missing one shows. Records are JSON objects.

    `series`: per case its number among the records of that case, and the number of the one before it, 0 for none.
    """
    if not record.startswith(b"{"):
        return record
    comma = b"" if record == b"{}" else b","
    if not series:
        return b'{"volgnummer":%d%s%s' % (number, comma, record[1:])
    counted = b",".join(b'"%b":[%d,%d]' % (str(casus).encode(), *place) for casus, place in series.items())
    return b'{"volgnummer":%d,"reeks":{%b}%s%s' % (number, counted, comma, record[1:])


def cases_of(changes: Iterable[Change]) -> set[UUID]:
    """The cases in whose series the access records of changes count."""
    return {casus for change in changes for entry in change.access for casus in entry.casussen}


def streams_of(changes: Iterable[Change]) -> set[UUID]:
    """The streams that changes append to."""
    return {append.stream for change in changes for append in change.appends}


def leaf_data(
    position: int, stream: UUID, version: int, topic: bytes, state: bytes, *, decision: bytes | None
) -> bytes:
    """The entry of one event in the ledger's log: canonical JSON over ciphertext digests, no content."""
    # Built by hand: the order is fixed, and a topic (checked in `_encoded`) and a UUID need no escaping.
    record = b'"%b"' % sha256(decision).hexdigest().encode() if decision is not None else b"null"
    return b'{"beslissing":%b,"hash":"%b","positie":%d,"soort":"%b","stroom":"%b","versie":%d}' % (
        record,
        sha256(state).hexdigest().encode(),
        position,
        topic,
        str(stream).encode(),
        version,
    )


def unsound(changes: Sequence[Change]) -> dict[int, InvalidChange]:
    """The changes, by their number, that no store can hold; PostgreSQL would fail the whole group on them."""
    faults = {}
    for number, change in enumerate(changes):
        try:
            _require_form(change)
        except InvalidChange as fault:
            faults[number] = fault
    return faults


def plan(changes: Sequence[Change], known: Known, faults: Mapping[int, InvalidChange]) -> Plan:
    """Decide each change in turn, refusing `unsound` ones. `log_size` of a receipt is that after the whole group."""
    result = Plan()
    sourced = dict(known.sources)
    accepted: list[tuple[int, Change, Receipt]] = []
    repeated: list[tuple[int, SourceKey]] = []
    for number, change in enumerate(changes):
        try:
            if number in faults:
                raise faults[number]
            if change.source is not None and _seen(change.source, sourced):
                repeated.append((number, change.source))
                result.outcomes.append(SourceConflict())  # replaced below: the receipt is not complete yet
                continue
            receipt = _accept(change, known, result)
        except LedgerError as refusal:
            result.outcomes.append(refusal)
            continue
        if change.source is not None:
            sourced[change.source.source, change.source.id] = (change.source.digest, receipt)
        accepted.append((number, change, receipt))
        result.outcomes.append(receipt)
    size = known.head + len(result.events)
    for number, change, receipt in accepted:
        final = Receipt(receipt.positions, receipt.leaf_hashes, size, receipt.access)
        result.outcomes[number] = final
        if change.source is not None:
            sourced[change.source.source, change.source.id] = (change.source.digest, final)
    for number, source in repeated:
        result.outcomes[number] = DuplicateSource(_without_access(sourced[source.source, source.id][1]))
    return result


def _without_access(receipt: Receipt) -> Receipt:
    return Receipt(receipt.positions, receipt.leaf_hashes, receipt.log_size)


def _seen(source: SourceKey, sourced: Mapping[tuple[str, str], tuple[bytes, Receipt]]) -> bool:
    earlier = sourced.get((source.source, source.id))
    if earlier is not None and earlier[0] != source.digest:
        raise SourceConflict
    return earlier is not None


def _require_form(change: Change) -> None:
    texts = [key.id.spoor for key in change.new_keys]
    if change.source is not None:
        texts += [change.source.source, change.source.id]
    for text in texts:
        if "\x00" in text or not text.isprintable():
            raise InvalidChange("a source, an id or a track holds unprintable characters")
    if any(key.wrapped is None for key in change.new_keys):
        raise InvalidChange("a new key without content")
    if any(append.expected_version < 0 for append in change.appends):
        raise InvalidChange("a stream has no negative number of events")


@lru_cache(maxsize=1024)
def _encoded(topic: str) -> bytes:
    if not topic.isascii() or not topic.isprintable() or '"' in topic or "\\" in topic or not topic:
        raise InvalidChange("a topic is printable ASCII without quotes or backslashes")
    return topic.encode()


def _accept(change: Change, known: Known, result: Plan) -> Receipt:
    """Check the whole change first, then add its rows: a refused change leaves nothing behind."""
    versions: dict[UUID, int] = {}
    for append in change.appends:
        actual = versions.get(append.stream, result.versions.get(append.stream))
        if actual is None:
            actual = known.versions.get(append.stream, 0)
        if actual != append.expected_version:
            raise VersionConflict(append.stream, append.expected_version, actual)
        versions[append.stream] = actual + len(append.events)
        if versions[append.stream] > MAX_VERSION:
            raise InvalidChange("a stream is full")
    for append in change.appends:
        for event in append.events:
            _encoded(event.topic)
    result.keys.update(_fresh_keys(change, known, result))
    result.versions.update(versions)
    result.destroyed.update(change.destroyed)
    rows = _rows(change, known.head + len(result.events))
    result.events += rows
    first_access = known.access_head + len(result.access) + 1
    for number, entry in enumerate(change.access, first_access):
        result.access.append(_counted(number, entry, known, result))
    if change.source is not None:
        result.sources.append(SourceRow(change.source, rows[0].position if rows else 0, len(rows)))
    return Receipt(
        tuple(row.position for row in rows),
        tuple(row.leaf for row in rows),
        0,
        tuple(range(first_access, first_access + len(change.access))),
    )


def _counted(number: int, entry: Entry, known: Known, result: Plan) -> bytes:
    result.index += [(key, number) for key in entry.sleutels]
    places: dict[UUID, tuple[int, int]] = {}
    for casus in entry.casussen:
        count, last = result.series.get(casus) or known.series.get(casus, (0, 0))
        places[casus] = (count + 1, last)
        result.series[casus] = (count + 1, number)
    return numbered(number, entry.data, places)


def _fresh_keys(change: Change, known: Known, result: Plan) -> dict[KeyId, WrappedKey]:
    fresh, conflicts = {}, []
    for key in change.new_keys:
        there = known.keys.get(key.id) or result.keys.get(key.id)
        if there is None and key.kek in known.closed:
            conflicts.append(key.id)
        elif there is None:
            fresh[key.id] = key
        elif there.wrapped != key.wrapped:
            conflicts.append(key.id)
    if conflicts:
        raise KeyConflict(tuple(conflicts))
    return fresh


def _rows(change: Change, position: int) -> list[EventRow]:
    rows = []
    for append in change.appends:
        version, stream = append.expected_version, append.stream
        for event, decision in zip(append.events, append.decisions, strict=True):
            position, version = position + 1, version + 1
            topic, state = _encoded(event.topic), event.state
            leaf = leaf_hash(leaf_data(position, stream, version, topic, state, decision=decision))
            rows.append(EventRow(position, stream, version, topic, state, decision, leaf))
    return rows
