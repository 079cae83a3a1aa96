"""A look that was left out of the log leaves a hole in the series of its case, though the log is whole and signed."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from hub.audit.access import Entry
from hub.audit.checkpoint import NoteSigner, sign_checkpoint
from hub.audit.evidence import Key
from hub.audit.export import export_log
from hub.audit.series import Series
from hub.audit.tiles import MemoryTiles, extend
from hub.audit.tree import Frontier, leaf_hash
from hub.audit.verify import Kind, verify_log
from hub.ledger.memory import MemoryLedger
from hub.ledger.store import ACCESS_LOG
from tests.attacks.test_log_tampering import LOG_KEY

CASUS, OTHER = uuid4(), uuid4()
SEEN = [CASUS, OTHER, CASUS, CASUS, OTHER, CASUS]


def honest() -> list[bytes]:
    store = MemoryLedger()
    store.append_access([Entry(b'{"wat":"blik"}', casussen=(casus,)) for casus in SEEN])
    return store.leaf_data(ACCESS_LOG, 0, 100)


def rewritten(entries: list[bytes]) -> list[bytes]:
    """As an operator would who leaves a record out and numbers the log anew."""
    return [b'{"volgnummer":%d%b' % (at, one[one.index(b",") :]) for at, one in enumerate(entries, 1)]


def checked(folder: Path, entries: list[bytes], signer: NoteSigner) -> list[tuple[Kind, int | None]]:
    tiles = MemoryTiles()
    frontier = extend(tiles, Frontier(), [leaf_hash(one) for one in entries]).frontier
    export_log(folder, entries, tiles, sign_checkpoint(signer.name, frontier.size, frontier.root(), signer))
    return [(found.kind, found.position) for found in verify_log(folder, [Key.parse(signer.verifier.vkey)])]


def test_an_honest_series_is_whole(tmp_path: Path) -> None:
    assert checked(tmp_path, honest(), LOG_KEY) == []


@pytest.mark.parametrize("left_out", range(4))
def test_a_look_left_out_before_signing_is_named(tmp_path: Path, left_out: int) -> None:
    entries = honest()
    del entries[left_out]
    found = checked(tmp_path, rewritten(entries), LOG_KEY)
    assert found
    assert {kind for kind, _ in found} == {Kind.VERWIJDERD}


def test_who_sees_one_case_only_finds_the_hole_as_well() -> None:
    own = [one for one in honest() if str(CASUS).encode() in one]
    for left_out in range(len(own)):
        series = Series()
        for one in own[:left_out] + own[left_out + 1 :]:
            series.add(one)
        whole = series.last[str(CASUS)][0] == len(own)
        assert series.gaps or not whole
