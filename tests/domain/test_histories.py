"""Whatever seats ask in whatever order: what was recorded always loads, and nothing but a decision changes a state."""

import dataclasses
from collections.abc import Callable
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from contracts.abonnement import AbonnementGeweigerd
from contracts.bedenktijd import BedenktijdGeweigerd
from contracts.casus import OpenCasus
from contracts.datalek import DatalekhandelingGeweigerd
from contracts.message import Command, Event
from contracts.overleg import OpenOverleg
from contracts.register import EVENTS
from contracts.toegangstoets import ToegangstoetsGeweigerd
from contracts.toezicht import LogboekBeoordeeld, ToezichtGeweigerd
from hub.domain import (
    abonnement,
    bedenktijd,
    beleidsversie,
    betrokkene,
    bewaring,
    brug,
    casus,
    correctietaak,
    datalek,
    kennisgeving,
    kopie,
    navraag,
    noodtoegang,
    overleg,
    plicht,
    resultaat,
    signaal,
    terugkoppeling,
    terugroeping,
    toegangstoets,
    toestemming,
    toezicht,
    verhoor,
    verstrekking,
    verzoek,
)
from hub.domain.oordeel import Onbekend, Strijdig
from tests.contracts.examples import example
from tests.domain.world import AF, AVIM, GEREGISTREERD, NU, OVJ, ZC, ja

#: Told once for the record: an officer's refused act, and the tally of a round of review.
NEVER_READ_BACK = (
    LogboekBeoordeeld,
    ToezichtGeweigerd,
    DatalekhandelingGeweigerd,
    ToegangstoetsGeweigerd,
    AbonnementGeweigerd,
    BedenktijdGeweigerd,
)
SEATS = st.sampled_from([ZC, AF, AVIM, OVJ])


def classes(union: Any) -> list[type[Any]]:
    return [inner for member in get_args(union) for inner in (classes(member) if get_args(member) else [member])]


def play(asks: list[tuple[Command, str]], start: list[Event], decide: Callable[..., list[Event]], replay: Any) -> None:
    """Ask one after another; after each answer the whole history must load to the same state as step by step."""
    history = list(start)
    for command, seat in asks:
        try:
            new = decide(replay(history), command, seat)
        except (Onbekend, Strijdig):
            continue
        assert all(event.zetel == seat for event in new)
        history += new
        replay(history)
    again = replay(history)
    assert again == replay([type(event).model_validate_json(event.model_dump_json()) for event in history])
    assert dataclasses.is_dataclass(again)


def asks(union: Any) -> st.SearchStrategy[list[tuple[Any, str]]]:
    command = st.sampled_from([example(cls) for cls in classes(union)])
    return st.lists(st.tuples(command, SEATS), max_size=25)


@given(asks(signaal.SignaalCommand), st.booleans())
def test_any_history_of_a_signal_loads(asked: list[tuple[Any, str]], holder: bool) -> None:
    start = GEREGISTREERD.model_copy(update={"signaal_id": example(signaal.VerrijkSignaal).signaal_id})
    play(
        asked,
        [start],
        lambda state, command, seat: signaal.decide(state, command, seat, NU, houder=holder, oordeel=ja("bsn")),
        signaal.replay,
    )


@given(asks(casus.CasusCommand))
def test_any_history_of_a_case_loads(asked: list[tuple[Any, str]]) -> None:
    opened = casus.open_casus(casus.Casus(), example(OpenCasus), AVIM, NU)
    play(
        asked,
        list(opened),
        lambda state, command, seat: casus.decide(state, command, seat, NU, toegelaten=frozenset({AVIM, AF, OVJ})),
        casus.replay,
    )


@given(asks(toestemming.ToestemmingCommand))
def test_any_history_of_consents_loads(asked: list[tuple[Any, str]]) -> None:
    play(asked, [], lambda state, command, seat: toestemming.decide(state, command, seat, NU), toestemming.replay)


@given(asks(betrokkene.BetrokkeneCommand))
def test_any_history_of_a_person_loads(asked: list[tuple[Any, str]]) -> None:
    play(asked, [], lambda state, command, seat: betrokkene.decide(state, command, seat, NU), betrokkene.replay)


@given(asks(overleg.OverlegCommand))
def test_any_history_of_a_session_loads(asked: list[tuple[Any, str]]) -> None:
    opened = overleg.decide(overleg.Overleg(), example(OpenOverleg), ZC, NU)
    play(asked, list(opened), lambda state, command, seat: overleg.decide(state, command, seat, NU), overleg.replay)


@given(
    st.lists(
        st.tuples(
            SEATS,
            st.frozensets(st.sampled_from(["bsn", "contact", "gezondheid"])),
            st.frozensets(st.sampled_from(["politie-8", "fiscaal"])),
        ),
        max_size=12,
    )
)
def test_a_seat_holds_exactly_what_was_last_decided_for_it(
    decisions: list[tuple[str, frozenset[str], frozenset[str]]],
) -> None:
    history: list[Any] = []
    last: dict[str, frozenset[str]] = {}
    for seat, allowed, refused in decisions:
        voorstel = verstrekking.Voorstel(GEREGISTREERD.signaal_id, ZC, seat, "zorg-en-registratie", "zorg-opvang")
        answer = ja(*sorted(allowed), nee=tuple(sorted(refused)))
        history += verstrekking.verstrek(verstrekking.replay(history), voorstel, answer, ZC, NU)
        last[seat] = allowed
    state = verstrekking.replay(history)
    for seat, allowed in last.items():
        held = {category for given in state.van(seat) for category in given.categorieen}
        assert held == allowed


def test_every_event_of_the_contract_is_remembered_by_one_aggregate() -> None:
    unions = (
        signaal.SignaalEvent,
        casus.CasusEvent,
        toestemming.ToestemmingEvent,
        verstrekking.VerstrekkingEvent,
        betrokkene.BetrokkeneEvent,
        overleg.OverlegEvent,
        beleidsversie.BeleidEvent,
        brug.BrugEvent,
        verhoor.VerhoorEvent,
        resultaat.ResultaatEvent,
        noodtoegang.NoodtoegangEvent,
        terugkoppeling.TerugkoppelingEvent,
        terugroeping.TerugroepingEvent,
        correctietaak.CorrectietaakEvent,
        verzoek.VerzoekEvent,
        kennisgeving.KennisgevingEvent,
        bewaring.BewaringEvent,
        kopie.KopieEvent,
        toezicht.BehandelingEvent,
        toezicht.ToezichtEvent,
        datalek.DatalekEvent,
        toegangstoets.ToegangEvent,
        abonnement.AbonnementEvent,
        plicht.PlichtEvent,
        bedenktijd.BedenktijdEvent,
        navraag.NavraagEvent,
    )
    known = [*NEVER_READ_BACK, *(cls for union in unions for cls in classes(union))]
    assert sorted(cls.TYPE for cls in known) == sorted(EVENTS)
