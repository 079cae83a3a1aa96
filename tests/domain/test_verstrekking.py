"""Decisions on disclosures."""

import pytest

from contracts.verstrekking import BevestigOntvangst, SignaalVerstrekt, VerstrekkingGeweigerd, VerstrekkingVervallen
from hub.domain.oordeel import Onbekend
from hub.domain.verstrekking import Verstrekkingen, Voorstel, bevestig, replay, verstrek, vervallen
from tests.domain.world import AF, AVIM, NU, S1, ZC, ja

VOORSTEL = Voorstel(S1, ZC, AF, "zorg-en-registratie", "zorg-opvang")


def test_what_is_permitted_is_disclosed_and_what_is_refused_is_recorded_beside_it() -> None:
    given, refused = verstrek(Verstrekkingen(), VOORSTEL, ja("signaal-inhoud", nee=("gezondheid",)), ZC, NU)
    assert isinstance(given, SignaalVerstrekt)
    assert isinstance(refused, VerstrekkingGeweigerd)
    assert (given.ontvanger, given.categorieen, given.grondslagen) == (AF, ("signaal-inhoud",), ("WGS 1.7",))
    assert (refused.categorieen, refused.alternatief) == (("gezondheid",), "anonimiseer")


def test_deciding_again_to_the_same_end_records_nothing() -> None:
    answer = ja("signaal-inhoud", nee=("gezondheid",))
    state = replay(verstrek(Verstrekkingen(), VOORSTEL, answer, ZC, NU))
    assert verstrek(state, VOORSTEL, answer, ZC, NU) == []


def test_a_ground_that_lapses_ends_the_disclosure() -> None:
    state = replay(verstrek(Verstrekkingen(), VOORSTEL, ja("signaal-inhoud"), ZC, NU))
    events = verstrek(state, VOORSTEL, ja(nee=("signaal-inhoud",)), ZC, NU)
    assert [type(event) for event in events] == [VerstrekkingVervallen, VerstrekkingGeweigerd]
    assert not replay([*state.geldig.values(), *events]).houder(AF)


def test_only_the_recipient_acknowledges_and_only_once() -> None:
    state = replay(verstrek(Verstrekkingen(), VOORSTEL, ja("signaal-inhoud"), ZC, NU))
    command = BevestigOntvangst(verstrekking_id=VOORSTEL.verstrekking_id, signaal_id=S1)
    with pytest.raises(Onbekend):
        bevestig(state, command, AVIM, NU)
    [event] = bevestig(state, command, AF, NU)
    again = replay([*state.geldig.values(), event])
    assert bevestig(again, command, AF, NU) == []


def test_recall_names_every_holder() -> None:
    other = Voorstel(S1, ZC, AVIM, "bilateraal", "strafvordering")
    state = replay(
        [
            *verstrek(Verstrekkingen(), VOORSTEL, ja("signaal-inhoud"), ZC, NU),
            *verstrek(Verstrekkingen(), other, ja("signaal-inhoud"), ZC, NU),
        ]
    )
    ended = vervallen(list(state.geldig.values()), "signaal-ingetrokken", ZC, NU)
    assert {event.ontvanger for event in ended} == {AF, AVIM}


def test_who_lost_a_disclosure_acknowledges_the_recall() -> None:
    state = replay(verstrek(Verstrekkingen(), VOORSTEL, ja("signaal-inhoud"), ZC, NU))
    ended = replay([*state.geldig.values(), *vervallen(list(state.geldig.values()), "signaal-ingetrokken", ZC, NU)])
    command = BevestigOntvangst(verstrekking_id=VOORSTEL.verstrekking_id, signaal_id=S1)
    [event] = bevestig(ended, command, AF, NU)
    assert event.zetel == AF
    with pytest.raises(Onbekend):
        bevestig(ended, command, AVIM, NU)
