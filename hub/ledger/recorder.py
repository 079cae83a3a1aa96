"""The ledger as a recorder of the `eventsourcing` library, over the same tables.

With it the library's mapper, notification log, subscriptions and projections run over the hub's ledger.
Positions are its notification ids, versions its originator versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NoReturn
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    IntegrityError,
    ListenNotifySubscription,
    Notification,
    NotSupportedError,
    OperationalError,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    TrackingRecorder,
)

from hub.ledger.store import (
    Change,
    LedgerError,
    LedgerStore,
    LedgerUnavailable,
    NewEvent,
    StreamAppend,
)

WAIT_SECONDS = 1.0


class LedgerRecorder(ApplicationRecorder):
    """Records the library's stored events as facts without decision records."""

    def __init__(self, store: LedgerStore) -> None:
        self.store = store

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Record events of one or more streams in one transaction; their positions.

        Raises IntegrityError when a version was taken or skipped, OperationalError when the store failed.
        """
        unwanted = sorted(name for name, value in kwargs.items() if value is not None)
        if unwanted:
            raise NotSupportedError(f"the ledger records no {', '.join(unwanted)}")
        if not stored_events:
            return []
        try:
            return self.store.append(Change(tuple(_appends(stored_events)))).positions
        except LedgerUnavailable as failure:
            raise OperationalError(str(failure)) from failure
        except LedgerError as refusal:
            raise IntegrityError(str(refusal)) from refusal

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of a stream, oldest first unless `desc`."""
        events = self.store.stream(_uuid(originator_id), max(gt or 0, 0))
        chosen = [event for event in events if lte is None or event.originator_version <= lte]
        return (chosen[::-1] if desc else chosen)[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """At most `limit` events from position `start` to `stop`, of the given topics only."""
        after = max((start or 1) - 1 if inclusive_of_start or start is None else start, 0)
        found: list[Notification] = []
        while len(found) < limit and (rows := self.store.read(after, limit)):
            after = rows[-1].position
            for row in rows:
                if stop is not None and row.position > stop:
                    return found[:limit]
                if not topics or row.topic in topics:
                    found.append(Notification(row.stream, row.version, row.topic, row.state, id=row.position))
        return found[:limit]

    def max_notification_id(self) -> int | None:
        """The last position, None in an empty ledger."""
        return self.store.head() or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """The events after `gt`, and then each new one as it is recorded."""
        return LedgerSubscription(self, gt, topics)


class LedgerSubscription(ListenNotifySubscription[LedgerRecorder]):
    """A subscription woken by the head of the ledger, also when another process moved it."""

    def _loop_on_pull(self) -> None:
        head = 0
        try:
            while not self._has_been_stopped:
                self._pull()
                head = self._recorder.store.wait(max(head, self._last_notification_id or 0), WAIT_SECONDS)
        except BaseException as failure:
            self._thread_error = failure
            self.stop()


class LedgerFactory(InfrastructureFactory[TrackingRecorder]):
    """Infrastructure of an `eventsourcing` application that records in the given ledger."""

    def __init__(self, store: LedgerStore) -> None:
        super().__init__(env=None)
        self._recorder = LedgerRecorder(store)

    def application_recorder(self) -> ApplicationRecorder:
        """The recorder of the ledger."""
        return self._recorder

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """The recorder of the ledger; snapshots are refused, for they would hold content in clear."""
        if purpose != "events":
            _refuse(purpose)
        return self._recorder

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        """Refused: views keep their own position."""
        _refuse("tracking")

    def process_recorder(self) -> ProcessRecorder:
        """Refused: views keep their own position."""
        _refuse("processes")


def _refuse(purpose: str) -> NoReturn:
    raise NotSupportedError(f"the ledger keeps facts, no {purpose}")


def _appends(stored_events: Sequence[StoredEvent]) -> list[StreamAppend]:
    appends = []
    for stream, group in groupby(stored_events, key=lambda event: event.originator_id):
        events = list(group)
        first = events[0].originator_version
        if [event.originator_version for event in events] != list(range(first, first + len(events))):
            raise IntegrityError("versions within a stream follow one another")
        facts = tuple(NewEvent(event.topic, event.state) for event in events)
        appends.append(StreamAppend(_uuid(stream), first - 1, facts, (None,) * len(facts)))
    return appends


def _uuid(originator_id: UUID | str) -> UUID:
    return originator_id if isinstance(originator_id, UUID) else UUID(originator_id)
