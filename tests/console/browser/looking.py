"""Looking at a page as axe does, and as somebody with a keyboard does."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, ViewportSize

AXE = Path(__file__).parents[3] / "deploy" / "console" / "node_modules" / "axe-core" / "axe.min.js"
#: A wide screen, and one on which nobody may have to scroll sideways.
SIZES = (ViewportSize(width=1440, height=900), ViewportSize(width=320, height=640))
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Every rule of these, on every element; of what is right no report is made up, and no sheet is fetched again.
OPTIONS = {"runOnly": WCAG, "resultTypes": ["violations"], "preload": False, "iframes": False}


#: Who signed in before in this run, by name and hat: the cookies of her browser.
_signed_in: dict[tuple[str, str], list[Any]] = {}


def sign_in(context: BrowserContext, naam: str, pet: str = "", *, anew: bool = False) -> Page:
    """Somebody at the first page, in a hat by its label. `anew`: by clicking, also if she did so in an earlier test.

    Who signs out, takes another hat or another language signs in anew: the session is hers alone then.
    """
    page = context.new_page()
    out = page.get_by_role("button", name="Afmelden").or_(page.get_by_role("button", name="Sign out"))
    if not anew and (naam, pet) in _signed_in:
        context.add_cookies(_signed_in[naam, pet])
        page.goto("/console")
        if out.count():
            return page
        context.clear_cookies()
    page.goto("/console")
    page.get_by_role("button", name=naam).click()
    if pet:
        page.get_by_role("button", name=pet).click()
    out.wait_for()
    if not anew:
        _signed_in[naam, pet] = list(context.cookies())
    return page


@cache
def _axe() -> str:
    return AXE.read_text()


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page, as sentences. The policy of the page forbids scripts that are not its own,
    so axe comes in through the debugger."""
    found: dict[str, Any] = page.evaluate(
        f"async options => {{ {_axe()}; return await axe.run(document, options); }}", OPTIONS
    )
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['target']}" for one in found["violations"]]


def overflows(page: Page) -> bool:
    """Whether one must scroll sideways to read. Source: WCAG 2.2, 1.4.10."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
