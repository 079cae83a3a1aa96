"""My signals: what waits for a hat, and giving feedback, passing on and acknowledging from the page."""

from __future__ import annotations

from uuid import UUID

from tests.api.hub_world import HubWorld, doorzetting, inhoud
from tests.console.people import Browser, somebody

ZITA, ZC, AVIM = "zita.proef", "zc.opvang@ede", "politie.avim@oost-nederland"
COLLEGE = "gemeente.college-handhaving@ede"
ZORG, VEILIG = "zorg-opvang", "veiligheid-slachtoffer"
VOUCHED = {"besluit_vastgelegd": True, "belang_slachtoffer": True}


def received(world: HubWorld) -> tuple[Browser, UUID]:
    """Somebody of care, and a signal that the municipality passed on to her."""
    college = world.as_seat(COLLEGE)
    signaal = college.registers(world.kenmerk())
    college.act(f"/signalen/{signaal}/doorzettingen", doorzetting(ZC, ZORG, omstandigheden=VOUCHED))
    world.settle()
    return somebody(world, ZITA, ZC), signaal


def recorded(world: HubWorld) -> tuple[Browser, UUID]:
    """Somebody of care, and a signal that she recorded and nobody else has."""
    signaal = world.as_seat(ZC).registers(world.kenmerk(), inhoud=inhoud(toelichting="zij durft niet naar huis"))
    world.settle()
    return somebody(world, ZITA, ZC), signaal


def test_what_is_recorded_and_not_shared_stands_at_the_top_with_its_age(hub_app: HubWorld) -> None:
    zita, signaal = recorded(hub_app)
    text = zita.get("/signalen", doel=ZORG).text
    top = text.partition("Alle signalen")[0]
    assert str(signaal)[:8] in top
    assert "vastgelegd, niet gedeeld, 0 dagen oud" in top


def test_one_asks_before_passing_on_and_nothing_is_recorded(hub_app: HubWorld) -> None:
    zita, signaal = recorded(hub_app)
    head = hub_app.hub.store.head()
    wish = {"doel": ZORG, "naar": "nla@landelijk", "spoor": "bilateraal", "voor": "toezicht-arbeid", "wens": "toets"}
    text = zita.post(f"/signalen/{signaal}/daden/doorzetting", **wish).text
    assert "Mag ik dit delen?" in text
    assert "Wat wel kan" in text
    assert "signaal-doorgezet" not in hub_app.recorded(head)


def test_it_is_passed_on_and_the_reporter_reads_where_it_stands(hub_app: HubWorld) -> None:
    zita, signaal = recorded(hub_app)
    wish = {"doel": ZORG, "naar": AVIM, "spoor": "bilateraal", "voor": VEILIG, "gevaar": "ja"}
    answer = zita.post(f"/signalen/{signaal}/daden/doorzetting", **wish)
    assert answer.status_code == 200, answer.text
    assert 'role="status"' in answer.text
    hub_app.settle()
    text = zita.get(f"/signalen/{signaal}", doel=ZORG).text
    assert "Terugkoppeling aan u" in text
    assert "nog niets laten weten" in text


def test_what_is_missing_is_said_at_the_form_and_what_was_typed_is_kept(hub_app: HubWorld) -> None:
    zita, signaal = recorded(hub_app)
    answer = zita.post(f"/signalen/{signaal}/daden/doorzetting", doel=ZORG, naar=AVIM, opdracht="Kijk mee.")
    assert answer.status_code == 400
    assert 'id="fout-doorzetting"' in answer.text
    assert "Kijk mee." in answer.text


def test_an_act_that_does_not_exist_is_not_found(hub_app: HubWorld) -> None:
    zita, signaal = recorded(hub_app)
    assert zita.post(f"/signalen/{signaal}/daden/verbranding", doel=ZORG).status_code == 404


def test_a_recipient_acknowledges_and_gives_feedback_from_the_page(hub_app: HubWorld) -> None:
    zita, signaal = received(hub_app)
    assert "Terugkoppelen" in zita.get("/signalen", doel=ZORG).text.partition("Alle signalen")[0]
    ground = hub_app.as_seat(ZC).get(f"/signalen/{signaal}", doel=ZORG).json()["verstrekkingen"][0]
    sent = zita.post(f"/signalen/{signaal}/daden/ontvangst", doel=ZORG, verstrekkingId=ground["verstrekkingId"])
    assert 'role="status"' in sent.text
    told = {"doel": ZORG, "aan": COLLEGE, "status": "opgepakt", "bericht": "Wij spreken haar morgen."}
    assert zita.post(f"/signalen/{signaal}/daden/terugkoppeling", **told).status_code == 200
    hub_app.settle()
    seen = hub_app.as_seat(COLLEGE).get("/terugkoppelingen", signaalId=str(signaal)).json()["terugkoppelingen"]
    assert [one["gemeld"] for one in seen if one["rol"] == "melder"] == ["opgepakt"]
