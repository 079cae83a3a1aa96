"""Cases at the console: who and what on one page, what joins what, and acts that say why not."""

from __future__ import annotations

import re

import pytest

from hub.console.analyst.dossier import dossier
from hub.console.analyst.drawing import MEEST, drawing
from tests.api.hub_world import HubWorld, criteria, inhoud, persoon
from tests.api.riec import BELASTING, COLLEGE, RIEC, Zaak, zaak
from tests.console.people import Browser, somebody

FENNA = "fenna.proef"


@pytest.fixture
def case(hub_app: HubWorld) -> Zaak:
    made = zaak(hub_app, BELASTING)
    hub_app.settle()
    return made


@pytest.fixture
def fenna(hub_app: HubWorld) -> Browser:
    return somebody(hub_app, FENNA, COLLEGE)


def page(fenna: Browser, case: Zaak) -> str:
    case.world.settle()
    answer = fenna.get(f"/casussen/{case.id}", doel=RIEC)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_list_is_filtered_by_region_track_and_state(fenna: Browser, case: Zaak) -> None:
    short = str(case.id)[:8]
    assert short in fenna.get("/casussen", doel=RIEC, regio="Ede", spoor="riec", status="open").text
    for other in ({"regio": "breda"}, {"spoor": "zvh"}, {"status": "gesloten"}):
        assert short not in fenna.get("/casussen", doel=RIEC, **other).text
    wrong = fenna.get("/casussen", doel=RIEC, regio="1;2")
    assert wrong.status_code == 400
    assert 'role="alert"' in wrong.text


def test_one_page_gathers_persons_phones_criteria_and_the_course(fenna: Browser, case: Zaak) -> None:
    text = page(fenna, case)
    for shown in ("Persoon 1", "Persoon 2", "vermoedelijk slachtoffer", "06-00001234", "Deze regio", "fase gewijzigd"):
        assert shown in text
    assert "Anka" not in text.split("<main")[0]


def test_why_a_field_is_hidden_names_the_rule(fenna: Browser, case: Zaak) -> None:
    case.does("fasen", {"fase": 0})
    text = page(fenna, case)
    assert "Verborgen voor deze pet" in text
    assert "riec-fase" in text
    assert "Wat wel kan" in text


def test_what_two_agencies_know_is_joined_and_drawn(fenna: Browser, case: Zaak) -> None:
    case.world.settle()
    whole = dossier(case.read(COLLEGE))
    assert [one.soort for one in whole.dingen.values() if len(one.bronnen) > 1] == ["telefoon"]
    assert "zelfde burgerservicenummer" in {one.soort for one in whole.verbanden.values()}
    assert drawing(whole) == drawing(dossier(case.read(COLLEGE)))
    text = fenna.get(f"/casussen/{case.id}/samenhang", doel=RIEC, zoom="140").text
    assert 'width="1500"' in text
    assert text.count("<tr>") == 1 + len(whole.verbanden)
    assert not re.search(r"Anka|999900018| style=", text)


def test_of_many_the_most_connected_are_drawn_apart_and_one_may_draw_around_each(hub_app: HubWorld) -> None:
    persons = [{"betrokkeneId": str(hub_app.id()), "bereikbaar": [f"06-0000{n:04}"], "rollen": []} for n in range(100)]
    part = {"zetel": COLLEGE, "inhoud": {"inhoud": {"betrokkenen": persons}}}
    whole = dossier({"bijdragen": [{"signaalId": "s", "bijdragen": [part]}]})
    drawn = drawing(whole)
    assert (len(drawn.punten), drawn.weggelaten, len(whole.verbanden)) == (MEEST, 201 - MEEST, 200)
    assert len({(one.x, one.y) for one in drawn.punten}) == MEEST
    assert "s" in {one.id for one in drawn.punten}
    around = drawing(whole, "telefoon:06-00000007")
    assert {one.soort for one in around.punten} == {"telefoon", "persoon", "signaal"}
    assert len(around.punten) == 3
    assert [head for head, _ in around.koppen] == ["Telefoons", "Personen", "Signalen"]


def test_who_takes_no_part_finds_nothing(hub_app: HubWorld, case: Zaak) -> None:
    zita = somebody(hub_app, "zita.proef")
    for path in (f"/casussen/{case.id}", f"/casussen/{case.id}/samenhang"):
        assert zita.get(path).status_code == 404
    assert zita.post(f"/casussen/{case.id}/daden/fase", fase="1").status_code == 404


def test_acts_go_through_the_api(fenna: Browser, case: Zaak) -> None:
    path = f"/casussen/{case.id}/daden"
    for act, fields in (
        ("besluit", {"besluit": "Eerst de zorg."}),
        ("regie", {"naar": BELASTING}),
        ("fase", {"fase": "1"}),
    ):
        assert "Vastgelegd" in fenna.post(f"{path}/{act}", doel=RIEC, **fields).text
    text = page(fenna, case)
    assert "Eerst de zorg." in text
    assert (case.read(COLLEGE)["fase"], case.read(COLLEGE)["regie"]) == (1, BELASTING)


def test_what_is_wrong_is_said_in_the_form_and_what_was_typed_stays(fenna: Browser, case: Zaak) -> None:
    path = f"/casussen/{case.id}/daden"
    answer = fenna.post(f"{path}/fase", doel=RIEC, fase="")
    assert answer.status_code == 400
    assert 'id="daad-fase" open' in answer.text
    assert 'aria-invalid="true"' in answer.text
    again = fenna.post(
        f"{path}/interventie", doel=RIEC, interventieId=str(case.id), beschrijving="Controle in de loods"
    )
    assert again.status_code == 400
    assert "Controle in de loods" in again.text
    assert fenna.post(f"{path}/onzin", doel=RIEC).status_code == 404


def test_an_action_that_touches_a_victim_waits_for_care(fenna: Browser, case: Zaak) -> None:
    path, action = f"/casussen/{case.id}/daden", str(case.world.id())
    proposed = {"interventieId": action, "uitvoerder": COLLEGE, "beschrijving": "Sluiting", "ingrijpend": "ja"}
    fenna.post(f"{path}/interventie", doel=RIEC, **proposed)
    assert "wacht op de zorg" in page(fenna, case)
    assert fenna.post(f"{path}/toelating", doel=RIEC, interventieId=action).status_code == 403
    case.warns({"interventieId": action})
    [got] = [one for one in case.messages() if one["bevestigdOp"] is None][:1]
    case.seat("zc.opvang@ede").act(
        f"/brugberichten/{got['inhoud']['casusPseudoniem']}/bevestigingen", {"volgnummer": got["volgnummer"]}
    )
    assert "Sta toe" in page(fenna, case)
    fenna.post(f"{path}/toelating", doel=RIEC, interventieId=action)
    assert "Meld uitgevoerd" in page(fenna, case)


def test_things_of_a_signal_get_their_own_tables(hub_app: HubWorld, fenna: Browser, case: Zaak) -> None:
    said = inhoud(
        persoon(
            hub_app.id(), rollen=[{"rol": "vermoedelijk-slachtoffer", "tot": "2026-03-01"}, {"rol": "facilitator"}]
        ),
        locaties=[{"adres": "Kade 1", "plaats": "Ede"}],
        organisaties=[{"naam": "Uitzendbureau Proef"}],
        voertuigen=[{"kenteken": "XX-99-XX"}],
    )
    own = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk(), spoor="riec", criteria=criteria(), inhoud=said)
    case.does("signalen", {"signaalId": str(own)})
    text = page(fenna, case)
    for shown in ("Kade 1, Ede", "Uitzendbureau Proef", "XX-99-XX", "facilitator", "1 mrt 2026"):
        assert shown in text
