"""Whom to turn to, on a page of its own and beside the form; and the form of the registration desk."""

from __future__ import annotations

from tests.api.hub_world import HubWorld
from tests.console.people import somebody
from tests.console.test_reporting import COLLEGE, FENNA, filled


def test_advice_is_ordered_and_says_why_and_who_says_so(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    text = fenna.get("/verwijzen", regio="ede", vorm="arbeidsuitbuiting", urgentie="acuut").text
    order = [text.index(word) for word in ("Bel 112", "horen het tegelijk", "Arbeidsinspectie; anoniem")]
    assert order == sorted(order)
    assert "000 L1748-1752" in text
    assert "Bel 112" not in fenna.get("/verwijzen", regio="ede").text


def test_without_a_choice_it_is_about_the_region_of_the_hat(hub_app: HubWorld) -> None:
    text = somebody(hub_app, FENNA, COLLEGE).get("/verwijzen").text
    assert '<option value="ede" selected>' in text


def test_an_unknown_region_is_said_so(hub_app: HubWorld) -> None:
    answer = somebody(hub_app, FENNA, COLLEGE).get("/verwijzen", regio="atlantis")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_the_form_shows_it_after_asking_whether_one_may_share(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    asked = {"naar-0": "zc.opvang@ede", "naar-spoor-0": "riec", "urgentie": "acuut", "daad": "toets"}
    text = fenna.post("/melden", **filled(fenna), **asked).text
    assert "Bel 112" in text.partition("Met wie wilt u delen?")[2]
    assert "mag" in text.partition("<caption>")[0]


def test_the_registration_desk_begins_with_its_own_list(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    text = fenna.get("/melden", lijst="brp-balie").text
    first = text.partition("<details")[2]
    assert first.startswith(" open><summary>BRP-balie")
    assert 'name="lijst" value="brp-balie"' in text
