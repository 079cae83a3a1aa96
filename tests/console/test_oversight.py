"""The officer's desk at the console."""

from __future__ import annotations

from uuid import UUID

import pytest

from hub.audit.access import Access
from hub.console.frame import english
from hub.console.oversight import LIJSTEN
from hub.handling.toezicht import Toezicht
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld
from tests.console.people import Browser, somebody

PETRA = "petra.proef"
COLLEGE = "gemeente.college-handhaving@ede"


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


@pytest.mark.parametrize("naam", ["logboeken", "beleid", "raadplegingen"])
def test_the_proof_and_the_policy_open(petra: Browser, naam: str) -> None:
    answer = petra.get(f"/toezicht/{naam}")
    assert answer.status_code == 200, answer.text


def test_an_unexplained_access_is_signed_off_with_a_reason(petra: Browser, snooped: tuple[UUID, int]) -> None:
    path = f"/toezicht/onverklaard/{snooped[1]}"
    assert f"Raadpleging {snooped[1]}" in petra.get("/toezicht/onverklaard").text
    assert petra.post(path, uitkomst="onterecht", motivering="").status_code == 400
    answer = petra.post(path, uitkomst="onterecht", motivering="geen taak bij dit signaal")
    assert f"Raadpleging {snooped[1]}" not in answer.text


def test_accesses_are_found_by_signal_and_the_search_itself_is_on_record(
    hub_app: HubWorld, petra: Browser, snooped: tuple[UUID, int]
) -> None:
    text = petra.get("/toezicht/raadplegingen", signaalId=str(snooped[0])).text
    assert "nieuwsgierige-collega" in text
    assert PETRA in hub_app.last_look().decode()


def test_who_does_not_test_others_has_no_desk(hub_app: HubWorld) -> None:
    answer = somebody(hub_app, "zita.proef").get("/toezicht/onverklaard")
    assert answer.status_code == 403
    assert "nieuwsgierige" not in answer.text


def test_english_is_there_for_the_lists() -> None:
    said = {one.titel for one in LIJSTEN.values()} | {one.uitleg for one in LIJSTEN.values()}
    said |= {kolom.kop for one in LIJSTEN.values() for kolom in one.kolommen}
    assert said - english().keys() == set()
