"""A database with the schema of the views, emptied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import ConnectionPool

import hub.views.migrations
from hub.ledger.database import migrate
from hub.views.read import Views
from hub.views.rows import TABLES
from tests.views.kluis import Kluis
from tests.views.verhaal import START

EMPTIED = ", ".join(["bron", "tracking", *(table.name for table in TABLES)])


@pytest.fixture(scope="module")
def views_dsn(postgres_dsn: str) -> str:
    """A database with the tables of the views."""
    migrate(postgres_dsn, [Path(path) for path in hub.views.migrations.__path__])
    return postgres_dsn


@pytest.fixture
def dsn(views_dsn: str) -> str:
    """The same, with nothing in it."""
    with psycopg.connect(views_dsn) as connection:
        connection.execute(f"truncate {EMPTIED}")  # type: ignore[arg-type]
    return views_dsn


@pytest.fixture
def kluis() -> Kluis:
    """The keys of one test."""
    return Kluis()


@pytest.fixture
def views(dsn: str, kluis: Kluis) -> Iterator[Views]:
    """The reading side."""
    with ConnectionPool(dsn, min_size=1, max_size=2, open=True) as pool:
        yield Views(pool, kluis, lambda: START)
