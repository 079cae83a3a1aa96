"""Silence before an interview: care may not speak with her, learns nothing of why, and gets feedback afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.api.hub_world import NOBODY, HubWorld, doorzetting, inhoud, persoon
from tests.api.riec import AVIM, BELASTING, COLLEGE, OVJ, Zaak, zaak

ZC = "zc.opvang@ede"
ZORG = "zorg-opvang"
TEXT = "Morgen om tien uur wordt zij op het bureau gehoord."


@pytest.fixture
def signaal(hub_app: HubWorld) -> UUID:
    """A signal of care that police hold, with consent."""
    zc, person = hub_app.as_seat(ZC), hub_app.id()
    id = zc.registers(hub_app.kenmerk(), spoor="zorg-en-registratie", inhoud=inhoud(persoon(person, bsn=None)))
    consent = {
        "toestemmingId": str(hub_app.id()),
        "betrokkeneId": str(person),
        "door": "slachtoffer",
        "vorm": "uitdrukkelijk",
        "ontvangers": [AVIM],
    }
    zc.act(f"/signalen/{id}/toestemmingen", consent)
    zc.act(f"/signalen/{id}/doorzettingen", doorzetting(AVIM, "veiligheid-slachtoffer", spoor="zorg-en-registratie"))
    return id


def day(hub_app: HubWorld, later: int) -> str:
    return (hub_app.services.clock().date() + timedelta(days=later)).isoformat()


def silence(hub_app: HubWorld, signaal: UUID) -> list[dict[str, Any]]:
    said = hub_app.sees(ZC, signaal, ZORG).json()["stukken"]
    return [one for one in said if one["soort"] in ("geen-contact", "contact-vrij")]


def test_care_hears_that_there_is_no_contact_and_not_why_or_who(hub_app: HubWorld, signaal: UUID) -> None:
    care, police = hub_app.as_seat(ZC), hub_app.as_seat(AVIM)
    care.act(f"/signalen/{signaal}/contactvragen", {})
    police.act(f"/signalen/{signaal}/verhoren", {"totEnMet": day(hub_app, 3)})
    refused = care.post(f"/signalen/{signaal}/contactvragen", {})
    assert refused.status_code == 403
    assert "verhoor" in refused.json()["detail"]
    [flag] = silence(hub_app, signaal)
    assert flag["totEnMet"] == day(hub_app, 3)
    assert "zetel" not in flag
    assert flag["inhoud"] == {}
    assert str(signaal) in care.get("/weigeringen", aantal=500).text
    police.act(f"/signalen/{signaal}/verhoor-opheffingen", {})
    care.act(f"/signalen/{signaal}/contactvragen", {})
    assert [one["soort"] for one in silence(hub_app, signaal)] == ["geen-contact", "contact-vrij"]


def test_feedback_meanwhile_is_a_safe_text(hub_app: HubWorld, signaal: UUID) -> None:
    police = hub_app.as_seat(AVIM)
    police.act(f"/signalen/{signaal}/verhoren", {"totEnMet": day(hub_app, 3)})
    body = {"aan": ZC, "status": "opgepakt", "bericht": TEXT}
    police.act(f"/signalen/{signaal}/terugkoppelingen", body)
    during = hub_app.sees(ZC, signaal, ZORG).text
    assert TEXT not in during
    assert "Leg over deze zaak geen contact." in during
    police.act(f"/signalen/{signaal}/verhoor-opheffingen", {})
    police.act(f"/signalen/{signaal}/terugkoppelingen", body)
    assert TEXT in hub_app.sees(ZC, signaal, ZORG).text


def test_only_who_investigates_and_holds_the_signal_asks_for_silence(hub_app: HubWorld, signaal: UUID) -> None:
    body = {"totEnMet": day(hub_app, 3)}
    assert hub_app.as_seat(ZC).post(f"/signalen/{signaal}/verhoren", body).status_code == 409
    strange, nothing = (
        hub_app.as_seat("politie.avim@den-haag").post(f"/signalen/{id}/verhoren", body) for id in (signaal, NOBODY)
    )
    assert strange.status_code == 404
    assert {**strange.json(), "instance": ""} == {**nothing.json(), "instance": ""}


def test_silence_for_a_case_reaches_who_holds_its_signals(hub_app: HubWorld) -> None:
    case: Zaak = zaak(hub_app, BELASTING, OVJ)
    case.does("verhoren", {"totEnMet": day(hub_app, 3)}, AVIM)
    for zetel in (COLLEGE, BELASTING):
        seen = case.read(zetel)
        flags = [said for part in seen["bijdragen"] for said in part["stukken"] if said["soort"] == "geen-contact"]
        assert flags, zetel
        assert all("zetel" not in flag for flag in flags)
    assert case.seat(COLLEGE).post(f"/signalen/{case.signaal}/contactvragen", {}).status_code == 403
    assert case.seat(BELASTING).post(f"/casussen/{case.id}/verhoren", {"totEnMet": day(hub_app, 3)}).status_code == 409
