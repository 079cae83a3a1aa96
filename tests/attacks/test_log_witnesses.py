"""An operator who lies meets witnesses: each attack has a name, given by the verifier or by the hub itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hub.audit.access import Entry
from hub.audit.checkpoint import COSIGNATURE, NoteSigner, NoteVerifier
from hub.audit.evidence import Key
from hub.audit.export import export_log
from hub.audit.quorum import TrustPolicy, parse_policy
from hub.audit.verify import Kind, verify_log
from hub.audit.witness import Refused, Witness, server
from hub.audit.witnesses import HttpAsking
from hub.ledger.checkpoints import Checkpoints, Signers
from hub.ledger.database import Database, migrate
from hub.ledger.postgres import MIGRATIONS, PostgresLedger
from hub.ledger.published import PostgresPublished
from hub.ledger.publisher import Publisher
from hub.ledger.store import ACCESS_LOG
from hub.ledger.vouching import Alarm, vouched
from hub.log import Log
from tests.attacks.growing import KEY, Growing

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
HONEST, FORK = Growing.of(300), Growing.of(300, "anders")


def cosigned(witness: Witness, log: Growing, old: int, size: int) -> str:
    return log.checkpoint(size) + witness.add_checkpoint(log.body(old, size)).decode()


def verdict(
    folder: Path, log: Growing, checkpoint: str, *, earlier: str = "", witnesses: list[Witness], quorum: int
) -> set[Kind]:
    """What the verifier says of what a partner was given."""
    export_log(folder, map(log.entry, range(300)), log.tiles, checkpoint)
    found = verify_log(
        folder,
        [Key.parse(KEY.verifier.vkey)],
        [earlier.encode()] if earlier else [],
        witnesses=[Key.parse(one.vkey) for one in witnesses],
        quorum=quorum,
    )
    return {one.kind for one in found}


@pytest.fixture
def two(tmp_path: Path) -> list[Witness]:
    return [Witness(tmp_path / name, f"{name}.example/getuige", [KEY.verifier.vkey]) for name in ("w1", "w2")]


class TestSplitView:
    def test_one_witness_cannot_be_shown_two_histories(self, tmp_path: Path, two: list[Witness]) -> None:
        shown = cosigned(two[0], HONEST, 0, 300)
        with pytest.raises(Refused) as refused:
            two[0].add_checkpoint(FORK.body(300, 300))
        assert refused.value.status == 422
        assert verdict(tmp_path / "a", HONEST, shown, witnesses=two[:1], quorum=1) == set()
        fork = FORK.checkpoint(300)
        assert verdict(tmp_path / "b", FORK, fork, witnesses=two[:1], quorum=1) == {Kind.ONGETUIGD}

    def test_a_cosignature_does_not_fit_another_history(self, tmp_path: Path, two: list[Witness]) -> None:
        line = cosigned(two[0], HONEST, 0, 300)[len(HONEST.checkpoint(300)) :]
        moved = FORK.checkpoint(300) + line
        assert verdict(tmp_path / "log", FORK, moved, witnesses=two, quorum=1) == {Kind.VERVALST}

    def test_of_two_witnesses_with_two_histories_neither_makes_a_quorum(
        self, tmp_path: Path, two: list[Witness]
    ) -> None:
        one, other = cosigned(two[0], HONEST, 0, 300), cosigned(two[1], FORK, 0, 300)
        assert verdict(tmp_path / "a", HONEST, one, witnesses=two, quorum=2) == {Kind.ONGETUIGD}
        assert verdict(tmp_path / "b", FORK, other, witnesses=two, quorum=2) == {Kind.ONGETUIGD}

    def test_comparing_what_two_witnesses_keep_names_the_split(self, tmp_path: Path, two: list[Witness]) -> None:
        one, other = cosigned(two[0], HONEST, 0, 300), cosigned(two[1], FORK, 0, 200)
        found = verdict(tmp_path / "log", HONEST, one, earlier=other, witnesses=two, quorum=1)
        assert found == {Kind.GESPLITST}


class TestReplay:
    def test_an_old_checkpoint_with_its_cosignatures_is_named_by_who_kept_a_newer(
        self, tmp_path: Path, two: list[Witness]
    ) -> None:
        old = cosigned(two[0], HONEST, 0, 200)
        newer = cosigned(two[0], HONEST, 200, 300)
        found = verdict(tmp_path / "log", HONEST, old, earlier=newer, witnesses=two[:1], quorum=1)
        assert found == {Kind.TERUGGEDRAAID}

    def test_a_witness_is_not_taken_back(self, two: list[Witness]) -> None:
        cosigned(two[0], HONEST, 0, 300)
        with pytest.raises(Refused) as refused:
            two[0].add_checkpoint(HONEST.body(0, 200))
        assert (refused.value.status, refused.value.body) == (409, b"300\n")

    def test_a_stranger_is_no_witness(self, tmp_path: Path, two: list[Witness]) -> None:
        stranger = Witness(tmp_path / "x", "w1.example/getuige", [KEY.verifier.vkey])
        shown = cosigned(stranger, HONEST, 0, 300)
        assert verdict(tmp_path / "log", HONEST, shown, witnesses=two, quorum=1) == {Kind.ONGETUIGD}
        assert NoteVerifier.from_vkey(stranger.vkey).kind == COSIGNATURE


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[Witness, TrustPolicy]]:
    """A witness of the access log over HTTP, and a policy that needs it."""
    key = NoteSigner(f"hub.example/{ACCESS_LOG}", KEY._private_key)
    witness = Witness(tmp_path / "getuige", "w1.example/getuige", [key.verifier.vkey])
    door = server(witness, "127.0.0.1", 0)
    threading.Thread(target=door.serve_forever, daemon=True).start()
    lines = f"log {key.verifier.vkey}\nwitness w1 {witness.vkey} http://127.0.0.1:{door.server_port}\nquorum w1\n"
    yield witness, parse_policy(lines.encode())
    door.shutdown()
    door.server_close()


class SetBack:
    """A hub whose operator puts yesterday's database back."""

    def __init__(self, dsn: str, policy: TrustPolicy) -> None:
        self.dsn, self.policy, self.lines = dsn, policy, StringIO()
        migrate(dsn, [MIGRATIONS])

    def live(self, records: int, word: str = "eerlijk") -> tuple[str, set[Alarm]]:
        """Open, add records, publish once; the checkpoint and what the hub itself says is wrong."""
        ledger, published = PostgresLedger(Database(self.dsn)), PostgresPublished(self.dsn)
        signer = NoteSigner(f"hub.example/{ACCESS_LOG}", KEY._private_key)
        checkpoints, ask = Checkpoints(ledger, {ACCESS_LOG: Signers(signer)}), HttpAsking(10)
        log = Log(self.lines, "debug", lambda: NOW)
        publisher = Publisher(checkpoints, published, self.policy, ask, lambda: NOW, log, patience=10)
        try:
            if records:
                ledger.append_access([Entry(f'{{"woord":"{word}"}}'.encode()) for _ in range(records)])
            publisher.round()
            latest = published.latest(ACCESS_LOG)
            assert latest is not None
            return latest.note, set(vouched(published, ACCESS_LOG, self.policy, NOW).alarms)
        finally:
            publisher.close()
            ask.close()
            published.close()
            ledger.close()

    def copy(self) -> None:
        self._administer("create database {copy} template {live}")

    def put_back(self) -> None:
        self._administer("drop database {live} with (force)", "create database {live} template {copy}")
        self._administer("drop database {copy}")

    def _administer(self, *statements: str) -> None:
        live = str(conninfo_to_dict(self.dsn)["dbname"])
        names = {"live": sql.Identifier(live), "copy": sql.Identifier(f"{live}_kopie")}
        with psycopg.connect(make_conninfo(self.dsn, dbname="postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(**names))  # type: ignore[arg-type]


def test_a_database_that_was_set_back_is_named_by_the_hub_and_a_regrown_one_a_split(
    postgres_dsn: str, listening: tuple[Witness, TrustPolicy]
) -> None:
    hub = SetBack(postgres_dsn, listening[1])
    assert hub.live(5)[1] == set()
    hub.copy()
    assert hub.live(20)[1] == set()
    hub.put_back()
    hub.copy()
    assert Alarm.TERUGGEDRAAID in hub.live(1)[1]
    hub.put_back()
    note, alarms = hub.live(40, "anders")
    assert Alarm.GESPLITST in alarms
    assert note.split("\n")[1] == "45"
    assert "GetuigeWeerspreekt" in hub.lines.getvalue()
    ((_, evidence, kept),) = listening[0].refused()
    assert evidence.split(b"\n")[1] == b"45"
    assert kept.split(b"\n")[1] == b"25"
