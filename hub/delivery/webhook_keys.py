"""The keys that sign webhooks: one at a time, two while the one takes over from the other.

While there are two, every message carries two signatures, so a subscriber may take the new key at its own moment.
"""

import os
import re
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.delivery.signature import WebhookSigner
from hub.settings import key_file

_NAME = re.compile(r"webhook-(\d+)\.pem")


class NoTakeover(ValueError):
    """Keys cannot change hands now."""


class WebhookKeys:
    """The keys in `folder`, mode 0600, the first made at the first use. What changes counts at the next message."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._signer = lru_cache(maxsize=8)(self._read)

    def signers(self) -> tuple[WebhookSigner, ...]:
        """Who signs now, the newest key last. Raises SettingsError when others may read a key."""
        numbers = self._numbers() or [1]
        return tuple(map(self._signer, numbers))

    def rotate(self) -> None:
        """Make a new key that signs beside the old one from now on. Raises NoTakeover."""
        if len(self.signers()) > 1:
            raise NoTakeover("a key is taking over already: finish that first")
        self._signer(1 + max(self._numbers()))

    def finish(self) -> None:
        """End the old key: messages carry one signature again. Raises NoTakeover."""
        *old, _ = self._numbers() or [0]
        if not old:
            raise NoTakeover("no key is taking over: rotate first")
        for number in old:
            self._path(number).unlink()

    def _numbers(self) -> list[int]:
        names = os.listdir(self._folder) if self._folder.is_dir() else ()
        return sorted(int(found[1]) for name in names if (found := _NAME.fullmatch(name)))

    def _path(self, number: int) -> Path:
        return self._folder / f"webhook-{number}.pem"

    def _read(self, number: int) -> WebhookSigner:
        path = self._path(number)
        key = serialization.load_pem_private_key(key_file(path, _new_key), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{path.name} must hold an Ed25519 key")
        return WebhookSigner(key)


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
