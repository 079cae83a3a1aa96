"""Shared means of all tests: a real PostgreSQL, one server per session and one database per module."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import docker
import psycopg
import pytest
from docker.errors import DockerException
from psycopg.conninfo import make_conninfo

from hub.ledger.database import open_database
from tests.kafka_broker import shared_address

#: Bytes that the databases of three workers may take, generously.
ROOM = 12 * 2**30


def _docker_runs() -> bool:
    try:
        return bool(docker.from_env().ping())
    except DockerException:
        return False


def _folder_in_memory() -> str | None:
    """Where a disk is only memory, if there is room: what these tests kill are processes, never the machine."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the database of their module run in one worker, so that it is made once."""
    for item in items:
        if "postgres_dsn" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def postgres_server_dsn() -> Iterator[str]:
    """A server to make databases on: a container where Docker runs, else the embedded one."""
    if _docker_runs():
        from testcontainers.postgres import PostgresContainer

        with PostgresContainer("postgres:18-alpine", driver=None) as container:
            yield container.get_connection_url()
        return
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-test-", dir=_folder_in_memory()))
    folder.chmod(0o711)
    with open_database(None, folder) as database:
        yield database.dsn
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def postgres_dsn(postgres_server_dsn: str) -> Iterator[str]:
    """A fresh, empty database."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield make_conninfo(postgres_server_dsn, dbname=name)
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def kafka_address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The broker of this run, one for all workers: names of topics and groups must be unique."""
    base = tmp_path_factory.getbasetemp()
    return shared_address(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
