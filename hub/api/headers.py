"""The shell around every answer: trace, version, security headers, and a last net for faults of ours.

Pure ASGI: one pass over the headers per request. Source: NL API Design Rules 2.1, /core/version-header,
/core/transport/security-headers; W3C Trace Context.
"""

import re
import secrets
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.api.problems import problem_for_status, problem_response
from hub.log import Log, VerzoekAfgehandeld, VerzoekMislukt, place_of

API_VERSION = "0.1.0"

SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
EVERY_ANSWER = ((b"api-version", API_VERSION.encode()), *SECURITY_HEADERS)
#: A page may name a stricter policy of its own, as long as it still refuses to be framed.
_OWN_POLICY = b"content-security-policy"
#: What is named by its own digest, and holds nothing of anybody, may be kept.
KEPT = (b"cache-control", b"public, max-age=31536000, immutable")

_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


class AnswerBroken(Exception):
    """The answer had begun when a fault of ours arose; the connection is cut. Holds nothing of the fault."""


def trace_id(headers: list[tuple[bytes, bytes]]) -> str:
    """The trace of the caller (one valid `traceparent`), else a new one: 32 hexadecimal digits."""
    return trace_context(headers)[0]


def trace_context(headers: list[tuple[bytes, bytes]]) -> tuple[str, str]:
    """The trace and the span of the caller, 32 and 16 hexadecimal digits; else a new trace and an empty span."""
    given = [value for name, value in headers if name == b"traceparent"]
    if len(given) == 1 and (found := _TRACEPARENT.fullmatch(given[0].strip())):
        version, trace, parent, _, rest = found.groups()
        whole = version != b"ff" and not (version == b"00" and rest)
        if whole and trace.strip(b"0") and parent.strip(b"0"):
            return trace.decode(), parent.decode()
    return secrets.token_hex(16), ""


class Shell:
    """The outermost layer. Nothing that fails inside shows more than a trace id."""

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises AnswerBroken."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace, parent = trace_context(scope["headers"])
        scope.setdefault("state", {}).update(trace=trace, ouder=parent)
        answer = _Answer(send)
        begin = time.perf_counter()
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:  # the last net
            self._log.write(VerzoekMislukt(fout=type(error).__name__, plaats=place_of(error), trace=trace))
            if answer.status:
                raise AnswerBroken from None
            await problem_response(problem_for_status(500), trace)(scope, receive, answer.send)
        finally:
            spent = round((time.perf_counter() - begin) * 1000, 3)
            self._log.write(VerzoekAfgehandeld(scope["method"], route_of(scope), answer.status, spent, trace))


def route_of(scope: Scope) -> str:
    """The template of the route, never the path: a path may hold what a log may not."""
    effective = scope.get("fastapi", {}).get("effective_route_context")
    route: Any = effective or scope.get("route")
    return str(getattr(route, "path", "geen"))


class _Answer:
    """Sends on and completes the headers. `status`: 0 until the answer begins."""

    __slots__ = ("_send", "status")

    def __init__(self, send: Send) -> None:
        self._send, self.status = send, 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = _completed(message.get("headers", ()))
        await self._send(message)


def _completed(given: Any) -> list[tuple[bytes, bytes]]:
    own = [(name.lower(), value) for name, value in given]
    policy = [value for name, value in own if name == _OWN_POLICY and b"frame-ancestors 'none'" in value]
    changed = {_OWN_POLICY: policy[0]} if policy else {}
    if KEPT in own:
        changed[KEPT[0]] = KEPT[1]
    reserved = {name for name, _ in EVERY_ANSWER}
    kept = [(name, value) for name, value in own if name not in reserved]
    return [*kept, *((name, changed.get(name, value)) for name, value in EVERY_ANSWER)]
