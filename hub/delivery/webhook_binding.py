"""Binds delivering by webhook to a hub's settings, database, ledger and policy."""

import random
import secrets
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import psycopg
from psycopg_pool import ConnectionPool

from hub.delivery.abonnementen import Abonnementen, Vormen
from hub.delivery.bezorgrecht import Bezorgrecht
from hub.delivery.bezorgrij import Bezorgrij
from hub.delivery.gebeurtenissen import Gebeurtenissen
from hub.delivery.guard import Guard
from hub.delivery.outgoing import Outgoing, trusted
from hub.delivery.subscribers import LedgerFacts, Subscribers
from hub.delivery.webhook_keys import WebhookKeys
from hub.delivery.webhook_sender import Sender
from hub.delivery.webhooks import Binding, Webhooks
from hub.handling.beleidsversies import Policy
from hub.handling.execute import Ledger
from hub.settings import Settings, SettingsError

Pool = ConnectionPool[psycopg.Connection[tuple[object, ...]]]


def make_webhooks(
    settings: Settings,
    dsn: str,
    ledger: Ledger,
    policy: Policy,
    subscriptions: Abonnementen,
    notices: Gebeurtenissen,
    vormen: Vormen,
    keys: WebhookKeys,
    trust: ssl.SSLContext,
) -> Webhooks:
    """Who delivers for this hub."""
    subscribers = Subscribers(subscriptions, notices, LedgerFacts(ledger), vormen)
    sender = Sender(
        subscribers,
        Bezorgrecht(policy),
        ledger.store,
        keys,
        settings.public_url,
        settings.oin,
        partial(secrets.token_hex, 16),
    )
    guard = Guard(settings.webhook_loopback)
    return Webhooks(
        Binding(
            subscribers,
            sender,
            partial(Bezorgrij, dsn),
            partial(Outgoing, guard, trust, settings.webhook_seconds),
            random.SystemRandom().random,
            time.monotonic,
        )
    )


def webhook_trust(settings: Settings) -> ssl.SSLContext:
    """Who vouches for subscribers. Raises SettingsError."""
    try:
        return trusted(settings.webhook_ca_file)
    except OSError:
        raise SettingsError("HUB_WEBHOOK_CA_FILE is not a readable file with certificates") from None


@contextmanager
def few_connections(dsn: str) -> Iterator[Pool]:
    """What delivering reads with."""
    with ConnectionPool(dsn, min_size=1, max_size=2, open=True) as pool:
        yield pool
