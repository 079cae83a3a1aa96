"""News, subscriptions and deliveries at the console."""

from __future__ import annotations

from tests.api.hub_world import HubWorld
from tests.console.people import somebody

FENNA, COLLEGE = "fenna.proef", "gemeente.college-handhaving@ede"


def test_news_names_what_changed_and_holds_nothing_of_it(hub_app: HubWorld) -> None:
    signaal = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
    hub_app.settle()
    text = somebody(hub_app, FENNA, COLLEGE).get("/nieuws").text
    assert f"/console/signalen/{signaal}" in text
    assert "Anka" not in text


def test_a_subscription_is_taken_shown_and_ended(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    shown = fenna.post("/abonnementen", kanalen="signalen", bezorgwijze="ophalen", gebieden="").text
    (one,) = [
        known["abonnementId"]
        for known in hub_app.as_seat(COLLEGE).get("/abonnementen").json()["abonnementen"]
        if known["filters"]["kanalen"] == ["signalen"] and known["bezorgwijze"] == "ophalen"
    ]
    assert one[:8] in shown
    assert one[:8] not in fenna.post(f"/abonnementen/{one}", daad="beeindig").text


def test_what_is_wrong_with_a_subscription_is_said_and_what_was_typed_is_kept(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    answer = fenna.post("/abonnementen", bezorgwijze="webhook", gebieden="ede", terugbeladres="ftp://elders")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "terugbeladres:" in answer.text
    assert "ftp://elders" in answer.text


def test_deliveries_are_listed(hub_app: HubWorld) -> None:
    answer = somebody(hub_app, FENNA, COLLEGE).get("/bezorgingen", status="onbestelbaar")
    assert answer.status_code == 200
    assert "Er is niets." in answer.text
