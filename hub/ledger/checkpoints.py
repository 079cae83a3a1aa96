"""What the hub vouches for: signed checkpoints of both logs, and proofs against them."""

from dataclasses import dataclass

from hub.audit.checkpoint import NoteSigner, sign_checkpoint
from hub.audit.tiles import TileReader
from hub.audit.tree import consistency_proof, inclusion_proof
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


class Checkpoints:
    """Signs the logs of one ledger. `origin`: name of the logs, without the log's own name."""

    def __init__(self, store: LedgerStore, signer: NoteSigner, origin: str) -> None:
        self._store, self._signer, self._origin = store, signer, origin

    def origin(self, log: str) -> str:
        return f"{self._origin}/{log}"

    def checkpoint(self, log: str) -> str:
        """A signed checkpoint of all that is durable now. Source: C2SP tlog-checkpoint."""
        frontier = self._store.frontier(log)
        return sign_checkpoint(self.origin(log), frontier.size, frontier.root(), self._signer)

    def inclusion(self, log: str, index: int) -> Proof | None:
        """The proof for one leaf, None where the log is shorter. Source: RFC 6962, 2.1.1."""
        frontier = self._store.frontier(log)
        if not 0 <= index < frontier.size:
            return None
        read = TileReader(self._store.tiles(log))
        (data,) = self._store.leaf_data(log, index, 1)
        hashes = tuple(inclusion_proof(read, index, frontier.size))
        signed = sign_checkpoint(self.origin(log), frontier.size, frontier.root(), self._signer)
        return Proof(index, frontier.size, data, hashes, signed)

    def consistency(self, log: str, old: int) -> tuple[int, tuple[bytes, ...]] | None:
        """That the log only grew since it had `old` leaves: size now and hashes. Source: RFC 6962, 2.1.2."""
        size = self._store.frontier(log).size
        if not 0 < old <= size:
            return None
        return size, tuple(consistency_proof(TileReader(self._store.tiles(log)), old, size))
