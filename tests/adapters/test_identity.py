"""The signed assertion and the token that is kept per seat."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.identity import PrivateKeyJwt
from contracts.cloudevents import NAAMRUIMTE
from tests.adapters.fake_hub import GOOD_TOKEN, FakeHub
from tests.adapters.reading import NOW

CLIENT = "00000099000000001000:bvh"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def pem(key: Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Clock:
    def __init__(self) -> None:
        self.moment = NOW
        self.count = 0

    def now(self) -> datetime:
        return self.moment

    def new_id(self) -> UUID:
        self.count += 1
        return uuid5(NAAMRUIMTE, str(self.count))


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)])
def test_a_token_is_asked_once_per_seat_and_again_near_its_end(key: ec.EllipticCurvePrivateKey) -> None:
    hub, clock = FakeHub(public_key=key.public_key()), Clock()
    url = "https://hub.example/oauth/token"
    source = PrivateKeyJwt(
        hub.client(), token_url=url, client_id=CLIENT, key=pem(key), now=clock.now, new_id=clock.new_id
    )
    assert [source.token("a@b"), source.token("a@b"), source.token("c@d")] == [GOOD_TOKEN] * 3
    assert hub.seats == ["a@b", "c@d"]
    clock.moment += timedelta(seconds=271)
    source.token("a@b")
    source.forget("a@b")
    source.token("a@b")
    assert hub.seats == ["a@b", "c@d", "a@b", "a@b"]
    assert {claims["iss"] for claims in hub.assertions} == {claims["sub"] for claims in hub.assertions} == {CLIENT}
    assert len({claims["jti"] for claims in hub.assertions}) == 4
    assert all(claims["exp"] - claims["iat"] == 60 for claims in hub.assertions)


def test_another_kind_of_key_is_refused() -> None:
    clock = Clock()
    with pytest.raises(ValueError, match="sleutel"):
        PrivateKeyJwt(
            FakeHub().client(),
            token_url="x",
            client_id=CLIENT,
            key=pem(ed25519.Ed25519PrivateKey.generate()),
            now=clock.now,
            new_id=clock.new_id,
        )
