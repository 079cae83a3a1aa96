"""A signal is reported from the form, and 'mag ik dit delen?' asked before."""

from __future__ import annotations

import re

from tests.api.hub_world import HubWorld
from tests.console.people import Browser, somebody

FENNA, COLLEGE = "fenna.proef", "gemeente.college-handhaving@ede"


def filled(browser: Browser, **more: str) -> dict[str, str]:
    """A form that somebody filled in; nothing in it is required."""
    found = re.search(r'name="kenmerk" value="([^"]+)"', browser.get("/melden").text)
    assert found is not None
    said = {"vormen": "arbeidsuitbuiting", "toelichting": "Slapen in de loods.", "naam-0": "Anka Testowicz"}
    return {"kenmerk": found[1], "personen": "1", **said, **more}


def test_nothing_but_the_form_is_needed_to_record(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    answer = fenna.post("/melden", **filled(fenna), daad="vastleggen")
    hub_app.settle()
    number = answer.url.path.rpartition("/")[2]
    seen = hub_app.as_seat(COLLEGE).get(f"/signalen/{number}", doel="toezicht-arbeid")
    assert "Slapen in de loods." in seen.text
    assert FENNA not in seen.text


def test_sent_twice_it_is_there_once(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    form, head = filled(fenna), hub_app.hub.store.head()
    for _ in range(2):
        fenna.post("/melden", **form, daad="vastleggen")
    assert hub_app.recorded(head).count("signaal-geregistreerd") == 1


def test_one_asks_beforehand_who_would_see_what_and_nothing_is_recorded(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    head = hub_app.hub.store.head()
    asked = {"naar-0": "zc.opvang@ede", "naar-spoor-0": "zorg-en-registratie", "daad": "toets"}
    text = fenna.post("/melden", **filled(fenna), **asked).text
    assert "Wat wel kan" in text
    assert "Slapen in de loods." in text
    assert "signaal-geregistreerd" not in hub_app.recorded(head)


def test_another_person_is_added_and_what_was_typed_stays(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    text = fenna.post("/melden", **filled(fenna), daad="persoon").text
    assert "Persoon 2" in text
    assert "Anka Testowicz" in text


def test_all_that_is_wrong_is_said_at_once(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    answer = fenna.post("/melden", **filled(fenna, **{"bsn-0": "123", "leeftijd-0": "oud"}), daad="vastleggen")
    assert answer.status_code == 400
    assert answer.text.count("<li>bsn:") == 1
    assert "jaren:" in answer.text
