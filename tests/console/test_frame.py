"""What every page says of itself: the hat, the purpose and the case; in Dutch or in English, codes and days as well."""

from __future__ import annotations

import re

import pytest

from hub.console.page.frame import day, english, field_name, labels, moment, shown, words
from tests.api.hub_world import NOBODY, HubWorld
from tests.api.riec import COLLEGE, RIEC, zaak
from tests.console.people import Browser, somebody

FENNA = "fenna.proef"


def context_of(page: str) -> str:
    """The words of the strip above a page."""
    found = re.search(r'<section class="context".*?</section>', page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub("<[^>]+>", " ", found[0]).split())


@pytest.fixture
def fenna(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, FENNA, COLLEGE)


def test_a_page_states_hat_purpose_and_case(hub_app: HubWorld, fenna: Browser) -> None:
    case = zaak(hub_app)
    hub_app.settle()
    page = fenna.get(f"/casussen/{case.id}", doel=RIEC).text
    assert "College van B en W, handhaving (Ede)" in context_of(page)
    assert f"casus {str(case.id)[:8]}" in context_of(page)
    assert f'<option value="{RIEC}" selected>' in page


@pytest.mark.parametrize("path", ["", "/melden", "/nieuws", "/abonnementen", "/pet", "/overzicht", "/bestaat-niet"])
def test_every_page_states_the_hat(fenna: Browser, path: str) -> None:
    assert "U werkt als College van B en W, handhaving (Ede)" in context_of(fenna.get(path).text)


def test_what_is_not_found_is_not_named(fenna: Browser) -> None:
    assert str(NOBODY)[:8] not in context_of(fenna.get(f"/casussen/{NOBODY}").text)


def test_another_language_keeps_page_and_purpose(hub_app: HubWorld, fenna: Browser) -> None:
    signaal = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
    hub_app.settle()
    page = fenna.post("/taal", taal="en", terug=f"/console/signalen/{signaal}?doel=toezicht-arbeid")
    assert page.url.path == f"/console/signalen/{signaal}"
    assert "supervision of labour" in page.text
    assert '<html lang="en"' in page.text


def test_the_menu_says_where_one_is(fenna: Browser) -> None:
    assert '<a href="/console/signalen" aria-current="page">' in fenna.get("/signalen").text
    assert '<a href="/console/casussen" aria-current="true">' in fenna.get(f"/casussen/{NOBODY}").text
    assert fenna.get("").text.count("aria-current") == 1


def test_codes_fields_and_days_are_in_the_language_of_the_page() -> None:
    assert [words("zorg-en-registratie", taal) for taal in ("nl", "en")] == [
        "zorg en registratie",
        "care and registration",
    ]
    assert words("concreet-signaal", "en") == labels()["concreet-signaal"]
    assert [field_name("waargenomenOp", taal) for taal in ("nl", "en")] == ["waargenomen op", "seen on"]
    assert [day("2027-05-03", taal) for taal in ("nl", "en")] == ["3 mei 2027", "3 May 2027"]
    assert moment("2027-03-28T12:00:00Z", "en") == "28 Mar 2027, 14:00"
    assert [shown(True, taal) for taal in ("nl", "en")] == ["ja", english()["ja"]]


@pytest.mark.parametrize("name", ["School", "De Haven", "Online", "XX-99-XX", "Anka Testowicz"])
def test_what_somebody_wrote_is_never_translated(name: str) -> None:
    assert shown(name, "en") == name


def test_every_purpose_and_track_has_its_english(hub_app: HubWorld) -> None:
    beleid = hub_app.hub.beleid
    codes = {doel for spoor in beleid.sporen.values() for doel in spoor.doelen} | set(beleid.sporen)
    assert {one.replace("-", " ") for one in codes} - english().keys() - {
        one for one in codes if one in labels()
    } == set()
