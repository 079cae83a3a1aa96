"""The decision cases through the door a partner uses, in our words and in those of the published vocabulary."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.beslisgeval import WOORDEN
from hub.access.gevallen import EIGEN, Geval, lees_gevallen, lees_nog_niet
from hub.access.verzoek import Verzoek
from tests.api.hub_world import HubWorld

ZETEL = "zc.opvang@ede"
ENGELS = {lijst: {ons: engels for engels, ons in woorden.items()} for lijst, woorden in WOORDEN.items()}
NOG_NIET = {geval for ids in lees_nog_niet().values() for geval in ids}
GEVALLEN = [g for g in lees_gevallen() if g.bestand != EIGEN.removesuffix(".yaml") and g.id not in NOG_NIET]
#: A case that names no form is met by an open refusal and by one that says less (README of the policies).
STIL = {"verboden", "niet-gevonden"}


def as_question(v: Verzoek) -> dict[str, Any]:
    return {
        "zetel": v.zetel,
        "rol": v.rol,
        "handeling": v.handeling,
        "spoor": v.spoor,
        "regio": v.regio,
        "datum": v.datum.isoformat(),
        "categorie": v.categorie,
        "bronZetel": v.bron_zetel,
        "fase": v.fase,
        "doel": v.doel,
        "betrokkeneRol": v.betrokkene_rol,
        "minderjarig": v.minderjarig,
        "bijzonder": sorted(v.bijzonder),
        "kenmerken": sorted(v.kenmerken),
        "omstandigheden": dict(v.omstandigheden),
    }


def as_case(geval: Geval) -> dict[str, Any]:
    v = geval.verzoek
    context = {ENGELS["omstandigheden"][naam]: waarde for naam, waarde in v.omstandigheden.items()}
    if "signatory" in context:
        context["signatory"] = context["signatory"] == "ja"
    subject = {"minor": v.minderjarig, "role": v.betrokkene_rol, "special": sorted(v.bijzonder)}
    provider = "actor" if v.bron_zetel == v.zetel else v.bron_zetel
    return {
        "id": geval.id,
        "track": v.spoor,
        "region": v.regio,
        "date": v.datum.isoformat(),
        "actor": {"seat": v.zetel, "role": v.rol},
        "action": ENGELS["handelingen"][v.handeling],
        "data": {
            "category": v.categorie,
            "provider_seat": provider,
            "phase": v.fase,
            "subject": subject,
            "flags": sorted(v.kenmerken),
        },
        "purpose": v.doel,
        "context": context,
        "expect": "allow" if geval.toegestaan else "deny",
    }


def asked(hub_app: HubWorld, body: dict[str, Any]) -> dict[str, Any]:
    answer = hub_app.as_seat(ZETEL, "beleid.toetsen").post("/beleid/_toets", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def agrees(answer: dict[str, Any], geval: Geval) -> None:
    assert answer["besluit"] == ("toegestaan" if geval.toegestaan else "geweigerd"), answer["zin"]
    assert answer["zin"]
    if geval.toegestaan:
        assert set(answer["verplichtingen"]) >= geval.verplichtingen
        assert geval.zichtbaar <= set(answer["masker"]["zichtbaar"])
        assert geval.verborgen <= set(answer["masker"]["verborgen"])
        assert len(answer["regels"]) == len(answer["grondslagen"]) > 0
    else:
        assert answer["vorm"] in ({geval.vorm} if geval.vorm else STIL)
        assert answer["masker"]["zichtbaar"] == []


@pytest.mark.parametrize("bestand", sorted({geval.bestand for geval in GEVALLEN}))
def test_every_decision_case_is_answered_as_it_must_in_both_forms(hub_app: HubWorld, bestand: str) -> None:
    for geval in (geval for geval in GEVALLEN if geval.bestand == bestand):
        ours = asked(hub_app, as_question(geval.verzoek))
        agrees(ours, geval)
        theirs = asked(hub_app, as_case(geval))
        assert {**theirs, "geval": None} == ours
        assert theirs["geval"]["expect"] == ("allow" if geval.toegestaan else "deny")


def test_a_question_leaves_no_trace_in_the_ledger(hub_app: HubWorld) -> None:
    head = hub_app.hub.store.head()
    asked(hub_app, as_question(GEVALLEN[0].verzoek))
    assert hub_app.hub.store.head() == head


def test_what_the_policy_does_not_know_is_refused_and_not_repeated(hub_app: HubWorld) -> None:
    body = as_case(GEVALLEN[0])
    answer = asked(hub_app, {**body, "context": {**body["context"], "sesam_open": True}})
    assert (answer["besluit"], answer["vorm"]) == ("geweigerd", "probleem-400")
    assert "sesam" not in str(answer)


def test_every_fault_of_a_malformed_question_is_named_at_once(hub_app: HubWorld) -> None:
    body = {**as_question(GEVALLEN[0].verzoek), "datum": "gisteren", "doel": 3, "extra": 1}
    answer = hub_app.as_seat(ZETEL, "beleid.toetsen").post("/beleid/_toets", body)
    assert answer.status_code == 400
    assert {fout["veld"] for fout in answer.json()["fouten"]} == {"/datum", "/doel", "/extra"}


def test_the_policy_in_force_is_open_to_read_with_its_sources(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(ZETEL, "beleid.raadplegen")
    beeld = seat.get("/beleid").json()
    assert beeld["versie"] == hub_app.services.beleid.versie
    assert len(beeld["regels"]) == len(hub_app.services.beleid.regels)
    for regel in beeld["regels"]:
        assert regel["zin"]
        assert regel["bron"]
        assert (regel["verwerking"] is not None) == (regel["soort"] == "staat-toe")


def test_contradictions_of_the_sources_are_shown_with_the_covenants(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(ZETEL, "beleid.raadplegen")
    found = seat.get("/beleid/convenanten", regio="drenthe", op="2021-06-07").json()["convenanten"]
    assert "drenthe" in {convenant["regio"] for convenant in found}
    assert any(convenant["tegenstrijdigheden"] or convenant["leemten"] for convenant in found)
