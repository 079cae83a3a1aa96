"""The published document: made from the routes, the same as the file, and to the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from deploy import check_openapi
from deploy.openapi import FILE, main, rendered
from tests.api.hub_world import HubWorld

DOCUMENT: dict[str, Any] = orjson.loads(rendered())
OPERATIONS = [
    (f"{method} {path}", operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in ("get", "post", "put", "patch", "delete")
]
each = pytest.mark.parametrize("operation", [one for _, one in OPERATIONS], ids=[name for name, _ in OPERATIONS])


def schemas(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from schemas(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from schemas(inner)


def test_the_file_is_what_the_routes_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_a_running_hub_has_no_other_routes_than_the_file(hub_app: HubWorld) -> None:
    running = hub_app.http.get("/v1/openapi.json")
    assert running.headers["access-control-allow-origin"] == "*"
    assert running.json()["paths"] == orjson.loads(FILE.read_bytes())["paths"]
    assert running.json()["components"]["schemas"] == orjson.loads(FILE.read_bytes())["components"]["schemas"]


def test_the_file_conforms_to_the_api_design_rules() -> None:
    assert check_openapi.main([str(FILE)]) == check_openapi.CONFORMS


@each
def test_every_operation_is_described_with_its_version_and_its_problems(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["operationId"]
    assert "422" not in operation["responses"]
    for status, answer in operation["responses"].items():
        assert answer["description"] != "Successful Response"
        if status.startswith("2"):
            assert "API-Version" in answer["headers"]
            assert answer["content"]
        else:
            assert list(answer["content"]) == ["application/problem+json"]


@each
def test_every_answer_has_a_shape(operation: dict[str, Any]) -> None:
    for answer in operation["responses"].values():
        for media in answer["content"].values():
            assert media["schema"].get("$ref") or media["schema"].get("type")


def test_every_reference_resolves_and_every_schema_is_used() -> None:
    named = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    used = {part["$ref"] for part in schemas(DOCUMENT) if "$ref" in part}
    assert used == named


def test_every_operation_has_its_own_id() -> None:
    ids = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))
