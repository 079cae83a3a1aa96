"""Checking here, at the console, that what is shown stands in the log: the page does not take the API at its word."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from hub.audit.checkpoint import CheckpointRefused, NoteVerifier, parse_checkpoint, signers_of
from hub.audit.tree import leaf_hash, verify_inclusion

Line = Mapping[str, Any]
#: What of a line must read the same in the leaf that the proof leads from.
SAME = ("handeling", "vraag", "resultaat", "zetel", "actor", "doel", "objecten", "velden", "ontvangers")


class Nagerekend(NamedTuple):
    """What came of it. `grootte`: of the log; `ondertekend`: by a key of the log; `klopt`: by number of the line."""

    grootte: int
    ondertekend: bool
    klopt: Mapping[int, bool]

    @property
    def alles(self) -> bool:
        """Whether every line was proven against a checkpoint that the log signed."""
        return self.ondertekend and bool(self.klopt) and all(self.klopt.values())


def checked(lines: Iterable[Line], note: str | None, keys: Iterable[str]) -> Nagerekend:
    """Every line of a page against one checkpoint. `keys`: verifier keys (vkeys) of the log."""
    if note is None:
        return Nagerekend(0, False, {})
    try:
        point = parse_checkpoint(note)
        signed = bool(signers_of(note, map(NoteVerifier.from_vkey, keys)))
    except CheckpointRefused:
        return Nagerekend(0, False, {})
    found = {line["volgnummer"]: _stands(line, point.size, point.root) for line in lines}
    return Nagerekend(point.size, signed, found)


def _stands(line: Line, size: int, root: bytes) -> bool:
    proof = line.get("bewijs")
    if not proof:
        return False
    try:
        leaf = base64.b64decode(proof["blad"], validate=True)
        path = [base64.b64decode(one, validate=True) for one in proof["hashes"]]
        written = orjson.loads(leaf)
    except (binascii.Error, orjson.JSONDecodeError):
        return False
    moments = [datetime.fromisoformat(one["tijdstip"]) for one in (written, line)]
    same = moments[0] == moments[1] and all(written.get(name) == line.get(name) for name in SAME if name in written)
    return same and verify_inclusion(leaf_hash(leaf), line["volgnummer"] - 1, size, path, root)
