"""The officer's queue through the door: for the four purposes, for who tests lawfulness, and itself on record."""

from __future__ import annotations

from uuid import UUID

import orjson
import pytest

from hub.audit.access import Access
from hub.handling.toezicht import Toezicht
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld, doorzetting

COLLEGE, ZC = "gemeente.college-handhaving@ede", "zc.opvang@ede"
OFFICER = "privacy-officer@landelijk"
DOEL = "rechtmatigheidscontrole"
QUEUE = "/raadplegingen/onverklaard"


@pytest.fixture
def snooped(hub_app: HubWorld) -> tuple[UUID, int]:
    """A signal, and the number of a look at it by a person whom nothing ties to it."""
    signaal = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
    record = Access(
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
    (number,) = hub_app.hub.store.append_access([record.entry()])
    Toezicht(hub_app.services.ledger).run(utc_now())
    return signaal, number


def test_the_officer_sees_what_no_fact_explains(hub_app: HubWorld, snooped: tuple[UUID, int]) -> None:
    signaal, number = snooped
    answer = hub_app.as_seat(OFFICER).get(QUEUE, doel=DOEL, na=number - 1, aantal=1)
    assert answer.status_code == 200, answer.text
    (line,) = answer.json()["onverklaard"]
    assert line["nummer"] == number
    assert line["bevindingen"] == ["niet-aangewezen"]
    assert line["actor"] == "nieuwsgierige-collega"
    assert line["objecten"] == [f"signaal:{signaal}"]
    assert answer.json()["beoordeeldTot"] >= number


def test_the_provider_s_own_system_is_explained(hub_app: HubWorld, snooped: tuple[UUID, int]) -> None:
    hub_app.settle()
    assert hub_app.sees(COLLEGE, snooped[0], "toezicht-arbeid").status_code == 200
    before = {one["nummer"] for one in waiting(hub_app)}
    Toezicht(hub_app.services.ledger).run(utc_now())
    assert {one["nummer"] for one in waiting(hub_app)} == before


def waiting(hub_app: HubWorld) -> list[dict[str, object]]:
    answer = hub_app.as_seat(OFFICER).get(QUEUE, doel=DOEL, aantal=500)
    return list(answer.json()["onverklaard"])


def test_the_queue_is_counted_and_asked_by_cause_and_read_on_page_by_page(
    hub_app: HubWorld, snooped: tuple[UUID, int]
) -> None:
    officer = hub_app.as_seat(OFFICER)
    hub_app.as_seat(ZC).get(f"/signalen/{snooped[0]}", doel="zorg-opvang")
    hub_app.as_seat(ZC).get(f"/signalen/{snooped[0]}", doel="zorg-opvang")
    Toezicht(hub_app.services.ledger).run(utc_now())
    asked = {"doel": DOEL, "bevinding": "geweigerd", "raadpleger": ZC}
    first = officer.get(QUEUE, **asked, aantal=1).json()
    (cause,) = [one for one in first["oorzaken"] if one["raadpleger"] == ZC and one["bevindingen"] == ["geweigerd"]]
    assert cause["aantal"] == first["gevonden"] < first["wachtend"]
    seen = [first["onverklaard"][0]["nummer"]]
    while first["volgende"] is not None:
        first = officer.get(QUEUE, **asked, aantal=1, na=first["volgende"]).json()
        seen += [one["nummer"] for one in first["onverklaard"]]
    assert len(seen) == len(set(seen)) == cause["aantal"]
    assert snooped[1] not in seen


def test_each_look_at_the_queue_is_itself_in_the_log(hub_app: HubWorld) -> None:
    hub_app.as_seat(OFFICER).get(QUEUE, doel=DOEL)
    assert orjson.loads(hub_app.last_look())["vraag"] == "raadplegingen/onverklaard"


@pytest.mark.parametrize(("zetel", "doel"), [(ZC, DOEL), (COLLEGE, "zorg-opvang"), (OFFICER, "prestatiesturing")])
def test_nobody_else_and_for_nothing_else(hub_app: HubWorld, zetel: str, doel: str) -> None:
    assert hub_app.as_seat(zetel).get(QUEUE, doel=doel).status_code == 403


def test_the_officer_signs_off_once(hub_app: HubWorld, snooped: tuple[UUID, int]) -> None:
    path = f"/raadplegingen/{snooped[1]}/aftekeningen"
    body = {"uitkomst": "onterecht", "motivering": "geen taak bij dit signaal"}
    assert hub_app.as_seat(COLLEGE).post(path, body).status_code == 403
    hub_app.as_seat(OFFICER).act(path, body)
    assert hub_app.as_seat(OFFICER).post(path, body).status_code == 409
    assert snooped[1] not in {one["nummer"] for one in waiting(hub_app)}


def test_a_named_worker_is_explained(hub_app: HubWorld, snooped: tuple[UUID, int]) -> None:
    named = {"behandelingId": str(hub_app.id()), "signaalId": str(snooped[0]), "behandelaar": "een-collega"}
    hub_app.as_seat(COLLEGE).act("/behandelaars", named)
    assert hub_app.as_seat(ZC).post("/behandelaars", named).status_code == 404
    ended = {name: named[name] for name in ("behandelingId", "signaalId")}
    hub_app.as_seat(COLLEGE).act("/behandelaarsintrekkingen", ended)


def test_a_private_tie_is_reported_by_the_own_seat(hub_app: HubWorld, snooped: tuple[UUID, int]) -> None:
    body = {"signaalId": str(snooped[0]), "behandelaar": "een-buur"}
    hub_app.as_seat(COLLEGE).act("/belangmeldingen", body)
    assert hub_app.as_seat(ZC).post("/belangmeldingen", body).status_code == 404


def test_a_day_of_ordinary_work_through_the_doors_is_explained(hub_app: HubWorld) -> None:
    before = hub_app.looks()
    college, zc = hub_app.as_seat(COLLEGE), hub_app.as_seat(ZC)
    signaal = college.registers(hub_app.kenmerk())
    vouched = {"besluit_vastgelegd": True, "belang_slachtoffer": True}
    college.act(f"/signalen/{signaal}/doorzettingen", doorzetting(ZC, "zorg-opvang", omstandigheden=vouched))
    hub_app.settle()
    for seat, doel in ((college, "toezicht-arbeid"), (zc, "zorg-opvang")):
        assert seat.get(f"/signalen/{signaal}", doel=doel).status_code == 200
        assert seat.get("/signalen", doel=doel).status_code == 200
    for path in (f"/signalen/{signaal}/ontvangers", "/weigeringen", "/toestemmingen", "/overleggen", "/noodtoegangen"):
        assert college.get(path).status_code == 200
    for path in ("/raadplegingen/eigen-gegevens", f"/signalen/{signaal}/raadplegingen"):
        assert college.get(path).status_code == 200
    zc.get("/brugberichten")
    zc.act(f"/signalen/{signaal}/terugkoppelingen", {"aan": COLLEGE, "status": "opgepakt", "bericht": "Wij bellen."})
    Toezicht(hub_app.services.ledger).run(utc_now())
    late = [one for one in waiting(hub_app) if int(str(one["nummer"])) > before]
    assert late == []
