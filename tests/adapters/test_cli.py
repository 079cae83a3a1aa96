"""The command line: exit codes that scripts can trust."""

from pathlib import Path

import pytest

from adapters.cli import main
from adapters.push import HUB_ONBEREIKBAAR, IETS_GEWEIGERD, VERKEERD_GEBRUIK
from tests.adapters.reading import example

EXAMPLE = str(example("politie", "mutaties.jsonl"))


def test_checking_names_every_reason_and_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["toets", "politie", EXAMPLE]) == IETS_GEWEIGERD
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 9
    assert said[0] == "mutaties.jsonl:7: /pleegmoment: dit tijdstip ligt in de toekomst"


@pytest.mark.parametrize(
    "arguments",
    [
        ["toets", "bestaat-niet", EXAMPLE],
        ["toets", "politie", "bestaat-niet.jsonl"],
        ["push", "politie", EXAMPLE],
        ["push", "politie", EXAMPLE, "--hub", "http://127.0.0.1:1", "--zetel", "a@b", "--data", "x"],
        ["verzonnen-opdracht"],
    ],
)
def test_wrong_use_is_two(arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SIGNAALHUB_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == VERKEERD_GEBRUIK


def test_a_hub_that_is_not_there_is_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub = ["--hub", "http://127.0.0.1:1", "--zetel", "a@b", "--data", str(tmp_path), "--token", "x", "--pogingen", "1"]
    assert main(["push", "politie", EXAMPLE, *hub]) == HUB_ONBEREIKBAAR
    assert "bewaard" in capsys.readouterr().err
