"""Who tests lawfulness looks back at what another seat could see, and ahead at what a draft policy would change."""

from __future__ import annotations

import base64
import shutil
from datetime import timedelta
from pathlib import Path

import orjson
import yaml

from contracts.beleid import StelBeleidVoor
from hub.access.bundel import BELEIDSMAP
from hub.access.pakket import pak_in
from hub.access.ruw import lees_map
from hub.sealing import utc_now
from tests.api.hub_world import NOBODY, HubWorld
from tests.api.riec import BELASTING, COLLEGE, ZC, zaak
from tests.api.test_beleidsversies import Office

OFFICER, RECHT = "privacy-officer@landelijk", "rechtmatigheidscontrole"
BEHEERDER = "beheerder@landelijk"


class TestLookingBack:
    def test_it_is_what_the_seat_itself_is_told_without_content(self, hub_app: HubWorld) -> None:
        case = zaak(hub_app, BELASTING)
        own = hub_app.as_seat(BELASTING).get(f"/casussen/{case.id}/uitleg")
        seen = hub_app.as_seat(OFFICER).get(f"/casussen/{case.id}/zetels/{BELASTING}/uitleg", doel=RECHT)
        assert seen.status_code == 200, seen.text
        ours = [one for one in own.json()["uitleg"] if one["verstrekker"] == COLLEGE]
        assert [one for one in seen.json()["uitleg"] if one["verstrekker"] == COLLEGE] == ours
        assert "Testowicz" not in seen.text

    def test_the_question_is_on_record(self, hub_app: HubWorld) -> None:
        case = zaak(hub_app)
        hub_app.as_seat(OFFICER).get(f"/casussen/{case.id}/zetels/{COLLEGE}/uitleg", doel=RECHT)
        record = orjson.loads(hub_app.last_look())
        assert (record["zetel"], record["doel"], record["casus"]) == (OFFICER, RECHT, str(case.id))
        assert record["velden"] == ["auditregel"]

    def test_before_the_case_and_outside_it_there_is_nothing(self, hub_app: HubWorld) -> None:
        case, officer = zaak(hub_app), hub_app.as_seat(OFFICER)
        before = str(utc_now().date() - timedelta(days=30))
        path = f"/casussen/{case.id}/zetels"
        assert officer.get(f"{path}/{COLLEGE}/uitleg", doel=RECHT, op=before).status_code == 404
        assert officer.get(f"{path}/{ZC}/uitleg", doel=RECHT).status_code == 404
        assert officer.get(f"/casussen/{NOBODY}/zetels/{COLLEGE}/uitleg", doel=RECHT).status_code == 404

    def test_nobody_else_may_ask_for_another_seat(self, hub_app: HubWorld) -> None:
        case = zaak(hub_app)
        for zetel in (COLLEGE, ZC):
            asked = hub_app.as_seat(zetel).get(f"/casussen/{case.id}/zetels/{COLLEGE}/uitleg", doel=RECHT)
            assert asked.status_code == 403
        other = hub_app.as_seat(OFFICER).get(f"/casussen/{case.id}/zetels/{COLLEGE}/uitleg", doel="zorg-opvang")
        assert other.status_code == 403


def proposed(world: HubWorld, folder: Path) -> str:
    """A draft under which the role of a person opens later in a RIEC case; its version."""
    draft = folder / "beleid"
    shutil.copytree(BELEIDSMAP, draft)
    path = draft / "categorieen.yaml"
    content = yaml.safe_load(path.read_text())
    content["rol-in-casus"]["riec"] = {"fase": 3}
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    versie, office = lees_map(draft).versie, Office(world, BEHEERDER)
    pakket = base64.b64encode(pak_in(draft)).decode()
    step = StelBeleidVoor(versie=versie, pakket=pakket, toelichting="rollen pas in fase 3", handtekening="-")
    office.seat.act("/beleid/versies", office.signed(step))
    return versie


class TestLookingAhead:
    def test_a_draft_shows_what_would_close_and_for_whom(self, hub_app: HubWorld, tmp_path: Path) -> None:
        zaak(hub_app, BELASTING)
        versie, head = proposed(hub_app, tmp_path), hub_app.hub.store.head()
        found, na = [], 0
        while na is not None:
            page = hub_app.as_seat(OFFICER).get(f"/beleid/versies/{versie}/gevolgen", doel=RECHT, na=na)
            assert page.status_code == 200, page.text
            found += page.json()["gevolgen"]
            na = page.json()["volgende"]
        closed = [one for one in found if one["categorie"] == "rol-in-casus" and one["spoor"] == "riec"]
        assert closed
        assert not any(one["wordtToegestaan"] for one in closed)
        assert hub_app.hub.store.head() == head
        assert orjson.loads(hub_app.last_look())["vraag"] == "beleid/versies/{versie}/gevolgen"
        assert hub_app.as_seat(COLLEGE).get(f"/beleid/versies/{versie}/gevolgen", doel=RECHT).status_code == 403

    def test_a_version_that_nobody_proposed_does_not_exist(self, hub_app: HubWorld) -> None:
        path = f"/beleid/versies/sha256:{'0' * 64}/gevolgen"
        assert hub_app.as_seat(OFFICER).get(path, doel=RECHT).status_code == 404
