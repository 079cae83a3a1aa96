"""The partners' API, asked by a person at the console: the same checks, the same records, and no second way in."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlencode

import orjson
from starlette.types import ASGIApp, Message

from hub.api.identity import INNER, Aanwezige

API = "/v1"
HOST = ("hub.console", None)


class Refused(Exception):
    """The API did not do it. `problem`: its problem document, RFC 9457."""

    def __init__(self, problem: Mapping[str, Any], status: int) -> None:
        super().__init__(str(problem.get("title", status)))
        self.problem, self.status = problem, status


@dataclass(slots=True)
class _Exchange:
    """One question and its answer, as ASGI has them. `sent`: the body of the question."""

    sent: bytes
    status: int = 0
    content: bytes = b""
    _asked: bool = False
    _whole: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> Message:
        if self._asked:
            await self._whole.wait()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": self.sent, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.content += message.get("body", b"")
        if not message.get("more_body"):
            self._whole.set()


@dataclass(frozen=True, slots=True)
class Doors:
    """The API for one person in one seat, asked within this process.

    `origin`: network address of the browser. `trace`: W3C traceparent of the request for the page.
    """

    app: ASGIApp
    who: Aanwezige
    origin: str
    traceparent: str = ""

    async def get(self, *path: object, **query: object) -> Any:
        """What the API answers. `path`: its parts; `query`: without None; a list is said in turn. Raises Refused."""
        return _read(await self._ask("GET", path, urlencode([*_pairs(query)])))

    async def document(self, *path: object, **query: object) -> bytes:
        """The same where the answer is a document and no data. Raises Refused."""
        return await self._ask("GET", path, urlencode([*_pairs(query)]))

    async def made(self, *path: object, body: Any) -> bytes:
        """Have a document made. Raises Refused."""
        return await self._ask("POST", path, "", orjson.dumps(body))

    async def post(self, *path: object, body: Any) -> Any:
        """Have something done. Raises Refused."""
        return _read(await self._ask("POST", path, "", orjson.dumps(body)))

    async def _ask(self, method: str, path: tuple[object, ...], query: str, sent: bytes = b"") -> bytes:
        raw = "/".join((API, *(quote(str(part), safe="") for part in path)))
        exchange = _Exchange(sent)
        # No client of HTTP in between: for each question it looked in vain for an event loop of another make.
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(raw),
            "raw_path": raw.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": self._headers(sent),
            "client": (self.origin, 0),
            "server": HOST,
            # No header can set this key: it exists only on a request that was made here.
            INNER: self.who,
        }
        await self.app(scope, exchange.receive, exchange.send)
        if exchange.status >= 400:
            problem = _read(exchange.content)
            raise Refused(problem if isinstance(problem, dict) else {}, exchange.status)
        return exchange.content

    def _headers(self, sent: bytes) -> list[tuple[bytes, bytes]]:
        headers = [(b"host", HOST[0].encode()), (b"accept", b"*/*")]
        if self.traceparent:
            headers.append((b"traceparent", self.traceparent.encode()))
        if sent:
            headers += [(b"content-type", b"application/json"), (b"content-length", str(len(sent)).encode())]
        return headers


def _read(content: bytes) -> Any:
    return orjson.loads(content) if content else None


def _pairs(query: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            if one is not None:
                yield name, str(one)
