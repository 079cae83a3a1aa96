"""A witness cosigns one history of a log: what the specification says of each answer, and what a crash leaves."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.checkpoint import NoteSigner, NoteVerifier, cosign_checkpoint, verify_checkpoint
from hub.audit.witness import Refused, Witness, main, server
from tests.attacks.growing import KEY, ORIGIN, Growing

NAME = "politie.example/getuige"
LOG, FORK = Growing.of(700), Growing.of(700, "anders")
STRANGER = NoteSigner(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"9" * 32))
NOW = 1_750_000_000


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "getuige", NAME, [KEY.verifier.vkey], lambda: NOW)


def answer(witness: Witness, body: bytes) -> int | bytes:
    """The cosignature, or the status of the refusal."""
    try:
        return witness.add_checkpoint(body)
    except Refused as refused:
        return refused.status


def known(witness: Witness) -> int:
    note = witness.checkpoint(sha256(ORIGIN.encode()).hexdigest())
    return int(note.split(b"\n")[1]) if note else 0


class TestAnswers:
    def test_what_continues_the_log_is_cosigned(self, witness: Witness) -> None:
        key = NoteVerifier.from_vkey(witness.vkey)
        for old, size in [(0, 1), (1, 300), (300, 300), (300, 512), (512, 700)]:
            line = witness.add_checkpoint(LOG.body(old, size)).decode()
            point = verify_checkpoint(LOG.checkpoint(size) + line, KEY.verifier, [key], quorum=1)
            assert point.size == known(witness) == size

    def test_an_empty_log_is_cosigned_and_goes_on(self, witness: Witness) -> None:
        assert isinstance(answer(witness, LOG.body(0, 0)), bytes)
        assert isinstance(answer(witness, LOG.body(0, 0)), bytes)
        assert isinstance(answer(witness, LOG.body(0, 5)), bytes)

    def test_another_old_size_is_answered_with_the_known_one(self, witness: Witness) -> None:
        witness.add_checkpoint(LOG.body(0, 300))
        for old, size in [(0, 600), (299, 600), (0, 300), (200, 250)]:
            with pytest.raises(Refused) as refused:
                witness.add_checkpoint(LOG.body(old, size))
            assert (refused.value.status, refused.value.body) == (409, b"300\n")
            assert refused.value.kind == "text/x.tlog.size"

    def test_an_old_size_beyond_the_checkpoint_is_malformed(self, witness: Witness) -> None:
        witness.add_checkpoint(LOG.body(0, 300))
        assert answer(witness, LOG.body(0, 200).replace(b"old 0", b"old 300")) == 400

    def test_an_unknown_log_is_404(self, witness: Witness) -> None:
        other = NoteSigner("hub.example/elders", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
        assert answer(witness, Growing.of(3, signer=other).body(0, 3)) == 404

    def test_an_unknown_or_a_false_signature_is_403(self, witness: Witness) -> None:
        assert answer(witness, Growing.of(3, signer=STRANGER).body(0, 3)) == 403
        false = LOG.checkpoint(3).split("\n\n")[0] + "\n\n" + LOG.checkpoint(4).split("\n\n")[1]
        assert answer(witness, f"old 0\n\n{false}".encode()) == 403

    def test_signatures_of_others_are_ignored(self, witness: Witness) -> None:
        other = NoteSigner("coa.example/getuige", Ed25519PrivateKey.from_private_bytes(b"4" * 32), kind=4)
        body = f"old 0\n\n{cosign_checkpoint(LOG.checkpoint(3), other, 1)}".encode()
        assert isinstance(answer(witness, body), bytes)

    def test_a_fork_is_422_and_kept_as_evidence(self, witness: Witness) -> None:
        witness.add_checkpoint(LOG.body(0, 300))
        assert answer(witness, FORK.body(300, 600)) == 422
        assert answer(witness, FORK.body(300, 300)) == 422
        assert known(witness) == 300
        evidence = witness.refused()
        assert [origin for origin, _, _ in evidence] == [ORIGIN, ORIGIN]
        for _, refused, kept in evidence:
            assert verify_checkpoint(refused.decode(), KEY.verifier).root != LOG.root(300)
            assert verify_checkpoint(kept.decode(), KEY.verifier).root == LOG.root(300)

    @pytest.mark.parametrize("extra", [1, 63])
    def test_a_proof_with_more_or_less_than_it_needs_is_422(self, witness: Witness, extra: int) -> None:
        witness.add_checkpoint(LOG.body(0, 300))
        good = LOG.body(300, 600)
        hashes = good.split(b"\n\n")[0].split(b"\n")[1:]
        longer = b"\n".join([b"old 300", *hashes, *[hashes[0]] * min(extra, 63 - len(hashes))])
        assert answer(witness, good.replace(good.split(b"\n\n")[0], longer)) == 422
        assert answer(witness, good.replace(b"\n" + hashes[-1], b"")) == 422

    def test_a_proof_from_nothing_must_be_empty(self, witness: Witness) -> None:
        hashes = LOG.body(300, 600).split(b"\n\n")[0].split(b"\n")[1]
        assert answer(witness, LOG.body(0, 600).replace(b"old 0", b"old 0\n" + hashes)) == 422

    def test_an_empty_tree_with_another_root_is_422(self, witness: Witness) -> None:
        text = f"{ORIGIN}\n0\n{LOG.checkpoint(5).splitlines()[2]}\n"
        assert answer(witness, f"old 0\n\n{text}\n{KEY.sign(text)}".encode()) == 422

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"old 0",
            b"old 0\n\n",
            LOG.body(0, 3).replace(b"old 0", b"old 00"),
            LOG.body(0, 3).replace(b"old 0", b"old -1"),
            LOG.body(0, 3).replace(b"old 0", b"old 0\nAAAA"),
            LOG.body(0, 3).replace(b"old 0", b"old  0"),
            LOG.body(0, 3).replace(b"\n3\n", b"\n03\n"),
            LOG.body(0, 3).replace(b"\n3\n", b"\n\xd9\xa3\n"),
            LOG.body(0, 3)[:-1],
            LOG.body(0, 3) + b"x",
            LOG.body(0, 3).replace(b"old 0", b"old 0\n" + b"\n".join([LOG.proof(1, 3)[0].encode()] * 64)),
            b"\xff" * 20,
        ],
    )
    def test_what_cannot_be_read_is_400(self, witness: Witness, body: bytes) -> None:
        assert answer(witness, body) == 400
        assert known(witness) == 0

    def test_both_keys_of_a_log_that_changes_keys_count(self, tmp_path: Path) -> None:
        witness = Witness(tmp_path / "twee", NAME, [KEY.verifier.vkey, STRANGER.verifier.vkey], lambda: NOW)
        assert isinstance(answer(witness, LOG.body(0, 3)), bytes)
        body = "\n".join(["old 3", *LOG.proof(3, 9), "", Growing(signer=STRANGER, tiles=LOG.tiles).checkpoint(9)])
        assert isinstance(answer(witness, body.encode()), bytes)


class TestCrash:
    @pytest.mark.parametrize(("moment", "size"), [("before", 300), ("after", 600)])
    def test_killed_around_the_keeping_it_never_cosigns_two_histories(
        self, tmp_path: Path, moment: str, size: int
    ) -> None:
        folder = tmp_path / "getuige"
        Witness(folder, NAME, [KEY.verifier.vkey]).add_checkpoint(LOG.body(0, 300))
        (tmp_path / "body").write_bytes(LOG.body(300, 600))
        command = [sys.executable, "-m", "tests.attacks.witness_child", str(folder), moment, KEY.verifier.vkey]
        assert subprocess.run([*command, str(tmp_path / "body")], check=False).returncode == -9
        again = Witness(folder, NAME, [KEY.verifier.vkey])
        assert known(again) == size
        assert answer(again, FORK.body(size, size)) == 422
        assert answer(again, FORK.body(size, 700)) == 422
        assert isinstance(answer(again, LOG.body(size, 600)), bytes)

    def test_of_two_that_come_from_the_same_size_one_wins(self, witness: Witness) -> None:
        witness.add_checkpoint(LOG.body(0, 300))
        for _ in range(5):
            old, start = known(witness), threading.Barrier(2)

            def submit(size: int, old: int = old, start: threading.Barrier = start) -> int | bytes:
                start.wait()
                return answer(witness, LOG.body(old, size))

            with ThreadPoolExecutor(2) as pool:
                outcomes = list(pool.map(submit, (old + 50, old + 60)))
            assert sum(isinstance(one, bytes) for one in outcomes) == outcomes.count(409) == 1
            assert known(witness) == (old + 50, old + 60)[outcomes.index(409) == 0]

    def test_a_database_that_is_gone_stops_the_witness(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = tmp_path / "getuige"
        Witness(folder, NAME, [KEY.verifier.vkey])
        (folder / "witness.sqlite").unlink()
        with pytest.raises(ValueError, match="start anew"):
            Witness(folder, NAME, [KEY.verifier.vkey])
        assert main([str(folder), "--name", NAME, "--log", KEY.verifier.vkey]) == 2
        assert "start anew" in capsys.readouterr().err

    def test_a_key_that_others_may_read_stops_it_too(self, tmp_path: Path) -> None:
        Witness(tmp_path, NAME, [KEY.verifier.vkey])
        (tmp_path / "witness.key").chmod(0o644)
        with pytest.raises(ValueError, match="may be read by others"):
            Witness(tmp_path, NAME, [KEY.verifier.vkey])

    @pytest.mark.parametrize("log", ["", "a+b+c", "hub.example/x+00000000+AAAA"])
    def test_a_key_of_a_log_that_is_none_is_refused(self, tmp_path: Path, log: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            Witness(tmp_path, NAME, [log])


@contextmanager
def listening(witness: Witness) -> Iterator[http.client.HTTPConnection]:
    door = server(witness, "127.0.0.1", 0)
    thread = threading.Thread(target=door.serve_forever, daemon=True)
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", door.server_port, timeout=10)
    try:
        yield connection
    finally:
        connection.close()
        door.shutdown()
        door.server_close()
        thread.join()


class TestDoor:
    def test_it_speaks_http_on_one_connection(self, witness: Witness) -> None:
        origin = sha256(ORIGIN.encode()).hexdigest()
        with listening(witness) as http_:

            def ask(method: str, path: str, body: bytes | None = None) -> tuple[int, str, bytes]:
                http_.request(method, path, body)
                found = http_.getresponse()
                return found.status, found.headers["Content-Type"], found.read()

            assert ask("GET", f"/{origin}/checkpoint")[0] == 404
            status, kind, line = ask("POST", "/add-checkpoint", LOG.body(0, 300))
            assert (status, kind) == (200, "text/plain; charset=utf-8")
            assert ask("GET", f"/{origin}/checkpoint")[2] == LOG.checkpoint(300).encode() + line
            assert ask("POST", "/add-checkpoint", LOG.body(0, 300)) == (409, "text/x.tlog.size", b"300\n")
            assert ask("POST", "/add-checkpoint", FORK.body(300, 600))[0] == 422
            assert ask("POST", "/elders", b"x")[0] == 404
            assert ask("GET", "/")[0] == 404

    def test_it_takes_no_more_than_it_can_read(self, witness: Witness) -> None:
        with listening(witness) as http_:
            http_.putrequest("POST", "/add-checkpoint")
            http_.putheader("Content-Length", str(10**9))
            http_.endheaders()
            assert http_.getresponse().status == 413


def test_the_witness_brings_nothing_of_the_hub_along() -> None:
    listing = "import sys, hub.audit.witness; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout
    ours = [name for name in loaded.split() if name.split(".")[0] in {"hub", "contracts", "adapters"}]
    assert ours == ["hub", "hub.audit", "hub.audit.witness"]
