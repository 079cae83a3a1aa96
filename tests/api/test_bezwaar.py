"""Weighty reasons of a provider: results and what can come from it alone close for others, and open again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.hub_world import HubWorld, criteria, inhoud
from tests.api.riec import AVIM, BELASTING, COLLEGE, GEZEGD, GEZIEN, OVJ, Zaak, zaak

WHY = "Een lopende infiltratie loopt gevaar."
ADVIES = {"categorie": "interventieadvies", "kenmerk": "advies", "waarde": "Sluit het pand op grond van de APV."}


@pytest.fixture
def open_case(hub_app: HubWorld) -> Zaak:
    """With a contribution of the municipality that is itself an advice."""
    case = zaak(hub_app, BELASTING)
    college = hub_app.as_seat(COLLEGE)
    advice = college.registers(
        hub_app.kenmerk(), spoor="riec", criteria=criteria(), inhoud=inhoud(toelichting="Advies", feiten=[ADVIES])
    )
    case.does("signalen", {"signaalId": str(advice)})
    return case


def objects(case: Zaak, reikwijdte: str, zetel: str = AVIM) -> Any:
    return case.does("bezwaren", {"reikwijdte": reikwijdte, "motivering": WHY}, zetel)


def test_an_objection_to_results_hides_them_from_others_and_leaves_the_rest(open_case: Zaak) -> None:
    assert ADVIES["waarde"] in open_case.text(BELASTING)
    objects(open_case, "resultaten")
    text = open_case.text(BELASTING)
    assert ADVIES["waarde"] not in text
    assert GEZEGD in text
    assert GEZIEN in text
    assert WHY not in text
    open_case.does("bezwaar-intrekkingen", {}, AVIM)
    assert ADVIES["waarde"] in open_case.text(BELASTING)


def test_an_objection_to_everything_hides_also_what_comes_from_the_provider_alone(open_case: Zaak) -> None:
    objects(open_case, "alles")
    assert GEZEGD not in open_case.text(BELASTING)
    assert GEZIEN in open_case.text(BELASTING)
    assert GEZEGD in open_case.text(AVIM)
    assert WHY in open_case.text(AVIM)


def test_only_who_brought_data_in_objects(open_case: Zaak) -> None:
    body = {"reikwijdte": "alles", "motivering": WHY}
    assert open_case.seat(BELASTING).post(f"/casussen/{open_case.id}/bezwaren", body).status_code == 403
    assert open_case.seat(OVJ).post(f"/casussen/{open_case.id}/bezwaren", body).status_code == 404
    assert open_case.seat(AVIM).post(f"/casussen/{open_case.id}/bezwaar-intrekkingen", {}).status_code == 409


def test_every_participant_sees_that_there_is_an_objection_so_that_it_can_be_talked_over(open_case: Zaak) -> None:
    objects(open_case, "resultaten")
    [entry] = [one for one in open_case.read(BELASTING)["tijdlijn"] if one["soort"] == "BezwaarGemaakt"]
    assert (entry["zetel"], entry["reikwijdte"]) == (AVIM, "resultaten")
    assert "inhoud" not in entry
