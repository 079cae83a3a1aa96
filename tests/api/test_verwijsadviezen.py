"""Route advice through the door a partner uses."""

from __future__ import annotations

from tests.api.hub_world import HubWorld

ZETEL = "zc.opvang@ede"


def test_the_advice_names_seats_reasons_and_sources_and_is_on_record(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(ZETEL, "beleid.raadplegen")
    answer = seat.get("/verwijsadviezen", regio="ede", vorm="arbeidsuitbuiting", urgentie="acuut").json()
    assert answer["tempo"] == "spoed"
    assert answer["routes"][0]["stappen"][0]["nummer"] == "112"
    seats = [one["zetel"] for route in answer["routes"] for step in route["stappen"] for one in step["naar"]]
    assert "gemeente.af-oov@ede" in seats
    assert "nla@landelijk" in seats
    assert all(step["zin"] and step["bron"] for route in answer["routes"] for step in route["stappen"])


def test_a_form_stands_for_its_kinds_and_an_area_for_its_region(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(ZETEL, "beleid.raadplegen")
    answer = seat.get("/verwijsadviezen", regio="eindhoven", vorm="gedwongen-webcamseks").json()
    assert answer["regio"] == "oost-brabant"
    found = {route["id"] for route in answer["routes"]}
    assert {"oost-brabant-regulier", "landelijk-seksueel-crimineel"} <= found


def test_what_does_not_exist_is_named(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(ZETEL, "beleid.raadplegen")
    assert seat.get("/verwijsadviezen", regio="atlantis").status_code == 400
    assert seat.get("/verwijsadviezen", urgentie="ooit").status_code == 400


def test_without_the_scope_there_is_no_advice(hub_app: HubWorld) -> None:
    assert hub_app.as_seat(ZETEL, "casussen.raadplegen").get("/verwijsadviezen").status_code == 403
