"""Overlap and the question between partnerships in a real browser: narrow and wide, without scripts, as axe sees it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.api.hub_world import HubWorld, criteria, inhoud, persoon
from tests.api.riec import AVIM, RIEC, ZVH, Zaak, zaak, zvh_casus
from tests.console.browser.looking import overflows, sign_in, violations

BUREAU = "riec.bureau@oost-nederland"
SIZES = {320: 640, 1440: 900}


@dataclass(frozen=True, slots=True)
class Desk:
    """Two cases of the analyst with the same signal and vehicle, and one of the Zorg- en Veiligheidshuis."""

    casus: UUID
    huis: UUID
    signaal: UUID


@pytest.fixture(scope="module")
def desk(served: HubWorld) -> Desk:
    first, second = zaak(served, BUREAU), zaak(served, BUREAU)
    second.does("signalen", {"signaalId": str(first.signaal)})
    _same_vehicle(served, first, second)
    id = zvh_casus(served, first.politiesignaal)
    served.settle()
    return Desk(first.id, id, first.politiesignaal)


def _same_vehicle(served: HubWorld, *cases: Zaak) -> None:
    for case in cases:
        seen = inhoud(persoon(served.id()), voertuigen=[{"kenteken": "XX-99-XX"}])
        own = served.as_seat(AVIM).registers(
            served.kenmerk(), spoor="riec", criteria=criteria(), wpgArtikel="8", inhoud=seen
        )
        case.does("signalen", {"signaalId": str(own)}, AVIM)


def sized(page: Page, wide: int) -> Page:
    page.set_viewport_size({"width": wide, "height": SIZES[wide]})
    return page


def ask(page: Page, desk: Desk) -> None:
    page.goto(f"/console/samenloop?doel={RIEC}")
    page.get_by_role("link", name=f"Vraag het over casus {str(desk.casus)[:8]}").click()
    page.get_by_label("Waarover vraagt u het?").select_option(str(desk.signaal))
    page.get_by_label("Aan welk contactpunt?").select_option(ZVH)
    page.get_by_label("Waarom moet u het weten?").select_option("dubbel-werk-voorkomen")
    page.get_by_role("button", name="Vraag het", exact=True).click()
    page.get_by_role("heading", name="Ja, dat verband heeft het ook").wait_for()


@pytest.mark.parametrize("wide", SIZES)
def test_the_analyst_reads_overlap_and_asks_at_every_width(context: BrowserContext, desk: Desk, wide: int) -> None:
    page = sized(sign_in(context, "Rachid Proef"), wide)
    for path in ("/console/samenloop", f"/console/casussen/{desk.casus}/navraag"):
        page.goto(f"{path}?doel={RIEC}")
        assert violations(page) == [], path
        assert not overflows(page), path
    page.goto(f"/console/samenloop?doel={RIEC}")
    assert page.get_by_role("rowheader", name="Zelfde kenteken: XX99XX").is_visible()


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_the_question_is_asked_and_answered(context: BrowserContext, desk: Desk) -> None:
    page = sign_in(context, "Rachid Proef")
    ask(page, desk)
    assert page.get_by_role("heading", name="Ja, dat verband heeft het ook").is_visible()
    assert str(desk.huis) not in page.content()


def test_with_the_keyboard_alone_what_is_missing_is_found(context: BrowserContext, desk: Desk) -> None:
    page = sign_in(context, "Rachid Proef")
    page.goto(f"/console/casussen/{desk.casus}/navraag?doel={RIEC}")
    page.get_by_role("button", name="Vraag het", exact=True).focus()
    page.keyboard.press("Enter")
    page.locator("#misgegaan").wait_for()
    assert page.evaluate("document.activeElement.id") == "misgegaan"
    assert violations(page) == []


@pytest.mark.parametrize("wide", SIZES)
def test_the_house_sees_what_it_was_asked(context: BrowserContext, desk: Desk, wide: int) -> None:
    ask(sign_in(context, "Rachid Proef"), desk)
    context.clear_cookies()
    page = sized(sign_in(context, "Hanna Proef"), wide)
    page.goto("/console/samenloop?doel=zvh-casus")
    page.get_by_role("region", name="Gestelde vragen").wait_for()
    assert str(desk.casus) not in page.content()
    assert violations(page) == []
    assert not overflows(page)
