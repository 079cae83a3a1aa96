"""Anything that fits the document, and much that does not, from seats of every kind: never a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any, cast
from zlib import crc32

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.openapi import rendered
from hub.access.beleid import Beleid
from tests.api.hub_world import ADDRESS, HubWorld

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: One seat of every kind that exists, each in turn.
SEATS = tuple({seat.type: seat.id for seat in Beleid.laad().instanties.values()}.values())
#: By operation, so that a run is the same run whichever worker does it, and in which order.
turns: dict[str, Iterator[str]] = {}
document = schemathesis.openapi.from_dict(orjson.loads(rendered()))
document.config.update(base_url=f"{ADDRESS}/v1")


@pytest.fixture(scope="module")
def client(hub_app: HubWorld) -> Iterator[asgi.ASGIClient]:
    """One client for all cases."""
    with asgi.get_client(cast("Any", hub_app.app), max_stream_events=1) as client:
        yield client


def turn(operation: str) -> str:
    """The next seat that tries an operation; each operation begins elsewhere in the row."""
    if operation not in turns:
        first = crc32(operation.encode()) % len(SEATS)
        turns[operation] = cycle(SEATS[first:] + SEATS[:first])
    return next(turns[operation])


@document.parametrize()
@settings(
    max_examples=7,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_input_makes_the_hub_fail(case: Any, hub_app: HubWorld, client: asgi.ASGIClient) -> None:
    seat = hub_app.as_seat(turn(case.operation.label))
    case.headers = {**(case.headers or {}), **seat.headers}
    response = case.call(app=hub_app.app, session=client)
    case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize("zetel", SEATS)
def test_every_kind_of_seat_gets_a_conforming_answer_to_every_question_it_may_ask(
    zetel: str, hub_app: HubWorld
) -> None:
    seat = hub_app.as_seat(zetel)
    for path, doel in (
        ("signalen", "zorg-opvang"),
        ("casussen", "riec-handhaving-mensenhandel"),
        ("weigeringen", None),
        ("toestemmingen", None),
        ("overleggen", None),
    ):
        answer = seat.get(f"/{path}", **({"doel": doel} if doel else {}))
        assert answer.status_code == 200, answer.text
