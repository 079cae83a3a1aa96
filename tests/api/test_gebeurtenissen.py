"""The feed of notices at its door: what changed for a seat, on record before it leaves, and nothing that may not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.hub_world import FailingAccessLog, HubWorld, Seat, doorzetting

COLLEGE, ZC, JEUGDZORG, ZORG = "gemeente.college-handhaving@ede", "zc.opvang@ede", "jeugdzorg@ede", "zorg-opvang"
VOUCHED = {"besluit_vastgelegd": True, "belang_slachtoffer": True}


def sync(seat: Seat, na: int, **query: Any) -> dict[str, Any]:
    """One page after a cursor."""
    answer = seat.get("/gebeurtenissen", na=na, **query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def cursor(world: HubWorld, seat: Seat) -> int:
    """Where a seat stands that has read everything."""
    world.settle()
    at = 0
    while (page := sync(seat, at, aantal=200))["volgende"] > at:
        at = page["volgende"]
    return at


def told(world: HubWorld, seat: Seat, na: int) -> list[tuple[str, str, str]]:
    """What a seat was told after a cursor: resource, what happened, subject."""
    world.settle()
    found = sync(seat, na)["gebeurtenissen"]
    return [(one["data"]["resource"], one["data"]["actie"], one["subject"]) for one in found]


def test_a_seat_is_told_of_what_it_brought_in_and_fetches_it(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(COLLEGE)
    at = cursor(hub_app, seat)
    signaal = seat.registers(hub_app.kenmerk())
    hub_app.settle()
    (one,) = sync(seat, at)["gebeurtenissen"]
    assert one["data"]["kenmerken"] == {"spoor": "intern", "regio": "ede"}
    assert one["sequence"] == f"{1:020d}"
    path = one["data"]["resourceUrl"].partition("/v1")[2]
    assert path == f"/signalen/{signaal}"
    assert seat.get(path, doel="interne-controle").status_code == 200


def test_who_may_not_see_it_is_told_nothing(hub_app: HubWorld) -> None:
    other = hub_app.as_seat(JEUGDZORG)
    at = cursor(hub_app, other)
    hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
    assert told(hub_app, other, at) == []


def test_a_receiver_is_told_of_what_it_got_and_that_it_was_withdrawn(hub_app: HubWorld) -> None:
    seat, receiver = hub_app.as_seat(COLLEGE), hub_app.as_seat(ZC)
    at = cursor(hub_app, receiver)
    signaal = seat.registers(hub_app.kenmerk())
    seat.act(f"/signalen/{signaal}/doorzettingen", doorzetting(ZC, ZORG, omstandigheden=VOUCHED))
    assert ("signaal", "create", f"signaal:{signaal}") in told(hub_app, receiver, at)
    seat.act(f"/signalen/{signaal}/intrekkingen", {"motivering": "vergissing"})
    news = told(hub_app, receiver, at)
    assert ("terugroeping", "create", f"signaal:{signaal}") in news
    assert ("signaal", "destroy", f"signaal:{signaal}") in news
    assert ("signaal", "create", f"signaal:{signaal}") not in news  # it may not be told any more


def test_a_page_is_on_record_before_it_leaves_and_names_what_left(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(COLLEGE)
    at = cursor(hub_app, seat)
    signaal = seat.registers(hub_app.kenmerk())
    hub_app.settle()
    sync(seat, at)
    record = orjson.loads(hub_app.last_look())
    assert (record["vraag"], record["resultaat"]) == ("gebeurtenissen", "toegestaan")
    assert record["objecten"] == [f"signaal:{signaal}"]
    assert (record["velden"], record["betrokkenen"]) == ([], [])


def test_a_sync_with_nothing_new_is_on_record_too(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(COLLEGE)
    at, looks = cursor(hub_app, seat), hub_app.looks()
    assert sync(seat, at) == {"gebeurtenissen": [], "volgende": at}
    assert hub_app.looks() == looks + 1
    assert orjson.loads(hub_app.last_look())["resultaat"] == "leeg"


def test_without_a_record_nothing_leaves(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(COLLEGE)
    signaal = seat.registers(hub_app.kenmerk())
    hub_app.settle()
    with hub_app.with_access_log(FailingAccessLog()) as broken:
        for path in ("/gebeurtenissen", "/gebeurtenissen/stroom"):
            answer = hub_app.as_seat(COLLEGE, http=broken).get(path)
            assert answer.status_code == 503
            assert str(signaal) not in answer.text


@settings(max_examples=10, deadline=None)
@given(sizes=st.lists(st.integers(1, 7), min_size=1, max_size=30))
def test_pages_of_any_size_make_the_whole(hub_app: HubWorld, sizes: list[int]) -> None:
    seat = hub_app.as_seat(COLLEGE)
    if cursor(hub_app, seat) < 20:
        for _ in range(20):
            seat.registers(hub_app.kenmerk())
    hub_app.settle()
    whole = [one["id"] for one in sync(seat, 0, aantal=60)["gebeurtenissen"]]
    at, pieces = 0, list[str]()
    for size in sizes:
        page = sync(seat, at, aantal=size)
        pieces += [one["id"] for one in page["gebeurtenissen"]]
        at = page["volgende"]
    assert pieces[:60] == whole[: len(pieces)]


@pytest.mark.parametrize("path", ["/gebeurtenissen", "/gebeurtenissen/stroom"])
def test_a_subscription_of_nobody_or_of_another_is_not_found(hub_app: HubWorld, path: str) -> None:
    answer = hub_app.as_seat(COLLEGE).get(path, abonnementId=str(uuid4()))
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/gebeurtenissen", "/gebeurtenissen/stroom"])
def test_a_cursor_whose_notices_were_pruned_is_gone_and_the_oldest_is_not(hub_app: HubWorld, path: str) -> None:
    seat = hub_app.as_seat(COLLEGE)
    for _ in range(3):
        seat.registers(hub_app.kenmerk())
    at = cursor(hub_app, seat)
    _prune(hub_app, COLLEGE, at - 1)
    assert seat.get(path, na=1).status_code == 410
    assert seat.get(path, na=0).status_code == 200
    assert seat.get(path, na=at - 1).status_code == 200


def _prune(world: HubWorld, zetel: str, tot: int) -> None:
    with psycopg.connect(world.hub.database.dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', false)")
        connection.execute("delete from gebeurtenis where zetel = %s and nummer <= %s", (zetel, tot))
        connection.execute("update gebeurtenis_zetel set gesnoeid = %s where zetel = %s", (tot, zetel))


def test_moments_and_numbers_are_those_of_the_fact(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(COLLEGE)
    at, before = cursor(hub_app, seat), datetime.now(UTC)
    seat.registers(hub_app.kenmerk())
    hub_app.settle()
    (one,) = sync(seat, at)["gebeurtenissen"]
    assert before <= datetime.fromisoformat(one["time"]) <= datetime.now(UTC)
    assert UUID(one["id"]).version == 5


def test_the_newest_page_is_found_without_reading_all_that_came_before(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat("gemeente.college-handhaving@ede")
    signaal = seat.registers(hub_app.kenmerk())
    hub_app.settle()
    page = seat.get("/gebeurtenissen", nieuwste="true", aantal=1).json()
    assert str(signaal) in page["gebeurtenissen"][-1]["dataref"]
    assert seat.get("/gebeurtenissen", na=page["volgende"]).json()["gebeurtenissen"] == []
