"""Looking at a page as axe does, and as somebody with a keyboard does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

AXE = Path(__file__).parents[3] / "deploy" / "console" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def sign_in(context: BrowserContext, naam: str, pet: str = "") -> Page:
    """Somebody signs in by clicking, and takes a hat by its label."""
    page = context.new_page()
    page.goto("/console")
    page.get_by_role("button", name=naam).click()
    if pet:
        page.get_by_role("button", name=pet).click()
    page.get_by_role("button", name="Afmelden").or_(page.get_by_role("button", name="Sign out")).wait_for()
    return page


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page, as sentences. The policy of the page forbids scripts that are not its own,
    so axe comes in through the debugger."""
    found: dict[str, Any] = page.evaluate(
        f"async tags => {{ {AXE.read_text()}; return await axe.run(document, {{runOnly: tags}}); }}", WCAG
    )
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['target']}" for one in found["violations"]]


def overflows(page: Page) -> bool:
    """Whether one must scroll sideways to read. Source: WCAG 2.2, 1.4.10."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
