"""The `eventsourcing` library over the hub's ledger."""

from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, NotSupportedError, StoredEvent
from eventsourcing.utils import Environment

from hub.ledger.recorder import LedgerFactory, LedgerRecorder
from hub.ledger.store import LedgerStore


class Kast(Aggregate):
    """A cupboard: something that is not our domain."""

    @event("Geopend")
    def __init__(self, naam: str) -> None:
        self.naam = naam
        self.inhoud: list[str] = []

    @event("Gevuld")
    def vul(self, ding: str) -> None:
        self.inhoud.append(ding)


@pytest.fixture
def application(ledger: LedgerStore) -> Application[UUID]:
    class Kasten(Application[UUID]):
        def construct_factory(self, env: Environment) -> InfrastructureFactory:  # type: ignore[type-arg]
            return LedgerFactory(ledger)

    return Kasten()


def test_application_reads_back_what_it_saved(application: Application[UUID]) -> None:
    kast = Kast("servieskast")
    kast.vul("kop")
    kast.vul("schotel")
    application.save(kast)
    copy: Kast = application.repository.get(kast.id)
    assert copy.inhoud == ["kop", "schotel"]
    older: Kast = application.repository.get(kast.id, version=2)
    assert older.inhoud == ["kop"]


def test_notification_log_counts_positions(application: Application[UUID], ledger: LedgerStore) -> None:
    before = ledger.head()
    application.save(Kast("een"), Kast("twee"))
    log = application.notification_log.select(start=before + 1, limit=10)
    assert [notification.id for notification in log] == [before + 1, before + 2]
    assert application.recorder.max_notification_id() == before + 2
    assert [n.id for n in application.recorder.select_notifications(before + 1, 5, inclusive_of_start=False)] == [
        before + 2
    ]
    assert [n.id for n in application.recorder.select_notifications(None, 1, stop=1)] == [1]
    assert application.recorder.select_notifications(1, 5, topics=["onbekend"]) == []


def test_subscription_gets_past_and_new_events(application: Application[UUID], ledger: LedgerStore) -> None:
    before = ledger.head()
    application.save(Kast("een"))
    with application.recorder.subscribe(gt=before) as subscription:
        assert next(subscription).id == before + 1
        application.save(Kast("twee"))
        assert next(subscription).id == before + 2


def test_taken_and_skipped_versions_are_refused(ledger: LedgerStore) -> None:
    recorder, stream = LedgerRecorder(ledger), uuid4()
    recorder.insert_events([StoredEvent(stream, 1, "t", b"a"), StoredEvent(stream, 2, "t", b"b")])
    for version in (2, 4):
        with pytest.raises(IntegrityError):
            recorder.insert_events([StoredEvent(stream, version, "t", b"c")])
    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent(stream, 3, "t", b""), StoredEvent(stream, 5, "t", b"")])
    assert [e.state for e in recorder.select_events(stream, desc=True, limit=1)] == [b"b"]
    assert recorder.insert_events([]) == []


def test_snapshots_and_tracking_are_refused(ledger: LedgerStore) -> None:
    factory = LedgerFactory(ledger)
    with pytest.raises(NotSupportedError):
        factory.aggregate_recorder("snapshots")
    with pytest.raises(NotSupportedError):
        factory.tracking_recorder()
    with pytest.raises(NotSupportedError):
        factory.process_recorder()
