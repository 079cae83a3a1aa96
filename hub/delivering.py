"""Binds what delivers news to partners, and keeps it going while the hub runs."""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial

from hub.delivery import geldigheid, kafka_intake, kafka_relay, snoeien, webhooks
from hub.delivery.kafka_relay_binding import make_relay, relay_connections
from hub.delivery.vormen import vormen_uit
from hub.delivery.webhook_binding import few_connections, make_webhooks, webhook_trust
from hub.handling import plichtenklok
from hub.log import Log
from hub.main import Hub
from hub.sealing import utc_now
from hub.tasks import Task, in_threads
from hub.views.read import Views


def tasks(hub: Hub, log: Log) -> Sequence[Task]:
    """What delivering takes, with this hub's settings."""
    found: list[Task] = [("webhooks", webhooks.LOOK_SECONDS, partial(_webhooks, hub, webhook_trust(hub.settings)))]
    rights = geldigheid.Geldigheid(hub.ledger(), hub.abonnementen(), hub.policy)
    found.append(("abonnementen", geldigheid.LOOK_SECONDS, rights.follow))
    found.append(("snoeien", snoeien.LOOK_SECONDS, snoeien.Snoei(hub.database.dsn, hub.policy).follow))
    found.append(("plichten", plichtenklok.LOOK_SECONDS, hub.plichten().follow))
    if hub.settings.kafka_bootstrap_servers is not None:
        intake = kafka_intake.make_intake(hub.settings, hub.ledger(), hub.store, hub.policy)
        found.append(("kafka-inname", kafka_intake.RETRY_SECONDS, intake.follow))
        found.append(("kafka-doorgifte", kafka_relay.LOOK_SECONDS, partial(_relay, hub, log)))
    return found


def _webhooks(
    hub: Hub,
    trust: ssl.SSLContext,
    stop: threading.Event,
    clock: Callable[[], datetime],
    failed: Callable[[Exception], None],
) -> None:
    with few_connections(hub.database.dsn) as pool, closing(hub.gebeurtenissen(pool)) as notices:
        vormen = vormen_uit(Views(pool, hub.sealer, clock))
        ledger, keys = hub.ledger(), hub.webhook_keys()
        delivering = make_webhooks(
            hub.settings, hub.database.dsn, ledger, hub.policy, hub.abonnementen(), notices, vormen, keys, trust
        )
        delivering.follow(stop, clock, failed)


def _relay(
    hub: Hub,
    log: Log,
    stop: threading.Event,
    clock: Callable[[], datetime],
    failed: Callable[[Exception], None],
) -> None:
    with relay_connections(hub.database.dsn) as pool, closing(hub.gebeurtenissen(pool)) as notices:
        vormen = vormen_uit(Views(pool, hub.sealer, clock))
        ledger, subscriptions = hub.ledger(), hub.abonnementen()
        relay = make_relay(hub.settings, hub.database.dsn, ledger, hub.policy, subscriptions, notices, vormen, log)
        relay.follow(stop, clock, failed)


@contextmanager
def deliver_in_threads(hub: Hub, log: Log) -> Iterator[None]:
    """News is delivered, in this process, while the context lasts."""
    with in_threads(tasks(hub, log), log, utc_now):
        yield
