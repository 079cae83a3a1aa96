"""One abonnee, put together: a journal, a door, work, and the ways by which notices come in."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from adapters.abonnee import running
from adapters.abonnee.door import Door
from adapters.abonnee.journal import Journal
from adapters.abonnee.receiving import Receiver
from adapters.abonnee.signatures import HubKeys, KeysUnavailable
from adapters.abonnee.streaming import Stream
from adapters.abonnee.working import Work
from adapters.identity import TokenSource
from contracts.message import now_utc

KEYS = "/v1/webhooksleutels"
Told = Callable[[str | None], None]


@dataclass(slots=True)
class Abonnee:
    """One seat's client. Use as a context; the ways that were opened end with it.

    `data`: folder of the journal. `doelen`, `bewaar`: as in Work.
    """

    client: httpx.Client
    tokens: TokenSource
    zetel: str
    data: Path
    doelen: tuple[str, ...]
    bewaar: bool = False
    attempts: int = 6
    door: Door = field(init=False)
    journal: Journal = field(init=False)
    work: Work = field(init=False)
    news: Event = field(init=False, default_factory=Event)
    stop: Event = field(init=False, default_factory=Event)
    _ways: ExitStack = field(init=False, default_factory=ExitStack)

    def __enter__(self) -> Self:
        self.journal = Journal(self.data)
        self._ways.callback(self.journal.close)
        self.door = Door(self.client, self.tokens, self.zetel, time.sleep, self.attempts)
        self.work = Work(self.journal, self.door, doelen=self.doelen, bewaar=self.bewaar)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._ways.close()

    def listen(self, host: str, port: int, autorisatie: str | None = None) -> None:
        """Take webhooks at this address. Raises OSError."""
        keys = HubKeys(partial(published_keys, self.client), now_utc)
        origin = urlsplit(str(self.client.base_url)).hostname or ""
        receiver = Receiver(self.journal, keys, origin=origin, news=self.news, autorisatie=autorisatie)
        self._ways.enter_context(running.listening(receiver, host, port))

    def stream(self) -> None:
        """Follow the seat's stream."""
        stream = Stream(self.door, self.journal, self.news)
        self._follow(partial(stream.follow, self.stop))

    def consume(self, bootstrap: str, topic: str, security: dict[str, Any]) -> None:
        """Follow the seat's topic."""
        # The library of Kafka is slow to load, and most abonnees never need it.
        from kafka.errors import KafkaError  # noqa: PLC0415

        from adapters.abonnee import consuming  # noqa: PLC0415

        def follow() -> None:
            source = consuming.consumer(bootstrap, topic, f"abonnee.{self.zetel.replace('@', '.')}", security)
            try:
                consuming.follow(source, self.journal, self.news, self.stop)
            finally:
                source.close()

        self._follow(follow, KafkaError)

    def keep_working(self, every: float, told: Told) -> None:
        """Do what comes in until stopped; every so many seconds look at the whole feed as well."""
        running.keep_working(self.work, self.stop, self.news, every, told)

    def work_beside(self, every: float) -> None:
        """The same in a thread of its own, until the context ends."""
        self._ways.enter_context(running.beside(partial(self.keep_working, every, lambda wrong: None), "werk"))

    def _follow(self, follow: Callable[[], None], *passing: type[Exception]) -> None:
        kept = partial(running.keep_following, follow, self.stop, passing)
        self._ways.enter_context(running.beside(kept, "volgen"))


def published_keys(client: httpx.Client) -> list[str]:
    """The key with which the hub signs now, and the one it takes over from. Raises KeysUnavailable."""
    try:
        return [str(one["sleutel"]) for one in client.get(KEYS).json()["sleutels"]]
    except (httpx.TransportError, ValueError, KeyError, TypeError) as error:
        raise KeysUnavailable from error
