"""A session of care from start to end: who comes in sees, who leaves sees no more; by mouse, by keyboard, bare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.api.hub_world import HubWorld, inhoud, persoon
from tests.console.browser.looking import sign_in

CHAIR, POLICE = "gemeente.af-oov@eindhoven", "politie.avim@oost-brabant"
DOEL = "zorg-opvang"
BARE = {"java_script_enabled": False}


class Hand(Protocol):
    """How somebody works the page."""

    page: Page

    def press(self, selector: str) -> None: ...
    def type(self, selector: str, text: str) -> None: ...
    def choose(self, selector: str, value: str) -> None: ...


@dataclass(slots=True)
class Mouse:
    page: Page

    def press(self, selector: str) -> None:
        self.page.locator(selector).click()

    def type(self, selector: str, text: str) -> None:
        self.page.locator(selector).fill(text)

    def choose(self, selector: str, value: str) -> None:
        self.page.locator(selector).select_option(value)


@dataclass(slots=True)
class Keys:
    """Nothing but the keyboard: on with Tab until it has the focus."""

    page: Page

    def _reach(self, selector: str) -> None:
        for _ in range(120):
            if self.page.locator(f":focus:is({selector})").count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not to be reached by keyboard")

    def press(self, selector: str) -> None:
        self._reach(selector)
        self.page.keyboard.press("Enter")

    def type(self, selector: str, text: str) -> None:
        self._reach(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, selector: str, value: str) -> None:
        self._reach(selector)
        for _ in range(80):
            if self.page.locator(selector).input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not to be chosen by keyboard")


@pytest.fixture
def signaal(served: HubWorld) -> UUID:
    """With a sketch, that only the chair has."""
    said = inhoud(persoon(served.id(), bsn=None), situatieschets="een jonge vrouw wordt laat opgehaald")
    found = served.as_seat(CHAIR).registers(
        served.kenmerk(), spoor="zorg-en-registratie", regio="oost-brabant", inhoud=said
    )
    served.settle()
    return found


def does(hand: Hand, act: str, **fields: str) -> None:
    """Fill in the form of an act and send it. Fields whose name begins with `kies_` are chosen, others typed."""
    form = f"#daad-{act}"
    hand.press(f"{form} summary")
    for name, value in fields.items():
        chosen = name.startswith("kies_")
        field = f"#{act}-{name.removeprefix('kies_')}"
        (hand.choose if chosen else hand.type)(field, value)
    hand.press(f"{form} button")
    hand.page.wait_for_url("**gedaan=*")
    hand.page.get_by_role("status").wait_for()


def sees(page: Page) -> str:
    """What the page of the chair says that the police see now."""
    return page.locator(".zicht tr", has=page.get_by_text("AVIM")).inner_text()


@pytest.mark.parametrize(
    ("context", "kind"), [({}, Mouse), (BARE, Mouse), ({}, Keys)], indirect=["context"], ids=["scripts", "bare", "keys"]
)
def test_who_comes_in_sees_and_who_leaves_sees_no_more(
    context: BrowserContext, elsewhere: BrowserContext, kind: type[Mouse] | type[Keys], signaal: UUID
) -> None:
    chair: Hand = kind(sign_in(context, "Els Proef"))
    police = sign_in(elsewhere, "Bram Proef")
    session = opened(chair, signaal)
    assert (status(police, session), status(police, address(signaal))) == (404, 404)

    does(chair, "binnen", kies_deelnemer=POLICE, kies_laag="2")
    assert "Ziet: " in sees(chair.page)
    assert "situatieschets" in sees(chair.page)
    assert (status(police, session), status(police, address(signaal))) == (200, 200)
    police.get_by_text("een jonge vrouw wordt laat opgehaald").first.wait_for()
    police.goto(session)
    police.get_by_role("link", name="Naar uw signalen").click()
    police.get_by_role("link", name=str(signaal)[:8]).wait_for()

    police.goto(session)
    does(chair, "actie", actie="Bel de opvang", kies_eigenaar=POLICE)
    police.get_by_role("link", name="Er is iets veranderd").click()
    police.get_by_text("Bel de opvang").wait_for()
    chair.press("tr:has-text('AVIM') form[action$='/vertrek'] button")
    chair.page.get_by_text("Ziet niets").wait_for()
    assert "niet aan tafel" in sees(chair.page)
    assert status(police, address(signaal)) == 404
    assert status(police, session) == 200
    police.get_by_text("Deze pet is vertrokken.").wait_for()
    police.get_by_text("Bel de opvang").wait_for()

    does(chair, "binnen", kies_deelnemer=POLICE, kies_laag="1")
    assert "Ziet niets" in sees(chair.page)
    assert status(police, address(signaal)) == 404
    does(chair, "sluiting")
    assert chair.page.get_by_role("button", name="Leg vast").count() == 0


def opened(chair: Hand, signaal: UUID) -> str:
    """Plan a session and put the signal on its agenda; the address of the session."""
    chair.page.goto("/console/overleggen")
    chair.type("#plan-tafel", "casusoverleg")
    chair.press("form.formulier button")
    chair.page.get_by_role("heading", level=1, name="Casustafel").wait_for()
    does(chair, "agenda", signaalId=str(signaal))
    return chair.page.url.partition("?")[0]


@pytest.fixture
def elsewhere(chromium: Browser, served: HubWorld) -> Iterator[BrowserContext]:
    """The window of somebody else."""
    made = chromium.new_context(base_url=served.settings.public_url, locale="nl-NL")
    yield made
    made.close()


def address(signaal: UUID) -> str:
    return f"/console/signalen/{signaal}?doel={DOEL}"


def status(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer is not None
    return answer.status
