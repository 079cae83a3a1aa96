"""Registrations: ages with their moment, several forms, JSON and CSV."""

from typing import ClassVar

from tests.adapters.reading import AdapterContract, data_of, rows_of


class TestComensha(AdapterContract):
    name = "comensha"
    files: ClassVar[dict[str, set[int]]] = {"aanmeldingen.jsonl": {5, 6}, "aanmeldingen.csv": {4}}
    endings = (".jsonl", ".json", ".csv")


def test_ages_keep_their_reference_moment() -> None:
    (client,) = data_of(rows_of("comensha", "aanmeldingen.jsonl")[0])["melding"]["inhoud"]["betrokkenen"]
    assert client["leeftijden"] == [
        {"jaren": 17, "peilmoment": "start-uitbuiting"},
        {"jaren": 24, "peilmoment": "melding", "peildatum": "2026-01-14"},
    ]


def test_a_csv_row_is_the_same_form() -> None:
    inhoud = data_of(rows_of("comensha", "aanmeldingen.csv")[0])["melding"]["inhoud"]
    assert inhoud["vormen"] == ["criminele-uitbuiting", "winkeldiefstal"]
    assert inhoud["betrokkenen"][0]["geboortedatum"] == "2008-06-11"
    assert [age["jaren"] for age in inhoud["betrokkenen"][0]["leeftijden"]] == [16, 17]


def test_the_ground_is_about_the_client_but_not_in_a_group() -> None:
    one, group, *_ = rows_of("comensha", "aanmeldingen.jsonl")
    assert all("betrokkeneId" in fact for fact in data_of(one)["melding"]["inhoud"]["feiten"])
    assert not any("betrokkeneId" in fact for fact in data_of(group)["melding"]["inhoud"]["feiten"])


def test_a_lapsed_form_is_refused_with_all_other_faults() -> None:
    bad = rows_of("comensha", "aanmeldingen.jsonl")[4]
    assert {fault.veld for fault in bad.faults} >= {"/melder_soort", "/grondslag", "/clienten/0/bsn"}
