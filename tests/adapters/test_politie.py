"""Police records: article of the Wpg, class of person, BVH and AVIM."""

from typing import Any, ClassVar

import pytest

from adapters.files import Line
from adapters.politie.read import adapter
from tests.adapters.reading import NOW, AdapterContract, data_of, rows_of


class TestPolitie(AdapterContract):
    name = "politie"
    files: ClassVar[dict[str, set[int]]] = {"mutaties.jsonl": {7, 8}}
    endings = (".jsonl", ".json")


@pytest.mark.parametrize(
    ("written", "article"), [("8", "8"), ("artikel 9", "9"), ("10 lid 1 onder a", "10-1-a"), ("art. 13 Wpg", "13")]
)
def test_the_article_is_read_as_police_write_it(written: str, article: str) -> None:
    record = {**rows_of("politie", "mutaties.jsonl")[4].raw, "wpg_artikel": written}
    melding = data_of(adapter().interpret(Line(1, record), now=NOW))["melding"]
    assert melding["wpgArtikel"] == article
    assert {"categorie": f"politie-{article}", "kenmerk": "voorval", "waarde": record["voorval"]} in melding["inhoud"][
        "feiten"
    ]


def test_class_of_person_gives_a_role_only_where_none_is_written() -> None:
    first, _, third, *_ = rows_of("politie", "mutaties.jsonl")
    people = data_of(first)["melding"]["inhoud"]["betrokkenen"]
    assert [person["rollen"] for person in people] == [[{"rol": "betrokkene"}], [{"rol": "vermoedelijk-slachtoffer"}]]
    (boy,) = data_of(third)["melding"]["inhoud"]["betrokkenen"]
    assert [role["rol"] for role in boy["rollen"]] == ["verdachte", "vermoedelijk-slachtoffer"]


def test_local_time_becomes_utc_and_written_numbers_become_bare() -> None:
    first, second, *_ = rows_of("politie", "mutaties.jsonl")
    assert data_of(first)["melding"]["inhoud"]["vernomenOp"] == "2026-01-07T21:40:00Z"
    assert data_of(second)["melding"]["inhoud"]["betrokkenen"][0]["bsn"].isdigit()


def test_an_addition_to_a_signal_is_an_enrichment() -> None:
    row = rows_of("politie", "mutaties.jsonl")[5]
    assert row.events[0].type.endswith("verrijk-signaal.v1")
    assert data_of(row)["signaalId"] == "4b4cfb0e-3ba6-5e53-9c2e-0d6f6b7f1f10"


def test_every_fault_is_named() -> None:
    bad = rows_of("politie", "mutaties.jsonl")[6]
    places = {fault.veld for fault in bad.faults}
    assert places == {
        "/pleegmoment",
        "/wpg_artikel",
        "/mensenhandel/uitbuitingsvormen/0",
        "/betrokkenen/0/bsn",
        "/betrokkenen/0/wpg_6b",
    }


def test_a_remark_about_somebody_else_is_refused() -> None:
    record: dict[str, Any] = dict(rows_of("politie", "mutaties.jsonl")[1].raw)
    record["bijzonderheden"] = [{**record["bijzonderheden"][0], "persoonsnummer": "iemand-anders"}]
    row = adapter().interpret(Line(1, record), now=NOW)
    assert [fault.melding for fault in row.faults] == [
        "een bijzonderheid noemt een persoon die niet in dit formulier staat"
    ]


def test_a_key_that_may_be_a_number_of_a_person_is_not_repeated() -> None:
    record = {**rows_of("politie", "mutaties.jsonl")[4].raw, "999900006": "x"}
    row = adapter().interpret(Line(1, record), now=NOW)
    assert [fault.veld for fault in row.faults] == ["/(onbekend)"]
