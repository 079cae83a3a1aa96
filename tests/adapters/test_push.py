"""Pushing: batches, replays, outages, resuming, quarantine and repair."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.delivery import Delivery
from adapters.identity import FixedToken
from adapters.journal import Quarantine
from adapters.known import find_adapter
from adapters.push import HUB_ONBEREIKBAAR, IETS_GEWEIGERD, MAX_BATCH, Telling, push, quarantine_of, resubmit
from contracts.cloudevents import CloudEvent
from tests.adapters.fake_hub import GOOD_TOKEN, FakeHub
from tests.adapters.reading import NOW, example

SEAT = "politie.basisteam@ede"


def nothing(seconds: float) -> None:
    """The clock of the tests does not wait."""


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


@pytest.fixture
def run(hub: FakeHub, tmp_path: Path) -> Callable[..., Telling]:
    def go(*files: Path, adapter: str = "politie", token: str = GOOD_TOKEN, opnieuw: bool = False) -> Telling:
        delivery = Delivery(hub.client(), FixedToken(token), nothing, attempts=3)
        reader = find_adapter(adapter)
        return push(reader, files, delivery, zetel=SEAT, data=tmp_path, now=lambda: NOW, opnieuw=opnieuw)

    return go


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A file of 450 good records and one bad one in the middle."""
    record = json.loads(example("politie", "mutaties.jsonl").read_text().splitlines()[4])
    lines = [json.dumps({**record, "mutatienummer": f"PL-{number}"}) for number in range(450)]
    path = tmp_path / "veel.jsonl"
    path.write_text("\n".join([*lines[:300], "{kapot", *lines[300:]]))
    return path


def test_good_rows_go_on_and_bad_ones_stay_whole_with_all_reasons(
    run: Callable[..., Telling], hub: FakeHub, tmp_path: Path
) -> None:
    path = example("politie", "mutaties.jsonl")
    telling = run(path)
    assert (telling.aangeboden, telling.aanvaard, telling.in_quarantaine) == (8, 6, 2)
    assert telling.exit_code == IETS_GEWEIGERD
    kept = tmp_path / "quarantaine" / "politie-mutaties.jsonl.jsonl"
    entries = [json.loads(line) for line in kept.read_text().splitlines()]
    originals = [json.loads(line) for line in path.read_text().splitlines()]
    assert [entry["record"] for entry in entries] == originals[6:]
    assert [len(entry["redenen"]) for entry in entries] == [5, 4]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(hub.stored) == 6


def test_batches_hold_at_most_two_hundred(run: Callable[..., Telling], hub: FakeHub, many: Path) -> None:
    telling = run(many)
    assert (telling.aanvaard, telling.in_quarantaine) == (450, 1)
    assert max(hub.sizes) <= MAX_BATCH
    assert sum(hub.sizes) == 450


def test_a_second_run_has_nothing_to_do_and_a_forced_one_is_a_replay(
    run: Callable[..., Telling], hub: FakeHub, many: Path, tmp_path: Path
) -> None:
    run(many)
    again = run(many)
    assert (again.aangeboden, again.overgeslagen, again.exit_code) == (0, 451, 0)
    forced = run(many, opnieuw=True)
    assert (forced.herhaald, forced.aanvaard) == (450, 0)
    assert len(hub.stored) == 450
    assert len(list(Quarantine(tmp_path / "quarantaine" / "politie-veel.jsonl.jsonl").entries())) == 1


@pytest.mark.parametrize("fault", ["vol", "weg", "na"])
def test_a_short_outage_is_waited_out(run: Callable[..., Telling], hub: FakeHub, many: Path, fault: str) -> None:
    hub.outages = ["", fault, fault]
    telling = run(many)
    assert telling.afgebroken is None
    assert telling.aanvaard + telling.herhaald == 450
    assert len(hub.stored) == 450


@pytest.mark.parametrize("fault", ["vol", "weg", "na"])
def test_a_broken_run_goes_on_where_it_was(
    run: Callable[..., Telling], hub: FakeHub, many: Path, tmp_path: Path, fault: str
) -> None:
    hub.outages = ["", fault, fault, fault]
    broken = run(many)
    assert broken.exit_code == HUB_ONBEREIKBAAR
    assert broken.aanvaard == MAX_BATCH
    resumed = run(many)
    assert resumed.overgeslagen == MAX_BATCH
    assert resumed.aanvaard + resumed.herhaald == 250
    # Where only the answer was lost, the hub knows what was sent and applies nothing twice.
    assert bool(resumed.herhaald) == (fault == "na")
    assert len(hub.stored) == 450
    assert len(list(Quarantine(tmp_path / "quarantaine" / "politie-veel.jsonl.jsonl").entries())) == 1


def test_a_refused_row_is_kept_with_the_reason_of_the_hub(
    run: Callable[..., Telling], hub: FakeHub, tmp_path: Path
) -> None:
    hub.refuse = lambda event: event.data.get("melding", {}).get("kenmerk") == "AV-ON-26-0007"
    telling = run(example("politie", "mutaties.jsonl"))
    assert (telling.aanvaard, telling.geweigerd) == (5, 1)
    kept = Quarantine(tmp_path / "quarantaine" / "politie-mutaties.jsonl.jsonl")
    refused = [entry for _, entry in kept.entries() if entry["status"] == "geweigerd"]
    assert [entry["redenen"] for entry in refused] == [[{"veld": "", "melding": "Deze zetel mag dit niet."}]]


def test_a_changed_record_under_the_same_number_is_a_conflict(run: Callable[..., Telling], tmp_path: Path) -> None:
    lines = example("politie", "mutaties.jsonl").read_text().splitlines()
    run(example("politie", "mutaties.jsonl"))
    changed = tmp_path / "anders.jsonl"
    changed.write_text(json.dumps({**json.loads(lines[0]), "toelichting": "Anders."}))
    assert run(changed).conflict == 1


def test_a_repaired_row_is_accepted_and_leaves_the_file(
    run: Callable[..., Telling], hub: FakeHub, tmp_path: Path
) -> None:
    path = example("politie", "mutaties.jsonl")
    run(path)
    reader = find_adapter("politie")
    kept = quarantine_of(reader, path, tmp_path)
    good = json.loads(path.read_text().splitlines()[4])
    entries = [entry for _, entry in kept.entries()]
    kept.replace([{**entries[0], "record": {**good, "mutatienummer": "PL-hersteld"}}, entries[1]])
    delivery = Delivery(hub.client(), FixedToken(GOOD_TOKEN), nothing)
    telling = resubmit(reader, Quarantine(kept.path), delivery, zetel=SEAT, now=lambda: NOW)
    assert (telling.aanvaard, telling.in_quarantaine) == (1, 1)
    assert [entry["regel"] for _, entry in Quarantine(kept.path).entries()] == [8]


def test_an_outage_during_repair_loses_no_row(run: Callable[..., Telling], hub: FakeHub, tmp_path: Path) -> None:
    hub.refuse = lambda event: True
    path = example("politie", "mutaties.jsonl")
    run(path)
    kept = quarantine_of(find_adapter("politie"), path, tmp_path)
    hub.outages = ["weg"] * 9
    delivery = Delivery(hub.client(), FixedToken(GOOD_TOKEN), nothing, attempts=2)
    telling = resubmit(find_adapter("politie"), kept, delivery, zetel=SEAT, now=lambda: NOW)
    assert telling.exit_code == HUB_ONBEREIKBAAR
    assert len(list(Quarantine(kept.path).entries())) == 8


def test_a_wrong_token_stops_the_run_and_keeps_its_place(run: Callable[..., Telling], hub: FakeHub) -> None:
    path = example("politie", "mutaties.jsonl")
    stopped = run(path, token="verlopen")
    assert stopped.exit_code == IETS_GEWEIGERD
    assert stopped.melding
    assert hub.stored == {}
    assert run(path).aanvaard == 6


def test_rows_of_several_seats_go_in_batches_of_one_seat(hub: FakeHub, tmp_path: Path) -> None:
    spoken: list[str] = []

    class Seats(FixedToken):
        def token(self, zetel: str) -> str:
            spoken.append(zetel)
            return super().token(zetel)

    delivery = Delivery(hub.client(), Seats(GOOD_TOKEN), nothing)
    path = example("contractberichten", "berichten.jsonl")
    push(find_adapter("contractberichten"), [path], delivery, zetel=SEAT, data=tmp_path, now=lambda: NOW)
    assert spoken == ["jeugdzorg@ede", "zc.opvang@ede", "jeugdzorg@ede"]
    assert hub.sizes == [2, 1, 2]


def test_a_row_with_a_signal_and_consent_is_one_row(hub: FakeHub, tmp_path: Path) -> None:
    def consent(event: CloudEvent) -> bool:
        return "weigering" in event.type

    hub.refuse = consent
    delivery = Delivery(hub.client(), FixedToken(GOOD_TOKEN), nothing)
    path = example("zorgcoordinator", "dossierregels.csv")
    reader = find_adapter("zorgcoordinator")
    telling = push(reader, [path], delivery, zetel=SEAT, data=tmp_path, now=lambda: NOW)
    assert (telling.aangeboden, telling.aanvaard, telling.geweigerd, telling.in_quarantaine) == (6, 3, 1, 2)
