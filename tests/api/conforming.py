"""Every answer against the published document: an answer that nobody announced is a defect."""

from __future__ import annotations

import re
from typing import Any

import httpx
import jsonschema_rs
import orjson

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Document:
    """The OpenAPI document of a running hub."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._whole = document
        self._paths = {
            re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)): item for path, item in document["paths"].items()
        }
        self._validators: dict[bytes, Any] = {}

    def check(self, response: httpx.Response) -> None:
        """An event hook of httpx. Raises AssertionError."""
        for name, value in HEADERS.items():
            assert response.headers.get(name) == value, f"{response.url}: {name} is {response.headers.get(name)}"
        assert re.fullmatch(r"\d+\.\d+\.\d+", response.headers["api-version"])
        operation = self._operation(response.request)
        if operation is None:
            return
        where = f"{operation['operationId']} {response.status_code}"
        announced = operation["responses"].get(str(response.status_code))
        assert announced is not None, f"{where} is not documented"
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in announced["content"], f"{where}: {media_type} is not documented"
        if media_type.endswith("json"):
            response.read()
            faults = list(self._validator(announced["content"][media_type]["schema"]).iter_errors(response.json()))
            assert not faults, f"{where}: {[(fault.message, fault.instance_path) for fault in faults[:3]]}"

    def _operation(self, request: httpx.Request) -> dict[str, Any] | None:
        path = request.url.path.removeprefix("/v1")
        fits = [item for pattern, item in self._paths.items() if pattern.fullmatch(path)]
        named = [item for item in fits if request.method.lower() in item]
        return dict(named[-1][request.method.lower()]) if named else None

    def _validator(self, schema: dict[str, Any]) -> Any:
        key = orjson.dumps(schema, option=orjson.OPT_SORT_KEYS)
        if key not in self._validators:
            whole = {**schema, "components": self._whole["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]
