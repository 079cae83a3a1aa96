"""Signing in, hats, languages and forms: who gets in, and who does not."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.console.page.frame import HERE, english
from tests.api.hub_world import HubWorld
from tests.console.people import FORM, browser, somebody

FENNA, AF, COLLEGE = "fenna.proef", "gemeente.af-oov@ede", "gemeente.college-handhaving@ede"


def test_who_is_not_signed_in_is_sent_to_the_provider(hub_app: HubWorld) -> None:
    answer = browser(hub_app).http.get("/console/signalen", follow_redirects=False)
    assert answer.headers["location"].startswith("/console/aanmelden")


def test_the_provider_is_asked_with_pkce_state_and_nonce(hub_app: HubWorld) -> None:
    answer = browser(hub_app).http.get("/console/aanmelden", follow_redirects=False)
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()


def test_one_chooses_a_hat_and_sees_which_one_wears(hub_app: HubWorld) -> None:
    fenna = browser(hub_app)
    assert "Onder welke pet werkt u?" in fenna.sign_in(FENNA).text
    assert "College" in fenna.post("/pet", zetel=COLLEGE).text


def test_a_hat_of_somebody_else_is_not_to_be_had(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA)
    answer = fenna.post("/pet", zetel="politie.avim@ede")
    assert "Onder welke pet werkt u?" in fenna.get("/signalen").text
    assert answer.status_code == 403


def test_the_session_gets_another_name_with_another_hat(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, AF)
    before = fenna.http.cookies["sessie"]
    fenna.post("/pet", zetel=COLLEGE)
    assert fenna.http.cookies["sessie"] != before
    stale = browser(hub_app)
    stale.http.cookies.set("sessie", before)
    assert stale.http.get("/console/signalen", follow_redirects=False).status_code == 303


def test_a_code_of_another_browser_is_refused(hub_app: HubWorld) -> None:
    one, other = browser(hub_app), browser(hub_app)
    asked = one.http.get("/console")
    back = one.http.post(str(asked.url), content=f"persoon={FENNA}", headers=FORM, follow_redirects=False)
    assert other.http.get(back.headers["location"]).status_code == 400
    assert one.http.get(back.headers["location"]).status_code == 200
    assert one.http.get(back.headers["location"]).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {**FORM, "Origin": "https://elders.example"},
        {"Content-Type": FORM["Content-Type"]},
        {"Content-Type": FORM["Content-Type"], "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_from_elsewhere_does_nothing(hub_app: HubWorld, headers: dict[str, str]) -> None:
    fenna = somebody(hub_app, FENNA, AF)
    key = re.search(r'name="sleutel" value="([^"]+)"', fenna.get("/pet").text)
    assert key is not None
    assert fenna.send("/afmelden", headers, sleutel=key[1]).status_code == 403
    assert fenna.send("/afmelden", FORM, sleutel="geraden").status_code == 403
    assert fenna.get("/signalen").status_code == 200


def test_signing_out_ends_the_session(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, AF)
    name = fenna.http.cookies["sessie"]
    assert "U bent afgemeld" in fenna.post("/afmelden").text
    again = browser(hub_app)
    again.http.cookies.set("sessie", name)
    assert again.http.get("/console", follow_redirects=False).status_code == 303


def test_no_page_runs_or_loads_anything_from_elsewhere_or_is_kept(hub_app: HubWorld) -> None:
    answer = somebody(hub_app, FENNA, AF).get("")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "<style" not in answer.text
    assert not re.search(
        r"<script(?! src=\"/console/static/)| on[a-z]+=| style=|(src|href)=\"(https?:)?//", answer.text
    )


def test_english_is_there_for_every_text_of_the_pages(hub_app: HubWorld) -> None:
    texts = set()
    for template in (HERE / "templates").glob("*.html"):
        texts |= {found[1] for found in re.findall(r"""\bt\((["'])(.*?)\1""", template.read_text())}
    assert texts - english().keys() == set()
    fenna = somebody(hub_app, FENNA, AF)
    assert "Sign out" in fenna.post("/taal", taal="en", terug="/console").text


def test_the_way_back_is_only_a_page_of_ours(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, AF)
    answer = fenna.post("/taal", taal="en", terug="https://elders.example/")
    assert answer.url.path == "/console"


def test_lists_and_leaves_are_shown_under_a_purpose_and_on_record(hub_app: HubWorld) -> None:
    signaal = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk(), spoor="intern")
    hub_app.settle()
    fenna, before = somebody(hub_app, FENNA, COLLEGE), hub_app.looks()
    assert str(signaal)[:8] in fenna.get("/signalen", doel="toezicht-arbeid").text
    leaf = fenna.get(f"/signalen/{signaal}", doel="toezicht-arbeid")
    assert leaf.status_code == 200, leaf.text
    assert "Anka" not in leaf.text.split("<main")[0]
    assert hub_app.looks() >= before + 2
    assert f'"actor":"{FENNA}"' in hub_app.last_look().decode()


def test_what_is_not_for_a_hat_is_not_found(hub_app: HubWorld) -> None:
    signaal = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
    hub_app.settle()
    answer = somebody(hub_app, "zita.proef").get(f"/signalen/{signaal}")
    assert answer.status_code == 404
    assert "Niet gevonden" in answer.text
