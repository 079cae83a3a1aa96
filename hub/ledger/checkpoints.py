"""What the hub vouches for: signed checkpoints of both logs, and proofs against them."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.audit.checkpoint import NoteSigner, sign_checkpoint
from hub.audit.tiles import TileReader
from hub.audit.tree import Frontier, consistency_proof, inclusion_proof
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
    """Signs the logs of one ledger. `signers`: one per log; its name is the origin of that log."""

    def __init__(self, store: LedgerStore, signers: Mapping[str, NoteSigner]) -> None:
        self._store, self.signers = store, signers

    def _sign(self, log: str, frontier: Frontier) -> str:
        signer = self.signers[log]
        return sign_checkpoint(signer.name, frontier.size, frontier.root(), signer)

    def checkpoint(self, log: str) -> str:
        """A signed checkpoint of all that is durable now. Source: C2SP tlog-checkpoint."""
        return self._sign(log, self._store.frontier(log))

    def inclusion(self, log: str, index: int) -> Proof | None:
        """The proof for one leaf, None where the log is shorter. Source: RFC 6962, 2.1.1."""
        frontier = self._store.frontier(log)
        if not 0 <= index < frontier.size:
            return None
        read = TileReader(self._store.tiles(log))
        (data,) = self._store.leaf_data(log, index, 1)
        hashes = tuple(inclusion_proof(read, index, frontier.size))
        return Proof(index, frontier.size, data, hashes, self._sign(log, frontier))

    def consistency(self, log: str, old: int) -> tuple[int, tuple[bytes, ...]] | None:
        """That the log only grew since it had `old` leaves: size now and hashes. Source: RFC 6962, 2.1.2."""
        size = self._store.frontier(log).size
        if not 0 < old <= size:
            return None
        return size, tuple(consistency_proof(TileReader(self._store.tiles(log)), old, size))
