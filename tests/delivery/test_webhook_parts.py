"""The parts of webhooks by themselves: signatures, addresses, handshakes, waits and pace."""

from __future__ import annotations

import stat
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from hub.delivery.guard import AddressRefused, Guard, UrlRefused, is_public
from hub.delivery.handshake import WANTED_PER_MINUTE, Agreed, NotAgreed, judge
from hub.delivery.pace import Pace
from hub.delivery.retry import (
    JITTER,
    LONGEST_WAIT,
    TRIES,
    Meaning,
    asked_wait,
    is_due,
    meaning_of,
    wait_after,
)
from hub.delivery.signature import NotGenuine, WebhookSigner, signed_headers, verify
from hub.delivery.webhook_keys import NoTakeover, WebhookKeys

NU = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SEED = bytes(range(32))
DATES = st.datetimes(timezones=st.just(UTC)).map(format_datetime)


def test_a_signature_is_over_id_moment_and_body_as_the_standard_says() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    headers = signed_headers([WebhookSigner(key)], "msg_1", 1_700_000_000, b'{"a":1}')
    scheme, value = headers["webhook-signature"].split(",")
    assert (scheme, headers["webhook-id"], headers["webhook-timestamp"]) == ("v1a", "msg_1", "1700000000")
    key.public_key().verify(b64decode(value), b'msg_1.1700000000.{"a":1}')
    assert WebhookSigner(key).public == "whpk_" + b64encode(key.public_key().public_bytes_raw()).decode()


@given(st.binary(max_size=200), st.integers(0, 199), st.integers(1, 255))
def test_a_changed_body_id_or_moment_is_not_genuine(body: bytes, at: int, change: int) -> None:
    signer = WebhookSigner(Ed25519PrivateKey.from_private_bytes(SEED))
    headers = signed_headers([signer], "msg_1", 1_700_000_000, body)
    verify(headers, body, [signer.public], 1_700_000_000)
    changed = bytearray(body or b"\0")
    changed[at % len(changed)] ^= change
    wrong = [(headers, bytes(changed)), ({**headers, "webhook-id": "msg_2"}, body)]
    wrong.append(({**headers, "webhook-timestamp": "1700000001"}, body))
    for forged, content in wrong:
        with pytest.raises(NotGenuine):
            verify(forged, content, [signer.public], 1_700_000_000)
    with pytest.raises(NotGenuine):
        verify(headers, body, [signer.public], 1_700_000_000 + 301)


def test_keys_take_over_one_from_another_and_are_nobody_elses(tmp_path: Path) -> None:
    keys = WebhookKeys(tmp_path / "keys")
    with pytest.raises(NoTakeover):
        keys.finish()
    (old,) = keys.signers()
    keys.rotate()
    with pytest.raises(NoTakeover):
        keys.rotate()
    before, new = WebhookKeys(tmp_path / "keys").signers()
    assert before.public == old.public != new.public
    keys.finish()
    assert [one.public for one in keys.signers()] == [new.public]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (tmp_path / "keys").iterdir())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "198.18.0.1",
        "192.0.0.192",
        "::1",
        "::",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "::8.8.8.8",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2002:808:808::1",
        "2001:0:808:808::1",
        "fe80::1",
        "fe80::1%1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
        "100::1",
        "2000::1%eth0",
    ],
)
def test_an_address_that_is_not_public_is_never_called(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not Guard().allows(address)
    with pytest.raises(AddressRefused):
        Guard().socket((2, 1, 6, "", (address, 443)))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2a00:1450:4001::1", "2606:2800:220:1::1"])
def test_a_public_address_may_be_called(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses())
@example(IPv4Address("192.88.99.1"))
def test_what_counts_as_public_is_public_for_the_registries_too(address: IPv4Address | IPv6Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not any((address.is_multicast, address.is_reserved, address.is_link_local, address.is_private))
        assert getattr(address, "ipv4_mapped", None) is None
        assert getattr(address, "sixtofour", None) is None
        assert getattr(address, "teredo", None) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://voorbeeld.nl/",
        "https://naam:wachtwoord@voorbeeld.nl/",
        "https://naam@voorbeeld.nl/",
        "https://voorbeeld.nl/#deel",
        "https://voorbeeld.nl/#",
        "ftp://voorbeeld.nl/",
        "file:///etc/passwd",
        "//voorbeeld.nl/",
        "https:///pad",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://voorbeeld.nl\\@127.0.0.1/",
        "https://voorbeeld.nl/\r\nHost: ander",
        "https://voorbeeld.nl/" + "a" * 3_000,
        "",
    ],
)
def test_a_url_that_points_elsewhere_or_carries_a_secret_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        Guard().url(url)


def test_the_loopback_counts_as_public_only_where_the_settings_say_so() -> None:
    assert Guard(loopback=True).url("http://127.0.0.1:8080/x").port == 8080
    with pytest.raises(UrlRefused):
        Guard(loopback=True).url("http://10.0.0.1/")
    with pytest.raises(UrlRefused):
        Guard(loopback=True).url("http://voorbeeld.nl/")


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {"webhook-allowed-origin": "hub.nl", "webhook-allowed-rate": "120"}, Agreed(120)),
        (204, {"webhook-allowed-origin": "*"}, Agreed(WANTED_PER_MINUTE)),
        (200, {"webhook-allowed-origin": "HUB.nl", "webhook-allowed-rate": "*"}, Agreed(WANTED_PER_MINUTE)),
        (200, {"webhook-allowed-origin": "*", "webhook-allowed-rate": "9" * 30}, Agreed(WANTED_PER_MINUTE)),
        (200, {"webhook-allowed-origin": "*", "webhook-allowed-rate": "0"}, NotAgreed(for_good=True)),
        (200, {"webhook-allowed-origin": "*", "webhook-allowed-rate": "veel"}, NotAgreed(for_good=True)),
        (200, {"webhook-allowed-origin": "ander.nl"}, NotAgreed(for_good=True)),
        (200, {}, NotAgreed(for_good=True)),
        (405, {"allow": "POST"}, NotAgreed(for_good=True)),
        (302, {"webhook-allowed-origin": "*"}, NotAgreed(for_good=True)),
        (503, {}, NotAgreed(for_good=False)),
        (None, {}, NotAgreed(for_good=False)),
    ],
)
def test_a_handshake_is_agreed_to_or_not(
    status: int | None, headers: dict[str, str], expected: Agreed | NotAgreed
) -> None:
    assert judge(status, headers, "hub.nl") == expected


@given(st.floats(0, 1))
def test_ten_tries_take_75_hours_and_never_less(chance: float) -> None:
    waits = [wait_after(tries, chance) for tries in range(1, TRIES + 1)]
    assert waits[-1] is None
    total = sum((one for one in waits if one is not None), timedelta())
    assert timedelta(hours=75) <= total <= timedelta(hours=76) * (1 + JITTER)
    assert max(one for one in waits if one is not None) <= LONGEST_WAIT


@given(
    st.text(max_size=40)
    | st.integers(-(10**12), 10**12).map(str)
    | st.datetimes(timezones=st.just(UTC)).map(format_datetime)
)
def test_what_a_subscriber_asks_for_is_bounded_whatever_it_says(text: str) -> None:
    wait = asked_wait(text, NU)
    assert wait is None or timedelta(seconds=1) <= wait <= LONGEST_WAIT


def test_seconds_and_dates_are_understood() -> None:
    assert asked_wait("120", NU) == timedelta(minutes=2)
    assert asked_wait(format_datetime(NU + timedelta(minutes=5), usegmt=True), NU) == timedelta(minutes=5)
    assert asked_wait(None, NU) is None


@given(st.none() | st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_no_stored_moment_waits_longer_than_the_longest_wait(moment: datetime | None, now: datetime) -> None:
    if not is_due(moment, now):
        assert moment is not None
        assert moment - now <= LONGEST_WAIT


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_these_answers_count_as_delivered(status: int) -> None:
    assert meaning_of(status, None) is Meaning.DELIVERED


@pytest.mark.parametrize("status", [None, 203, 206, 301, 308, 400, 401, 404, 415, 429, 500, 503])
def test_every_other_answer_is_tried_again(status: int | None) -> None:
    assert meaning_of(status, None) is Meaning.AGAIN


def test_gone_stops_and_too_many_waits() -> None:
    assert meaning_of(410, timedelta(1)) is Meaning.STOP
    assert meaning_of(429, timedelta(1)) is Meaning.LATER


@given(st.integers(1, 100_000), st.lists(st.tuples(st.floats(0, 90), st.integers(1, 2_000)), max_size=60))
def test_no_minute_ever_holds_more_than_was_allowed(rate: int, asks: list[tuple[float, int]]) -> None:
    pace, now, sent = Pace(rate), 0.0, list[tuple[float, int]]()
    for rest, wanted in asks:
        now += rest
        going = pace.free(now, wanted)
        pace.take(now, going)
        sent.append((now, going))
        in_minute = sum(count for moment, count in sent if moment > now - 60 + 1e-6)
        assert in_minute <= rate


@given(st.integers(1, 100_000))
def test_what_was_allowed_can_be_used(rate: int) -> None:
    pace, sent, now = Pace(rate), 0, 0.0
    while now < 180:
        going = pace.free(now, 10**6)
        pace.take(now, going)
        sent += going
        now += max(0.01, min(0.25, pace.opens_in(now)))
    assert sent >= 0.9 * rate * (now / 60) - 1
