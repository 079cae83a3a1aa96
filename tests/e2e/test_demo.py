"""The demo as anyone runs it: the whole casebook, told twice in one folder, verified each time."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.load import HubProcess
from tests.e2e.world import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("demo")]

LAST = re.compile(r"44 stories, \d+ signals, \d+ disclosures, \d+ refusals: verified")
NOTICES = re.compile(r"^notices: \d+ to \d+ seats, [1-9]\d* delivered by webhook, 0 lost$", re.MULTILINE)
LOG = re.compile(r"^log (\w+): (\d+) leaves, no findings$", re.MULTILINE)


class Run(NamedTuple):
    """One run of the demo. `leaves`: of each log that the outsider found nothing wrong with."""

    code: int
    last_line: str
    leaves: dict[str, int]
    output: str


@pytest.fixture(scope="module")
def runs() -> Iterator[tuple[Run, Run]]:
    """The demo, twice in the same folder."""
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-test-"))
    folder.chmod(0o711)
    yield _run(folder), _run(folder)
    shutil.rmtree(folder)


def _run(folder: Path) -> Run:
    done = HubProcess(folder, free_port()).run("demo", "--exit", "--data", str(folder))
    leaves = {found[1]: int(found[2]) for found in LOG.finditer(done.stdout)}
    lines = done.stdout.strip().splitlines() or [""]
    return Run(done.returncode, lines[-1], leaves, done.stdout + done.stderr)


def test_it_ends_well_with_its_counts_and_verified(runs: tuple[Run, Run]) -> None:
    first, _ = runs
    assert first.code == 0, first.output[-2000:]
    assert LAST.fullmatch(first.last_line)
    assert first.leaves.keys() == {"grootboek", "toegang"}
    assert NOTICES.search(first.output)


def test_a_second_run_changes_nothing_but_the_record_of_looking(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert second.code == 0, second.output[-2000:]
    assert second.last_line == first.last_line
    assert second.leaves["grootboek"] == first.leaves["grootboek"]
    assert second.leaves["toegang"] > first.leaves["toegang"]
