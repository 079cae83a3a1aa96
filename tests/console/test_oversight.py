"""The officer's desk at the console."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from hub.audit.access import Access
from hub.console.officer.oversight import BUREAU, LIJSTEN
from hub.console.page.downloads import cell
from hub.console.page.frame import ZONE, english
from hub.handling.toezicht import Toezicht
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld
from tests.console.people import Browser, somebody

PETRA = "petra.proef"
COLLEGE, ZC = "gemeente.college-handhaving@ede", "zc.opvang@ede"


@pytest.fixture
def petra(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, PETRA)


@pytest.fixture
def snooped(hub_app: HubWorld) -> tuple[UUID, int]:
    """A signal, and the number of a look at it by somebody whom nothing ties to it."""
    signaal = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
    look = Access(
        handeling="raadplegen",
        vraag="signalen/{signaalId}",
        resultaat="toegestaan",
        zetel=COLLEGE,
        oin="00000099000000000001",
        actor="nieuwsgierige-collega",
        herkomst="192.0.2.9",
        tijdstip=utc_now(),
        doel="toezicht-arbeid",
        trace="0" * 32,
        objecten=(f"signaal:{signaal}",),
        velden=("signaal-inhoud",),
    )
    (number,) = hub_app.hub.store.append_access([look.entry()])
    Toezicht(hub_app.services.ledger).run(utc_now())
    return signaal, number


def test_the_desk_counts_what_waits(petra: Browser, snooped: tuple[UUID, int]) -> None:
    assert "wachten op uw oordeel" in petra.get("/toezicht").text


@pytest.mark.parametrize("naam", sorted(LIJSTEN))
def test_every_list_opens(petra: Browser, naam: str) -> None:
    answer = petra.get(f"/toezicht/{naam}")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("naam", ["logboeken", "beleid", "raadplegingen", "dpia", "jaarverslag", "ontwerp", "casus"])
def test_the_proof_and_the_policy_open(petra: Browser, naam: str) -> None:
    answer = petra.get(f"/toezicht/{naam}")
    assert answer.status_code == 200, answer.text


def test_an_unexplained_access_is_signed_off_with_a_reason(petra: Browser, snooped: tuple[UUID, int]) -> None:
    path, here = f"/toezicht/onverklaard/daden/oordeel-{snooped[1]}", {"na": str(snooped[1] - 1)}
    assert f"Raadpleging {snooped[1]}" in petra.get("/toezicht/onverklaard", **here).text
    refused = petra.post(path, **here, uitkomst="onterecht", motivering="")
    assert refused.status_code == 400
    assert f'href="#oordeel-{snooped[1]}-motivering"' in refused.text
    assert 'value="onterecht" checked' in refused.text
    answer = petra.post(path, **here, uitkomst="onterecht", motivering="geen taak bij dit signaal")
    assert f"Raadpleging {snooped[1]}" not in answer.text


class TestTogether:
    PATH = "/toezicht/onverklaard/daden/samen"

    @pytest.fixture
    def refused(self, hub_app: HubWorld) -> list[str]:
        """The numbers of two refused looks of one seat."""
        signaal, before = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk()), hub_app.looks()
        for _ in range(2):
            hub_app.as_seat(ZC).get(f"/signalen/{signaal}", doel="zorg-opvang")
        Toezicht(hub_app.services.ledger).run(utc_now())
        return [str(before + 1), str(before + 2)]

    def test_refused_looks_of_one_cause_are_ticked_and_each_is_judged(
        self, hub_app: HubWorld, petra: Browser, refused: list[str]
    ) -> None:
        cause = {"bevinding": "geweigerd", "raadpleger": ZC, "na": str(int(refused[0]) - 1)}
        assert f'value="{refused[0]}"' in petra.get("/toezicht/onverklaard", **cause).text
        nothing = petra.post(self.PATH, **cause, uitkomst="terecht", motivering="proef")
        assert nothing.status_code == 400
        assert 'href="#samen-nummers"' in nothing.text
        said = {"uitkomst": "terecht", "motivering": "een proef van de koppeling"}
        done = petra.post(self.PATH, **cause, nummers=refused[0], **said)
        assert "1 afgetekend." in done.text
        assert f'value="{refused[0]}"' not in done.text
        assert refused[1] in done.text

    def test_what_did_show_something_is_never_among_them(
        self, petra: Browser, refused: list[str], snooped: tuple[UUID, int]
    ) -> None:
        number = str(snooped[1])
        cause = {"bevinding": "niet-aangewezen", "raadpleger": COLLEGE, "na": str(snooped[1] - 1)}
        tried = petra.post(self.PATH, **cause, nummers=number, uitkomst="terecht", motivering="x")
        assert tried.status_code == 400
        assert f"Raadpleging {number}" in petra.get("/toezicht/onverklaard", **cause).text


def test_accesses_are_found_by_signal_and_the_search_itself_is_on_record(
    hub_app: HubWorld, petra: Browser, snooped: tuple[UUID, int]
) -> None:
    text = petra.get("/toezicht/raadplegingen", signaalId=str(snooped[0])).text
    assert "nieuwsgierige-collega" in text
    assert PETRA in hub_app.last_look().decode()


def test_accesses_are_found_by_day_and_by_what_they_were_for(petra: Browser, snooped: tuple[UUID, int]) -> None:
    signal = {"signaalId": str(snooped[0])}
    today, tomorrow = (str(utc_now().astimezone(ZONE).date() + timedelta(days=one)) for one in (0, 1))
    found = petra.get("/toezicht/raadplegingen", **signal, van=today, tot=today, waarvoor="toezicht-arbeid").text
    assert "nieuwsgierige-collega" in found
    for other in ({"van": tomorrow}, {"tot": "2020-01-01"}, {"waarvoor": "zorg-opvang"}):
        assert "nieuwsgierige-collega" not in petra.get("/toezicht/raadplegingen", **signal, **other).text


def test_a_wrong_day_is_said_at_its_field_and_kept(petra: Browser) -> None:
    answer = petra.get("/toezicht/raadplegingen", van="gisteren", casusId="geen")
    assert answer.status_code == 400
    for linked in ('href="#zoek-van"', 'href="#zoek-casusId"', 'id="fout-zoek-van"', 'value="geen"'):
        assert linked in answer.text


def test_a_search_is_saved_as_a_table_that_no_spreadsheet_runs(
    hub_app: HubWorld, petra: Browser, snooped: tuple[UUID, int]
) -> None:
    before = hub_app.looks()
    saved = petra.get("/toezicht/raadplegingen/tabel", signaalId=str(snooped[0]))
    assert saved.headers["content-type"].startswith("text/csv")
    assert "attachment" in saved.headers["content-disposition"]
    rows = saved.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("nummer;tijdstip;zetel;medewerker")
    assert "nieuwsgierige-collega" in saved.text
    assert hub_app.looks() > before
    assert [cell(one) for one in ("=1+1", " @x", "-3", "gewoon", None, ["a", "b"])] == [
        "'=1+1",
        "' @x",
        "'-3",
        "gewoon",
        "",
        "a, b",
    ]


def test_who_does_not_test_others_has_no_desk(hub_app: HubWorld) -> None:
    answer = somebody(hub_app, "zita.proef").get("/toezicht/onverklaard")
    assert answer.status_code == 403
    assert "nieuwsgierige" not in answer.text


def test_english_is_there_for_the_lists() -> None:
    said = {one.titel for one in LIJSTEN.values()} | {one.uitleg for one in LIJSTEN.values()}
    said |= {kolom.kop for one in LIJSTEN.values() for kolom in one.kolommen}
    said |= set(BUREAU) | {text for cards in BUREAU.values() for one in cards for text in (one.titel, one.uitleg)}
    assert said - english().keys() == set()
