"""What a reporter reads of its signal, what who owes it sees, and that nothing behind it shows in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.message import Event
from contracts.signaal import SignaalTeruggekoppeld
from contracts.terugkoppeling import VEILIGE_TEKST, TerugkoppelingVervallen
from hub.views.folds import Recorded, changes, keys_of
from hub.views.projector import Projector
from hub.views.read import Views
from hub.views.rows import Stand
from tests.views.kluis import Kluis
from tests.views.terugkoppel import (
    OPSPORING,
    PRIVACY,
    TOEZICHT,
    aangehouden,
    gegeven,
    over,
    van_binnen,
    verschuldigd,
)
from tests.views.verhaal import (
    GEMEENTE,
    OM,
    POLITIE,
    ZORG,
    geregistreerd,
    id_of,
    reader,
    recorded,
    verstrekt,
    wie,
)

S = id_of("s")
Happen = Callable[..., None]
BEGIN = (geregistreerd("s", ZORG, "a"), verstrekt("s", POLITIE, "signaal-inhoud", door=ZORG))


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


def state(views: Views, zetel: str) -> Any:
    seen = views.signaal(zetel, S)
    assert seen is not None
    return seen["terugkoppelstand"]


def row_of(views: Views, zetel: str) -> dict[str, Any]:
    [one] = views.terugkoppelingen(zetel).items
    return one


def test_the_reporter_reads_one_state_and_nobody_else_reads_it(views: Views, happen: Happen) -> None:
    happen(*BEGIN)
    assert state(views, ZORG) is None
    happen(verschuldigd("s", POLITIE, ZORG))
    assert state(views, ZORG)["status"] == "gevraagd"
    happen(gegeven("s", POLITIE, ZORG, "doorgezet"))
    assert state(views, ZORG)["status"] == "doorgezet"
    assert state(views, POLITIE) is None
    assert (row_of(views, ZORG)["status"], row_of(views, ZORG)["rol"]) == ("open", "melder")
    happen(gegeven("s", POLITIE, ZORG, "afgesloten", 9, klaar=True))
    assert {row_of(views, zetel)["status"] for zetel in (ZORG, POLITIE, *TOEZICHT)} == {"gegeven"}


def test_withheld_is_the_same_words_for_every_reason_and_its_day_is_not_shown(views: Views, happen: Happen) -> None:
    happen(*BEGIN, verschuldigd("s", POLITIE, ZORG), aangehouden("s", POLITIE, ZORG, OPSPORING))
    assert state(views, ZORG)["status"] == "ontvangstbevestiging"
    assert state(views, ZORG)["veilige_tekst"] == VEILIGE_TEKST
    mine = row_of(views, ZORG)
    assert not {"aanhoudreden", "herbezien_op", "herinnerd_op", "geescaleerd_op", "stap"} & mine.keys()
    assert (mine["status"], mine["uiterlijk"]) == ("gegeven", None)
    for zetel in (POLITIE, *TOEZICHT):
        assert (row_of(views, zetel)["status"], row_of(views, zetel)["aanhoudreden"]) == ("aangehouden", OPSPORING)


def test_what_is_late_shows_to_both_and_who_sees_to_it(views: Views, happen: Happen) -> None:
    happen(*BEGIN, verschuldigd("s", POLITIE, ZORG))
    *_, late, escalated = van_binnen("s", POLITIE, ZORG, 7)
    happen(late(), escalated())
    assert {row_of(views, zetel)["status"] for zetel in (ZORG, POLITIE, *TOEZICHT)} == {"te-laat"}
    assert views.terugkoppelingen(POLITIE, status="open").items == []
    assert len(views.terugkoppelingen(*TOEZICHT, status="te-laat", signaal_id=S).items) == 1
    assert "geescaleerd_op" not in row_of(views, ZORG)


def test_words_from_another_than_who_owes_it_are_news_too_without_their_day(views: Views, happen: Happen) -> None:
    said = {"signaal_id": S, "aan": ZORG, "status": "opgepakt", "bericht": "wij kijken"}
    happen(*BEGIN, SignaalTeruggekoppeld(**said, herbezie_op="2026-09-01", **wie(OM, 8)))
    assert state(views, ZORG)["status"] == "opgepakt"
    seen = views.signaal(ZORG, S)
    assert seen is not None
    assert "2026-09-01" not in str(seen)
    happen(SignaalTeruggekoppeld(**said, inhoud_onthouden=True, **wie(OM, 9)))
    assert state(views, ZORG)["status"] == "opgepakt"
    received = said | {"status": "ontvangstbevestiging"}
    happen(SignaalTeruggekoppeld(**received, inhoud_onthouden=True, **wie(OM, 10)))
    assert state(views, ZORG)["veilige_tekst"] == VEILIGE_TEKST


def test_who_lost_the_signal_keeps_no_row_that_names_it(views: Views, happen: Happen) -> None:
    happen(*BEGIN, verschuldigd("s", POLITIE, ZORG), verschuldigd("s", GEMEENTE, POLITIE))
    ends = TerugkoppelingVervallen(**over("s", POLITIE, ZORG), reden="niet-meer-gehouden", **wie(POLITIE, 9))
    happen(ends)
    assert [one["rol"] for one in views.terugkoppelingen(POLITIE).items] == ["melder"], "what it is owed still stands"
    assert row_of(views, ZORG)["status"] == "vervallen"
    happen(TerugkoppelingVervallen(**over("s", GEMEENTE, POLITIE), reden="niet-meer-gehouden", **wie(GEMEENTE, 9)))
    assert views.terugkoppelingen(POLITIE).items == views.terugkoppelingen(GEMEENTE).items == []
    happen(verschuldigd("s", POLITIE, ZORG, 12))
    assert row_of(views, POLITIE)["status"] == "open"


def reporter_rows(*events: Event) -> list[Any]:
    """Every row that the reporter ever gets, in order, with its position: all that a notice could tell."""
    stands: dict[Any, Stand] = {}
    found: list[Any] = []
    for one in recorded(events):
        batch = [Recorded(one.position, one.event)]
        needed, _ = keys_of(batch)
        for key in needed:
            stands.setdefault(key, Stand(*key))
        made = changes(batch, stands).rows
        found += [(row.values, row.unsealed.open) for row in made if row.values[0] == ZORG]
    return found


INSIDE = st.lists(
    st.one_of(
        st.tuples(st.just(POLITIE), st.just(ZORG), st.integers(0, 4)),
        st.tuples(st.just(OM), st.just(POLITIE), st.integers(0, 4)),
        st.tuples(st.just(GEMEENTE), st.just(POLITIE), st.integers(0, 4)),
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(INSIDE, st.sampled_from([OPSPORING, PRIVACY]), st.integers(1, 170))
def test_reason_day_recipients_and_reviews_change_no_row_of_the_reporter(
    inside: list[tuple[str, str, int]], reden: str, dagen: int
) -> None:
    """Attack: neither text, nor time, nor the number of what a reporter gets tells what goes on behind."""
    first = (*BEGIN, verschuldigd("s", POLITIE, ZORG))
    plain = reporter_rows(*first, aangehouden("s", POLITIE, ZORG, PRIVACY))
    behind = [verschuldigd("s", OM, POLITIE, 7), verschuldigd("s", GEMEENTE, POLITIE, 7)]
    behind += [van_binnen("s", owes, owed, 8 + at)[what]() for at, (owes, owed, what) in enumerate(inside)]
    assert reporter_rows(*first, aangehouden("s", POLITIE, ZORG, reden, dagen), *behind) == plain
