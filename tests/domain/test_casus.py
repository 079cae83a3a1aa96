"""Decisions on a case."""

import pytest

from contracts.casus import (
    BeoordeelCriteria,
    BepaalDeelnemers,
    BevestigZorgGeinformeerd,
    CasusGeopend,
    DeelnemersBepaald,
    FaseGewijzigd,
    HandelingGeweigerd,
    InterventieGeweigerd,
    InterventieToegestaan,
    InterventieUitgevoerd,
    MeldInterventieUitgevoerd,
    OpenCasus,
    SluitCasus,
    StaInterventieToe,
    StelEmbargo,
    StelInterventieVoor,
    WijzigFase,
)
from contracts.inhoud import Criterium
from hub.domain.casus import Casus, CasusCommand, CasusEvent, decide, open_casus, replay
from hub.domain.oordeel import Onbekend, Strijdig
from tests.domain.world import AF, AVIM, C1, NU, OVJ, S2, ZC

OPEN = OpenCasus(
    casus_id=C1, spoor="riec", regio="amsterdam", doel="riec-handhaving-mensenhandel", vorm="arbeidsuitbuiting"
)
[GEOPEND] = open_casus(Casus(), OPEN, AVIM, NU)


def given(*events: CasusEvent) -> Casus:
    return replay([GEOPEND, *events])


def criteria(voldaan: bool) -> BeoordeelCriteria:
    return BeoordeelCriteria(casus_id=C1, criteria=tuple(Criterium(letter=c, voldaan=voldaan) for c in "abcde"))


def when(state: Casus, command: CasusCommand, zetel: str = AVIM) -> list[CasusEvent]:
    return decide(state, command, zetel, NU, toegelaten=frozenset({AVIM, AF, OVJ}))


def test_an_opener_takes_part() -> None:
    assert isinstance(GEOPEND, CasusGeopend)
    assert given().deelnemers == {AVIM}


def test_a_seat_outside_the_case_gets_the_answer_for_an_unknown_case() -> None:
    command = WijzigFase(casus_id=C1, fase=1)
    for state in (Casus(), given()):
        with pytest.raises(Onbekend):
            when(state, command, ZC)


def test_seats_that_the_policy_does_not_admit_are_named_but_do_not_take_part() -> None:
    [event] = when(given(), BepaalDeelnemers(casus_id=C1, deelnemers=(AF, ZC)))
    assert isinstance(event, DeelnemersBepaald)
    assert event.deelnemers == (AVIM, AF)
    assert event.niet_toegelaten == (ZC,)


@pytest.mark.parametrize("voldaan", [None, False])
def test_no_phase_opens_before_all_criteria_are_recorded_as_met(voldaan: bool | None) -> None:
    state = given() if voldaan is None else given(*when(given(), criteria(voldaan)))
    [event] = when(state, WijzigFase(casus_id=C1, fase=1))
    assert isinstance(event, HandelingGeweigerd)


def test_a_phase_opens_once_the_criteria_are_met() -> None:
    [event] = when(given(*when(given(), criteria(True))), WijzigFase(casus_id=C1, fase=2))
    assert isinstance(event, FaseGewijzigd)


def test_a_scan_has_no_phase_three() -> None:
    [opened] = open_casus(Casus(), OPEN.model_copy(update={"activiteit": "scan"}), AVIM, NU)
    state = replay([opened])
    state = replay([opened, *when(state, criteria(True))])
    [event] = when(state, WijzigFase(casus_id=C1, fase=3))
    assert isinstance(event, HandelingGeweigerd)


def test_only_the_officer_of_justice_sets_an_embargo() -> None:
    command = StelEmbargo(casus_id=C1, motivering="onderzoek", herbezie_op=NU.date())
    [event] = when(given(), command)
    assert isinstance(event, HandelingGeweigerd)
    state = given(*when(given(), BepaalDeelnemers(casus_id=C1, deelnemers=(OVJ,))))
    [event] = when(state, command, OVJ)
    assert given(event).embargo


def test_an_intrusive_action_waits_until_care_has_confirmed() -> None:
    proposed = when(given(), StelInterventieVoor(casus_id=C1, interventie_id=S2, uitvoerder=AVIM, beschrijving="inval"))
    allow = StaInterventieToe(casus_id=C1, interventie_id=S2)
    [refused] = when(given(*proposed), allow)
    assert isinstance(refused, InterventieGeweigerd)
    [early] = when(given(*proposed), MeldInterventieUitgevoerd(casus_id=C1, interventie_id=S2))
    assert isinstance(early, InterventieGeweigerd)
    confirm = BevestigZorgGeinformeerd(casus_id=C1, interventie_id=S2)
    [by_police] = when(given(*proposed), confirm)
    assert isinstance(by_police, InterventieGeweigerd)
    informed = decide(given(*proposed), confirm, AVIM, NU, zorg=True)
    [allowed] = when(given(*proposed, *informed), allow)
    assert isinstance(allowed, InterventieToegestaan)
    done = MeldInterventieUitgevoerd(casus_id=C1, interventie_id=S2)
    [event] = when(given(*proposed, *informed, allowed), done)
    assert isinstance(event, InterventieUitgevoerd)


def test_a_closed_case_takes_nothing() -> None:
    closed = when(given(), SluitCasus(casus_id=C1, reden="onvoldoende-aanwijzingen"))
    with pytest.raises(Strijdig):
        when(given(*closed), WijzigFase(casus_id=C1, fase=0))
