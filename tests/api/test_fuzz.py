"""Anything that fits the document, and much that does not, from seats of every kind: never a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.openapi import rendered
from tests.api.hub_world import HubWorld

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
document = schemathesis.openapi.from_dict(__import__("json").loads(rendered()))
document.config.update(base_url="http://127.0.0.1:8000/v1")


@document.parametrize()
@settings(
    max_examples=7,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_input_makes_the_hub_fail(case: Any, hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(SEATS[hash_of(case) % len(SEATS)])
    case.headers = {**(case.headers or {}), **seat.headers}
    response = case.call(session=hub_app.http)
    case.validate_response(response, checks=CHECKS)


def hash_of(case: Any) -> int:
    """Which seat asks: spread evenly, and the same on every run."""
    return len(repr(case.body)) + len(repr(case.path_parameters)) + len(repr(case.query))
