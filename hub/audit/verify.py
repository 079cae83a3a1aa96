"""Check an exported log without trusting whoever exported it.

Needs this file, `evidence.py` and `series.py` beside it, Python and `cryptography`; nothing else of the hub. The steps:

  1. Signature: the checkpoint, and every earlier one, is signed by the log's key, or by one that took over from it
     as stated under `keys/`; enough witnesses.
  2. Size: there are exactly as many entries as the checkpoint says.
  3. Leaves: the entries, hashed in their order, give the root that was signed.
  4. Consistency: the log still begins with every earlier checkpoint, and did not shrink.
  5. Inclusion: each receipt a partner kept is in the log, by a proof from the published tiles.
  6. Positions: the numbers inside the entries run from 1 without gap, repetition or turn.
  7. Series: of each case, the access records count on without gap and name the one before them.

Exit code 0: verified; 1: findings; 2: the question itself is wrong (no directory, no such key).
Source: RFC 6962 section 2.1; C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles.
"""

import argparse
import base64
import json
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from hub.audit.evidence import (
    COSIGNS,
    HASH,
    SIGNS,
    WIDTH,
    Checkpoint,
    Export,
    Key,
    Tenure,
    Tree,
    inclusion_proof,
    number_of,
    tenures,
    verify_inclusion,
)
from hub.audit.series import Series

_SHOWN = 20


class Kind(StrEnum):
    """What was done to the log."""

    GEWIJZIGD = "gewijzigd"
    VERWIJDERD = "verwijderd"
    INGEVOEGD = "ingevoegd"
    HERORDEND = "herordend"
    AFGEKAPT = "afgekapt"
    GESPLITST = "gesplitst"
    TERUGGEDRAAID = "teruggedraaid"
    VERVALST = "vervalst"
    ONGETUIGD = "ongetuigd"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not right. `position` counts from 1; None when it concerns the whole log."""

    kind: Kind
    position: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a partner got when it submitted: a position (from 1) and the leaf hash found there."""

    position: int
    leaf: bytes


@dataclass(slots=True)
class Numbering:
    """Which positions were met, in which order: tells dropped, moved and added entries apart.

    One byte per position, so a million entries cost a megabyte.
    """

    size: int
    seen: bytearray = field(init=False)
    last: int = 0
    moved: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    foreign: "array[int]" = field(default_factory=lambda: array("q"))

    def __post_init__(self) -> None:
        self.seen = bytearray(b"\x01" + bytes(self.size))

    def place(self, position: int, in_place: bool = False) -> None:
        if position >= len(self.seen):
            self.seen.extend(bytes(position + 1 - len(self.seen)))
        if self.seen[position]:
            self.added.append(position)
        elif not in_place and position < self.last:
            self.moved.append(position)
        self.seen[position] = 1
        self.last = max(self.last, position)

    def findings(self, count: int) -> list[Finding]:
        """What the order says, once all `count` entries have passed."""
        edited: list[int] = []
        # A foreign entry stands in for the missing one whose number it bears, or whose place it has.
        for number, place in zip(self.foreign[::2], self.foreign[1::2], strict=True):
            free = [at for at in (number, place) if 0 < at < len(self.seen) and not self.seen[at]]
            (edited if free else self.added).append(free[0] if free else place)
            if free:
                self.seen[free[0]] = 1
        missing = [place for place, met in enumerate(self.seen) if not met] if 0 in self.seen else []
        cut: list[int] = []
        while count < self.size and missing and missing[-1] == len(self.seen) - 1 - len(cut):
            cut.append(missing.pop())
        return [
            *_runs(Kind.GEWIJZIGD, edited, "de inhoud is niet die waarvoor het log is getekend"),
            *_runs(Kind.VERWIJDERD, missing, "het blad ontbreekt"),
            *_runs(Kind.AFGEKAPT, cut[::-1], "het einde van het log ontbreekt"),
            *_runs(Kind.HERORDEND, self.moved, "het blad staat niet op zijn plaats"),
            *_runs(Kind.INGEVOEGD, self.added, "het blad hoort niet in het log"),
        ]


def verify_log(
    directory: Path,
    keys: Sequence[Key],
    earlier: Sequence[bytes] = (),
    *,
    receipts: Sequence[Receipt] = (),
    witnesses: Sequence[Key] = (),
    quorum: int = 0,
    progress: Callable[[int], None] | None = None,
) -> list[Finding]:
    """Everything that is wrong with an exported log; empty when it is verified.

    `earlier`: checkpoints kept from before; those in the export count too. Memory: 2 bytes per entry.
    """
    export = Export(directory)
    # 1. Signature. Without one the rest says nothing about the log, so a forgery ends the matter.
    try:
        counting = tenures(keys, [path.read_bytes() for path in sorted(directory.glob("keys/*"))])
        head = _signed((directory / "checkpoint").read_bytes(), counting)
        cosigned = len(head.signed_by(key for key in witnesses if key.kind == COSIGNS))
    except ValueError as refused:
        return [Finding(Kind.VERVALST, None, f"controlepunt: {refused}")]
    findings: list[Finding] = []
    if cosigned < quorum:
        findings.append(Finding(Kind.ONGETUIGD, None, f"{cosigned} getuigen tekenden, {quorum} zijn nodig"))
    kept = [*earlier, *(path.read_bytes() for path in sorted(directory.glob("checkpoints/*")))]
    older, forged = _older(kept, {key: tenure for key, tenure in counting.items() if key.name == head.origin})
    findings += forged
    # 2 and 3. Size and leaves; 6, the positions inside them, in the same pass.
    sizes = {head.size, *(point.size for point in older)}
    hashed, tile_findings = _hash_tiles(export, head, sizes)
    committed = hashed.roots.get(head.size) == head.root
    leaves, leaf_findings = _read_leaves(export, head, sizes, committed, progress)
    intact = leaves.roots.get(head.size) == head.root
    findings += leaf_findings + (tile_findings if intact else [])
    # 4. Consistency, judged only on hashes that the signed root vouches for: whoever damaged an
    #    export must not make the log itself look forked.
    roots = hashed.roots if committed else leaves.roots if intact else {}
    findings += [found for point in older for found in _compare(point, head, roots)]
    # 5. Inclusion.
    return findings + [found for receipt in receipts for found in _check_receipt(export, head, receipt)]


def _older(kept: Sequence[bytes], keys: Mapping[Key, Tenure]) -> tuple[list[Checkpoint], list[Finding]]:
    points: list[Checkpoint] = []
    findings: list[Finding] = []
    for raw in kept:
        try:
            points.append(_signed(raw, keys))
        except ValueError as refused:
            findings.append(Finding(Kind.VERVALST, None, f"eerder controlepunt: {refused}"))
    return points, findings


def _signed(raw: bytes, keys: Mapping[Key, Tenure]) -> Checkpoint:
    point = Checkpoint.parse(raw)
    if not any(key.name == point.origin for key in keys):
        raise ValueError(f"het is van een ander log ({point.origin})")
    signed = [key for key in point.signed_by(keys) if key.kind == SIGNS and key.name == point.origin]
    if not signed:
        raise ValueError("geen handtekening van een vertrouwde sleutel")
    if not any(keys[key].covers(point.size) for key in signed):
        raise ValueError(f"getekend met een sleutel die bij {point.size} bladen niet gold")
    return point


def _hash_tiles(export: Export, head: Checkpoint, sizes: set[int]) -> tuple[Tree, list[Finding]]:
    """The tree over the published leaf hashes, and which higher tiles contradict it."""
    wrong: set[str] = set()
    tile_at = lru_cache(maxsize=16)(export.tile)

    def compare(level: int, index: int, value: bytes) -> None:
        tile, slot = divmod(index, WIDTH)
        if tile_at(level, tile)[slot * HASH : (slot + 1) * HASH] != value:
            wrong.add(f"{level}/{tile}")

    tree = Tree(sizes, compare)
    for index in range(-(-head.size // WIDTH)):
        hashes = export.tile(0, index)[: min(WIDTH, head.size - index * WIDTH) * HASH]
        if len(hashes) != min(WIDTH, head.size - index * WIDTH) * HASH:
            break
        for start in range(0, len(hashes), HASH):
            tree.add(hashes[start : start + HASH])
    # An export of bare lines has no tiles to be wrong.
    if not (export.directory / "tile").is_dir() or (not wrong and tree.roots.get(head.size) == head.root):
        return tree, []
    names = ", ".join(sorted(wrong)[:_SHOWN]) or "niveau 0"
    return tree, [Finding(Kind.GEWIJZIGD, None, f"tegels kloppen niet met de bladeren: {names}")]


def _read_leaves(
    export: Export,
    head: Checkpoint,
    sizes: set[int],
    committed: bool,
    progress: Callable[[int], None] | None,
) -> tuple[Tree, list[Finding]]:
    """The tree over the entries, and what their hashes and their numbers say of each of them.

    `committed`: the published leaf hashes lead to the signed root, so they say what belongs where.
    """
    tree, surplus, belongs, series = Tree(sizes), 0, _membership(export, head.size), Series()
    by_hash, by_number = Numbering(head.size), Numbering(head.size)
    for place, data in enumerate(export.entries(head.size), start=1):
        if progress and not place % 100_000:
            progress(place)
        leaf, number = sha256(b"\x00" + data).digest(), number_of(data)
        tree.add(leaf)
        series.add(data)
        if place > head.size and number > head.size:
            surplus += 1
            continue
        if 0 < number <= 2 * head.size:
            by_number.place(number)
        else:
            by_number.foreign.extend((0, place))
        if committed and belongs(leaf, place):
            by_hash.place(place, in_place=True)
        elif committed and number and belongs(leaf, number):
            by_hash.place(number)
        elif committed:
            by_hash.foreign.extend((number, place))
    # 2. Size.
    findings = by_hash.findings(tree.size - surplus) if committed else []
    # 6. Positions; where hashes already told what happened, numbers would only repeat it.
    findings = findings or by_number.findings(tree.size - surplus) or _gaps(series)
    if surplus:
        text = f"er zijn {tree.size} bladen, het controlepunt dekt er maar {head.size}"
        findings.append(Finding(Kind.TERUGGEDRAAID, head.size + 1, text))
    return tree, findings or _check_root(tree, head)


def _gaps(series: Series) -> list[Finding]:
    # 7. Series.
    text = "van de casus van deze regel ontbreken eerdere regels"
    return _runs(Kind.VERWIJDERD, [gap.number for gap in series.gaps], text)


def _membership(export: Export, size: int) -> Callable[[bytes, int], bool]:
    """Whether the published leaf hash at a place (from 1) is this one."""
    tile_at = lru_cache(maxsize=16)(export.tile)

    def belongs(leaf: bytes, place: int) -> bool:
        slot = (place - 1) % WIDTH * HASH
        return place <= size and tile_at(0, (place - 1) // WIDTH)[slot : slot + HASH] == leaf

    return belongs


def _check_root(leaves: Tree, head: Checkpoint) -> list[Finding]:
    # 3. Leaves.
    if leaves.roots.get(head.size) == head.root:
        return []
    text = "de bladen geven niet de getekende wortel; zonder gave tegels is niet te zeggen welk blad"
    return [Finding(Kind.GEWIJZIGD, None, text)]


def _compare(older: Checkpoint, head: Checkpoint, roots: dict[int, bytes]) -> list[Finding]:
    if older.size > head.size:
        text = f"het log had al {older.size} bladen, dit controlepunt noemt er {head.size}"
        return [Finding(Kind.TERUGGEDRAAID, head.size + 1, text)]
    # Without a sound root there is a finding already, and nothing to compare with.
    found = head.root if older.size == head.size else roots.get(older.size, older.root)
    if found == older.root:
        return []
    text = f"het log begint niet met de {older.size} bladen waarvoor het eerder tekende"
    return [Finding(Kind.GESPLITST, None, text)]


def _check_receipt(export: Export, head: Checkpoint, receipt: Receipt) -> list[Finding]:
    if not 0 < receipt.position <= head.size:
        text = "het ontvangstbewijs ligt voorbij het einde van het getoonde log"
        return [Finding(Kind.TERUGGEDRAAID, receipt.position, text)]
    proof = inclusion_proof(export, receipt.position - 1, head.size)
    if verify_inclusion(receipt.leaf, receipt.position - 1, head.size, proof, head.root):
        return []
    text = "het blad van het ontvangstbewijs is niet te bewijzen"
    return [Finding(Kind.GEWIJZIGD, receipt.position, text)]


def _runs(kind: Kind, positions: list[int], text: str) -> list[Finding]:
    """One finding per run of neighbouring positions, the first twenty of them."""
    runs: list[list[int]] = []
    for position in sorted(positions):
        if runs and position <= runs[-1][1] + 1:
            runs[-1][1] = position
        else:
            runs.append([position, position])
    texts = [text if first == last else f"{text} (tot en met {last})" for first, last in runs]
    found = [Finding(kind, run[0], said) for run, said in zip(runs, texts, strict=True)]
    if len(found) > _SHOWN:
        rest = Finding(kind, found[_SHOWN].position, f"en nog {len(found) - _SHOWN} plaatsen vanaf hier")
        return [*found[:_SHOWN], rest]
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m hub.audit.verify DIR --key VKEY [--earlier FILE] …`; answers the exit code."""
    parser = argparse.ArgumentParser(prog="verify", description="Controleer een geëxporteerd log.")
    parser.add_argument("directory", type=Path, help="map met checkpoint, tile/ en entries")
    parser.add_argument("--key", action="append", required=True, help="sleutel van het log (naam+id+base64)")
    parser.add_argument("--earlier", action="append", type=Path, default=[], help="eerder controlepunt")
    parser.add_argument("--receipt", action="append", type=Path, default=[], help="bewaard ontvangstbewijs")
    parser.add_argument("--witness", action="append", default=[], help="sleutel van een getuige")
    parser.add_argument("--quorum", type=int, default=0, help="aantal getuigen dat meegetekend moet hebben")
    try:
        asked = parser.parse_args(argv)
        findings = verify_log(
            asked.directory,
            [Key.parse(vkey) for vkey in asked.key],
            [path.read_bytes() for path in asked.earlier],
            receipts=[_receipt(path) for path in asked.receipt],
            witnesses=[Key.parse(vkey) for vkey in asked.witness],
            quorum=asked.quorum,
            progress=(lambda done: print(f"{done} bladen", file=sys.stderr)) if sys.stderr.isatty() else None,
        )
    except SystemExit as stopped:
        return int(stopped.code or 0)
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        print(f"Niet te controleren: {wrong}", file=sys.stderr)
        return 2
    for found in findings:
        where = f"positie {found.position}" if found.position else "het log"
        print(f"{found.kind.upper()}: {where}: {found.text}")
    if not findings:
        print("Geverifieerd.")
    return 1 if findings else 0


def _receipt(path: Path) -> Receipt:
    kept = json.loads(path.read_bytes())
    return Receipt(int(kept["positie"]), base64.b64decode(kept["bladhash"], validate=True))


if __name__ == "__main__":
    sys.exit(main())
