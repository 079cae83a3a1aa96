"""Reading and passing on: exactly what was disclosed, written down before it leaves, and taken back when it lapses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from tests.api.hub_world import CANARY, NOBODY, FailingAccessLog, HubWorld, doorzetting, inhoud, persoon

COLLEGE = "gemeente.college-handhaving@ede"
ZC = "zc.opvang@ede"
NLA = "nla@landelijk"
JEUGDZORG = "jeugdzorg@ede"
VOUCHED = {"besluit_vastgelegd": True, "belang_slachtoffer": True}
ZORG = "zorg-opvang"
TOEZICHT = "toezicht-arbeid"


def category_texts(person: str) -> dict[str, str]:
    """A text that betrays each category of the signal below."""
    return {
        "signaal-inhoud": "Paspoort ligt bij de baas",
        "identificerend": "Anka Testowicz",
        "bsn": CANARY,
        "contact": "06-00001234",
        "gezondheid": "gebroken pols",
        "rol-in-casus": '"rol":"vermoedelijk-slachtoffer"',
    }


@pytest.fixture
def signaal(hub_app: HubWorld) -> UUID:
    """A signal of the municipality, with health data and a person."""
    content = inhoud(
        persoon(hub_app.id()), feiten=[{"categorie": "gezondheid", "kenmerk": "letsel", "waarde": "gebroken pols"}]
    )
    return hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk(), inhoud=content)


def pass_on(hub_app: HubWorld, signaal: UUID, naar: str, doel: str, **more: Any) -> dict[str, Any]:
    body = doorzetting(naar, doel, omstandigheden=VOUCHED, **more)
    return hub_app.as_seat(COLLEGE).act(f"/signalen/{signaal}/doorzettingen", body)


def bare(answer: httpx.Response) -> dict[str, Any]:
    """An answer without what differs in every request."""
    return {name: value for name, value in answer.json().items() if name != "instance"}


def test_a_receiver_sees_exactly_the_categories_that_were_permitted(hub_app: HubWorld, signaal: UUID) -> None:
    receipt = pass_on(hub_app, signaal, ZC, ZORG)
    permitted = set(receipt["verstrekt"][0]["categorieen"])
    assert permitted == {"contact", "identificerend", "rol-in-casus", "signaal-inhoud", "signaal-label"}
    assert set(receipt["geweigerd"][0]["categorieen"]) == {"bsn", "gezondheid"}
    assert receipt["geweigerd"][0]["alternatief"]
    answer = hub_app.sees(ZC, signaal, ZORG)
    (given,) = answer.json()["verstrekkingen"]
    assert set(given["categorieen"]) == permitted
    assert given["grondslagen"]
    for category, text in category_texts("x").items():
        assert (text in answer.text) == (category in permitted), category


def test_a_sender_may_disclose_less_than_the_law_allows(hub_app: HubWorld, signaal: UUID) -> None:
    pass_on(hub_app, signaal, ZC, ZORG, categorieen=["signaal-label"])
    answer = hub_app.sees(ZC, signaal, ZORG)
    assert answer.json()["verstrekkingen"][0]["categorieen"] == ["signaal-label"]
    assert not any(text in answer.text for text in category_texts("x").values())


def test_not_for_you_answers_like_does_not_exist(hub_app: HubWorld, signaal: UUID) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    hub_app.settle()
    other = hub_app.as_seat(JEUGDZORG)
    for tail, query in (("", {"doel": ZORG}), ("/ontvangers", {})):
        strange = other.get(f"/signalen/{signaal}{tail}", **query)
        unknown = other.get(f"/signalen/{NOBODY}{tail}", **query)
        assert strange.status_code == unknown.status_code == 404
        assert bare(strange) == bare(unknown)
        assert strange.headers.keys() == unknown.headers.keys()


def test_acting_on_a_foreign_signal_answers_like_acting_on_none(hub_app: HubWorld, signaal: UUID) -> None:
    other = hub_app.as_seat(JEUGDZORG)
    bodies: dict[str, Any] = {
        "doorzettingen": doorzetting(ZC, ZORG),
        "intrekkingen": {"motivering": "vergissing"},
        "weerleggingen": {"motivering": "ongegrond"},
        "verrijkingen": {"verrijkingId": str(hub_app.id()), "herkomst": "dossier", "inhoud": inhoud()},
        "rectificaties": {"motivering": "fout", "inhoud": inhoud()},
        "toestemmingsintrekkingen": {"toestemmingId": str(NOBODY)},
        "ontvangstbevestigingen": {"verstrekkingId": str(NOBODY)},
        "vernietigingen": {"betrokkeneId": str(NOBODY), "motivering": "verzoek"},
        "terugkoppelingen": {"aan": COLLEGE, "status": "opgepakt", "bericht": "gezien"},
    }
    before = hub_app.hub.store.head()
    for path, body in bodies.items():
        strange, unknown = (other.post(f"/signalen/{id}/{path}", body) for id in (signaal, NOBODY))
        assert strange.status_code == unknown.status_code == 404, path
        assert bare(strange) == bare(unknown)
    assert hub_app.hub.store.head() == before


def test_another_purpose_than_that_of_the_disclosure_is_refused_and_logged(hub_app: HubWorld, signaal: UUID) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    answer = hub_app.sees(ZC, signaal, TOEZICHT)
    assert answer.status_code == 403
    assert "Anka" not in answer.text
    assert b'"resultaat":"geweigerd"' in hub_app.last_look()
    listed = hub_app.as_seat(ZC).get("/signalen", doel=TOEZICHT, aantal=500).json()["signalen"]
    assert str(signaal) not in [item["signaalId"] for item in listed]


READS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/signalen", {"doel": ZORG}),
    ("/signalen/{id}", {"doel": ZORG}),
    ("/signalen/{id}/ontvangers", {}),
    ("/casussen", {"doel": ZORG}),
    ("/casussen/{id}", {"doel": ZORG}),
    ("/casussen/{id}/uitleg", {}),
    ("/weigeringen", {}),
    ("/toestemmingen", {}),
    ("/overleggen", {}),
)


@pytest.mark.parametrize(("path", "query"), READS, ids=[path for path, _ in READS])
def test_every_look_is_written_down_denials_too(
    hub_app: HubWorld, signaal: UUID, path: str, query: dict[str, str]
) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    hub_app.settle()
    for id in (signaal, NOBODY):
        before = hub_app.looks()
        answer = hub_app.as_seat(ZC).get(path.format(id=id), **query)
        records = [record for _, record in hub_app.hub.store.access_records(before, 10)]
        assert len(records) == 1 or (path == "/signalen" and len(records) == 2)  # the second of what only lapsed
        for record in records:
            written = orjson.loads(record)
            assert (written["zetel"], written["oin"]) == (ZC, hub_app.as_seat(ZC).oin)
            if answer.status_code != 200:
                assert written["resultaat"] == "geweigerd"
            assert b"Anka" not in record


@pytest.mark.parametrize(("path", "query"), READS, ids=[path for path, _ in READS])
def test_nothing_is_shown_when_the_look_cannot_be_written_down(
    hub_app: HubWorld, signaal: UUID, path: str, query: dict[str, str]
) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    hub_app.settle()
    broken = hub_app.with_access_log(FailingAccessLog())
    for id in (signaal, NOBODY):
        answer = hub_app.as_seat(ZC, http=broken).get(path.format(id=id), **query)
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert bare(answer).keys() == {"type", "title", "status", "detail"}
        assert "Anka" not in answer.text


def test_the_record_of_a_look_names_purpose_categories_and_grounds(hub_app: HubWorld, signaal: UUID) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    given = hub_app.sees(ZC, signaal, ZORG).json()["verstrekkingen"][0]
    (_, record), *_ = hub_app.hub.store.access_records(hub_app.looks() - 1, 1)
    written = orjson.loads(record)
    assert written["doel"] == ZORG
    assert written["objecten"] == [f"signaal:{signaal}"]
    assert set(written["velden"]) == set(given["categorieen"])
    assert written["grondslagen"] == given["grondslagen"]
    assert written["beleidsversie"] == hub_app.hub.beleid.versie


def test_only_who_brought_it_in_is_told_who_received_it(hub_app: HubWorld, signaal: UUID) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    pass_on(hub_app, signaal, NLA, TOEZICHT)
    hub_app.settle()
    rows = hub_app.as_seat(COLLEGE).get(f"/signalen/{signaal}/ontvangers").json()["ontvangers"]
    assert {row["ontvanger"] for row in rows} == {ZC, NLA}
    assert all(row["grondslagen"] and row["vervallen"] is None for row in rows)
    assert hub_app.as_seat(ZC).get(f"/signalen/{signaal}/ontvangers").json() == {"ontvangers": []}
    assert NLA not in hub_app.sees(ZC, signaal, ZORG).text


def test_withdrawal_takes_the_signal_from_its_receivers_and_tells_them_so(hub_app: HubWorld, signaal: UUID) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    assert "Anka" in hub_app.sees(ZC, signaal, ZORG).text
    hub_app.as_seat(COLLEGE).act(f"/signalen/{signaal}/intrekkingen", {"motivering": "vergissing"})
    answer = hub_app.sees(ZC, signaal, ZORG)
    assert answer.status_code == 200
    assert answer.json()["verstrekkingen"][0]["vervallen"]["reden"] == "signaal-ingetrokken"
    for text in (*category_texts("x").values(), "vergissing"):
        assert text not in answer.text
    rows = hub_app.as_seat(COLLEGE).get(f"/signalen/{signaal}/ontvangers").json()["ontvangers"]
    assert rows[0]["vervallen"]["reden"] == "signaal-ingetrokken"
    assert hub_app.as_seat(COLLEGE).post(f"/signalen/{signaal}/doorzettingen", doorzetting(ZC, ZORG)).status_code == 409


def test_only_the_provider_withdraws_a_signal(hub_app: HubWorld, signaal: UUID) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    answer = hub_app.as_seat(ZC).post(f"/signalen/{signaal}/intrekkingen", {"motivering": "vergissing"})
    assert answer.status_code == 409


def test_a_rectification_reaches_who_already_received_it(hub_app: HubWorld, signaal: UUID) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    new = {"motivering": "verkeerde naam", "inhoud": inhoud(toelichting="De baas bewaart geen paspoort.")}
    hub_app.as_seat(COLLEGE).act(f"/signalen/{signaal}/rectificaties", new)
    seen = hub_app.sees(ZC, signaal, ZORG).text
    assert "De baas bewaart geen paspoort." in seen
    assert "Anka" not in seen


def test_feedback_reaches_the_reporter(hub_app: HubWorld, signaal: UUID) -> None:
    pass_on(hub_app, signaal, ZC, ZORG)
    hub_app.as_seat(ZC).act(
        f"/signalen/{signaal}/terugkoppelingen", {"aan": COLLEGE, "status": "opgepakt", "bericht": "Wij bellen u."}
    )
    assert "Wij bellen u." in hub_app.sees(COLLEGE, signaal, "interne-controle").text


def test_withdrawn_consent_ends_the_disclosure_that_rested_on_it(hub_app: HubWorld) -> None:
    zc, person, consent = hub_app.as_seat(ZC), hub_app.id(), hub_app.id()
    id = zc.registers(hub_app.kenmerk(), spoor="zorg-en-registratie", inhoud=inhoud(persoon(person, bsn=None)))
    onward = doorzetting(JEUGDZORG, ZORG, spoor="zorg-en-registratie")
    assert zc.post(f"/signalen/{id}/doorzettingen", onward).status_code == 403
    zc.act(
        f"/signalen/{id}/toestemmingen",
        {
            "toestemmingId": str(consent),
            "betrokkeneId": str(person),
            "door": "slachtoffer",
            "vorm": "schriftelijk",
            "ontvangers": [JEUGDZORG],
        },
    )
    zc.act(f"/signalen/{id}/doorzettingen", onward)
    assert "Anka" in hub_app.sees(JEUGDZORG, id, ZORG).text
    assert str(consent) in hub_app.as_seat(JEUGDZORG).get("/toestemmingen").text
    receipt = zc.act(f"/signalen/{id}/toestemmingsintrekkingen", {"toestemmingId": str(consent)})
    assert "nl.overheid.mensenhandel.verstrekking-vervallen.v1" in receipt["gebeurtenissen"]
    lost = hub_app.sees(JEUGDZORG, id, ZORG)
    assert lost.json()["verstrekkingen"][0]["vervallen"]
    assert "Anka" not in lost.text


def test_a_refused_passing_on_shows_the_receiver_nothing_and_the_sender_why(hub_app: HubWorld, signaal: UUID) -> None:
    sender, before = hub_app.as_seat(COLLEGE), hub_app.hub.store.head()
    answer = sender.post(f"/signalen/{signaal}/doorzettingen", doorzetting("woningcorporatie@ede", ZORG))
    assert answer.status_code == 403
    assert answer.json()["regels"]
    assert hub_app.recorded(before) == ["verstrekking-geweigerd"]
    assert hub_app.sees("woningcorporatie@ede", signaal, ZORG).status_code == 404
    assert str(signaal) in sender.get("/weigeringen").text


def test_a_page_is_followed_by_its_cursor_without_gaps_or_repeats(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat("woningcorporatie@ede")
    made = [str(seat.registers(hub_app.kenmerk(), spoor="intern")) for _ in range(5)]
    hub_app.settle()
    found: list[str] = []
    cursor: dict[str, int] = {}
    while True:
        page = seat.get("/signalen", doel="interne-controle", aantal=2, **cursor).json()
        found += [item["signaalId"] for item in page["signalen"]]
        if page["volgende"] is None:
            break
        cursor = {"na": page["volgende"]}
    assert len(found) == len(set(found))
    assert [id for id in found if id in made] == made[::-1]
