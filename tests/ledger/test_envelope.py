"""Sealed states: readable under all their keys, at their own place, and not otherwise."""

import os
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ledger.envelope import Compartment, EnvelopeError, Place, opened, seal
from hub.ledger.store import KeyId

ANNA, BELA = KeyId(UUID(int=1), "riec"), KeyId(UUID(int=2), "riec")
KEYS: dict[KeyId, bytes | None] = {ANNA: b"a" * 32, BELA: b"b" * 32}
PLACE = Place("nl.test.v1", UUID(int=9), 3)
THREE = (
    Compartment((ANNA,), b"over Anna"),
    Compartment((BELA,), b"over Bela"),
    Compartment((ANNA, BELA), b"over beiden"),
)


def _sealed() -> bytes:
    return seal(b'{"open":1}', THREE, KEYS, os.urandom, PLACE)


def test_all_is_read_back_under_all_keys() -> None:
    state = _sealed()
    stored = opened(state)
    assert stored.open_part == b'{"open":1}'
    assert stored.contents(KEYS, PLACE) == [b"over Anna", b"over Bela", b"over beiden"]
    assert stored.key_ids == {ANNA, BELA}
    assert b"over" not in state


def test_destroying_one_subject_keeps_the_other_and_loses_what_they_share() -> None:
    assert opened(_sealed()).contents({**KEYS, ANNA: None}, PLACE) == [None, b"over Bela", None]
    assert opened(_sealed()).contents({**KEYS, BELA: None}, PLACE) == [b"over Anna", None, None]


@pytest.mark.parametrize(
    "elsewhere",
    [Place("nl.ander.v1", *PLACE[1:]), Place(PLACE.topic, UUID(int=8), 3), Place(*PLACE[:2], 4)],
)
def test_state_cannot_be_moved(elsewhere: Place) -> None:
    with pytest.raises(EnvelopeError):
        opened(_sealed()).contents(KEYS, elsewhere)


def test_wrong_key_reads_nothing() -> None:
    with pytest.raises(EnvelopeError):
        opened(_sealed()).contents({**KEYS, ANNA: b"x" * 32}, PLACE)


def test_nothing_is_sealed_without_living_keys() -> None:
    with pytest.raises(EnvelopeError):
        seal(b"", [Compartment((), b"x")], KEYS, os.urandom, PLACE)
    with pytest.raises(EnvelopeError):
        seal(b"", [Compartment((ANNA,), b"x")], {ANNA: None}, os.urandom, PLACE)


@given(st.integers(0, 400), st.integers(1, 255))
def test_damage_is_noticed_or_lies_in_the_open_part(at: int, flip: int) -> None:
    state = bytearray(_sealed())
    at %= len(state)
    state[at] ^= flip
    try:
        stored = opened(bytes(state))
        contents = stored.contents(KEYS, PLACE)
    except (EnvelopeError, KeyError):
        return
    assert stored.open_part != b'{"open":1}'
    assert contents == [b"over Anna", b"over Bela", b"over beiden"]


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_cleanly(state: bytes) -> None:
    with pytest.raises(EnvelopeError):
        opened(b"\x07" + state)
    try:
        opened(state)
    except EnvelopeError:
        return


def test_what_lies_under_no_key_is_not_believed() -> None:
    state = bytearray(_sealed())
    at = len(b'{"open":1}') + 7
    track = at + 1 + 17
    keyless = state[:at] + b"\x00" + state[track + state[track - 1] :]
    with pytest.raises(EnvelopeError, match="no key"):
        opened(bytes(keyless)).contents(KEYS, PLACE)
