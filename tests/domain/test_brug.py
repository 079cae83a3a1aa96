"""Decisions on the bridge to care: four fields over, one confirmation back, and the gate that waits for it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.brug import (
    BevestigBrugbericht,
    BrugBevestigd,
    BrugGeslagen,
    Contactpersoon,
    StuurBrugbericht,
    Venster,
)
from contracts.casus import (
    HandelingGeweigerd,
    InterventieGeweigerd,
    InterventieToegestaan,
    StaInterventieToe,
    StelInterventieVoor,
)
from contracts.message import categories_in
from hub.domain import brug, casus
from hub.domain.brug import BRUGVELDEN, Brug
from hub.domain.casus import CasusEvent
from hub.domain.oordeel import Onbekend, Strijdig
from tests.domain.test_casus import GEOPEND
from tests.domain.world import AF, AVIM, C1, NU, P1, P2, S2, ZC, ja

PROPOSED = casus.decide(
    casus.replay([GEOPEND]),
    StelInterventieVoor(casus_id=C1, interventie_id=S2, uitvoerder=AVIM, beschrijving="inval bij verdachte"),
    AVIM,
    NU,
)
STUUR = StuurBrugbericht(
    casus_id=C1,
    interventie_id=S2,
    naar=ZC,
    venster=Venster(van=NU, tot=datetime(2026, 3, 3, tzinfo=UTC)),
    veiligheidsmaatregel_nodig=True,
    contactpersoon=Contactpersoon(functie="netwerkregisseur", telefoon="06-00001234"),
)
JA = ja(*sorted(BRUGVELDEN))


def case(*events: CasusEvent) -> casus.Casus:
    return casus.replay([GEOPEND, *PROPOSED, *events])


def sent(state: Brug, pseudoniem: Any = P1, command: StuurBrugbericht = STUUR) -> tuple[Brug, BrugGeslagen]:
    outcome = brug.stuur(state, command, pseudoniem, AVIM, NU, JA)
    assert isinstance(outcome, tuple)
    return brug.evolve(state, outcome[0]), outcome[1]


def confirmed(state: Brug, number: int, pseudoniem: Any = P1) -> BrugBevestigd:
    answer = brug.bevestig(state, BevestigBrugbericht(casus_pseudoniem=pseudoniem, volgnummer=number), ZC, NU)
    assert answer is not None
    return answer[1]


def allow(state: casus.Casus) -> type[CasusEvent]:
    [event] = casus.decide(state, StaInterventieToe(casus_id=C1, interventie_id=S2), AVIM, NU)
    return type(event)


def test_all_that_crosses_is_of_the_four_categories() -> None:
    outcome = brug.stuur(Brug(), STUUR, P1, AVIM, NU, JA)
    assert isinstance(outcome, tuple)
    assert set(categories_in(outcome[0])) == BRUGVELDEN
    assert not set(categories_in(outcome[1]))


@given(st.frozensets(st.sampled_from(sorted(BRUGVELDEN)), max_size=3), st.booleans())
def test_where_one_field_is_not_permitted_or_another_is_nothing_crosses(allowed: frozenset[str], wider: bool) -> None:
    categories = BRUGVELDEN | {"signaal-inhoud"} if wider else allowed
    outcome = brug.stuur(Brug(), STUUR, P1, AVIM, NU, ja(*sorted(categories), nee=("venster",)))
    assert isinstance(outcome, HandelingGeweigerd)
    assert outcome.casus_id == C1


@given(
    st.builds(
        dict,
        functie=st.one_of(st.text(max_size=60), st.from_regex("[A-Z][a-z]+ [A-Z][a-z]+", fullmatch=True)),
        telefoon=st.text(max_size=30),
    )
)
def test_no_field_of_the_message_takes_free_text(contact: dict[str, str]) -> None:
    try:
        read = Contactpersoon.model_validate(contact)
    except ValidationError:
        return
    assert set(read.functie) <= set("abcdefghijklmnopqrstuvwxyz-")
    assert set(read.telefoon) <= set("0123456789-")


def test_only_a_participant_sends_and_only_of_a_known_open_case_and_action() -> None:
    for state, seat in ((casus.Casus(), AVIM), (case(), ZC), (casus.replay([GEOPEND]), AVIM)):
        with pytest.raises(Onbekend):
            brug.hindernissen(state, STUUR, seat)
    with pytest.raises(Strijdig):
        brug.hindernissen(replace(case(), gesloten=True), STUUR, AVIM)


def test_a_participant_gets_no_bridge_message() -> None:
    assert brug.hindernissen(replace(case(), deelnemers=frozenset({AVIM, ZC})), STUUR, AVIM)
    assert not brug.hindernissen(case(), STUUR, AVIM)


def test_an_action_waits_until_every_warned_seat_has_confirmed_its_last_message() -> None:
    bridge, first = sent(Brug())
    assert allow(case(first)) is InterventieGeweigerd
    assert allow(case(first, confirmed(bridge, 1))) is InterventieToegestaan
    later, second = sent(bridge)
    assert allow(case(first, confirmed(bridge, 1), second)) is InterventieGeweigerd
    assert allow(case(first, second, confirmed(later, 1))) is InterventieGeweigerd
    assert allow(case(first, second, confirmed(later, 2))) is InterventieToegestaan
    other, elsewhere = sent(Brug(), P2, STUUR.model_copy(update={"naar": "veilig-thuis@gelderland"}))
    assert allow(case(first, elsewhere, confirmed(bridge, 1))) is InterventieGeweigerd
    assert other.naar == "veilig-thuis@gelderland"


def test_only_the_recipient_confirms_and_only_what_it_got() -> None:
    bridge, _ = sent(Brug())
    for state, number, seat in ((bridge, 1, AF), (bridge, 1, AVIM), (bridge, 2, ZC), (Brug(), 1, ZC)):
        with pytest.raises(Onbekend):
            brug.bevestig(state, BevestigBrugbericht(casus_pseudoniem=P1, volgnummer=number), seat, NU)


def test_a_repeated_confirmation_records_nothing() -> None:
    bridge, _ = sent(Brug())
    command = BevestigBrugbericht(casus_pseudoniem=P1, volgnummer=1)
    first = brug.bevestig(bridge, command, ZC, NU)
    assert first is not None
    assert brug.bevestig(brug.evolve(bridge, first[0]), command, ZC, NU) is None


@given(st.lists(st.tuples(st.sampled_from(["stuur", "bevestig"]), st.integers(1, 4)), max_size=20))
def test_any_history_of_a_bridge_loads(asks: list[tuple[str, int]]) -> None:
    history: list[brug.BrugEvent] = []
    for what, number in asks:
        state = brug.replay(history)
        if what == "stuur":
            outcome = brug.stuur(state, STUUR, P1, AVIM, NU, JA)
            assert isinstance(outcome, tuple)
            history.append(outcome[0])
        elif number in state.berichten:
            answer = brug.bevestig(state, BevestigBrugbericht(casus_pseudoniem=P1, volgnummer=number), ZC, NU)
            history += [answer[0]] if answer else []
    again = brug.replay([type(event).model_validate_json(event.model_dump_json()) for event in history])
    assert again == brug.replay(history)
