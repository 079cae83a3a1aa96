"""The signature by which a subscriber knows that a notice came from this hub, and was not changed on its way.

Ed25519: whoever can check it cannot make it, so a subscriber that leaks its configuration leaks no way to speak for
the hub. Source: Standard Webhooks 1.0 (standardwebhooks.com).
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PUBLIC_PREFIX = "whpk_"
SCHEME = "v1a"
#: How far the clocks of hub and subscriber may be apart; an older message is a replay by a stranger.
TOLERANCE_SECONDS = 5 * 60


class NotGenuine(ValueError):
    """None of the signatures holds, or the message is too old or too new."""


class WebhookSigner:
    """Signs with one key. `public`: the form in which subscribers get it."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PUBLIC_PREFIX + b64encode(key.public_key().public_bytes_raw()).decode()

    def sign(self, content: bytes) -> str:
        """`v1a,<base64>` over the content."""
        return f"{SCHEME},{b64encode(self._key.sign(content)).decode()}"


def signed_headers(signers: Sequence[WebhookSigner], id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The three headers. `id`: the same at every try; `seconds`: now, since 1970. One signature per signer."""
    content = _content(id, str(seconds), body)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(one.sign(content) for one in signers),
    }


def verify(headers: Mapping[str, str], body: bytes, public: Sequence[str], now: int) -> None:
    """What a subscriber does: one good signature by one known key is enough. Raises NotGenuine."""
    id, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not seconds.isdigit() or abs(now - int(seconds[:12])) > TOLERANCE_SECONDS:
        raise NotGenuine("the moment of sending is missing, or too far from now")
    content = _content(id, seconds, body)
    keys = [Ed25519PublicKey.from_public_bytes(b64decode(one.removeprefix(PUBLIC_PREFIX))) for one in public]
    for one in headers.get("webhook-signature", "").split():
        scheme, _, value = one.partition(",")
        if scheme == SCHEME and any(_holds(key, value, content) for key in keys):
            return
    raise NotGenuine("no signature by a known key")


def _content(id: str, seconds: str, body: bytes) -> bytes:
    return f"{id}.{seconds}.".encode() + body


def _holds(key: Ed25519PublicKey, value: str, content: bytes) -> bool:
    try:
        key.verify(b64decode(value, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True
