"""Work that goes on beside the doors, each in a thread of its own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from hub.log import Log, TaakMislukt, place_of

#: Goes on until `stop`; asks the clock for the moment now, and says `failed(error)` of what it will try again.
Follow = Callable[[threading.Event, Callable[[], datetime], Callable[[Exception], None]], None]
#: Name, seconds between tries, and work.
Task = tuple[str, float, Follow]


@contextmanager
def in_threads(tasks: Sequence[Task], log: Log, clock: Callable[[], datetime]) -> Iterator[None]:
    """Every task goes on while the context lasts; what fails is logged without content, and tried again."""
    stop = threading.Event()

    def failed(taak: str, seconds: float, error: Exception) -> None:
        log.write(TaakMislukt(taak, type(error).__name__, place_of(error), seconds))

    threads = [
        threading.Thread(target=follow, args=(stop, clock, partial(failed, taak, seconds)), name=taak, daemon=True)
        for taak, seconds, follow in tasks
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)
