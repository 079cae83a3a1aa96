"""Corrections travel: who ever held what was corrected is told once, answers, or comes before the privacy officer."""

from datetime import date, datetime, timedelta

import pytest

from contracts.afscherming import HefVertrouwelijkheidOp, VerklaarVertrouwelijk
from contracts.casus import BepaalDeelnemers
from contracts.inhoud import Betrokkene, Feit, Rolperiode, SignaalInhoud
from contracts.message import Command
from contracts.signaal import RectificeerSignaal, TrekSignaalIn, VernietigBetrokkene, WeerlegSignaal
from contracts.terugroeping import (
    BevestigTerugroeping,
    TerugroepingAangehouden,
    TerugroepingGeescaleerd,
    TerugroepingGestuurd,
    TerugroepingHerinnerd,
)
from contracts.verstrekking import SignaalVerstrekt
from hub.domain.oordeel import Onbekend
from hub.handling.verlopen import verlopen
from hub.handling.work import recalls_of
from tests.handling.executing import AF, AVIM, NLA, NU, OVJ, TAX, World, id_of, riec_case
from tests.handling.test_afscherming import LETTER

PO = "privacy-officer@landelijk"
S = id_of("c-signaal")


@pytest.fixture
def world() -> World:
    """A case in which the police gave a signal to prosecution and labour inspectorate."""
    world = World()
    riec_case(world, "c", AVIM, OVJ, NLA, fase=2)
    return world


def corrected(toelichting: str = "werd niet opgehaald", **more: object) -> Command:
    inhoud = SignaalInhoud(
        vormen=("seksuele-uitbuiting",),
        zekerheid="vermoeden",
        toelichting=toelichting,
        betrokkenen=(
            Betrokkene(
                betrokkene_id=id_of("c-signaal-persoon"),
                naam="Testa Fictema",
                rollen=(Rolperiode(rol="vermoedelijk-slachtoffer"),),
            ),
        ),
        **more,
    )
    return RectificeerSignaal(signaal_id=S, inhoud=inhoud, motivering="verkeerd verstaan")


def told(world: World) -> list[TerugroepingGestuurd]:
    return [event for event in world.events if isinstance(event, TerugroepingGestuurd)]


def later(minutes: int) -> datetime:
    return NU + timedelta(minutes=minutes)


def holders(world: World) -> set[str]:
    return {one.ontvanger for one in world.disclosed()}


def test_a_rectification_is_told_to_who_holds_what_changed_and_to_nobody_else(world: World) -> None:
    holding = {one.ontvanger for one in world.disclosed() if "politie-8" in one.regels or one.categorieen}
    world.ask(AVIM, corrected())
    sent = told(world)
    assert {one.ontvanger for one in sent} == holding
    assert len(sent) == len(holding)
    for one in sent:
        assert (one.aard, one.bronnen, one.categorieen) == ("rectificatie", (AVIM,), ("signaal-inhoud",))
        assert (one.toezicht, one.bevestigen_voor) == ((PO,), NU + timedelta(days=14))
    assert len({one.correctie_id for one in sent}) == 1


def test_the_same_words_again_are_no_correction(world: World) -> None:
    world.ask(AVIM, corrected("wordt laat opgehaald"))
    assert told(world) == []


def test_each_correction_is_told_of_its_own(world: World) -> None:
    world.ask(AVIM, corrected("eerst"))
    world.ask(AVIM, corrected("toen"))
    assert len({one.terugroeping_id for one in told(world)}) == 2 * len(holders(world))


def test_who_left_the_case_hears_that_it_lapsed_and_of_later_corrections_too(world: World) -> None:
    world.ask(AVIM, BepaalDeelnemers(casus_id=id_of("c"), deelnemers=(OVJ,)), nu=later(1))
    [lapsed] = told(world)
    assert (lapsed.ontvanger, lapsed.aard, lapsed.reden) == (NLA, "vervallen", "geen-deelnemer")
    world.ask(AVIM, corrected(), nu=later(2))
    assert {one.ontvanger for one in told(world)[1:]} == {OVJ, NLA}


def test_who_came_after_the_correction_is_not_told_of_it(world: World) -> None:
    world.ask(AVIM, corrected())
    before = len(told(world))
    world.ask(AVIM, BepaalDeelnemers(casus_id=id_of("c"), deelnemers=(OVJ, NLA, TAX)), nu=later(1))
    assert len(told(world)) == before


def test_a_withdrawal_is_told_once_to_each(world: World) -> None:
    held = holders(world)
    world.ask(AVIM, TrekSignaalIn(signaal_id=S, motivering="vergissing"))
    assert sorted(one.ontvanger for one in told(world)) == sorted(held)
    assert {one.aard for one in told(world)} == {"intrekking"}


def test_a_refutation_is_told_to_every_holder_and_provider_but_not_to_who_refuted_it(world: World) -> None:
    outcome = world.ask(OVJ, WeerlegSignaal(signaal_id=S, motivering="ongegrond"))
    assert {one.ontvanger for one in told(world)} == (holders(world) | {AVIM}) - {OVJ}
    assert {event.zetel for event in outcome.events if isinstance(event, TerugroepingGestuurd)} == {AVIM}


def test_destroying_a_person_is_told_to_who_held_her(world: World) -> None:
    world.ask(
        AVIM,
        VernietigBetrokkene(signaal_id=S, betrokkene_id=id_of("c-signaal-persoon"), motivering="termijn-verstreken"),
    )
    named = {one.ontvanger for one in world.disclosed() if {"identificerend", "rol-in-casus"} & set(one.categorieen)}
    assert named
    assert {one.ontvanger for one in told(world)} == named
    assert {one.betrokkenen for one in told(world)} == {(id_of("c-signaal-persoon"),)}


def test_only_the_recipient_answers_and_an_answer_counts_once(world: World) -> None:
    world.ask(AVIM, corrected())
    [mine] = [one for one in told(world) if one.ontvanger == OVJ]
    answer = BevestigTerugroeping(signaal_id=S, terugroeping_id=mine.terugroeping_id, gevolg="verwerkt")
    for stranger in (NLA, AVIM, AF):
        with pytest.raises(Onbekend):
            world.ask(stranger, answer)
    assert len(world.ask(OVJ, answer).events) == 1
    assert world.ask(OVJ, answer).events == ()


def test_who_has_not_answered_is_reminded_once_before_its_term_is_over(world: World) -> None:
    world.ask(AVIM, corrected())
    mine, *others = told(world)
    world.ask(
        mine.ontvanger, BevestigTerugroeping(signaal_id=S, terugroeping_id=mine.terugroeping_id, gevolg="verwerkt")
    )
    assert verlopen(world.ledger, NU + timedelta(days=10, seconds=-1)) == 0
    for days in (10, 11, 13):
        verlopen(world.ledger, NU + timedelta(days=days))
    reminded = [event for event in world.work().before(recalls_of(S)) if isinstance(event, TerugroepingHerinnerd)]
    assert [one.ontvanger for one in reminded] == [one.ontvanger for one in others]


def test_what_is_not_answered_in_time_comes_before_the_privacy_officer_once(world: World) -> None:
    world.ask(AVIM, corrected())
    mine, *_ = told(world)
    answer = BevestigTerugroeping(signaal_id=S, terugroeping_id=mine.terugroeping_id, gevolg="verwerkt")
    world.ask(mine.ontvanger, answer)
    verlopen(world.ledger, NU + timedelta(days=14, seconds=-1))
    assert world.work().terugroepingen(S).geescaleerd == frozenset()
    verlopen(world.ledger, NU + timedelta(days=14))
    verlopen(world.ledger, NU + timedelta(days=15))
    recorded = world.work().terugroepingen(S)
    assert recorded.geescaleerd == recorded.gestuurd.keys() - {mine.terugroeping_id}
    late = [event for event in world.work().before(recalls_of(S)) if isinstance(event, TerugroepingGeescaleerd)]
    assert len(late) == len(recorded.geescaleerd)
    assert all(one.toezicht == (PO,) for one in late)


def test_who_may_not_know_of_a_signal_is_told_when_it_may(world: World) -> None:
    secret = VerklaarVertrouwelijk(
        signaal_id=S, tot=date(2026, 6, 1), letter=LETTER, deelnemer=OVJ, afweging="lopend onderzoek"
    )
    world.ask(AVIM, secret, nu=later(1))
    world.ask(AVIM, corrected(), nu=later(2))
    assert {one.ontvanger for one in told(world)} == {OVJ}
    waiting = [event for event in world.events if isinstance(event, TerugroepingAangehouden)]
    assert {one.ontvanger for one in waiting} == {NLA}
    world.ask(AVIM, HefVertrouwelijkheidOp(signaal_id=S), nu=later(3))
    assert [(one.ontvanger, one.aard) for one in told(world)[1:]] == [(NLA, "rectificatie")]


def test_a_rectification_that_adds_a_category_is_decided_in_the_case(world: World) -> None:
    fact = Feit(categorie="financieel", kenmerk="rekening", waarde="stortingen")
    world.ask(AVIM, corrected(feiten=(fact,)), nu=later(1))
    new = [event for event in world.events if isinstance(event, SignaalVerstrekt) and event.tijdstip == later(1)]
    assert any("financieel" in one.categorieen for one in new)
