"""Decisions on results: the whole lineage, the consent of every provider, and who holds what."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.resultaat import (
    MaakResultaat,
    Onderdeel,
    ResultaatGeweigerd,
    ResultaatVerstrekt,
    ResultaatVervallen,
    StemInMetVerstrekking,
    TrekInstemmingIn,
)
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.resultaat import (
    DERDE,
    NERGENS,
    Herkomst,
    Resultaat,
    ResultaatEvent,
    Voorstel,
    evolve,
    herkomst,
    maak,
    replay,
    stem,
    verstrek,
)
from tests.domain.world import AF, AVIM, C1, NU, OVJ, S1, S2, ZC, ja

R1 = UUID(int=90)
NAAR = "woningcorporatie@ede"
SEATS = (AVIM, AF, OVJ, ZC, "belastingdienst@oost", "fiod@landelijk")
COMMAND = MaakResultaat(
    casus_id=C1,
    resultaat_id=R1,
    signalen=(S1,),
    onderdelen=(Onderdeel(categorie="interventieadvies", tekst="sluit het pand"),),
)


def made(*seats: str, command: MaakResultaat = COMMAND) -> Resultaat:
    lineage = Herkomst(frozenset(seats), frozenset({S1}), 1)
    return evolve(Resultaat(), maak(Resultaat(), command, lineage, "riec", AF, NU))


def consents(state: Resultaat, *seats: str) -> Resultaat:
    for seat in seats:
        for event in stem(state, StemInMetVerstrekking(resultaat_id=R1, aan=NAAR), seat, NU):
            state = evolve(state, event)
    return state


@given(
    st.lists(
        st.tuples(
            st.sampled_from(SEATS),
            st.dictionaries(st.integers(100, 130), st.frozensets(st.sampled_from(SEATS), min_size=1), max_size=3),
            st.frozensets(st.integers(0, 7), max_size=4),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_the_lineage_holds_every_ancestor_over_all_steps(
    steps: list[tuple[str, dict[int, frozenset[str]], frozenset[int]]],
) -> None:
    made_before: list[Resultaat] = []
    ancestors: list[tuple[set[str], set[UUID], int]] = []
    for maker, signals, parents in steps:
        chosen = [number for number in parents if number < len(made_before)]
        contributions = {UUID(int=key): seats for key, seats in signals.items()}
        found = herkomst({maker}, contributions, [made_before[number] for number in chosen])
        seats = {maker} | {seat for providers in signals.values() for seat in providers}
        keys, depth = set(contributions), 0
        for number in chosen:
            seats |= ancestors[number][0]
            keys |= ancestors[number][1]
            depth = max(depth, ancestors[number][2])
        assert (found.zetels, found.signalen, found.stappen) == (seats, keys, depth + 1)
        ancestors.append((seats, keys, depth + 1))
        made_before.append(Resultaat(maker, C1, found))


def test_a_result_rests_on_a_contribution_and_names_no_source_outside_its_lineage() -> None:
    with pytest.raises(Strijdig, match="bijdrage"):
        maak(Resultaat(), COMMAND, NERGENS, "riec", AF, NU)
    alien = COMMAND.model_copy(
        update={"onderdelen": (Onderdeel(categorie="fiscaal", bron="belastingdienst@oost", tekst="aanslag"),)}
    )
    with pytest.raises(Strijdig, match="bron"):
        made(AVIM, command=alien)
    with pytest.raises(Strijdig, match="bestaat al"):
        maak(made(AVIM), COMMAND, Herkomst(frozenset({AVIM}), frozenset({S2}), 1), "riec", AF, NU)


@given(st.frozensets(st.sampled_from(SEATS), min_size=1), st.frozensets(st.sampled_from(SEATS)), st.sampled_from(SEATS))
def test_consent_is_whole_only_when_every_provider_gave_it(
    lineage: frozenset[str], asked: frozenset[str], sender: str
) -> None:
    state = consents(made(*lineage), *sorted(lineage & asked))
    found = state.instemming(NAAR, sender)
    assert (found == "alle") == (lineage <= asked | {sender})
    assert state.instemming("horeca@ede", sender) == ("alle" if lineage == {sender} else "geen")


def test_only_a_provider_consents_and_takes_it_back_once() -> None:
    with pytest.raises(Onbekend):
        consents(made(AVIM), ZC)
    state = consents(made(AVIM), AVIM)
    withdraw = TrekInstemmingIn(resultaat_id=R1, aan=NAAR)
    [event] = stem(state, withdraw, AVIM, NU)
    assert evolve(state, event).instemming(NAAR, AF) == "geen"
    assert stem(evolve(state, event), withdraw, AVIM, NU) == []


def test_what_a_seat_holds_is_what_was_last_decided() -> None:
    proposal = Voorstel(R1, NAAR, DERDE, AF, "openbare-orde")
    state = made(AVIM)
    [given_to] = verstrek(state, proposal, ja("interventieadvies", bron=AF), AF, NU)
    assert isinstance(given_to, ResultaatVerstrekt)
    state = evolve(state, given_to)
    assert state.houdt(NAAR) == {AF: frozenset({"interventieadvies"})}
    assert verstrek(state, proposal, ja("interventieadvies", bron=AF), AVIM, NU) == []
    ended, refused = verstrek(state, proposal, ja(nee=("interventieadvies",)), AVIM, NU)
    assert isinstance(ended, ResultaatVervallen)
    assert isinstance(refused, ResultaatGeweigerd)
    after = evolve(evolve(state, ended), refused)
    assert after.houdt(NAAR) == {}
    assert verstrek(after, proposal, ja(nee=("interventieadvies",)), AVIM, NU) == []
    assert len(verstrek(after, proposal, ja(nee=("interventieadvies",)), AVIM, NU, gevraagd=True)) == 1


def test_any_history_of_a_result_loads() -> None:
    proposal = Voorstel(R1, NAAR, DERDE, AF, "openbare-orde", {"rac_besluit": "RAC-2026-1"})
    events: list[ResultaatEvent] = [
        maak(Resultaat(), COMMAND, Herkomst(frozenset({AVIM}), frozenset({S1}), 1), "riec", AF, NU)
    ]
    events += stem(replay(events), StemInMetVerstrekking(resultaat_id=R1, aan=NAAR), AVIM, NU)
    events += verstrek(replay(events), proposal, ja("interventieadvies", bron=AF, nee=("bsn",)), AF, NU)
    events += verstrek(replay(events), proposal, ja(nee=("interventieadvies",)), AVIM, NU)
    again = [type(event).model_validate_json(event.model_dump_json()) for event in events]
    assert replay(again) == replay(events)
