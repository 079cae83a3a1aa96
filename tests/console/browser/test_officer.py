"""The officer close by and the municipality's overview in a real browser: narrow, wide, and by the links themselves."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from hub.handling.toezicht import Toezicht
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld
from tests.api.riec import BELASTING, zaak
from tests.console.browser.looking import overflows, sign_in, violations
from tests.console.browser.test_frame import COLLEGE, FENNA, NARROW, WIDE

OFFICER = "Petra Proef"
both = pytest.mark.parametrize("context", [NARROW, WIDE], indirect=True, ids=["320", "1440"])


@both
def test_pages_of_the_officer_are_accessible_and_fit(context: BrowserContext, served: HubWorld) -> None:
    case = zaak(served, BELASTING)
    case.does("sluitingen", {"reden": "niet-in-behandeling"})
    Toezicht(served.services.ledger).run(utc_now())
    page, found = sign_in(context, OFFICER), []
    back = f"terugkijken?casusId={case.id}&zetel={BELASTING}"
    for path in (f"casussen/{case.id}", back, "betrokkene", "vernietigen", "noodtoegang"):
        page.goto(f"/console/toezicht/{path}")
        found += [f"{path}: {one}" for one in violations(page)]
        found += [f"{path}: overflows"] if overflows(page) else []
    assert found == []


@both
def test_the_overview_is_accessible_and_fits(context: BrowserContext, served: HubWorld) -> None:
    for _ in range(11):
        served.as_seat("gemeente.college-handhaving@ede").registers(served.kenmerk())
    page = sign_in(context, FENNA, COLLEGE)
    page.goto("/console/overzicht")
    page.get_by_role("heading", name="Zelf vastgelegde signalen").wait_for()
    assert violations(page) == []
    assert not overflows(page)


def test_from_a_disclosure_to_what_its_recipient_could_see(context: BrowserContext, served: HubWorld) -> None:
    case = zaak(served, BELASTING)
    page = sign_in(context, OFFICER)
    page.goto(f"/console/toezicht/casussen/{case.id}")
    page.get_by_role("link", name="Rijksbelastingdienst (Oost)").first.click()
    page.get_by_role("heading", name="Wat te zien was").wait_for()
    page.get_by_text("Rijksbelastingdienst (Oost)").first.wait_for()
