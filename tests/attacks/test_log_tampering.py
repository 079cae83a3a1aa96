"""Whatever is done to a log, an outsider finds it and can say what was done."""

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.checkpoint import COSIGNATURE, NoteSigner, cosign_checkpoint, sign_checkpoint
from hub.audit.evidence import Key
from hub.audit.export import export_log
from hub.audit.tiles import MemoryTiles, extend
from hub.audit.tree import Frontier, leaf_hash
from hub.audit.verify import Kind, Receipt, main, verify_log

SIZE = 600
ORIGIN = "hub.example/grootboek"


def signer(seed: int, name: str = ORIGIN, kind: int = 1) -> NoteSigner:
    return NoteSigner(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), kind)


LOG_KEY = signer(1)


def entry(position: int, content: str = "cijfertekst") -> bytes:
    return json.dumps({"positie": position, "inhoud": content}).encode()


@dataclass(frozen=True)
class Log:
    """A log as its operator keeps it: entries, tiles over them, and the right to sign."""

    entries: list[bytes]
    store: MemoryTiles
    checkpoint: str

    @classmethod
    def of(cls, entries: list[bytes], key: NoteSigner = LOG_KEY) -> "Log":
        store = MemoryTiles()
        frontier = extend(store, Frontier(), [leaf_hash(data) for data in entries]).frontier
        return cls(entries, store, sign_checkpoint(key.name, frontier.size, frontier.root(), key))


HONEST = Log.of([entry(position) for position in range(1, SIZE + 1)])
EARLIER = Log.of(HONEST.entries[:300]).checkpoint


def check(
    directory: Path, entries: list[bytes], log: Log = HONEST, earlier: str = EARLIER, as_lines: bool = False
) -> list[tuple[Kind, int | None]]:
    """What the verifier says of these entries beside this log's own tiles and checkpoint."""
    export_log(directory, entries, log.store, log.checkpoint, as_lines=as_lines)
    found = verify_log(directory, [Key.parse(LOG_KEY.verifier.vkey)], [earlier.encode()])
    return [(finding.kind, finding.position) for finding in found]


def edit(entries: list[bytes]) -> list[bytes]:
    return [*entries[:299], entry(300, "anders"), *entries[300:]]


def drop(entries: list[bytes]) -> list[bytes]:
    return [*entries[:299], *entries[300:]]


def reorder(entries: list[bytes]) -> list[bytes]:
    return [*entries[:298], entries[299], entries[298], *entries[300:]]


def repeat(entries: list[bytes]) -> list[bytes]:
    return [*entries[:299], entries[298], *entries[299:]]


def insert(entries: list[bytes]) -> list[bytes]:
    return [*entries[:299], entry(299, "nooit gebeurd"), *entries[299:]]


def truncate(entries: list[bytes]) -> list[bytes]:
    return entries[:500]


TAMPERINGS = [
    (edit, Kind.GEWIJZIGD, 300),
    (drop, Kind.VERWIJDERD, 300),
    (reorder, Kind.HERORDEND, 299),
    (truncate, Kind.AFGEKAPT, 501),
]
Tampering = Callable[[list[bytes]], list[bytes]]


@pytest.mark.parametrize("as_lines", [False, True])
def test_an_honest_log_is_verified(tmp_path: Path, as_lines: bool) -> None:
    assert check(tmp_path, HONEST.entries, as_lines=as_lines) == []


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257])
def test_an_honest_log_of_any_size_is_verified(tmp_path: Path, size: int) -> None:
    log = Log.of(HONEST.entries[:size])
    assert check(tmp_path, log.entries, log, earlier=Log.of([]).checkpoint) == []


@pytest.mark.parametrize("as_lines", [False, True])
@pytest.mark.parametrize(("tamper", "kind", "position"), TAMPERINGS)
def test_a_tampered_export_is_named(
    tmp_path: Path, tamper: Tampering, kind: Kind, position: int, as_lines: bool
) -> None:
    assert check(tmp_path, tamper(HONEST.entries), as_lines=as_lines) == [(kind, position)]


@pytest.mark.parametrize(("tamper", "kind", "position"), TAMPERINGS[1:])
def test_a_tampered_export_whose_tiles_were_rewritten_is_named(
    tmp_path: Path, tamper: Tampering, kind: Kind, position: int
) -> None:
    forged = Log.of(tamper(HONEST.entries))
    assert check(tmp_path, forged.entries, Log(forged.entries, _padded(forged), HONEST.checkpoint)) == [
        (kind, position)
    ]


def test_an_edit_whose_tiles_were_rewritten_is_found_though_not_its_place(tmp_path: Path) -> None:
    forged = Log.of(edit(HONEST.entries))
    found = check(tmp_path, forged.entries, Log(forged.entries, forged.store, HONEST.checkpoint))
    assert found == [(Kind.GEWIJZIGD, None)]


def test_an_edit_that_also_renumbers_is_named_at_its_place(tmp_path: Path) -> None:
    tampered = [*HONEST.entries[:299], entry(7, "anders"), *HONEST.entries[300:]]
    assert check(tmp_path, tampered) == [(Kind.GEWIJZIGD, 300)]


@pytest.mark.parametrize(("tamper", "position"), [(repeat, 299), (insert, 300)])
def test_an_added_entry_is_named(tmp_path: Path, tamper: Tampering, position: int) -> None:
    export_log(tmp_path, HONEST.entries, HONEST.store, HONEST.checkpoint)
    shutil.rmtree(tmp_path / "tile/entries")
    lines = [json.dumps(base64.b64encode(data).decode()) for data in tamper(HONEST.entries)]
    (tmp_path / "entries.jsonl").write_text("\n".join(lines))
    found = verify_log(tmp_path, [Key.parse(LOG_KEY.verifier.vkey)])
    assert [(finding.kind, finding.position) for finding in found] == [(Kind.INGEVOEGD, position)]


def test_several_attacks_at_once_are_each_named(tmp_path: Path) -> None:
    tampered = [*HONEST.entries[:9], entry(10, "anders"), *HONEST.entries[10:19], *HONEST.entries[20:400]]
    assert check(tmp_path, tampered) == [
        (Kind.GEWIJZIGD, 10),
        (Kind.VERWIJDERD, 20),
        (Kind.AFGEKAPT, 401),
    ]


def test_a_missing_bundle_is_named(tmp_path: Path) -> None:
    export_log(tmp_path, HONEST.entries, HONEST.store, HONEST.checkpoint)
    (tmp_path / "tile/entries/001").unlink()
    found = verify_log(tmp_path, [Key.parse(LOG_KEY.verifier.vkey)])
    assert [(finding.kind, finding.position) for finding in found] == [(Kind.VERWIJDERD, 257)]


def test_damaged_tiles_are_named(tmp_path: Path) -> None:
    export_log(tmp_path, HONEST.entries, HONEST.store, HONEST.checkpoint)
    for tile in ("tile/0/002.p/88", "tile/1/000.p/2"):
        original = (tmp_path / tile).read_bytes()
        (tmp_path / tile).write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
        found = verify_log(tmp_path, [Key.parse(LOG_KEY.verifier.vkey)])
        assert [(finding.kind, finding.position) for finding in found] == [(Kind.GEWIJZIGD, None)]
        (tmp_path / tile).write_bytes(original)


@pytest.mark.parametrize("tamper", [edit, drop, reorder])
def test_an_operator_who_rewrites_and_signs_again_is_caught_by_an_earlier_checkpoint(
    tmp_path: Path, tamper: Tampering
) -> None:
    renumbered = [entry(at, json.loads(data)["inhoud"] + str(json.loads(data)["positie"]))
                  for at, data in enumerate(tamper(HONEST.entries), start=1)]  # fmt: skip
    forged = Log.of(renumbered)
    assert check(tmp_path, forged.entries, forged) == [(Kind.GESPLITST, None)]


def test_two_checkpoints_of_one_size_are_a_split(tmp_path: Path) -> None:
    other = Log.of([*HONEST.entries[:-1], entry(SIZE, "anders")])
    assert check(tmp_path, other.entries, other, earlier=HONEST.checkpoint) == [(Kind.GESPLITST, None)]


def test_a_signed_log_with_a_gap_in_its_numbers_is_named(tmp_path: Path) -> None:
    gap = Log.of(HONEST.entries[:400] + HONEST.entries[401:])
    assert check(tmp_path, gap.entries, gap) == [(Kind.VERWIJDERD, 401)]


def test_a_replayed_old_checkpoint_is_named(tmp_path: Path) -> None:
    old = Log.of(HONEST.entries[:200])
    assert check(tmp_path, old.entries, old) == [(Kind.TERUGGEDRAAID, 201)]


def test_an_old_checkpoint_beside_newer_entries_is_named(tmp_path: Path) -> None:
    export_log(tmp_path, HONEST.entries, HONEST.store, HONEST.checkpoint)
    (tmp_path / "checkpoint").write_text(EARLIER)
    found = verify_log(tmp_path, [Key.parse(LOG_KEY.verifier.vkey)])
    assert [(finding.kind, finding.position) for finding in found] == [(Kind.TERUGGEDRAAID, 301)]


@pytest.mark.parametrize(
    "checkpoint",
    [
        Log.of(HONEST.entries, signer(2)).checkpoint,
        Log.of(HONEST.entries, signer(1, "hub.example/raadplegingen")).checkpoint,
        HONEST.checkpoint.replace("\n600\n", "\n601\n"),
        HONEST.checkpoint.split("\n\n")[0] + "\n\n",
        HONEST.checkpoint[:-10] + "AAAAAAAA=\n",
        "geen controlepunt",
        "",
    ],
)
def test_a_forged_checkpoint_is_named(tmp_path: Path, checkpoint: str) -> None:
    export_log(tmp_path, HONEST.entries, HONEST.store, HONEST.checkpoint)
    (tmp_path / "checkpoint").write_text(checkpoint)
    found = verify_log(tmp_path, [Key.parse(LOG_KEY.verifier.vkey)])
    assert [finding.kind for finding in found] == [Kind.VERVALST]


def test_a_forged_earlier_checkpoint_accuses_nobody_of_splitting(tmp_path: Path) -> None:
    forged = Log.of([entry(1, "nooit gebeurd")], signer(2)).checkpoint
    assert check(tmp_path, HONEST.entries, earlier=forged) == [(Kind.VERVALST, None)]


def test_a_receipt_is_proven_and_a_broken_promise_named(tmp_path: Path) -> None:
    export_log(tmp_path, HONEST.entries, HONEST.store, HONEST.checkpoint)
    key = [Key.parse(LOG_KEY.verifier.vkey)]
    kept = [Receipt(position, leaf_hash(entry(position))) for position in (1, 256, 257, 599, 600)]
    assert verify_log(tmp_path, key, receipts=kept) == []
    broken = [Receipt(300, leaf_hash(entry(300, "anders"))), Receipt(601, leaf_hash(entry(601)))]
    found = verify_log(tmp_path, key, receipts=broken)
    assert [(finding.kind, finding.position) for finding in found] == [
        (Kind.GEWIJZIGD, 300),
        (Kind.TERUGGEDRAAID, 601),
    ]


def test_witnesses_are_counted_once_and_a_false_one_refused(tmp_path: Path) -> None:
    witness = signer(3, "politie.example/getuige", COSIGNATURE)
    keys, known = [Key.parse(LOG_KEY.verifier.vkey)], [Key.parse(witness.verifier.vkey)]
    cosigned = cosign_checkpoint(cosign_checkpoint(HONEST.checkpoint, witness, 10), witness, 20)
    export_log(tmp_path, HONEST.entries, HONEST.store, cosigned)
    assert verify_log(tmp_path, keys, witnesses=known, quorum=1) == []
    assert [found.kind for found in verify_log(tmp_path, keys, witnesses=known, quorum=2)] == [Kind.ONGETUIGD]
    other = sign_checkpoint(ORIGIN, 1, leaf_hash(b""), LOG_KEY)
    misused = HONEST.checkpoint + cosign_checkpoint(other, witness, 10).splitlines(keepends=True)[-1]
    (tmp_path / "checkpoint").write_text(misused)
    assert [found.kind for found in verify_log(tmp_path, keys, witnesses=known)] == [Kind.VERVALST]


def test_the_command_answers_with_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export_log(tmp_path / "log", HONEST.entries, HONEST.store, HONEST.checkpoint, earlier=[EARLIER])
    (tmp_path / "earlier").write_text(EARLIER)
    leaf = base64.b64encode(leaf_hash(entry(5))).decode()
    (tmp_path / "receipt").write_text(json.dumps({"positie": 5, "bladhash": leaf}))
    command = [str(tmp_path / "log"), "--key", LOG_KEY.verifier.vkey]
    kept = ["--earlier", str(tmp_path / "earlier"), "--receipt", str(tmp_path / "receipt")]
    assert main([*command, *kept]) == 0
    assert capsys.readouterr().out == "Geverifieerd.\n"
    shutil.rmtree(tmp_path / "log/tile/entries")
    assert main(command) == 1
    assert capsys.readouterr().out.startswith("AFGEKAPT: positie 1:")
    assert main([str(tmp_path / "nergens"), "--key", LOG_KEY.verifier.vkey]) == 2
    assert main([str(tmp_path / "log"), "--key", "geen+sleutel"]) == 2
    assert main([str(tmp_path / "log")]) == 2
    assert main(["--help"]) == 0


def _padded(forged: Log) -> MemoryTiles:
    """The forger's tiles, filled up to the size that the honest checkpoint names."""
    store = MemoryTiles()
    hashes = [leaf_hash(data) for data in forged.entries]
    extend(store, Frontier(), hashes + [bytes(32)] * (SIZE - len(hashes)))
    return store


def test_the_verifier_brings_nothing_of_the_hub_along() -> None:
    listing = "import sys, hub.audit.verify; print(*sorted(sys.modules))"
    command = [sys.executable, "-c", listing]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ours = [name for name in loaded.split() if name.split(".")[0] in {"hub", "contracts", "adapters"}]
    assert ours == ["hub", "hub.audit", "hub.audit.evidence", "hub.audit.series", "hub.audit.verify"]
    assert not {"pydantic", "psycopg", "fastapi"} & set(loaded.split())
