"""A log that grows, and may be made to lie, for who tries witnesses."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.checkpoint import NoteSigner, sign_checkpoint
from hub.audit.tiles import MemoryTiles, TileReader, extend
from hub.audit.tree import Frontier, consistency_proof, leaf_hash, root

ORIGIN = "hub.example/grootboek"
KEY = NoteSigner(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"1" * 32))


@dataclass(frozen=True)
class Growing:
    """A log of entries; a `word` other than that of another log makes another history."""

    word: str = "eerlijk"
    signer: NoteSigner = KEY
    tiles: MemoryTiles = field(default_factory=MemoryTiles)

    @classmethod
    def of(cls, size: int, word: str = "eerlijk", signer: NoteSigner = KEY) -> Growing:
        log = cls(word, signer)
        extend(log.tiles, Frontier(), [leaf_hash(log.entry(at)) for at in range(size)])
        return log

    def entry(self, index: int) -> bytes:
        return f'{{"positie":{index + 1},"woord":"{self.word}"}}'.encode()

    def root(self, size: int) -> bytes:
        return root(TileReader(self.tiles), size)

    def checkpoint(self, size: int) -> str:
        return sign_checkpoint(self.signer.name, size, self.root(size), self.signer)

    def proof(self, old: int, size: int) -> list[str]:
        hashes = consistency_proof(TileReader(self.tiles), old, size)
        return [b64encode(one).decode() for one in hashes]

    def body(self, old: int, size: int) -> bytes:
        """A request to `add-checkpoint`."""
        return "\n".join([f"old {old}", *self.proof(old, size), "", self.checkpoint(size)]).encode()
