"""The projector: follows the ledger by position and keeps the views, each event exactly once."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import psycopg

from hub.views.folds import Key, Recorded, changes, keys_of
from hub.views.nieuws import Outbox
from hub.views.rows import Stand
from hub.views.sealing import Sealer
from hub.views.store import Store, prepare

#: Events after a position, at most so many, in order.
Reader = Callable[[int, int], Sequence[Recorded]]

BATCH = 2_000
CACHED_STANDS = 10_000
RETRY_SECONDS = 0.5
WAIT_SECONDS = 1.0


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Without the search for cycles: states are trees, and walking them all again and again is half the work."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _moments(batch: Sequence[Recorded]) -> Mapping[int, datetime]:
    return {one.position: one.event.tijdstip for one in batch if one.event is not None}


class AnotherProjector(RuntimeError):
    """This database has a projector already."""


class Projector:
    """Keeps the views of one database. Not thread-safe: one thread uses it.

    `reader`: the decoded ledger. `sealer`: the subject keys. `outbox`: where seats are told of what changed; None:
    nowhere. While a batch is being written the next one is made.
    """

    def __init__(
        self,
        dsn: str,
        reader: Reader,
        sealer: Sealer,
        *,
        outbox: Outbox | None = None,
        batch: int = BATCH,
        cached: int = CACHED_STANDS,
    ) -> None:
        self._dsn, self._reader, self._sealer, self._outbox = dsn, reader, sealer, outbox
        self._batch, self._cached = batch, cached
        self._stands: OrderedDict[Key, Stand] = OrderedDict()
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._store: Store | None = None
        self._position = 0
        self._told: int | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="views")
        self._writing: Future[None] | None = None

    @property
    def position(self) -> int:
        """The last position applied."""
        return self._position

    def run_once(self) -> int:
        """Apply the next batch; durable when this returns. The number of events, 0 when there are none.

        Raises AnotherProjector; psycopg.Error, after which the next call begins at the stored position.
        """
        done = self._step()
        self._guarded(self._settle)
        return done

    def follow(self, stop: threading.Event, wait: Callable[[int, float], object]) -> None:
        """Keep up until `stop`. `wait(position, timeout)` returns when the ledger may hold more.

        Waits for the database when it is away, and for another projector to end.
        """
        while not stop.is_set():
            try:
                if self.run_once() == 0:
                    wait(self._position, WAIT_SECONDS)
            except (psycopg.OperationalError, psycopg.InterfaceError, AnotherProjector):
                stop.wait(RETRY_SECONDS)

    def rebuild(self, progress: Callable[[int, int], None], head: int) -> int:
        """Empty the views and make them anew; a crash on the way leaves a part that `follow` completes.

        `progress(position, head)` is called after every batch. Returns the position reached.
        """
        self._guarded(lambda: self._opened().empty())
        self._stands.clear()
        self._position = 0
        with _no_cycles():
            while self._step():
                progress(self._position, head)
            self._guarded(self._settle)
        return self._position

    def close(self) -> None:
        """Finish the batch being written and let go of the database."""
        self._writer.shutdown()
        if self._connection is not None:
            self._connection.close()
        self._connection = self._store = None

    def _step(self) -> int:
        done: list[int] = []
        self._guarded(lambda: done.append(self._make_batch()))
        return done[0]

    def _guarded(self, work: Callable[[], object]) -> None:
        """After any failure nothing in memory is trusted: the next step begins from the database."""
        try:
            work()
        except BaseException:
            self._forget()
            raise

    def _forget(self) -> None:
        if self._writing is not None:
            self._writing.exception()
        self._writing = None
        self._stands.clear()
        if self._connection is not None:
            self._connection.close()
        self._connection = self._store = None

    def _opened(self) -> Store:
        if self._store is None:
            self._connection = psycopg.connect(self._dsn)
            store = Store(self._connection, self._outbox)
            if not store.try_lock():
                raise AnotherProjector("another projector keeps the views of this database")
            self._position, self._told = store.position(), store.mark()
            self._store = store
        return self._store

    def _make_batch(self) -> int:
        store, before = self._opened(), self._position
        telling = self._told is not None and before >= self._told
        # No batch is told of in part: one that begins below the mark ends there.
        limit = self._batch if self._told is None or telling else min(self._batch, self._told - before)
        batch = [one for one in self._reader(before, limit) if one.position > before]
        if not batch:
            return 0
        batch = [one for _, one in sorted({one.position: one for one in batch}.items())]
        stands = self._needed(store, batch)
        prepared = prepare(changes(batch, stands), self._sealer, _moments(batch) if telling else None)
        self._settle()
        self._writing = self._writer.submit(store.write, prepared, before)
        self._position = prepared.until
        self._told = prepared.until if telling else self._told
        while len(self._stands) > self._cached:
            self._stands.popitem(last=False)
        return len(batch)

    def _needed(self, store: Store, batch: Sequence[Recorded]) -> dict[Key, Stand]:
        needed, old = keys_of(batch)
        missing = [key for key in old if key not in self._stands]
        if missing:
            self._settle()  # a state that left memory may be among the rows that are being written
            self._stands.update(store.load(missing, self._sealer))
        stands: dict[Key, Stand] = {}
        for key in needed:
            stands[key] = self._stands.setdefault(key, Stand(*key))
            self._stands.move_to_end(key)
        return stands

    def _settle(self) -> None:
        if self._writing is not None:
            writing, self._writing = self._writing, None
            writing.result()
