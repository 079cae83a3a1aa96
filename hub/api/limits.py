"""What the doors let in: how large, and in which formats.

Formats are read from what the route documents, so that the documentation and the door cannot differ.
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.problems import Problem
from hub.api.problems import MEDIA_TYPE as PROBLEM
from hub.api.problems import problem_for_status, problem_response

JSON = "application/json"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class JsonAnswer(Response):
    """A body already shaped by its view: rendered by orjson, without a second validation."""

    media_type = JSON

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content, option=orjson.OPT_UTC_Z)


class BodyLimit:
    """Refuses bodies over `maximum` bytes with 413 before any of our code reads them.

    Not FastAPI's own limit: that answers in plain text where a route refuses before it reads the body. A body
    without a stated length is taken in whole first, so that the refusal always comes before the work.
    """

    def __init__(self, app: ASGIApp, maximum: int) -> None:
        self._app, self._maximum = app, maximum

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"")
        if length.isdigit():
            if int(length[:20]) > self._maximum:
                await self._refuse(scope, receive, send)
                return
        elif scope["method"] in _WITH_BODY or b"transfer-encoding" in headers:
            taken = await _take(receive, self._maximum)
            if taken is None:
                await self._refuse(scope, receive, send)
                return
            receive = _replay(taken, receive)
        await self._app(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = problem_for_status(413, maximum=self._maximum)
        await problem_response(problem, scope.get("state", {}).get("trace"))(scope, receive, send)


async def _take(receive: Receive, maximum: int) -> list[Message] | None:
    """The messages of one body, None when it grows over `maximum`."""
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > maximum:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            return messages


def _replay(messages: list[Message], receive: Receive) -> Callable[[], Awaitable[Message]]:
    waiting = iter(messages)

    async def replayed() -> Message:
        for message in waiting:
            return message
        return await receive()

    return replayed


class ContractRoute(APIRoute):
    """A route that takes and gives only the formats it documents: else 415 or 406."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle, takes, gives = super().get_route_handler(), self.takes(), self.gives()

        async def checked(request: Request) -> Response:
            if takes and _has_body(request) and not _is_one_of(request.headers.get("content-type"), takes):
                raise _unsupported(takes)
            if not _acceptable(request.headers.get("accept"), gives):
                raise _not_acceptable(gives)
            return await handle(request)

        return checked

    def takes(self) -> frozenset[str]:
        """Media types of the body, empty when the operation has none."""
        documented = (self.openapi_extra or {}).get("requestBody", {}).get("content", {})
        if documented:
            return frozenset(documented)
        if self.body_field is None:
            return frozenset()
        return frozenset({getattr(self.body_field.field_info, "media_type", JSON)})

    def gives(self) -> frozenset[str]:
        """Media types of the answer."""
        documented = {
            media_type
            for status, answer in self.responses.items()
            if str(status).startswith("2")
            for media_type in answer.get("content", {})
        }
        default = getattr(self.response_class, "value", self.response_class)
        own = getattr(default, "media_type", None)
        return frozenset(documented | ({own} if own else set()) or {JSON})


def partner_router(tag: str, prefix: str = "/v1") -> APIRouter:
    """The router for one noun of the partners' API; `tag` groups it in the documentation."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=ContractRoute)


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _has_body(request: Request) -> bool:
    """An empty body has no format; whether it may be absent is for the contract to say."""
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _is_one_of(content_type: str | None, takes: Iterable[str]) -> bool:
    return content_type is not None and _bare(content_type) in takes


def _acceptable(accept: str | None, gives: Iterable[str]) -> bool:
    """RFC 9110, 12.5.1, as far as one answer format needs it: any range with a quality above zero."""
    if not accept:
        return True
    wanted = [_bare(part) for part in accept.split(",") if not _refused(part)]
    for media_type in (*gives, PROBLEM):
        kind = media_type.partition("/")[0]
        if media_type in wanted or f"{kind}/*" in wanted or "*/*" in wanted:
            return True
    return False


def _refused(part: str) -> bool:
    parameters = [parameter.strip().lower() for parameter in part.split(";")[1:]]
    quality = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    return not quality.strip("0.")


def _unsupported(takes: Iterable[str]) -> Problem:
    problem = problem_for_status(415, {"Accept": ", ".join(sorted(takes))})
    return _with_formats(problem, "Dit verzoek neemt", takes)


def _not_acceptable(gives: Iterable[str]) -> Problem:
    return _with_formats(problem_for_status(406), "Dit antwoord bestaat in", gives)


def _with_formats(problem: Problem, sentence: str, formats: Iterable[str]) -> Problem:
    detail = f"{problem.document.detail} {sentence}: {', '.join(sorted(formats))}."
    problem.document = problem.document.model_copy(update={"detail": detail})
    return problem
