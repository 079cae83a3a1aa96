"""Dossier rows: often without name or BSN, and with consent or refusal of their own."""

from typing import ClassVar

from tests.adapters.reading import AdapterContract, data_of, rows_of


class TestZorgcoordinator(AdapterContract):
    name = "zorgcoordinator"
    files: ClassVar[dict[str, set[int]]] = {"dossierregels.csv": {6, 7}, "dossierregels.xlsx": {6, 7}}
    endings = (".csv", ".xlsx")


def test_workbook_and_csv_say_the_same() -> None:
    sheet, text = rows_of("zorgcoordinator", "dossierregels.xlsx"), rows_of("zorgcoordinator", "dossierregels.csv")
    assert [row.events for row in sheet] == [row.events for row in text]
    assert [row.faults for row in sheet] == [row.faults for row in text]


def test_consent_and_refusal_follow_the_signal() -> None:
    first, _, third, fourth, *_ = rows_of("zorgcoordinator", "dossierregels.csv")
    assert [event.type.split(".")[-2] for event in first.events] == [
        "registreer-signaal",
        "leg-toestemmingsweigering-vast",
    ]
    assert data_of(first, 1)["ontvangers"] == ["politie.avim@oost-nederland"]
    assert [event.type.split(".")[-2] for event in third.events] == ["leg-toestemming-vast"]
    assert data_of(third)["signaalId"] == data_of(first)["signaalId"]
    assert data_of(third)["betrokkeneId"] == data_of(first, 1)["betrokkeneId"]
    assert data_of(third)["geldigTot"] == "2026-08-02"
    assert data_of(fourth, 1)["ontvangers"] == ["comensha@landelijk"]


def test_where_a_sheltered_person_stays_is_never_a_place_of_the_signal() -> None:
    inhoud = data_of(rows_of("zorgcoordinator", "dossierregels.csv")[3])["melding"]["inhoud"]
    assert inhoud["locaties"] == []
    found = {fact["kenmerk"]: fact["categorie"] for fact in inhoud["feiten"]}
    assert (found["verblijfplaats"], found["gezondheid"]) == ("opvangadres", "gezondheid")


def test_a_row_without_a_name_is_a_row() -> None:
    (client,) = data_of(rows_of("zorgcoordinator", "dossierregels.csv")[1])["melding"]["inhoud"]["betrokkenen"]
    assert set(client) & {"naam", "bsn", "geboortedatum"} == set()
