"""Results: made with their lineage, given to a third party on every condition of the law, reported on and closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.api.hub_world import NOBODY, HubWorld
from tests.api.riec import AVIM, BELASTING, COLLEGE, RIEC, Zaak, zaak

SOCIAAL, CORPORATIE = "gemeente.college-sociaal@ede", "woningcorporatie@ede"
ADVIES, STURING = "Sluit het pand aan de kade voor drie maanden.", "Drie panden van dezelfde eigenaar."
BESTUUR = "bestuurlijke-interventie"
DERDE = {
    "naar": SOCIAAL,
    "doel": BESTUUR,
    "wettelijkeGrond": "wgs-2-23-8",
    "racBesluit": "RAC-2026-014",
    "grondVanOntvanger": "publieke-taak",
}


@pytest.fixture
def open_case(hub_app: HubWorld) -> Zaak:
    return zaak(hub_app, BELASTING)


def make(case: Zaak, zetel: str = COLLEGE, **more: Any) -> UUID:
    """A result of the municipality on its own and the police contribution."""
    id = case.world.id()
    body = {
        "resultaatId": str(id),
        "signalen": [str(case.signaal), str(case.politiesignaal)],
        "onderdelen": [
            {"categorie": "interventieadvies", "tekst": ADVIES},
            {"categorie": "sturingsinformatie", "tekst": STURING},
        ],
    } | more
    case.does("resultaten", body, zetel)
    return id


def read(case: Zaak, id: UUID, zetel: str, doel: str = RIEC) -> dict[str, Any]:
    case.world.settle()
    return dict(case.seat(zetel).get(f"/resultaten/{id}", doel=doel).json())


def agrees(case: Zaak, id: UUID, zetel: str, aan: str = SOCIAAL) -> None:
    case.seat(zetel).act(f"/resultaten/{id}/instemmingen", {"aan": aan})


def gives(case: Zaak, id: UUID, **more: Any) -> Any:
    return case.seat(COLLEGE).post(f"/resultaten/{id}/verstrekkingen-aan-derden", DERDE | more)


def test_participants_hold_a_result_with_its_lineage_and_others_do_not_know_of_it(open_case: Zaak) -> None:
    id = make(open_case)
    seen = read(open_case, id, BELASTING)
    assert ADVIES in str(seen["inhoud"])
    assert seen["herkomst"] == sorted([AVIM, COLLEGE])
    nothing = read(open_case, NOBODY, SOCIAAL)
    assert {**read(open_case, id, SOCIAAL), "instance": ""} == {**nothing, "instance": ""}
    assert nothing["status"] == 404


def test_a_third_party_gets_it_once_every_provider_has_agreed(open_case: Zaak) -> None:
    id = make(open_case)
    refused = gives(open_case, id)
    assert refused.status_code == 403
    assert "wgs-derde-met-instemming-van-elke-bron" in refused.json()["regels"]
    agrees(open_case, id, AVIM)
    assert gives(open_case, id).status_code == 201
    seen = read(open_case, id, SOCIAAL, BESTUUR)
    assert {piece["categorie"] for piece in seen["onderdelen"]} == {"interventieadvies", "sturingsinformatie"}
    assert ADVIES in str(seen["inhoud"])
    for secret in (open_case.id, AVIM, open_case.signaal, open_case.politiesignaal):
        assert str(secret) not in str(seen)
    assert open_case.seat(SOCIAAL).get(f"/casussen/{open_case.id}", doel=RIEC).status_code == 404


@pytest.mark.parametrize(
    "missing",
    [
        {"racBesluit": None},
        {"wettelijkeGrond": "geen"},
        {"grondVanOntvanger": "geen"},
        {"grondVanOntvanger": "gerechtvaardigd-belang"},
    ],
)
def test_without_one_of_the_conditions_nothing_leaves(open_case: Zaak, missing: dict[str, Any]) -> None:
    id = make(open_case)
    agrees(open_case, id, AVIM)
    assert gives(open_case, id, **missing).status_code == 403
    assert read(open_case, id, SOCIAAL, BESTUUR)["status"] == 404


def test_an_objection_takes_back_what_went_to_a_third_party(open_case: Zaak) -> None:
    id = make(open_case)
    agrees(open_case, id, AVIM)
    gives(open_case, id)
    open_case.does("bezwaren", {"reikwijdte": "resultaten", "motivering": "gevaar voor het onderzoek"}, AVIM)
    assert ADVIES not in str(read(open_case, id, BELASTING))
    assert read(open_case, id, SOCIAAL, BESTUUR)["status"] == "vervallen"
    assert ADVIES not in str(read(open_case, id, SOCIAAL, BESTUUR))
    assert gives(open_case, id).status_code == 403
    open_case.does("bezwaar-intrekkingen", {}, AVIM)
    assert ADVIES in str(read(open_case, id, BELASTING))


def test_consent_taken_back_ends_what_rested_on_it(open_case: Zaak) -> None:
    id = make(open_case)
    agrees(open_case, id, AVIM)
    gives(open_case, id)
    open_case.seat(AVIM).act(f"/resultaten/{id}/instemmingsintrekkingen", {"aan": SOCIAAL})
    assert read(open_case, id, SOCIAAL, BESTUUR)["status"] == "vervallen"


def test_a_result_of_a_result_inherits_its_lineage_and_tax_data_reach_no_private_party(open_case: Zaak) -> None:
    first = make(open_case, BELASTING)
    second = make(open_case, signalen=[], resultaten=[str(first)])
    assert set(read(open_case, second, COLLEGE)["herkomst"]) == {AVIM, BELASTING, COLLEGE}
    private = {"naar": CORPORATIE, "grondVanOntvanger": "gerechtvaardigd-belang"}
    for zetel in (AVIM, BELASTING):
        agrees(open_case, second, zetel, CORPORATIE)
    refused = gives(open_case, second, **private)
    assert refused.status_code == 403
    assert "wgs-belasting-nooit-naar-privaat" in refused.json()["regels"]


def test_a_result_without_tax_data_goes_to_a_private_party_with_an_interest(open_case: Zaak) -> None:
    id = make(open_case)
    agrees(open_case, id, AVIM, CORPORATIE)
    private = {"naar": CORPORATIE, "grondVanOntvanger": "gerechtvaardigd-belang"}
    assert gives(open_case, id, **private).status_code == 201
    assert ADVIES in str(read(open_case, id, CORPORATIE, BESTUUR)["inhoud"])


def test_nobody_claims_a_lineage_or_uses_what_it_does_not_hold(open_case: Zaak, hub_app: HubWorld) -> None:
    id = make(open_case)
    body = {"resultaatId": str(hub_app.id()), "onderdelen": [{"categorie": "interventieadvies", "tekst": ADVIES}]}
    path = f"/casussen/{open_case.id}/resultaten"
    for faulty, status in (
        ({"herkomst": [COLLEGE], "signalen": [str(open_case.signaal)]}, 400),
        ({"signalen": [str(NOBODY)]}, 404),
        ({"signalen": []}, 409),
        ({"resultaten": [str(NOBODY)]}, 404),
    ):
        assert open_case.seat(COLLEGE).post(path, body | faulty).status_code == status
    for zetel in (SOCIAAL, "nla@landelijk"):
        stranger = open_case.seat(zetel)
        assert stranger.post(f"/resultaten/{id}/instemmingen", {"aan": SOCIAAL}).status_code == 404
        assert stranger.post(f"/resultaten/{id}/verstrekkingen-aan-derden", DERDE).status_code == 404
        assert stranger.post(path, body | {"signalen": [str(open_case.signaal)]}).status_code == 404


def test_a_recipient_reports_before_it_closes_a_result(open_case: Zaak) -> None:
    id = make(open_case)
    receiver = open_case.seat(BELASTING)
    assert receiver.post(f"/resultaten/{id}/sluitingen", {}).status_code == 403
    report = {"status": "kwaliteit-en-opvolging", "bericht": "Aanslag opgelegd; het advies klopte."}
    receiver.act(f"/resultaten/{id}/terugkoppelingen", report)
    receiver.act(f"/resultaten/{id}/sluitingen", {})
    assert report["bericht"] in str(read(open_case, id, COLLEGE)["inhoud"])
    assert report["bericht"] not in str(read(open_case, id, AVIM))
    assert open_case.seat(SOCIAAL).post(f"/resultaten/{id}/terugkoppelingen", report).status_code == 404


def test_another_partnership_hears_who_is_involved_only_where_the_person_is_known(open_case: Zaak) -> None:
    known = [{"categorie": "betrokken-deelnemers", "tekst": "Gemeente en politie zijn betrokken."}]
    id = make(open_case, onderdelen=[*known, {"categorie": "interventieadvies", "tekst": ADVIES}])
    naar = "zvh.bureau@gelderland-midden"
    agrees(open_case, id, AVIM, naar)
    path, body = f"/resultaten/{id}/verstrekkingen-aan-verbanden", {"naar": naar, "verband": "zvh"}
    assert open_case.seat(COLLEGE).post(path, body).status_code == 403
    open_case.seat(COLLEGE).act(path, {**body, "daarBekend": True})
    seen = read(open_case, id, naar)
    assert [piece["categorie"] for piece in seen["onderdelen"]] == ["betrokken-deelnemers"]
    assert ADVIES not in str(seen)
