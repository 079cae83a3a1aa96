"""What each seat sees of a duty: only who owes it sees what it is about."""

from __future__ import annotations

from contracts.plicht import PlichtGeescaleerd, PlichtHerinnerd, PlichtTeLaat, PlichtVervuld
from hub.views.read import Views
from tests.views.plicht import TOEZICHT, begonnen, over
from tests.views.test_casus_views import Happened, happened
from tests.views.verhaal import GEMEENTE, OM, POLITIE, id_of, wie

__all__ = ["happened"]
S, HUB = id_of("s"), "systeem@landelijk"


def test_who_owes_it_sees_it_and_the_officer_without_subject(views: Views, happened: Happened) -> None:
    happened(begonnen("s", POLITIE))
    (own,) = views.plichten(POLITIE).items
    assert (own["rol"], own["onderwerp_id"], own["status"]) == ("plichthouder", str(S), "open")
    assert views.plichten(GEMEENTE).items == []
    assert views.plichten(TOEZICHT[0]).items == []
    (seen,) = views.plichten(TOEZICHT[0], toezicht=True).items
    assert (seen["rol"], seen["plichthouder"]) == ("toezicht", POLITIE)
    assert str(S) not in str(seen)


def test_who_it_is_escalated_to_sees_that_it_is_late_and_not_of_what(views: Views, happened: Happened) -> None:
    late = PlichtTeLaat(**over("s", POLITIE), **wie(HUB, 5))
    told = PlichtGeescaleerd(**over("s", POLITIE), nummer=1, aan=(OM,), **wie(HUB, 6))
    happened(begonnen("s", POLITIE), late, told)
    (seen,) = views.plichten(OM, status="te-laat").items
    assert (seen["rol"], seen["plichthouder"]) == ("escalatie", POLITIE)
    assert str(S) not in str(seen)


def test_a_bridge_is_not_named_by_the_number_under_which_the_hub_keeps_it(views: Views, happened: Happened) -> None:
    happened(begonnen("s", POLITIE, soort="brug"))
    assert str(S) not in str(views.plichten(POLITIE).items)


def test_its_course_shows_and_it_may_begin_again(views: Views, happened: Happened) -> None:
    course = [
        begonnen("s", POLITIE),
        PlichtHerinnerd(**over("s", POLITIE), nummer=1, **wie(HUB, 5)),
        PlichtVervuld(**over("s", POLITIE), **wie(HUB, 6)),
    ]
    happened(*course)
    (done,) = views.plichten(POLITIE, status="vervuld").items
    assert done["herinnerd_op"] < done["afgedaan_op"]
    happened(*course, begonnen("s", POLITIE, 7))
    (again,) = views.plichten(POLITIE).items
    assert (again["status"], again["herinnerd_op"], again["afgedaan_op"]) == ("open", None, None)
