"""A case, its drawing and the case table in a real browser: by keyboard, without scripts, narrow and wide."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext

from tests.api.hub_world import HubWorld, criteria, inhoud, persoon
from tests.api.riec import AVIM, BELASTING, COLLEGE, RIEC, zaak
from tests.console.browser.looking import overflows, sign_in, violations

FENNA, HAT = "Fenna Proef", "College van B en W, handhaving (Ede)"
NARROW = {"viewport": {"width": 320, "height": 640}}
WIDE = {"viewport": {"width": 1440, "height": 900}}
BARE = {"java_script_enabled": False}


@dataclass(frozen=True, slots=True)
class Desk:
    """A case with a little of everything, and a session about it."""

    casus: UUID
    overleg: UUID

    def paths(self) -> list[str]:
        leaf = f"/console/casussen/{self.casus}"
        return [
            f"/console/casussen?doel={RIEC}&regio=ede",
            f"{leaf}?doel={RIEC}",
            f"{leaf}/samenhang?doel={RIEC}",
            "/console/overleggen",
            f"/console/overleggen/{self.overleg}",
        ]


@pytest.fixture(scope="module")
def desk(served: HubWorld) -> Desk:
    case, college, session = zaak(served, BELASTING), served.as_seat(COLLEGE), served.id()
    things = inhoud(
        persoon(served.id()),
        locaties=[{"adres": "Kade 1", "plaats": "Ede"}],
        organisaties=[{"naam": "Uitzendbureau Proef"}],
        voertuigen=[{"kenteken": "XX-99-XX"}],
    )
    own = college.registers(served.kenmerk(), spoor="riec", criteria=criteria(), inhoud=things)
    case.does("signalen", {"signaalId": str(own)})
    case.action()
    opened = {"overlegId": str(session), "tafel": "casustafel", "regio": "ede", "casussen": [str(case.id)]}
    college.act("/overleggen", opened)
    college.act(f"/overleggen/{session}/aanwezigen", {"deelnemer": AVIM})
    college.act(f"/overleggen/{session}/acties", {"eigenaar": AVIM, "actie": "Bel de opvang", "gereedOp": "2027-01-15"})
    served.settle()
    return Desk(case.id, session)


@pytest.mark.parametrize("context", [NARROW, WIDE], indirect=True, ids=["320", "1440"])
def test_pages_are_accessible_and_fit(context: BrowserContext, desk: Desk) -> None:
    page = sign_in(context, FENNA, HAT)
    for path in desk.paths():
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert violations(page) == [], path
        assert not overflows(page), path


@pytest.mark.parametrize("context", [BARE], indirect=True, ids=["without-scripts"])
def test_an_act_is_done_and_the_drawing_grows_without_scripts(context: BrowserContext, desk: Desk) -> None:
    page = sign_in(context, FENNA, HAT)
    page.goto(desk.paths()[1])
    page.get_by_text("Leg een besluit vast").click()
    page.get_by_label("Besluit van de casustafel").fill("Eerst de zorg.")
    page.locator("#daad-besluit").get_by_role("button", name="Leg vast").click()
    page.get_by_role("status").get_by_text("Vastgelegd").wait_for()
    page.get_by_role("link", name="Wat hangt met wat samen").click()
    page.get_by_role("link", name="200%").click()
    assert page.locator("#samenhang").get_attribute("width") == "2000"


@pytest.mark.parametrize("context", [WIDE], indirect=True, ids=["1440"])
def test_the_wheel_zooms_the_drawing(context: BrowserContext, desk: Desk) -> None:
    page = sign_in(context, FENNA, HAT)
    page.goto(desk.paths()[2])
    page.locator("#samenhang").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.wait_for_function("document.getElementById('samenhang').getAttribute('width') === '1100'")
