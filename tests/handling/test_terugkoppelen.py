"""Feedback is owed: told by what is done or in words, withheld lawfully, and what is late comes before the officer."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.message import Command, Event
from contracts.signaal import DoorzetSignaal, KoppelSignaalTerug, TrekSignaalIn
from contracts.terugkoppeling import (
    HoudTerugkoppelingAan,
    TerugkoppelingAangehouden,
    TerugkoppelingGeescaleerd,
    TerugkoppelingGegeven,
    TerugkoppelingHerinnerd,
    TerugkoppelingHervat,
    TerugkoppelingVerschuldigd,
    TerugkoppelingVervallen,
)
from contracts.toestemming import LegToestemmingVast, TrekToestemmingIn
from contracts.verhoor import PlanVerhoor
from contracts.verstrekking import BevestigOntvangst
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.terugkoppeling import schuld_id
from hub.handling.verlopen import verlopen
from hub.handling.work import feedback_of
from tests.handling.executing import AVIM, NLA, NU, OVJ, ZC, World, doorzetten, id_of, riec_case, signaal

PO = "privacy-officer@landelijk"
COMENSHA = "comensha@landelijk"
S = id_of("s")
MINE = schuld_id(S, AVIM, ZC)
GEVAAR: dict[str, Any] = {"gevaar": "doorlopend-gevaarlijk", "reden_vastgelegd": True}
OPSPORING, PRIVACY = "onthouden-strafrechtelijk-onderzoek", "onthouden-privacy"


def passed(naar: str) -> DoorzetSignaal:
    return doorzetten("s", naar, "bilateraal", "veiligheid-slachtoffer", **GEVAAR)


def says(status: str, aan: str = ZC, **more: Any) -> KoppelSignaalTerug:
    return KoppelSignaalTerug(signaal_id=S, aan=aan, status=status, bericht="zo staat het", **more)


def holds_back(reden: str, op: date, what: Any = MINE) -> HoudTerugkoppelingAan:
    return HoudTerugkoppelingAan(signaal_id=S, terugkoppeling_id=what, aanhoudreden=reden, herbezien_op=op)


def day(number: int) -> datetime:
    return NU + timedelta(days=number)


@pytest.fixture
def world() -> World:
    """Care passed a signal on to the police."""
    world = World()
    world.ask(ZC, signaal("s"))
    world.ask(ZC, passed(AVIM))
    return world


def recorded(world: World) -> list[Event]:
    return world.work().before(feedback_of(S))


def kinds(world: World) -> list[type[Event]]:
    return [type(event) for event in recorded(world)]


def test_who_gets_a_signal_owes_its_reporter_feedback(world: World) -> None:
    [owed] = recorded(world)
    assert isinstance(owed, TerugkoppelingVerschuldigd)
    assert (owed.ontvanger, owed.melder, owed.stap, owed.toezicht) == (AVIM, ZC, "ontvangst", (PO,))
    assert owed.uiterlijk == day(7)


def test_a_case_owes_nothing_for_its_participants_see_its_course() -> None:
    world = World()
    riec_case(world, "c", AVIM, OVJ, fase=2)
    assert world.work().before(feedback_of(id_of("c-signaal"))) == []


def test_a_refused_passing_on_owes_nothing() -> None:
    world = World()
    world.ask(ZC, signaal("s"))
    world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer"))
    assert recorded(world) == []


def test_a_receipt_and_passing_on_are_told_of_themselves_once(world: World) -> None:
    [given] = world.disclosed()
    world.ask(AVIM, BevestigOntvangst(signaal_id=S, verstrekking_id=given.verstrekking_id))
    world.ask(AVIM, passed(NLA), nu=day(1))
    world.ask(AVIM, passed(NLA), nu=day(2))
    told = [event for event in recorded(world) if isinstance(event, TerugkoppelingGegeven)]
    assert [(one.status, one.stap) for one in told] == [
        ("ontvangstbevestiging", "opvolging"),
        ("doorgezet", "afronding"),
    ]
    assert {(one.ontvanger, one.melder) for one in told} == {(AVIM, ZC)}


def test_each_link_of_a_chain_owes_the_one_before(world: World) -> None:
    world.ask(AVIM, passed(NLA))
    world.ask(NLA, passed(AVIM))
    owed = {(one.ontvanger, one.melder) for one in world.work().terugkoppelingen(S).schulden.values()}
    assert owed == {(AVIM, ZC), (NLA, AVIM), (AVIM, NLA)}
    told = [event for event in recorded(world) if isinstance(event, TerugkoppelingGegeven)]
    assert [(one.ontvanger, one.melder) for one in told] == [(AVIM, ZC)], "to send it back is not to pass it on"


@pytest.mark.parametrize(
    ("status", "stap"),
    [("ontvangstbevestiging", "opvolging"), ("opgepakt", "afronding"), ("verrijkt", "afronding"), ("afgesloten", None)],
)
def test_what_is_said_in_words_meets_its_step(world: World, status: str, stap: str | None) -> None:
    world.ask(AVIM, says(status))
    *_, told = recorded(world)
    assert isinstance(told, TerugkoppelingGegeven)
    assert (told.status, told.stap) == (status, stap)


def test_no_follow_up_names_its_reason_and_only_that_does(world: World) -> None:
    with pytest.raises(Strijdig, match="reden"):
        world.ask(AVIM, says("geen-opvolging-met-reden"))
    with pytest.raises(Strijdig, match="reden"):
        world.ask(AVIM, says("opgepakt", reden="geen-capaciteit"))
    world.ask(AVIM, says("geen-opvolging-met-reden", reden="geen-capaciteit"))
    assert not world.work().terugkoppelingen(S).schulden[MINE].open


@pytest.mark.parametrize("status", [OPSPORING, PRIVACY, "achterstallig", "gevraagd"])
def test_no_words_to_a_reporter_say_that_it_is_withheld(world: World, status: str) -> None:
    with pytest.raises(Strijdig, match="melder"):
        world.ask(AVIM, says(status))


def test_only_who_owes_it_withholds_and_only_who_investigates_for_an_investigation(world: World) -> None:
    world.ask(AVIM, passed(NLA))
    of_nla = schuld_id(S, NLA, AVIM)
    for stranger in (ZC, NLA, OVJ):
        with pytest.raises(Onbekend):
            world.ask(stranger, holds_back(PRIVACY, day(30).date()))
    with pytest.raises(Strijdig, match="deze reden"):
        world.ask(NLA, holds_back(OPSPORING, day(30).date(), of_nla))
    world.ask(NLA, holds_back(PRIVACY, day(30).date(), of_nla))
    world.ask(AVIM, holds_back(OPSPORING, day(30).date()))
    held = [event for event in recorded(world) if isinstance(event, TerugkoppelingAangehouden)]
    assert [(one.ontvanger, one.aanhoudreden) for one in held] == [(NLA, PRIVACY), (AVIM, OPSPORING)]


@pytest.mark.parametrize("days", [-1, 0, 200])
def test_the_day_to_look_again_lies_ahead_and_not_too_far(world: World, days: int) -> None:
    with pytest.raises(Strijdig, match="opnieuw te kijken"):
        world.ask(AVIM, holds_back(OPSPORING, day(days).date()))


def test_while_withheld_nothing_is_told_of_itself_and_afterwards_neither(world: World) -> None:
    world.ask(AVIM, holds_back(OPSPORING, day(30).date()))
    world.ask(AVIM, passed(NLA), nu=day(1))
    verlopen(world.ledger, day(31))
    world.ask(AVIM, passed(NLA), nu=day(32))
    told = [one for one in recorded(world) if isinstance(one, TerugkoppelingGegeven) and one.melder == ZC]
    assert told == []
    world.ask(AVIM, says("opgepakt"), nu=day(33))
    assert not world.work().terugkoppelingen(S).schulden[MINE].aangehouden


def test_on_the_day_to_look_again_it_is_due_once_more(world: World) -> None:
    world.ask(AVIM, holds_back(OPSPORING, day(30).date()))
    verlopen(world.ledger, day(29))
    assert TerugkoppelingHervat not in kinds(world)
    verlopen(world.ledger, day(30))
    verlopen(world.ledger, day(30))
    assert kinds(world).count(TerugkoppelingHervat) == 1
    assert world.work().terugkoppelingen(S).schulden[MINE].uiterlijk == day(37)
    verlopen(world.ledger, day(37))
    assert kinds(world)[-1] is TerugkoppelingHerinnerd


def test_silence_is_reminded_once_and_then_comes_before_the_officer_once(world: World) -> None:
    assert verlopen(world.ledger, day(7) - timedelta(seconds=1)) == 0
    for moment in (7, 8, 21, 22, 300):
        verlopen(world.ledger, day(moment))
    assert kinds(world)[1:] == [TerugkoppelingHerinnerd, TerugkoppelingGeescaleerd]
    escalated = recorded(world)[-1]
    assert isinstance(escalated, TerugkoppelingGeescaleerd)
    assert (escalated.ontvanger, escalated.toezicht) == (AVIM, (PO,))


def test_a_step_that_is_met_takes_the_reminder_away_and_the_next_has_its_own(world: World) -> None:
    verlopen(world.ledger, day(7))
    world.ask(AVIM, says("ontvangstbevestiging"), nu=day(8))
    verlopen(world.ledger, day(25))
    assert TerugkoppelingGeescaleerd not in kinds(world)
    verlopen(world.ledger, day(32))
    assert kinds(world).count(TerugkoppelingHerinnerd) == 2


def test_a_withdrawn_signal_ends_what_was_owed(world: World) -> None:
    world.ask(AVIM, passed(NLA))
    outcome = world.ask(ZC, TrekSignaalIn(signaal_id=S, motivering="vergissing"))
    ended = [event for event in outcome.events if isinstance(event, TerugkoppelingVervallen)]
    assert {(one.ontvanger, one.zetel) for one in ended} == {(AVIM, AVIM), (NLA, NLA)}
    assert verlopen(world.ledger, day(400)) > 0, "recalls are late"
    assert TerugkoppelingHerinnerd not in kinds(world)


def test_silence_before_an_interview_keeps_what_was_done_from_the_reporter(world: World) -> None:
    world.ask(AVIM, PlanVerhoor(signaal_id=S, tot_en_met=day(3).date()))
    world.ask(AVIM, passed(NLA))
    assert TerugkoppelingGegeven not in kinds(world)
    world.ask(AVIM, says("opgepakt"))
    *_, told = recorded(world)
    assert isinstance(told, TerugkoppelingGegeven)
    assert (told.status, told.stap) == ("ontvangstbevestiging", "opvolging")


def test_who_loses_the_signal_owes_nothing_and_is_owed_nothing_of_it(world: World) -> None:
    consent = LegToestemmingVast(
        toestemming_id=id_of("t"), signaal_id=S, door="slachtoffer", vorm="uitdrukkelijk", ontvangers=(COMENSHA,)
    )
    world.ask(ZC, consent)
    world.ask(ZC, doorzetten("s", COMENSHA, "zorg-en-registratie", "registratie-comensha"))
    assert world.work().terugkoppelingen(S).van(COMENSHA)
    world.ask(ZC, TrekToestemmingIn(toestemming_id=id_of("t"), signaal_id=S))
    assert not world.held(COMENSHA, "s")
    assert world.work().terugkoppelingen(S).van(COMENSHA) == []
    assert world.work().terugkoppelingen(S).van(AVIM)


def asks(world: World, seat: str, command: Command) -> int:
    return len(world.ask(seat, command).events)


def test_the_same_withholding_again_changes_nothing(world: World) -> None:
    assert asks(world, AVIM, holds_back(PRIVACY, day(30).date())) == 1
    assert asks(world, AVIM, holds_back(PRIVACY, day(30).date())) == 0
