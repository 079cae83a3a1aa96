"""Every door says of what a seat may not know exactly what it says of what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
from fastapi.testclient import TestClient

from hub.api.app import create_app
from hub.api.doors import partner_routers
from hub.handling.verlopen import verlopen
from hub.sealing import utc_now
from hub.views.read import Views
from tests.api.hub_world import ADDRESS, NOBODY, HubWorld, Seat, doorzetting, inhoud, persoon

AVIM, ZC, AF = "politie.avim@oost-nederland", "zc.opvang@ede", "gemeente.af-oov@ede"
COLLEGE, NLA, TOEZICHT = "gemeente.college-handhaving@ede", "nla@landelijk", "nla@landelijk-toezicht"
PO = "privacy-officer@landelijk"
RIEC, DOEL = "riec-handhaving-mensenhandel", "veiligheid-slachtoffer"
CANARY = "Kanarie-zin die niemand mag zien"
DANGER = {"gevaar": "acuut", "reden_vastgelegd": True}
GROUND = {"letter": "d-strafbare-feiten", "afweging": "er loopt een onderzoek", "tot": "2099-01-01"}


def plain(answer: httpx.Response) -> tuple[int, Any]:
    """Status and body, without the number of the request."""
    body = answer.json()
    return answer.status_code, {**body, "instance": None} if isinstance(body, dict) else body


def doors(seat: Seat, signaal: UUID, doel: str) -> Iterator[tuple[str, httpx.Response]]:
    """Everything a seat can ask of one signal, and do with it."""
    there = f"/signalen/{signaal}"
    yield "lezen", seat.get(there, doel=doel)
    yield "ontvangers", seat.get(f"{there}/ontvangers")
    acts: dict[str, dict[str, Any]] = {
        "weerleggingen": {"motivering": "klopt niet"},
        "intrekkingen": {"motivering": "klopt niet"},
        "doorzettingen": doorzetting(AF, DOEL),
        "niet-delingen": {"motivering": "klopt niet", "herinnerOp": "2026-09-01"},
        "terugkoppelingen": {"aan": ZC, "status": "doorgezet", "bericht": "hallo"},
        "verrijkingen": {"verrijkingId": str(NOBODY), "herkomst": "eigen", "inhoud": inhoud()},
        "uitsluitingen": {"zetels": [AF], "toelichting": "proef"},
        "vertrouwelijkverklaringen": {**GROUND, "deelnemer": seat.zetel},
        "vertrouwelijkheidsopheffingen": {},
        "ontvangstbevestigingen": {"verstrekkingId": str(uuid5(signaal, f"{seat.zetel}#"))},
        "noodtoegangen": emergency(uuid5(signaal, seat.zetel)),
        "noodtoegangbevestigingen": {"noodtoegangId": str(NOBODY)},
    }
    for path, body in acts.items():
        yield path, seat.post(f"{there}/{path}", body)


def emergency(id: UUID, uren: int = 8) -> dict[str, Any]:
    return {
        "noodtoegangId": str(id),
        "categorieen": ["signaal-inhoud", "identificerend"],
        "reden": "zij wordt vannacht opgehaald",
        "gevaar": "acuut",
        "duurUren": uren,
    }


def looks_unknown(world: HubWorld, zetel: str, signaal: UUID, doel: str) -> None:
    """No door tells this signal from one that is not there, and no list knows of it."""
    world.settle()
    seat = world.as_seat(zetel)
    for (name, hidden), (_, absent) in zip(doors(seat, signaal, doel), doors(seat, NOBODY, doel), strict=True):
        assert plain(hidden) == plain(absent), name
        assert hidden.status_code == 404, (name, hidden.text)
    world.settle()
    for path in ("/signalen?doel=" + doel, "/weigeringen", "/toestemmingen", "/overleggen", "/noodtoegangen"):
        text = seat.get(path).text
        assert str(signaal) not in text, path
        assert CANARY not in text, path


@dataclass(frozen=True, slots=True)
class Casus:
    """A RIEC case of the municipality with the labour inspectorate, and its first contribution."""

    world: HubWorld
    id: UUID
    regie: Seat

    def does(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.regie.act(f"/casussen/{self.id}/{path}", body)

    def brings_in(self, **melding: Any) -> UUID:
        letters = [{"letter": one, "voldaan": True, "toelichting": "ja"} for one in "abcde"]
        signaal = self.regie.registers(
            self.world.kenmerk(), spoor="riec", criteria=letters, inhoud=inhoud(toelichting=CANARY), **melding
        )
        self.does("signalen", {"signaalId": str(signaal)})
        return signaal

    def seen_by(self, zetel: str) -> dict[str, Any]:
        self.world.settle()
        answer = self.world.as_seat(zetel).get(f"/casussen/{self.id}", doel=RIEC)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
def casus(hub_app: HubWorld) -> Casus:
    """With criteria met and the labour inspectorate taking part."""
    college, id = hub_app.as_seat(COLLEGE), hub_app.id()
    body = {"casusId": str(id), "spoor": "riec", "regio": "ede", "doel": RIEC, "vorm": "arbeidsuitbuiting"}
    college.act("/casussen", body)
    casus = Casus(hub_app, id, college)
    casus.does("criteria", {"criteria": [{"letter": one, "voldaan": True, "toelichting": "ja"} for one in "abcde"]})
    casus.does("deelnemers", {"deelnemers": [COLLEGE, NLA, AVIM]})
    return casus


def test_who_is_subject_of_a_signal_finds_it_behind_no_door(hub_app: HubWorld) -> None:
    zc = hub_app.as_seat(ZC)
    signaal = zc.registers(hub_app.kenmerk(), betreftZetels=[AVIM], inhoud=inhoud(toelichting=CANARY))
    consent = {
        "toestemmingId": str(hub_app.id()),
        "door": "slachtoffer",
        "vorm": "schriftelijk",
        "ontvangers": [AVIM],
    }
    zc.act(f"/signalen/{signaal}/toestemmingen", consent)
    assert (
        zc.post(f"/signalen/{signaal}/doorzettingen", doorzetting(AVIM, DOEL, omstandigheden=DANGER)).status_code == 403
    )
    looks_unknown(hub_app, AVIM, signaal, DOEL)


def test_in_its_own_case_the_subject_counts_lists_and_explains_as_if_it_were_not_there(casus: Casus) -> None:
    world = casus.world
    casus.brings_in()
    before, other = casus.seen_by(NLA), casus.seen_by(AVIM)
    hidden = casus.brings_in(betreftZetels=[NLA])
    assert casus.seen_by(NLA) == before
    assert casus.seen_by(AVIM)["tellers"]["signalen"] == other["tellers"]["signalen"] + 1
    assert str(hidden) in str(casus.seen_by(AVIM)["bijdragen"])
    explained = world.as_seat(NLA).get(f"/casussen/{casus.id}/uitleg").text
    assert str(hidden) not in explained
    looks_unknown(world, NLA, hidden, RIEC)


def test_an_act_of_the_subject_gives_a_receipt_without_gaps_or_strange_events(casus: Casus) -> None:
    world = casus.world
    hidden = casus.brings_in(betreftZetels=[NLA])
    receipt = world.as_seat(NLA).act(f"/casussen/{casus.id}/fasen", {"fase": 2})
    positions = receipt["posities"]
    assert positions == list(range(positions[0], positions[0] + len(positions)))
    assert len(positions) == len(receipt["gebeurtenissen"]) == len(receipt["bladen"])
    assert "verstrekking" not in str(receipt["gebeurtenissen"])
    looks_unknown(world, NLA, hidden, RIEC)
    after = casus.seen_by(NLA)["tijdlijn"]
    assert [entry["volgnummer"] for entry in after] == list(range(1, len(after) + 1))


def test_a_confidential_signal_is_gone_for_others_and_back_when_it_is_lifted(hub_app: HubWorld) -> None:
    zc = hub_app.as_seat(ZC)
    signaal = zc.registers(hub_app.kenmerk(), inhoud=inhoud(toelichting=CANARY))
    zc.act(f"/signalen/{signaal}/doorzettingen", doorzetting(AVIM, DOEL, omstandigheden=DANGER))
    assert hub_app.sees(AVIM, signaal, DOEL).status_code == 200
    zc.act(f"/signalen/{signaal}/vertrouwelijkverklaringen", {**GROUND, "deelnemer": ZC})
    looks_unknown(hub_app, AVIM, signaal, DOEL)
    zc.act(f"/signalen/{signaal}/vertrouwelijkheidsopheffingen", {})
    assert CANARY in hub_app.sees(AVIM, signaal, DOEL).text


def test_a_confidential_case_is_gone_for_others_and_back_when_it_is_lifted(casus: Casus) -> None:
    world, college = casus.world, casus.regie
    signaal = casus.brings_in()
    assert casus.seen_by(NLA)["tellers"]["signalen"] == 1
    casus.does("vertrouwelijkverklaringen", {**GROUND, "deelnemer": AVIM})
    looks_unknown(world, NLA, signaal, RIEC)
    for path in (f"/casussen/{casus.id}", f"/casussen/{NOBODY}"):
        assert plain(world.as_seat(NLA).get(path, doel=RIEC))[0] == 404
    assert str(casus.id) not in world.as_seat(NLA).get("/casussen", doel=RIEC).text
    assert casus.seen_by(AVIM)["tellers"]["signalen"] == 1
    college.act(f"/casussen/{casus.id}/vertrouwelijkheidsopheffingen", {})
    back = casus.seen_by(NLA)
    assert CANARY in str(back["bijdragen"])
    assert "ertrouwelijk" not in str(back["tijdlijn"]), "that it was withheld is not told either"


def test_one_hat_gives_the_other_hat_of_its_organisation_nothing(casus: Casus) -> None:
    world = casus.world
    assert world.as_seat(NLA).oin == world.as_seat(TOEZICHT).oin
    signaal = casus.brings_in()
    assert CANARY in str(casus.seen_by(NLA)["bijdragen"])
    looks_unknown(world, TOEZICHT, signaal, RIEC)
    other = world.as_seat(TOEZICHT)
    for tail, query in (("", {"doel": RIEC}), ("/uitleg", {})):
        assert plain(other.get(f"/casussen/{casus.id}{tail}", **query)) == plain(
            other.get(f"/casussen/{NOBODY}{tail}", **query)
        )
    assert str(casus.id) not in other.get("/casussen", doel=RIEC).text


def test_emergency_access_shows_tells_and_ends(hub_app: HubWorld) -> None:
    avim, zc, id = hub_app.as_seat(AVIM), hub_app.as_seat(ZC), hub_app.id()
    signaal = avim.registers(
        hub_app.kenmerk(), wpgArtikel="8", inhoud=inhoud(persoon(hub_app.id()), toelichting=CANARY)
    )
    zc.act(f"/signalen/{signaal}/noodtoegangen", emergency(id))
    shown = hub_app.sees(ZC, signaal, DOEL)
    assert CANARY in shown.text
    assert shown.json()["verstrekkingen"][0]["tot"]
    assert "adres" not in shown.text
    [told] = [one for one in avim.get("/noodtoegangen").json()["items"] if one["noodtoegangId"] == str(id)]
    assert (told["zetel"], told["gevaar"]) == (ZC, "acuut")
    assert "vannacht" not in str(told), "the reason is for who reviews it"
    [received] = avim.get(f"/signalen/{signaal}/ontvangers").json()["ontvangers"]
    assert received["ontvanger"] == ZC
    supervised = hub_app.as_seat(PO).get("/noodtoegangen").text
    assert str(id) in supervised
    assert "vannacht" in supervised
    assert zc.post(f"/signalen/{signaal}/noodtoegangbevestigingen", {"noodtoegangId": str(id)}).status_code == 409
    outcome = {"noodtoegangId": str(id), "uitkomst": "terecht", "motivering": "niet ruimer dan nodig"}
    assert plain(avim.post(f"/signalen/{signaal}/noodtoegangtoetsingen", outcome))[0] == 404
    hub_app.as_seat(PO).act(f"/signalen/{signaal}/noodtoegangtoetsingen", outcome)


def later(world: HubWorld, hours: int) -> TestClient:
    """The same hub for who asks some hours from now; its runner has not come by yet."""

    def clock() -> Any:
        return utc_now() + timedelta(hours=hours)

    views = Views(world.services.views._pool, world.hub.sealer, clock)
    services = replace(world.services, views=views)
    app = create_app(services, world.settings, partner_routers(services))
    return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)


def test_after_its_end_moment_emergency_access_is_over_whether_the_runner_came_by_or_not(hub_app: HubWorld) -> None:
    avim, zc = hub_app.as_seat(AVIM), hub_app.as_seat(ZC)
    signaal = avim.registers(hub_app.kenmerk(), wpgArtikel="8", inhoud=inhoud(toelichting=CANARY))
    zc.act(f"/signalen/{signaal}/noodtoegangen", emergency(hub_app.id()))
    assert hub_app.sees(ZC, signaal, DOEL).status_code == 200
    with later(hub_app, 9) as doors_later:
        late = hub_app.as_seat(ZC, http=doors_later)
        assert plain(late.get(f"/signalen/{signaal}", doel=DOEL)) == plain(late.get(f"/signalen/{NOBODY}", doel=DOEL))
        assert str(signaal) not in late.get("/signalen", doel=DOEL).text
    verlopen(hub_app.services.ledger, utc_now() + timedelta(hours=9))
    assert hub_app.sees(ZC, signaal, DOEL).status_code == 404
