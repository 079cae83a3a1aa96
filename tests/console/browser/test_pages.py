"""Every page of every persona: nothing for axe to complain of, and nothing to scroll sideways for."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.api.hub_world import HubWorld
from tests.console.browser.looking import overflows, sign_in, violations
from tests.console.browser.test_frame import COLLEGE, FENNA, NARROW, WIDE

OFFICER = "Petra Proef"
PAGES = [
    (FENNA, COLLEGE, ("/melden", "/nieuws", "/abonnementen", "/bezorgingen")),
    (
        OFFICER,
        "",
        (
            "/toezicht",
            "/toezicht/onverklaard",
            "/toezicht/raadplegingen",
            "/toezicht/verzoeken",
            "/toezicht/vernietigen",
            "/toezicht/terugroepingen",
            "/toezicht/logboeken",
            "/toezicht/beleid",
        ),
    ),
]


@pytest.mark.parametrize("context", [NARROW, WIDE], indirect=True, ids=["320", "1440"])
@pytest.mark.parametrize(("naam", "pet", "paths"), PAGES, ids=["reporter", "officer"])
def test_pages_are_accessible_and_fit(context: BrowserContext, naam: str, pet: str, paths: tuple[str, ...]) -> None:
    page, found = sign_in(context, naam, pet), []
    for path in paths:
        page.goto("/console" + path)
        found += [f"{path}: {one}" for one in violations(page)]
        found += [f"{path}: overflows"] if overflows(page) else []
    assert found == []


def test_news_comes_by_itself(context: BrowserContext, served: HubWorld) -> None:
    page = sign_in(context, FENNA, COLLEGE)
    page.goto("/console/nieuws")
    page.get_by_text("Nieuwe regels verschijnen vanzelf.").wait_for()
    signaal = served.as_seat("gemeente.college-handhaving@ede").registers(served.kenmerk())
    page.locator(f'a[href="/console/signalen/{signaal}"]').wait_for()


@pytest.mark.parametrize("context", [{}, {"java_script_enabled": False}], indirect=True, ids=["scripts", "bare"])
def test_a_reporter_records_a_signal_and_asks_who_may_see_it(context: BrowserContext) -> None:
    page = sign_in(context, FENNA, COLLEGE)
    page.get_by_role("link", name="Melden").click()
    page.get_by_label("Arbeidsuitbuiting").check()
    page.get_by_label("In uw eigen woorden").fill("Slapen in de loods.")
    page.get_by_label("Zetel").first.select_option("zc.opvang@ede")
    page.get_by_role("button", name="Mag ik dit delen?").click()
    page.get_by_role("heading", name="Mag ik dit delen?").wait_for()
    page.get_by_role("button", name="Leg vast").click()
    page.get_by_role("heading", name="Eén signaal").wait_for()
    page.get_by_text("Slapen in de loods.").wait_for()
