"""A refusal at a door leaves a record too, like every answer to a known seat; without it the answer is 503.

Source: BIO2 8.15.01; Wpg art. 32a.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from contracts.problems import Problem
from hub.api.headers import route_of
from hub.api.identity import Zetelhouder
from hub.api.records import write_access
from hub.audit.access import Handeling

#: What is refused to a known seat. A faulty message (400) was never an attempt at anything.
RECORDED = frozenset({403, 404, 409})
_ZETEL = re.compile(r"[a-z0-9.-]{1,60}@[a-z0-9-]{1,60}")
GEEN_ZETEL = "onbekend@onbekend"
_DOEL = re.compile(r"[a-z-]{1,60}")
_PREFIX = re.compile(r"^/v\d+/")
_COLLECTING = frozenset({("POST", "/v1/signalen"), ("POST", "/v1/aanleveringen")})


async def record_refusal(request: Request, problem: Problem) -> Problem:
    """The problem as it may leave: itself, or 503 where its record cannot be written."""
    who: Zetelhouder | None = request.scope["state"].get("zetelhouder")
    if who is None or who.logged or problem.document.status not in RECORDED:
        return problem
    try:
        await run_in_threadpool(_write, request, who)
    except Problem as unrecorded:
        return unrecorded
    return problem


def _write(request: Request, claimed: Zetelhouder) -> None:
    # A token may claim what is no seat, or two at once; that is refused, and no seat is blamed for it.
    who = claimed if _ZETEL.fullmatch(claimed.zetel) else replace(claimed, zetel=GEEN_ZETEL)
    route, doel = route_of(request.scope), request.query_params.get("doel", "")
    write_access(
        request.app.state.services,
        who,
        vraag=_PREFIX.sub("", route),
        doel=doel if _DOEL.fullmatch(doel) else "",
        objecten=_named(request),
        resultaat="geweigerd",
        handeling=_kind(request.method, route),
        ontvangers=(),
    )


def _kind(method: str, route: str) -> Handeling:
    if method == "GET" or route.rpartition("/")[2].startswith("_"):
        return "raadplegen"
    return "verzamelen" if (method, route) in _COLLECTING else "wijzigen"


def _named(request: Request) -> Iterator[str]:
    """What the path names, as far as it is an identifier: `signaal:<id>`."""
    for name, value in request.path_params.items():
        try:
            yield f"{name.removesuffix('Id')}:{UUID(str(value))}"
        except ValueError:
            continue
