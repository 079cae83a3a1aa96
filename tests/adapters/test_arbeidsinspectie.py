"""Inspection reports: three grades that are never merged with certainty."""

import json
from pathlib import Path
from typing import ClassVar

from adapters.arbeidsinspectie.read import adapter
from adapters.files import Line
from tests.adapters.reading import NOW, AdapterContract, data_of, rows_of


class TestArbeidsinspectie(AdapterContract):
    name = "arbeidsinspectie"
    files: ClassVar[dict[str, set[int]]] = {"rapporten.jsonl": {6, 7}}
    endings = (".jsonl", ".json")


def test_the_grade_is_a_fact_and_certainty_stays_unknown() -> None:
    inhoud = data_of(rows_of("arbeidsinspectie", "rapporten.jsonl")[1])["melding"]["inhoud"]
    assert {"categorie": "signaal-label", "kenmerk": "gradatie", "waarde": "ernstige benadeling"} in inhoud["feiten"]
    assert inhoud["zekerheid"] == "onbekend"


def test_supervision_holds_no_police_data() -> None:
    record = {**rows_of("arbeidsinspectie", "rapporten.jsonl")[0].raw, "wpg_artikel": "9"}
    row = adapter().interpret(Line(1, record), now=NOW)
    assert [fault.melding for fault in row.faults] == [
        "de directie Toezicht houdt geen politiegegevens; laat het artikel van de Wpg weg"
    ]


def test_a_list_in_one_document_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "rapporten.json"
    path.write_text(json.dumps([row.raw for row in rows_of("arbeidsinspectie", "rapporten.jsonl")]))
    assert [bool(row.faults) for row in adapter().read(path, now=NOW)] == [False] * 5 + [True] * 2
