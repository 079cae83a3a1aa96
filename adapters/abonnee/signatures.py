"""Whether a webhook comes from the hub: the ed25519 signatures (`v1a`) of Standard Webhooks.

Source: Standard Webhooks 1.0, signature scheme and key rotation.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PREFIX = "whpk_"
SCHEME = "v1a"
TOLERANCE = timedelta(minutes=5)
#: How often an unknown signature may make us ask the hub for its keys, so that a forger cannot make us call out.
PAUSE = timedelta(seconds=30)
_MAX_SIGNATURES = 10


class Unsigned(Exception):
    """This request does not come from the hub, or not now; the message says why and repeats nothing of it."""


class KeysUnavailable(Exception):
    """The hub does not give its keys now; nothing can be said of any signature."""


def parse_key(text: str) -> Ed25519PublicKey:
    """A public key as the hub publishes it: `whpk_` and 32 bytes in base64. Raises ValueError."""
    if not text.startswith(PREFIX):
        raise ValueError("een publieke sleutel begint met whpk_")
    try:
        return Ed25519PublicKey.from_public_bytes(b64decode(text.removeprefix(PREFIX), validate=True))
    except (NotBase64, ValueError):
        raise ValueError("dit is geen publieke ed25519-sleutel") from None


def verify(headers: Mapping[str, str], body: bytes, keys: Sequence[Ed25519PublicKey], now: datetime) -> str:
    """The id of a message that one of the keys signed just now. `headers`: names in lower case. Raises Unsigned.

    What is signed is the id, the moment in seconds and the body as it came, joined by full stops. While the hub
    changes its key it sends a signature of both; one that fits is enough.
    """
    id, stamp, given = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (id and stamp and given):
        raise Unsigned("de koppen webhook-id, webhook-timestamp en webhook-signature zijn nodig")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise Unsigned("webhook-timestamp is geen tijdstip in seconden")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise Unsigned("webhook-timestamp wijkt meer dan vijf minuten af van de klok")
    signed = b".".join((id.encode(), stamp.encode(), body))
    for signature in _signatures(given):
        if any(_fits(key, signature, signed) for key in keys):
            return id
    raise Unsigned("geen van de handtekeningen past bij een sleutel van de hub")


def _signatures(given: str) -> list[bytes]:
    """Those of our scheme; others may stand beside them."""
    found = []
    for one in given.split(" ")[:_MAX_SIGNATURES]:
        scheme, _, text = one.partition(",")
        if scheme == SCHEME:
            try:
                found.append(b64decode(text, validate=True))
            except NotBase64:
                continue
    return found


def _fits(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


class HubKeys:
    """The keys that the hub publishes, kept until a signature fits none of them.

    `fetch`: the published texts. Raises KeysUnavailable where it cannot.
    """

    def __init__(self, fetch: Callable[[], Sequence[str]], now: Callable[[], datetime]) -> None:
        self._fetch, self._now = fetch, now
        self._keys: list[Ed25519PublicKey] = []
        self._asked: datetime | None = None
        self._lock = Lock()

    def verify(self, headers: Mapping[str, str], body: bytes) -> str:
        """The id of a signed message; an unknown signature makes us look once whether the hub has a new key.

        Raises Unsigned, KeysUnavailable.
        """
        with self._lock:
            if not self._keys:
                self._renew()
            try:
                return verify(headers, body, self._keys, self._now())
            except Unsigned:
                if self._asked is not None and self._now() - self._asked < PAUSE:
                    raise
            self._renew()
            return verify(headers, body, self._keys, self._now())

    def _renew(self) -> None:
        texts = self._fetch()
        self._asked = self._now()
        self._keys = [parse_key(text) for text in texts]
