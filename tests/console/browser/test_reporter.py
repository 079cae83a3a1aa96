"""A reporter in a real browser: a signal told and shared, answered refusals, and how many steps it takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.api.hub_world import HubWorld, inhoud
from tests.console.browser.keystrokes import Hands
from tests.console.browser.looking import SIZES, overflows, sign_in, violations
from tests.console.browser.test_frame import BARE, COLLEGE, FENNA

ZITA, ZC, ZORG, NLA = "Zita Proef", "zc.opvang@ede", "zorg-opvang", "nla@landelijk"
PAPER = Path(__file__).parents[3] / "docs" / "console" / "melden.md"
#: Of a municipal official: what she saw, where, and whom it is about.
TOLD = "Zes mannen slapen in de loods achter de kas. Zij mogen niet weg en krijgen geen loon."


def wrong(page: Page, wat: str) -> list[str]:
    """What axe finds wide and narrow, and whether one must scroll sideways to read."""
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        found += [f"{wat}: {one}" for one in violations(page)] + ([f"{wat}: overflows"] if overflows(page) else [])
    return found


def test_what_a_reporter_sees_is_accessible_and_fits(context: BrowserContext, served: HubWorld) -> None:
    page = sign_in(context, FENNA, COLLEGE)
    page.goto("/console/verwijzen?vorm=arbeidsuitbuiting&urgentie=acuut")
    found = wrong(page, "advice")
    page.goto("/console/melden?vorm=arbeidsuitbuiting")
    page.get_by_text("Meer over deze persoon").click()
    page.get_by_label("Burgerservicenummer").fill("123")
    page.get_by_role("button", name="Leg vast", exact=True).click()
    page.get_by_role("link", name="Burgerservicenummer").click()
    found += wrong(page, "faults")
    assert page.locator(":focus").get_attribute("id") == "bsn-0"
    page.get_by_label("Burgerservicenummer").fill("")
    page.get_by_label("Zetel").select_option(ZC)
    page.get_by_label("Waarvoor").select_option(ZORG)
    page.get_by_role("button", name="Mag ik dit delen?").click()
    page.get_by_role("heading", name="Mag ik dit delen?").wait_for()
    found += wrong(page, "refused")
    page.get_by_role("button", name="Het is in het belang van het slachtoffer").click()
    page.get_by_role("button", name="Vastleggen en delen wat mag").click()
    page.get_by_role("heading", name="Wie het ontving").wait_for()
    found += wrong(page, "leaf")
    page.goto("/console/signalen?doel=toezicht-arbeid")
    assert found + wrong(page, "list") == []


@pytest.mark.parametrize("context", [BARE], indirect=True)
def test_without_scripts_she_reports_shares_and_passes_on(context: BrowserContext, served: HubWorld) -> None:
    signaal = served.as_seat(ZC).registers(served.kenmerk(), inhoud=inhoud(toelichting="zij durft niet naar huis"))
    served.settle()
    page = sign_in(context, ZITA)
    page.goto(f"/console/signalen/{signaal}?doel={ZORG}")
    page.get_by_text("Doorzetten", exact=True).click()
    page.get_by_label("Naar", exact=True).select_option(NLA)
    page.get_by_label("Spoor", exact=True).select_option("bilateraal")
    page.get_by_label("Waarvoor").select_option("toezicht-arbeid")
    page.get_by_role("button", name="Mag ik dit delen?").click()
    page.get_by_role("heading", name="Mag ik dit delen?").wait_for()
    assert page.get_by_label("Naar", exact=True).input_value() == NLA
    page.get_by_role("link", name="Melden").click()
    page.get_by_label("Arbeidsuitbuiting", exact=True).check()
    page.get_by_role("button", name="Toon de signalen hierbij").click()
    page.locator("input[name=indicatoren]").first.check()
    page.get_by_role("button", name="Nog een persoon").click()
    page.get_by_text("Persoon 2").wait_for()
    assert page.locator("input[name=indicatoren]").first.is_checked()
    page.get_by_label("In uw eigen woorden").fill("Zij durft niet naar huis.")
    page.get_by_role("button", name="Leg vast", exact=True).click()
    page.get_by_role("heading", name="Eén signaal").wait_for()
    page.get_by_text("Vastleggen dat u nog niet deelt").click()
    page.get_by_label("Waarom deelt u nog niet?").fill("Eerst met haar praten.")
    page.get_by_label("Herinner mij op").fill("2026-12-24")
    page.locator("#daad-niet-delen button").click()
    page.get_by_role("status").wait_for()
    assert "niet gedeeld" in page.locator("main").inner_text()


def test_an_ordinary_signal_takes_less_than_two_minutes_of_hands_and_thought(context: BrowserContext) -> None:
    page = sign_in(context, FENNA, COLLEGE)
    hands = Hands(page)
    hands.click(page.get_by_role("link", name="Melden", exact=True))
    hands.click(page.get_by_label("Arbeidsuitbuiting", exact=True))
    hands.click(page.get_by_role("button", name="Toon de signalen hierbij"), thought=False)
    for sign in page.locator("input[name=indicatoren]").all()[:3]:
        hands.click(sign)
    hands.write(page.get_by_label("In uw eigen woorden"), TOLD)
    hands.choose(page.get_by_label("Hoe snel moet er iets gebeuren?"), "regulier")
    hands.write(page.get_by_label("Adres", exact=True), "Proefweg 12")
    hands.write(page.get_by_label("Plaats", exact=True), "Ede")
    hands.write(page.get_by_label("Naam of hoe zij wordt genoemd"), "Anka")
    hands.choose(page.get_by_label("Vermoedelijke rol"), "vermoedelijk-slachtoffer")
    hands.choose(page.get_by_label("Zetel"), NLA)
    hands.click(page.get_by_role("button", name="Mag ik dit delen?"))
    hands.click(page.get_by_role("button", name="Vastleggen en delen wat mag"))
    page.get_by_role("heading", name="Wie het ontving").wait_for()
    assert hands.seconds < 120
    assert hands.table() in PAPER.read_text(), hands.table()
