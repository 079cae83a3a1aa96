"""A checkpoint is the note that other implementations write, and is refused when it is not."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hub.audit.checkpoint import (
    COSIGNATURE,
    Checkpoint,
    CheckpointRefused,
    NoteSigner,
    NoteVerifier,
    cosign_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    split_note,
    verify_checkpoint,
)

# The note and key that the Go implementation of signed notes is tested with.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSN"
    "XgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

ORIGIN = "hub.example/grootboek"
LOG = NoteSigner(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"1" * 32))
WITNESS = NoteSigner("politie.example/getuige", Ed25519PrivateKey.from_private_bytes(b"2" * 32), COSIGNATURE)
SIGNED = sign_checkpoint(ORIGIN, 42, bytes(range(32)), LOG)


def test_a_note_of_the_go_implementation_is_accepted() -> None:
    key = NoteVerifier.from_vkey(GO_VKEY)
    text, [(name, blob)] = split_note(GO_NOTE)
    assert (name, blob[:4]) == (key.name, key.key_id)
    assert key.accepts(text, blob[4:])
    assert not key.accepts(text + "\n", blob[4:])
    assert key.vkey == GO_VKEY


def test_a_signed_checkpoint_reads_back() -> None:
    assert verify_checkpoint(SIGNED, LOG.verifier) == Checkpoint(ORIGIN, 42, bytes(range(32)))
    assert SIGNED.splitlines()[:4] == [ORIGIN, "42", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]


@given(st.integers(0, len(SIGNED) - 1), st.characters(codec="utf-8"))
def test_no_changed_character_survives(at: int, character: str) -> None:
    changed = SIGNED[:at] + character + SIGNED[at + 1 :]
    if changed != SIGNED:
        with pytest.raises(CheckpointRefused):
            verify_checkpoint(changed, LOG.verifier)


def test_a_quorum_counts_each_witness_once() -> None:
    cosigned = cosign_checkpoint(cosign_checkpoint(SIGNED, WITNESS, 1), WITNESS, 2)
    assert verify_checkpoint(cosigned, LOG.verifier, [WITNESS.verifier], quorum=1).size == 42
    with pytest.raises(CheckpointRefused, match="1 witnesses"):
        verify_checkpoint(cosigned, LOG.verifier, [WITNESS.verifier], quorum=2)


def test_a_signature_of_an_unknown_key_is_ignored_and_a_false_one_of_a_known_key_is_not() -> None:
    cosigned = cosign_checkpoint(SIGNED, WITNESS, 1)
    assert verify_checkpoint(cosigned, LOG.verifier).size == 42
    misused = SIGNED + WITNESS.cosign("other\n1\n", 1)
    with pytest.raises(CheckpointRefused, match="false"):
        verify_checkpoint(misused, LOG.verifier, [WITNESS.verifier])


def test_a_key_signs_only_for_the_log_it_is_named_after() -> None:
    with pytest.raises(ValueError, match="does not sign for"):
        sign_checkpoint("hub.example/raadplegingen", 1, bytes(32), LOG)
    with pytest.raises(ValueError, match="witness key"):
        WITNESS.sign("x\n")
    with pytest.raises(ValueError, match="log key"):
        LOG.cosign("x\n", 1)


@pytest.mark.parametrize("vkey", ["", "a+b", "a+00000000+AAAA", "x" + LOG.verifier.vkey, GO_VKEY[:-4]])
def test_a_verifier_key_whose_parts_do_not_agree_is_refused(vkey: str) -> None:
    with pytest.raises(CheckpointRefused):
        NoteVerifier.from_vkey(vkey)


@pytest.mark.parametrize("size", ["042", "-1", "1e3", "", "\u0661"])
def test_a_size_is_written_in_one_way_only(size: str) -> None:
    with pytest.raises(CheckpointRefused):
        parse_checkpoint(SIGNED.replace("\n42\n", f"\n{size}\n"))
