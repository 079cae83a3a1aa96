"""A log changes keys: who trusted the first key can follow, and the old one signs nothing new."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.checkpoint import NoteSigner, sign_checkpoint, split_note, verify_checkpoint
from hub.audit.evidence import Key, tenures
from hub.audit.export import export_log
from hub.audit.verify import Kind, verify_log
from hub.ledger.signing import STATEMENT, NoSuccession, SigningKeys
from tests.attacks.growing import Growing

HUB, LOG = "hub.example", "grootboek"
ORIGIN = f"{HUB}/{LOG}"
TREE = Growing.of(400)
ROTATED, FINISHED, END = 100, 200, 300


def keys_of(folder: Path) -> SigningKeys:
    return SigningKeys(folder / "keys", HUB, [LOG, "toegang"])


def signed(size: int, *signers: NoteSigner, tree: Growing = TREE) -> str:
    note = sign_checkpoint(ORIGIN, size, tree.root(size), signers[0])
    return note + "".join(one.sign(split_note(note)[0]) for one in signers[1:])


def sizes(size: int) -> dict[str, int]:
    return {LOG: size, "toegang": size}


def changed(folder: Path) -> tuple[NoteSigner, NoteSigner, SigningKeys]:
    """A log that has changed keys: the old key, the new one, and its keys now."""
    keys = keys_of(folder)
    (old,) = keys.signers(LOG)
    keys.rotate(sizes(ROTATED))
    new = keys.signers(LOG)[-1]
    latest = {log: sign_checkpoint(f"{HUB}/{log}", 1, bytes(32), keys.signers(log)[-1]) for log in (LOG, "toegang")}
    keys.finish(sizes(FINISHED), latest)
    return old, new, keys


def findings(folder: Path, checkpoint: str, pinned: NoteSigner, statements: tuple[str, ...]) -> list[str]:
    size = int(checkpoint.split("\n")[1])
    export_log(folder, map(TREE.entry, range(size)), TREE.tiles, checkpoint, as_lines=True)
    (folder / "keys").mkdir(exist_ok=True)
    for number, statement in enumerate(statements, start=1):
        (folder / "keys" / f"{number:03}").write_text(statement)
    return [f"{one.kind}: {one.text}" for one in verify_log(folder, [Key.parse(pinned.verifier.vkey)])]


class TestChanging:
    def test_both_sign_in_between_and_one_before_and_after(self, tmp_path: Path) -> None:
        keys = keys_of(tmp_path)
        (first,) = keys.signers(LOG)
        keys.rotate(sizes(ROTATED))
        old, new = keys.signers(LOG)
        assert old.verifier == first.verifier != new.verifier
        keys.finish(sizes(FINISHED), {log: signed_by(keys.signers(log)[-1]) for log in (LOG, "toegang")})
        (left,) = keys_of(tmp_path).signers(LOG)
        assert left.verifier == new.verifier
        left_over = {path.name for path in (tmp_path / "keys").glob("*.pem")}
        assert left_over == {"checkpoint-grootboek-2.pem", "checkpoint-toegang-2.pem"}

    def test_each_log_has_a_key_of_its_own(self, tmp_path: Path) -> None:
        keys = keys_of(tmp_path)
        assert keys.signers(LOG)[0].verifier.public_key != keys.signers("toegang")[0].verifier.public_key

    def test_it_can_be_done_again(self, tmp_path: Path) -> None:
        old, _, keys = changed(tmp_path)
        keys.rotate(sizes(300))
        keys.finish(sizes(350), {log: signed_by(keys.signers(log)[-1]) for log in (LOG, "toegang")})
        (third,) = keys.signers(LOG)
        assert findings(tmp_path / "log", signed(360, third), old, keys.statements(LOG)) == []
        assert len(keys.statements(LOG)) == 4

    def test_it_is_done_in_order(self, tmp_path: Path) -> None:
        keys = keys_of(tmp_path)
        with pytest.raises(NoSuccession, match="rotate first"):
            keys.finish(sizes(1), {})
        keys.rotate(sizes(1))
        with pytest.raises(NoSuccession, match="finish that first"):
            keys.rotate(sizes(1))

    def test_the_old_key_goes_only_once_the_new_one_signs(self, tmp_path: Path) -> None:
        keys = keys_of(tmp_path)
        (old,) = keys.signers(LOG)
        keys.rotate(sizes(1))
        for published in ({}, {log: signed_by(old) for log in (LOG, "toegang")}):
            with pytest.raises(NoSuccession, match="restart the hub"):
                keys.finish(sizes(2), published)
        assert len(keys.signers(LOG)) == 2

    def test_interrupted_it_is_taken_up(self, tmp_path: Path) -> None:
        keys = keys_of(tmp_path)
        keys.rotate(sizes(1))
        new = keys.signers("toegang")[-1]
        (tmp_path / "keys/checkpoint-keys/toegang/001").unlink()
        assert len(keys.signers("toegang")) == 1
        keys.rotate(sizes(5))
        assert keys.signers("toegang")[-1].verifier == new.verifier
        assert len(keys.signers(LOG)) == 2


def signed_by(signer: NoteSigner) -> str:
    return sign_checkpoint(signer.name, 1, bytes(32), signer)


class TestFollowing:
    def test_who_pinned_the_first_key_follows(self, tmp_path: Path) -> None:
        old, new, keys = changed(tmp_path)
        statements = keys.statements(LOG)
        for size, by in [(50, (old,)), (150, (old, new)), (150, (new,)), (FINISHED, (old,)), (END, (new,))]:
            assert findings(tmp_path / f"{size}{len(by)}", signed(size, *by), old, statements) == []

    def test_who_pinned_the_new_key_needs_no_history(self, tmp_path: Path) -> None:
        _, new, keys = changed(tmp_path)
        assert findings(tmp_path / "met", signed(END, new), new, keys.statements(LOG)) == []
        assert findings(tmp_path / "zonder", signed(END, new), new, ()) == []

    def test_a_client_that_knows_one_key_takes_a_checkpoint_with_two(self, tmp_path: Path) -> None:
        old, new, _ = changed(tmp_path)
        for known in (old, new):
            assert verify_checkpoint(signed(150, old, new), known.verifier).size == 150

    @pytest.mark.parametrize(("size", "who"), [(FINISHED + 1, 0), (END, 0), (ROTATED - 1, 1)])
    def test_outside_its_time_a_key_signs_nothing(self, tmp_path: Path, size: int, who: int) -> None:
        old, new, keys = changed(tmp_path)
        found = findings(tmp_path / "log", signed(size, (old, new)[who]), old, keys.statements(LOG))
        assert found == [f"vervalst: controlepunt: getekend met een sleutel die bij {size} bladen niet gold"]

    def test_without_the_statement_the_new_key_is_a_strangers(self, tmp_path: Path) -> None:
        old, new, _ = changed(tmp_path)
        found = findings(tmp_path / "log", signed(END, new), old, ())
        assert found == ["vervalst: controlepunt: geen handtekening van een vertrouwde sleutel"]


def stranger(name: str = ORIGIN) -> NoteSigner:
    return NoteSigner(name, Ed25519PrivateKey.from_private_bytes(b"7" * 32))


def statement(what: str, about: NoteSigner, *by: NoteSigner, origin: str = ORIGIN) -> bytes:
    text = f"{STATEMENT}\n{origin}\n{what}\n{about.verifier.vkey}\n"
    return f"{text}\n{''.join(one.sign(text) for one in by)}".encode()


class TestForging:
    @pytest.mark.parametrize(
        "forged",
        [
            lambda old, new: statement("vanaf 1", stranger(), stranger()),
            lambda old, new: statement("vanaf 1", stranger("hub.example/toegang"), old),
            lambda old, new: statement("vanaf 1", stranger(), new, stranger()),
            lambda old, new: statement("tot 1", old, stranger()),
        ],
    )
    def test_a_statement_that_no_counting_key_made_counts_for_nothing(
        self, tmp_path: Path, forged: Callable[[NoteSigner, NoteSigner], bytes]
    ) -> None:
        old, new, _ = changed(tmp_path)
        pinned = Key.parse(old.verifier.vkey)
        known = tenures([pinned], [forged(old, new)])
        assert set(known) == {pinned}
        assert known[pinned].covers(END)

    def test_an_old_key_that_ended_brings_in_nobody(self, tmp_path: Path) -> None:
        old, _, keys = changed(tmp_path)
        statements = [one.encode() for one in keys.statements(LOG)]
        known = tenures([Key.parse(old.verifier.vkey)], [*statements, statement("vanaf 1", stranger(), old)])
        assert Key.parse(stranger().verifier.vkey) not in known

    @pytest.mark.parametrize("spoil", [lambda raw: raw[:-8] + b"AAAAAA=\n", lambda raw: raw.replace(b"tot", b"sinds")])
    def test_a_damaged_statement_stops_the_verification(self, tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
        old, new, keys = changed(tmp_path)
        damaged = tuple(spoil(one.encode()).decode() for one in keys.statements(LOG))
        found = findings(tmp_path / "log", signed(END, new), old, damaged)
        assert [one.split(":")[0] for one in found] == [Kind.VERVALST]
