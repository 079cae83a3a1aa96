"""Coming in, in a real browser: with and without scripts, narrow and wide, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.api.hub_world import HubWorld
from tests.console.browser.looking import overflows, sign_in, violations

FENNA, COLLEGE = "Fenna Proef", "College van B en W, handhaving (Ede)"
SEAT = "gemeente.college-handhaving@ede"
NARROW = {"viewport": {"width": 320, "height": 640}}
WIDE = {"viewport": {"width": 1440, "height": 900}}
BARE = {"java_script_enabled": False}


@pytest.mark.parametrize("context", [NARROW, WIDE, BARE], indirect=True, ids=["320", "1440", "without-scripts"])
def test_she_signs_in_takes_a_hat_and_reads_a_signal(context: BrowserContext, served: HubWorld) -> None:
    signaal = served.as_seat(SEAT).registers(served.kenmerk())
    served.settle()
    page = sign_in(context, FENNA, COLLEGE, anew=True)
    page.goto("/console/signalen?doel=toezicht-arbeid")
    page.get_by_role("region", name="Signalen").get_by_role("link", name=str(signaal)[:8]).click()
    page.get_by_role("heading", name="Eén signaal").wait_for()
    assert str(signaal) in page.url
    assert "Anka" not in page.title()


@pytest.mark.parametrize("context", [NARROW, WIDE], indirect=True, ids=["320", "1440"])
@pytest.mark.parametrize("path", ["/console", "/console/pet", "/console/signalen", "/console/casussen"])
def test_pages_are_accessible_and_fit(context: BrowserContext, path: str) -> None:
    page = sign_in(context, FENNA, COLLEGE)
    page.goto(path)
    assert violations(page) == []
    assert not overflows(page)


def test_by_keyboard_alone(context: BrowserContext) -> None:
    page = sign_in(context, FENNA, COLLEGE)
    page.goto("/console")
    page.keyboard.press("Tab")
    assert _focus(page) == "Naar de inhoud"
    for _ in range(12):
        page.keyboard.press("Tab")
        if _focus(page) == "Signalen":
            page.keyboard.press("Enter")
            break
    page.wait_for_url("**/console/signalen")


def _focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))
