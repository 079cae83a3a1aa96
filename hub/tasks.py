"""Work that goes on beside the doors, each in a thread of its own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from hub.log import Log, TaakMislukt, place_of

#: How long is waited for each work to end when its time is over.
STOP_SECONDS = 10.0
#: Goes on until the event is set.
Work = Callable[[threading.Event], object]
#: The same; asks the clock for the moment now, and says `failed(error)` of what it will try again.
Follow = Callable[[threading.Event, Callable[[], datetime], Callable[[Exception], None]], None]
#: Name, seconds between tries, and work.
Task = tuple[str, float, Follow]


@contextmanager
def beside(*works: tuple[str, Work], within: float = STOP_SECONDS) -> Iterator[None]:
    """Every work, by its name, goes on while the context lasts."""
    stop = threading.Event()
    threads = [threading.Thread(target=work, args=(stop,), name=name, daemon=True) for name, work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(within)


@contextmanager
def in_threads(tasks: Sequence[Task], log: Log, clock: Callable[[], datetime]) -> Iterator[None]:
    """Every task goes on while the context lasts; what fails is logged without content, and tried again."""
    with beside(*((one[0], partial(_logged, one, log, clock)) for one in tasks)):
        yield


def _logged(task: Task, log: Log, clock: Callable[[], datetime], stop: threading.Event) -> None:
    taak, seconds, follow = task

    def failed(error: Exception) -> None:
        log.write(TaakMislukt(taak, type(error).__name__, place_of(error), seconds))

    follow(stop, clock, failed)
