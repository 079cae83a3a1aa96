"""Duties over every calendar and however the clock runs: each step once, never a flood, the last day still counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.bedenktijd import BedenktijdBeeindigd, BedenktijdBegonnen
from contracts.message import Acted
from contracts.plicht import PlichtGeescaleerd, PlichtHerinnerd, PlichtOntstaan, PlichtTeLaat, PlichtVervuld
from hub.access.termijnen import bedenktijd_voorbij
from hub.domain import plicht
from hub.domain.plicht import Omgeving, Oorzaak, Plichten, PlichtEvent, replay, tik, volg
from hub.domain.plichtregel import (
    LAND,
    Afstand,
    Escalatie,
    Herhaling,
    Kalenderduur,
    Plichtregel,
    Termijn,
    Voorval,
    einde_van,
    kalenderduur,
)

S, B, HUB = UUID(int=1), UUID(int=2), "systeem@landelijk"
KMAR, CHEF, OFFICER = "kmar@amsterdam", "politie.avim@noord", "privacy-officer@landelijk"
AROUND = Omgeving(lambda soort, houder: (f"{soort}@landelijk",), lambda zetel: True, (OFFICER,), "v1")
REGEL = Plichtregel(
    id="proef",
    zin="Het moet.",
    bron="Vc B8/3",
    spoor="hub",
    soort="signaal",
    geldig_vanaf=date(2013, 1, 1),
    wie="zetel",
    ontstaat_door=(Voorval(BedenktijdBegonnen.TYPE, "signaal_id", "bedenktijd_id"),),
    vervuld_door=(Voorval(BedenktijdBeeindigd.TYPE, "signaal_id", "bedenktijd_id"),),
    termijn=Termijn(Kalenderduur(maanden=3), vanaf="begint_op"),
    herinner=tuple(Afstand(Kalenderduur(dagen=days), ervoor) for days, ervoor in ((30, True), (3, True), (7, False))),
    escalatie=(
        Escalatie(Kalenderduur(dagen=14), ("privacy-officer",)),
        Escalatie(Kalenderduur(dagen=28), ("auditor",)),
    ),
)
DAYS = st.dates(date(2014, 1, 1), date(2040, 12, 31))
#: Every day on which the clock goes forward or back is among these, at some hour.
MOMENTS = st.integers(0, 27 * 365 * 24).map(lambda hours: datetime(2014, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


def begonnen(op: date, tijdstip: datetime | None = None) -> BedenktijdBegonnen:
    moment = tijdstip or datetime(op.year, op.month, op.day, 12, tzinfo=UTC)
    return BedenktijdBegonnen(signaal_id=S, bedenktijd_id=B, begint_op=op, dublin=False, zetel=KMAR, tijdstip=moment)


def beeindigd(tijdstip: datetime) -> BedenktijdBeeindigd:
    return BedenktijdBeeindigd(signaal_id=S, bedenktijd_id=B, einde="geeindigd-vertrek", zetel=KMAR, tijdstip=tijdstip)


def after(history: list[PlichtEvent], event: object, positie: int) -> list[PlichtEvent]:
    cause = Oorzaak(event, positie, frozenset())  # type: ignore[arg-type]
    who = Acted(HUB, event.tijdstip)  # type: ignore[attr-defined]
    return [*history, *volg(replay(history), REGEL, S, cause, who, AROUND)]


def ticked(history: list[PlichtEvent], nu: datetime) -> list[PlichtEvent]:
    return [*history, *tik(replay(history), Acted(HUB, nu))]


def one(history: list[PlichtEvent]) -> plicht.Plicht:
    (found,) = replay(history).alle.values()
    return found


@given(DAYS, st.integers(0, 130))
def test_a_reflection_period_is_over_when_the_policy_says_so(begin: date, days: int) -> None:
    last = Kalenderduur(maanden=3).na(begin)
    day = begin + timedelta(days=days)
    assert (day > last) == bedenktijd_voorbij(day, days, dublin=False)


@given(DAYS)
def test_the_last_day_counts_until_it_is_over_here_whatever_the_clock_did(day: date) -> None:
    end = einde_van(day)
    assert (end - timedelta(microseconds=1)).astimezone(LAND).date() == day
    assert end.astimezone(LAND).date() == day + timedelta(days=1)
    assert (end.astimezone(LAND).hour, end.astimezone(LAND).minute) == (0, 0)


@pytest.mark.parametrize(
    ("day", "duur", "last"),
    [
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2024, 1, 31), "P1M", date(2024, 2, 29)),
        (date(2025, 11, 30), "P3M", date(2026, 2, 28)),
        (date(2026, 3, 28), "P1D", date(2026, 3, 29)),
        (date(2026, 12, 31), "P2W", date(2027, 1, 14)),
    ],
)
def test_leap_days_and_ends_of_months(day: date, duur: str, last: date) -> None:
    assert kalenderduur(duur).na(day) == last


@pytest.mark.parametrize("text", ["", "P", "3M", "PT5H", "P-1D", "P1.5D", "P1D1M"])
def test_another_way_to_write_a_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="geen duur"):
        kalenderduur(text)


@given(st.lists(MOMENTS, max_size=40), DAYS)
def test_whatever_the_clock_does_each_step_comes_once_and_in_order(moments: list[datetime], begin: date) -> None:
    history = after([], begonnen(begin), 1)
    for moment in moments:
        history = ticked(history, moment)
        assert ticked(history, moment) == history, "a second look at the same moment"
    numbers = [event.nummer for event in history if isinstance(event, PlichtHerinnerd)]
    steps = [event.nummer for event in history if isinstance(event, PlichtGeescaleerd)]
    assert numbers == sorted(set(numbers))
    assert steps == sorted(set(steps))
    assert sum(isinstance(event, PlichtTeLaat) for event in history) <= 1


@given(DAYS, st.integers(0, 400))
def test_nothing_comes_before_its_moment(begin: date, days: int) -> None:
    history = after([], begonnen(begin), 1)
    due = one(history).begin
    nu = due.tijdstip + timedelta(days=days)
    came = ticked(history, nu)[1:]
    assert any(isinstance(event, PlichtTeLaat) for event in came) == (due.verlopen_op <= nu)
    for event in came:
        if isinstance(event, PlichtHerinnerd):
            assert due.herinneringen[event.nummer - 1] <= nu


@given(DAYS, st.integers(0, 400))
def test_after_a_silence_of_any_length_there_is_no_flood(begin: date, days: int) -> None:
    history = after([], begonnen(begin), 1)
    came = ticked(history, history[0].tijdstip + timedelta(days=days))[1:]
    for kind in (PlichtHerinnerd, PlichtTeLaat, PlichtGeescaleerd):
        assert sum(isinstance(event, kind) for event in came) <= 1


def test_who_hears_that_it_is_late_is_not_told_that_it_soon_will_be() -> None:
    history = after([], begonnen(date(2026, 3, 2)), 1)
    late = ticked(history, one(history).begin.verlopen_op)
    assert [type(event) for event in late[1:]] == [PlichtTeLaat]
    week = ticked(late, one(history).begin.verlopen_op + timedelta(days=7))
    assert [type(event) for event in week[2:]] == [PlichtHerinnerd]


def test_a_step_that_was_passed_over_still_reaches_its_seats() -> None:
    history = after([], begonnen(date(2026, 3, 2)), 1)
    (told,) = [e for e in ticked(history, datetime(2027, 1, 1, tzinfo=UTC)) if isinstance(e, PlichtGeescaleerd)]
    assert told.aan == ("auditor@landelijk", OFFICER)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 12)), max_size=25))
def test_reading_the_ledger_again_from_anywhere_changes_nothing(seen: list[tuple[bool, int]]) -> None:
    """`seen`: which of twelve recorded events a follower comes across, in whatever order two of them bring it about."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    ledger = [
        begonnen(date(2026, 3, 2), start + timedelta(days=n)) if n % 2 else beeindigd(start + timedelta(days=n))
        for n in range(1, 13)
    ]
    straight: list[PlichtEvent] = []
    for position, event in enumerate(ledger, 1):
        straight = after(straight, event, position)
    again = straight
    for _, position in seen:
        again = after(again, ledger[position - 1], position)
    assert again == straight
    assert sum(isinstance(event, PlichtOntstaan) for event in straight) == 6
    assert sum(isinstance(event, PlichtVervuld) for event in straight) == 6


@given(st.lists(st.integers(0, 11), max_size=6))
def test_a_follower_that_stops_anywhere_and_begins_earlier_ends_the_same(stops: list[int]) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    ledger = [
        begonnen(date(2026, 3, 2), start + timedelta(days=n)) if n % 3 else beeindigd(start + timedelta(days=n))
        for n in range(1, 13)
    ]
    straight: list[PlichtEvent] = []
    for position, event in enumerate(ledger, 1):
        straight = after(straight, event, position)
    broken: list[PlichtEvent] = []
    done = 0
    for stop in [*stops, 11]:
        for position in range(max(0, min(stop, done) - 2), stop + 1):
            if position <= done:
                broken = after(broken, ledger[position], position + 1)
                done = max(done, position + 1)
    for position in range(done, 12):
        broken = after(broken, ledger[position], position + 1)
    assert broken == straight


@given(DAYS, st.sampled_from(["P1M", "P3M", "P7D", "P1D", "P1Y"]), DAYS)
def test_periods_follow_each_other_without_gap_or_overlap(first: date, elke: str, day: date) -> None:
    repeated = Herhaling(kalenderduur(elke), first)
    period = repeated.periode(day)
    if day < first:
        assert period is None
        return
    assert period is not None
    assert period[0] <= day <= period[1]
    following = repeated.periode(period[1] + timedelta(days=1))
    assert following is not None
    assert following[0] == period[1] + timedelta(days=1)


@given(st.lists(MOMENTS, min_size=1, max_size=30))
def test_a_recurring_duty_comes_once_per_period_and_never_back(moments: list[datetime]) -> None:
    monthly = replace(REGEL, herhaal=Herhaling(Kalenderduur(maanden=1), date(2014, 1, 31)), zetels=("coa",))
    history: list[PlichtEvent] = []
    for moment in moments:
        for _ in range(2):
            history += plicht.kalender(replay(history), monthly, "coa@landelijk", Acted(HUB, moment), AROUND)
    periods = [event.deel for event in history if isinstance(event, PlichtOntstaan)]
    assert periods == sorted(set(periods), key=str)


def test_a_rule_counts_within_its_dates() -> None:
    old = replace(REGEL, geldig_tot=date(2026, 3, 2))
    for day, expected in ((date(2026, 3, 1), 1), (date(2026, 3, 2), 0)):
        event = begonnen(day)
        cause = Oorzaak(event, 1, frozenset())
        assert len(volg(Plichten(), old, S, cause, Acted(HUB, event.tijdstip), AROUND)) == expected
