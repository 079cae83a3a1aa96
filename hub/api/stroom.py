"""Server-sent events: each batch on record before it leaves, nothing kept for a reader that is slow.

Source: WHATWG HTML, 9.2 (server-sent events).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, Self

import anyio
import anyio.to_thread
import orjson
from anyio.lowlevel import RunVar
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from contracts.problems import Problem
from hub.api.identity import Zetelhouder
from hub.api.problems import problem_response
from hub.delivery.feed import Beurt
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.delivery.omroep import Omroep, TeVeelStromen
from hub.ledger.database import STORE_AWAY

MEDIA_TYPE = "text/event-stream"
BATCH = 100
#: A reader that takes longer to take one batch is cut off; it comes again with its cursor.
SEND_SECONDS = 30.0
RETRY_MILLISECONDS = 3_000
#: So many streams look into the database at once; the others wait, without a thread.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Stroomduur:
    """How long a stream lasts, and how often a silent one says that it is there; seconds."""

    stroom: float = 3_600.0
    hartslag: float = 15.0


class StreamServices(Protocol):
    """What a stream needs of the services of the hub."""

    @property
    def omroep(self) -> Omroep: ...

    @property
    def stroomduur(self) -> Stroomduur: ...

    @property
    def kondig_aan(self) -> Callable[[Gebeurtenis], dict[str, Any]]: ...


Right = Callable[[], Awaitable[Zetelhouder]]
Turn = Callable[[Zetelhouder, int, int], Beurt]
_limiter: RunVar[anyio.CapacityLimiter] = RunVar("stroom")


class Stroom(Response):
    """One stream. `right`: asked before each batch, raises Problem; `turn`: what leaves next, on record already."""

    media_type = MEDIA_TYPE

    def __init__(
        self, services: StreamServices, zetel: str, begin: int, right: Right, turn: Turn, first: Beurt
    ) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._services, self._zetel, self._at = services, zetel, begin
        self._right, self._turn, self._first = right, turn, first

    @classmethod
    async def begun(cls, services: StreamServices, who: Zetelhouder, begin: int, right: Right, turn: Turn) -> Self:
        """A stream whose first batch is there, so that what is wrong with the request is answered as a problem."""
        if services.omroep.full(who.zetel):
            raise _too_many()
        first = await in_thread(turn, who, begin, BATCH)
        return cls(services, who.zetel, begin, right, turn, first)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ends with `event: einde` where the right ends, in silence where the reader or the hub goes."""
        try:
            with self._services.omroep.listen(self._zetel) as waker:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                await self._until_gone(receive, send, waker)
        except TeVeelStromen:  # another stream came first
            await problem_response(_too_many(), scope.get("state", {}).get("trace"))(scope, receive, send)

    async def _until_gone(self, receive: Receive, send: Send, waker: asyncio.Event) -> None:
        gone = asyncio.create_task(_gone(receive, waker))
        try:
            with suppress(TimeoutError, OSError):
                await self._flow(send, waker, gone)
                await _sent(send, b"", more=False)
        finally:
            gone.cancel()

    async def _flow(self, send: Send, waker: asyncio.Event, gone: asyncio.Task[None]) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._services.stroomduur.stroom
        await _sent(send, f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        turn = self._first
        waker.set()  # what came after the first batch was made, and before this listened
        while True:
            if turn.volgende > self._at:
                await _sent(send, b"".join(self._lines(turn)))
                self._at = turn.volgende
            else:
                await self._quiet(send, waker, until - loop.time())
            if gone.done() or self._services.omroep.closed or loop.time() >= until:
                return
            waker.clear()
            try:
                holder = await self._right()
                turn = await in_thread(self._turn, holder, self._at, BATCH)
            except Problem as problem:
                await _sent(send, b"event: einde\ndata: %d\n\n" % problem.document.status)
                return
            except STORE_AWAY:
                await _sent(send, b"event: einde\ndata: 503\n\n")
                return

    async def _quiet(self, send: Send, waker: asyncio.Event, left: float) -> None:
        """Until there may be news, or a heartbeat later."""
        with suppress(TimeoutError):
            await asyncio.wait_for(waker.wait(), max(0.0, min(self._services.stroomduur.hartslag, left)))
        if not waker.is_set():
            await _sent(send, b": hartslag\n\n")

    def _lines(self, turn: Beurt) -> Iterator[bytes]:
        for one in turn.gebeurtenissen:
            yield b"id: %d\ndata: %b\n\n" % (one.nummer, orjson.dumps(self._services.kondig_aan(one)))
        last = turn.gebeurtenissen[-1].nummer if turn.gebeurtenissen else 0
        if turn.volgende > last:
            # Without data nothing is told, but the reader goes on from here when it comes again.
            yield b"id: %d\n\n" % turn.volgende


def _too_many() -> Problem:
    detail = "Deze zetel heeft te veel stromen open; sluit er een, of haal gebeurtenissen op met een cursor."
    return Problem("te-veel-stromen", 429, "Te veel stromen", detail, headers={"Retry-After": "60"})


async def in_thread(turn: Turn, holder: Zetelhouder, at: int, aantal: int) -> Beurt:
    """The next batch, off the event loop."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(AT_ONCE)
        _limiter.set(limiter)
    return await anyio.to_thread.run_sync(turn, holder, at, aantal, limiter=limiter)


async def _sent(send: Send, body: bytes, more: bool = True) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def _gone(receive: Receive, waker: asyncio.Event) -> None:
    """Until the reader goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    waker.set()
