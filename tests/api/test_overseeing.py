"""The command line of supervision: what it finds is in its exit code, and looking is itself on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from hub.main import Hub
from hub.overseeing import Overseeing
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld


class Shell:
    """The commands on a hub that is open already; `looked`: what they wrote in the access log."""

    def __init__(self, hub: Hub) -> None:
        self.out, self.looked = StringIO(), list[str]()
        self._hub = hub
        self.commands = Overseeing(self._open, self._look, Console(file=self.out, width=160))

    @contextmanager
    def _open(self) -> Iterator[Hub]:
        yield self._hub

    def _look(self, hub: Hub, command: str, zetel: str, objecten: tuple[str, ...]) -> None:
        self.looked.append(command)


@pytest.fixture
def shell(hub_app: HubWorld) -> Shell:
    return Shell(hub_app.hub)


def test_a_review_and_the_queue_agree(shell: Shell) -> None:
    code = shell.commands.review()
    assert shell.commands.queue() == code
    assert "beoordeeld tot en met" in shell.out.getvalue()
    assert shell.looked == ["toezicht wachtrij"]


def test_clocks_that_ran_out_show_in_the_exit_code(shell: Shell) -> None:
    assert shell.commands.overdue() == 1
    assert "toegang niet getoetst" in shell.out.getvalue()


def test_reports_are_written_to_a_file(shell: Shell, tmp_path: Path) -> None:
    year = utc_now().year
    assert shell.commands.annual(year, tmp_path / "nu.html") == 1
    assert not (tmp_path / "nu.html").exists()
    assert shell.commands.annual(year - 1, tmp_path / "jaar.html") == 0
    assert shell.commands.assessment(tmp_path / "dpia.html") == 0
    assert "Rechtsgrond" in (tmp_path / "dpia.html").read_text(encoding="utf-8")
