"""The embedded server: shared, restarted, never running as root; and migrations."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hub.ledger.database import (
    DatabaseUnavailable,
    EmbeddedServer,
    MigrationChanged,
    migrate,
    open_database,
)
from hub.ledger.postgres import MIGRATIONS


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that another system user may enter (pytest's own may not be entered)."""
    path = Path(tempfile.mkdtemp(prefix="signaalhub-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def _one(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


class TestEmbeddedServer:
    def test_starts_durable_and_for_the_socket_only(self, folder: Path) -> None:
        with open_database(None, folder) as database:
            assert _one(database.dsn, "show fsync") == "on"
            assert _one(database.dsn, "show synchronous_commit") == "on"
            assert _one(database.dsn, "show listen_addresses") == ""
            assert (folder / "postgres").stat().st_mode & 0o077 == 0
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(database.dsn)

    def test_last_user_stops_the_server(self, folder: Path) -> None:
        first, second = EmbeddedServer(folder), EmbeddedServer(folder)
        first.start()
        second.start()
        first.close()
        assert _one(second.dsn, "select 1") == 1
        second.close()
        assert not (folder / "postgres" / "postmaster.pid").exists()

    def test_restarts_after_the_postmaster_was_killed(self, folder: Path) -> None:
        with open_database(None, folder) as database:
            with psycopg.connect(database.dsn, autocommit=True) as connection:
                connection.execute("create table kept (x int)")
                connection.execute("insert into kept values (7)")
            os.kill(EmbeddedServer(folder).postmaster_pid(), signal.SIGKILL)
            database.revive()
            assert _one(database.dsn, "select x from kept") == 7

    def test_long_path_gets_a_short_socket_folder(self, folder: Path) -> None:
        with open_database(None, folder / ("d" * 100)) as database:
            assert _one(database.dsn, "select 1") == 1

    def test_dsn_that_does_not_answer_is_refused(self, folder: Path) -> None:
        with pytest.raises(DatabaseUnavailable):
            open_database(f"host={folder} dbname=geen", folder)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
    def test_unreachable_folder_is_named(self, folder: Path) -> None:
        folder.chmod(0o700)
        with pytest.raises(DatabaseUnavailable, match=str(folder)):
            open_database(None, folder)


class TestMigrate:
    def test_applies_once_in_order_of_name_across_folders(self, postgres_dsn: str, tmp_path: Path) -> None:
        for folder, name, text in (
            ("a", "002_b.sql", "insert into t values (2)"),
            ("b", "001_a.sql", "create table t (x int)"),
        ):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / name).write_text(text)
        folders = [tmp_path / "a", tmp_path / "b"]
        assert migrate(postgres_dsn, folders) == ["001_a.sql", "002_b.sql"]
        assert migrate(postgres_dsn, folders) == []
        assert _one(postgres_dsn, "select count(*) from t") == 1

    def test_failure_leaves_nothing(self, postgres_dsn: str, tmp_path: Path) -> None:
        (tmp_path / "100_bad.sql").write_text("create table half (x int); select 1/0")
        with pytest.raises(psycopg.Error):
            migrate(postgres_dsn, [tmp_path])
        assert _one(postgres_dsn, "select to_regclass('half') is null") is True

    def test_changed_migration_is_refused(self, postgres_dsn: str, tmp_path: Path) -> None:
        file = tmp_path / "200_x.sql"
        file.write_text("create table x200 (x int)")
        migrate(postgres_dsn, [tmp_path])
        file.write_text("create table x200 (x bigint)")
        with pytest.raises(MigrationChanged, match="200_x"):
            migrate(postgres_dsn, [tmp_path])

    def test_facts_cannot_be_changed(self, postgres_dsn: str) -> None:
        migrate(postgres_dsn, [MIGRATIONS])
        for table in ("events", "access_log", "sources"):
            for statement in (f"delete from {table}", f"truncate {table}"):
                with psycopg.connect(postgres_dsn) as connection, pytest.raises(psycopg.errors.RaiseException):
                    connection.execute(statement.encode())
