"""'Mag ik dit delen?' and the proofs that anybody may ask for."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from hub.audit.checkpoint import Checkpoint, NoteVerifier, verify_checkpoint
from hub.audit.tree import leaf_hash, verify_consistency, verify_inclusion
from hub.ledger.checkpoints import LOGS
from tests.api.hub_world import CANARY, HubWorld, criteria, inhoud, persoon

COLLEGE = "gemeente.college-handhaving@ede"
GEZONDHEID = {"categorie": "gezondheid", "kenmerk": "letsel", "waarde": "gebroken pols"}


def trial(hub_app: HubWorld, zetel: str, *ontvangers: tuple[str, str], **melding: Any) -> dict[str, Any]:
    seat = hub_app.as_seat(zetel)
    keuzes = [
        {"naar": naar, "spoor": "bilateraal", "doel": doel, "omstandigheden": {"belang_slachtoffer": True}}
        for naar, doel in ontvangers
    ]
    body = {"melding": seat.signaal(hub_app.kenmerk(), **melding)["melding"], "ontvangers": keuzes}
    answer = seat.post("/signalen/_toets", body)
    assert answer.status_code == 200, answer.text
    assert CANARY not in answer.text
    assert "Anka" not in answer.text
    return dict(answer.json())


def test_a_trial_writes_nothing_and_is_itself_on_record(hub_app: HubWorld) -> None:
    head, looks = hub_app.hub.store.head(), hub_app.looks()
    trial(hub_app, COLLEGE, ("zc.opvang@ede", "zorg-opvang"), inhoud=inhoud(persoon(hub_app.id())))
    assert hub_app.hub.store.head() == head
    assert hub_app.looks() == looks + 1


def test_a_trial_says_who_would_see_what_and_why_not_with_the_alternative(hub_app: HubWorld) -> None:
    content = inhoud(persoon(hub_app.id()), feiten=[GEZONDHEID])
    asked = (("zc.opvang@ede", "zorg-opvang"), ("woningcorporatie@ede", "zorg-opvang"))
    answer = trial(hub_app, COLLEGE, *asked, inhoud=content)
    care, landlord = (one["voorbeeld"] for one in answer["ontvangers"])
    assert "identificerend" in care["toegestaan"]
    assert {"bsn", "gezondheid"} <= set(care["geweigerd"])
    assert landlord["toegestaan"] == []
    for one in care["uitkomsten"]:
        assert one["zin"]
        assert one["toegestaan"] == bool(one["regels"] and one["grondslagen"]) or not one["toegestaan"]
    health = next(one for one in care["uitkomsten"] if one["categorie"] == "gezondheid")
    assert "toestemming" in health["alternatief"]


def test_a_trial_foretells_what_happens(hub_app: HubWorld) -> None:
    college, content = hub_app.as_seat(COLLEGE), inhoud(persoon(hub_app.id()), feiten=[GEZONDHEID])
    foretold = trial(hub_app, COLLEGE, ("zc.opvang@ede", "zorg-opvang"), inhoud=content)["ontvangers"][0]["voorbeeld"]
    id = college.registers(hub_app.kenmerk(), inhoud=content)
    body = {
        "naar": "zc.opvang@ede",
        "spoor": "bilateraal",
        "doel": "zorg-opvang",
        "omstandigheden": {"belang_slachtoffer": True},
    }
    receipt = college.act(f"/signalen/{id}/doorzettingen", body)
    assert receipt["verstrekt"][0]["categorieen"] == foretold["toegestaan"]
    assert receipt["geweigerd"][0]["categorieen"] == foretold["geweigerd"]


def test_a_trial_of_what_may_not_be_submitted_says_so(hub_app: HubWorld) -> None:
    answer = trial(hub_app, COLLEGE, spoor="riec", criteria=criteria(), inhoud=inhoud(feiten=[GEZONDHEID]))
    assert answer["indienen"]["geweigerd"] == ["gezondheid"]


def test_a_checkpoint_is_signed_by_the_key_of_its_log(hub_app: HubWorld) -> None:
    for log in LOGS:
        answer = hub_app.http.get(f"/v1/controlepunten/{log}")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert point(hub_app, log, answer.text).size == hub_app.hub.store.frontier(log).size


def point(hub_app: HubWorld, log: str, note: str) -> Checkpoint:
    key = NoteVerifier.from_vkey(hub_app.hub.checkpoints.signers[log].verifier.vkey)
    return verify_checkpoint(note, key)


def test_ones_own_receipt_is_provable_at_once(hub_app: HubWorld) -> None:
    college = hub_app.as_seat(COLLEGE)
    receipt = college.act("/signalen", college.signaal(hub_app.kenmerk()))
    index = receipt["posities"][0] - 1
    proof = hub_app.http.get(f"/v1/controlepunten/grootboek/bewijzen/{index}").json()
    signed = point(hub_app, "grootboek", proof["controlepunt"])
    leaf = leaf_hash(base64.b64decode(proof["blad"]))
    assert leaf.hex() == receipt["bladen"][0]
    assert signed.size == proof["grootte"]
    hashes = [base64.b64decode(one) for one in proof["hashes"]]
    assert verify_inclusion(leaf, proof["index"], signed.size, hashes, signed.root)


def test_the_log_proves_that_it_only_grew(hub_app: HubWorld) -> None:
    college = hub_app.as_seat(COLLEGE)
    college.registers(hub_app.kenmerk())
    old = point(hub_app, "grootboek", hub_app.http.get("/v1/controlepunten/grootboek").text)
    college.registers(hub_app.kenmerk())
    proof = hub_app.http.get("/v1/controlepunten/grootboek/groeibewijzen", params={"van": old.size}).json()
    new = point(hub_app, "grootboek", hub_app.http.get("/v1/controlepunten/grootboek").text)
    hashes = [base64.b64decode(one) for one in proof["hashes"]]
    assert verify_consistency(proof["van"], proof["tot"], hashes, old.root, new.root)


@pytest.mark.parametrize(
    "path",
    [
        "/controlepunten/grootboek/bewijzen/9007199254740991",
        "/controlepunten/toegang/bewijzen/0",
        "/controlepunten/grootboek/groeibewijzen?van=9007199254740991",
    ],
)
def test_there_is_no_proof_of_what_is_not_in_the_log_or_not_for_all(hub_app: HubWorld, path: str) -> None:
    assert hub_app.http.get(f"/v1{path}").status_code == 404
