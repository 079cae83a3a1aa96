"""News, subscriptions and deliveries at the console."""

from __future__ import annotations

from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

from hub.delivery.bezorgrij import ONBESTELBAAR, Afloop, Bezorgrij, delivery_id
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld
from tests.api.riec import BELASTING, RIEC, zaak
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
    assert '<a href="#terugbeladres">' in answer.text
    assert 'id="fout-terugbeladres"' in answer.text
    assert "ftp://elders" in answer.text


def test_deliveries_are_listed(hub_app: HubWorld) -> None:
    answer = somebody(hub_app, FENNA, COLLEGE).get("/bezorgingen", status="onbestelbaar")
    assert answer.status_code == 200
    assert "Er is niets." in answer.text


def of_this_hat(world: HubWorld, kanaal: str) -> dict[str, Any]:
    """The one subscription to a channel."""
    every = world.as_seat(COLLEGE).get("/abonnementen").json()["abonnementen"]
    (found,) = [one for one in every if one["filters"]["kanalen"] == [kanaal]]
    return dict(found)


def test_a_subscription_is_changed_suspended_and_resumed(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    fenna.post("/abonnementen", kanalen="plichten", bezorgwijze="ophalen", gebieden="ede")
    one = of_this_hat(hub_app, "plichten")["abonnementId"]
    assert 'name="gebieden" value="ede"' in fenna.get(f"/abonnementen/{one}").text
    fenna.post(f"/abonnementen/{one}/wijziging", kanalen="resultaten", bezorgwijze="stroom", acties="create")
    assert of_this_hat(hub_app, "resultaten")["filters"]["acties"] == ["create"]
    text = fenna.post(f"/abonnementen/{one}", daad="schors").text
    assert "geschorst: op verzoek" in text
    assert of_this_hat(hub_app, "resultaten")["status"] == "geschorst"
    assert "loopt weer" in fenna.post(f"/abonnementen/{one}", daad="hervat").text
    fenna.post(f"/abonnementen/{one}", daad="beeindig")


def test_a_change_that_is_wrong_keeps_what_was_typed_and_another_hat_has_none(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    fenna.post("/abonnementen", kanalen="terugroepingen", bezorgwijze="ophalen")
    one = of_this_hat(hub_app, "terugroepingen")["abonnementId"]
    wrong = fenna.post(f"/abonnementen/{one}/wijziging", bezorgwijze="webhook", terugbeladres="ftp://elders")
    assert wrong.status_code == 400
    assert "ftp://elders" in wrong.text
    zita = somebody(hub_app, "zita.proef")
    assert zita.get(f"/abonnementen/{one}").status_code == 404
    assert zita.post(f"/abonnementen/{one}", daad="schors").status_code == 404
    assert fenna.post(f"/abonnementen/{one}", daad="verbrand").status_code == 404


def dead_letters(world: HubWorld, zetel: str) -> tuple[UUID, list[str]]:
    """A subscription of which two deliveries never arrived: its number, and theirs."""
    id, nu = uuid4(), utc_now()
    with closing(Bezorgrij(world.hub.database.dsn)) as queue:
        begun = queue.begin(id, zetel, 0)
        made = [
            Gebeurtenis(at, zetel, at, uuid4(), "casus", 1, None, "signalen", "signaal", uuid4(), "destroy", {}, nu, at)
            for at in (1, 2)
        ]
        assert queue.add(begun, made, begun.tot + 2, nu)
        queue.record([Afloop(id, at, ONBESTELBAAR, 10, laatste_fout="te-langzaam") for at in (1, 2)], [], nu)
    return id, [str(delivery_id(id, at)) for at in (1, 2)]


def test_what_never_arrived_is_brought_again_from_the_page(hub_app: HubWorld) -> None:
    abonnement, (one, other) = dead_letters(hub_app, "zc.opvang@ede")
    zita = somebody(hub_app, "zita.proef")
    text = zita.get("/bezorgingen", status="onbestelbaar", abonnement=str(abonnement)).text
    assert "2 op deze bladzijde kwamen nooit aan." in text
    assert "te langzaam" in text
    assert "wordt opnieuw bezorgd" in zita.post(f"/bezorgingen/{one}", status="onbestelbaar").text
    assert "wordt opnieuw bezorgd" in zita.post("/bezorgingen", bezorgingen=other).text
    left = hub_app.as_seat("zc.opvang@ede").get("/bezorgingen", abonnementId=str(abonnement), status="onbestelbaar")
    assert left.json()["bezorgingen"] == []
    assert "vanaf dat nummer" in zita.post(f"/abonnementen/{abonnement}/herhaling", vanaf="1").text


def test_her_cases_stand_above_the_news_with_their_latest_change(hub_app: HubWorld) -> None:
    case = zaak(hub_app, BELASTING)
    hub_app.settle()
    text = somebody(hub_app, FENNA, COLLEGE).get("/nieuws", doel=RIEC).text
    assert f'href="/console/casussen/{case.id}?doel={RIEC}"' in text
    assert f'data-casus="{case.id}"' in text
    assert "Laatst veranderd" in text.partition(f'data-casus="{case.id}"')[2].partition("</li>")[0]
    assert " create" not in text.partition("<main")[2].partition("<template")[0]
