"""Where the hub's webhooks come in: a small ASGI application that answers only once a notice is in the journal.

Source: NL GOV profile for CloudEvents, webhooks (handshake by OPTIONS); Standard Webhooks 1.0.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from hmac import compare_digest
from sqlite3 import Error as DatabaseError
from threading import Event
from typing import Any, NamedTuple

from pydantic import ValidationError

from adapters.abonnee.journal import Journal
from adapters.abonnee.notices import CLOUDEVENT, Bericht
from adapters.abonnee.signatures import HubKeys, KeysUnavailable, Unsigned

MAX_BODY_BYTES = 64 * 1024
#: Deliveries a minute that we say we can take.
RATE = 60_000

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Answer(NamedTuple):
    """A status and headers; there is never a body."""

    status: int
    headers: dict[str, str]


class Receiver:
    """The callback of one subscription, as ASGI. `origin`: host of the hub, the only one that may call.

    `autorisatie`: what the hub must send as Authorization, if we gave it any. `news`: set when something came in.
    """

    def __init__(
        self, journal: Journal, keys: HubKeys, *, origin: str, news: Event, autorisatie: str | None = None
    ) -> None:
        self._journal, self._keys, self._origin, self._news = journal, keys, origin, news
        self._autorisatie = autorisatie

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        answer = await self._answer(scope["method"], headers, receive)
        listed = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": listed})
        await send({"type": "http.response.body", "body": b""})

    def handshake(self, headers: dict[str, str]) -> Answer:
        """Whether this origin may deliver here, and how fast; silence about it is a refusal."""
        if headers.get("webhook-request-origin", "") != self._origin:
            return Answer(403, {})
        asked = headers.get("webhook-request-rate", "")
        rate = min(int(asked), RATE) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 10 else RATE
        return Answer(
            200, {"WebHook-Allowed-Origin": self._origin, "WebHook-Allowed-Rate": str(rate), "Allow": "POST, OPTIONS"}
        )

    def take(self, headers: dict[str, str], body: bytes) -> Answer:
        """Keep a notice. 204: it is in the journal, now or before. Anything else: the hub must send it again."""
        if self._autorisatie is not None and not _same(headers.get("authorization", ""), self._autorisatie):
            return Answer(401, {})
        if headers.get("content-type", "").partition(";")[0].strip().lower() != CLOUDEVENT:
            return Answer(415, {"Accept": CLOUDEVENT})
        try:
            id = self._keys.verify(headers, body)
            bericht = Bericht.model_validate_json(body)
        except Unsigned:
            return Answer(401, {})
        except ValidationError:
            return Answer(400, {})
        except KeysUnavailable:
            return Answer(503, {"Retry-After": "30"})
        if str(bericht.id) != id.lower():
            return Answer(400, {})
        try:
            self._journal.ontvang([bericht])
        except DatabaseError:
            return Answer(503, {"Retry-After": "30"})
        self._news.set()
        return Answer(204, {})

    async def _answer(self, method: str, headers: dict[str, str], receive: Receive) -> Answer:
        if method == "OPTIONS":
            return self.handshake(headers)
        if method != "POST":
            return Answer(405, {"Allow": "POST, OPTIONS"})
        body = await _body(receive)
        if body is None:
            return Answer(413, {})
        return await asyncio.to_thread(self.take, headers, body)


async def _body(receive: Receive) -> bytes | None:
    """The whole body, None where it is larger than a notice can be."""
    taken = b""
    while True:
        message = await receive()
        taken += bytes(message.get("body", b""))
        if len(taken) > MAX_BODY_BYTES:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            return taken


def _same(given: str, known: str) -> bool:
    return compare_digest(given.encode(), known.encode())
