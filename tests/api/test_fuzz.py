"""Anything that fits the document, and much that does not, from seats of every kind: never a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

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
from tests.api.hub_world import ADDRESS, HubWorld

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SEATS = (
    "politie.avim@oost-nederland",
    "zc.opvang@ede",
    "gemeente.af-oov@ede",
    "comensha@landelijk",
    "om.ovj-mh@oost-nederland",
    "woningcorporatie@ede",
    "riec.bureau@oost-nederland",
)
document = schemathesis.openapi.from_dict(orjson.loads(rendered()))
document.config.update(base_url=f"{ADDRESS}/v1")


@pytest.fixture(scope="module")
def client(hub_app: HubWorld) -> Iterator[asgi.ASGIClient]:
    """One client for all cases."""
    with asgi.get_client(cast("Any", hub_app.app), max_stream_events=1) as client:
        yield client


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
    seat = hub_app.as_seat(SEATS[hash_of(case) % len(SEATS)])
    case.headers = {**(case.headers or {}), **seat.headers}
    response = case.call(app=hub_app.app, session=client)
    case.validate_response(response, checks=CHECKS)


def hash_of(case: Any) -> int:
    """Which seat asks: spread evenly, and the same on every run."""
    return len(repr(case.body)) + len(repr(case.path_parameters)) + len(repr(case.query))
