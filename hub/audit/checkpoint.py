"""Checkpoints: the signed statement of how long a log is and which root hash it has.

A checkpoint is a signed note: origin, size, root in base64, an empty line, and a line per signature.
Partners that witness the log add a cosignature: the same text, with the moment they saw it.

Source: C2SP signed-note, tlog-checkpoint, tlog-cosignature (c2sp.org).
"""

import base64
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE = 0x04
_LARGEST_NOTE = 64 * 1024
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class CheckpointRefused(ValueError):
    """A checkpoint that is malformed, or not signed by a key that is trusted here."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's tree head: which log (`origin`), how many leaves, which root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed, final newline included."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class NoteVerifier:
    """A public key that signs for a name: a log, or a witness (`kind` COSIGNATURE)."""

    name: str
    public_key: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        _check_name(self.name)

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature line says whose it is."""
        return sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public_key).digest()[:4]

    @property
    def vkey(self) -> str:
        """As handed to partners: `name+keyid+base64(kind || key)`."""
        key = base64.b64encode(bytes([self.kind]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"

    @classmethod
    def from_vkey(cls, vkey: str) -> "NoteVerifier":
        """Back from `vkey`; CheckpointRefused when name, id and key do not belong together."""
        try:
            name, key_id, encoded = vkey.strip().split("+", 2)
        except ValueError:
            raise CheckpointRefused("a verifier key reads name+keyid+base64") from None
        key = _decode(encoded)
        if len(key) != 33 or key[0] not in (ED25519, COSIGNATURE):
            raise CheckpointRefused("only Ed25519 verifier keys are known here")
        verifier = cls(name, key[1:], key[0])
        if verifier.key_id.hex() != key_id:
            raise CheckpointRefused("the id of the verifier key does not match its name and key")
        return verifier

    def accepts(self, text: str, signature: bytes) -> bool:
        """Whether this key made `signature` over the note text."""
        message = text.encode()
        if self.kind == COSIGNATURE:
            if len(signature) != 72:
                return False
            message = _cosigned(text, struct.unpack_from(">Q", signature)[0])
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class NoteSigner:
    """A private key that signs under a name. A log's signer is named after the log's origin."""

    def __init__(self, name: str, private_key: Ed25519PrivateKey, kind: int = ED25519) -> None:
        self._private_key = private_key
        self.verifier = NoteVerifier(name, private_key.public_key().public_bytes_raw(), kind)

    @property
    def name(self) -> str:
        return self.verifier.name

    def line(self, signature: bytes) -> str:
        """The signature line of a note."""
        return f"\u2014 {self.name} {base64.b64encode(self.verifier.key_id + signature).decode()}\n"

    def sign(self, text: str) -> str:
        """The line that signs this note text as a log does."""
        if self.verifier.kind != ED25519:
            raise ValueError("a witness key cosigns, it does not sign")
        return self.line(self._private_key.sign(text.encode()))

    def cosign(self, text: str, seconds: int) -> str:
        """The line by which a witness says: at this POSIX time this was the longest log I had seen."""
        if self.verifier.kind != COSIGNATURE:
            raise ValueError("a log key signs, it does not cosign")
        return self.line(struct.pack(">Q", seconds) + self._private_key.sign(_cosigned(text, seconds)))


def sign_checkpoint(origin: str, size: int, root: bytes, signer: NoteSigner) -> str:
    """A log's own signed checkpoint. The signer bears the name of the log; ValueError otherwise.

    A verifier takes the key's name for the log it speaks for. A key under another name would let
    the checkpoint of one log pass for that of another.
    """
    if signer.name != origin:
        raise ValueError(f"{signer.name} does not sign for {origin}")
    text = Checkpoint(origin, size, root).text()
    return f"{text}\n{signer.sign(text)}"


def cosign_checkpoint(signed: str, witness: NoteSigner, seconds: int) -> str:
    """The same checkpoint with the witness's line added. The witness has checked consistency first."""
    text, _ = split_note(signed)
    return signed + witness.cosign(text, seconds)


def split_note(signed: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A signed note as its text and its (name, key id || signature) pairs; CheckpointRefused."""
    if len(signed) > _LARGEST_NOTE or any(c < " " and c != "\n" for c in signed):
        raise CheckpointRefused("a note holds no control characters and at most 64 KiB")
    text, separator, tail = signed.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise CheckpointRefused("a note has a text, an empty line and signatures")
    return text + "\n", [_signature(line) for line in tail[:-1].split("\n")]


def parse_checkpoint(signed: str) -> Checkpoint:
    """What a checkpoint says, its signatures *not* checked; CheckpointRefused when malformed."""
    lines = split_note(signed)[0].split("\n")[:-1]
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise CheckpointRefused("a checkpoint reads origin, size, root")
    root = _decode(lines[2])
    if len(root) != 32:
        raise CheckpointRefused("the root of a checkpoint has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def verify_checkpoint(
    signed: str, log: NoteVerifier, witnesses: Iterable[NoteVerifier] = (), quorum: int = 0
) -> Checkpoint:
    """What a checkpoint says, once the log signed it and at least `quorum` witnesses cosigned it.

    CheckpointRefused when malformed, of another log, or not signed so; also when any line that
    claims a known key does not verify.
    """
    checkpoint = parse_checkpoint(signed)
    if checkpoint.origin != log.name:
        raise CheckpointRefused(f"the checkpoint is of another log than {log.name}")
    signers = signers_of(signed, [log, *witnesses])
    if log.vkey not in signers:
        raise CheckpointRefused(f"the checkpoint is not signed by {log.name}")
    if len(signers) - 1 < quorum:
        raise CheckpointRefused(f"{len(signers) - 1} witnesses cosigned, {quorum} are needed")
    return checkpoint


def signers_of(signed: str, known: Iterable[NoteVerifier]) -> set[str]:
    """The vkeys of the known keys that signed; CheckpointRefused when one of them did so falsely."""
    text, signatures = split_note(signed)
    keys = {(key.name, key.key_id): key for key in known}
    found: set[str] = set()
    for name, blob in signatures:
        key = keys.get((name, blob[:4]))
        if key is None:
            continue
        if not key.accepts(text, blob[4:]):
            raise CheckpointRefused(f"the signature of {name} is false")
        found.add(key.vkey)
    return found


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() or c < " " for c in name):
        raise CheckpointRefused("a key name is not empty and holds no space and no plus sign")


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not parts[1]:
        raise CheckpointRefused("a signature line reads dash, name, base64")
    blob = _decode(parts[2])
    if len(blob) < 5:
        raise CheckpointRefused("a signature is longer than its key id")
    return parts[1], blob


def _decode(encoded: str) -> bytes:
    """Base64 that is written in the one right way: spare bits are zero, so no note has a twin."""
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except ValueError:
        decoded = b""
    if not decoded or base64.b64encode(decoded).decode() != encoded:
        raise CheckpointRefused("a root, a key and a signature are base64")
    return decoded
