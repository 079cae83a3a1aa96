"""My signals: what waits for a hat, and giving feedback, passing on and acknowledging from the page."""

from __future__ import annotations

import re
from uuid import UUID

from tests.api.hub_world import HubWorld, doorzetting, inhoud, persoon
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
    wish = {"doel": ZORG, "naar": AVIM, "spoor": "bilateraal", "voor": VEILIG, "verklaringen": "acuut"}
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
    assert 'href="#doorzetting-' in answer.text
    assert 'aria-invalid="true"' in answer.text
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


def done(zita: Browser, signaal: UUID, daad: str, **fields: str) -> str:
    """Do something on a signal; the page one arrives at."""
    answer = zita.post(f"/signalen/{signaal}/daden/{daad}", doel=ZORG, **fields)
    assert answer.status_code == 200, answer.text
    assert 'role="status"' in answer.text
    return answer.text


def test_why_it_is_not_shared_is_recorded_with_a_reminder(hub_app: HubWorld) -> None:
    zita, signaal = recorded(hub_app)
    text = done(zita, signaal, "niet-delen", motivering="Eerst met haar praten.", herinnerOp="2026-12-24")
    assert "niet gedeeld" in text


def test_what_was_wrong_is_put_right_and_the_rest_stays(hub_app: HubWorld) -> None:
    zita, signaal = recorded(hub_app)
    before = hub_app.as_seat(ZC).get(f"/signalen/{signaal}", doel=ZORG).json()["bijdragen"][0]["inhoud"]["inhoud"]
    text = done(zita, signaal, "rectificatie", toelichting="Zij durft wel naar huis.", motivering="Verkeerd verstaan.")
    assert "Zij durft wel naar huis." in text
    after = hub_app.as_seat(ZC).get(f"/signalen/{signaal}", doel=ZORG).json()["bijdragen"][0]["inhoud"]["inhoud"]
    assert after["vormen"] == before["vormen"]


def test_she_adds_judges_anew_gives_a_role_and_withdraws(hub_app: HubWorld) -> None:
    signaal = hub_app.as_seat(ZC).registers(hub_app.kenmerk(), inhoud=inhoud(persoon(hub_app.id())))
    hub_app.settle()
    zita, head = somebody(hub_app, ZITA, ZC), hub_app.hub.store.head()
    text = done(zita, signaal, "aanvulling", herkomst="gesprek", toelichting="Zij noemde een naam.")
    assert "Zij noemde een naam." in text
    done(zita, signaal, "oordeel", vormen="arbeidsuitbuiting", zekerheid="vermoeden", motivering="Na gesprek.")
    who = re.findall(r'<select id="rol-betrokkeneId".*?<option value="([0-9a-f-]{36})"', text, re.DOTALL)
    done(zita, signaal, "rol", betrokkeneId=who[0], **{"rol.rol": "vermoedelijk-slachtoffer"})
    given = {"door": "slachtoffer", "vorm": "schriftelijk", "ontvangers": AVIM, "toelichting": "dossier 12"}
    text = done(zita, signaal, "toestemming", **given)
    hub_app.settle()
    text = zita.get(f"/signalen/{signaal}", doel=ZORG).text
    consent = re.findall(r'name="toestemmingId" value="([^"]+)"', text)
    done(zita, signaal, "toestemmingsintrekking", toestemmingId=consent[0])
    done(zita, signaal, "intrekking", motivering="Bleek iets anders.")
    expected = {"signaal-verrijkt", "signaal-geherclassificeerd", "rol-toegekend", "toestemming-gegeven"}
    assert expected | {"toestemming-ingetrokken", "signaal-ingetrokken"} <= set(hub_app.recorded(head))


def test_a_receiver_points_at_an_error_and_the_reporter_answers(hub_app: HubWorld) -> None:
    zita, signaal = received(hub_app)
    wrong = {"bijdrageId": str(signaal), "categorieen": "signaal-inhoud", "toelichting": "Dat was een ander pand."}
    done(zita, signaal, "fout", **wrong)
    hub_app.settle()
    fenna = somebody(hub_app, "fenna.proef", COLLEGE)
    text = fenna.get(f"/signalen/{signaal}", doel="toezicht-arbeid").text
    assert "Dat was een ander pand." in text
    (task,) = re.findall(r'<select id="correctieafwijzing-correctietaakId".*?value="([0-9a-f-]{36})"', text, re.DOTALL)
    said = {"doel": "toezicht-arbeid", "correctietaakId": task, "motivering": "Nee, dit pand."}
    assert fenna.post(f"/signalen/{signaal}/daden/correctieafwijzing", **said).status_code == 200


def test_the_list_is_narrowed_by_status_and_shows_the_form(hub_app: HubWorld) -> None:
    zita, signaal = recorded(hub_app)
    text = zita.get("/signalen", doel=ZORG, status="geregistreerd").text
    assert str(signaal)[:8] in text
    assert str(signaal)[:8] not in zita.get("/signalen", doel=ZORG, status="gedeeld").text
