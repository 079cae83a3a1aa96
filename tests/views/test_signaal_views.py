"""What each seat sees of a signal after each thing that can happen to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import psycopg
import pytest

from contracts.inhoud import Feit, Rolperiode
from contracts.message import Event
from contracts.signaal import (
    BetrokkeneVernietigd,
    RolToegekend,
    SignaalDoorgezet,
    SignaalGeherclassificeerd,
    SignaalGerectificeerd,
    SignaalIngetrokken,
    SignaalNietGedeeld,
    SignaalTeruggekoppeld,
    SignaalWeerlegd,
)
from contracts.verstrekking import OntvangstBevestigd
from hub.views.projector import Projector
from hub.views.read import Filters, Views
from tests.views.kluis import Kluis
from tests.views.verhaal import (
    ARBEID,
    GEMEENTE,
    OM,
    POLITIE,
    ZORG,
    geregistreerd,
    id_of,
    inhoud,
    reader,
    recorded,
    verrijkt,
    verstrekt,
    vervallen,
    wie,
)

S = id_of("s")
Happen = Callable[..., None]


@pytest.fixture
def happen(dsn: str, kluis: Kluis) -> Iterator[Happen]:
    """Let events happen, one batch per call."""
    ledger: list[Any] = []
    projector = Projector(dsn, reader(ledger), kluis, cached=0)

    def run(*events: Event) -> None:
        ledger.extend(recorded(events, len(ledger)))
        while projector.run_once():
            pass

    yield run
    projector.close()


def seen(views: Views, zetel: str) -> str:
    """All a seat sees of the signal, as text."""
    return orjson.dumps(views.signaal(zetel, S)).decode()


def test_only_its_own_seat_sees_a_new_signal_and_sees_it_whole(views: Views, happen: Happen) -> None:
    happen(geregistreerd("s", POLITIE, "a", "b"))
    own = views.signaal(POLITIE, S)
    assert own is not None
    assert own["status"] == "geregistreerd"
    assert own["bijdragen"][0]["inhoud"]["melder"] == {"naam": "melder-kanarie"}
    assert [p["naam"] for p in own["bijdragen"][0]["inhoud"]["inhoud"]["betrokkenen"]] == ["naam-a", "naam-b"]
    assert views.signaal(GEMEENTE, S) is None
    assert views.signalen(GEMEENTE).items == []


def test_a_disclosure_shows_its_categories_and_persons_only(views: Views, happen: Happen) -> None:
    fact = Feit(categorie="gezondheid", kenmerk="zorg", waarde="gezondheid-kanarie")
    happen(
        geregistreerd("s", POLITIE, "a", "b", feiten=(fact,)),
        verstrekt("s", GEMEENTE, "identificerend", "signaal-label", betrokkenen=("a",)),
    )
    text = seen(views, GEMEENTE)
    assert "naam-a" in text
    assert '"vormen":["onbekend"]' in text
    for hidden in ("naam-b", "toelichting-kanarie", "melder-kanarie", "06-0000", "gezondheid", str(id_of("b"))):
        assert hidden not in text
    own = views.signaal(POLITIE, S)
    assert own is not None
    assert own["status"] == "gedeeld"


def test_a_narrower_disclosure_replaces_the_wider_one(views: Views, happen: Happen) -> None:
    happen(geregistreerd("s", POLITIE, "a"), verstrekt("s", GEMEENTE, "identificerend", "signaal-label"))
    happen(verstrekt("s", GEMEENTE, "signaal-label"))
    assert "naam-a" not in seen(views, GEMEENTE)


def test_enrichment_is_shown_per_provider_only(views: Views, happen: Happen) -> None:
    happen(
        geregistreerd("s", POLITIE, "a"),
        verstrekt("s", ZORG, "signaal-label"),
        verrijkt("s", "v", ZORG, "c", toelichting="zorg-kanarie"),
        verstrekt("s", GEMEENTE, "identificerend", per_bron={ZORG: ("identificerend",)}),
    )
    assert "zorg-kanarie" not in seen(views, POLITIE)
    assert "zorg-kanarie" in seen(views, ZORG)
    assert "naam-a" not in seen(views, GEMEENTE)  # the registering seat is not among the providers named
    assert "naam-c" in seen(views, GEMEENTE)
    assert "zorg-kanarie" not in seen(views, GEMEENTE)


def test_a_case_and_a_disclosure_outside_it_are_joined_for_the_seat(views: Views, happen: Happen) -> None:
    happen(
        geregistreerd("s", POLITIE, "a"),
        verstrekt("s", GEMEENTE, "identificerend"),
        verstrekt("s", GEMEENTE, "contact", casus="c"),
    )
    whole = views.signaal(GEMEENTE, S)
    assert whole is not None
    (person,) = whole["bijdragen"][0]["inhoud"]["inhoud"]["betrokkenen"]
    assert (person["naam"], person["bereikbaar"]) == ("naam-a", ["06-0000-a"])
    (listed,) = views.signalen(GEMEENTE).items
    assert listed == whole
    (in_case,) = views.signalen(GEMEENTE, filters=Filters(casus_id=id_of("c"))).items
    assert "naam-a" not in orjson.dumps(in_case).decode()


def test_a_lapsed_disclosure_leaves_only_that_it_was_recalled(views: Views, happen: Happen) -> None:
    happen(geregistreerd("s", POLITIE, "a"), verstrekt("s", GEMEENTE, "identificerend", "signaal-label"))
    happen(vervallen("s", GEMEENTE))
    left = views.signaal(GEMEENTE, S)
    assert left is not None
    assert left["status"] == "vervallen"
    assert left["verstrekkingen"][0]["vervallen"]["reden"] == "grondslag-vervallen"
    assert (left["bijdragen"], left["stukken"]) == ([], [])
    happen(SignaalGerectificeerd(signaal_id=S, inhoud=inhoud("nieuw"), motivering="m", **wie(POLITIE, 9)))
    assert "nieuw" not in seen(views, GEMEENTE)


def test_a_correction_reaches_every_holder_through_its_mask(views: Views, happen: Happen) -> None:
    happen(geregistreerd("s", POLITIE, "a"), verstrekt("s", GEMEENTE, "identificerend"))
    happen(SignaalGerectificeerd(signaal_id=S, inhoud=inhoud("nieuw"), motivering="waarom-kanarie", **wie(POLITIE, 9)))
    text = seen(views, GEMEENTE)
    assert "naam-nieuw" in text
    assert "gecorrigeerd_op" in text
    assert "naam-a" not in text
    assert "waarom-kanarie" not in text


def test_withdrawal_takes_the_content_from_every_holder(views: Views, happen: Happen) -> None:
    happen(geregistreerd("s", POLITIE, "a"), verstrekt("s", GEMEENTE, "identificerend", "signaal-inhoud"))
    happen(SignaalIngetrokken(signaal_id=S, motivering="intrek-kanarie", **wie(POLITIE, 9)))
    held = views.signaal(GEMEENTE, S)
    assert held is not None
    assert held["status"] == "ingetrokken"
    assert "naam-a" not in seen(views, GEMEENTE)
    assert "intrek-kanarie" not in seen(views, GEMEENTE)
    assert "naam-a" in seen(views, POLITIE)


def test_refutation_is_told_to_every_holder_and_the_reason_to_the_permitted(views: Views, happen: Happen) -> None:
    happen(
        geregistreerd("s", POLITIE, "a"),
        verstrekt("s", GEMEENTE, "signaal-label"),
        verstrekt("s", OM, "signaal-inhoud"),
        SignaalWeerlegd(signaal_id=S, motivering="weerleg-kanarie", **wie(POLITIE, 9)),
    )
    for zetel, reads in ((GEMEENTE, False), (OM, True)):
        held = views.signaal(zetel, S)
        assert held is not None
        assert held["status"] == "weerlegd"
        assert ("weerleg-kanarie" in seen(views, zetel)) is reads


def test_destroyed_person_is_gone_from_every_row(views: Views, happen: Happen) -> None:
    happen(geregistreerd("s", POLITIE, "a", "b"), verstrekt("s", GEMEENTE, "identificerend", "signaal-inhoud"))
    happen(BetrokkeneVernietigd(signaal_id=S, betrokkene_id=id_of("a"), motivering="termijn", **wie(POLITIE, 9)))
    for zetel in (POLITIE, GEMEENTE):
        text = seen(views, zetel)
        assert "naam-a" not in text
        assert "toelichting-kanarie" not in text  # it told of both, so it lay under both keys
        assert "naam-b" in text


def test_destroyed_key_takes_content_out_of_every_row(views: Views, happen: Happen, kluis: Kluis) -> None:
    happen(geregistreerd("s", POLITIE, "a", "b"), verstrekt("s", GEMEENTE, "identificerend"))
    kluis.vernietig(id_of("a"))
    for zetel in (POLITIE, GEMEENTE):
        assert "naam-a" not in seen(views, zetel)
        assert "naam-b" in seen(views, zetel)


def test_passing_on_shows_sender_and_receiver_to_those_two(views: Views, happen: Happen) -> None:
    passed = SignaalDoorgezet(
        signaal_id=S, naar=GEMEENTE, spoor="bilateraal", doel="opsporing", opdracht="opdracht-kanarie", **wie(POLITIE)
    )
    happen(
        geregistreerd("s", POLITIE, "a"),
        passed,
        verstrekt("s", GEMEENTE, "signaal-inhoud"),
        verstrekt("s", OM, "signaal-inhoud"),
    )
    assert "opdracht-kanarie" in seen(views, POLITIE)
    assert "opdracht-kanarie" in seen(views, GEMEENTE)
    assert "opdracht-kanarie" not in seen(views, OM)
    assert GEMEENTE not in seen(views, OM)


def test_feedback_is_for_the_two_it_concerns(views: Views, happen: Happen) -> None:
    said = SignaalTeruggekoppeld(signaal_id=S, aan=POLITIE, status="opgepakt", bericht="bericht-kanarie", **wie(OM, 9))
    happen(
        geregistreerd("s", POLITIE, "a"),
        verstrekt("s", OM, "signaal-inhoud"),
        verstrekt("s", GEMEENTE, "signaal-inhoud", "terugkoppeling", per_bron={OM: ("terugkoppeling",)}),
        said,
        SignaalNietGedeeld(signaal_id=S, motivering="la-kanarie", herinner_op="2026-09-01", **wie(OM, 10)),
    )
    assert "bericht-kanarie" in seen(views, POLITIE)
    assert "bericht-kanarie" in seen(views, OM)
    assert "bericht-kanarie" not in seen(views, GEMEENTE)
    assert "la-kanarie" in seen(views, OM)
    assert "la-kanarie" not in seen(views, POLITIE)


def test_roles_and_judgements_follow_the_mask_of_who_gave_them(views: Views, happen: Happen) -> None:
    role = Rolperiode(rol="vermoedelijk-slachtoffer")
    judged = {"signaal_id": S, "vormen": ("onbekend",), "zekerheid": "vermoeden", "motivering": "oordeel-kanarie"}
    happen(
        geregistreerd("s", POLITIE, "a", "b"),
        verstrekt("s", GEMEENTE, "rol-in-casus", "signaal-label", betrokkenen=("a",)),
        verstrekt("s", ZORG, "identificerend"),
        RolToegekend(signaal_id=S, betrokkene_id=id_of("a"), rol=role, **wie(POLITIE, 4)),
        RolToegekend(signaal_id=S, betrokkene_id=id_of("b"), rol=role, **wie(POLITIE, 4)),
        SignaalGeherclassificeerd(**judged, **wie(POLITIE, 5)),
    )
    held = views.signaal(GEMEENTE, S)
    assert held is not None
    assert [one["soort"] for one in held["stukken"]] == ["rol", "herclassificatie"]
    assert "oordeel-kanarie" not in seen(views, GEMEENTE)
    none = views.signaal(ZORG, S)
    assert none is not None
    assert none["stukken"] == []


def test_a_provider_sees_who_holds_what_of_its_own(views: Views, happen: Happen) -> None:
    given = verstrekt("s", GEMEENTE, "identificerend", "contact", per_bron={POLITIE: ("contact",)}, casus="c")
    happen(geregistreerd("s", POLITIE, "a"), given, verstrekt("s", ARBEID, "signaal-label", door=GEMEENTE))
    happen(OntvangstBevestigd(verstrekking_id=given.verstrekking_id, signaal_id=S, **wie(GEMEENTE, 8)))
    happen(vervallen("s", ARBEID))
    known = {one["ontvanger"]: one for one in views.ontvangers(POLITIE, S)}
    assert known[GEMEENTE]["categorieen"] == ["contact"]
    assert known[GEMEENTE]["bevestigd"]
    assert known[ARBEID]["vervallen"]["reden"] == "grondslag-vervallen"
    assert str(id_of("c")) not in orjson.dumps(known).decode()
    assert [one["ontvanger"] for one in views.ontvangers(GEMEENTE, S)] == [ARBEID]
    assert views.ontvangers(OM, S) == []


def test_pages_follow_each_other_without_gap_or_repeat(views: Views, happen: Happen) -> None:
    happen(*(geregistreerd(f"s{number}", POLITIE) for number in range(25)))
    found, na = [], None
    while True:
        page = views.signalen(POLITIE, na=na, aantal=10)
        found += [item["signaal_id"] for item in page.items]
        na = page.volgende
        if na is None:
            break
    assert found == [str(id_of(f"s{number}")) for number in reversed(range(25))]


def test_lists_can_be_filtered(views: Views, happen: Happen) -> None:
    happen(geregistreerd("s"), geregistreerd("t"), verstrekt("t", GEMEENTE, "signaal-label"))
    shared = views.signalen(POLITIE, filters=Filters(status="gedeeld", regio="oost-nederland")).items
    assert [item["signaal_id"] for item in shared] == [str(id_of("t"))]
    assert views.signalen(POLITIE, filters=Filters(regio="elders")).items == []


def test_no_content_lies_open_in_any_table(dsn: str, views: Views, happen: Happen) -> None:
    happen(geregistreerd("s", POLITIE, "a"), verstrekt("s", GEMEENTE, "identificerend", "signaal-inhoud"))
    happen(verrijkt("s", "v", GEMEENTE, "c"))
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', false)")
        found = connection.execute(
            "select encode(stand, 'escape') || coalesce(encode(inhoud, 'escape'), '') from bron"
            " union all select encode(inhoud, 'escape') from zicht_signaal"
        ).fetchall()
    text = " ".join(row[0] for row in found)
    assert text
    for hidden in ("naam-", "kanarie", "06-0000", "kenmerk-s"):
        assert hidden not in text
