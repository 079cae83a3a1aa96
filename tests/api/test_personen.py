"""Stories of persons and seats through the doors: the second ring, the second person, and two hats in one token."""

from __future__ import annotations

import jwt
import pytest

from hub.api.identity import SCOPES
from tests.api.hub_world import HubWorld, Seat, inhoud, persoon

MEDISCH, ZC, AVIM = "medisch@breda", "zc.opvang@ede", "politie.avim@oost-nederland"
NLA, TOEZICHT = "nla@landelijk", "nla@landelijk-toezicht"
DOEL = "veiligheid-slachtoffer"


def test_the_second_ring_is_told_what_is_wrong_and_sends_its_sketch_again(hub_app: HubWorld) -> None:
    seat, kenmerk = hub_app.as_seat(MEDISCH), hub_app.kenmerk()
    track = {"spoor": "zorg-en-registratie", "regio": "breda"}
    named = seat.signaal(kenmerk, inhoud=inhoud(persoon(hub_app.id())), **track)
    before = hub_app.hub.store.head()
    answer = seat.post("/signalen", named)
    assert answer.status_code == 400
    assert "zonder namen" in answer.json()["detail"]
    assert "zorg-buitenring-zonder-namen" in answer.json()["regels"]
    assert "zonder namen" in answer.json()["alternatief"]
    assert "Testowicz" not in answer.text
    assert hub_app.recorded(before) == ["signaal-geweigerd"]
    [line] = seat.results(seat.event("1", "registreer-signaal", named))
    assert (line["status"], line["probleem"]["status"]) == ("geweigerd", 400)
    seat.act("/signalen", seat.signaal(kenmerk, inhoud=inhoud(situatieschets="zij wordt laat opgehaald"), **track))


def by(world: HubWorld, zetel: str, systeem: str) -> Seat:
    """The same seat, with another person or system in it."""
    assert world.services.issuer is not None
    oin = world.hub.beleid.instanties[zetel].oin
    token = world.services.issuer.access_token(f"{oin}:{systeem}", oin, zetel, tuple(SCOPES))
    return Seat(zetel, oin, world.http, {"Authorization": f"Bearer {token}"})


def test_a_second_person_of_the_organisation_stands_behind_emergency_access(hub_app: HubWorld) -> None:
    avim, id = hub_app.as_seat(AVIM), str(hub_app.id())
    signaal = avim.registers(hub_app.kenmerk(), wpgArtikel="8")
    asked = {"noodtoegangId": id, "categorieen": ["signaal-inhoud"], "reden": "vannacht", "gevaar": "acuut"}
    by(hub_app, ZC, "nachtdienst").act(f"/signalen/{signaal}/noodtoegangen", asked)
    confirm = {"noodtoegangId": id}
    path = f"/signalen/{signaal}/noodtoegangbevestigingen"
    assert by(hub_app, ZC, "nachtdienst").post(path, confirm).status_code == 409
    assert by(hub_app, AVIM, "recherche").post(path, confirm).status_code == 404
    by(hub_app, ZC, "dagdienst").act(path, confirm)
    hub_app.settle()
    [kept] = [one for one in avim.get("/noodtoegangen").json()["items"] if one["noodtoegangId"] == id]
    assert kept["bevestigdOp"] is not None
    again = by(hub_app, ZC, "nachtdienst").post(f"/signalen/{signaal}/noodtoegangen", asked)
    assert again.status_code == 409


@pytest.mark.parametrize("zetels", [[NLA, TOEZICHT], [NLA], f"{NLA} {TOEZICHT}"])
def test_a_token_with_more_than_one_hat_opens_nothing(hub_app: HubWorld, zetels: object) -> None:
    issuer = hub_app.services.issuer
    assert issuer is not None
    oin = hub_app.hub.beleid.instanties[NLA].oin
    token = issuer.access_token(f"{oin}:proef", oin, zetels, tuple(SCOPES))  # type: ignore[arg-type]
    assert jwt.decode(token, options={"verify_signature": False})["zetel"] == zetels
    seat = Seat(NLA, oin, hub_app.http, {"Authorization": f"Bearer {token}"})
    assert seat.get("/signalen", doel=DOEL).status_code in (401, 403)
    assert seat.post("/signalen", seat.signaal(hub_app.kenmerk())).status_code in (401, 403)
