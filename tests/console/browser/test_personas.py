"""A day of each persona, clicked in a real browser, among stories of the casebook that partners told before."""

from __future__ import annotations

import io
from time import sleep

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page
from rich.console import Console

from hub.demo import Clients, push_stories, stories
from hub.main import development_clients
from tests.api.hub_world import HubWorld
from tests.console.browser.looking import overflows, sign_in, violations

STORIES = {"cb-001", "cb-004", "cb-017"}
FENNA, ZITA, RACHID, PETRA, MO = "Fenna Proef", "Zita Proef", "Rachid Proef", "Petra Proef", "Mo Proef"
AF = "Aandachtsfunctionaris"
BARE = {"java_script_enabled": False}
SECONDS = 60
CASES = "/console/casussen?doel=riec-handhaving-mensenhandel"
#: Sums the layout shifts of a page from its first paint on, also those before this was asked.
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 150);
})"""


@pytest.fixture(scope="module")
def told(served: HubWorld) -> HubWorld:
    """The hub after some stories."""
    settings = served.settings
    with httpx.Client(base_url=settings.public_url, timeout=SECONDS) as http:
        clients = Clients(served.hub, http, development_clients(served.hub))
        chosen = [story for story in stories() if story.id in STORIES]
        push_stories(chosen, http, clients, Console(file=io.StringIO()), served.settle)
    served.settle()
    while served.services.views.position() < served.hub.store.head():
        sleep(0.01)
    return served


def choose(page: Page, doel: str) -> None:
    """State another purpose, as one does by hand."""
    page.get_by_label("Doel", exact=True).select_option(doel)
    page.get_by_role("button", name="Kies doel").click()


def _fine(page: Page) -> list[str]:
    """What is wrong with the page as it is now, under its name."""
    return [f"{page.url}: {one}" for one in violations(page)] + _fits(page)


def _fits(page: Page) -> list[str]:
    """The same where axe cannot wait for itself: without scripts nothing on a page has a clock."""
    return [f"{page.url}: overflows"] if overflows(page) else []


@pytest.mark.parametrize("context", [{}, BARE], indirect=True, ids=["scripts", "bare"])
def test_the_attention_officer_reads_reports_and_looks_at_who_has_it(
    context: BrowserContext, told: HubWorld, request: pytest.FixtureRequest
) -> None:
    page = sign_in(context, FENNA, AF)
    fine = _fits if "bare" in request.node.name else _fine
    page.get_by_role("link", name="Signalen").first.click()
    choose(page, "zorg-opvang")
    page.locator("tbody a").first.click()
    page.get_by_role("heading", name="Eén signaal").wait_for()
    found = fine(page)
    page.get_by_role("link", name="Melden").first.click()
    page.get_by_label("In uw eigen woorden").fill("Zij durft de telefoon niet op te nemen.")
    page.get_by_role("button", name="Mag ik dit delen?").click()
    page.get_by_role("heading", name="Mag ik dit delen?").wait_for()
    assert found + fine(page) == []


def test_the_care_coordinator_reads_in_english(context: BrowserContext, told: HubWorld) -> None:
    page = sign_in(context, ZITA, anew=True)
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Sign out").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("nav a[href='/console/signalen']").click()
    page.get_by_role("heading", level=1, name="Signals").wait_for()
    page.locator("#doel").select_option("zorg-opvang")
    page.locator("form.onder button").click()
    page.locator("tbody a").first.click()
    assert "/console/signalen/" in page.url
    assert _fine(page) == []


def test_the_analyst_opens_a_case_and_what_is_connected_in_it(context: BrowserContext, told: HubWorld) -> None:
    page = sign_in(context, RACHID)
    page.get_by_role("link", name="Casussen").first.click()
    choose(page, "riec-handhaving-mensenhandel")
    found = _fine(page)
    page.locator("main a[href^='/console/casussen/']").first.click()
    page.locator("form.onder").wait_for()
    found += _fine(page)
    page.locator("main a[href*='/samenhang']").first.click()
    page.locator("svg").first.wait_for()
    assert found + _fine(page) == []


def test_the_officer_looks_at_everything_there_is_to_test(context: BrowserContext, told: HubWorld) -> None:
    page = sign_in(context, PETRA)
    page.get_by_role("link", name="Toezicht").first.click()
    targets = page.locator("main a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    found = _fine(page)
    for target in targets:
        page.goto(target)
        page.get_by_role("heading", level=1).wait_for()
        found += [f"{target}: {page.title()}"] if page.title().startswith(("Niet", "Dit lukte")) else []
        found += _fine(page)
    assert len(targets) > 5
    assert found == []


def test_the_municipality_takes_a_subscription_by_keyboard_alone(context: BrowserContext, told: HubWorld) -> None:
    page = sign_in(context, MO, "ondermijning")
    reach(page, "nav a[href='/console/abonnementen']")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Abonnementen").wait_for()
    before = page.locator("main tbody tr").count()
    reach(page, "input[value=casussen]")
    page.keyboard.press("Space")
    assert page.locator(":focus").is_checked()
    assert _fine(page) == []
    reach(page, "main form .utrecht-button")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.get_by_role("heading", level=1, name="Abonnementen").wait_for()
    assert page.locator("main tbody tr").count() > before


def reach(page: Page, selector: str) -> None:
    """Go on with Tab until this has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(f":focus:is({selector})").count():
            return
    raise AssertionError(f"{selector} is not to be reached by keyboard")


def leaves(page: Page, listed: str, selector: str, most: int = 1) -> list[str]:
    """The first addresses that a page leads to; none where this hat may not see it."""
    page.goto(listed)
    found = page.locator(f"main a:is({selector})")
    different = "(all, most) => [...new Set(all.map(one => one.getAttribute('href')))].slice(0, most)"
    return list(found.evaluate_all(different, most))


def slowly(page: Page) -> None:
    """From now on pages come in pieces, as over a poor mobile connection."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("Network.enable")
    network = {"offline": False, "latency": 20, "downloadThroughput": 150_000, "uploadThroughput": 150_000}
    debugger.send("Network.emulateNetworkConditions", network)


@pytest.mark.parametrize(
    ("naam", "pet"), [(FENNA, AF), (RACHID, ""), (PETRA, "")], ids=["reporter", "analyst", "officer"]
)
def test_nothing_moves_while_a_page_comes_in(context: BrowserContext, told: HubWorld, naam: str, pet: str) -> None:
    page = sign_in(context, naam, pet)
    page.goto("/console")
    slowly(page)
    addresses = page.locator("nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    addresses += leaves(page, "/console/signalen", "tbody *")
    for case in leaves(page, CASES, "[href^='/console/casussen/']"):
        addresses += [case, *leaves(page, case, "[href*='/samenhang'], [href*='/navraag']", 2)]
    addresses += leaves(page, "/console/toezicht", "[href^='/console/']", 30)
    moved = {}
    for address in addresses:
        page.goto(address)
        moved[address] = page.evaluate(SHIFTS)
    assert {address: sum for address, sum in moved.items() if sum} == {}
