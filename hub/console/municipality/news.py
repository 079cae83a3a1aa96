"""What changes for a hat: the news as it comes, and the cases it takes part in with what last happened in each."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.types import Receive, Scope, Send

from hub.api.identity import INNER, Aanwezige
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.reading import Doel, frame_of, purpose
from hub.console.page.visit import Visit, pages

Na = Annotated[int | None, Query(ge=0, le=2**53)]
PAGE, CASES = 50, 20
#: What became of a thing, by the word of the notice.
ACTIES = {"create": "nieuw", "update": "veranderd", "destroy": "weg"}
STREAM = "/v1/gebeurtenissen/stroom"


def router() -> APIRouter:
    """The news and its stream."""
    routes = pages()
    for add in (_news, _stream):
        add(routes)
    return routes


def _news(routes: APIRouter) -> None:
    @routes.get("/nieuws")
    async def news(visit: Visitor, na: Na = None, doel: Doel = None) -> Response:
        """Oldest first after a cursor; without one what came last."""
        newest, chosen = "true" if na is None else None, purpose(visit, doel)
        found = await visit.doors.get("gebeurtenissen", na=na, nieuwste=newest, aantal=PAGE)
        return visit.page(
            "nieuws.html",
            "Nieuws",
            nieuws=found["gebeurtenissen"],
            volgende=found["volgende"],
            laatst={one["data"]["resourceUrl"].rpartition("/")[2]: one["time"] for one in found["gebeurtenissen"]},
            acties=ACTIES,
            casussen=await _cases(visit, chosen),
            **frame_of(visit, chosen),
        )


async def _cases(visit: Visit, doel: str) -> list[Any]:
    """The cases this hat takes part in, the latest changed first; none where it may not ask."""
    try:
        found: list[Any] = (await visit.doors.get("casussen", doel=doel, aantal=CASES))["casussen"]
    except Refused:
        return []
    return found


def _stream(routes: APIRouter) -> None:
    @routes.get("/nieuws/stroom")
    async def stream(visit: Visitor, request: Request, na: int = 0) -> Response:
        _ = visit.doors
        return _Through(visit, na, request.headers.get("last-event-id", ""))


class _Through(Response):
    """The stream of the API, as the person in her hat has it; it ends with her right to it."""

    def __init__(self, visit: Visit, na: int, last: str) -> None:
        super().__init__()
        self._visit, self._na, self._last = visit, na, last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sessie = self._visit.sessie
        headers = [(b"accept", b"text/event-stream")]
        if self._last.isdigit():
            headers.append((b"last-event-id", self._last.encode()))
        inner = {
            "type": "http",
            "asgi": scope.get("asgi", {"version": "3.0"}),
            "http_version": "1.1",
            "method": "GET",
            "scheme": scope["scheme"],
            "path": STREAM,
            "raw_path": STREAM.encode(),
            "query_string": f"na={self._na}".encode(),
            "root_path": "",
            "headers": headers,
            "client": scope.get("client"),
            "server": scope.get("server"),
            INNER: Aanwezige(sessie.sub, sessie.zetel, self._visit.lasts),
        }
        await self._visit.console.app(inner, receive, send)
