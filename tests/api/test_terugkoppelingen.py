"""Feedback through the door: owed on passing on, given or withheld, late for all to see who may."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from hub.domain.terugkoppeling import schuld_id
from hub.handling.disclose import HUBZETEL
from hub.handling.terugkoppelen import keep_time
from tests.api.hub_world import NOBODY, HubWorld, doorzetting, inhoud

ZC, AVIM, NLA, PO = "zc.opvang@ede", "politie.avim@oost-nederland", "nla@landelijk", "privacy-officer@landelijk"
DOEL = "veiligheid-slachtoffer"
GEVAAR = {"gevaar": "acuut", "reden_vastgelegd": True}
WOORDEN = "Wij spreken haar morgen."


@pytest.fixture
def signaal(hub_app: HubWorld) -> UUID:
    """A signal of care that was passed on to the police."""
    return passed_on(hub_app)


def passed_on(world: HubWorld) -> UUID:
    zc = world.as_seat(ZC)
    signaal = zc.registers(world.kenmerk(), inhoud=inhoud(toelichting="zij durft niet naar huis"))
    zc.act(f"/signalen/{signaal}/doorzettingen", doorzetting(AVIM, DOEL, omstandigheden=GEVAAR))
    return signaal


def owed(world: HubWorld, zetel: str, signaal: UUID, **query: str) -> list[dict[str, Any]]:
    world.settle()
    asked = {"signaalId": str(signaal), **query}
    return list(world.as_seat(zetel).get("/terugkoppelingen", **asked).json()["terugkoppelingen"])


def debt(signaal: UUID) -> str:
    """Worked out, for to look it up is a line in the log."""
    return str(schuld_id(signaal, AVIM, ZC))


def some_days_later(world: HubWorld, signaal: UUID, days: int) -> None:
    """The clock comes by this signal alone."""
    moment = world.services.clock() + timedelta(days=days)
    world.services.ledger.perform(partial(keep_time, signaal_id=signaal), HUBZETEL, moment)


def withholds(world: HubWorld, signaal: UUID, reden: str, days: int = 30) -> dict[str, Any]:
    day = world.services.clock().date() + timedelta(days=days)
    body = {"terugkoppelingId": debt(signaal), "aanhoudreden": reden, "herbezienOp": day.isoformat()}
    return world.as_seat(AVIM).act(f"/signalen/{signaal}/terugkoppelaanhoudingen", body)


def test_each_sees_its_own_side_and_the_officer_all_without_content(hub_app: HubWorld, signaal: UUID) -> None:
    assert [one["terugkoppelingId"] for one in owed(hub_app, AVIM, signaal)] == [debt(signaal)]
    roles = {zetel: [one["rol"] for one in owed(hub_app, zetel, signaal)] for zetel in (AVIM, ZC, PO, NLA)}
    assert roles == {AVIM: ["ontvanger"], ZC: ["melder"], PO: ["toezicht"], NLA: []}
    body = {"aan": ZC, "status": "opgepakt", "bericht": WOORDEN}
    hub_app.as_seat(AVIM).act(f"/signalen/{signaal}/terugkoppelingen", body)
    [mine] = owed(hub_app, ZC, signaal)
    assert (mine["status"], mine["gemeld"]) == ("open", "opgepakt")
    seen = hub_app.sees(ZC, signaal, DOEL).json()
    assert seen["terugkoppelstand"]["status"] == "opgepakt"
    assert WOORDEN in str(seen)
    supervised = str(owed(hub_app, PO, signaal))
    assert "opgepakt" in supervised
    assert WOORDEN not in supervised
    assert "durft" not in supervised


def test_the_list_can_be_asked_by_status(hub_app: HubWorld, signaal: UUID) -> None:
    for zetel in (AVIM, ZC, PO):
        assert len(owed(hub_app, zetel, signaal, status="open")) == 1
    some_days_later(hub_app, signaal, 7)
    for zetel in (AVIM, ZC, PO):
        assert owed(hub_app, zetel, signaal, status="open") == []
        assert len(owed(hub_app, zetel, signaal, status="te-laat")) == 1
    some_days_later(hub_app, signaal, 21)
    [late] = owed(hub_app, PO, signaal)
    assert late["herinnerdOp"]
    assert late["geescaleerdOp"]
    withholds(hub_app, signaal, "onthouden-privacy")
    assert len(owed(hub_app, AVIM, signaal, status="aangehouden")) == 1
    assert owed(hub_app, ZC, signaal, status="aangehouden") == []
    assert hub_app.as_seat(AVIM).get("/terugkoppelingen", status="anders").status_code == 400


def test_no_follow_up_needs_a_reason_of_the_list(hub_app: HubWorld, signaal: UUID) -> None:
    body = {"aan": ZC, "status": "geen-opvolging-met-reden", "bericht": "Te weinig."}
    police, path = hub_app.as_seat(AVIM), f"/signalen/{signaal}/terugkoppelingen"
    assert police.post(path, body).status_code == 409
    assert police.post(path, {**body, "reden": "zomaar"}).status_code == 400
    police.act(path, {**body, "reden": "onvoldoende-aanknopingspunten"})
    [mine] = owed(hub_app, ZC, signaal)
    assert (mine["status"], mine["gemeld"], mine["uiterlijk"]) == ("gegeven", "geen-opvolging-met-reden", None)
    assert "onvoldoende-aanknopingspunten" in hub_app.sees(ZC, signaal, DOEL).text


def test_who_owes_nothing_withholds_nothing_and_learns_nothing(hub_app: HubWorld, signaal: UUID) -> None:
    body = {
        "terugkoppelingId": debt(signaal),
        "aanhoudreden": "onthouden-privacy",
        "herbezienOp": "2999-01-01",
    }
    answers = [hub_app.as_seat(NLA).post(f"/signalen/{id}/terugkoppelaanhoudingen", body) for id in (signaal, NOBODY)]
    assert [one.status_code for one in answers] == [404, 404]
    assert len({str({**one.json(), "instance": ""}) for one in answers}) == 1
    assert hub_app.as_seat(ZC).post(f"/signalen/{signaal}/terugkoppelaanhoudingen", body).status_code == 404
    assert hub_app.as_seat(AVIM).post(f"/signalen/{signaal}/terugkoppelaanhoudingen", body).status_code == 409
