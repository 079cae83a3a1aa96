"""A reporter tries to learn from its feedback what is going on: who else has it, in which case, and whether there is
an investigation."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from tests.api.hub_world import HubWorld, doorzetting
from tests.api.test_terugkoppelingen import AVIM, DOEL, GEVAAR, NLA, ZC, passed_on, some_days_later, withholds

OPSPORING, PRIVACY = "onthouden-strafrechtelijk-onderzoek", "onthouden-privacy"
#: What no answer to a reporter may hold.
TELLING = ("strafrecht", "onthouden-", "herbezien", "aanhoud", "verhoor", "escal", "herinner", NLA)
_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[0-9:.]+Z?|\b\d+\b|[0-9a-f]{32,}")


def reads(world: HubWorld, signaal: UUID) -> dict[str, Any]:
    """Everything the reporter can ask of its own signal."""
    world.settle()
    zc = world.as_seat(ZC)
    signal = zc.get(f"/signalen/{signaal}", doel=DOEL).json()
    owed = zc.get("/terugkoppelingen", signaalId=str(signaal)).json()
    holders = zc.get(f"/signalen/{signaal}/ontvangers").json()
    looked = zc.get(f"/signalen/{signaal}/raadplegingen").json()["raadplegingen"]
    acts = sorted(one["vraag"] for one in looked if one["zetel"] != ZC)
    return {"signaal": signal, "terugkoppelingen": owed, "ontvangers": holders, "handelingen": acts}


def without_numbers(value: Any) -> str:
    return _VARYING.sub("#", str(value))


def test_an_investigation_reads_like_any_other_reason(hub_app: HubWorld) -> None:
    texts = []
    for reden in (OPSPORING, PRIVACY):
        signaal = passed_on(hub_app)
        withholds(hub_app, signaal, reden)
        answer = reads(hub_app, signaal)
        assert not [word for word in TELLING if word in str(answer)]
        texts.append(without_numbers(answer))
    assert texts[0] == texts[1]


def test_looking_again_withholding_again_and_being_late_change_nothing(hub_app: HubWorld) -> None:
    signaal = passed_on(hub_app)
    withholds(hub_app, signaal, OPSPORING, 10)
    before = reads(hub_app, signaal)
    some_days_later(hub_app, signaal, 10)
    some_days_later(hub_app, signaal, 50)
    some_days_later(hub_app, signaal, 90)
    withholds(hub_app, signaal, PRIVACY, 20)
    assert reads(hub_app, signaal) == before, "not even the position of the last change"


def test_what_the_recipient_passes_on_gives_one_state_whoever_has_it_and_whatever_they_do(hub_app: HubWorld) -> None:
    signaal = passed_on(hub_app)
    police, body = hub_app.as_seat(AVIM), doorzetting(NLA, DOEL, omstandigheden=GEVAAR)
    police.act(f"/signalen/{signaal}/doorzettingen", body)
    hub_app.settle()
    zc = hub_app.as_seat(ZC)
    first = zc.get("/terugkoppelingen", signaalId=str(signaal)).json()
    [mine] = first["terugkoppelingen"]
    assert (mine["gemeld"], mine["ontvanger"]) == ("doorgezet", AVIM)
    assert NLA not in str(first)
    police.act(f"/signalen/{signaal}/doorzettingen", body)
    told = {"aan": AVIM, "status": "opgepakt", "bericht": "Onderzoek loopt."}
    hub_app.as_seat(NLA).act(f"/signalen/{signaal}/terugkoppelingen", told)
    hub_app.settle()
    assert zc.get("/terugkoppelingen", signaalId=str(signaal)).json() == first
    assert "Onderzoek" not in hub_app.sees(ZC, signaal, DOEL).text
