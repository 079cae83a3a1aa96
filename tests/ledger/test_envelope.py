"""Sealed states: readable under all their keys, at their own place, and not otherwise."""

import os
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ledger.envelope import Compartment, EnvelopeError, Place, key_ids_of, seal, unseal
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
    assert unseal(state, KEYS, PLACE) == (b'{"open":1}', [b"over Anna", b"over Bela", b"over beiden"])
    assert key_ids_of(state) == {ANNA, BELA}
    assert b"over" not in state


def test_destroying_one_subject_keeps_the_other_and_loses_what_they_share() -> None:
    assert unseal(_sealed(), {**KEYS, ANNA: None}, PLACE)[1] == [None, b"over Bela", None]
    assert unseal(_sealed(), {**KEYS, BELA: None}, PLACE)[1] == [b"over Anna", None, None]


@pytest.mark.parametrize(
    "elsewhere",
    [Place("nl.ander.v1", *PLACE[1:]), Place(PLACE.topic, UUID(int=8), 3), Place(*PLACE[:2], 4)],
)
def test_state_cannot_be_moved(elsewhere: Place) -> None:
    with pytest.raises(EnvelopeError):
        unseal(_sealed(), KEYS, elsewhere)


def test_wrong_key_reads_nothing() -> None:
    with pytest.raises(EnvelopeError):
        unseal(_sealed(), {**KEYS, ANNA: b"x" * 32}, PLACE)


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
        open_part, contents = unseal(bytes(state), KEYS, PLACE)
    except (EnvelopeError, KeyError):
        return
    assert open_part != b'{"open":1}'
    assert contents == [b"over Anna", b"over Bela", b"over beiden"]


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_cleanly(state: bytes) -> None:
    with pytest.raises(EnvelopeError):
        key_ids_of(b"\x07" + state)
    try:
        key_ids_of(state)
    except EnvelopeError:
        return
