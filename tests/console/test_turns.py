"""What waits for a decision: destruction is put off or judged, emergency access is reviewed, from the list itself."""

from __future__ import annotations

import pytest

from tests.api.hub_world import NOBODY, HubWorld
from tests.api.riec import COLLEGE
from tests.api.test_vernietigingen import closed
from tests.console.people import Browser, somebody


@pytest.fixture
def petra(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, "petra.proef")


def test_the_officer_puts_a_destruction_off(hub_app: HubWorld, petra: Browser) -> None:
    case = closed(hub_app)
    assert str(case.id)[:8] in petra.get("/toezicht/vernietigen").text
    path = f"/vernietigen/casus/{case.id}"
    refused = petra.post(path, reden="rechtsvordering", kenmerk="", tot="")
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    done = petra.post(path, reden="rechtsvordering", kenmerk="C/13/2026/7", tot="")
    assert done.status_code == 200
    assert "uitgesteld: rechtsvordering" in done.text


def test_a_participant_judges_what_is_due(hub_app: HubWorld) -> None:
    case = closed(hub_app, "hulp-gestart")
    fenna = somebody(hub_app, "fenna.proef", COLLEGE)
    assert "Mag het weg?" in fenna.get("/vernietigen").text
    said = {"termijn": "wgs-niet-langer-nodig", "vernietigen": "ja", "reden": "Niet meer nodig", "herbezieOp": ""}
    done = fenna.post(f"/vernietigen/casus/{case.id}", **said)
    assert done.status_code == 200, done.text
    assert "beoordeeld" in done.text


def test_what_does_not_exist_is_said_on_the_page(hub_app: HubWorld, petra: Browser) -> None:
    answer = petra.post(f"/vernietigen/casus/{NOBODY}", reden="rechtsvordering", kenmerk="C/1", tot="")
    assert answer.status_code == 404


def test_a_review_of_emergency_access_that_does_not_exist_keeps_what_was_typed_nowhere(petra: Browser) -> None:
    answer = petra.post(f"/toezicht/noodtoegang/{NOBODY}/{NOBODY}", uitkomst="terecht", motivering="gevaar gebleken")
    assert answer.status_code == 404
    assert "gevaar gebleken" not in answer.text


def test_who_does_not_test_others_sees_no_emergencies(hub_app: HubWorld) -> None:
    assert somebody(hub_app, "zita.proef").get("/toezicht/noodtoegang").status_code == 403
