"""Both ledgers, for tests that both must pass."""

from collections.abc import Iterator

import pytest

from hub.ledger.database import Database, migrate
from hub.ledger.memory import MemoryLedger
from hub.ledger.postgres import MIGRATIONS, PostgresLedger
from hub.ledger.store import LedgerStore


@pytest.fixture(scope="module")
def migrated_dsn(postgres_dsn: str) -> str:
    """A database with the ledger's tables."""
    migrate(postgres_dsn, [MIGRATIONS])
    return postgres_dsn


@pytest.fixture(params=["memory", "postgres"])
def ledger(request: pytest.FixtureRequest) -> Iterator[LedgerStore]:
    """A ledger; the one in PostgreSQL keeps what earlier tests of the module left in it."""
    store: LedgerStore
    if request.param == "memory":
        store = MemoryLedger()
    else:
        store = PostgresLedger(Database(request.getfixturevalue("migrated_dsn")))
    yield store
    store.close()
