"""The keys that sign the logs: one at a time, two while the one takes over from the other.

A key takes over by a statement that both keys sign, and an old key ends by one that its successor signs. Both name
the size of the log at that moment, so that whoever trusts the first key can follow, and an old key that leaked signs
nothing new. Statements are public; `hub.audit.evidence` reads them.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.checkpoint import CheckpointRefused, NoteSigner, signers_of
from hub.settings import key_file

STATEMENT = "signaalhub/logsleutel/v1"
_ENDED = re.compile(rf"{STATEMENT}\n[^\n]+\ntot \d+\n([^\n]+)\n\n")


class NoSuccession(ValueError):
    """Keys cannot change hands now."""


class SigningKeys:
    """The keys in `folder`, for logs named `<origin>/<log>`; each log has its own. Made at the first start."""

    def __init__(self, folder: Path, origin: str, logs: Sequence[str]) -> None:
        self._folder, self._origin, self._logs = folder, origin, tuple(logs)
        for log in self._logs:
            if not any(self._folder.glob(f"checkpoint-{log}-*.pem")):
                self._signer(log, 1)

    def signers(self, log: str) -> tuple[NoteSigner, ...]:
        """Who signs this log now: the newest key last, before it the one it takes over from."""
        statements = self.statements(log)
        ended = {found[1] for one in statements if (found := _ENDED.match(one))}
        numbers = range(1, 1 + self._keys_had(log))
        here = [self._signer(log, number) for number in numbers if self._path(log, number).exists()]
        return tuple(one for one in here if one.verifier.vkey not in ended)

    def statements(self, log: str) -> tuple[str, ...]:
        """Every change of keys of this log, oldest first, as signed notes."""
        return tuple(path.read_text() for path in sorted(self._statements(log).glob("[0-9]*")))

    def rotate(self, sizes: Mapping[str, int]) -> None:
        """Make new keys that sign beside the old ones. `sizes`: of the logs, now. Raises NoSuccession.

        Interrupted, it is taken up where it was.
        """
        waiting = [log for log in self._logs if len(self.signers(log)) == 1]
        if not waiting:
            raise NoSuccession("a key is taking over already: finish that first")
        for log in waiting:
            (old,) = self.signers(log)
            new = self._signer(log, 1 + self._keys_had(log))
            self._state(log, f"vanaf {sizes[log]}", new, (old, new))

    def finish(self, sizes: Mapping[str, int], published: Mapping[str, str]) -> None:
        """End the old keys. `published`: the newest checkpoints, which the new keys must have signed. NoSuccession."""
        ending = [log for log in self._logs if len(self.signers(log)) == 2]
        if not ending:
            raise NoSuccession("no key is taking over: rotate first")
        for log in ending:
            new = self.signers(log)[-1]
            if not _signed_by(new, published.get(log)):
                raise NoSuccession(f"the new key has not signed {log} yet: restart the hub first")
        for log in ending:
            old, new = self.signers(log)
            self._state(log, f"tot {sizes[log]}", old, (new,))
        for log in self._logs:
            for number in range(1, self._keys_had(log)):
                self._path(log, number).unlink(missing_ok=True)

    def _keys_had(self, log: str) -> int:
        """How many keys this log has had, the present one included."""
        return 1 + sum("\nvanaf " in one for one in self.statements(log))

    def _state(self, log: str, what: str, about: NoteSigner, by: Sequence[NoteSigner]) -> None:
        text = f"{STATEMENT}\n{self._origin}/{log}\n{what}\n{about.verifier.vkey}\n"
        folder = self._statements(log)
        folder.mkdir(parents=True, exist_ok=True)
        number = 1 + len(self.statements(log))
        note = f"{text}\n{''.join(one.sign(text) for one in by)}"
        key_file(folder / f"{number:03}", note.encode)

    def _statements(self, log: str) -> Path:
        return self._folder / "checkpoint-keys" / log

    def _path(self, log: str, number: int) -> Path:
        return self._folder / f"checkpoint-{log}-{number}.pem"

    def _signer(self, log: str, number: int) -> NoteSigner:
        """The key of this number, made where it is not there yet."""
        path = self._path(log, number)
        key = serialization.load_pem_private_key(key_file(path, _new_signing_key), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"keys/{path.name} must hold an Ed25519 key")
        return NoteSigner(f"{self._origin}/{log}", key)


def _signed_by(signer: NoteSigner, note: str | None) -> bool:
    try:
        return note is not None and signer.verifier.vkey in signers_of(note, [signer.verifier])
    except CheckpointRefused:
        return False


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
