"""What the hub vouches for: signed checkpoints of both logs, and proofs against them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.audit.checkpoint import NoteSigner, sign_checkpoint, split_note
from hub.audit.tiles import TileId, TileReader, TileStore
from hub.audit.tree import HASH_SIZE, Frontier, Node, consistency_proof, inclusion_proof
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


class _Ahead:
    """Tiles of a log, those of some leaves and of the edge read in one query. A `TileStore`."""

    def __init__(self, tiles: TileStore, leaves: Sequence[int], size: int) -> None:
        self._tiles, wanted, shift = tiles, set[TileId](), 0
        while size >> shift:
            level, shift = shift // 8, shift + 8
            wanted |= {(level, leaf >> shift) for leaf in (*leaves, size)}
        self._read = dict(tiles.get(list(wanted)))

    def get(self, tiles: Sequence[TileId]) -> Mapping[TileId, bytes]:
        missing = [one for one in tiles if one not in self._read]
        if missing:
            self._read.update(self._tiles.get(missing))
        return self._read

    def put(self, tiles: Mapping[TileId, bytes]) -> None:
        self._tiles.put(tiles)


class _Nodes:
    """Nodes of a tree, each worked out once: paths of many leaves meet. A `tree.NodeReader`."""

    def __init__(self, tiles: TileStore) -> None:
        self._read, self._known = TileReader(tiles), dict[Node, bytes]()

    def __call__(self, nodes: Sequence[Node]) -> Sequence[bytes]:
        missing = [one for one in nodes if one not in self._known]
        self._known.update(zip(missing, self._read(missing), strict=True))
        return [self._known[one] for one in nodes]


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

    def access_inclusions(self, sleutel: str, numbers: Sequence[int], signed: Signed) -> list[Proof | None]:
        """The same for records of the access log that one key leads to, by their numbers, in a few queries."""
        if not numbers:
            return []
        between = min(numbers) - 1, max(numbers) + 1
        data = dict(self._store.access_found((sleutel,), between, between[1] - between[0]))
        read = _Nodes(_Ahead(self._store.tiles(ACCESS_LOG), [number - 1 for number in numbers], signed.size))

        def proof(number: int) -> Proof | None:
            if number > signed.size or number not in data:
                return None
            path = inclusion_proof(read, number - 1, signed.size)
            return Proof(number - 1, signed.size, data[number], tuple(path), signed.note)

        return [proof(number) for number in numbers]

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
