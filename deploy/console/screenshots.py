"""The pictures of the console in docs/console, from a demo hub that serves invented data.

signaalhub demo --data demo      # prints its address
python -m deploy.console.screenshots http://127.0.0.1:PORT
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parents[2] / "docs" / "console"
MAX_BYTES = 160_000
SIZE = {"width": 1280, "height": 800}
#: For a page of which the point is how much stands together on it.
TALL = {"width": 1280, "height": 1200}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def somebody(browser: Browser, address: str, naam: str, zetel: str = "") -> Page:
    """A window of somebody who signed in and chose a hat."""
    page = browser.new_context(base_url=address, viewport=SIZE, locale="nl-NL", reduced_motion="reduce").new_page()
    page.goto("/console")
    page.get_by_role("button", name=naam).click()
    if zetel:
        page.locator(f'button[value="{zetel}"]').click()
    return page


def take(page: Page, name: str) -> None:
    """What the window shows now. Raises SystemExit for a picture too heavy for a README."""
    path = HERE / f"{name}.png"
    page.screenshot(path=path, animations="disabled", caret="hide")
    if path.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes")


def reporter(browser: Browser, address: str) -> None:
    page = somebody(browser, address, "Fenna Proef", "gemeente.af-oov@ede")
    page.goto("/console/signalen?doel=zorg-opvang")
    take(page, "signalen")
    page.goto("/console/melden")
    page.get_by_label("In uw eigen woorden").fill("Haar paspoort ligt bij de baas, zei zij.")
    page.get_by_label("Zetel").first.select_option("zc.opvang@ede")
    page.get_by_role("button", name="Mag ik dit delen?").click()
    page.evaluate("document.querySelector('.uitslag').scrollIntoView()")
    take(page, "mag-ik-dit-delen")


def analyst(browser: Browser, address: str) -> None:
    page = somebody(browser, address, "Rachid Proef")
    page.goto("/console/casussen?doel=riec-handhaving-mensenhandel")
    cases = page.locator("tbody tr:not(:has-text('vernietigd')) a").evaluate_all("all => all.map(one => one.href)")
    for case in cases:
        page.goto(case.replace("?", "/samenhang?"))
        if page.locator("svg").count():
            page.locator("svg").first.scroll_into_view_if_needed()
            take(page, "samenhang")
            page.goto(case)
            page.set_viewport_size(TALL)
            take(page, "casus")
            return
    raise SystemExit("no case with anything connected in it")


def officer(browser: Browser, address: str) -> None:
    page = somebody(browser, address, "Petra Proef")
    page.goto("/console/toezicht")
    take(page, "toezicht")
    page.goto("/console/toezicht/raadplegingen")
    page.evaluate("document.querySelector('main h2').scrollIntoView()")
    take(page, "raadplegingen")


def main() -> None:
    """All pictures."""
    HERE.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("HUB_TEST_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for persona in (reporter, analyst, officer):
            persona(browser, sys.argv[1])
        browser.close()


if __name__ == "__main__":
    main()
