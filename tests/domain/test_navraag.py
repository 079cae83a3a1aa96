"""What a question between partnerships comes to: what may not be told answers like what is not there."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.casus import HandelingGeweigerd
from contracts.message import Acted
from contracts.navraag import DoeNavraag, NavraagBeantwoord, NavraagGedaan
from hub.domain import navraag
from hub.domain.navraag import Navragen, Vondst, Vrager
from hub.domain.oordeel import Oordeel, Strijdig
from tests.domain.world import ja

RIEC, ZVH = "riec.bureau@oost-nederland", "zvh.bureau@gelderland-midden"
WHO = Acted(RIEC, datetime(2026, 3, 2, tzinfo=UTC))
FROM = Vrager("riec", "riec-handhaving-mensenhandel", RIEC, RIEC)
COMMAND = DoeNavraag(
    navraag_id=UUID(int=1),
    casus_id=UUID(int=2),
    signaal_id=UUID(int=3),
    contactpunt=ZVH,
    noodzaak="dubbel-werk-voorkomen",
    mens_begon=True,
)
YES, NO = ja("hit"), ja(nee=("hit",))


def found(number: int, oordeel: Oordeel) -> Vondst:
    return Vondst(UUID(int=number), UUID(int=3), "politie.avim@oost-nederland", oordeel)


def asked(*vondsten: Vondst) -> tuple[NavraagGedaan, NavraagBeantwoord]:
    outcome = navraag.vraag(Navragen(), COMMAND, WHO, FROM, YES, vondsten)
    assert not isinstance(outcome, HandelingGeweigerd)
    return outcome


@given(st.lists(st.booleans(), max_size=5))
def test_yes_where_one_may_be_told_and_else_the_same_no_as_for_nothing(allowed: list[bool]) -> None:
    learned, told = asked(*(found(number, YES if one else NO) for number, one in enumerate(allowed, 10)))
    assert learned == (asked(found(10, YES)) if any(allowed) else asked())[0]
    assert [one.gegeven for one in told.vindplaatsen] == allowed
    assert all(bool(one.redenen) != one.gegeven for one in told.vindplaatsen)
    assert (told.zetel, told.treffer) == (ZVH, any(allowed))


def test_what_could_not_be_asked_is_a_refusal_with_its_reasons() -> None:
    refused = navraag.vraag(Navragen(), COMMAND, WHO, FROM, NO, [])
    assert isinstance(refused, HandelingGeweigerd)
    assert refused.redenen == NO.redenen


def test_a_number_is_used_once() -> None:
    once = navraag.replay(asked()[1:])
    with pytest.raises(Strijdig):
        navraag.vraag(once, COMMAND, WHO, FROM, YES, [])


def test_the_questions_of_a_day_are_counted_by_number() -> None:
    learned, _ = asked()
    other = learned.model_copy(update={"navraag_id": UUID(int=9)})
    assert len(navraag.replay([learned, other]).gedaan) == 2


def test_every_seat_and_day_has_a_stream_of_its_own() -> None:
    day = date(2026, 3, 2)
    streams = {navraag.navragen_of(seat, at) for seat in (RIEC, ZVH) for at in (day, day.replace(day=3))}
    assert len(streams) == 4
    assert navraag.navraag_of(UUID(int=1)) != navraag.navraag_of(UUID(int=2))


def test_another_contact_point_is_told_nothing_of_who_asks_but_the_partnership() -> None:
    outcome = navraag.vraag(Navragen(), COMMAND, WHO, replace(FROM, contactpunt=None), YES, [])
    assert not isinstance(outcome, HandelingGeweigerd)
    assert RIEC not in outcome[1].model_dump_json()
