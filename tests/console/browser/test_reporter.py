"""A reporter in a real browser: whom to turn to, the list of the desk, my signals, and passing one on."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.api.hub_world import HubWorld, inhoud
from tests.console.browser.looking import overflows, sign_in, violations
from tests.console.browser.test_frame import BARE, COLLEGE, FENNA, NARROW, WIDE

ZITA, ZC, ZORG = "Zita Proef", "zc.opvang@ede", "zorg-opvang"
SIZES = pytest.mark.parametrize("context", [NARROW, WIDE], indirect=True, ids=["320", "1440"])


def wrong(page: Page, wat: str) -> list[str]:
    """What axe finds, and whether one must scroll sideways."""
    return [f"{wat}: {one}" for one in violations(page)] + ([f"{wat}: overflows"] if overflows(page) else [])


@SIZES
def test_the_pages_of_a_reporter_are_accessible_and_fit(context: BrowserContext) -> None:
    page, found = sign_in(context, FENNA, COLLEGE), []
    for path in ("/verwijzen", "/verwijzen?vorm=arbeidsuitbuiting&urgentie=acuut", "/melden?lijst=brp-balie"):
        page.goto("/console" + path)
        found += wrong(page, path)
    page.get_by_label("Arbeidsuitbuiting").check()
    page.get_by_label("Zetel").first.select_option("zc.opvang@ede")
    page.get_by_role("button", name="Mag ik dit delen?").click()
    page.get_by_role("heading", name="Mag ik dit delen?").wait_for()
    assert found + wrong(page, "asked") == []


@SIZES
def test_my_signals_and_their_forms_are_accessible_and_fit(context: BrowserContext, served: HubWorld) -> None:
    signaal = served.as_seat(ZC).registers(served.kenmerk(), inhoud=inhoud(toelichting="zij durft niet naar huis"))
    served.settle()
    page = sign_in(context, ZITA)
    page.goto(f"/console/signalen?doel={ZORG}")
    found = wrong(page, "list")
    page.get_by_role("link", name=str(signaal)[:8]).first.click()
    page.get_by_text("Doorzetten", exact=True).click()
    assert found + wrong(page, "leaf") == []


@pytest.mark.parametrize("context", [{}, BARE], indirect=True, ids=["scripts", "bare"])
def test_she_asks_before_she_passes_on(context: BrowserContext, served: HubWorld) -> None:
    signaal = served.as_seat(ZC).registers(served.kenmerk(), inhoud=inhoud(toelichting="zij durft niet naar huis"))
    served.settle()
    page = sign_in(context, ZITA)
    page.goto(f"/console/signalen/{signaal}?doel={ZORG}")
    page.get_by_text("Doorzetten", exact=True).click()
    page.get_by_label("Naar", exact=True).select_option("nla@landelijk")
    page.get_by_label("Spoor", exact=True).select_option("bilateraal")
    page.get_by_label("Waarvoor").select_option("toezicht-arbeid")
    page.get_by_role("button", name="Mag ik dit delen?").click()
    page.get_by_role("heading", name="Mag ik dit delen?").wait_for()
    assert page.get_by_label("Naar", exact=True).input_value() == "nla@landelijk"
