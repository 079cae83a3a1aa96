"""Who has seen this: every kind of act leaves a record, who brought data in may see what was done with it, at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from hub.audit.access import GEZONDHEID
from hub.handling.toezicht import Toezicht
from hub.ledger.store import ACCESS_LOG
from hub.sealing import utc_now
from tests.api.hub_world import NOBODY, FailingAccessLog, HubWorld, doorzetting, inhoud, persoon
from tests.api.riec import AVIM, BELASTING, COLLEGE, RIEC, ZC, zaak

OFFICER, AUDITOR, BUREAU = "privacy-officer@landelijk", "auditor@landelijk", "riec.bureau@oost-nederland"
ZORG = "zorg-opvang"
RECHT = "rechtmatigheidscontrole"
VOUCHED = {"besluit_vastgelegd": True, "belang_slachtoffer": True}


def records(world: HubWorld, since: int) -> list[dict[str, Any]]:
    return [orjson.loads(data) for data in world.hub.store.leaf_data(ACCESS_LOG, since, 10_000)]


def shared(world: HubWorld, *personen: dict[str, Any]) -> UUID:
    """A signal of a municipality that a care coordinator received."""
    college = world.as_seat(COLLEGE)
    id = college.registers(world.kenmerk(), inhoud=inhoud(*personen))
    college.act(f"/signalen/{id}/doorzettingen", doorzetting(ZC, ZORG, omstandigheden=VOUCHED))
    return id


class TestKinds:
    def test_collecting_and_disclosing_name_who_and_to_whom(self, hub_app: HubWorld) -> None:
        person, before = hub_app.id(), hub_app.looks()
        id = shared(hub_app, persoon(person))
        collected, asked, disclosed, withheld = records(hub_app, before)
        assert (withheld["ontvangers"], withheld["resultaat"], withheld["velden"]) == ([ZC], "geweigerd", ["bsn"])
        college = hub_app.as_seat(COLLEGE)
        assert (collected["handeling"], collected["vraag"]) == ("verzamelen", "registreer-signaal")
        assert (collected["zetel"], collected["oin"]) == (COLLEGE, college.oin)
        assert collected["objecten"] == [f"signaal:{id}"]
        assert collected["betrokkenen"] == [hub_app.services.ledger.pseudonyms.of(person)]
        assert collected["actor"].startswith(college.oin)
        assert collected["herkomst"] == "testclient"
        assert asked["vraag"] == "doorzet-signaal"
        assert (disclosed["handeling"], disclosed["ontvangers"]) == ("verstrekken", [ZC])
        assert disclosed["doel"] == ZORG
        assert disclosed["grondslagen"]
        assert disclosed["velden"]
        assert disclosed["bronnen"] == [COLLEGE]
        assert {one["trace"] for one in (asked, disclosed)} == {asked["trace"]}

    def test_combining_changing_and_destroying(self, hub_app: HubWorld) -> None:
        before = hub_app.looks()
        case = zaak(hub_app, BELASTING)
        kinds = {(one["vraag"], one["handeling"]) for one in records(hub_app, before)}
        assert ("koppel-signaal", "combineren") in kinds
        assert ("bepaal-deelnemers", "wijzigen") in kinds
        told = [one for one in records(hub_app, before) if one["ontvangers"] == [BELASTING]]
        assert {one["handeling"] for one in told} == {"verstrekken"}
        assert all(one["reeks"][str(case.id)] for one in told if f"casus:{case.id}" in one["objecten"])

    def test_destroying(self, hub_app: HubWorld) -> None:
        person, college = hub_app.id(), hub_app.as_seat(COLLEGE)
        id = college.registers(hub_app.kenmerk(), inhoud=inhoud(persoon(person)))
        before = hub_app.looks()
        college.act(f"/signalen/{id}/vernietigingen", {"betrokkeneId": str(person), "motivering": "onterecht"})
        (written,) = records(hub_app, before)
        assert written["handeling"] == "vernietigen"
        assert written["betrokkenen"] == [hub_app.services.ledger.pseudonyms.of(person)]

    def test_a_batch_is_one_record_that_names_all(self, hub_app: HubWorld) -> None:
        college, before = hub_app.as_seat(COLLEGE), hub_app.looks()
        bodies = [college.signaal(hub_app.kenmerk(), inhoud=inhoud(persoon(hub_app.id()))) for _ in range(5)]
        events = [college.event(body["signaalId"], "registreer-signaal", body) for body in bodies]
        college.results(*events)
        (written,) = records(hub_app, before)
        assert written["objecten"] == [f"signaal:{body['signaalId']}" for body in bodies]
        assert len(written["betrokkenen"]) == 5
        college.results(*events)
        assert [one["resultaat"] for one in records(hub_app, before + 1)] == ["toegestaan", "leeg"]

    def test_a_recorded_refusal_is_one_record(self, hub_app: HubWorld) -> None:
        zc, before = hub_app.as_seat(ZC), hub_app.looks()
        answer = zc.post("/signalen", zc.signaal(hub_app.kenmerk(), spoor="riec"))
        assert answer.status_code in {400, 403}
        assert [one["resultaat"] for one in records(hub_app, before)] == ["geweigerd"]

    def test_reading_health_data_adds_what_nen_7513_asks(self, hub_app: HubWorld) -> None:
        fact = {"categorie": "gezondheid", "kenmerk": "letsel", "waarde": "blauwe plek"}
        zc = hub_app.as_seat(ZC)
        id = zc.registers(hub_app.kenmerk(), inhoud=inhoud(persoon(hub_app.id()), feiten=[fact]))
        hub_app.sees(ZC, id, ZORG)
        written = orjson.loads(hub_app.last_look())
        assert GEZONDHEID & set(written["velden"])
        (user,) = written["nen7513"]["users"]
        assert (user["roleIDCode"], user["purposeOfUse"], user["userIsRequestor"]) == (ZC, ZORG, True)
        assert written["nen7513"]["AuditSourceId"]
        assert "blauwe plek" not in hub_app.last_look().decode()

    def test_a_read_names_its_rule_and_its_processing_activity(self, hub_app: HubWorld) -> None:
        id = shared(hub_app, persoon(hub_app.id()))
        shown = hub_app.sees(ZC, id, ZORG).json()
        written = orjson.loads(hub_app.last_look())
        assert set(written["regels"]) == set(shown["verstrekkingen"][0]["regels"])
        known = hub_app.hub.beleid.verwerkingen
        assert written["verwerkingen"] == sorted({known[rule] for rule in written["regels"]})
        assert "nen7513" not in written


class TestProvider:
    def test_sees_at_once_who_looked_and_nothing_of_others(self, hub_app: HubWorld) -> None:
        id = shared(hub_app, persoon(hub_app.id()))
        hub_app.sees(ZC, id, ZORG)
        answer = hub_app.as_seat(COLLEGE).get(f"/signalen/{id}/raadplegingen").json()
        lines = [(line["handeling"], line["zetel"]) for line in answer["raadplegingen"]]
        assert lines[0] == ("raadplegen", ZC)
        assert ("verstrekken", COLLEGE) in lines
        assert all(line["actor"] is None and line["herkomst"] is None for line in answer["raadplegingen"])
        assert orjson.loads(hub_app.last_look())["vraag"] == "signalen/{signaalId}/raadplegingen"

    def test_a_recipient_learns_nothing_of_who_else_looked(self, hub_app: HubWorld) -> None:
        id = shared(hub_app, persoon(hub_app.id()))
        hub_app.settle()
        zc = hub_app.as_seat(ZC)
        theirs, nobodys = (zc.get(f"/signalen/{one}/raadplegingen") for one in (id, NOBODY))
        assert theirs.status_code == nobodys.status_code == 404
        assert orjson.loads(hub_app.last_look())["resultaat"] == "geweigerd"

    def test_denied_attempts_of_strangers_are_for_the_officer_alone(self, hub_app: HubWorld) -> None:
        id = shared(hub_app, persoon(hub_app.id()))
        assert hub_app.sees(AVIM, id, RIEC).status_code == 404
        provider = hub_app.as_seat(COLLEGE).get(f"/signalen/{id}/raadplegingen").json()["raadplegingen"]
        officer = hub_app.as_seat(OFFICER).get(f"/signalen/{id}/raadplegingen", doel=RECHT).json()["raadplegingen"]
        assert AVIM not in {line["zetel"] for line in provider}
        assert (AVIM, "geweigerd") in {(line["zetel"], line["resultaat"]) for line in officer}

    def test_per_partner_and_per_period(self, hub_app: HubWorld) -> None:
        id = shared(hub_app, persoon(hub_app.id()))
        hub_app.sees(ZC, id, ZORG)
        college, now = hub_app.as_seat(COLLEGE), utc_now()
        path = "/raadplegingen/eigen-gegevens"
        first = college.get(path, zetel=ZC, aantal=1).json()["raadplegingen"][0]
        assert (first["zetel"], first["objecten"]) == (ZC, [f"signaal:{id}"])
        later = (now + timedelta(hours=1)).isoformat()
        assert college.get(path, zetel=ZC, van=later).json()["raadplegingen"] == []
        assert college.get(path, zetel=BELASTING, tot=(now - timedelta(days=1)).isoformat()).json()["volgende"] is None

    def test_a_participant_sees_what_was_done_with_its_own_part_of_a_case(self, hub_app: HubWorld) -> None:
        case = zaak(hub_app, BELASTING)
        case.read(BELASTING)
        lines = hub_app.as_seat(AVIM).get(f"/casussen/{case.id}/raadplegingen").json()["raadplegingen"]
        seen = [line for line in lines if line["zetel"] == BELASTING]
        assert seen
        assert all(line["objecten"] == [f"signaal:{case.politiesignaal}"] for line in seen)
        assert all(line["casus"] is None for line in lines)


class TestOfficer:
    @pytest.mark.parametrize("zetel", [OFFICER, AUDITOR])
    def test_reads_all_for_a_lawful_purpose_and_is_written_down(self, hub_app: HubWorld, zetel: str) -> None:
        id = shared(hub_app, persoon(hub_app.id()))
        hub_app.sees(ZC, id, ZORG)
        before = hub_app.looks()
        answer = hub_app.as_seat(zetel).get("/raadplegingen", doel=RECHT, signaalId=str(id), zetel=ZC).json()
        (line,) = answer["raadplegingen"]
        assert (line["zetel"], line["handeling"], line["doel"]) == (ZC, "raadplegen", ZORG)
        assert line["actor"]
        (own,) = records(hub_app, before)
        assert (own["zetel"], own["doel"], own["velden"]) == (zetel, RECHT, ["auditregel"])
        assert own["verwerkingen"] == ["V41@1"]

    @pytest.mark.parametrize("doel", ["prestatiesturing", "betrokkene-rechten", ZORG])
    def test_no_other_purpose_opens_the_log(self, hub_app: HubWorld, doel: str) -> None:
        answer = hub_app.as_seat(OFFICER).get("/raadplegingen", doel=doel)
        assert answer.status_code == 403
        assert orjson.loads(hub_app.last_look())["resultaat"] == "geweigerd"

    def test_without_a_purpose_it_is_a_faulty_question(self, hub_app: HubWorld) -> None:
        assert hub_app.as_seat(OFFICER).get("/raadplegingen").status_code == 400

    @pytest.mark.parametrize("zetel", [BUREAU, COLLEGE, AVIM, "contactpunt@oost-nederland"])
    def test_who_does_not_test_lawfulness_does_not_read_it(self, hub_app: HubWorld, zetel: str) -> None:
        assert hub_app.as_seat(zetel).get("/raadplegingen", doel=RECHT).status_code == 403

    def test_the_court_has_one_purpose_for_police_data_and_one_for_the_rest(self, hub_app: HubWorld) -> None:
        case, officer = zaak(hub_app, BELASTING), hub_app.as_seat(OFFICER)
        case.read(BELASTING)
        by_signal: Callable[[UUID, str], list[Any]] = lambda id, doel: officer.get(  # noqa: E731
            "/raadplegingen", doel=doel, signaalId=str(id)
        ).json()["raadplegingen"]
        assert by_signal(case.politiesignaal, "gerechtelijke-procedure") == []
        assert by_signal(case.politiesignaal, "strafvordering")
        assert by_signal(case.signaal, "gerechtelijke-procedure")

    def test_finds_by_person_without_a_number_in_an_address(self, hub_app: HubWorld) -> None:
        person = hub_app.id()
        id = shared(hub_app, persoon(person))
        hub_app.sees(ZC, id, ZORG)
        body = {"betrokkeneId": str(person), "doel": RECHT}
        answer = hub_app.as_seat(OFFICER).post("/raadplegingen/_zoek", body).json()["raadplegingen"]
        assert {line["handeling"] for line in answer} >= {"verzamelen", "verstrekken", "raadplegen"}
        assert hub_app.as_seat(COLLEGE).post("/raadplegingen/_zoek", body).status_code == 403

    def test_pages_through_everything_once(self, hub_app: HubWorld) -> None:
        id = shared(hub_app, persoon(hub_app.id()))
        for _ in range(5):
            hub_app.sees(ZC, id, ZORG)
        officer, found, na = hub_app.as_seat(OFFICER), [], {}
        while True:
            page = officer.get("/raadplegingen", doel=RECHT, signaalId=str(id), zetel=ZC, aantal=2, **na).json()
            found += [line["volgnummer"] for line in page["raadplegingen"]]
            if page["volgende"] is None:
                break
            na = {"na": page["volgende"]}
        assert len(found) == len(set(found)) == 5
        assert found == sorted(found, reverse=True)

    def test_a_case_is_shown_whole_and_says_so(self, hub_app: HubWorld) -> None:
        case = zaak(hub_app, BELASTING)
        case.read(BELASTING)
        hub_app.as_seat(ZC).get(f"/casussen/{case.id}", doel=RIEC)
        answer = hub_app.as_seat(OFFICER).get(f"/casussen/{case.id}/raadplegingen", doel=RECHT, aantal=500).json()
        assert answer["volledig"] is True
        places = [line["reeks"][0] for line in answer["raadplegingen"]]
        assert places == list(range(len(places), 0, -1))
        assert {"geweigerd", "toegestaan"} <= {line["resultaat"] for line in answer["raadplegingen"]}

    def test_nothing_is_answered_when_the_question_cannot_be_written_down(self, hub_app: HubWorld) -> None:
        broken = hub_app.with_access_log(FailingAccessLog())
        assert hub_app.as_seat(OFFICER, http=broken).get("/raadplegingen", doel=RECHT).status_code == 503
        assert hub_app.as_seat(COLLEGE, http=broken).get("/raadplegingen", doel=RECHT).status_code == 503


def test_the_trace_of_the_caller_goes_on_in_the_record(hub_app: HubWorld) -> None:
    id = shared(hub_app, persoon(hub_app.id()))
    hub_app.settle()
    zc, trace, span = hub_app.as_seat(ZC), "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    headers = {**zc.headers, "traceparent": f"00-{trace}-{span}-01"}
    hub_app.http.get(f"/v1/signalen/{id}", params={"doel": ZORG}, headers=headers)
    written = orjson.loads(hub_app.last_look())
    assert (written["trace"], written["ouder"]) == (trace, span)


def test_the_log_of_a_case_says_how_each_access_stands(hub_app: HubWorld) -> None:
    case = zaak(hub_app, BELASTING)
    case.read(BELASTING)
    officer = hub_app.as_seat(OFFICER)
    path = f"/casussen/{case.id}/raadplegingen"
    assert {one["oordeel"]["stand"] for one in lines(officer.get(path, doel=RECHT))} == {"nog-niet-beoordeeld"}
    Toezicht(hub_app.services.ledger).run(utc_now())
    case.read(BELASTING)
    found = lines(officer.get(path, doel=RECHT))
    told = next(one for one in found if one["handeling"] == "verstrekken")
    assert told["oordeel"]["stand"] == "verklaard"
    assert told["oordeel"]["verklaringen"]
    assert found[0]["oordeel"]["stand"] == "nog-niet-beoordeeld"


def lines(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return list(answer.json()["raadplegingen"])
