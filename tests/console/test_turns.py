"""What waits for a decision: destruction is put off or judged, emergency access is reviewed, from the list itself."""

from __future__ import annotations

import re

import pytest

from tests.api.hub_world import NOBODY, HubWorld
from tests.api.riec import COLLEGE, ZC
from tests.api.test_vernietigingen import closed, run
from tests.console.people import Browser, somebody

UUID_IN = re.compile(r"[0-9a-f-]{36}")


@pytest.fixture
def petra(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, "petra.proef")


def test_the_officer_puts_a_destruction_off(hub_app: HubWorld, petra: Browser) -> None:
    case = closed(hub_app)
    assert str(case.id)[:8] in petra.get("/toezicht/vernietigen").text
    path, name = f"/vernietigen/casus/{case.id}/daden", f"uitstel-{case.id}"
    refused = petra.post(f"{path}/{name}", reden="rechtsvordering", kenmerk="", tot="")
    assert refused.status_code == 400
    assert f'href="#{name}-kenmerk"' in refused.text
    assert 'value="rechtsvordering" selected' in refused.text
    done = petra.post(f"{path}/{name}", reden="rechtsvordering", kenmerk="C/13/2026/7", tot="")
    assert done.status_code == 200
    shown = petra.get("/vernietigen", stand="uitgesteld").text
    assert "uitgesteld: rechtsvordering" in shown
    number = UUID_IN.search(shown.partition(f"{case.id}/daden/ophef-")[2])
    assert number is not None
    lifted = petra.post(f"{path}/ophef-{number[0]}", uitstelId=number[0])
    assert lifted.status_code == 200, lifted.text
    assert f"{case.id}/daden/ophef-" not in petra.get("/vernietigen").text


def test_a_participant_judges_what_is_due(hub_app: HubWorld) -> None:
    case = closed(hub_app, "hulp-gestart")
    fenna = somebody(hub_app, "fenna.proef", COLLEGE)
    assert "Mag het weg?" in fenna.get("/vernietigen").text
    said = {"termijn": "wgs-niet-langer-nodig", "vernietigen": "ja", "reden": "Niet meer nodig", "herbezieOp": ""}
    done = fenna.post(f"/vernietigen/casus/{case.id}/daden/beoordeel-{case.id}", **said)
    assert done.status_code == 200, done.text
    assert "beoordeeld" in done.text


def test_what_does_not_exist_is_said_on_the_page(hub_app: HubWorld, petra: Browser) -> None:
    answer = petra.post(
        f"/vernietigen/casus/{NOBODY}/daden/uitstel-{NOBODY}", reden="rechtsvordering", kenmerk="C/1", tot=""
    )
    assert answer.status_code == 404


def test_a_review_of_emergency_access_that_does_not_exist_keeps_what_was_typed_nowhere(petra: Browser) -> None:
    path = f"/toezicht/noodtoegang/{NOBODY}/{NOBODY}/daden/toets-{NOBODY}"
    answer = petra.post(path, uitkomst="terecht", motivering="gevaar gebleken")
    assert answer.status_code == 404
    assert "gevaar gebleken" not in answer.text


def test_emergency_access_is_confirmed_and_reviewed(hub_app: HubWorld, petra: Browser) -> None:
    signaal, id = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk()), str(hub_app.id())
    asked = {"noodtoegangId": id, "categorieen": ["signaal-inhoud"], "reden": "acuut gevaar", "gevaar": "acuut"}
    hub_app.as_seat(ZC).act(f"/signalen/{signaal}/noodtoegangen", asked)
    path = f"/toezicht/noodtoegang/{signaal}/{id}/daden"
    assert f"bevestig-{id}" in petra.get("/toezicht/noodtoegang").text
    assert f"bevestig-{id}" not in petra.post(f"{path}/bevestig-{id}").text
    wrong = petra.post(f"{path}/toets-{id}", uitkomst="te-ruim", motivering="")
    assert f'href="#toets-{id}-motivering"' in wrong.text
    assert "Vastgelegd." in petra.post(f"{path}/toets-{id}", uitkomst="te-ruim", motivering="minder volstond").text
    assert id not in petra.get("/toezicht/noodtoegang").text


def test_the_proof_of_a_destruction_is_found_by_number(hub_app: HubWorld, petra: Browser) -> None:
    case = closed(hub_app, "onvoldoende-aanwijzingen")
    assert petra.get("/toezicht/vernietigd", onderwerpId=str(case.id)).status_code == 404
    run(hub_app)
    assert "Plaats in het grootboek" in petra.get("/toezicht/vernietigd", onderwerpId=str(case.id)).text


def test_who_does_not_test_others_sees_no_emergencies(hub_app: HubWorld) -> None:
    assert somebody(hub_app, "zita.proef").get("/toezicht/noodtoegang").status_code == 403
