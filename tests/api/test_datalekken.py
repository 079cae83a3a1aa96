"""Breaches and rights through the door: who sees what, and the clock that shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.sealing import utc_now
from tests.api.hub_world import NOBODY, HubWorld

COLLEGE, ZC, CONTACT = "gemeente.college-handhaving@ede", "zc.opvang@ede", "contactpunt@oost-nederland"
BEHEERDER, OFFICER = "beheerder@landelijk", "privacy-officer@landelijk"


def body(hub_app: HubWorld, hours_ago: int = 1, **more: Any) -> dict[str, Any]:
    known = utc_now() - timedelta(hours=hours_ago)
    described = {"omschrijving": "bericht ging naar de verkeerde zetel", "risico": "risico", "bij": COLLEGE}
    return {"datalekId": str(hub_app.id()), "bekendOp": known.isoformat()} | described | more


def listed(hub_app: HubWorld, zetel: str, **query: Any) -> dict[str, dict[str, Any]]:
    answer = hub_app.as_seat(zetel).get("/datalekken", **query)
    assert answer.status_code == 200, answer.text
    return {one["datalekId"]: one for one in answer.json()["datalekken"]}


def test_the_contact_point_sees_the_clock_and_others_see_nothing(hub_app: HubWorld) -> None:
    sent = body(hub_app)
    hub_app.as_seat(COLLEGE).act("/datalekken", sent)
    seen = listed(hub_app, CONTACT)[sent["datalekId"]]
    assert seen["uren"] == 70
    assert seen["omschrijving"] == sent["omschrijving"]
    assert not seen["teLaat"]
    assert sent["datalekId"] in listed(hub_app, COLLEGE)
    assert sent["datalekId"] not in listed(hub_app, ZC)


def test_what_is_over_its_time_is_listed_until_it_is_reported(hub_app: HubWorld) -> None:
    sent = body(hub_app, hours_ago=80)
    hub_app.as_seat(COLLEGE).act("/datalekken", sent)
    assert sent["datalekId"] in listed(hub_app, CONTACT, verlopen=True)
    path = f"/datalekken/{sent['datalekId']}/toezichtmeldingen"
    refused = hub_app.as_seat(CONTACT).post(path, {"kenmerk": "AP-1"})
    assert refused.status_code == 403
    assert "waarom" in refused.text
    hub_app.as_seat(CONTACT).act(path, {"kenmerk": "AP-1", "motivering": "pas laat als lek herkend"})
    assert sent["datalekId"] not in listed(hub_app, CONTACT, verlopen=True)
    assert listed(hub_app, CONTACT)[sent["datalekId"]]["teLaat"]


def test_a_breach_of_another_and_none_at_all_answer_alike(hub_app: HubWorld) -> None:
    sent = body(hub_app)
    hub_app.as_seat(COLLEGE).act("/datalekken", sent)
    answers = [
        hub_app.as_seat(ZC).post(f"/datalekken/{id}/mededelingen", {"wijze": "brief"})
        for id in (sent["datalekId"], NOBODY)
    ]
    assert [one.status_code for one in answers] == [404, 404]


def test_the_number_of_something_else_is_no_number_of_a_breach(hub_app: HubWorld) -> None:
    signaal = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
    answer = hub_app.as_seat(ZC).post("/datalekken", {**body(hub_app), "datalekId": str(signaal)})
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize(("zetel", "all_of_them"), [(BEHEERDER, True), (OFFICER, True), (COLLEGE, False)])
def test_the_operator_and_the_officer_see_all_rights(hub_app: HubWorld, zetel: str, all_of_them: bool) -> None:
    answer = hub_app.as_seat(zetel).get("/toegangsrechten")
    seats = {one["houder"] for one in answer.json()["toegangsrechten"]}
    assert (len(seats) == len(hub_app.hub.beleid.instanties)) == all_of_them
    assert zetel in seats


def test_a_review_takes_a_right_off_the_list(hub_app: HubWorld) -> None:
    given = {"houder": COLLEGE, "toegang": "behouden", "motivering": "taak loopt door"}
    hub_app.as_seat(COLLEGE).act("/toegangstoetsen", given)
    assert hub_app.as_seat(ZC).post("/toegangstoetsen", given).status_code == 403
    late = hub_app.as_seat(BEHEERDER).get("/toegangsrechten", verlopen=True).json()["toegangsrechten"]
    assert COLLEGE not in {one["houder"] for one in late}
    assert ZC in {one["houder"] for one in late}


def test_emergency_access_waits_for_its_officer(hub_app: HubWorld) -> None:
    answer = hub_app.as_seat(OFFICER).get("/noodtoegangen/te-toetsen", doel="interne-controle")
    assert answer.status_code == 200, answer.text
    assert hub_app.as_seat(ZC).get("/noodtoegangen/te-toetsen", doel="interne-controle").status_code == 403
