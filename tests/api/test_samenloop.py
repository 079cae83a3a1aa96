"""Overlap, orphans and questions between partnerships at the door: each look on record, a question a person's alone."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import orjson
import pytest

from hub.api.identity import Aanwezige
from hub.console.page.doors import Doors, Refused
from tests.api.hub_world import NOBODY, HubWorld, inhoud, persoon
from tests.api.riec import COLLEGE, ZVH, Zaak, zaak, zvh_casus
from tests.api.riec import RIEC as DOEL

RIEC = "riec.bureau@oost-nederland"


@pytest.fixture(scope="module")
def open_case(hub_app: HubWorld) -> Zaak:
    return zaak(hub_app, RIEC)


@pytest.fixture(scope="module")
def huis(hub_app: HubWorld, open_case: Zaak) -> UUID:
    """A case of the Zorg- en Veiligheidshuis into which the police brought the same signal."""
    return zvh_casus(hub_app, open_case.politiesignaal)


def question(world: HubWorld, case: Zaak, **anders: Any) -> dict[str, Any]:
    asked = {"navraagId": str(world.id()), "contactpunt": ZVH, "noodzaak": "dubbel-werk-voorkomen"}
    return asked | {"signaalId": str(case.politiesignaal)} | anders


def ask(case: Zaak, zetel: str = RIEC, **anders: Any) -> Any:
    """As a person who is signed in."""
    doors = Doors(case.world.app, Aanwezige("rachid.proef", zetel), "127.0.0.1")
    return asyncio.run(doors.post("casussen", case.id, "navragen", body=question(case.world, case, **anders)))


def asked_of(world: HubWorld, zetel: str) -> list[dict[str, Any]]:
    world.settle()
    return list(world.as_seat(zetel).get("/navragen").json()["navragen"])


def test_a_person_learns_yes_and_the_contact_point_and_both_sides_see_that_it_was_asked(
    open_case: Zaak, huis: UUID
) -> None:
    answer = ask(open_case)
    assert (answer["treffer"], answer["contact"]) == (True, ZVH)
    assert set(answer) == {"navraagId", "treffer", "contact"}
    here, there = asked_of(open_case.world, RIEC)[0], asked_of(open_case.world, ZVH)[0]
    assert here["navraagId"] == there["navraagId"] == answer["navraagId"]
    assert (here["rol"], here["contactpunt"]) == ("vrager", ZVH)
    assert (there["rol"], there["spoor"], there["van"]) == ("contactpunt", "riec", RIEC)
    assert [one["casusId"] for one in there["vindplaatsen"]] == [str(huis)]
    assert str(huis) not in str(here)
    assert str(open_case.id) not in str(there)


def test_what_is_not_there_is_a_no_without_a_contact(open_case: Zaak, huis: UUID) -> None:
    answer = ask(open_case, signaalId=str(open_case.signaal))
    assert (answer["treffer"], answer["contact"]) == (False, None)


def test_a_system_is_refused_with_what_to_do_instead(open_case: Zaak, huis: UUID) -> None:
    world = open_case.world
    answer = world.as_seat(RIEC).post(f"/casussen/{open_case.id}/navragen", question(world, open_case))
    assert answer.status_code == 403
    assert "medewerker" in answer.text


@pytest.mark.parametrize("field", ["mensBegon", "casusId"])
def test_nobody_vouches_for_himself_in_the_body(open_case: Zaak, field: str) -> None:
    more: dict[str, Any] = {field: True}
    with pytest.raises(Refused) as refused:
        ask(open_case, **more)
    assert refused.value.status == 400


def test_an_unknown_signal_and_a_strangers_case_are_the_same_404(open_case: Zaak) -> None:
    for zetel, about in ((RIEC, str(NOBODY)), ("zc.opvang@ede", str(open_case.signaal))):
        with pytest.raises(Refused) as refused:
            ask(open_case, zetel, signaalId=about)
        assert refused.value.status == 404


def test_the_record_of_the_question_stands_before_the_answer_leaves(open_case: Zaak, huis: UUID) -> None:
    before = open_case.world.looks()
    ask(open_case)
    written = [
        orjson.loads(one)
        for one in open_case.world.hub.store.leaf_data("toegang", before, open_case.world.looks() - before)
    ]
    assert {one["handeling"] for one in written} == {"verstrekken"}
    assert {one["actor"] for one in written} == {"rachid.proef"}
    assert str(huis) not in str(written)


def test_a_signal_in_two_cases_of_a_seat_is_overlap_of_that_seat(hub_app: HubWorld) -> None:
    first, second = zaak(hub_app, RIEC), zaak(hub_app, RIEC)
    second.does("signalen", {"signaalId": str(first.signaal)})
    hub_app.settle()
    before = hub_app.looks()
    answer = hub_app.as_seat(RIEC).get("/samenloop", doel=DOEL)
    (found,) = [one for one in answer.json()["samenloop"] if one["signalen"] == [str(first.signaal)]]
    assert (found["soort"], set(found["casussen"])) == ("signaal", {str(first.id), str(second.id)})
    written = orjson.loads(hub_app.last_look())
    assert hub_app.looks() == before + 1
    assert (written["handeling"], written["vraag"]) == ("combineren", "samenloop")
    assert f"signaal:{first.signaal}" in written["objecten"]


def test_a_seat_without_cases_sees_no_overlap_of_others(hub_app: HubWorld) -> None:
    zaak(hub_app, RIEC)
    answer = hub_app.as_seat("zc.opvang@ede").get("/samenloop", doel=DOEL).json()
    assert {source for one in answer["samenloop"] for source in one["bronnen"]} <= {"zc.opvang@ede"}
    assert not any(one["casussen"] for one in answer["samenloop"])


def test_an_own_signal_is_loose_until_a_case_holds_it(hub_app: HubWorld) -> None:
    college = hub_app.as_seat(COLLEGE)
    alone = college.registers(hub_app.kenmerk(), inhoud=inhoud(persoon(hub_app.id())))
    held = zaak(hub_app, RIEC).signaal
    hub_app.settle()
    loose = {one["signaalId"] for one in college.get("/losse-signalen", doel=DOEL, aantal=500).json()["eigen"]}
    assert str(alone) in loose
    assert str(held) not in loose


def test_what_was_received_and_lies_in_no_case_is_loose_for_its_recipient(hub_app: HubWorld) -> None:
    answer = hub_app.as_seat(RIEC).get("/losse-signalen", doel=DOEL)
    assert answer.status_code == 200
    assert answer.json()["ontvangen"] == []
