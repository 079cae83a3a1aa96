"""Waiting for news: followers of the ledger sleep until its head moves, in this process or another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg
from psycopg import sql

CHANNEL = "signaalhub_ledger"
RETRY_SECONDS = 0.5
LISTEN_SECONDS = 1.0


class HeadWatch:
    """The highest position known here, and those who wait for the next one."""

    def __init__(self, head: int = 0) -> None:
        self._head = head
        self._moved = threading.Condition()

    def advance(self, head: int) -> None:
        """Tell the followers of a new head; an older one changes nothing."""
        with self._moved:
            if head > self._head:
                self._head = head
                self._moved.notify_all()

    def wait(self, after: int, timeout: float) -> int:
        """The head, as soon as it is above `after`, or after `timeout` seconds."""
        with self._moved:
            self._moved.wait_for(lambda: self._head > after, timeout)
            return self._head


class Listener:
    """Hears of commits by other processes. Starts at first use; survives the loss of the database."""

    def __init__(self, dsn: str, watch: HeadWatch, read_head: Callable[[], int], channel: str = CHANNEL) -> None:
        self._dsn, self._watch, self._read_head, self._channel = dsn, watch, read_head, channel
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen from now on; heads missed before are read when the connection stands."""
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name=f"{self._channel}-listener", daemon=True)
                    self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._dsn, autocommit=True) as connection:
                    connection.execute(sql.SQL("listen {}").format(sql.Identifier(self._channel)))
                    self._hear(connection)
            except Exception:  # whatever went wrong, the next connection reads the head anew
                time.sleep(RETRY_SECONDS)

    def _hear(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._watch.advance(self._read_head())
        while not self._stop.is_set():
            for notice in connection.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                self._watch.advance(int(notice.payload))
