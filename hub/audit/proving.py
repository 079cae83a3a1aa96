"""Check one proof file without a network and without trusting whoever made it.

The third file of the verifier, beside `evidence.py` and `quorum.py`; nothing else of the hub. The steps:

  1. The leaf hash, from the extra data in the file or from a leaf that is given.
  2. The checkpoint is signed by a log of the policy, and is of that log.
  3. Enough witnesses of the policy cosigned it.
  4. The inclusion proof leads from the leaf to the signed root.

Source: C2SP tlog-proof, tlog-policy (c2sp.org).
"""

import argparse
import base64
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from hub.audit.evidence import HASH, Checkpoint, verify_inclusion
from hub.audit.quorum import PolicyRefused, TrustPolicy, parse_policy

HEADER = b"c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
_INDEX = re.compile(rb"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A proof as read, nothing of it checked. `extra`: None when there is none."""

    extra: bytes | None
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, raw: bytes) -> "ProofFile":
        """ValueError when it is no proof file."""
        head, separator, signed = raw.partition(b"\n\n")
        lines = head.split(b"\n")
        if not separator or lines.pop(0) != HEADER or not lines:
            raise ValueError("geen bewijsbestand")
        extra = _decoded(lines.pop(0)[6:]) if lines[0].startswith(b"extra ") else None
        index = _INDEX.fullmatch(lines.pop(0)) if lines else None
        hashes = tuple(map(_decoded, lines))
        if index is None or len(hashes) > MOST_HASHES or any(len(one) != HASH for one in hashes):
            raise ValueError("geen bewijsbestand")
        return cls(extra, int(index[1]), hashes, Checkpoint.parse(signed))


def verify_proof(raw: bytes, policy: TrustPolicy, leaf: bytes | None = None) -> list[str]:
    """What is wrong with a proof file; empty when it holds. `leaf`: the data it must be about, when known."""
    try:
        proof = ProofFile.parse(raw)
        point = proof.checkpoint
        signed = point.signed_by(party.key for party in policy.logs)
        cosigned = point.signed_by(party.key for party in policy.witnesses.values())
    except ValueError as refused:
        return [f"VERVALST: {refused}"]
    faults = []
    data = proof.extra if leaf is None else leaf
    if not any(key.name == point.origin for key in signed):
        faults.append("VERVALST: geen handtekening van een log dat het beleid noemt")
    if not policy.met(cosigned):
        faults.append(f"ONGETUIGD: {len(cosigned)} getuigen tekenden, nodig is {policy.rule()}")
    if data is None:
        faults.append("ONBEKEND: het blad staat niet in het bestand; geef het erbij")
    else:
        hashed = sha256(b"\x00" + data).digest()
        if not verify_inclusion(hashed, proof.index, point.size, proof.hashes, point.root):
            faults.append("GEWIJZIGD: het blad is niet te bewijzen")
    return faults


def _decoded(encoded: bytes) -> bytes:
    raw = base64.b64decode(encoded, validate=True)
    if base64.b64encode(raw) != encoded:
        raise ValueError("geen bewijsbestand")
    return raw


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m hub.audit.proving FILE --policy FILE [--leaf FILE]`; answers the exit code."""
    parser = argparse.ArgumentParser(prog="proving", description="Controleer een bewijsbestand, zonder netwerk.")
    parser.add_argument("proof", type=Path, help="bewijsbestand (.tlog-proof)")
    parser.add_argument("--policy", type=Path, required=True, help="wie u vertrouwt (C2SP tlog-policy)")
    parser.add_argument("--leaf", type=Path, help="het blad waarover het bewijs moet gaan")
    try:
        asked = parser.parse_args(argv)
        policy = parse_policy(asked.policy.read_bytes())
        faults = verify_proof(asked.proof.read_bytes(), policy, asked.leaf.read_bytes() if asked.leaf else None)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    except (OSError, PolicyRefused) as wrong:
        print(f"Niet te controleren: {wrong}", file=sys.stderr)
        return 2
    print("\n".join(faults) or "Bewezen.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
