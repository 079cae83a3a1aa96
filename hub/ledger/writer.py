"""Group commit: many callers, one writing thread, one transaction for all that waits.

Whoever arrives while a transaction is being made durable waits for the next one, so the cost of a
commit is shared the more, the busier it is, and nobody waits for a timer.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import NamedTuple

from hub.ledger.store import Change, LedgerError, LedgerUnavailable, Receipt

Outcome = Receipt | LedgerError
MAX_EVENTS = 4_000
MAX_BYTES = 16 * 1024 * 1024


class Waiting(NamedTuple):
    """Changes that wait for the writer, with what they weigh."""

    changes: Sequence[Change]
    future: Future[list[Outcome]]
    events: int
    octets: int


class GroupCommit:
    """Thread-safe front of a store that records groups of changes.

    `commit` records a group durably and answers one outcome per change. When it raises, nobody of the
    group is told that anything was recorded.
    """

    def __init__(self, commit: Callable[[Sequence[Change]], list[Outcome]]) -> None:
        self._commit = commit
        self._waiting: deque[Waiting] = deque()
        self._arrived = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def submit(self, changes: Sequence[Change]) -> Future[list[Outcome]]:
        """Hand in changes; the future resolves once they are durable, to one outcome per change."""
        # Measured here: what is not a change fails its own caller, never the thread that everybody waits for.
        waiting = Waiting(changes, Future(), *_size(changes))
        with self._arrived:
            if self._closed:
                raise LedgerUnavailable("the ledger is closed")
            self._waiting.append(waiting)
            self._arrived.notify()
        return waiting.future

    def close(self) -> None:
        """Record what was handed in, then stop."""
        with self._arrived:
            self._closed = True
            self._arrived.notify()
        self._thread.join()

    def _run(self) -> None:
        while group := self._next_group():
            self._settle(group)

    def _next_group(self) -> list[Waiting]:
        with self._arrived:
            while not self._waiting:
                if self._closed:
                    return []
                self._arrived.wait()
            group = [self._waiting.popleft()]
            events, octets = group[0].events, group[0].octets
            while self._waiting and events < MAX_EVENTS and octets < MAX_BYTES:
                group.append(self._waiting.popleft())
                events, octets = events + group[-1].events, octets + group[-1].octets
            return group

    def _settle(self, group: Sequence[Waiting]) -> None:
        changes = [change for one in group for change in one.changes]
        try:
            outcomes = self._commit(changes)
        except LedgerUnavailable as failure:
            for one in group:
                one.future.set_exception(failure)
        except Exception as failure:  # the thread must outlive any failure: callers wait for it
            for one in group:
                unavailable = LedgerUnavailable("the ledger failed; nothing is acknowledged")
                unavailable.__cause__ = failure
                one.future.set_exception(unavailable)
        else:
            start = 0
            for one in group:
                one.future.set_result(outcomes[start : start + len(one.changes)])
                start += len(one.changes)


def _size(changes: Sequence[Change]) -> tuple[int, int]:
    """How many records changes hold, and about how many octets."""
    events = octets = 0
    for change in changes:
        octets += sum(len(entry.data) for entry in change.access)
        events += len(change.access)
        for append in change.appends:
            events += len(append.events)
            octets += sum(len(event.state) for event in append.events)
            octets += sum(len(decision) for decision in append.decisions if decision)
    return events, octets
