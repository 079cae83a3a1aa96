"""One story of the casebook to its end: who reported hears how it went, who was wrongly informed hears that too.

In cb-005 a housing corporation reports to the local police and to the municipality. The municipality says how it ended,
the police say nothing; and what the police told CoMensha is put right.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hub.demo import stories
from hub.handling.verlopen import verlopen
from tests.e2e.telling import Teller, seats
from tests.e2e.world import World, opened, story_time

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("terugkoppeling")]

CORPORATIE, AF, BASISTEAM = "woningcorporatie@ede", "gemeente.af-oov@ede", "politie.basisteam@ede"
COMENSHA, AVIM, PO = "comensha@landelijk", "politie.avim@oost-nederland", "privacy-officer@landelijk"


@pytest.fixture(scope="module")
def told(postgres_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The story told, and more than a year gone by: everybody who says nothing is late."""
    (story,) = [one for one in stories() if one.id == "cb-005"]
    with opened(postgres_dsn, tmp_path_factory.mktemp("hub")) as world:
        Teller(world, seats()).tell(story)
        for days in (400, 430):
            verlopen(world.hub.ledger(), story_time() + timedelta(days=days))
        world.settle()
        yield world


def asked(world: World, zetel: str, path: str, **query: Any) -> Any:
    answer = world.http.get(f"/v1{path}", params=query, headers=world.bearer(zetel))
    assert answer.status_code == 200, answer.text
    return answer.json()


def feedback(world: World, zetel: str, **query: Any) -> list[dict[str, Any]]:
    return list(asked(world, zetel, "/terugkoppelingen", aantal=500, **query)["terugkoppelingen"])


def recalls(world: World, zetel: str, **query: Any) -> list[dict[str, Any]]:
    return list(asked(world, zetel, "/terugroepingen", aantal=500, **query)["terugroepingen"])


def test_the_reporter_knows_how_its_signal_ended_and_who_never_said(told: World) -> None:
    mine = {one["ontvanger"]: one for one in feedback(told, CORPORATIE) if one["rol"] == "melder"}
    assert mine.keys() == {AF, BASISTEAM}
    assert (mine[AF]["status"], mine[AF]["gemeld"]) == ("gegeven", "afgesloten")
    assert (mine[BASISTEAM]["status"], mine[BASISTEAM]["gemeld"]) == ("te-laat", None)
    signaal = asked(told, CORPORATIE, f"/signalen/{mine[AF]['signaalId']}", doel="interne-controle")
    assert signaal["terugkoppelstand"]["status"] == "afgesloten"
    assert not {"aanhoudreden", "herinnerdOp", "geescaleerdOp"} & set().union(*mine.values())


def test_silence_came_before_the_officer_who_reads_no_word_of_the_signal(told: World) -> None:
    late = [one for one in feedback(told, PO, status="te-laat") if one["melder"] == CORPORATIE]
    assert [one["ontvanger"] for one in late] == [BASISTEAM]
    assert late[0]["herinnerdOp"]
    assert late[0]["geescaleerdOp"]
    assert all(one["rol"] == "toezicht" for one in feedback(told, PO))
    assert "Over uw melding" not in str(feedback(told, PO))


def test_who_reads_along_learns_of_no_other_feedback(told: World) -> None:
    for zetel in (CORPORATIE, BASISTEAM, AF, AVIM):
        seen = feedback(told, zetel)
        assert all(zetel in (one["ontvanger"], one["melder"]) for one in seen)
    assert feedback(told, "school@ede") == []


def test_what_was_put_right_is_answered_and_who_does_not_is_on_the_list_of_the_officer(told: World) -> None:
    [mine] = [one for one in recalls(told, COMENSHA) if one["aard"] == "rectificatie"]
    assert (mine["rol"], mine["status"]) == ("ontvanger", "te-laat")
    before = {one["terugroepingId"] for one in recalls(told, PO, status="onbeantwoord")}
    assert mine["terugroepingId"] in before
    path = f"/v1/signalen/{mine['signaalId']}/terugroepingbevestigingen"
    answer = {"terugroepingId": mine["terugroepingId"], "gevolg": "verwerkt"}
    assert told.http.post(path, json=answer, headers=told.bearer(COMENSHA)).status_code == 201
    told.settle()
    assert {one["terugroepingId"] for one in recalls(told, PO, status="onbeantwoord")} == before - {
        mine["terugroepingId"]
    }
    [seen] = [one for one in recalls(told, AVIM, status="bevestigd") if one["terugroepingId"] == mine["terugroepingId"]]
    assert (seen["rol"], seen["gevolg"]) == ("bron", "verwerkt")
