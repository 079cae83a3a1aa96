"""The officer looks closely: a case whole, a person, a day long past, a draft; and the monthly overview of a seat."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.console.municipality.overview import HEIGHT, KOPPEN, LEFT_OUT, bars, compared
from hub.console.page.frame import english
from hub.handling.toezicht import Toezicht
from hub.sealing import utc_now
from tests.api.hub_world import NOBODY, HubWorld, inhoud, persoon
from tests.api.riec import BELASTING, COLLEGE, zaak
from tests.api.test_terugkijken import proposed
from tests.console.people import Browser, somebody

PETRA, FENNA = "petra.proef", "fenna.proef"
MONTHS = [{"maand": f"2026-{one:02}", "loopt": one == 11} for one in range(8, 12)]


@pytest.fixture
def petra(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, PETRA)


@pytest.fixture
def fenna(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, FENNA, COLLEGE)


class TestCase:
    def test_every_disclosure_has_its_rule_ground_purpose_review_and_proof(
        self, hub_app: HubWorld, petra: Browser
    ) -> None:
        case = zaak(hub_app, BELASTING)
        Toezicht(hub_app.services.ledger).run(utc_now())
        page = petra.get(f"/toezicht/casussen/{case.id}").text
        disclosed = page.partition("Verstrekkingen</h2>")[2].partition("<h2>")[0]
        for said in (
            "elastingdienst",
            "riec handhaving mensenhandel",
            "Verklaard door: ",
            "WGS",
            "Nagerekend: staat in het logboek",
        ):
            assert said in disclosed
        assert "De reeks is volledig" in page
        assert "Deze bladzijde is nagerekend" in page
        assert "Testowicz" not in page

    def test_it_is_saved_as_a_table_and_as_evidence(self, hub_app: HubWorld, petra: Browser) -> None:
        case = zaak(hub_app, BELASTING)
        path = f"/toezicht/casussen/{case.id}"
        given = petra.get(f"{path}/tabel").content.decode("utf-8-sig").splitlines()
        whole = petra.get(f"{path}/tabel", alles="ja").content.decode("utf-8-sig").splitlines()
        assert all(";verstrekken;" in one for one in given[1:])
        assert 1 < len(given) < len(whole)
        evidence = petra.post(f"{path}/bewijs", doel="rechtmatigheidscontrole")
        assert evidence.headers["content-type"] == "application/zip", evidence.text
        assert evidence.content[:2] == b"PK"

    def test_the_number_of_a_case_leads_to_it(self, hub_app: HubWorld, petra: Browser) -> None:
        case = zaak(hub_app)
        assert petra.get("/toezicht/casus", casusId=f" {case.id} ").url.path.endswith(f"/casussen/{case.id}")
        wrong = petra.get("/toezicht/casus", casusId="zomaar")
        assert wrong.status_code == 400
        assert 'href="#zoek-casusId"' in wrong.text

    def test_who_does_not_test_others_does_not_get_it(self, hub_app: HubWorld, fenna: Browser) -> None:
        assert fenna.get(f"/toezicht/casussen/{NOBODY}").status_code == 404


class TestPerson:
    def test_the_number_stays_out_of_the_address(self, hub_app: HubWorld, petra: Browser) -> None:
        person = str(hub_app.id())
        hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk(), inhoud=inhoud(persoon(person)))
        answer = petra.post("/toezicht/betrokkene", betrokkeneId=person, doel="rechtmatigheidscontrole")
        assert "verzamelen" in answer.text
        assert person not in str(answer.url)
        assert PETRA in hub_app.last_look().decode()

    def test_a_number_that_is_none_is_explained_and_kept(self, petra: Browser) -> None:
        answer = petra.post("/toezicht/betrokkene", betrokkeneId="geen-nummer", doel="rechtmatigheidscontrole")
        assert answer.status_code == 400
        assert 'value="geen-nummer"' in answer.text

    def test_nobody_else_may_ask(self, fenna: Browser) -> None:
        answer = fenna.post("/toezicht/betrokkene", betrokkeneId=str(NOBODY), doel="rechtmatigheidscontrole")
        assert answer.status_code == 403


class TestLookingBack:
    def test_what_a_seat_could_see_and_why(self, hub_app: HubWorld, petra: Browser) -> None:
        case = zaak(hub_app, BELASTING)
        page = petra.get("/toezicht/terugkijken", casusId=str(case.id), zetel=BELASTING).text
        assert "Wat te zien was" in page
        assert "rol in casus" in page

    def test_long_before_it_could_see_nothing(self, hub_app: HubWorld, petra: Browser) -> None:
        case = zaak(hub_app)
        answer = petra.get("/toezicht/terugkijken", casusId=str(case.id), zetel=COLLEGE, op="2020-01-01")
        assert answer.status_code == 404
        assert "Op die dag kon deze zetel niets van deze casus weten." in answer.text

    def test_what_was_typed_wrong_is_said(self, petra: Browser) -> None:
        answer = petra.get("/toezicht/terugkijken", casusId="geen", zetel=COLLEGE, op="gisteren")
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text


def test_a_draft_shows_what_would_close(hub_app: HubWorld, petra: Browser, tmp_path: Path) -> None:
    zaak(hub_app, BELASTING)
    versie = proposed(hub_app, tmp_path)
    assert f"/console/toezicht/beleid/{versie.replace(':', '%3A')}" in petra.get("/toezicht/beleid").text
    page = petra.get(f"/toezicht/beleid/{versie}")
    assert page.status_code == 200
    assert "beslissingen zijn opnieuw gevraagd" in page.text


class TestOverview:
    def test_it_shows_figures_of_this_seat_without_small_ones(self, hub_app: HubWorld, fenna: Browser) -> None:
        for _ in range(11):
            hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
        page = fenna.get("/overzicht").text
        assert 'class="loopt"' in page
        assert "loopt nog" in page
        assert "style=" not in page

    def test_more_in_view_is_a_gain_and_less_is_no_improvement(self) -> None:
        rising, falling = [20, 30], [30, 20]
        said = [compared(list(zip(MONTHS[1:3], figures, strict=True))) for figures in (rising, falling)]
        assert "winst" in said[0]
        assert "zegt niet dat er minder gebeurt" in said[1]
        assert set(said) <= english().keys()
        assert compared(list(zip(MONTHS, [30, 20, None, 4], strict=True))) == ""

    def test_bars_rise_with_the_figure_and_one_left_out_gives_nothing_away(self) -> None:
        low, high, none, _ = bars(list(zip(MONTHS, [10, 20, None, 15], strict=True)))
        assert (low.hoogte, high.hoogte, none.hoogte) == (HEIGHT // 2, HEIGHT, LEFT_OUT)
        assert none.aantal is None

    def test_english_is_there(self) -> None:
        assert set(KOPPEN.values()) <= english().keys()
