"""An embargo of the officer of justice: what rests on investigation closes for others, and opens again."""

from __future__ import annotations

from datetime import date

import pytest

from hub.api.reading import with_review
from tests.api.hub_world import HubWorld
from tests.api.riec import AVIM, BELASTING, COLLEGE, GEZEGD, GEZIEN, OVJ, Zaak, zaak

EMBARGO = {"motivering": "lopend onderzoek naar de baas", "herbezieOp": "2999-01-01"}


@pytest.fixture
def open_case(hub_app: HubWorld) -> Zaak:
    return zaak(hub_app, BELASTING, OVJ)


def test_investigation_data_close_for_others_and_open_again(open_case: Zaak) -> None:
    assert GEZEGD in open_case.text(BELASTING)
    open_case.does("embargos", EMBARGO, OVJ)
    assert GEZEGD not in open_case.text(BELASTING)
    assert GEZEGD not in open_case.text(COLLEGE)
    open_case.does("embargo-opheffingen", {}, OVJ)
    assert GEZEGD in open_case.text(BELASTING)
    assert GEZEGD in open_case.text(COLLEGE)


def test_own_data_and_what_the_officer_needs_stay(open_case: Zaak) -> None:
    open_case.does("embargos", EMBARGO, OVJ)
    assert GEZEGD in open_case.text(AVIM)
    assert GEZEGD in open_case.text(OVJ)
    assert GEZIEN in open_case.text(COLLEGE)


def test_who_loses_data_is_told_and_finds_the_disclosure_lapsed_or_narrowed(open_case: Zaak) -> None:
    since = open_case.world.hub.store.head()
    open_case.does("embargos", EMBARGO, OVJ)
    kinds = open_case.world.recorded(since)
    assert kinds[0] == "embargo-gesteld"
    assert {"verstrekking-vervallen", "verstrekking-geweigerd"} & set(kinds)


def test_an_embargo_is_overdue_after_its_date_of_review_and_stays_until_lifted(open_case: Zaak) -> None:
    today = open_case.world.services.clock().date().isoformat()
    open_case.does("embargos", {**EMBARGO, "herbezieOp": today}, OVJ)
    seen = open_case.read(BELASTING)
    assert (seen["embargo"], seen["embargoHerbezieOp"]) == (True, today)
    assert seen["embargoHerzieningVerstreken"] is False
    assert EMBARGO["motivering"] not in open_case.text(BELASTING)


def test_a_date_of_review_in_the_past_leaves_nothing_open(open_case: Zaak) -> None:
    open_case.does("embargos", {**EMBARGO, "herbezieOp": "2020-01-01"}, OVJ)
    seen = open_case.read(BELASTING)
    assert (seen["embargo"], seen["embargoHerzieningVerstreken"]) == (True, True)


@pytest.mark.parametrize("zetel", [COLLEGE, AVIM, BELASTING])
def test_only_the_officer_sets_or_lifts_it(open_case: Zaak, zetel: str) -> None:
    assert open_case.seat(zetel).post(f"/casussen/{open_case.id}/embargos", EMBARGO).status_code == 403
    open_case.does("embargos", EMBARGO, OVJ)
    assert open_case.seat(zetel).post(f"/casussen/{open_case.id}/embargo-opheffingen", {}).status_code == 403
    assert open_case.read(zetel)["embargo"] is True


@pytest.mark.parametrize(("due", "overdue"), [(None, False), ("2026-03-02", False), ("2026-03-01", True)])
def test_the_day_of_review_itself_is_in_time(due: str | None, overdue: bool) -> None:
    assert with_review({"embargo_herbezie_op": due}, date(2026, 3, 2))["embargo_herziening_verstreken"] is overdue
