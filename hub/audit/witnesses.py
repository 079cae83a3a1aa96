"""Asking a witness to cosign: what the log sends, and what it makes of the answer.

Source: C2SP tlog-witness (c2sp.org/tlog-witness).
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import httpx

from hub.audit.checkpoint import CheckpointRefused, NoteVerifier, signers_of, split_note

LARGEST_ANSWER = 64 * 1024


class Stand(StrEnum):
    """How a witness stands towards a log."""

    GETEKEND = "getekend"
    ONBEREIKBAAR = "onbereikbaar"
    ONBEKEND = "onbekend-bij-getuige"
    ONGELDIG = "ongeldig-antwoord"
    TERUGGEDRAAID = "teruggedraaid"
    GESPLITST = "gesplitst"

    @property
    def accuses(self) -> bool:
        """Whether the witness knows a history that is not ours: an attack on the log, or a database set back."""
        return self in {Stand.TERUGGEDRAAID, Stand.GESPLITST}


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness cosigned; `line`: its signature line, checked."""

    line: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The witness last cosigned another size than the one we started from."""

    size: int


class Asking(Protocol):
    """A way to a witness."""

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. Raises OSError where there is none."""


class HttpAsking:
    """Witnesses over HTTP, on connections that stay open. `seconds`: how long one may take."""

    def __init__(self, seconds: float) -> None:
        self._client = httpx.Client(timeout=seconds, follow_redirects=False)

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        try:
            with self._client.stream("POST", url, content=body) as answer:
                taken = b""
                for part in answer.iter_bytes():
                    taken += part
                    if len(taken) > LARGEST_ANSWER:
                        raise OSError("the witness does not stop answering")
                return answer.status_code, taken
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            raise OSError("the witness does not answer") from failure

    def close(self) -> None:
        self._client.close()


def request(old: int, proof: Sequence[bytes], signed: str) -> bytes:
    """The body of `add-checkpoint`: from a log of `old` leaves, by this proof, to the signed checkpoint."""
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof), "", signed]
    return "\n".join(lines).encode()


def read_answer(status: int, body: bytes, signed: str, witness: NoteVerifier) -> Cosigned | Elsewhere | Stand:
    """What the answer of a witness to a signed checkpoint comes to."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return Stand.ONGELDIG
    match status:
        case 200:
            return _cosigned(text, signed, witness)
        case 409 if text.endswith("\n") and text[:-1].isascii() and text[:-1].isdigit() and len(text) < 20:
            return Elsewhere(int(text))
        case 404 | 403:
            return Stand.ONBEKEND
        case 422:
            return Stand.GESPLITST
    return Stand.ONGELDIG


def _cosigned(text: str, signed: str, witness: NoteVerifier) -> Cosigned | Stand:
    """Only lines of this witness are taken over; lines of others are ignored, as the specification asks."""
    for line in text.splitlines(keepends=True):
        try:
            ((name, blob),) = split_note(f"x\n\n{line}")[1]
            ours = (name, blob[:4]) == (witness.name, witness.key_id)
            if ours and witness.vkey in signers_of(signed + line, [witness]):
                return Cosigned(line)
        except CheckpointRefused:
            return Stand.ONGELDIG
    return Stand.ONGELDIG
