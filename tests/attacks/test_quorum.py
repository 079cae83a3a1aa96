"""A policy file says who is trusted, and a proof file is worth what that policy makes of it."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.checkpoint import COSIGNATURE, NoteSigner, cosign_checkpoint
from hub.audit.proof import write_proof
from hub.audit.proving import ProofFile, main, verify_proof
from hub.audit.quorum import PolicyRefused, TrustPolicy, parse_policy
from hub.audit.tiles import TileReader
from hub.audit.tree import inclusion_proof
from tests.attacks.growing import KEY, Growing


def witness(seed: int) -> NoteSigner:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return NoteSigner(f"w{seed}.example/getuige", key, COSIGNATURE)


X1, X2, X3, Y1 = (witness(seed) for seed in (11, 12, 13, 14))
LINES = f"""
# Wie voor het logboek instaat.
log {KEY.verifier.vkey} https://hub.example/tlog/grootboek
witness X1 {X1.verifier.vkey}
 witness\tX2 {X2.verifier.vkey} https://x2.example/
witness X3 {X3.verifier.vkey}
group X 2 X1 X2 X3
witness Y1 {Y1.verifier.vkey}
group beide all X Y1
quorum beide
"""
POLICY = parse_policy(LINES.encode())
LOG = Growing.of(300)


class TestPolicy:
    @pytest.mark.parametrize(
        ("names", "met"),
        [("X1 X2 Y1", True), ("X1 X2 X3 Y1", True), ("X1 X2 X3", False), ("X1 Y1", False), ("", False)],
    )
    def test_groups_count_their_members(self, names: str, met: bool) -> None:
        assert POLICY.met([POLICY.witnesses[name].key for name in names.split()]) is met

    def test_it_reads_back_in_words(self) -> None:
        assert POLICY.rule() == "2 van (2 van (X1, X2, X3), Y1)"
        assert POLICY.witnesses["X2"].url == "https://x2.example/"
        assert POLICY.logs[0].key.name == KEY.name
        assert TrustPolicy().rule() == "geen"

    def test_none_and_any_and_one_witness(self) -> None:
        head = f"witness a {X1.verifier.vkey}\nwitness b {X2.verifier.vkey}\n"
        assert parse_policy(b"quorum none\n").met([])
        single = parse_policy(f"{head}quorum a\n".encode())
        assert single.met([single.witnesses["a"].key])
        assert not single.met([single.witnesses["b"].key])
        either = parse_policy(f"{head}group g any a b\nquorum g".encode())
        assert either.met([either.witnesses["b"].key])

    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("quorum beide", "line 11: a second quorum line"),
            ("quorum nergens", "line 11: "),
            (f"witness X4 {X1.verifier.vkey}", "line 11: a key stands there twice"),
            (f"witness X1 {witness(20).verifier.vkey}", "line 11: the name X1 is taken"),
            (f"witness none {witness(20).verifier.vkey}", "line 11: the name none is taken"),
            (f"witness X4 {KEY.verifier.vkey}", "line 11: no verifier key of the kind"),
            (f"log {X1.verifier.vkey}", "line 11: no verifier key of the kind"),
            (f"log {KEY.verifier.vkey}", "line 11: a key stands there twice"),
            ("witness X4 geen+sleutel", "line 11: no verifier key"),
            ("group leeg any", "line 11: not a line of a policy: group"),
            ("group Z 2 Y9", "line 11: group Z asks 2 of 1"),
            ("group Z 0 beide", "line 11: group Z asks 0 of 1"),
            ("group Z 01 beide", "line 11: group Z asks 01 of 1"),
            ("group Z 1 X1", "line 11: X1 is a member twice"),
            ("group Z 1 nergens", "line 11: member nergens is not defined"),
            ("group Z any none", "line 11: member none is not defined"),
            ("vertrouw iedereen", "line 11: not a line of a policy: vertrouw"),
        ],
    )
    def test_a_faulty_line_is_named(self, line: str, fault: str) -> None:
        with pytest.raises(PolicyRefused) as refused:
            parse_policy(f"{LINES}{line}\n".encode())
        assert [one.startswith(fault) for one in refused.value.faults] == [True], refused.value.faults

    def test_every_fault_is_named_at_once(self) -> None:
        with pytest.raises(PolicyRefused) as refused:
            parse_policy(b"log x\nwitness y\nonzin\n")
        assert len(refused.value.faults) == 4
        assert refused.value.faults[-1] == "there is no quorum line"

    @pytest.mark.parametrize("octet", [b"\r", b"\x00", b"\x7f", b"\x0b"])
    def test_a_control_character_is_refused(self, octet: bytes) -> None:
        with pytest.raises(PolicyRefused, match="control"):
            parse_policy(b"quorum none\n# " + octet)

    def test_names_are_octets(self) -> None:
        head = f"witness \xe9 {X1.verifier.vkey}\nquorum ".encode("latin-1")
        assert parse_policy(head + b"\xe9").quorum == "\xe9"
        with pytest.raises(PolicyRefused):
            parse_policy(head + "\xe9".encode())


def proof(index: int, *cosigners: NoteSigner, size: int = 300, extra: bytes | None = None) -> bytes:
    note = LOG.checkpoint(size)
    for one in cosigners:
        note = cosign_checkpoint(note, one, 1_750_000_000)
    hashes = inclusion_proof(TileReader(LOG.tiles), index, size)
    return write_proof(index, hashes, note, extra).encode()


def data(index: int) -> bytes:
    return LOG.entry(index)


class TestProof:
    @pytest.mark.parametrize("index", [0, 1, 255, 256, 299])
    def test_a_witnessed_leaf_is_proven_with_or_without_its_data_in_the_file(self, index: int) -> None:
        assert verify_proof(proof(index, X1, X3, Y1, extra=data(index)), POLICY) == []
        assert verify_proof(proof(index, X1, X3, Y1), POLICY, data(index)) == []

    def test_the_only_leaf_needs_no_hashes(self) -> None:
        assert ProofFile.parse(proof(0, size=1)).hashes == ()
        assert verify_proof(proof(0, X1, X2, Y1, size=1), POLICY, data(0)) == []

    @pytest.mark.parametrize(
        ("given", "leaf", "kind"),
        [
            (proof(7, X1, X2, X3), data(7), "ONGETUIGD"),
            (proof(7, X1, X2, Y1), data(8), "GEWIJZIGD"),
            (proof(7, X1, X2, Y1, extra=data(7)), data(8), "GEWIJZIGD"),
            (proof(7, X1, X2, Y1).replace(b"index 7", b"index 8"), data(7), "GEWIJZIGD"),
            (proof(7, X1, X2, Y1).replace(b"index 7", b"index 300"), data(7), "GEWIJZIGD"),
            (proof(7, X1, X2, Y1).replace(b"index 7", b"index 07"), data(7), "VERVALST"),
            (proof(7, X1, X2, Y1).replace(b"proof@v1", b"proof@v2"), data(7), "VERVALST"),
            (proof(7, X1, X2, Y1).replace(b"\n300\n", b"\n299\n"), data(7), "VERVALST"),
            (proof(7, X1, X2, Y1)[:-9] + b"A" * 7 + b"=\n", data(7), "VERVALST"),
            (b"", data(7), "VERVALST"),
            (proof(7, X1, X2, Y1), None, "ONBEKEND"),
        ],
    )
    def test_what_is_wrong_is_named(self, given: bytes, leaf: bytes | None, kind: str) -> None:
        assert [fault.split(":")[0] for fault in verify_proof(given, POLICY, leaf)] == [kind]

    def test_a_log_that_the_policy_does_not_name_proves_nothing(self) -> None:
        other = parse_policy(f"log {witness_log(5).verifier.vkey}\nquorum none\n".encode())
        assert [fault.split(":")[0] for fault in verify_proof(proof(7), other, data(7))] == ["VERVALST"]

    def test_the_command_answers_with_exit_codes(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "beleid").write_text(LINES)
        (tmp_path / "goed").write_bytes(proof(7, X1, X2, Y1, extra=data(7)))
        (tmp_path / "kaal").write_bytes(proof(7, extra=data(7)))
        assert main([str(tmp_path / "goed"), "--policy", str(tmp_path / "beleid")]) == 0
        assert main([str(tmp_path / "kaal"), "--policy", str(tmp_path / "beleid")]) == 1
        assert capsys.readouterr().out.splitlines()[0] == "Bewezen."
        assert main([str(tmp_path / "goed"), "--policy", str(tmp_path / "goed")]) == 2
        assert main([str(tmp_path / "nergens"), "--policy", str(tmp_path / "beleid")]) == 2


def witness_log(seed: int) -> NoteSigner:
    return NoteSigner(KEY.name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def test_the_file_is_as_the_specification_shows_it() -> None:
    lines = proof(7, extra=b"extra").decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", f"extra {base64.b64encode(b'extra').decode()}", "index 7"]
    assert "\n".join(lines[lines.index("") + 1 :]) == LOG.checkpoint(300)


def test_the_checker_brings_nothing_of_the_hub_along() -> None:
    listing = "import sys, hub.audit.proving; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout
    ours = [name for name in loaded.split() if name.split(".")[0] in {"hub", "contracts", "adapters"}]
    assert ours == ["hub", "hub.audit", "hub.audit.evidence", "hub.audit.proving", "hub.audit.quorum"]
