"""Wakes who waits for news of a seat: one thread hears of commits, and only the streams of those seats move."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

WAIT_SECONDS = 1.0
RETRY_SECONDS = 0.5
MAX_OF_SEAT = 20
MAX_STREAMS = 5_000


class Notices(Protocol):
    """The part of `Gebeurtenissen` that tells of news."""

    def laatste(self) -> int: ...

    def wait(self, na: int, timeout: float) -> int: ...

    def zetels_na(self, na: int) -> set[str]: ...


class TeVeelStromen(Exception):
    """This seat, or this process, has as many streams open as it may have."""


class Omroep:
    """Wakers by seat. `listen` is for the event loop; the thread starts with the first one that listens."""

    def __init__(self, notices: Notices, of_seat: int = MAX_OF_SEAT, streams: int = MAX_STREAMS) -> None:
        self._notices, self._of_seat, self._streams = notices, of_seat, streams
        self._wakers: dict[asyncio.Event, tuple[str, asyncio.AbstractEventLoop]] = {}
        self._counts: Counter[str] = Counter()
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def listen(self, zetel: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be news of a seat. Raises TeVeelStromen."""
        waker = asyncio.Event()
        with self._lock:
            if self.full(zetel):
                raise TeVeelStromen
            self._wakers[waker] = zetel, asyncio.get_running_loop()
            self._counts[zetel] += 1
            self._start()
        try:
            yield waker
        finally:
            with self._lock:
                del self._wakers[waker]
                self._counts[zetel] -= 1

    def full(self, zetel: str) -> bool:
        """Whether one more stream of a seat would be too many."""
        return self._counts[zetel] >= self._of_seat or len(self._wakers) >= self._streams

    def close(self) -> None:
        """Stop the thread, and wake everybody: there will be no more news."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._wake(None)

    @property
    def closed(self) -> bool:
        """Whether streams must end now."""
        return self._stop.is_set()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="omroep", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        at: int | None = None
        while not self._stop.is_set():
            try:
                at = self._notices.laatste() if at is None else at
                head = self._notices.wait(at, WAIT_SECONDS)
                if head > at:
                    self._wake(self._notices.zetels_na(at))
                    at = head
            except Exception:  # the database is away: a stream looks for itself at every heartbeat
                self._stop.wait(RETRY_SECONDS)

    def _wake(self, zetels: set[str] | None) -> None:
        with self._lock:
            waiting = [
                (waker, loop) for waker, (seat, loop) in self._wakers.items() if zetels is None or seat in zetels
            ]
        for waker, loop in waiting:
            try:
                loop.call_soon_threadsafe(waker.set)
            except RuntimeError:
                continue  # its loop has ended, and with it the stream
