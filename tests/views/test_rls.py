"""The second wall: PostgreSQL itself gives a reader the rows of its own seat and no other."""

from __future__ import annotations

import psycopg
import pytest

from hub.views.projector import Projector
from hub.views.rows import TABLES
from tests.views.kluis import Kluis
from tests.views.lot import lot
from tests.views.verhaal import ZETELS, reader, recorded

NAMES = [table.name for table in TABLES]


@pytest.fixture
def filled(dsn: str) -> str:
    """Views with rows of every seat in every table."""
    projector = Projector(dsn, reader(recorded(lot(1, 400))), Kluis())
    projector.rebuild(lambda position, head: None, 400)
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
