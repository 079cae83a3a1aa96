"""The monthly overview: a seat's own figures, none of them small, and none of another seat."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from hub.api.maandoverzichten import months_until
from hub.handling.vormcijfers import MEESTE
from tests.api.hub_world import HubWorld, inhoud

EDE, ANDER = "gemeente.college-handhaving@ede", "gemeente.college-handhaving@utrecht"
#: Seats in whose name no other test of the shared hub records anything.
ALLEEN, OOK_ALLEEN = "gemeente.college-handhaving@enschede", "gemeente.college-handhaving@leeuwarden"
VEEL = "gemeente.college-handhaving@alkmaar"


def recorded(world: HubWorld, zetel: str) -> dict[str, Any]:
    """What a seat recorded this month."""
    answer = world.as_seat(zetel).get("/maandoverzichten", maanden=2)
    assert answer.status_code == 200, answer.text
    before, month = answer.json()["maanden"]
    assert (before["loopt"], month["loopt"]) == (False, True)
    (table,) = [one for one in month["tabellen"] if one["naam"] == "vastgelegd"]
    return dict(table)


def test_small_figures_are_left_out_and_larger_ones_shown(hub_app: HubWorld) -> None:
    record(hub_app, ALLEEN, 3)
    assert recorded(hub_app, ALLEEN) == {"naam": "vastgelegd", "cellen": {"intern": None}, "totaal": None}
    record(hub_app, ALLEEN, 8)
    assert recorded(hub_app, ALLEEN)["totaal"] == 11


def record(world: HubWorld, zetel: str, times: int, *vormen: str) -> None:
    """A seat records so many signals of its own region, of these forms."""
    seat, regio = world.as_seat(zetel), world.hub.beleid.instanties[zetel].regio
    said = {"inhoud": {**inhoud(), "vormen": list(vormen)}} if vormen else {}
    for _ in range(times):
        seat.registers(world.kenmerk(), regio=regio, **said)


def in_view(world: HubWorld, zetel: str) -> dict[str, Any]:
    """What came into view this month by form."""
    world.settle()
    month = world.as_seat(zetel).get("/maandoverzichten", maanden=2).json()["maanden"][-1]
    return dict(month["vormen"])


def test_by_form_each_signal_counts_once_and_a_second_figure_hides_a_small_one(hub_app: HubWorld) -> None:
    record(hub_app, OOK_ALLEEN, 12, "arbeidsuitbuiting")
    record(hub_app, OOK_ALLEEN, 11, "gedwongen-webcamseks")
    record(hub_app, OOK_ALLEEN, 2, "arbeidsuitbuiting", "seksuele-uitbuiting")
    seen = in_view(hub_app, OOK_ALLEEN)
    assert seen["cellen"] == {"arbeidsuitbuiting": 12, "meer-vormen": None, "seksuele-uitbuiting": None}
    assert seen["totaal"] == 25
    look = orjson.loads(hub_app.last_look())
    assert look["velden"] == ["signaal-label"]


def test_of_a_seat_with_too_many_signals_none_are_opened_to_count_them_by_form(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(VEEL)
    for part in range(2):
        keys = [f"veel-{part}-{number}" for number in range(MEESTE // 2 + 1)]
        said = [seat.signaal(key, regio=hub_app.hub.beleid.instanties[VEEL].regio) for key in keys]
        taken = seat.results(*(seat.event(key, "registreer-signaal", one) for key, one in zip(keys, said, strict=True)))
        assert {one["status"] for one in taken} == {"aanvaard"}
    hub_app.settle()
    answer = hub_app.as_seat(VEEL).get("/maandoverzichten").json()
    assert answer["maanden"][-1].get("vormen") is None
    assert orjson.loads(hub_app.last_look())["velden"] == []


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
