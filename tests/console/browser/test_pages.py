"""Every page of every persona: nothing for axe to complain of, and nothing to scroll sideways for."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.api.hub_world import HubWorld
from tests.console.browser.looking import SIZES, overflows, sign_in, violations
from tests.console.browser.test_frame import COLLEGE, FENNA

OFFICER = "Petra Proef"
PAGES = [
    (FENNA, COLLEGE, ("", "/melden", "/melden?lijst=alles", "/nieuws", "/abonnementen", "/bezorgingen", "/overzicht")),
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


@pytest.mark.parametrize(("naam", "pet", "paths"), PAGES, ids=["reporter", "officer"])
def test_pages_are_accessible_and_fit(context: BrowserContext, naam: str, pet: str, paths: tuple[str, ...]) -> None:
    page, found = sign_in(context, naam, pet), []
    for path in paths:
        page.goto("/console" + path)
        for size in SIZES:
            page.set_viewport_size(size)
            found += [f"{path}: {one}" for one in violations(page)]
            found += [f"{path}: overflows"] if overflows(page) else []
    assert found == []


def test_news_comes_by_itself(context: BrowserContext, served: HubWorld) -> None:
    page = sign_in(context, FENNA, COLLEGE)
    page.goto("/console/nieuws")
    page.get_by_text("Nieuwe regels verschijnen vanzelf.").wait_for()
    signaal = served.as_seat("gemeente.college-handhaving@ede").registers(served.kenmerk())
    page.locator(f'a[href="/console/signalen/{signaal}"]').wait_for()
