"""Decisions on a signal: given what was recorded, when a seat asks, then these events or this refusal."""

import pytest

from contracts.inhoud import SignaalInhoud
from contracts.signaal import (
    DoorzetSignaal,
    HerclassificeerSignaal,
    KoppelSignaalTerug,
    RectificeerSignaal,
    SignaalDoorgezet,
    SignaalGeregistreerd,
    SignaalGeweigerd,
    SignaalIngetrokken,
    SignaalVerrijkt,
    TrekSignaalIn,
    VerrijkSignaal,
    WeerlegSignaal,
)
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.signaal import Signaal, decide, registreer, replay
from tests.domain.world import AF, AVIM, GEREGISTREERD, MELDING, NU, P1, REGISTREER, S1, S2, ZC, ja

ANDERS = SignaalInhoud(vormen=("onbekend",), zekerheid="onbekend", toelichting="was een vergissing")
INGETROKKEN = SignaalIngetrokken(signaal_id=S1, motivering="vergissing", zetel=ZC, tijdstip=NU)


def test_a_permitted_signal_is_registered_whole() -> None:
    [event] = registreer(Signaal(), REGISTREER, ZC, NU, ja("signaal-inhoud"))
    assert event == SignaalGeregistreerd(signaal_id=S1, melding=MELDING, zetel=ZC, tijdstip=NU)


def test_one_refused_category_refuses_the_whole_signal_and_keeps_nothing_of_it() -> None:
    [event] = registreer(Signaal(), REGISTREER, ZC, NU, ja("signaal-inhoud", nee=("gezondheid",)))
    assert isinstance(event, SignaalGeweigerd)
    assert event.categorieen == ("gezondheid",)
    assert event.alternatief == "anonimiseer"
    assert "Fictema" not in event.model_dump_json()


def test_a_signal_cannot_be_registered_twice() -> None:
    with pytest.raises(Strijdig):
        registreer(replay([GEREGISTREERD]), REGISTREER, ZC, NU, ja())


def test_who_holds_nothing_of_a_signal_cannot_tell_it_from_an_unknown_one() -> None:
    command = WeerlegSignaal(signaal_id=S1, motivering="klopt niet")
    for state in (Signaal(), replay([GEREGISTREERD])):
        with pytest.raises(Onbekend):
            decide(state, command, AVIM, NU, houder=False)


def test_passing_on_is_recorded_with_its_task() -> None:
    command = DoorzetSignaal(
        signaal_id=S1, naar=AF, spoor="zorg-en-registratie", doel="zorg-opvang", opdracht="bel mij"
    )
    [event] = decide(replay([GEREGISTREERD]), command, ZC, NU, houder=False)
    assert isinstance(event, SignaalDoorgezet)
    assert (event.naar, event.opdracht) == (AF, "bel mij")


def test_a_seat_cannot_pass_on_to_itself() -> None:
    command = DoorzetSignaal(signaal_id=S1, naar=ZC, spoor="zorg-en-registratie", doel="zorg-opvang")
    with pytest.raises(Strijdig):
        decide(replay([GEREGISTREERD]), command, ZC, NU, houder=False)


def test_a_holder_may_enrich_and_its_facts_stay_its_own() -> None:
    command = VerrijkSignaal(signaal_id=S1, verrijking_id=S2, herkomst="BRP", inhoud=ANDERS)
    [event] = decide(replay([GEREGISTREERD]), command, AF, NU, houder=True, oordeel=ja("signaal-inhoud"))
    assert isinstance(event, SignaalVerrijkt)
    state = replay([GEREGISTREERD, event])
    assert state.bijdragen[S2].zetel == AF
    with pytest.raises(Strijdig):
        decide(
            state,
            RectificeerSignaal(signaal_id=S1, verrijking_id=S2, inhoud=ANDERS, motivering="x"),
            ZC,
            NU,
            houder=False,
        )


def test_a_refused_enrichment_leaves_the_signal_as_it_was() -> None:
    command = VerrijkSignaal(signaal_id=S1, verrijking_id=S2, herkomst="BRP", inhoud=ANDERS)
    [event] = decide(replay([GEREGISTREERD]), command, AF, NU, houder=True, oordeel=ja(nee=("gezondheid",)))
    assert isinstance(event, SignaalGeweigerd)
    assert replay([GEREGISTREERD, event]) == replay([GEREGISTREERD])


def test_reclassification_changes_the_forms_only() -> None:
    command = HerclassificeerSignaal(signaal_id=S1, vormen=("arbeidsuitbuiting",), zekerheid="onbekend", motivering="m")
    [event] = decide(replay([GEREGISTREERD]), command, ZC, NU, houder=False)
    after = replay([GEREGISTREERD, event])
    assert after.vormen == ("arbeidsuitbuiting",)
    assert after.bijdragen == replay([GEREGISTREERD]).bijdragen


def test_only_the_provider_withdraws() -> None:
    with pytest.raises(Strijdig):
        decide(replay([GEREGISTREERD]), TrekSignaalIn(signaal_id=S1, motivering="m"), AF, NU, houder=True)


def test_nothing_can_be_done_with_a_withdrawn_signal() -> None:
    with pytest.raises(Strijdig, match="ingetrokken"):
        decide(
            replay([GEREGISTREERD, INGETROKKEN]), WeerlegSignaal(signaal_id=S1, motivering="m"), ZC, NU, houder=False
        )


def test_feedback_goes_only_to_who_brought_it_in_or_passed_it_on() -> None:
    state = replay([GEREGISTREERD])
    fine = KoppelSignaalTerug(signaal_id=S1, aan=ZC, status="ontvangstbevestiging", bericht="Dank.")
    assert decide(state, fine, AF, NU, houder=True)
    with pytest.raises(Strijdig):
        decide(state, fine.model_copy(update={"aan": AVIM}), AF, NU, houder=True)


def test_a_person_is_remembered_by_role_only() -> None:
    assert replay([GEREGISTREERD]).bijdragen[S1].personen[P1].rollen == {"vermoedelijk-slachtoffer"}
    assert "Fictema" not in repr(replay([GEREGISTREERD]))
