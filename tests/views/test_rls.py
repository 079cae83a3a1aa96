"""The second wall: PostgreSQL itself gives a reader the rows of its own seat and no other."""

from __future__ import annotations

import secrets
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

import hub.views.migrations
from hub.ledger.database import migrate
from hub.views.projector import Projector
from hub.views.read import Views
from hub.views.rows import TABLES
from tests.views.kluis import Kluis
from tests.views.lot import lot
from tests.views.verhaal import START, ZETELS, reader, recorded

NAMES = [table.name for table in TABLES]


@pytest.fixture
def filled(dsn: str) -> str:
    """Views with rows of every seat in every table."""
    projector = Projector(dsn, reader(recorded(lot(1, 600))), Kluis())
    projector.rebuild(lambda position, head: None, 600)
    projector.close()
    return dsn


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_gets_rows_of_the_seat_it_named_only(filled: str, name: str) -> None:
    with psycopg.connect(filled) as connection:
        connection.execute("set role hub_lezer")
        query = f"select zetel from {name}"
        assert connection.execute(query).fetchall() == []  # type: ignore[arg-type]
        total = 0
        for zetel in ZETELS:
            connection.execute("select set_config('hub.zetel', %s, false)", (zetel,))
            found = connection.execute(query).fetchall()  # type: ignore[arg-type]
            assert {row[0] for row in found} <= {zetel}
            total += len(found)
        assert total > 0
        for stranger in ("", "%", "vreemd@nergens"):
            connection.execute("select set_config('hub.zetel', %s, false)", (stranger,))
            assert connection.execute(query).fetchall() == []  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_an_ordinary_owner_is_bound_too(filled: str, name: str) -> None:
    with psycopg.connect(filled) as connection:
        forced = connection.execute(
            "select relrowsecurity and relforcerowsecurity from pg_class where relname = %s", (name,)
        ).fetchone()
    assert forced == (True,)


def test_a_reader_cannot_open_the_states_or_change_anything(filled: str) -> None:
    for query in ("select * from bron", "delete from zicht_signaal", "update tracking set position = 0"):
        with psycopg.connect(filled) as connection:
            connection.execute("set role hub_lezer")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(query)  # type: ignore[arg-type]


def test_an_owner_without_superpowers_projects_and_reads(views_dsn: str, postgres_server_dsn: str) -> None:
    name = f"eigenaar_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"create role {name} login createrole password 'test'")  # type: ignore[arg-type]
        connection.execute(f"grant hub_lezer to {name} with admin option")  # type: ignore[arg-type]
        connection.execute(f"create database {name} owner {name}")  # type: ignore[arg-type]
    dsn = make_conninfo(postgres_server_dsn, dbname=name, user=name, password="test")
    try:
        migrate(dsn, [Path(path) for path in hub.views.migrations.__path__])
        projector = Projector(dsn, reader(recorded(lot(1, 200))), Kluis(), batch=50, cached=0)
        assert projector.rebuild(lambda position, head: None, 200) == 200
        projector.close()
        with psycopg.connect(dsn) as connection:
            assert connection.execute("select * from zicht_signaal").fetchall() == []
        with ConnectionPool(dsn, min_size=1, max_size=1, open=True) as pool:
            views = Views(pool, Kluis(), lambda: START)
            assert any(views.signalen(zetel).items for zetel in ZETELS)
    finally:
        with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
            connection.execute(f"drop database {name} with (force)")  # type: ignore[arg-type]
            connection.execute(f"drop role {name}")  # type: ignore[arg-type]
