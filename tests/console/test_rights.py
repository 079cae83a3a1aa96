"""Requests by persons, breaches, recalls and rights of access: each step from its page, faults at their fields."""

from __future__ import annotations

import re
from datetime import timedelta

import orjson
import pytest

from hub.access.bundel import BELEIDSMAP
from hub.access.pakket import pak_in
from hub.console.officer.drafts import parsed
from hub.handling.toezicht import Toezicht
from hub.handling.wachtrij import Wachtrij
from hub.sealing import utc_now
from tests.api.hub_world import ADDRESS, HubWorld
from tests.api.riec import BELASTING, COLLEGE, zaak
from tests.api.test_inzageverzoeken import Aanvraag
from tests.console.people import Browser, somebody

NUMBER = re.compile(r'name="(?:verzoekId|datalekId)" value="([0-9a-f-]{36})"')


@pytest.fixture
def corrie(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, "corrie.proef")


@pytest.fixture
def petra(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, "petra.proef")


def number_on(page: str) -> str:
    found = NUMBER.search(page)
    assert found is not None
    return found[1]


class TestRequests:
    def test_from_receipt_to_answer(self, hub_app: HubWorld, corrie: Browser) -> None:
        asked = Aanvraag(hub_app, 700)
        signaal = asked.known()
        id, day = number_on(corrie.get("/verzoeken").text), str(utc_now().date() - timedelta(days=2))
        wrong = corrie.post("/verzoeken/daden/ontvangst", verzoekId=id, recht="", ontvangenOp=day, kanaal="post")
        assert wrong.status_code == 400
        assert 'href="#ontvangst-recht"' in wrong.text
        assert f'value="{id}"' in wrong.text
        page = corrie.post("/verzoeken/daden/ontvangst", verzoekId=id, recht="inzage", ontvangenOp=day, kanaal="post")
        assert "Vastgelegd." in page.text
        path = f"/verzoeken/{id}/daden"
        assert "daad-raadplegen" not in page.text
        nobody = corrie.post(f"{path}/identiteit", middel="digid")
        assert nobody.status_code == 400
        corrie.post(f"{path}/identiteit", middel="digid", **{"identiteit.bsn": asked.bsn})
        assert "Wacht op" in corrie.post(f"{path}/raadplegen").text
        longer = corrie.post(f"{path}/verlengen", maanden="1", motivering="veel bronnen")
        assert "verlengd met 1 maanden" in longer.text
        zita = somebody(hub_app, "zita.proef")
        assert str(signaal) in zita.get(f"/verzoeken/{id}").text
        assert zita.post(f"{path}/geen-grond").status_code == 200
        assert "Haal het antwoord op" in corrie.get(f"/verzoeken/{id}").text
        letter = corrie.get(f"/verzoeken/{id}/antwoord")
        assert "attachment" in letter.headers["content-disposition"]
        assert asked.bsn not in str(letter.url)
        assert "beantwoord" in corrie.post(f"{path}/antwoord").text

    def test_supervision_sees_the_clock_and_no_forms(self, hub_app: HubWorld, petra: Browser, corrie: Browser) -> None:
        asked = Aanvraag(hub_app, 701)
        asked.ready()
        page = petra.get(f"/verzoeken/{asked.id}").text
        assert "Uiterlijk" in page
        assert "daad-sluiten" not in page
        assert petra.post(f"/verzoeken/{asked.id}/daden/sluiten", reden="ingetrokken").status_code == 404
        assert somebody(hub_app, "zita.proef").get(f"/verzoeken/{asked.id}").status_code == 404

    def test_a_refusal_rests_on_the_ground_of_a_participant(self, hub_app: HubWorld, corrie: Browser) -> None:
        asked = Aanvraag(hub_app, 702)
        asked.known()
        asked.ready()
        zita, path = somebody(hub_app, "zita.proef"), f"/verzoeken/{asked.id}/daden"
        ground = {"letter": "d-strafbare-feiten", "afweging": "er loopt iets"}
        assert "daad-grond-vervallen" in zita.post(f"{path}/grond", **ground).text
        assert 'value="zc.opvang@ede"' in corrie.get(f"/verzoeken/{asked.id}").text
        assert "geweigerd" in corrie.post(f"{path}/weigeren", deelnemer="zc.opvang@ede", **ground).text

    def test_notices_are_for_the_contact_point(self, hub_app: HubWorld, corrie: Browser, petra: Browser) -> None:
        case = zaak(hub_app, BELASTING)
        assert str(case.signaal)[:8] in corrie.get("/kennisgevingen").text
        early = corrie.post("/kennisgevingen/daden/gedaan", signaalId=str(case.signaal))
        assert early.status_code == 409
        assert "De kennisgeving is nog niet vrij." in early.text
        assert petra.get("/kennisgevingen").status_code == 404


class TestBreaches:
    def test_from_report_to_supervisor(self, corrie: Browser, petra: Browser) -> None:
        page = petra.get("/datalekken", nummer="7").text
        assert 'value="7"' in page
        id = number_on(page)
        said = {"datalekId": id, "bij": COLLEGE, "omschrijving": "verkeerde ontvanger", "aantal": "3"}
        wrong = petra.post("/datalekken/daden/melden", **said, bekendOp="", risico="")
        assert 'href="#melden-risico"' in wrong.text
        assert "verkeerde ontvanger" in wrong.text
        known = utc_now().strftime("%Y-%m-%dT%H:%M")
        petra.post("/datalekken/daden/melden", **said, bekendOp=known, risico="risico")
        path = f"/datalekken/{id}/daden"
        assert corrie.post(f"{path}/gemeld", kenmerk="").status_code == 400
        assert "AP-2026-1" in corrie.post(f"{path}/gemeld", kenmerk="AP-2026-1").text
        assert corrie.post(f"{path}/ingelicht", wijze="per brief").status_code == 200


def test_a_recall_is_answered_by_who_received_it_and_watched_by_the_officer(hub_app: HubWorld) -> None:
    case = zaak(hub_app, BELASTING)
    case.seat(COLLEGE).act(f"/signalen/{case.signaal}/intrekkingen", {"motivering": "vergissing"})
    hub_app.settle()
    avi = somebody(hub_app, "avi.proef")
    page = avi.get("/terugroepingen").text
    found = re.search(rf"/terugroepingen/{case.signaal}/daden/antwoord-([0-9a-f-]{{36}})", page)
    assert found is not None, page
    path = f"/terugroepingen/{case.signaal}/daden/antwoord-{found[1]}"
    wrong = avi.post(path, terugroepingId=found[1])
    assert f'href="#antwoord-{found[1]}-gevolg"' in wrong.text
    assert "Vastgelegd." in avi.post(path, terugroepingId=found[1], gevolg="verwerkt").text


def test_rights_of_access_are_reviewed(petra: Browser) -> None:
    path = "/toezicht/toegangsrechten"
    assert "nu te toetsen" in petra.get(path).text
    seat = "privacy-officer@landelijk"
    wrong = petra.post(f"{path}/daden/toets", houder=seat, toegang="behouden", motivering="")
    assert 'href="#toets-motivering"' in wrong.text
    assert "Vastgelegd." in petra.post(f"{path}/daden/toets", houder=seat, toegang="behouden", motivering="nodig").text


class TestADraftFromAFile:
    def send(self, petra: Browser, bundle: bytes) -> str:
        key = re.search(r'name="sleutel" value="([^"]+)"', petra.get("/toezicht/ontwerp").text)
        assert key is not None
        answer = petra.http.post(
            "/console/toezicht/ontwerp",
            data={"sleutel": key[1], "doel": "rechtmatigheidscontrole"},
            files={"pakket": ("beleid.zip", bundle, "application/zip")},
            headers={"Origin": ADDRESS},
        )
        return answer.text

    def test_it_is_asked_about_and_not_kept(self, hub_app: HubWorld, petra: Browser) -> None:
        zaak(hub_app, BELASTING)
        head = hub_app.hub.store.head()
        assert "deze versie is van kracht" in self.send(petra, pak_in(BELEIDSMAP))
        assert hub_app.hub.store.head() == head
        assert orjson.loads(hub_app.last_look())["vraag"] == "beleid/_gevolgen"

    def test_what_is_no_bundle_is_said_at_the_field(self, petra: Browser) -> None:
        assert 'href="#ontwerp-pakket"' in self.send(petra, b"geen zip")
        assert "Kies een bestand" in self.send(petra, b"")

    def test_bytes_come_through_as_they_are(self) -> None:
        content = bytes(range(256)) + b"\r\n--x\r\n\x00\r"
        body = b'--grens\r\nContent-Disposition: form-data; name="pakket"; filename="x"\r\n\r\n' + content
        body += b"\r\n--grens--\r\n"
        assert parsed("multipart/form-data; boundary=grens", body) == {"pakket": content}
        assert parsed("application/x-www-form-urlencoded", body) == {}


def test_the_officers_own_pages_leave_nothing_unexplained(hub_app: HubWorld, petra: Browser, corrie: Browser) -> None:
    case = zaak(hub_app, BELASTING)
    named = {"behandelingId": str(hub_app.id()), "behandelaar": "corrie.proef"}
    hub_app.as_seat("contactpunt@midden-nederland").act("/behandelaars", named)
    toezicht, queue = Toezicht(hub_app.services.ledger), Wachtrij(hub_app.hub.store)
    toezicht.run(utc_now())
    before, since = {one.gevonden.nummer for one in queue.open()}, hub_app.looks()
    desk = petra.get("/toezicht").text
    for path in [*re.findall(r'<li><a href="/console(/[^"]+)"', desk), f"/toezicht/casussen/{case.id}"]:
        assert petra.get(path).status_code == 200, path
    for path in ("/verzoeken", "/kennisgevingen", "/datalekken"):
        assert corrie.get(path).status_code == 200, path
    toezicht.run(utc_now())
    assert hub_app.looks() > since + 5
    fresh = [one.gevonden.nummer for one in queue.open() if one.gevonden.nummer not in before]
    assert [hub_app.hub.store.access_records(number - 1, 1) for number in fresh] == []
