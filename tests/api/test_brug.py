"""The bridge from a RIEC case to care: four fields over, one confirmation back, and no other door."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.api.hub_world import NOBODY, HubWorld
from tests.api.riec import AVIM, BELASTING, COLLEGE, CONTACT, OVJ, RIEC, VENSTER, ZC, Zaak, zaak

VT = "veilig-thuis@gelderland-midden"
FOUR = {"casusPseudoniem", "venster", "veiligheidsmaatregelNodig", "contactpersoon"}
ENVELOPE = {"volgnummer", "gestuurdOp", "bevestigdOp", "gewijzigdPositie", "inhoud"}


@pytest.fixture
def open_case(hub_app: HubWorld) -> Zaak:
    return zaak(hub_app, BELASTING)


def newest(case: Zaak, zetel: str = ZC) -> dict[str, Any]:
    return case.messages(zetel)[0]


def confirm(case: Zaak, message: dict[str, Any], zetel: str = ZC) -> Any:
    path = f"/brugberichten/{message['inhoud']['casusPseudoniem']}/bevestigingen"
    return case.seat(zetel).post(path, {"volgnummer": message["volgnummer"]})


def test_care_gets_four_fields_and_no_more(open_case: Zaak) -> None:
    open_case.warns(open_case.action())
    message = newest(open_case)
    assert set(message) == ENVELOPE
    assert set(message["inhoud"]) == FOUR
    assert message["inhoud"]["venster"] == VENSTER
    assert message["inhoud"]["contactpersoon"] == CONTACT
    text = str(message)
    for secret in (open_case.id, open_case.signaal, COLLEGE, AVIM, "riec", "sluiting", "pand"):
        assert str(secret) not in text


def test_an_action_starts_only_after_the_warned_seat_has_confirmed(open_case: Zaak) -> None:
    action = open_case.action()
    open_case.warns(action)
    waits = open_case.seat(COLLEGE).post(f"/casussen/{open_case.id}/toelatingen", action)
    assert waits.status_code == 403
    answer = confirm(open_case, newest(open_case))
    assert answer.status_code == 201
    assert [one.split(".")[-2] for one in answer.json()["gebeurtenissen"]] == [
        "brugbericht-bevestigd",
        "brug-bevestigd",
    ]
    open_case.does("toelatingen", action)
    assert newest(open_case)["bevestigdOp"] is not None


def test_a_new_warning_takes_the_permission_back_until_it_is_read(open_case: Zaak) -> None:
    action = open_case.action()
    open_case.warns(action)
    confirm(open_case, newest(open_case))
    open_case.does("toelatingen", action)
    open_case.warns(action, venster={**VENSTER, "tot": "2026-12-02T18:00:00Z"})
    too_early = open_case.seat(COLLEGE).post(f"/casussen/{open_case.id}/uitvoeringen", action)
    assert too_early.status_code == 403
    assert newest(open_case)["volgnummer"] == 2
    confirm(open_case, newest(open_case))
    open_case.does("toelatingen", action)
    open_case.does("uitvoeringen", action)


def test_two_recipients_cannot_tell_that_it_is_one_case(open_case: Zaak) -> None:
    action = open_case.action()
    open_case.warns(action)
    open_case.warns(action, naar=VT)
    open_case.warns(open_case.action())
    here, other = [one["inhoud"]["casusPseudoniem"] for one in open_case.messages(ZC)[:2]]
    there = newest(open_case, VT)["inhoud"]["casusPseudoniem"]
    assert here == other
    assert here != there
    assert str(open_case.id) not in (here, there)


def test_a_warned_care_seat_finds_no_other_door_to_the_case(open_case: Zaak) -> None:
    action = open_case.action()
    open_case.warns(action)
    pseudonym = newest(open_case)["inhoud"]["casusPseudoniem"]
    care = open_case.seat(ZC)
    for number in (open_case.id, pseudonym, action["interventieId"]):
        for path in (f"/casussen/{number}", f"/casussen/{number}/uitleg", f"/signalen/{number}"):
            found, nothing = (care.get(p, doel=RIEC).json() for p in (path, path.replace(str(number), str(NOBODY))))
            assert found["status"] == 404
            assert {**found, "instance": ""} == {**nothing, "instance": ""}
        for tail, body in (
            ("toelatingen", action),
            ("zorgbevestigingen", action),
            ("brugberichten", {**action, "naar": VT, "venster": VENSTER, "veiligheidsmaatregelNodig": True}),
            ("verhoren", {"totEnMet": "2999-01-01"}),
            ("sluitingen", {"reden": "geen-mensenhandel"}),
        ):
            whole = body | ({"contactpersoon": CONTACT} if tail == "brugberichten" else {})
            assert care.post(f"/casussen/{number}/{tail}", whole).status_code == 404, tail
    assert care.get(f"/signalen/{open_case.signaal}", doel=RIEC).status_code == 404
    for path in ("casussen", "signalen"):
        listed = care.get(f"/{path}", doel=RIEC, aantal=500).text
        assert str(open_case.id) not in listed
        assert str(open_case.signaal) not in listed


def test_confirming_says_the_same_whatever_became_of_the_case(open_case: Zaak) -> None:
    open_case.warns(open_case.action())
    message = newest(open_case)
    open_case.does("sluitingen", {"reden": "geen-mensenhandel"})
    answer = confirm(open_case, message)
    assert answer.status_code == 201
    assert len(answer.json()["posities"]) == 2
    assert confirm(open_case, message).json()["posities"] == []


@pytest.mark.parametrize("zetel", [VT, COLLEGE, AVIM, OVJ])
def test_only_the_recipient_confirms(open_case: Zaak, zetel: str) -> None:
    open_case.warns(open_case.action())
    message = newest(open_case)
    assert confirm(open_case, message, zetel).status_code == 404
    unknown = {**message, "inhoud": {"casusPseudoniem": str(uuid4())}}
    assert confirm(open_case, unknown).status_code == 404
    assert confirm(open_case, {**message, "volgnummer": 99}).status_code == 404


def test_participants_see_that_care_knows_and_not_who_care_is(open_case: Zaak) -> None:
    open_case.warns(open_case.action())
    confirm(open_case, newest(open_case))
    for zetel in (COLLEGE, AVIM, BELASTING):
        entries = {entry["soort"]: entry for entry in open_case.read(zetel)["tijdlijn"]}
        assert entries["BrugBevestigd"]["brugId"] == entries["BrugGeslagen"]["brugId"]
        assert "zetel" not in entries["BrugBevestigd"]
        assert ("naar" in entries["BrugGeslagen"]) == (zetel == COLLEGE)
    assert ZC not in open_case.text(BELASTING)


@pytest.mark.parametrize("naar", ["nla@landelijk", OVJ, "school@ede", "zc.opvang@nergens"])
def test_to_who_is_no_care_seat_nothing_crosses_and_the_refusal_is_recorded(open_case: Zaak, naar: str) -> None:
    action, since = open_case.action(), open_case.world.hub.store.head()
    message = {"naar": naar, "venster": VENSTER, "veiligheidsmaatregelNodig": True, "contactpersoon": CONTACT}
    answer = open_case.seat(COLLEGE).post(f"/casussen/{open_case.id}/brugberichten", {**action, **message})
    assert answer.status_code == 403
    assert open_case.world.recorded(since) == ["handeling-geweigerd"]


@pytest.mark.parametrize(
    "field",
    [
        {"toelichting": "inval bij de baas"},
        {"contactpersoon": {"functie": "Jan de Vries", "telefoon": "06-00001234"}},
        {"contactpersoon": {**CONTACT, "naam": "Jan"}},
        {"contactpersoon": {**CONTACT, "telefoon": "bel de recherche"}},
        {"venster": {**VENSTER, "tot": VENSTER["van"]}},
    ],
)
def test_a_fifth_field_or_free_text_is_no_bridge_message(open_case: Zaak, field: dict[str, Any]) -> None:
    message = {"naar": ZC, "venster": VENSTER, "veiligheidsmaatregelNodig": True, "contactpersoon": CONTACT}
    body = {**open_case.action(), **message, **field}
    assert open_case.seat(COLLEGE).post(f"/casussen/{open_case.id}/brugberichten", body).status_code == 400


def test_the_look_at_bridge_messages_is_recorded(open_case: Zaak) -> None:
    open_case.warns(open_case.action())
    message = newest(open_case)
    look = open_case.world.last_look()
    assert message["inhoud"]["casusPseudoniem"].encode() in look
    assert b"veiligheidsmaatregel-nodig" in look
