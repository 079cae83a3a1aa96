"""Decisions on silence before an interview."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.signaal import KoppelSignaalTerug
from contracts.verhoor import (
    ContactGeweigerd,
    ContactToegestaan,
    HefVerhoorembargoOp,
    PlanVerhoor,
    VerhoorembargoOpgeheven,
    VraagContact,
)
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.verhoor import VEILIGE_TEKST, VerhoorEvent, Verhoren, contact, hef_op, held_back, plan, replay
from tests.domain.world import AVIM, NU, OVJ, S1, ZC, ja

TODAY = NU.date()
FEEDBACK = KoppelSignaalTerug(signaal_id=S1, aan=ZC, status="opgepakt", bericht="Morgen om tien uur wordt zij gehoord.")


def planned(days: int, zetel: str = AVIM) -> list[VerhoorEvent]:
    command = PlanVerhoor(signaal_id=S1, tot_en_met=TODAY + timedelta(days=days))
    return plan(Verhoren(), command, zetel, NU, opsporing=True)


def lifted(state: Verhoren, zetel: str) -> VerhoorEvent:
    [event] = hef_op(state, HefVerhoorembargoOp(signaal_id=S1), zetel, NU)
    return event


def test_only_who_investigates_asks_for_silence_and_not_for_the_past() -> None:
    with pytest.raises(Strijdig, match="politie"):
        plan(Verhoren(), PlanVerhoor(signaal_id=S1, tot_en_met=TODAY), ZC, NU, opsporing=False)
    with pytest.raises(Strijdig, match="verleden"):
        planned(-1)


@given(st.integers(0, 30), st.integers(-5, 40))
def test_silence_holds_up_to_and_including_its_last_day(length: int, later: int) -> None:
    state = replay(planned(length))
    assert (state.gepland(TODAY + timedelta(days=later)) is not None) == (later <= length)


@given(st.lists(st.tuples(st.sampled_from([AVIM, OVJ]), st.integers(0, 30)), min_size=1, max_size=6))
def test_the_longest_silence_counts_and_each_seat_has_one(asked: list[tuple[str, int]]) -> None:
    state = replay([event for seat, days in asked for event in planned(days, seat)])
    last = dict(asked)
    assert state.gepland(TODAY) == TODAY + timedelta(days=max(last.values()))


def test_a_seat_ends_its_own_silence_and_the_officer_ends_all() -> None:
    state = replay([*planned(3), *planned(9, OVJ)])
    own = lifted(state, AVIM)
    assert isinstance(own, VerhoorembargoOpgeheven)
    assert own.van == (AVIM,)
    assert replay([*planned(3), *planned(9, OVJ), own]).gepland(TODAY) == TODAY + timedelta(days=9)
    assert replay([*planned(3), *planned(9, OVJ), lifted(state, OVJ)]).gepland(TODAY) is None
    with pytest.raises(Onbekend):
        hef_op(state, HefVerhoorembargoOp(signaal_id=S1), ZC, NU)


def test_asking_for_the_same_silence_twice_records_it_once() -> None:
    command = PlanVerhoor(signaal_id=S1, tot_en_met=TODAY)
    assert plan(replay(planned(0)), command, AVIM, NU, opsporing=True) == []


def test_the_answer_on_contact_is_that_of_the_policy() -> None:
    assert isinstance(contact(VraagContact(signaal_id=S1), ZC, NU, ja("begeleiding-zorg-hulp")), ContactToegestaan)
    refused = contact(VraagContact(signaal_id=S1), ZC, NU, ja(nee=("begeleiding-zorg-hulp",)))
    assert isinstance(refused, ContactGeweigerd)
    assert refused.redenen == ("Dit mag niet.",)


def test_feedback_during_silence_says_nothing_of_what_was_written() -> None:
    told = held_back(replay(planned(3)), FEEDBACK, TODAY, opsporing=False)
    assert told.bericht == VEILIGE_TEKST
    assert told.inhoud_onthouden
    assert told.status != FEEDBACK.status
    assert told.herbezie_op == TODAY + timedelta(days=3)


@pytest.mark.parametrize(("opsporing", "op"), [(True, TODAY), (False, date(2026, 3, 20))])
def test_who_investigates_and_everybody_after_silence_gets_it_whole(opsporing: bool, op: date) -> None:
    assert held_back(replay(planned(3)), FEEDBACK, op, opsporing=opsporing) == FEEDBACK
