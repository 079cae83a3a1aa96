"""The partners' API, asked by a person at the console: the same checks, the same records, and no second way in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.api.identity import INNER, Aanwezige

API = "http://hub.console/v1"


class Refused(Exception):
    """The API did not do it. `problem`: its problem document, RFC 9457."""

    def __init__(self, problem: Mapping[str, Any], status: int) -> None:
        super().__init__(str(problem.get("title", status)))
        self.problem, self.status = problem, status


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
        return await self._ask("GET", path, params=[*_pairs(query)])

    async def post(self, *path: object, body: Any) -> Any:
        """Have something done. Raises Refused."""
        content = orjson.dumps(body)
        return await self._ask("POST", path, content=content, headers={"content-type": "application/json"})

    async def _ask(self, method: str, path: tuple[object, ...], **more: Any) -> Any:
        url = "/".join((API, *(quote(str(part), safe="") for part in path)))
        headers = dict(more.pop("headers", {})) | ({"traceparent": self.traceparent} if self.traceparent else {})
        transport = httpx.ASGITransport(self._inside, client=(self.origin, 0))
        async with httpx.AsyncClient(transport=transport) as client:
            answer = await client.request(method, url, headers=headers, **more)
        content = orjson.loads(answer.content) if answer.content else None
        if answer.status_code >= 400:
            raise Refused(content if isinstance(content, dict) else {}, answer.status_code)
        return content

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """No header can set this key: it exists only on a request that was made here."""
        scope[INNER] = self.who
        await self.app(scope, receive, send)


def _pairs(query: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            if one is not None:
                yield name, str(one)
