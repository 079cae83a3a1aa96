"""The monthly overview: a seat's own figures, none of them small, and none of another seat."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from hub.api.maandoverzichten import months_until
from tests.api.hub_world import HubWorld

EDE, ANDER = "gemeente.college-handhaving@ede", "gemeente.college-handhaving@utrecht"


def recorded(world: HubWorld, zetel: str) -> dict[str, Any]:
    """What a seat recorded this month."""
    answer = world.as_seat(zetel).get("/maandoverzichten", maanden=2)
    assert answer.status_code == 200, answer.text
    before, month = answer.json()["maanden"]
    assert (before["loopt"], month["loopt"]) == (False, True)
    (table,) = [one for one in month["tabellen"] if one["naam"] == "vastgelegd"]
    return dict(table)


def test_small_figures_are_left_out_and_larger_ones_shown(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(ANDER)
    for _ in range(3):
        seat.registers(hub_app.kenmerk(), regio="utrecht")
    assert recorded(hub_app, ANDER) == {"naam": "vastgelegd", "cellen": {"intern": None}, "totaal": None}
    for _ in range(8):
        seat.registers(hub_app.kenmerk(), regio="utrecht")
    assert recorded(hub_app, ANDER)["totaal"] == 11


def test_of_another_seat_it_holds_nothing_and_it_is_on_record(hub_app: HubWorld) -> None:
    before = recorded(hub_app, EDE)
    hub_app.as_seat(ANDER).registers(hub_app.kenmerk(), regio="utrecht")
    assert recorded(hub_app, EDE) == before
    record = orjson.loads(hub_app.last_look())
    assert (record["zetel"], record["vraag"]) == (EDE, "maandoverzichten")


def test_without_the_scope_it_is_refused(hub_app: HubWorld) -> None:
    assert hub_app.as_seat(EDE, "signalen.raadplegen").get("/maandoverzichten").status_code == 403


def test_months_run_over_the_turn_of_a_year() -> None:
    assert months_until(date(2026, 2, 3), 3) == ["2025-12", "2026-01", "2026-02"]
