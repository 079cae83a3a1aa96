"""Messages of the contract pass through after the same checks the hub makes."""

from typing import ClassVar

from tests.adapters.reading import AdapterContract, rows_of


class TestContractberichten(AdapterContract):
    name = "contractberichten"
    files: ClassVar[dict[str, set[int]]] = {"berichten.jsonl": {6, 7}}
    endings = (".jsonl", ".json")


def test_each_row_names_its_own_seat() -> None:
    rows = rows_of("contractberichten", "berichten.jsonl")
    assert [row.zetel for row in rows[:3]] == ["jeugdzorg@ede", "jeugdzorg@ede", "zc.opvang@ede"]


def test_faults_inside_the_message_point_into_it() -> None:
    bad = rows_of("contractberichten", "berichten.jsonl")[6]
    assert {fault.veld for fault in bad.faults} == {"/data/signaalId", "/data/melding/spoor"}
