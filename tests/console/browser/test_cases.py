"""A case, its drawing and the case table in a real browser: without scripts, narrow and wide, and with much in it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.api.hub_world import HubWorld, criteria, inhoud, persoon
from tests.api.riec import AVIM, BELASTING, COLLEGE, OVJ, RIEC, Zaak, zaak
from tests.console.browser.looking import overflows, sign_in, violations
from tests.console.browser.test_personas import SHIFTS

FENNA, HAT = "Fenna Proef", "College van B en W, handhaving (Ede)"
SIZES = {320: 640, 1440: 900}
BARE = {"java_script_enabled": False}
MOST = 100_000
STEPS, SIGNALS, PERSONS = 500, 10, 8


@dataclass(frozen=True, slots=True)
class Desk:
    """A case with a little of everything, a session about it, and a case with much in it."""

    casus: UUID
    overleg: UUID
    groot: UUID

    @property
    def leaf(self) -> str:
        return f"/console/casussen/{self.casus}"

    def paths(self) -> list[str]:
        return [
            f"/console/casussen?doel={RIEC}&regio=ede",
            f"{self.leaf}?doel={RIEC}&daad=brug",
            f"{self.leaf}/samenhang?doel={RIEC}",
            "/console/overleggen",
            f"/console/overleggen/{self.overleg}",
        ]


@pytest.fixture(scope="module")
def desk(served: HubWorld) -> Desk:
    case, college, session = zaak(served, BELASTING, OVJ), served.as_seat(COLLEGE), served.id()
    things = inhoud(
        persoon(served.id()),
        locaties=[{"adres": "Kade 1", "plaats": "Ede"}],
        organisaties=[{"naam": "Uitzendbureau Proef"}],
        voertuigen=[{"kenteken": "XX-99-XX"}],
    )
    own = college.registers(served.kenmerk(), spoor="riec", criteria=criteria(), inhoud=things)
    case.does("signalen", {"signaalId": str(own)})
    case.action()
    case.does("embargos", {"motivering": "onderzoek", "herbezieOp": "2027-01-01"}, OVJ)
    opened = {"overlegId": str(session), "tafel": "casustafel", "regio": "ede", "casussen": [str(case.id)]}
    college.act("/overleggen", opened)
    college.act(f"/overleggen/{session}/agendapunten", {"signaalId": str(own)})
    college.act(f"/overleggen/{session}/aanwezigen", {"deelnemer": AVIM})
    college.act(f"/overleggen/{session}/acties", {"eigenaar": AVIM, "actie": "Bel de opvang", "gereedOp": "2027-01-15"})
    return Desk(case.id, session, large(served).id)


def large(served: HubWorld) -> Zaak:
    """A case of 500 steps in which 200 connections can be seen."""
    case, college = zaak(served, BELASTING), served.as_seat(COLLEGE)
    for number in range(SIGNALS):
        people = [
            persoon(served.id(), bsn=None, naam=f"Proef {number}-{n}", bereikbaar=[f"06-00{number:02}{n:04}"])
            for n in range(PERSONS)
        ]
        places = [{"adres": f"Kade {number}-{n}", "plaats": "Ede"} for n in range(4)]
        said = inhoud(*people, locaties=places, organisaties=[{"naam": "Uitzendbureau Proef"}])
        own = college.registers(served.kenmerk(), spoor="riec", criteria=criteria(), inhoud=said)
        case.does("signalen", {"signaalId": str(own)})
    words = "Eerst de zorg, daarna de controle in het pand aan de kade."
    for begin in range(0, STEPS, 100):
        told = [
            college.event(
                f"groot-{number}", "leg-besluit-vast", {"casusId": str(case.id), "besluit": f"{number}. {words}"}
            )
            for number in range(begin, begin + 100)
        ]
        assert {one["status"] for one in college.results(*told)} == {"aanvaard"}
    served.settle()
    return case


def test_pages_are_accessible_and_fit_narrow_and_wide(context: BrowserContext, desk: Desk) -> None:
    page, found = sign_in(context, FENNA, HAT), []
    for path in desk.paths():
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{path} {width}: {one}" for one in violations(page)]
            found += [f"{path} {width}: overflows"] if overflows(page) else []
    assert found == []


def test_a_case_with_much_in_it_stays_small_and_still(context: BrowserContext, desk: Desk) -> None:
    page = sign_in(context, FENNA, HAT)
    leaf = f"/console/casussen/{desk.groot}"
    for path in (f"{leaf}?doel={RIEC}", f"{leaf}/samenhang?doel={RIEC}"):
        answer = page.goto(path)
        assert answer is not None
        assert len(answer.body()) <= MOST
        assert page.evaluate(SHIFTS) == 0
    assert page.locator("#samenhang .punt").count() > SIGNALS * PERSONS
    page.get_by_label("Teken alleen wat samenhangt met").select_option("persoon1")
    page.get_by_role("button", name="Teken").click()
    page.wait_for_url("**rond=persoon1**")
    assert page.locator("#samenhang .punt").count() < 3 * PERSONS
    page.locator("#samenhang").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.wait_for_function("document.getElementById('samenhang').getAttribute('width') === '1100'")
    page.goto(f"{leaf}?doel={RIEC}")
    page.get_by_label("Bladeren: Tijdlijn").get_by_role("link", name="Volgende").click()
    page.wait_for_url("**tijdlijn=2**")
    assert "474." in page.locator("ol.tijdlijn").inner_text()


def fault(page: Page, desk: Desk) -> None:
    """What is wrong stands at the top with the way to its field, and the field keeps what was typed."""
    page.goto(f"{desk.leaf}?doel={RIEC}&daad=brug#daad-brug")
    page.get_by_label("Telefoonnummer").fill("bel mij")
    page.locator("#daad-brug").get_by_role("button", name="Leg vast").click()
    page.get_by_role("alert").get_by_role("link", name="telefoon").click()
    field = page.get_by_label("Telefoonnummer")
    assert field.input_value() == "bel mij"
    assert field.get_attribute("aria-invalid") == "true"
    described = (field.get_attribute("aria-describedby") or "").split()
    assert "voorgeschreven vorm" in page.locator(f"#{described[0]}").inner_text()


@pytest.mark.parametrize("context", [{}, BARE], indirect=True, ids=["scripts", "without-scripts"])
def test_the_chair_asks_decides_and_hands_over_the_lead(
    context: BrowserContext, desk: Desk, request: pytest.FixtureRequest
) -> None:
    page = sign_in(context, FENNA, HAT)
    fault(page, desk)
    if "bare" not in request.node.name and "without" not in request.node.name:
        assert violations(page) == []
    page.goto(f"/console/overleggen/{desk.overleg}")
    page.get_by_text("Beantwoord de vaste vraag").click()
    page.locator("#daad-vraag").get_by_label("Ja", exact=True).check()
    page.locator("#daad-vraag").get_by_label("Toelichting").fill(f"Paspoort {request.node.name}.")
    page.locator("#daad-vraag button").click()
    page.get_by_role("status").get_by_text("tijdlijn van de casus").wait_for()
    page.locator("#daad-regie summary").click()
    page.locator("#regie-casusId").select_option(index=1)
    page.locator("#regie-naar").select_option(AVIM)
    page.locator("#daad-regie button").click()
    page.get_by_role("status").wait_for()
    page.goto(f"{desk.leaf}?doel={RIEC}")
    course = page.locator("ol.tijdlijn").inner_text()
    assert f"Is er ook sprake van uitbuiting? Ja. Paspoort {request.node.name}." in course
    assert "regie overgedragen" in course
    page.get_by_role("link", name="Wat hangt met wat samen").click()
    page.get_by_role("link", name="200%").click()
    assert page.locator("#samenhang").get_attribute("width") == "2000"
