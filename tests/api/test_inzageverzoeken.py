"""Requests by persons through the doors: who may, what is on record, and what the answer looks like."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from hub.sealing import utc_now
from tests.api.hub_world import NOBODY, HubWorld, Seat, persoon

CP, PO, ZC = "contactpunt@midden-nederland", "privacy-officer@landelijk", "zc.opvang@ede"
SIZE = 32 * 1024


def bsn_of(number: int) -> str:
    """A test number that passes the elfproef, one for each test."""
    for last in range(100):
        digits = f"9999{number:03d}{last:02d}"
        if sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0:
            return digits
    raise AssertionError(number)


class Aanvraag:
    """One request for access of one person, of whom one source has a record."""

    def __init__(self, world: HubWorld, number: int) -> None:
        self.world, self.id, self.bsn = world, world.id(), bsn_of(number)
        self.cp: Seat = world.as_seat(CP)
        self.zc: Seat = world.as_seat(ZC)
        self.persoon = world.id()

    def known(self) -> UUID:
        her = persoon(self.persoon, naam="Testa <b>Fictema</b>", bsn=self.bsn)
        content = {"vormen": ["onbekend"], "zekerheid": "vermoeden", "betrokkenen": [her]}
        return self.zc.registers(self.world.kenmerk(), inhoud=content)

    def received(self, recht: str = "inzage") -> None:
        day = utc_now().date() - timedelta(days=2)
        body = {"verzoekId": str(self.id), "recht": recht, "ontvangenOp": day.isoformat(), "kanaal": "post"}
        self.cp.act("/inzageverzoeken", body)

    def identified(self) -> None:
        self.cp.act(f"/inzageverzoeken/{self.id}/identiteit", {"middel": "digid", "identiteit": {"bsn": self.bsn}})

    def consulted(self) -> None:
        self.cp.act(f"/inzageverzoeken/{self.id}/raadplegingen", {})

    def ready(self) -> None:
        self.received()
        self.identified()
        self.consulted()

    def answer(self, **query: Any) -> Any:
        return self.cp.get(f"/inzageverzoeken/{self.id}/antwoord", **query)

    def row(self, seat: Seat) -> dict[str, Any]:
        rows = seat.get("/inzageverzoeken").json()["verzoeken"]
        return next((one for one in rows if one["verzoekId"] == str(self.id)), {})


def test_a_person_reads_what_there_is_and_the_look_is_on_record_first(hub_app: HubWorld) -> None:
    request = Aanvraag(hub_app, 100)
    signaal = request.known()
    request.ready()
    mine = request.row(request.zc)
    assert (mine["gevraagd"], mine["betreft"][0]["signaalId"]) == (True, str(signaal))
    assert request.answer().status_code == 409
    request.zc.act(f"/inzageverzoeken/{request.id}/geen-weigeringsgronden", {})
    page = request.answer()
    assert page.status_code == 200, page.text
    assert page.headers["content-type"].startswith("text/html")
    assert "Testa &lt;b&gt;Fictema" in page.text
    assert len(page.content) % SIZE == 0
    look = orjson.loads(hub_app.last_look())
    assert (look["doel"], look["handeling"], look["resultaat"]) == ("betrokkene-rechten", "verstrekken", "toegestaan")
    assert f"signaal:{signaal}" in look["objecten"]
    assert {"identificerend", "bsn"} <= set(look["velden"])
    assert request.bsn not in str(look)
    whole = request.answer(vorm="json")
    assert len(whole.content) % SIZE == 0
    assert whole.json()["inzage"]["bronnen"][0]["gegevens"]["bsn"] == request.bsn


def test_too_little_to_know_who_asks_is_a_fault_of_the_input(hub_app: HubWorld) -> None:
    request = Aanvraag(hub_app, 119)
    request.received()
    for said in ({}, {"naam": "Testa Fictema"}):
        answer = request.cp.post(f"/inzageverzoeken/{request.id}/identiteit", {"middel": "digid", "identiteit": said})
        assert answer.status_code == 400, answer.text
        assert "burgerservicenummer" in answer.text


def test_without_a_record_of_the_look_nothing_leaves(hub_app: HubWorld) -> None:
    from tests.api.hub_world import FailingAccessLog

    request = Aanvraag(hub_app, 101)
    request.ready()
    door = hub_app.with_access_log(FailingAccessLog())
    answer = door.get(f"/v1/inzageverzoeken/{request.id}/antwoord", headers=dict(request.cp.headers))
    assert answer.status_code == 503


def test_a_refused_request_and_an_unknown_person_get_the_same_bytes(hub_app: HubWorld) -> None:
    known, unknown = Aanvraag(hub_app, 102), Aanvraag(hub_app, 103)
    known.known()
    for one in (known, unknown):
        one.ready()
    ground = {"letter": "d-strafbare-feiten", "afweging": "er loopt iets"}
    known.zc.act(f"/inzageverzoeken/{known.id}/weigeringsgronden", ground)
    for vorm in ("html", "json"):
        assert known.answer(vorm=vorm).content == unknown.answer(vorm=vorm).content
    refused = known.cp.post(f"/inzageverzoeken/{known.id}/antwoorden", {})
    assert refused.status_code == 403
    known.cp.act(f"/inzageverzoeken/{known.id}/weigeringen", ground | {"deelnemer": ZC})
    unknown.cp.act(f"/inzageverzoeken/{unknown.id}/antwoorden", {})
    for vorm in ("html", "json"):
        assert known.answer(vorm=vorm).content == unknown.answer(vorm=vorm).content


@pytest.mark.parametrize("zetel", [ZC, PO, "contactpunt@noord-holland", "politie.avim@oost-nederland"])
def test_another_seat_cannot_tell_that_there_is_such_a_request(hub_app: HubWorld, zetel: str) -> None:
    request = Aanvraag(hub_app, 104)
    request.ready()
    seat = hub_app.as_seat(zetel)
    there = seat.get(f"/inzageverzoeken/{request.id}/antwoord").json()
    nowhere = seat.get(f"/inzageverzoeken/{NOBODY}/antwoord").json()
    assert there["status"] == 404
    assert there | {"instance": ""} == nowhere | {"instance": ""}
    for path, body in (("sluitingen", {"reden": "ingetrokken"}), ("geen-weigeringsgronden", {})):
        assert seat.post(f"/inzageverzoeken/{request.id}/{path}", body).status_code == 404


def test_supervision_sees_every_request_and_nothing_of_who_asks(hub_app: HubWorld) -> None:
    request = Aanvraag(hub_app, 105)
    request.known()
    request.ready()
    row = request.row(hub_app.as_seat(PO))
    assert (row["behandelaar"], row["wachtOp"], row["betreft"]) == (CP, [ZC], [])
    assert request.bsn not in str(row)
    assert request.row(hub_app.as_seat("politie.avim@oost-nederland")) == {}


def test_a_granted_erasure_is_a_task_of_the_source(hub_app: HubWorld) -> None:
    request = Aanvraag(hub_app, 106)
    signaal = request.known()
    request.received("wissing")
    request.identified()
    request.cp.act(f"/inzageverzoeken/{request.id}/besluiten", {"besluit": "toegewezen", "motivering": "niet nodig"})
    [task] = request.row(request.zc)["taken"]
    assert (task["taak"], task["signaalId"], task["betrokkenen"]) == ("wis", str(signaal), [str(request.persoon)])
    request.zc.act(f"/inzageverzoeken/{request.id}/taakafrondingen", {"taakId": task["taakId"], "gedaan": True})
    assert request.row(request.zc)["taken"] == []


def test_the_contact_point_lists_whom_to_tell_and_nobody_else_does(hub_app: HubWorld) -> None:
    assert hub_app.as_seat(CP).get("/kennisgevingen", nu=True).status_code == 200
    assert hub_app.as_seat(ZC).get("/kennisgevingen").status_code == 404
    body = {"letter": "d-strafbare-feiten", "deelnemer": ZC, "afweging": "loopt", "tot": "2099-01-01"}
    for zetel in (CP, ZC):
        answer = hub_app.as_seat(zetel).post(f"/signalen/{NOBODY}/kennisgevingsuitstellen", body)
        assert answer.status_code == 404
