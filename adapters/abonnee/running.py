"""An abonnee that keeps going: notices come in on one side, are done on the other, and the hub may be away."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import httpx
import uvicorn

from adapters.abonnee.door import Unreadable
from adapters.abonnee.working import Work
from adapters.delivery import HubUnreachable
from adapters.identity import NotAuthorised

#: How long a gap may last before the feed is asked, and how long to wait after a failure.
PATIENCE_SECONDS = 1.0
#: What passes by itself: the hub or the network is away, or busy.
PASSING = (HubUnreachable, httpx.TransportError)
#: What needs a person, though trying again does no harm.
LASTING = (NotAuthorised, Unreadable)


def keep_working(
    work: Work, stop: threading.Event, news: threading.Event, every: float, told: Callable[[str | None], None]
) -> None:
    """Do what comes in until `stop` is set. `every`: seconds between two looks at the whole feed, whatever came in.

    `told` hears after each round what is wrong, None where nothing is.
    """
    looked = -every
    while not stop.is_set():
        news.clear()
        try:
            if monotonic() - looked >= every:
                work.catch_up()
                looked = monotonic()
            work.round(lambda: told(None))
            work.fill_gaps(PATIENCE_SECONDS)
            told(None)
        except PASSING:
            told("de hub is niet bereikbaar")
            stop.wait(PATIENCE_SECONDS)
        except LASTING as error:
            told(str(error))
            stop.wait(PATIENCE_SECONDS)
        news.wait(PATIENCE_SECONDS)


def keep_following(follow: Callable[[], None], stop: threading.Event, passing: tuple[type[Exception], ...]) -> None:
    """Follow a channel again whenever it ends, until `stop` is set. `passing`: failures of the channel's own kind."""
    expected: tuple[type[Exception], ...] = (*PASSING, *LASTING, *passing)
    while not stop.is_set():
        try:
            follow()
        except expected:
            stop.wait(PATIENCE_SECONDS)


@contextmanager
def stoppable() -> Iterator[None]:
    """Ctrl-C and the word of who runs services (SIGTERM) raise KeyboardInterrupt while the context lasts.

    Also where SIGINT was ignored from the start, as a shell does with what its scripts start in the background.
    """
    before = {one: signal.signal(one, signal.default_int_handler) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def beside(work: Callable[[], None], name: str) -> Iterator[None]:
    """Something that runs in a thread while the context lasts; who sets its stop, ends it."""
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join(timeout=5)


@contextmanager
def listening(app: Callable[..., object], host: str, port: int) -> Iterator[None]:
    """A server for webhooks while the context lasts. Raises OSError where the address is taken."""
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, server_header=False)
    )
    thread = threading.Thread(target=server.run, name="ontvangst", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    if not server.started:
        raise OSError("op dit adres kan niet worden geluisterd")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=5)
