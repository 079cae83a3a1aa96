"""Binds the Logboek Dataverwerkingen to its keeper, where one is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from hub.api.headers import API_VERSION
from hub.api.register import address_of
from hub.audit.access import AccessLog
from hub.ledger.processing import FOLLOWER, AcknowledgedAccess, Collector, ProcessingRelay
from hub.ledger.store import LedgerStore
from hub.log import Log, TaakMislukt
from hub.settings import Settings
from hub.tasks import beside


@contextmanager
def processing_log(store: LedgerStore, settings: Settings, log: Log) -> Iterator[AccessLog]:
    """The access log for the doors, while a thread hands every line of it to the keeper."""
    if settings.processing_log_url is None:
        yield store
        return
    named = {"service.name": "signaalhub", "service.version": API_VERSION, "nen7513.AuditSourceId": settings.public_url}
    collector = Collector(settings.processing_log_url, named, settings.processing_log_seconds)
    relay = ProcessingRelay(store, collector.send, partial(address_of, settings.public_url))

    def failed(seconds: float, error: Exception) -> None:
        log.write(TaakMislukt(FOLLOWER, type(error).__name__, "hub.ledger.processing", seconds))

    required = AcknowledgedAccess(store, relay, settings.processing_log_seconds)
    try:
        with beside((FOLLOWER, partial(relay.follow, failed=failed))):
            yield required if settings.processing_log_required else store
    finally:
        collector.close()
