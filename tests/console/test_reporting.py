"""A signal is reported from the form, and 'mag ik dit delen?' asked before."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from uuid import UUID

import httpx

from hub.console.reporter.vouching import TEKSTEN, TOESTEMMING
from hub.handling.aanvulling import VERKLARINGEN
from tests.api.hub_world import HubWorld
from tests.console.people import FORM, Browser, somebody

FENNA, COLLEGE = "fenna.proef", "gemeente.college-handhaving@ede"


def filled(browser: Browser, **more: str) -> dict[str, str]:
    """A form that somebody filled in; nothing in it is required."""
    found = re.search(r'name="kenmerk" value="([^"]+)"', browser.get("/melden").text)
    assert found is not None
    said = {"vormen": "arbeidsuitbuiting", "toelichting": "Slapen in de loods.", "naam-0": "Anka Testowicz"}
    return {"kenmerk": found[1], "personen": "1", **said, **more}


def sent(browser: Browser, path: str, fields: list[tuple[str, str]]) -> httpx.Response:
    """A form in which a name may stand more than once."""
    found = re.search(r'name="sleutel" value="([^"]+)"', browser.get("/pet").text)
    assert found is not None
    answer: httpx.Response = browser.http.post(
        f"/console{path}", content=urlencode([("sleutel", found[1]), *fields]), headers=FORM
    )
    return answer


def test_nothing_but_the_form_is_needed_to_record(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    answer = fenna.post("/melden", **filled(fenna), daad="vastleggen")
    hub_app.settle()
    number = answer.url.path.rpartition("/")[2]
    seen = hub_app.as_seat(COLLEGE).get(f"/signalen/{number}", doel="toezicht-arbeid")
    assert "Slapen in de loods." in seen.text
    assert FENNA not in seen.text


def test_sent_twice_it_is_there_once(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    form, head = filled(fenna), hub_app.hub.store.head()
    for _ in range(2):
        fenna.post("/melden", **form, daad="vastleggen")
    assert hub_app.recorded(head).count("signaal-geregistreerd") == 1


def test_one_asks_beforehand_who_would_see_what_and_nothing_is_recorded(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    head = hub_app.hub.store.head()
    asked = {"naar-0": "zc.opvang@ede", "naar-spoor-0": "zorg-en-registratie", "daad": "toets"}
    text = fenna.post("/melden", **filled(fenna), **asked).text
    assert "Wat wel kan" in text
    assert "Slapen in de loods." in text
    assert "signaal-geregistreerd" not in hub_app.recorded(head)


def test_another_person_is_added_and_what_was_typed_stays(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    text = fenna.post("/melden", **filled(fenna), daad="persoon").text
    assert "Persoon 2" in text
    assert "Anka Testowicz" in text


def test_all_that_is_wrong_is_said_at_once_and_leads_to_its_field(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    wrong = {"personen": "2", "bsn-1": "123", "leeftijd-1": "oud"}
    answer = fenna.post("/melden", **filled(fenna) | wrong, daad="vastleggen")
    assert answer.status_code == 400
    for field, typed in (("bsn-1", "123"), ("leeftijd-1", "oud")):
        assert f'<a href="#{field}">' in answer.text
        assert f'id="fout-{field}"' in answer.text
        (tag,) = re.findall(rf'<input id="{field}"[^>]*>', answer.text)
        assert f'value="{typed}"' in tag
        assert 'aria-invalid="true"' in tag
        assert re.search(rf'aria-describedby="[^"]*fout-{field}"', tag)


def test_a_refusal_for_want_of_a_fact_is_answered_on_the_page(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    asked = {"naar-0": "zc.opvang@ede", "naar-spoor-0": "bilateraal", "doel-0": "zorg-opvang", "daad": "toets"}
    form = filled(fenna)
    text = fenna.post("/melden", **form, **asked).text
    assert "Niets hiervan mag." in text
    assert 'name="aanvulling" value="0|zorg-opvang|belang"' in text
    text = fenna.post("/melden", **form, **asked, aanvulling="0|zorg-opvang|belang").text
    assert "Niets hiervan mag." not in text
    assert 'name="verklaring-0" value="belang" checked' in text
    assert "Vastleggen en delen wat mag" in text


def test_who_does_not_say_what_for_is_asked_about_with_a_purpose_for_which_it_may(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    asked = {"naar-0": "nla@landelijk", "naar-spoor-0": "bilateraal", "daad": "toets"}
    text = fenna.post("/melden", **filled(fenna), **asked).text
    assert '<option value="toezicht-arbeid" selected>' in text
    assert "Alles hiervan mag." in text


def test_it_is_recorded_and_shared_with_the_consent_it_rests_on(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    wish = {"naar-0": "zc.opvang@ede", "naar-spoor-0": "bilateraal", "doel-0": "zorg-opvang", "bewijs-0": "dossier 12"}
    head, form = hub_app.hub.store.head(), filled(fenna)
    stated = {"verklaring-0": "toestemming", "aanvulling": "0|zorg-opvang|belang"}
    assert "Alles hiervan mag." in fenna.post("/melden", **form, **wish, **stated).text
    shared = [*form.items(), *wish.items(), ("verklaring-0", "toestemming"), ("verklaring-0", "belang")]
    answer = sent(fenna, "/melden", [*shared, ("daad", "delen")])
    assert answer.status_code == 200, answer.text
    number = answer.url.path.rpartition("/")[2]
    assert {"toestemming-gegeven", "signaal-doorgezet", "signaal-verstrekt"} <= set(hub_app.recorded(head))
    assert "Slapen in de loods." in hub_app.sees("zc.opvang@ede", UUID(number), "zorg-opvang").text


def test_only_the_signs_of_the_chosen_form_are_offered(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    assert 'name="indicatoren"' not in fenna.get("/melden").text
    labour, organs = (fenna.get("/melden", vorm=form).text for form in ("arbeidsuitbuiting", "orgaanverwijdering"))
    assert 'value="zwart-uitbetaald"' in labour
    assert 'value="zwart-uitbetaald"' not in organs
    everything = fenna.get("/melden", lijst="alles").text
    assert "vaak-afkomstig-uit-bronlanden" not in everything
    assert len(everything.encode()) < 80_000
    assert len(labour.encode()) < 60_000


def test_words_that_may_not_go_along_are_pointed_out(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    said = filled(fenna, toelichting="Zij is zwanger, nummer 999900018.") | {"naar-0": "nla@landelijk"}
    text = fenna.post("/melden", **said, **{"naar-spoor-0": "riec"}, daad="toets").text
    warned = text.partition("Let op wat in de tekst staat")[2].partition("<form")[0]
    assert "zwanger" in warned
    assert "mag nooit naar het RIEC" in warned
    assert "Burgerservicenummer" in warned


def test_what_is_sensitive_is_kept_apart_and_does_not_travel(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    apart = {"apart-soort-0": "gezondheid", "apart-0": "gebroken pols", "naar-0": "politie.avim@oost-nederland"}
    text = fenna.post("/melden", **filled(fenna, **apart), daad="toets").text
    assert "Mag niet, en blijft verborgen" in text
    assert "<strong>gezondheidsgegevens</strong>" in text


def test_the_statements_of_the_form_are_those_of_the_policy() -> None:
    assert TEKSTEN.keys() == VERKLARINGEN.keys()
    assert TOESTEMMING.keys() == {name for name, facts in VERKLARINGEN.items() if "toestemming" in facts}


def test_who_may_not_have_it_is_named_with_the_reason_while_the_others_get_it(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    both = {"ontvangers": "2", "naar-0": "nla@landelijk", "doel-0": "toezicht-arbeid", "naar-1": "school@ede"}
    answer = fenna.post("/melden", **filled(fenna), **both, daad="delen")
    assert answer.status_code == 200, answer.text
    refused = answer.text.partition('id="geweigerd"')[2].partition("</section>")[0]
    assert "school" in refused.lower()
    assert "Wat wel kan" in refused
    hub_app.settle()
    held = hub_app.as_seat(COLLEGE).get(f"/signalen/{answer.url.path.rpartition('/')[2]}/ontvangers").json()
    assert [one["ontvanger"] for one in held["ontvangers"]] == ["nla@landelijk"]


def test_everything_the_form_asks_comes_to_its_own_place(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    said = {
        "waargenomen": "2026-11-01",
        "plaatstype": "woning",
        "adres": "Proefweg 12",
        "kenteken": "XX-00-XX",
        "bedrijf": "Proefkas",
        "situatieschets": "Zes mensen in een loods.",
        "bereikbaar-0": "06-00001234",
        "geboortedatum-0": "1996-04-02",
        "bijzonder-0": "adresbescherming",
        "apart-soort-0": "gezondheid",
        "apart-0": "gebroken pols",
    }
    answer = fenna.post("/melden", **filled(fenna, **said), daad="vastleggen")
    number = answer.url.path.rpartition("/")[2]
    hub_app.settle()
    seen = hub_app.as_seat(COLLEGE).get(f"/signalen/{number}", doel="toezicht-arbeid").json()
    content = seen["bijdragen"][0]["inhoud"]["inhoud"]
    assert content["waargenomenOp"].startswith("2026-10-31T23:00")
    assert content["locaties"] == [{"adres": "Proefweg 12", "soort": "woning"}]
    assert content["voertuigen"] == [{"kenteken": "XX-00-XX"}]
    assert content["organisaties"] == [{"naam": "Proefkas"}]
    assert [fact["categorie"] for fact in content["feiten"]] == ["gezondheid"]
    assert content["betrokkenen"][0]["bereikbaar"] == ["06-00001234"]
