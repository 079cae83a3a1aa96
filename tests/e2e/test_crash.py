"""kill -9 of a whole hub, and of its database, under load: nothing acknowledged is lost, nothing left unwritten."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from psycopg import sql

from contracts.signaal import SignaalGeregistreerd
from contracts.verstrekking import SignaalVerstrekt
from hub.access.beleid import Beleid
from hub.audit.evidence import Key
from hub.audit.verify import verify_log
from hub.ledger.checkpoints import LOGS
from hub.ledger.database import EmbeddedServer
from hub.main import Hub, open_hub
from hub.settings import Settings
from hub.views.rows import TABLES, row_key
from tests.e2e.load import BATCH, READER, SENDER, HubProcess, Load, Partner, signal_id
from tests.e2e.world import client_key, free_port

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("crash")]

#: A few in every run of the tests; a thousand by `python -m bench.kills`.
KILLS = int(os.environ.get("SIGNAALHUB_TEST_KILLS", "3"))
LONGEST_LIFE = 1.5


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left after the crashes: the folder, a hub on it without a door, and what its partners were told."""

    folder: Path
    hub: Hub
    load: Load
    oin: str
    again: list[dict[str, Any]]
    exit_code: int
    keys: list[Key]
    export_code: int


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder that the database's own user may enter."""
    path = Path(tempfile.mkdtemp(prefix="signaalhub-test-"))
    path.chmod(0o711)
    yield path
    server = EmbeddedServer(path)
    server.start()
    server.close()
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def aftermath(folder: Path) -> Iterator[Aftermath]:
    """A hub killed several times in mid-work, its database once, and then started for the last time."""
    seats = Beleid.laad().instanties
    oin = seats[SENDER].oin
    process = HubProcess(folder, free_port())
    try:
        process.start()
        partners = [
            Partner(process.url, zetel, seats[zetel].oin, client_key(folder, seats[zetel].oin).read_bytes())
            for zetel in (SENDER, READER)
        ]
        with Load(*partners) as load:
            _crash(process, load, folder)
        again = [one for number in range(load.batches) for one in partners[0].deliver(number) or []]
        exit_code = process.stop()
    finally:
        process.kill()
    exported = process.run("export", str(folder / "export"))
    keys = [Key.parse(line) for line in process.run("keys").stdout.split()]
    with open_hub(Settings(data_folder=folder)) as hub:
        yield Aftermath(folder, hub, load, oin, again, exit_code, keys, exported.returncode)


def _crash(process: HubProcess, load: Load, folder: Path) -> None:
    for _ in range(KILLS):
        load.wait_for(batches=1)
        time.sleep(random.uniform(0, LONGEST_LIFE))
        process.kill()
        process.start()
    load.wait_for(batches=1)
    os.kill(EmbeddedServer(folder).postmaster_pid(), signal.SIGKILL)
    load.wait_for(batches=3)  # the same hub goes on, with its database started again


def test_the_load_met_no_answer_it_should_not_get(aftermath: Aftermath) -> None:
    assert aftermath.load.faults == []
    assert aftermath.load.batches > KILLS
    assert aftermath.load.read


def test_a_replay_is_answered_with_the_same_positions(aftermath: Aftermath) -> None:
    assert {one["status"] for one in aftermath.again} == {"herhaald"}
    assert {one["id"]: tuple(one["posities"]) for one in aftermath.again} == {
        id: positions for id, positions in aftermath.load.acknowledged.items() if id in _ids(aftermath.load.batches)
    }


def test_every_acknowledged_signal_is_on_the_ledger_once(aftermath: Aftermath) -> None:
    recorded = aftermath.hub.read(0, 1_000_000)
    registered = Counter(one.event.signaal_id for one in recorded if isinstance(one.event, SignaalGeregistreerd))
    disclosed = Counter(one.event.signaal_id for one in recorded if isinstance(one.event, SignaalVerstrekt))
    assert set(registered.values()) == {1}
    assert set(disclosed.values()) == {1}
    kept = {f"r{at}" for at in range(BATCH * (aftermath.load.batches + 1)) if _signal(aftermath, at) in registered}
    assert {id for id in aftermath.load.acknowledged if id.startswith("r")} <= kept
    by_position = {one.position: one.event for one in recorded}
    for id, positions in aftermath.load.acknowledged.items():
        events = [by_position[position] for position in positions]
        assert {getattr(event, "signaal_id", None) for event in events} == {_signal(aftermath, int(id[1:]))}


def test_positions_have_no_gaps(aftermath: Aftermath) -> None:
    positions = [one.position for one in aftermath.hub.store.read(0, 1_000_000)]
    assert positions == list(range(1, len(positions) + 1))
    numbers = [number for number, _ in aftermath.hub.store.access_records(0, 1_000_000)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_outsider_verifies_both_logs(aftermath: Aftermath) -> None:
    assert aftermath.export_code == 0
    for log in LOGS:
        assert verify_log(aftermath.folder / "export" / log, aftermath.keys) == []


def test_no_data_left_without_its_record(aftermath: Aftermath) -> None:
    records = (orjson.loads(record) for _, record in aftermath.hub.store.access_records(0, 1_000_000))
    traces = Counter(record["trace"] for record in records if record["resultaat"] == "toegestaan")
    assert {trace: traces[trace] for trace in aftermath.load.read} == dict.fromkeys(aftermath.load.read, 1)


def test_the_views_are_those_of_a_rebuild(aftermath: Aftermath) -> None:
    hub = aftermath.hub
    projector = hub.projector()
    try:
        while projector.run_once():
            pass
        followed = _rows(hub)
        projector.rebuild(lambda position, head: None, hub.store.head())
    finally:
        projector.close()
    assert followed["zicht_signaal"]
    assert _rows(hub) == followed


def test_a_hub_that_is_asked_to_end_ends_well(aftermath: Aftermath) -> None:
    assert aftermath.exit_code == 0


def _ids(batches: int) -> set[str]:
    return {f"{kind}{at}" for at in range(batches * BATCH) for kind in "rd"}


def _signal(aftermath: Aftermath, at: int) -> object:
    return signal_id(at, aftermath.oin)


def _rows(hub: Hub) -> dict[str, list[str]]:
    """All rows of all views, opened."""
    found: dict[str, list[str]] = {}
    with psycopg.connect(hub.database.dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', true)")
        for table in TABLES:
            names = sql.SQL(", ").join(map(sql.Identifier, (*table.columns, "inhoud")))
            rows = connection.execute(sql.SQL("select {} from {}").format(names, sql.Identifier(table.name))).fetchall()
            opened = hub.sealer.unseal_many([(row_key(table, row), row[-1]) for row in rows])
            found[table.name] = sorted(f"{row[:-1]} {one}" for row, one in zip(rows, opened, strict=True))
    return found
