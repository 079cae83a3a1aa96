"""Signatures of webhooks, with the vector that other implementations of Standard Webhooks publish."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from adapters.abonnee.signatures import PAUSE, TOLERANCE, HubKeys, KeysUnavailable, Unsigned, parse_key, verify
from tests.adapters.feeding_hub import published, signed

#: The asymmetric test vector of the Svix server, whose signature stands as the example in the specification.
PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
ID, SECONDS, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'
SIGNATURE = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
VECTOR = {"webhook-id": ID, "webhook-timestamp": str(SECONDS), "webhook-signature": SIGNATURE}
THEN = datetime.fromtimestamp(SECONDS, UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NEXT_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def test_the_published_vector_holds() -> None:
    assert verify(VECTOR, BODY, [parse_key(PUBLIC)], THEN) == ID


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", ""),
        ("webhook-id", ID + "x"),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", "1614265330.0"),
        ("webhook-timestamp", "١٦١٤٢٦٥٣٣٠"),
        ("webhook-timestamp", str(SECONDS + 1)),
        ("webhook-signature", ""),
        ("webhook-signature", SIGNATURE.replace("v1a,", "v1,")),
        ("webhook-signature", SIGNATURE.removeprefix("v1a,")),
        ("webhook-signature", "v1a,"),
        ("webhook-signature", "v1a,geen base64!"),
        ("webhook-signature", "v1a," + "A" * 86 + "=="),
    ],
)
def test_anything_else_than_what_was_signed_is_refused(name: str, value: str) -> None:
    with pytest.raises(Unsigned):
        verify({**VECTOR, name: value}, BODY, [parse_key(PUBLIC)], THEN)


@given(at=st.integers(0, len(BODY) - 1), flip=st.integers(1, 255))
def test_a_body_that_was_changed_anywhere_is_refused(at: int, flip: int) -> None:
    changed = bytes(byte ^ flip if place == at else byte for place, byte in enumerate(BODY))
    with pytest.raises(Unsigned):
        verify(VECTOR, changed, [parse_key(PUBLIC)], THEN)


@pytest.mark.parametrize("seconds", [-1, 1])
def test_the_clocks_may_differ_five_minutes(seconds: int) -> None:
    assert verify(VECTOR, BODY, [parse_key(PUBLIC)], THEN + seconds * TOLERANCE) == ID
    with pytest.raises(Unsigned, match="vijf minuten"):
        verify(VECTOR, BODY, [parse_key(PUBLIC)], THEN + seconds * (TOLERANCE + timedelta(seconds=1)))


def test_one_of_several_signatures_is_enough() -> None:
    both = {**VECTOR, "webhook-signature": f"v1,abc= v2 v1a,kapot {SIGNATURE}"}
    assert verify(both, BODY, [KEY.public_key(), parse_key(PUBLIC)], THEN) == ID


@pytest.mark.parametrize("text", ["", PUBLIC.removeprefix("whpk_"), "whpk_", "whpk_AAAA", "whpk_!", "whsec_AAAA"])
def test_only_a_public_key_is_a_key(text: str) -> None:
    with pytest.raises(ValueError, match="sleutel"):
        parse_key(text)


class Keyring:
    """What the hub publishes now; `None` where it does not answer. `asked`: how often."""

    def __init__(self, *keys: Ed25519PrivateKey) -> None:
        self.keys: tuple[Ed25519PrivateKey, ...] | None = keys
        self.asked = 0
        self.now = THEN

    def fetch(self) -> list[str]:
        self.asked += 1
        if self.keys is None:
            raise KeysUnavailable
        return [published(key) for key in self.keys]


def take(keys: HubKeys, ring: Keyring, signer: Ed25519PrivateKey) -> str:
    return keys.verify(signed(signer, "a", int(ring.now.timestamp()), BODY), BODY)


def test_the_keys_are_asked_once_and_again_when_the_hub_has_a_new_one() -> None:
    ring = Keyring(KEY)
    keys = HubKeys(ring.fetch, lambda: ring.now)
    assert [take(keys, ring, KEY) for _ in range(3)] == ["a"] * 3
    assert ring.asked == 1
    ring.keys, ring.now = (NEXT_KEY,), THEN + PAUSE
    assert take(keys, ring, NEXT_KEY) == "a"
    with pytest.raises(Unsigned):
        take(keys, ring, KEY)
    assert ring.asked == 2


def test_a_forger_cannot_make_us_call_the_hub_all_the_time() -> None:
    ring = Keyring(KEY)
    keys = HubKeys(ring.fetch, lambda: ring.now)
    for _ in range(5):
        with pytest.raises(Unsigned):
            take(keys, ring, NEXT_KEY)
    assert ring.asked == 1


def test_without_keys_nothing_is_said_of_a_signature() -> None:
    ring = Keyring(KEY)
    ring.keys = None
    keys = HubKeys(ring.fetch, lambda: ring.now)
    with pytest.raises(KeysUnavailable):
        take(keys, ring, KEY)
    ring.keys = (KEY,)
    assert take(keys, ring, KEY) == "a"
