"""What the hub vouches for: signed checkpoints of both logs, and proofs against them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.audit.checkpoint import NoteSigner, sign_checkpoint, split_note
from hub.audit.tiles import TileReader
from hub.audit.tree import HASH_SIZE, Frontier, consistency_proof, inclusion_proof
from hub.ledger.store import ACCESS_LOG, LEDGER_LOG, LedgerStore

LOGS = (LEDGER_LOG, ACCESS_LOG)


@dataclass(frozen=True, slots=True)
class Proof:
    """That one leaf stands in the log of a checkpoint. `index`: 0-based; `hashes`: 32 bytes each."""

    index: int
    size: int
    leaf_data: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint of a log that the log itself signed."""

    size: int
    note: str


@dataclass(frozen=True, slots=True)
class Signers:
    """Who signs a log. `leaving`: a key that is being taken over from signs along. `statements`: key changes so far."""

    current: NoteSigner
    leaving: tuple[NoteSigner, ...] = ()
    statements: tuple[str, ...] = field(default=())

    @property
    def all(self) -> tuple[NoteSigner, ...]:
        return (*self.leaving, self.current)


class Checkpoints:
    """Signs the logs of one ledger. Whoever signs a log bears its name, the origin."""

    def __init__(self, store: LedgerStore, signers: Mapping[str, Signers]) -> None:
        self._store, self.keys = store, signers

    @property
    def signers(self) -> Mapping[str, NoteSigner]:
        """The newest key of each log."""
        return {log: keys.current for log, keys in self.keys.items()}

    def _sign(self, log: str, frontier: Frontier) -> str:
        first, *others = self.keys[log].all
        note = sign_checkpoint(first.name, frontier.size, frontier.root(), first)
        text = split_note(note)[0]
        return note + "".join(other.sign(text) for other in others)

    def checkpoint(self, log: str) -> str:
        """A signed checkpoint of all that is durable now. Source: C2SP tlog-checkpoint."""
        return self._sign(log, self._store.frontier(log))

    def signed(self, log: str) -> Signed:
        """The same, with the size it covers."""
        frontier = self._store.frontier(log)
        return Signed(frontier.size, self._sign(log, frontier))

    def size(self, log: str) -> int:
        """How many leaves are durable now."""
        return self._store.frontier(log).size

    def inclusion(self, log: str, index: int) -> Proof | None:
        """The proof for one leaf, None where the log is shorter. Source: RFC 6962, 2.1.1."""
        frontier = self._store.frontier(log)
        if not 0 <= index < frontier.size:
            return None
        return self.inclusion_at(log, index, Signed(frontier.size, self._sign(log, frontier)))

    def inclusion_at(self, log: str, index: int, signed: Signed) -> Proof | None:
        """The proof for one leaf against this checkpoint, None where it covers less."""
        if not 0 <= index < signed.size:
            return None
        (data,) = self._store.leaf_data(log, index, 1)
        hashes = inclusion_proof(TileReader(self._store.tiles(log)), index, signed.size)
        return Proof(index, signed.size, data, tuple(hashes), signed.note)

    def consistency(self, log: str, old: int) -> tuple[int, tuple[bytes, ...]] | None:
        """That the log only grew since it had `old` leaves: size now and hashes. Source: RFC 6962, 2.1.2."""
        size = self._store.frontier(log).size
        if not 0 < old <= size:
            return None
        return size, tuple(self.growth(log, old, size))

    def growth(self, log: str, old: int, new: int) -> Sequence[bytes]:
        """The hashes that prove so between two sizes. ValueError where `old` is the larger."""
        return consistency_proof(TileReader(self._store.tiles(log)), old, new)

    def tile(self, log: str, level: int, index: int, width: int) -> bytes | None:
        """The first `width` hashes of a tile, None where it holds fewer. Source: C2SP tlog-tiles."""
        hashes = self._store.tiles(log).get([(level, index)]).get((level, index), b"")
        return hashes[: width * HASH_SIZE] if len(hashes) >= width * HASH_SIZE else None

    def entries(self, log: str, start: int, count: int) -> list[bytes]:
        """At most `count` entries from index `start`: what the leaf hashes are taken over."""
        return self._store.leaf_data(log, start, count)
