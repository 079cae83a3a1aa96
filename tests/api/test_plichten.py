"""Duties through the door: who owes one sees it, the officers see all of them, and nobody else learns anything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from hub.sealing import utc_now
from hub.views.nieuws import BRONNEN
from hub.views.rows import PLICHT
from tests.api.hub_world import NOBODY, HubWorld, inhoud, persoon

AVIM, NLA, OFFICER, COA = "politie.avim@noord", "nla@landelijk", "privacy-officer@landelijk", "coa@landelijk"


@pytest.fixture
def signaal(hub_app: HubWorld) -> str:
    """A signal of the police on a presumed victim, with its duties."""
    person = persoon(hub_app.id(), rollen=[{"rol": "vermoedelijk-slachtoffer"}])
    number = hub_app.as_seat(AVIM).registers(hub_app.kenmerk(), wpgArtikel="8", inhoud=inhoud(betrokkenen=[person]))
    kept(hub_app)
    return str(number)


def kept(world: HubWorld, days: int = 0) -> None:
    world.hub.plichten().run(utc_now() + timedelta(days=days))
    world.settle()


def duties(world: HubWorld, zetel: str, **query: Any) -> list[dict[str, Any]]:
    found = world.as_seat(zetel).get("/plichten", aantal=500, **query)
    assert found.status_code == 200, found.text
    return list(found.json()["plichten"])


def about(world: HubWorld, zetel: str, signaal: str, **query: Any) -> dict[str, dict[str, Any]]:
    return {one["plicht"]: one for one in duties(world, zetel, **query) if one.get("onderwerpId") == signaal}


def test_who_owes_it_sees_what_it_is_about_and_by_when(hub_app: HubWorld, signaal: str) -> None:
    own = about(hub_app, AVIM, signaal)
    assert set(own) == {"comensha-melden", "bedenktijd-aanbieden"}
    report = own["comensha-melden"]
    assert (report["rol"], report["status"], report["grondslag"]) == ("plichthouder", "open", "Vc B8/3")
    assert report["zin"].endswith("bij CoMensha.")
    assert b'"signaal:' in hub_app.last_look()


def test_others_see_nothing_and_the_officer_no_subject(hub_app: HubWorld, signaal: str) -> None:
    assert about(hub_app, NLA, signaal) == {}
    wanted = about(hub_app, AVIM, signaal)["comensha-melden"]["plichtId"]
    assert wanted not in str(duties(hub_app, NLA))
    (seen,) = [one for one in duties(hub_app, OFFICER) if one["plichtId"] == wanted]
    assert (seen["rol"], seen["plichthouder"], seen.get("onderwerpId")) == ("toezicht", AVIM, None)
    assert signaal not in str(duties(hub_app, OFFICER))


def test_what_is_met_and_what_is_late_can_be_asked_for(hub_app: HubWorld, signaal: str) -> None:
    aanbod = {"status": "aangeboden"}
    hub_app.as_seat(AVIM).act(f"/signalen/{signaal}/bedenktijdaanbiedingen", aanbod)
    kept(hub_app)
    assert set(about(hub_app, AVIM, signaal, status="vervuld")) == {"bedenktijd-aanbieden"}
    kept(hub_app, 30)
    assert set(about(hub_app, AVIM, signaal, status="te-laat")) == {"comensha-melden"}
    assert about(hub_app, AVIM, signaal, status="open") == {}


def test_a_reflection_period_has_its_clock(hub_app: HubWorld, signaal: str) -> None:
    period = {"bedenktijdId": str(hub_app.id()), "begintOp": utc_now().date().isoformat(), "dublin": True}
    hub_app.as_seat(AVIM).act(f"/signalen/{signaal}/bedenktijden", period)
    kept(hub_app)
    one = about(hub_app, AVIM, signaal)["bedenktijd-eindigt-dublin"]
    assert one["deel"] == period["bedenktijdId"]
    ended = {"bedenktijdId": period["bedenktijdId"], "einde": "geeindigd-vertrek"}
    hub_app.as_seat(AVIM).act(f"/signalen/{signaal}/bedenktijdeinden", ended)
    assert hub_app.as_seat(NLA).post(f"/signalen/{signaal}/bedenktijden", period).status_code == 404


def test_a_seat_says_that_its_own_duty_is_done(hub_app: HubWorld) -> None:
    kept(hub_app)
    one = next(one for one in duties(hub_app, COA) if one["plicht"] == "coa-maandlevering" and one["status"] == "open")
    path, body = f"/plichten/{one['plichtId']}/vervullingen", {"onderwerpId": one["onderwerpId"]}
    assert hub_app.as_seat(NLA).post(path, body).status_code == 404
    assert hub_app.as_seat(COA).post(f"/plichten/{NOBODY}/vervullingen", body).status_code == 404
    hub_app.as_seat(COA).act(path, body)
    hub_app.settle()
    assert one["plichtId"] in {done["plichtId"] for done in duties(hub_app, COA, status="vervuld")}


def test_what_only_shows_in_the_hub_cannot_be_said(hub_app: HubWorld, signaal: str) -> None:
    one = about(hub_app, AVIM, signaal)["comensha-melden"]
    answer = hub_app.as_seat(AVIM).post(f"/plichten/{one['plichtId']}/vervullingen", {"onderwerpId": signaal})
    assert answer.status_code == 409


def test_a_reminder_is_news_of_who_owes_it_alone(hub_app: HubWorld, signaal: str) -> None:
    assert BRONNEN[PLICHT].kanaal == "plichten"
    kept(hub_app, 6)
    with psycopg.connect(hub_app.hub.database.dsn) as connection:
        found = connection.execute(
            "select zetel, actie from gebeurtenis where kanaal = 'plichten' and onderwerp = %s", (f"signaal:{signaal}",)
        ).fetchall()
    assert {zetel for zetel, _ in found} == {AVIM}
    assert {actie for _, actie in found} == {"create", "update"}
