"""Cases and sessions: who takes part sees what the phase opens, and nobody else learns that there is a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tests.api.hub_world import NOBODY, HubWorld, Seat, criteria, inhoud, persoon

COLLEGE = "gemeente.college-handhaving@ede"
AVIM = "politie.avim@oost-nederland"
BELASTING = "belastingdienst@oost"
NLA = "nla@landelijk"
OVJ = "om.ovj-mh@oost-nederland"
ZC = "zc.opvang@ede"
RIEC = "riec-handhaving-mensenhandel"
FISCAAL = {"categorie": "fiscaal", "kenmerk": "aanslag", "waarde": "drie jaar geen aangifte"}
FASE_0, FASE_1, FASE_2 = "Paspoort ligt bij de baas", "Anka Testowicz", "drie jaar geen aangifte"


@dataclass(frozen=True, slots=True)
class Casus:
    """A RIEC case of the municipality with one contribution."""

    world: HubWorld
    id: UUID
    signaal: UUID
    regie: Seat

    def does(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.regie.act(f"/casussen/{self.id}/{path}", body)

    def seats(self, *deelnemers: str) -> dict[str, Any]:
        return self.does("deelnemers", {"deelnemers": [COLLEGE, *deelnemers]})

    def text(self, zetel: str) -> str:
        return self.world.sees(zetel, self.signaal, RIEC).text

    def status(self, zetel: str) -> int:
        self.world.settle()
        return self.world.as_seat(zetel).get(f"/casussen/{self.id}", doel=RIEC).status_code


@pytest.fixture
def casus(hub_app: HubWorld) -> Casus:
    """Open, with criteria met and the tax authority taking part, in phase 0."""
    college, id = hub_app.as_seat(COLLEGE), hub_app.id()
    signaal = college.registers(
        hub_app.kenmerk(),
        spoor="riec",
        criteria=criteria(),
        inhoud=inhoud(persoon(hub_app.id()), feiten=[FISCAAL]),
    )
    college.act(
        "/casussen", {"casusId": str(id), "spoor": "riec", "regio": "ede", "doel": RIEC, "vorm": "arbeidsuitbuiting"}
    )
    casus = Casus(hub_app, id, signaal, college)
    casus.does("signalen", {"signaalId": str(signaal)})
    casus.does("criteria", {"criteria": criteria()})
    casus.seats(BELASTING)
    return casus


def test_each_phase_opens_the_categories_the_law_names(hub_app: HubWorld, casus: Casus) -> None:
    for fase, shown in ((0, (FASE_0,)), (1, (FASE_0, FASE_1)), (2, (FASE_0, FASE_1, FASE_2))):
        if fase:
            casus.does("fasen", {"fase": fase})
        text = casus.text(BELASTING)
        for sentence in (FASE_0, FASE_1, FASE_2):
            assert (sentence in text) == (sentence in shown), (fase, sentence)
    whole = hub_app.as_seat(BELASTING).get(f"/casussen/{casus.id}", doel=RIEC).json()
    assert whole["fase"] == 2
    assert [part["signaalId"] for part in whole["bijdragen"]] == [str(casus.signaal)]
    assert whole["bijdragen"][0]["bijdragen"][0]["zetel"] == COLLEGE


def test_going_back_a_phase_takes_back_what_it_had_opened(casus: Casus) -> None:
    casus.does("fasen", {"fase": 2})
    assert FASE_2 in casus.text(BELASTING)
    casus.does("fasen", {"fase": 1})
    assert FASE_2 not in casus.text(BELASTING)
    assert FASE_1 in casus.text(BELASTING)


def test_a_phase_without_recorded_criteria_is_refused_and_recorded(hub_app: HubWorld) -> None:
    college, id = hub_app.as_seat(COLLEGE), hub_app.id()
    college.act(
        "/casussen", {"casusId": str(id), "spoor": "riec", "regio": "ede", "doel": RIEC, "vorm": "arbeidsuitbuiting"}
    )
    before = hub_app.hub.store.head()
    answer = college.post(f"/casussen/{id}/fasen", {"fase": 1})
    assert answer.status_code == 403
    assert "criteria" in answer.json()["detail"]
    assert hub_app.recorded(before) == ["handeling-geweigerd"]


def test_who_is_not_named_gets_the_answer_of_a_case_that_does_not_exist(hub_app: HubWorld, casus: Casus) -> None:
    for zetel in (NLA, AVIM, ZC, "riec.bureau@oost-nederland"):
        other = hub_app.as_seat(zetel)
        for tail, query in (("", {"doel": RIEC}), ("/uitleg", {})):
            answers = [other.get(f"/casussen/{id}{tail}", **query).json() for id in (casus.id, NOBODY)]
            assert answers[0]["status"] == 404
            assert {**answers[0], "instance": ""} == {**answers[1], "instance": ""}
        for path, body in (
            ("fasen", {"fase": 1}),
            ("signalen", {"signaalId": str(casus.signaal)}),
            ("regie", {"naar": zetel}),
        ):
            answers = [other.post(f"/casussen/{id}/{path}", body).json() for id in (casus.id, NOBODY)]
            assert {**answers[0], "instance": ""} == {**answers[1], "instance": ""}
        assert str(casus.id) not in other.get("/casussen", doel=RIEC, aantal=500).text


def test_a_care_seat_is_not_admitted_to_a_riec_case(casus: Casus) -> None:
    casus.seats(BELASTING, ZC)
    assert casus.status(ZC) == 404
    assert casus.world.sees(ZC, casus.signaal, RIEC).status_code == 404


def test_a_care_seat_cannot_open_a_riec_case(hub_app: HubWorld) -> None:
    body = {"casusId": str(hub_app.id()), "spoor": "riec", "regio": "ede", "doel": RIEC, "vorm": "arbeidsuitbuiting"}
    assert hub_app.as_seat(ZC).post("/casussen", body).status_code == 404


def test_a_participant_who_leaves_loses_the_case_and_what_it_held_in_it(hub_app: HubWorld, casus: Casus) -> None:
    casus.seats(BELASTING, NLA)
    casus.does("fasen", {"fase": 1})
    assert FASE_1 in casus.text(NLA)
    casus.seats(BELASTING)
    assert casus.status(NLA) == 404
    lost = hub_app.sees(NLA, casus.signaal, RIEC)
    assert FASE_0 not in lost.text
    assert FASE_1 not in lost.text
    assert FASE_1 in casus.text(BELASTING)


def test_another_purpose_than_that_of_the_case_is_refused_and_logged(hub_app: HubWorld, casus: Casus) -> None:
    hub_app.settle()
    answer = hub_app.as_seat(BELASTING).get(f"/casussen/{casus.id}", doel="zorg-opvang")
    assert answer.status_code == 403
    assert answer.json()["regels"] == ["WGS 1.8 lid 5"]
    assert b'"resultaat":"geweigerd"' in hub_app.last_look()


def test_only_the_officer_of_justice_sets_an_embargo_and_under_it_nothing_new_leaves(
    hub_app: HubWorld, casus: Casus
) -> None:
    casus.seats(BELASTING, OVJ)
    embargo = {"motivering": "lopend onderzoek", "herbezieOp": "2027-01-01"}
    refused = casus.regie.post(f"/casussen/{casus.id}/embargos", embargo)
    assert refused.status_code == 403
    hub_app.as_seat(OVJ).act(f"/casussen/{casus.id}/embargos", embargo)
    casus.does("fasen", {"fase": 1})
    assert FASE_1 not in casus.text(BELASTING)
    assert casus.regie.post(f"/casussen/{casus.id}/embargo-opheffingen", {}).status_code == 403
    hub_app.as_seat(OVJ).act(f"/casussen/{casus.id}/embargo-opheffingen", {})
    assert FASE_1 in casus.text(BELASTING)


def over_the_bridge(hub_app: HubWorld, casus: Casus, action: dict[str, Any]) -> None:
    """Care outside the case is warned, and confirms."""
    window = {"van": "2026-12-01T06:00:00Z", "tot": "2026-12-01T18:00:00Z"}
    contact = {"functie": "netwerkregisseur", "telefoon": "06-00001234"}
    message = {"naar": ZC, "venster": window, "veiligheidsmaatregelNodig": True, "contactpersoon": contact}
    casus.does("brugberichten", {**action, **message})
    hub_app.settle()
    [got, *_] = hub_app.as_seat(ZC).get("/brugberichten").json()["brugberichten"]
    pseudonym = got["inhoud"]["casusPseudoniem"]
    hub_app.as_seat(ZC).act(f"/brugberichten/{pseudonym}/bevestigingen", {"volgnummer": got["volgnummer"]})


def test_an_intervention_that_touches_a_victim_waits_for_care(hub_app: HubWorld, casus: Casus) -> None:
    action = {"interventieId": str(hub_app.id())}
    casus.does("interventies", {**action, "uitvoerder": BELASTING, "beschrijving": "controle op het adres"})
    waits = casus.regie.post(f"/casussen/{casus.id}/toelatingen", action)
    assert waits.status_code == 403
    assert "zorg" in waits.json()["detail"]
    too_early = casus.regie.post(f"/casussen/{casus.id}/uitvoeringen", action)
    assert too_early.status_code == 403
    assert casus.regie.post(f"/casussen/{casus.id}/zorgbevestigingen", action).status_code == 403
    over_the_bridge(hub_app, casus, action)
    casus.does("toelatingen", action)
    casus.does("uitvoeringen", action)
    casus.does("evaluaties", {**action, "uitkomst": "twee mensen in veiligheid"})
    hub_app.settle()
    course = hub_app.as_seat(BELASTING).get(f"/casussen/{casus.id}", doel=RIEC).json()["tijdlijn"]
    kinds = [entry["soort"] for entry in course]
    assert kinds.index("BrugBevestigd") < kinds.index("InterventieToegestaan") < kinds.index("InterventieUitgevoerd")
    assert casus.regie.post(f"/casussen/{casus.id}/toelatingen", {"interventieId": str(NOBODY)}).status_code == 404


def test_a_closed_case_takes_nothing_more(casus: Casus) -> None:
    casus.does("besluiten", {"besluit": "bestuurlijk afgedaan"})
    casus.does("regie", {"naar": BELASTING})
    casus.does("sluitingen", {"reden": "geen-mensenhandel"})
    assert casus.regie.post(f"/casussen/{casus.id}/fasen", {"fase": 1}).status_code == 409


def test_the_explanation_says_of_each_category_whether_and_why_it_is_shown(hub_app: HubWorld, casus: Casus) -> None:
    casus.does("fasen", {"fase": 1})
    hub_app.settle()
    lines = hub_app.as_seat(BELASTING).get(f"/casussen/{casus.id}/uitleg").json()["uitleg"]
    told = {line["categorie"]: line for line in lines}
    assert told["identificerend"]["zichtbaar"]
    assert told["identificerend"]["grondslagen"]
    assert not told["fiscaal"]["zichtbaar"]
    assert "riec-fase" in told["fiscaal"]["regels"]
    assert told["fiscaal"]["alternatief"]
    assert "fase" in told["fiscaal"]["zin"]
    (given,) = hub_app.sees(BELASTING, casus.signaal, RIEC).json()["verstrekkingen"]
    assert {line["categorie"] for line in lines if line["zichtbaar"]} == set(given["categorieen"])
    earlier = hub_app.as_seat(BELASTING).get(f"/casussen/{casus.id}/uitleg", op="2026-01-01")
    assert earlier.status_code == 404


def test_a_session_records_who_comes_and_goes_and_shows_itself_to_them_only(hub_app: HubWorld) -> None:
    chair, id = hub_app.as_seat(COLLEGE), hub_app.id()
    chair.act("/overleggen", {"overlegId": str(id), "tafel": "casustafel", "regio": "ede"})
    before = hub_app.as_seat(AVIM).post(f"/overleggen/{id}/aanwezigen", {"deelnemer": AVIM})
    assert before.status_code == 404
    chair.act(f"/overleggen/{id}/aanwezigen", {"deelnemer": AVIM, "laag": 1})
    assert hub_app.as_seat(AVIM).post(f"/overleggen/{id}/aanwezigen", {"deelnemer": NLA}).status_code == 409
    chair.act(f"/overleggen/{id}/acties", {"eigenaar": AVIM, "actie": "bel de opvang"})
    chair.act(f"/overleggen/{id}/vertrekken", {"deelnemer": AVIM})
    chair.act(f"/overleggen/{id}/acties", {"eigenaar": COLLEGE, "actie": "sluit het pand"})
    chair.act(f"/overleggen/{id}/sluitingen", {})
    assert chair.post(f"/overleggen/{id}/acties", {"eigenaar": AVIM, "actie": "te laat"}).status_code == 409
    hub_app.settle()
    listed = {zetel: hub_app.as_seat(zetel).get("/overleggen", aantal=500).text for zetel in (COLLEGE, AVIM, NLA)}
    assert str(id) in listed[COLLEGE]
    assert "sluit het pand" in listed[COLLEGE]
    assert "bel de opvang" in listed[AVIM]
    assert "sluit het pand" not in listed[AVIM]
    assert str(id) not in listed[NLA]
