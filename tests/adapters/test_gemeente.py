"""Forms of the municipality: the object of the aandachtsfunctionaris and the list of the BRP desk."""

from typing import ClassVar

from tests.adapters.reading import AdapterContract, data_of, rows_of


class TestGemeente(AdapterContract):
    name = "gemeente"
    files: ClassVar[dict[str, set[int]]] = {"formulieren.jsonl": {6, 7}}
    endings = (".jsonl", ".json")


def test_the_object_and_the_bare_submission_are_one_form() -> None:
    rows = rows_of("gemeente", "formulieren.jsonl")
    assert data_of(rows[0])["melding"]["kenmerk"] == "EDE-2026-00012"
    assert data_of(rows[2])["melding"]["spoor"] == "intern"
    assert "situatieschets" in data_of(rows[2])["melding"]["inhoud"]


def test_the_desk_ticks_and_does_not_judge() -> None:
    melding = data_of(rows_of("gemeente", "formulieren.jsonl")[3])["melding"]
    assert (melding["spoor"], melding["meldkanaal"]) == ("intern", "brp-balie")
    assert melding["inhoud"]["zekerheid"] == "vaag-signaal"
    assert melding["inhoud"]["indicatoren"][0] == "steeds-dezelfde-begeleider"
    answers = next(fact["waarde"] for fact in melding["inhoud"]["feiten"] if fact["kenmerk"] == "vragen")
    assert answers == "aantal_op_adres: 11; kent_woning: nee; zelfde_begeleider: ja, derde keer"
