"""What a Kafka message says, structured or binary; and what is no CloudEvent gets all its faults and no value back."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cloudevents import CloudEvent
from contracts.problems import Problem
from hub.delivery.kafka_events import event_of
from tests.delivery.kafka_world import MAXIMUM, registration

EVENT = registration("een")
STRUCTURED = [("content-type", b"application/cloudevents+json; charset=UTF-8")]


def binary(**changed: bytes) -> list[tuple[str, bytes | None]]:
    known: dict[str, Any] = {f"ce_{name}": str(value).encode() for name, value in EVENT.items() if name != "data"}
    return list((known | {"content-type": b"application/json"} | changed).items())


@pytest.mark.parametrize("headers", [[], STRUCTURED, [("trace", b"x")]])
def test_structured(headers: list[tuple[str, bytes | None]]) -> None:
    assert event_of(orjson.dumps(EVENT), headers, MAXIMUM) == CloudEvent.model_validate(EVENT)


def test_binary_says_the_same() -> None:
    assert event_of(orjson.dumps(EVENT["data"]), binary(), MAXIMUM) == CloudEvent.model_validate(EVENT)


@pytest.mark.parametrize(
    ("value", "headers", "field"),
    [
        (b"geen json 999900018", [], ""),
        (b"\xff\xfe", STRUCTURED, ""),
        (b"[]", [], ""),
        (b"{}", [], "/specversion"),
        (None, [], ""),
        (b"{", binary(), "/data"),
        (b"[]", binary(), "/data"),
        (b"{}", binary(ce_id=b"999900018 x"), "/id"),
        (b"{}", binary(ce_partitionkey=b"999900018"), "/partitionkey"),
        (b"{}", binary(ce_time=b"\xff"), ""),
        (b"[]", [("content-type", b"application/cloudevents-batch+json")], "header/content-type"),
    ],
)
def test_what_is_no_cloud_event(value: bytes | None, headers: list[tuple[str, bytes | None]], field: str) -> None:
    with pytest.raises(Problem) as refused:
        event_of(value, headers, MAXIMUM)
    document = refused.value.document
    assert document.status == 400
    assert field in [one.veld for one in document.fouten or ()]
    assert "999900018" not in document.model_dump_json()


def test_too_big() -> None:
    with pytest.raises(Problem) as refused:
        event_of(b"x" * (MAXIMUM + 1), [], MAXIMUM)
    assert refused.value.document.status == 413


@given(st.binary(max_size=200), st.lists(st.tuples(st.sampled_from(["ce_id", "ce_specversion", "x"]), st.binary())))
def test_whatever_it_is_it_is_an_event_or_a_problem(value: bytes, headers: list[tuple[str, bytes | None]]) -> None:
    found: CloudEvent | Problem
    try:
        found = event_of(value, headers, MAXIMUM)
    except Problem as problem:
        found = problem
    assert isinstance(found, CloudEvent | Problem)
