"""One hub for all tests of the doors; what they bring in never has the same number twice."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.api.hub_world import HubWorld, opened


@pytest.fixture(scope="session")
def hub_app(postgres_server_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubWorld]:
    """A whole hub with its doors open."""
    name = f"doors_{secrets.token_hex(6)}"
    folder: Path = tmp_path_factory.mktemp("doors")
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    with opened(make_conninfo(postgres_server_dsn, dbname=name), folder) as world:
        yield world
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
