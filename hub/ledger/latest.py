"""Where something of a rare kind was last recorded, kept at hand: the ledger is searched for it once, then followed."""

import threading
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID


class Positions(Protocol):
    """Who can tell, per stream, the position of its last event of some topics after a position."""

    def last_of(self, topics: Sequence[str], after: int = 0) -> dict[UUID, int]: ...


class Followed(Positions, Protocol):
    """The same, and how far it goes."""

    def head(self) -> int: ...


class Latest:
    """The positions of some topics; each look reads only what is new. Safe to share between threads."""

    def __init__(self, ledger: Followed, topics: Sequence[str]) -> None:
        self._ledger, self._topics = ledger, tuple(topics)
        self._at, self._found = 0, dict[UUID, int]()
        self._lock = threading.Lock()

    def last_of(self, topics: Sequence[str], after: int = 0) -> dict[UUID, int]:
        """Raises ValueError for topics that are not followed, LedgerUnavailable."""
        if tuple(topics) != self._topics:
            raise ValueError("these topics are not followed")
        with self._lock:
            head = self._ledger.head()
            if head > self._at:
                self._found |= self._ledger.last_of(self._topics, self._at)
                self._at = head
            return {stream: position for stream, position in self._found.items() if position > after}
