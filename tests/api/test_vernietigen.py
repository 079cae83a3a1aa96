"""Erasure: the name is gone from every view and from the ledger, and every proof still holds."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from hub.audit.verify import verify_log
from hub.exporting import export_log_to, verifier_key
from hub.ledger.checkpoints import LOGS
from tests.api.hub_world import CANARY, HubWorld, Seat, doorzetting, inhoud, persoon

COLLEGE = "gemeente.college-handhaving@ede"
ZC = "zc.opvang@ede"
NLA = "nla@landelijk"
VOUCHED = {"besluit_vastgelegd": True, "belang_slachtoffer": True}


def shared(hub_app: HubWorld, *persons: UUID) -> tuple[Seat, UUID]:
    """A signal about these persons, with two receivers; every person has her number as name."""
    college = hub_app.as_seat(COLLEGE)
    content = inhoud(*(persoon(person, naam=f"Persoon {person}") for person in persons))
    id = college.registers(hub_app.kenmerk(), inhoud=content)
    for naar, doel in ((ZC, "zorg-opvang"), (NLA, "toezicht-arbeid")):
        college.act(f"/signalen/{id}/doorzettingen", doorzetting(naar, doel, omstandigheden=VOUCHED))
    return college, id


def views(hub_app: HubWorld, id: UUID) -> dict[str, str]:
    seats = ((COLLEGE, "interne-controle"), (ZC, "zorg-opvang"), (NLA, "toezicht-arbeid"))
    return {zetel: hub_app.sees(zetel, id, doel).text for zetel, doel in seats}


def test_an_erased_person_is_gone_from_every_view_and_the_other_stays(hub_app: HubWorld) -> None:
    gone, stays = hub_app.id(), hub_app.id()
    college, id = shared(hub_app, gone, stays)
    assert all(f"Persoon {gone}" in text for text in views(hub_app, id).values())
    college.act(f"/signalen/{id}/vernietigingen", {"betrokkeneId": str(gone), "motivering": "verzoek-betrokkene"})
    for zetel, text in views(hub_app, id).items():
        assert f"Persoon {gone}" not in text, zetel
        assert f"Persoon {stays}" in text, zetel


def test_what_the_ledger_holds_of_an_erased_person_cannot_be_opened_again(hub_app: HubWorld) -> None:
    before, gone = hub_app.hub.store.head(), hub_app.id()
    college, id = shared(hub_app, gone)
    rows = hub_app.hub.store.read(before, 1)
    assert f"Persoon {gone}" in repr(hub_app.hub.mapper.to_messages(rows))
    college.act(f"/signalen/{id}/vernietigingen", {"betrokkeneId": str(gone), "motivering": "verzoek-betrokkene"})
    (restored,) = hub_app.hub.mapper.to_messages(hub_app.hub.store.read(before, 1))
    assert f"Persoon {gone}" not in repr(restored.message)
    assert CANARY not in repr(restored.message)
    assert [lost.subject for lost in restored.lost] == [gone]


def test_every_proof_still_holds_after_an_erasure(hub_app: HubWorld, tmp_path: Path) -> None:
    gone = hub_app.id()
    college, id = shared(hub_app, gone)
    college.act(f"/signalen/{id}/vernietigingen", {"betrokkeneId": str(gone), "motivering": "verzoek-betrokkene"})
    for log in LOGS:
        export_log_to(hub_app.hub, log, tmp_path / log)
        assert verify_log(tmp_path / log, [verifier_key(hub_app.hub, log)]) == []


def test_nothing_more_can_be_said_of_an_erased_person(hub_app: HubWorld) -> None:
    gone = hub_app.id()
    college, id = shared(hub_app, gone)
    college.act(f"/signalen/{id}/vernietigingen", {"betrokkeneId": str(gone), "motivering": "verzoek-betrokkene"})
    again = {
        "verrijkingId": str(hub_app.id()),
        "herkomst": "dossier",
        "inhoud": inhoud(persoon(gone)),
    }
    assert college.post(f"/signalen/{id}/verrijkingen", again).status_code == 409


def test_only_the_provider_erases(hub_app: HubWorld) -> None:
    person = hub_app.id()
    _, id = shared(hub_app, person)
    body = {"betrokkeneId": str(person), "motivering": "verzoek-betrokkene"}
    assert hub_app.as_seat(ZC).post(f"/signalen/{id}/vernietigingen", body).status_code == 404
    assert f"Persoon {person}" in views(hub_app, id)[ZC]
