"""Results at the console: made from a case, consented to, given to a third party, reported on and closed."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from tests.api.hub_world import HubWorld
from tests.api.riec import BELASTING, COLLEGE, RIEC, Zaak, zaak
from tests.console.people import Browser, somebody

SOCIAAL, TEXT = "gemeente.college-sociaal@ede", "Sluit het pand aan de kade voor drie maanden."
DERDE = {
    "naar": SOCIAAL,
    "voor": "bestuurlijke-interventie",
    "wettelijkeGrond": "wgs-2-23-8",
    "racBesluit": "RAC-2026-014",
    "grondVanOntvanger": "publieke-taak",
}


@pytest.fixture
def case(hub_app: HubWorld) -> Zaak:
    made = zaak(hub_app, BELASTING)
    hub_app.settle()
    return made


@pytest.fixture
def fenna(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, "fenna.proef", COLLEGE)


@pytest.fixture
def result(case: Zaak, fenna: Browser) -> UUID:
    """Made by form, on both contributions."""
    number = case.world.id()
    case.world.settle()
    typed = [
        ("doel", RIEC),
        ("resultaatId", str(number)),
        ("signalen", str(case.signaal)),
        ("signalen", str(case.politiesignaal)),
        ("onderdelen.0.categorie", "interventieadvies"),
        ("onderdelen.0.tekst", TEXT),
        ("onderdelen.1.tekst", ""),
    ]
    answer = fenna.post_all(f"/casussen/{case.id}/daden/resultaat", typed)
    assert answer.status_code == 200, answer.text
    assert "Naar de resultaten" in answer.text
    case.world.settle()
    return number


def does(browser: Browser, result: UUID, act: str, **typed: str) -> tuple[int, str]:
    answer = browser.post(f"/resultaten/{result}/daden/{act}", doel=RIEC, **typed)
    return answer.status_code, answer.text


def test_it_is_listed_and_says_on_whose_data_it_rests(fenna: Browser, result: UUID) -> None:
    assert str(result)[:8] in fenna.get("/resultaten", doel=RIEC).text
    text = fenna.get(f"/resultaten/{result}", doel=RIEC).text
    assert TEXT in text
    assert "AVIM" in text.split("Rust op gegevens van")[1]
    assert somebody_else(fenna, result) == 404


def somebody_else(fenna: Browser, result: UUID) -> int:
    """Whether another hat of hers finds it."""
    fenna.post("/pet", zetel="gemeente.af-oov@ede")
    return fenna.get(f"/resultaten/{result}", doel=RIEC).status_code


def test_what_is_missing_is_named_at_its_field(fenna: Browser, case: Zaak) -> None:
    answer = fenna.post(f"/casussen/{case.id}/daden/resultaat", doel=RIEC, resultaatId=str(case.world.id()))
    assert answer.status_code == 400
    assert {"resultaat-onderdelen-0-categorie", "resultaat-onderdelen-0-tekst"} <= set(
        re.findall(r'<a href="#([\w-]+)">', answer.text)
    )


def test_it_leaves_only_with_every_condition_met(fenna: Browser, case: Zaak, result: UUID) -> None:
    status, text = does(fenna, result, "derde", **DERDE | {"voor": ""})
    assert (status, 'href="#derde-doel"' in text) == (400, True)
    status, text = does(fenna, result, "derde", **DERDE)
    assert (status, "Wat wel kan" in text) == (403, True)
    avi = somebody(case.world, "avi.proef")
    assert "Stem als bron in" in avi.get(f"/resultaten/{result}", doel=RIEC).text
    assert does(avi, result, "instemming", aan=SOCIAAL)[0] == 200
    assert does(fenna, result, "derde", **DERDE)[0] == 200


def test_who_got_it_reports_before_it_closes_it(case: Zaak, result: UUID) -> None:
    avi = somebody(case.world, "avi.proef")
    assert "Sluit dit resultaat" not in avi.get(f"/resultaten/{result}", doel=RIEC).text
    assert does(avi, result, "sluiting")[0] == 403
    said = {"status": "kwaliteit-en-opvolging", "bericht": "Het advies klopte."}
    assert "Het advies klopte." in does(avi, result, "terugkoppeling", **said)[1]
    assert does(avi, result, "sluiting")[0] == 200
