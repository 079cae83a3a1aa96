"""Bringing in: what is taken, what is refused, and that submitting gives no view."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.api.hub_world import BATCH, CANARY, HubWorld, criteria, inhoud, persoon

ZC = "zc.opvang@ede"
JEUGDZORG = "jeugdzorg@ede"
COLLEGE = "gemeente.college-handhaving@ede"
GEZONDHEID = {"categorie": "gezondheid", "kenmerk": "letsel", "waarde": "gebroken pols"}


def test_registering_a_signal_gives_a_receipt_and_no_view_to_others(hub_app: HubWorld) -> None:
    zc = hub_app.as_seat(ZC)
    receipt = zc.act("/signalen", zc.signaal(kenmerk := hub_app.kenmerk()))
    assert receipt["gebeurtenissen"] == ["nl.overheid.mensenhandel.signaal-geregistreerd.v1"]
    assert len(receipt["posities"]) == len(receipt["bladen"]) == 1
    assert receipt["verstrekt"] == receipt["geweigerd"] == []
    own = hub_app.sees(ZC, zc.signaal_id(kenmerk), "zorg-opvang")
    assert own.json()["bijdragen"][0]["inhoud"]["inhoud"]["toelichting"] == "Paspoort ligt bij de baas, zei zij."
    for other in (
        JEUGDZORG,
        COLLEGE,
        "politie.avim@oost-nederland",
        "comensha@landelijk",
        "riec.bureau@oost-nederland",
    ):
        assert hub_app.sees(other, zc.signaal_id(kenmerk), "zorg-opvang").status_code == 404


def test_a_token_that_only_submits_reads_nothing_of_what_it_submitted(hub_app: HubWorld) -> None:
    writer = hub_app.as_seat(ZC, "signalen.aanleveren")
    id = writer.registers(hub_app.kenmerk())
    assert writer.get(f"/signalen/{id}", doel="zorg-opvang").status_code == 403


def test_a_token_that_only_reads_submits_nothing(hub_app: HubWorld) -> None:
    reader, before = hub_app.as_seat(ZC, "signalen.raadplegen"), hub_app.hub.store.head()
    assert reader.post("/signalen", reader.signaal(hub_app.kenmerk())).status_code == 403
    assert hub_app.hub.store.head() == before


def test_a_batch_answers_every_message_in_its_order(hub_app: HubWorld) -> None:
    zc, names = hub_app.as_seat(ZC), [hub_app.kenmerk() for _ in range(6)]
    bodies = [zc.signaal(name) for name in names]
    bodies[1]["melding"] |= {"spoor": "riec", "criteria": criteria()}
    bodies[2]["melding"]["regio"] = "EDE!"
    foreign = f"urn:nld:oin:{hub_app.as_seat(COLLEGE).oin}:systeem:proef"
    events = [zc.event(name, "registreer-signaal", body) for name, body in zip(names, bodies, strict=True)]
    events[3]["source"] = foreign
    events[4]["type"] = "nl.overheid.mensenhandel.bestaat-niet.v1"
    results = zc.results(*events)
    assert [one["id"] for one in results] == names
    assert [one["status"] for one in results] == [
        "aanvaard",
        "geweigerd",
        "ongeldig",
        "geweigerd",
        "ongeldig",
        "aanvaard",
    ]
    assert all(bool(one["probleem"]) != bool(one["posities"]) for one in results)


def test_a_replayed_batch_is_herhaald_and_adds_nothing(hub_app: HubWorld) -> None:
    zc, names = hub_app.as_seat(ZC), [hub_app.kenmerk() for _ in range(3)]
    events = [zc.event(name, "registreer-signaal", zc.signaal(name)) for name in names]
    first, head = zc.results(*events), hub_app.hub.store.head()
    again = zc.results(*reversed(events))
    assert {one["status"] for one in again} == {"herhaald"}
    assert [one["posities"] for one in reversed(again)] == [one["posities"] for one in first]
    assert hub_app.hub.store.head() == head


def test_the_same_message_twice_in_one_batch_counts_once(hub_app: HubWorld) -> None:
    zc, name = hub_app.as_seat(ZC), hub_app.kenmerk()
    event = zc.event(name, "registreer-signaal", zc.signaal(name))
    assert [one["status"] for one in zc.results(event, event)] == ["aanvaard", "herhaald"]


def test_the_same_id_with_other_content_is_a_conflict_and_overwrites_nothing(hub_app: HubWorld) -> None:
    zc, name = hub_app.as_seat(ZC), hub_app.kenmerk()
    zc.results(zc.event(name, "registreer-signaal", zc.signaal(name)))
    head = hub_app.hub.store.head()
    other = zc.signaal(name, inhoud=inhoud(toelichting="iets anders"))
    (result,) = zc.results(zc.event(name, "registreer-signaal", other))
    assert (result["status"], result["probleem"]["status"]) == ("conflict", 409)
    assert hub_app.hub.store.head() == head
    seen = hub_app.sees(ZC, zc.signaal_id(name), "zorg-opvang").text
    assert "iets anders" not in seen


def test_a_known_signal_from_a_form_is_a_conflict(hub_app: HubWorld) -> None:
    zc, name = hub_app.as_seat(ZC), hub_app.kenmerk()
    zc.registers(name)
    assert zc.post("/signalen", zc.signaal(name)).status_code == 409


def test_a_refused_category_gives_403_with_reasons_and_alternative_and_keeps_only_the_refusal(
    hub_app: HubWorld,
) -> None:
    college, name, before = hub_app.as_seat(COLLEGE), hub_app.kenmerk(), hub_app.hub.store.head()
    body = college.signaal(name, spoor="riec", criteria=criteria(), inhoud=inhoud(feiten=[GEZONDHEID]))
    answer = college.post("/signalen", body)
    problem = answer.json()
    assert answer.status_code == 403
    assert "gezondheid" in problem["detail"]
    assert problem["regels"]
    assert "Laat het gegeven weg" in problem["alternatief"]
    assert "gebroken pols" not in answer.text
    assert hub_app.recorded(before) == ["signaal-geweigerd"]
    assert hub_app.sees(COLLEGE, college.signaal_id(name), "riec-handhaving-mensenhandel").status_code == 404
    refusals = college.get("/weigeringen").json()["items"]
    assert any("gezondheid" in str(item) for item in refusals)
    assert all(b"gebroken pols" not in one.state for one in hub_app.hub.store.read(before, 10))


def test_a_care_seat_may_not_submit_on_the_riec_track(hub_app: HubWorld) -> None:
    zc = hub_app.as_seat(ZC)
    answer = zc.post("/signalen", zc.signaal(hub_app.kenmerk(), spoor="riec", criteria=criteria()))
    assert answer.status_code == 403


def test_a_riec_signal_without_explained_criteria_is_refused(hub_app: HubWorld) -> None:
    college = hub_app.as_seat(COLLEGE)
    answer = college.post("/signalen", college.signaal(hub_app.kenmerk(), spoor="riec", criteria=criteria("ab")))
    assert answer.status_code == 400


def test_a_repaired_message_is_accepted_under_the_same_id(hub_app: HubWorld) -> None:
    college, name = hub_app.as_seat(COLLEGE), hub_app.kenmerk()
    wrong = college.signaal(name, spoor="riec", criteria=criteria(), inhoud=inhoud(feiten=[GEZONDHEID]))
    right = college.signaal(name, spoor="riec", criteria=criteria())
    statuses = [
        college.results(college.event(name, "registreer-signaal", body))[0]["status"]
        for body in (wrong, wrong, right, right)
    ]
    assert statuses == ["geweigerd", "geweigerd", "aanvaard", "herhaald"]


def test_another_organisations_number_cannot_be_asked_after(hub_app: HubWorld) -> None:
    zc, college = hub_app.as_seat(ZC), hub_app.as_seat(COLLEGE)
    zc.registers(taken := hub_app.kenmerk())
    free = hub_app.kenmerk()
    texts = []
    for kenmerk in (taken, free):
        body = college.signaal(kenmerk) | {"signaalId": str(zc.signaal_id(kenmerk))}
        answer = college.post("/signalen", body)
        assert answer.status_code == 400
        assert [fault["veld"] for fault in answer.json()["fouten"]] == ["/signaalId"]
        texts.append({name: value for name, value in answer.json().items() if name != "instance"})
        (result,) = college.results(college.event(kenmerk, "registreer-signaal", body))
        assert result["probleem"]["fouten"][0]["veld"] == "/data/signaalId"
    assert texts[0] == texts[1]


FAULTY: list[tuple[str, dict[str, Any], set[str]]] = [
    ("a date in the future", {"waargenomenOp": "2199-01-01T00:00:00Z"}, {"waargenomenOp"}),
    ("a birth date in the future", {"betrokkenen": [{"geboortedatum": "2199-01-01"}]}, {"betrokkenen/0/geboortedatum"}),
    ("a bad bsn", {"betrokkenen": [{"bsn": "999900019"}]}, {"betrokkenen/0/bsn"}),
    ("an unknown code", {"vormen": ["arbeidsuitbuiting", "onzin-vorm"]}, {"vormen/1"}),
    ("a naive timestamp", {"waargenomenOp": "2026-01-10T10:00:00"}, {"waargenomenOp"}),
    ("an unknown field", {"toelichtng": "x"}, {"toelichtng"}),
    (
        "everything at once",
        {"vormen": [], "zekerheid": "onzin", "waargenomenOp": "gisteren", "locaties": [{"soort": "maan"}]},
        {"vormen", "zekerheid", "waargenomenOp", "locaties/0/soort"},
    ),
]


@pytest.mark.parametrize(("given", "fields"), [fault[1:] for fault in FAULTY], ids=[fault[0] for fault in FAULTY])
def test_a_faulty_message_gets_all_its_faults_and_no_value_back(
    hub_app: HubWorld, given: dict[str, Any], fields: set[str]
) -> None:
    zc, name, before = hub_app.as_seat(ZC), hub_app.kenmerk(), hub_app.hub.store.head()
    for person in given.get("betrokkenen", []):
        person.setdefault("betrokkeneId", str(hub_app.id()))
    body = zc.signaal(name, inhoud=inhoud() | given)
    answer = zc.post("/signalen", body)
    assert answer.status_code == 400
    assert {fault["veld"] for fault in answer.json()["fouten"]} == {f"/melding/inhoud/{field}" for field in fields}
    (result,) = zc.results(zc.event(name, "registreer-signaal", body))
    assert result["status"] == "ongeldig"
    found = {fault["veld"] for fault in result["probleem"]["fouten"]}
    assert found == {f"/data/melding/inhoud/{field}" for field in fields}
    for value in ("999900019", "onzin", "gisteren", "maan", "2199"):
        assert value not in answer.text
        assert value not in str(result)
    assert hub_app.hub.store.head() == before


@pytest.mark.parametrize("path", ["verrijkingen", "rectificaties"])
def test_later_content_may_not_lie_in_the_future_either(hub_app: HubWorld, path: str) -> None:
    zc = hub_app.as_seat(ZC)
    id = zc.registers(hub_app.kenmerk())
    body: dict[str, Any] = {"inhoud": inhoud(waargenomenOp="2199-01-01T00:00:00Z")}
    body |= (
        {"verrijkingId": str(hub_app.id()), "herkomst": "dossier"} if path == "verrijkingen" else {"motivering": "fout"}
    )
    answer = zc.post(f"/signalen/{id}/{path}", body)
    assert answer.status_code == 400
    assert [fault["veld"] for fault in answer.json()["fouten"]] == ["/inhoud/waargenomenOp"]


def test_broken_json_and_a_bare_object_are_400(hub_app: HubWorld) -> None:
    zc = hub_app.as_seat(ZC)
    headers = {**zc.headers, "Content-Type": BATCH}
    for content in (b'[{"id": 999900018', b"{}", b"[]", b""):
        answer = zc.http.post("/v1/aanleveringen", content=content, headers=headers)
        assert answer.status_code == 400
        assert CANARY not in answer.text


def test_a_batch_in_another_format_is_415(hub_app: HubWorld) -> None:
    zc = hub_app.as_seat(ZC)
    answer = zc.http.post("/v1/aanleveringen", json=[], headers=zc.headers)
    assert answer.status_code == 415


def test_too_many_messages_are_400_and_nothing_of_them_is_kept(hub_app: HubWorld) -> None:
    zc, before = hub_app.as_seat(ZC), hub_app.hub.store.head()
    event = zc.event("x", "registreer-signaal", {})
    assert zc.push(*([event] * 501)).status_code == 400
    assert hub_app.hub.store.head() == before


def test_an_oversized_body_is_413_and_nothing_of_it_is_kept(hub_app: HubWorld) -> None:
    zc, name, before = hub_app.as_seat(ZC), hub_app.kenmerk(), hub_app.hub.store.head()
    body = zc.signaal(name, inhoud=inhoud(toelichting=CANARY * (1 + hub_app.settings.max_body_bytes // len(CANARY))))
    answer = zc.push(zc.event(name, "registreer-signaal", body))
    assert answer.status_code == 413
    assert CANARY not in answer.text
    assert hub_app.hub.store.head() == before


def test_a_person_in_a_refused_message_is_kept_nowhere(hub_app: HubWorld) -> None:
    zc, name, before = hub_app.as_seat(ZC), hub_app.kenmerk(), hub_app.hub.store.head()
    body = zc.signaal(name, spoor="riec", criteria=criteria(), inhoud=inhoud(persoon(hub_app.id())))
    assert zc.post("/signalen", body).status_code == 403
    assert hub_app.recorded(before) == ["signaal-geweigerd"]
    assert CANARY not in hub_app.log_lines.getvalue()


def test_a_number_of_another_kind_of_thing_answers_like_no_number(hub_app: HubWorld) -> None:
    college, casus, overleg = hub_app.as_seat(COLLEGE), hub_app.id(), hub_app.id()
    signaal = hub_app.as_seat(ZC).registers(hub_app.kenmerk())
    about = {"spoor": "riec", "regio": "ede", "doel": "riec-handhaving-mensenhandel", "vorm": "arbeidsuitbuiting"}
    college.act("/casussen", {"casusId": str(casus), **about})
    college.act("/overleggen", {"overlegId": str(overleg), "tafel": "casustafel", "regio": "ede"})
    asked: tuple[tuple[str, Any, tuple[UUID, UUID]], ...] = (
        ("/casussen/{}/fasen", {"fase": 1}, (signaal, overleg)),
        ("/signalen/{}/intrekkingen", {"motivering": "vergissing"}, (casus, overleg)),
        ("/overleggen/{}/sluitingen", {}, (signaal, casus)),
        (f"/casussen/{casus}/signalen", None, (casus, overleg)),
        ("/casussen/{}/uitleg", "get", (signaal, overleg)),
    )
    for path, body, ids in asked:
        for id in ids:
            if body == "get":
                answer = college.get(path.format(id))
            else:
                answer = college.post(path.format(id), body if body is not None else {"signaalId": str(id)})
            assert (answer.status_code, answer.json()["type"]) == (404, "https://signaalhub.nl/problemen/niet-gevonden")
