"""The case table at the console: a fixed question, who comes and goes, and what was agreed meanwhile."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from tests.api.hub_world import HubWorld
from tests.api.riec import AVIM, BELASTING, COLLEGE, Zaak, zaak
from tests.console.people import Browser, somebody

FENNA = "fenna.proef"


@pytest.fixture
def case(hub_app: HubWorld) -> Zaak:
    return zaak(hub_app, BELASTING)


@pytest.fixture
def fenna(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, FENNA, COLLEGE)


@pytest.fixture
def table(hub_app: HubWorld, fenna: Browser, case: Zaak) -> str:
    """A session that was planned by form; its page."""
    number = str(uuid4())
    answer = fenna.post("/overleggen", overlegId=number, tafel="casustafel", regio="ede", casussen=str(case.id))
    assert answer.status_code == 200, answer.text
    hub_app.settle()
    return f"/overleggen/{number}"


def does(fenna: Browser, table: str, act: str, **fields: str) -> int:
    return fenna.post(f"{table}/daden/{act}", **fields).status_code


def text_of(hub_app: HubWorld, browser: Browser, table: str) -> str:
    hub_app.settle()
    return browser.get(table).text


def test_planned_by_form_with_its_cases_and_the_fixed_question(
    hub_app: HubWorld, fenna: Browser, case: Zaak, table: str
) -> None:
    text = text_of(hub_app, fenna, table)
    assert "is er ook sprake van uitbuiting?" in text
    assert str(case.id) in text
    assert table.rpartition("/")[2][:8] in fenna.get("/overleggen").text


def test_a_wrong_plan_says_all_that_is_wrong(fenna: Browser) -> None:
    answer = fenna.post("/overleggen", overlegId=str(uuid4()), tafel="Grote Tafel", regio="Ede!", casussen="geen")
    assert answer.status_code == 400
    assert {"tafel", "regio", "casussen"} <= set(re.findall(r'<li><a href="#plan-(\w+)">', answer.text))
    assert "Grote Tafel" in answer.text


def test_who_comes_and_goes_is_on_the_page_of_who_was_there(hub_app: HubWorld, fenna: Browser, table: str) -> None:
    assert does(fenna, table, "binnen", deelnemer=AVIM, laag="0") == 200
    text = text_of(hub_app, fenna, table)
    assert "Nu aan tafel: 2" in text
    assert does(fenna, table, "vertrek", deelnemer=AVIM) == 200
    text = text_of(hub_app, fenna, table)
    assert "Nu aan tafel: 1" in text
    assert re.search(r"binnengekomen.*vertrokken", text, re.DOTALL)


def test_the_chair_sees_who_at_the_table_sees_which_case_and_signal(
    hub_app: HubWorld, fenna: Browser, case: Zaak, table: str
) -> None:
    does(fenna, table, "agenda", signaalId=str(case.signaal))
    for seat in (AVIM, "zc.opvang@ede"):
        does(fenna, table, "binnen", deelnemer=seat, laag="0")
    shown = text_of(hub_app, fenna, table).split('id="zicht"')[1].split("Wie kwam en ging")[0]
    signal, in_case = shown.split(f"Casus {str(case.id)[:8]}")
    rows = {
        kind: re.findall(rf'<tr class="{kind}"><th scope="row">(.*?)</th>', signal) for kind in ("ziet", "ziet-niet")
    }
    assert any("AVIM" in one for one in rows["ziet"])
    assert [one for one in rows["ziet-niet"] if "Zorgcoördinator" in one]
    assert re.search(r"AVIM[^<]*: <strong>doet mee", in_case)
    assert re.search(r"Zorgcoördinator[^<]*: <strong>doet niet mee", in_case)


def test_one_sees_only_what_was_agreed_while_one_was_in_the_room(hub_app: HubWorld, fenna: Browser, table: str) -> None:
    does(fenna, table, "binnen", deelnemer=AVIM, laag="0")
    does(fenna, table, "actie", eigenaar=AVIM, actie="Bel de opvang", gereedOp="2027-01-15")
    does(fenna, table, "vertrek", deelnemer=AVIM)
    does(fenna, table, "binnen", deelnemer=BELASTING, laag="0")
    does(fenna, table, "actie", eigenaar=COLLEGE, actie="Sluit het pand", gereedOp="")
    text = text_of(hub_app, fenna, table)
    assert "Bel de opvang" in text
    assert "15 jan 2027" in text
    seen = hub_app.as_seat(AVIM).get(table).json()
    assert [one["deelnemer"] for one in seen["verloop"]] == [AVIM, AVIM]
    assert "Sluit het pand" not in str(seen)
    assert (seen["aanwezig"], seen["casussen"], seen["status"]) == ({}, [], "vertrokken")


def test_a_signal_on_the_agenda_is_named_to_who_put_it_there_only(
    hub_app: HubWorld, fenna: Browser, case: Zaak, table: str
) -> None:
    does(fenna, table, "binnen", deelnemer=AVIM, laag="0")
    assert does(fenna, table, "agenda", signaalId=str(case.signaal)) == 200
    assert str(case.signaal) in text_of(hub_app, fenna, table)
    assert hub_app.as_seat(AVIM).get(table).json()["agenda"] == []


def test_decisions_and_the_lead_are_of_a_case_on_the_agenda(
    hub_app: HubWorld, fenna: Browser, case: Zaak, table: str
) -> None:
    answer = fenna.post(f"{table}/daden/besluit", casusId=str(case.id), besluit="")
    assert answer.status_code == 400
    assert 'id="daad-besluit" open' in answer.text
    assert does(fenna, table, "besluit", casusId=str(case.id), besluit="Ja: uitbuiting in de loods.") == 200
    assert does(fenna, table, "regie", casusId=str(case.id), naar=COLLEGE) == 200
    assert "uitbuiting in de loods" in case.text(BELASTING)
    assert case.read(BELASTING)["regie"] == COLLEGE


def test_a_closed_session_takes_nothing_more(hub_app: HubWorld, fenna: Browser, table: str) -> None:
    assert does(fenna, table, "sluiting") == 200
    assert "Leg vast" not in text_of(hub_app, fenna, table)
    assert does(fenna, table, "actie", eigenaar=COLLEGE, actie="Te laat") == 409


def test_who_was_never_there_finds_nothing_and_that_is_on_record(hub_app: HubWorld, table: str) -> None:
    answer = somebody(hub_app, "zita.proef").get(table)
    assert answer.status_code == 404
    look = hub_app.last_look().decode()
    assert '"resultaat":"geweigerd"' in look
    assert str(UUID(table.rpartition("/")[2])) in look
