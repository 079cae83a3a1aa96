"""A database with every table of a hub, and what is delivered to."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hub.handling.questions import Questions
from hub.ledger.database import migrate
from hub.main import MIGRATIONS
from tests.delivery.receiver import Receiver, receiving
from tests.delivery.webhook_world import World, loaded, world

EMPTIED = "bezorging, bezorgstand, gebeurtenis, gebeurtenis_zetel, gebeurtenis_reeks"


@pytest.fixture(scope="session")
def questions() -> Questions:
    """The policy of this hub."""
    return loaded()


@pytest.fixture(scope="module")
def hub_dsn(postgres_dsn: str) -> str:
    """A database with every table of a hub."""
    migrate(postgres_dsn, MIGRATIONS)
    return postgres_dsn


@pytest.fixture
def notices_dsn(hub_dsn: str) -> str:
    """The same, without notices and deliveries."""
    with psycopg.connect(hub_dsn) as connection:
        connection.execute(f"truncate {EMPTIED}".encode())
    return hub_dsn


@pytest.fixture
def here(notices_dsn: str, tmp_path: Path, questions: Questions) -> Iterator[World]:
    """Delivering by webhook, to this machine too."""
    with world(notices_dsn, tmp_path / "keys", questions, ssl.create_default_context()) as found:
        yield found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A subscriber's server."""
    with receiving() as found:
        yield found
