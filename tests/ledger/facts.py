"""Changes to record, and the check that a ledger is whole."""

from itertools import pairwise
from uuid import UUID, uuid4

from hub.audit.tiles import TileReader
from hub.audit.tree import inclusion_proof, leaf_hash, root, verify_inclusion
from hub.ledger.store import (
    ACCESS_LOG,
    LEDGER_LOG,
    Change,
    LedgerStore,
    NewEvent,
    SourceKey,
    StreamAppend,
)

TOPIC = "nl.signaalhub.test.v1"


def appending(stream: UUID, expected: int, *states: bytes, decision: bytes | None = b"besluit") -> StreamAppend:
    events = tuple(NewEvent(TOPIC, state) for state in states)
    return StreamAppend(stream, expected, events, (decision,) * len(events))


def change(*states: bytes, stream: UUID | None = None, expected: int = 0, id: str | None = None) -> Change:
    """New events on one stream, from source `test` when it has an id; its digest is that of its states."""
    source = SourceKey("test", id, b"|".join(states)) if id is not None else None
    return Change((appending(stream or uuid4(), expected, *states),), source)


def assert_whole(ledger: LedgerStore) -> None:
    """No gaps, streams in order, and every event and access record under a leaf of its log."""
    events = ledger.read(0, 1_000_000)
    assert [event.position for event in events] == list(range(1, ledger.head() + 1))
    versions: dict[UUID, int] = {}
    for event in events:
        assert event.version == versions.get(event.stream, 0) + 1
        versions[event.stream] = event.version
    for log, count in ((LEDGER_LOG, len(events)), (ACCESS_LOG, len(ledger.access_records(0, 1_000_000)))):
        frontier = ledger.frontier(log)
        hashes = [leaf_hash(data) for data in ledger.leaf_data(log, 0, 1_000_000)]
        assert frontier.size == count == len(hashes)
        assert type(frontier)().append(hashes).root() == frontier.root()
        reader = TileReader(ledger.tiles(log))
        assert root(reader, count) == frontier.root()
        for index in {0, count // 2, count - 1} if count else ():
            proof = inclusion_proof(reader, index, count)
            assert verify_inclusion(hashes[index], index, count, proof, frontier.root())
    numbers = [number for number, _ in ledger.access_records(0, 1_000_000)]
    assert all(after == before + 1 for before, after in pairwise([0, *numbers]))
