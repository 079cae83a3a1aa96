"""Whom to turn to, on a page of its own and beside the form; and the form of the registration desk."""

from __future__ import annotations

import re
from html import unescape

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


def test_the_form_shows_it_where_one_may_not_share_or_knows_nobody_and_a_seat_is_chosen_from_it(
    hub_app: HubWorld,
) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    form = filled(fenna, urgentie="acuut")
    refused = {"naar-0": "zc.opvang@ede", "naar-spoor-0": "riec", "daad": "toets"}
    assert "Bel 112" in fenna.post("/melden", **form, **refused).text
    advised = fenna.post("/melden", **form, daad="advies").text
    assert "Bel 112" in advised
    seat = re.findall(r'name="kies" value="([^"]+)"', advised)[0]
    asked = fenna.post("/melden", **form, kies=seat).text
    assert f'<option value="{seat}" selected>' in asked
    assert "Mag ik dit delen?</h2>" in asked


def test_from_the_advice_one_goes_on_to_a_form_that_is_filled_in(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    text = fenna.get("/verwijzen", regio="ede", vorm="arbeidsuitbuiting", urgentie="acuut").text
    link = next(one for one in re.findall(r'href="/console(/melden\?naar=[^"]+)"', text) if "nla" in one)
    form = fenna.http.get("/console" + unescape(link)).text
    assert '<option value="nla@landelijk" selected>' in form
    assert 'name="vormen" value="arbeidsuitbuiting" checked' in form
    assert '<option value="acuut" selected>' in form


def test_the_registration_desk_begins_with_its_own_list(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    text = fenna.get("/melden", lijst="brp-balie").text
    first = text.partition('<h3 id="indicatoren"')[2].partition("<details")[2]
    assert first.startswith(' class="daad" open><summary>BRP-balie')
    assert 'name="lijst" value="brp-balie"' in text
