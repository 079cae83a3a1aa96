"""Binds the relay to the real broker, the database and the ledger."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import orjson
import psycopg
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool

from hub.delivery.abonnementen import Abonnementen, Vormen
from hub.delivery.gebeurtenissen import Gebeurtenissen
from hub.delivery.kafka_client import connection
from hub.delivery.kafka_cursors import Cursors
from hub.delivery.kafka_producing import KafkaProducing
from hub.delivery.kafka_relay import PATIENCE_SECONDS, Binding, Relay
from hub.delivery.subscribers import LedgerFacts
from hub.handling.beleidsversies import Policy
from hub.handling.execute import Ledger
from hub.log import Log
from hub.settings import Settings

Pool = ConnectionPool[psycopg.Connection[tuple[object, ...]]]


@contextmanager
def relay_connections(dsn: str) -> Iterator[Pool]:
    """What the relay reads notices with: they carry JSON, which orjson reads in a tenth of the time."""

    def configure(connection: psycopg.Connection[tuple[object, ...]]) -> None:
        set_json_loads(orjson.loads, connection)

    with ConnectionPool(dsn, min_size=1, max_size=2, open=True, configure=configure) as pool:
        yield pool


def make_relay(
    settings: Settings,
    dsn: str,
    ledger: Ledger,
    policy: Policy,
    subscriptions: Abonnementen,
    notices: Gebeurtenissen,
    vormen: Vormen,
    log: Log,
) -> Relay:
    """Who relays for this hub. Raises ValueError where HUB_KAFKA_BOOTSTRAP_SERVERS is not set."""
    return Relay(
        Binding(
            subscriptions=subscriptions,
            taken_at=LedgerFacts(ledger).taken_at,
            notices=notices,
            vormen=vormen,
            access=ledger.store,
            policy=policy,
            cursors=partial(Cursors, dsn),
            producing=partial(KafkaProducing, connection(settings), PATIENCE_SECONDS),
            log=log.write,
            trace=partial(secrets.token_hex, 16),
            now=time.monotonic,
            adres=settings.public_url,
            oin=settings.oin,
            prefix=settings.kafka_prefix,
        )
    )
