"""The acts of a case at the console: each hat finds its own, a fault stands at its field, care comes first."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from html import unescape

import pytest

from hub.console.analyst.course import Interventie, interventies, page_of
from hub.console.analyst.powers import care_seats, powers
from hub.console.page.acting import IN_CASUS, PAUSES, fields, moment, shown, truth, whole
from hub.console.page.doors import Refused
from tests.api.hub_world import HubWorld, criteria
from tests.api.riec import AVIM, BELASTING, COLLEGE, OVJ, RIEC, ZC, Zaak, zaak
from tests.console.people import Browser, somebody

ALWAYS = {
    *("besluit", "criteria", "fase", "regie", "deelnemers", "inbreng"),
    *("resultaat", "interventie", "vertrouwelijk", "sluiting"),
}


@pytest.fixture
def case(hub_app: HubWorld) -> Zaak:
    made = zaak(hub_app, BELASTING, OVJ)
    hub_app.settle()
    return made


@pytest.fixture
def fenna(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, "fenna.proef", COLLEGE)


@pytest.fixture
def olga(hub_app: HubWorld) -> Browser:
    """The public prosecutor."""
    return somebody(hub_app, "olga.proef")


def leaf(browser: Browser, case: Zaak, **query: str) -> str:
    case.world.settle()
    answer = browser.get(f"/casussen/{case.id}", doel=RIEC, **query)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def does(browser: Browser, case: Zaak, act: str, **typed: str) -> tuple[int, str]:
    answer = browser.post(f"/casussen/{case.id}/daden/{act}", doel=RIEC, **typed)
    return answer.status_code, unescape(answer.text)


def may(world: HubWorld, case: Zaak, zetel: str) -> frozenset[str]:
    found = case.read(zetel)
    return powers(world.hub.beleid, zetel, found, interventies(found["tijdlijn"]))


class TestWhatAHatCouldDo:
    def test_each_finds_its_own_acts_and_no_others(self, hub_app: HubWorld, case: Zaak) -> None:
        assert may(hub_app, case, COLLEGE) == ALWAYS | {"bezwaar"}
        assert may(hub_app, case, AVIM) == ALWAYS | {"bezwaar", "verhoor"}
        assert may(hub_app, case, BELASTING) == ALWAYS
        assert may(hub_app, case, OVJ) == ALWAYS | {"embargo", "verhoor"}

    def test_they_follow_what_happened(self, hub_app: HubWorld, case: Zaak) -> None:
        case.does("bezwaren", {"reikwijdte": "alles", "motivering": "een bron loopt gevaar"})
        case.does("embargos", {"motivering": "onderzoek", "herbezieOp": "2027-01-01"}, OVJ)
        assert "bezwaar-in" in may(hub_app, case, COLLEGE)
        assert "embargo-op" in may(hub_app, case, OVJ)
        case.does("sluitingen", {"reden": "geen-mensenhandel"})
        assert may(hub_app, case, COLLEGE) == frozenset()

    def test_a_case_is_renewed_only_in_the_track_that_may_be(self, hub_app: HubWorld, case: Zaak) -> None:
        elsewhere = case.read(COLLEGE) | {"spoor": "zvh"}
        assert "vernieuwing" in powers(hub_app.hub.beleid, COLLEGE, elsewhere, [])
        closed = elsewhere | {"status": "gesloten"}
        assert powers(hub_app.hub.beleid, COLLEGE, closed, []) == {"vernieuwing"}

    def test_care_outside_the_case_is_offered_near_first(self, hub_app: HubWorld, case: Zaak) -> None:
        offered = [seat for seat, _ in care_seats(hub_app.hub.beleid, case.read(COLLEGE))]
        assert ZC in offered
        assert not {COLLEGE, AVIM} & set(offered)
        assert offered.index(ZC) < offered.index("zc.opvang@eindhoven")

    def test_the_page_shows_these_forms_and_no_others(self, case: Zaak, fenna: Browser, olga: Browser) -> None:
        shown = set(re.findall(r'id="daad-([a-z-]+)"', leaf(fenna, case)))
        assert shown == ALWAYS | {"bezwaar"}
        assert {"embargo", "verhoor"} <= set(re.findall(r'id="daad-([a-z-]+)"', leaf(olga, case)))

    def test_every_act_is_an_operation_of_the_api(self, hub_app: HubWorld) -> None:
        paths = hub_app.app.openapi()["paths"]
        assert {f"/casussen/{{casusId}}/{one.operatie}" for one in IN_CASUS.values()} <= paths.keys()


class TestFaults:
    def test_each_stands_at_its_field_and_in_a_summary_that_leads_there(self, case: Zaak, fenna: Browser) -> None:
        case.action()
        status, text = does(fenna, case, "brug", **{"contactpersoon.telefoon": "bel mij", "venster.van": "gisteren"})
        assert status == 400
        wanted = {"brug-naar", "brug-venster-van", "brug-contactpersoon-telefoon", "brug-veiligheidsmaatregelNodig"}
        linked = set(re.findall(r'<a href="#(brug-[\w-]+)">', text))
        assert wanted <= linked
        for id in linked:
            assert f'id="{id}"' in text
            assert f'aria-describedby="fout-{id}' in text or f'id="fout-{id}"' in text
        field = re.search(r'<input id="brug-contactpersoon-telefoon"[^>]*>', text)
        assert field is not None
        assert 'value="bel mij"' in field[0]
        assert 'aria-invalid="true"' in field[0]
        assert 'id="daad-brug" open' in text
        assert text.count('role="alert"') == 1

    def test_a_letter_without_a_judgement_is_named(self, case: Zaak, fenna: Browser) -> None:
        typed = {f"criteria.{n}.letter": one for n, one in enumerate("abcde")}
        typed |= {f"criteria.{n}.voldaan": "ja" for n in (0, 1, 2, 3)} | {"criteria.0.toelichting": "foto's"}
        status, text = does(fenna, case, "criteria", **typed)
        assert status == 400
        assert set(re.findall(r'<a href="#(criteria-[\w-]+)">', text)) == {"criteria-criteria-4-voldaan"}
        assert "foto's" in text

    def test_what_the_rules_refuse_says_what_is_possible(self, case: Zaak, fenna: Browser) -> None:
        action = case.action()
        status, text = does(fenna, case, "brug", **_warning(action["interventieId"], naar=BELASTING))
        assert status == 403
        assert "krijgt geen brugbericht" in text
        assert 'href="#daad-brug"' in text

    def test_only_its_own_form_is_marked(self, case: Zaak, fenna: Browser) -> None:
        _, text = does(fenna, case, "besluit", besluit="")
        assert re.findall(r'<(?:input|select|textarea) id="([\w-]+)"[^>]*aria-invalid', text) == ["besluit-besluit"]


def _warning(action: str, naar: str = ZC) -> dict[str, str]:
    return {
        "interventieId": action,
        "naar": naar,
        "venster.van": "2026-12-01T07:00",
        "venster.tot": "2026-12-01T19:00",
        "veiligheidsmaatregelNodig": "ja",
        "contactpersoon.functie": "netwerkregisseur",
        "contactpersoon.telefoon": "06-00001234",
    }


class TestActs:
    def test_criteria_are_judged_each(self, case: Zaak, fenna: Browser) -> None:
        typed = {f"criteria.{n}.letter": one for n, one in enumerate("abcde")}
        typed |= {f"criteria.{n}.voldaan": "nee" if n == 2 else "ja" for n in range(5)}
        status, text = does(fenna, case, "criteria", **typed, **{"criteria.2.toelichting": "niet nodig gebleken"})
        assert (status, "niet nodig gebleken" in text) == (200, True)

    def test_care_is_warned_confirms_and_the_gate_opens(self, case: Zaak, fenna: Browser) -> None:
        action = case.action()["interventieId"]
        assert "Kan nog niet beginnen" in leaf(fenna, case)
        assert does(fenna, case, "toelating", interventieId=action)[0] == 403
        status, text = does(fenna, case, "brug", **_warning(action))
        assert (status, "De zorg is gewaarschuwd" in text) == (200, True)
        zita = somebody(case.world, "zita.proef")
        case.world.settle()
        warning = zita.get("/brugberichten").text
        assert "1 dec 2026, 07:00" in warning
        assert not re.search(f"{case.id}|sluiting van het pand|handhaving", warning.split("<main")[1])
        for address, number in re.findall(
            r'action="/console(/brugberichten/[\w-]+/daden/bevestiging)".*?name="volgnummer" value="(\d+)"', warning
        ):
            assert zita.post(address, volgnummer=number).status_code == 200
        assert "Kan nog niet beginnen" not in leaf(fenna, case)
        assert "Meld uitgevoerd" in does(fenna, case, "toelating", interventieId=action)[1]
        assert does(fenna, case, "uitvoering", interventieId=action, verslag="Rustig verlopen.")[0] == 200
        text = does(fenna, case, "evaluatie", interventieId=action, uitkomst="Zij is veilig.")[1]
        assert "Rustig verlopen." in text
        assert "Zij is veilig." in text

    def test_the_prosecutor_sets_and_lifts_an_embargo(self, case: Zaak, fenna: Browser, olga: Browser) -> None:
        assert does(olga, case, "embargo", motivering="Lopend onderzoek", herbezieOp="")[0] == 400
        status, text = does(olga, case, "embargo", motivering="Lopend onderzoek", herbezieOp="2027-02-03")
        assert (status, "3 feb 2027" in text) == (200, True)
        seen = leaf(fenna, case)
        assert "er gaat niets nieuws uit deze casus" in seen
        assert "Lopend onderzoek" not in seen
        assert "platform-embargo-officier" in seen
        does(olga, case, "embargo-op")
        assert "er gaat niets nieuws uit deze casus" not in leaf(fenna, case)

    def test_what_is_hidden_says_why_beside_the_contribution(self, case: Zaak, fenna: Browser) -> None:
        case.does("embargos", {"motivering": "onderzoek", "herbezieOp": "2027-01-01"}, OVJ)
        contributions = leaf(fenna, case).split('id="bijdragen"')[1].split('id="interventies"')[0]
        assert "Onder een embargo" in contributions
        assert "Wat wel kan" in contributions
        assert 'href="#reden-1"' in contributions

    def test_a_case_is_opened_renewed_and_closed_for_good(self, hub_app: HubWorld, fenna: Browser) -> None:
        number = str(hub_app.id())
        opened = {"casusId": number, "spoor": "riec", "regio": "ede", "doel": RIEC, "vorm": "arbeidsuitbuiting"}
        wrong = fenna.post("/casussen", casusId=number, spoor="riec", regio="Ede!", doel=RIEC)
        assert wrong.status_code == 400
        assert {"casus-regio", "casus-vorm"} <= set(re.findall(r'<a href="#([\w-]+)">', wrong.text))
        answer = fenna.post("/casussen", **opened)
        assert answer.status_code == 200, answer.text
        assert "De criteria zijn nog niet beoordeeld" in answer.text
        closed = fenna.post(f"/casussen/{number}/daden/sluiting", doel=RIEC, reden="geen-mensenhandel")
        assert "Heropenen kan niet" in closed.text


def action(stand: str = "voorgesteld", **more: object) -> Interventie:
    made = Interventie("i", COLLEGE, ingrijpend=True, beschrijving="", gepland_op=None, stand=stand)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_a_new_warning_closes_the_gate_again() -> None:
    step = {"interventieId": "i", "brugId": "b"}
    proposed = {**step, "soort": "InterventieVoorgesteld", "uitvoerder": COLLEGE, "ingrijpend": True}
    warned, confirmed = {**step, "soort": "BrugGeslagen"}, {**step, "soort": "BrugBevestigd"}
    allowed = {**step, "soort": "InterventieToegestaan"}
    [open_gate] = interventies([proposed, warned, confirmed, allowed])
    assert (open_gate.stand, open_gate.wacht_op_zorg) == ("toegestaan", False)
    [closed] = interventies([proposed, warned, confirmed, allowed, warned])
    assert (closed.stand, closed.wacht_op_zorg, closed.zorgstand) == ("voorgesteld", True, "gewaarschuwd")
    assert action(zorg=True).stappen()[1] == ("de zorg weet het", True)


@pytest.mark.parametrize(("number", "first"), [(0, 0), (1, 0), (3, 20), (9, 20)])
def test_a_page_beyond_the_last_is_the_last(number: int, first: int) -> None:
    page = page_of(range(25), number, 10)
    assert (page.eerste, page.van, page.geheel) == (first, 3, 25)


@pytest.mark.parametrize("first", [{"gewijzigdPositie": 4}, Refused({}, 404)], ids=["behind", "unknown"])
def test_a_page_waits_for_its_own_act(first: object) -> None:
    answers: Iterator[object] = iter([first, {"gewijzigdPositie": 5}])

    async def look() -> object:
        answer = next(answers)
        if isinstance(answer, Refused):
            raise answer
        return answer

    assert asyncio.run(shown(look, 5)) == ({"gewijzigdPositie": 5}, True)


def test_a_page_that_never_shows_it_says_so_and_one_that_waits_for_nothing_looks_once() -> None:
    looks = []

    async def look() -> dict[str, int]:
        looks.append(1)
        return {"gewijzigdPositie": 4}

    assert asyncio.run(shown(look, None)) == ({"gewijzigdPositie": 4}, True)
    assert len(looks) == 1
    assert asyncio.run(shown(look, 5)) == ({"gewijzigdPositie": 4}, False)
    assert len(looks) == 2 + len(PAUSES)


def test_a_form_becomes_the_body_of_the_api() -> None:
    read = fields("naar", venster__van=moment, fase=whole, nodig=truth)
    typed = {"naar": ["x@y"], "venster.van": ["2026-07-01T08:00"], "fase": ["2"], "nodig": ["nee"]}
    assert read(typed) == {"naar": "x@y", "venster": {"van": "2026-07-01T08:00:00+02:00"}, "fase": 2, "nodig": False}
    assert read({"fase": ["twee"], "venster.van": ["straks"]}) == {"fase": "twee", "venster": {"van": "straks"}}
    assert len(criteria()) == 5
