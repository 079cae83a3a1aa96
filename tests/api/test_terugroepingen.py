"""Recalls through the door: told at once, marked on the signal, answered, and seen by who must see to it."""

from __future__ import annotations

import pytest

from tests.api.hub_world import NOBODY, HubWorld, inhoud
from tests.api.riec import AVIM, BELASTING, COLLEGE, GEZEGD, RIEC, Zaak, zaak

PO = "privacy-officer@landelijk"


@pytest.fixture
def corrected(hub_app: HubWorld) -> Zaak:
    """The municipality corrected what it had said."""
    case = zaak(hub_app, BELASTING)
    body = {"inhoud": inhoud(toelichting="Het paspoort was gewoon thuis."), "motivering": "verkeerd verstaan"}
    case.seat(COLLEGE).act(f"/signalen/{case.signaal}/rectificaties", body)
    hub_app.settle()
    return case


def recalls(case: Zaak, zetel: str, **query: str) -> list[dict[str, object]]:
    case.world.settle()
    asked = {"signaalId": str(case.signaal), **query}
    return list(case.seat(zetel).get("/terugroepingen", **asked).json()["terugroepingen"])


def test_recipients_provider_and_privacy_officer_see_it_each_in_its_own_way(corrected: Zaak) -> None:
    for zetel in (AVIM, BELASTING):
        [one] = recalls(corrected, zetel)
        assert (one["rol"], one["aard"], one["status"]) == ("ontvanger", "rectificatie", "open")
        assert one["ontvanger"] == zetel
    assert {one["ontvanger"] for one in recalls(corrected, COLLEGE)} == {AVIM, BELASTING}
    assert {one["rol"] for one in recalls(corrected, PO)} == {"toezicht"}
    assert recalls(corrected, "nla@landelijk") == []
    assert GEZEGD not in str(recalls(corrected, PO))


def test_the_signal_shows_the_new_words_that_they_were_corrected_and_that_an_answer_is_due(corrected: Zaak) -> None:
    seen = corrected.seat(BELASTING).get(f"/signalen/{corrected.signaal}", doel=RIEC).json()
    [mine] = recalls(corrected, BELASTING)
    assert seen["terugroepingen"] == [mine["terugroepingId"]]
    assert "paspoort was gewoon thuis" in str(seen)
    assert seen["bijdragen"][0]["gecorrigeerdOp"]
    [listed] = [
        one
        for one in corrected.seat(BELASTING).get("/signalen", doel=RIEC).json()["signalen"]
        if one["signaalId"] == str(corrected.signaal)
    ]
    assert listed["terugroepingen"] == [mine["terugroepingId"]]


def test_an_error_pointed_out_is_a_task_of_the_provider_and_nobody_else_sees_it(hub_app: HubWorld) -> None:
    case = zaak(hub_app, BELASTING)
    task = {"correctietaakId": str(hub_app.id()), "bijdrageId": str(case.signaal), "categorieen": ["signaal-inhoud"]}
    words = "Dat paspoort was van een ander."
    path = f"/signalen/{case.signaal}/correctietaken"
    assert case.seat("nla@landelijk").post(path, {**task, "toelichting": words}).status_code == 404
    case.seat(AVIM).act(path, {**task, "toelichting": words})

    def tasks(zetel: str) -> list[dict[str, object]]:
        case.world.settle()
        answer = case.seat(zetel).get("/correctietaken", aantal=500).json()["correctietaken"]
        return [one for one in answer if one["correctietaakId"] == task["correctietaakId"]]

    for zetel in (COLLEGE, AVIM):
        [one] = tasks(zetel)
        assert (one["voor"], one["zetel"], one["status"]) == (COLLEGE, AVIM, "open")
        assert words in str(one["inhoud"])
    assert tasks(BELASTING) == []
    closing = {"correctietaakId": task["correctietaakId"], "eigenBronBericht": True}
    assert case.seat(COLLEGE).post(f"/signalen/{case.signaal}/correctiesluitingen", closing).status_code == 409
    body = {"correctietaakId": task["correctietaakId"], "motivering": "Het klopt wel."}
    case.seat(COLLEGE).act(f"/signalen/{case.signaal}/correctieafwijzingen", body)
    [one] = tasks(AVIM)
    assert (one["status"], "Het klopt wel." in str(one["inhoud"])) == ("afgewezen", True)


def test_an_answer_is_seen_by_the_provider_and_takes_the_mark_away(corrected: Zaak) -> None:
    [mine] = recalls(corrected, BELASTING)
    path = f"/signalen/{corrected.signaal}/terugroepingbevestigingen"
    body = {"terugroepingId": mine["terugroepingId"], "gevolg": "verwerkt"}
    assert corrected.seat(AVIM).post(path, body).status_code == 404
    assert corrected.seat(BELASTING).post(path, {**body, "terugroepingId": str(NOBODY)}).status_code == 404
    corrected.seat(BELASTING).act(path, body)
    assert [one["ontvanger"] for one in recalls(corrected, COLLEGE, status="open")] == [AVIM]
    [done] = recalls(corrected, COLLEGE, status="bevestigd")
    assert (done["ontvanger"], done["gevolg"]) == (BELASTING, "verwerkt")
    seen = corrected.seat(BELASTING).get(f"/signalen/{corrected.signaal}", doel=RIEC).json()
    assert seen["terugroepingen"] == []


def test_the_officer_asks_who_has_not_answered_over_all_signals(hub_app: HubWorld, corrected: Zaak) -> None:
    [mine] = recalls(corrected, BELASTING)
    body = {"terugroepingId": mine["terugroepingId"], "gevolg": "verwerkt"}
    corrected.seat(BELASTING).act(f"/signalen/{corrected.signaal}/terugroepingbevestigingen", body)
    hub_app.settle()
    waiting = corrected.seat(PO).get("/terugroepingen", status="onbeantwoord", aantal=500).json()["terugroepingen"]
    here = [one for one in waiting if one["signaalId"] == str(corrected.signaal)]
    assert {one["ontvanger"] for one in here} == {AVIM}
    assert {one["status"] for one in waiting} <= {"open", "te-laat"}
    assert {one["ontvanger"] for one in recalls(corrected, COLLEGE, status="onbeantwoord")} == {AVIM}
