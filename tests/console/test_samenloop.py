"""Overlap at the console: one's own view, and a question of a person to another partnership that both sides see."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from tests.api.hub_world import HubWorld, inhoud, persoon
from tests.api.riec import COLLEGE, ZVH, Zaak, zaak, zvh_casus
from tests.api.riec import RIEC as DOEL
from tests.console.people import Browser, somebody

RIEC = "riec.bureau@oost-nederland"


@pytest.fixture(scope="module")
def case(hub_app: HubWorld) -> Zaak:
    return zaak(hub_app, RIEC)


@pytest.fixture(scope="module")
def huis(hub_app: HubWorld, case: Zaak) -> UUID:
    return zvh_casus(hub_app, case.politiesignaal)


@pytest.fixture
def rachid(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, "rachid.proef", RIEC)


@pytest.fixture
def hanna(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, "hanna.proef", ZVH)


def asked(rachid: Browser, case: Zaak, signaal: UUID, **anders: str) -> str:
    """The page one arrives at."""
    form = {"navraagId": str(case.world.id()), "signaalId": str(signaal), "contactpunt": ZVH, "doel": DOEL}
    form |= {"noodzaak": "dubbel-werk-voorkomen"} | anders
    return rachid.post(f"/casussen/{case.id}/navraag", **form).text


def test_the_menu_leads_to_overlap_and_an_empty_view_says_so(hub_app: HubWorld, rachid: Browser) -> None:
    assert 'href="/console/samenloop"' in rachid.get("").text
    text = rachid.get("/samenloop", doel="riec-thematische-scan").text
    assert "komt onder dit doel niets vaker voor" in text
    assert "Er is niets gekoppeld" in text


def test_what_lies_in_two_cases_of_the_analyst_stands_in_the_table(hub_app: HubWorld, rachid: Browser) -> None:
    first, second = zaak(hub_app, RIEC), zaak(hub_app, RIEC)
    second.does("signalen", {"signaalId": str(first.signaal)})
    hub_app.settle()
    rows = re.findall(r"<tr>.*?</tr>", rachid.get("/samenloop", doel=DOEL).text, re.DOTALL)
    (row,) = [one for one in rows if f"/signalen/{first.signaal}" in one and "Signaal in meer casussen" in one]
    assert f"/casussen/{first.id}" in row
    assert f"/casussen/{second.id}" in row


def test_what_one_recorded_and_nobody_has_is_there_with_its_age(hub_app: HubWorld) -> None:
    own = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk(), inhoud=inhoud(persoon(hub_app.id())))
    hub_app.settle()
    text = somebody(hub_app, "fenna.proef", COLLEGE).get("/samenloop", doel=DOEL).text
    section = text.split('id="los-eigen"')[1].split("</section>")[0]
    assert str(own) in section
    assert "Dagen oud" in section


def test_a_yes_names_the_contact_point_and_the_other_side_sees_that_it_was_asked(
    rachid: Browser, hanna: Browser, case: Zaak, huis: UUID
) -> None:
    text = asked(rachid, case, case.politiesignaal)
    assert "Ja, dat verband heeft het ook" in text
    assert "Zorg- en Veiligheidshuis, procesregisseur (Gelderland Midden)" in text
    assert str(huis) not in text
    case.world.settle()
    there = hanna.get("/samenloop", doel="zvh-casus").text
    assert str(huis) in there
    assert str(case.id) not in there


def test_a_no_says_that_it_may_be_silence(rachid: Browser, case: Zaak, huis: UUID) -> None:
    text = asked(rachid, case, case.signaal)
    assert "Nee, geen treffer" in text
    assert "niet mag worden gezegd" in text


def test_a_person_is_asked_after_with_the_signal_that_names_her(rachid: Browser, case: Zaak, huis: UUID) -> None:
    options = re.findall(rf'value="({case.politiesignaal}/[0-9a-f-]+)"', page(rachid, case))
    assert len(options) == 1
    assert "Ja, dat verband heeft het ook" in asked(rachid, case, case.politiesignaal, signaalId=options[0])


def page(rachid: Browser, case: Zaak) -> str:
    return rachid.get(f"/casussen/{case.id}/navraag", doel=DOEL).text


def test_what_is_missing_stands_at_its_field_and_what_was_typed_stays(rachid: Browser, case: Zaak) -> None:
    text = asked(rachid, case, case.signaal, noodzaak="", contactpunt="")
    assert 'id="fout-navraag-noodzaak"' in text
    assert 'id="fout-navraag-contactpunt"' in text
    assert f'value="{case.signaal}" selected' in text


def test_one_asks_the_other_kind_of_partnership_only(rachid: Browser, case: Zaak) -> None:
    text = page(rachid, case)
    assert "zvh.bureau@" in text
    assert 'value="riec.bureau@' not in text
    assert "zc.opvang@" not in text


def test_a_case_of_somebody_else_is_not_there(hub_app: HubWorld, case: Zaak) -> None:
    zita = somebody(hub_app, "zita.proef")
    assert zita.get(f"/casussen/{case.id}/navraag").status_code == 404
    assert zita.post(f"/casussen/{case.id}/navraag", doel=DOEL).status_code == 404
