"""Rights of access are reviewed each year, those over the platform each quarter; what is late is listed."""

from datetime import UTC, date, datetime

import pytest

from contracts.toegangstoets import ToetsToegang
from hub.domain.oordeel import Onbekend
from hub.domain.toegangstoets import maanden
from hub.handling.toegangstoetsen import Toegangsrecht, Toegangsrechten
from tests.handling.executing import AF, AVIM, NU, World

BEHEERDER, OFFICER = "beheerder@landelijk", "privacy-officer@landelijk"


def day(year: int, month: int, of: int) -> datetime:
    return datetime(year, month, of, 12, tzinfo=UTC)


def review(world: World, zetel: str, houder: str, besluit: str = "behouden", nu: datetime = NU) -> str:
    command = ToetsToegang(houder=houder, toegang=besluit, motivering="nog nodig voor de taak")
    (event,) = world.ask(zetel, command, nu=nu).events
    return type(event).__name__


def right(world: World, houder: str, nu: datetime) -> Toegangsrecht:
    found = Toegangsrechten(world.store).overzicht(world.questions, nu)
    return next(one for one in found if one.houder == houder)


def test_what_was_never_reviewed_must_be_now() -> None:
    assert right(World(), AVIM, NU).verlopen


@pytest.mark.parametrize(("houder", "last_day", "late"), [(AF, day(2027, 3, 2), day(2027, 3, 3))])
def test_a_right_holds_a_year(houder: str, last_day: datetime, late: datetime) -> None:
    world = World()
    assert review(world, BEHEERDER, houder) == "ToegangBehouden"
    assert not right(world, houder, last_day).verlopen
    assert right(world, houder, late).verlopen


def test_a_right_over_the_platform_holds_a_quarter() -> None:
    world = World()
    review(world, BEHEERDER, OFFICER)
    assert right(world, OFFICER, NU).bevoorrecht
    assert not right(world, OFFICER, day(2026, 6, 2)).verlopen
    assert right(world, OFFICER, day(2026, 6, 3)).verlopen


def test_a_participant_reviews_its_own_seat_and_no_other() -> None:
    world = World()
    assert review(world, AF, AF) == "ToegangBehouden"
    assert review(world, AF, AVIM) == "ToegangstoetsGeweigerd"
    assert right(world, AVIM, NU).verlopen


def test_the_operator_may_withdraw_and_then_nothing_is_late() -> None:
    world = World()
    assert review(world, BEHEERDER, AVIM, "ingetrokken") == "ToegangIngetrokken"
    found = right(world, AVIM, day(2030, 1, 1))
    assert found.ingetrokken
    assert not found.verlopen


def test_a_late_review_is_still_possible() -> None:
    world = World()
    review(world, BEHEERDER, AF)
    assert review(world, AF, AF, nu=day(2029, 1, 1)) == "ToegangBehouden"
    assert not right(world, AF, day(2029, 1, 2)).verlopen


def test_a_seat_that_does_not_exist_is_unknown() -> None:
    with pytest.raises(Onbekend):
        review(World(), BEHEERDER, "zc.opvang@nergens")


@pytest.mark.parametrize(
    ("van", "tot", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 31), date(2027, 1, 31), 12),
        (date(2026, 1, 31), date(2027, 2, 1), 13),
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2026, 3, 2), date(2026, 3, 3), 1),
    ],
)
def test_months_are_counted_as_begun(van: date, tot: date, months: int) -> None:
    assert maanden(van, tot) == months
