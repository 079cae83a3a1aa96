"""Notices by server-sent events: one connection that stays open, taken up again where the journal was.

Source: WHATWG HTML, server-sent events.
"""

from collections.abc import Iterable, Iterator
from threading import Event
from typing import NamedTuple

import httpx

from adapters.abonnee.door import Door, Unreadable
from adapters.abonnee.journal import Journal
from adapters.abonnee.notices import Bericht

STREAM = "/v1/gebeurtenissen/stroom"
MEDIA_TYPE = "text/event-stream"
#: The hub lets something be heard more often than this, if only a comment.
SILENCE_SECONDS = 60.0


class Sent(NamedTuple):
    """One event of a stream. `id`: where to go on after it; `kind`: its name, `message` where it has none."""

    id: str
    kind: str
    data: str


def events(lines: Iterable[str]) -> Iterator[Sent]:
    """The events in the lines of a stream; one that was cut off is not there."""
    id, kind, data = "", "", list[str]()
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield Sent(id, kind or "message", "\n".join(data))
            kind, data = "", []
        elif name == "data":
            data.append(value)
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value:
            id = value


class Stream:
    """Follows the stream of one seat into the journal."""

    def __init__(self, door: Door, journal: Journal, news: Event) -> None:
        self._door, self._journal, self._news = door, journal, news

    def follow(self, stop: Event) -> None:
        """Read until the connection ends or `stop` is set. Raises httpx.TransportError, NotAuthorised, Unreadable."""
        headers = {**self._door.headers(), "Accept": MEDIA_TYPE, "Last-Event-ID": str(self._journal.cursor())}
        timeout = httpx.Timeout(30, read=SILENCE_SECONDS)
        with self._door.client.stream("GET", STREAM, headers=headers, timeout=timeout) as answer:
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                self._door.tokens.forget(self._door.zetel)
                return
            if answer.status_code == httpx.codes.GONE:
                # We were away too long: from the oldest that is kept.
                self._journal.ontvang([], 0)
                return
            if not answer.is_success:
                raise Unreadable(f"de hub weigert de stroom (status {answer.status_code})")
            for one in events(answer.iter_lines()):
                self._take(one)
                if stop.is_set():
                    return

    def _take(self, sent: Sent) -> None:
        """A notice; anything else, such as a word that the stream ends, is passed over."""
        try:
            bericht = Bericht.model_validate_json(sent.data)
            cursor = int(sent.id)
        except ValueError:
            return
        self._journal.ontvang([bericht], cursor)
        self._news.set()
