"""What holds of every operation, read from the document, so that a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from deploy.openapi import rendered
from hub.api.identity import SCOPES
from tests.api.conforming import HEADERS
from tests.api.hub_world import BATCH, NOBODY, HubWorld, Seat

DOCUMENT: dict[str, Any] = orjson.loads(rendered())
ZETEL = "zc.opvang@ede"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield method, path, item[method]


ALL = list(operations())
GUARDED = [one for one in ALL if one[2].get("security")]
OPEN = {"/openapi.json", "/controlepunten/{logboek}", "/controlepunten/{logboek}/bewijzen/{index}"}
OPEN |= {"/controlepunten/{logboek}/groeibewijzen", "/controlepunten"}
OPEN |= {"/controlepunten/{logboek}/bewijzen/{index}/bestand", "/webhooksleutels"}
guarded = pytest.mark.parametrize(
    ("method", "path", "operation"), GUARDED, ids=[f"{method} {path}" for method, path, _ in GUARDED]
)


def ask(hub_app: HubWorld, method: str, path: str, headers: dict[str, str]) -> Any:
    url = "/v1" + path.replace("{logboek}", "grootboek").replace("{index}", "0")
    url = re.sub(r"\{[^}]+\}", str(NOBODY), url)
    kind = BATCH if "aanleveringen" in path else "application/json"
    content = b"{}" if method == "post" else None
    query = {"doel": "zorg-opvang"} if method == "get" else {}
    return hub_app.http.request(
        method, url, params=query, content=content, headers={**headers, **({"Content-Type": kind} if content else {})}
    )


def test_only_proofs_and_the_document_are_open_to_all() -> None:
    assert {path for _, path, operation in ALL if not operation.get("security")} == OPEN


@guarded
def test_without_a_token_every_operation_is_401(
    hub_app: HubWorld, method: str, path: str, operation: dict[str, Any]
) -> None:
    before = hub_app.looks(), hub_app.hub.store.head()
    answer = ask(hub_app, method, path, {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert (hub_app.looks(), hub_app.hub.store.head()) == before


@guarded
def test_with_every_other_scope_every_operation_is_403(
    hub_app: HubWorld, method: str, path: str, operation: dict[str, Any]
) -> None:
    ((scope,),) = (needed["oauthNlGov"] for needed in operation["security"])
    others: Seat = hub_app.as_seat(ZETEL, *sorted(SCOPES.keys() - {scope}))
    before = hub_app.looks()
    answer = ask(hub_app, method, path, dict(others.headers))
    assert answer.status_code == 403
    assert f'scope="{scope}"' in answer.headers["www-authenticate"]
    written = orjson.loads(hub_app.last_look())
    assert hub_app.looks() == before + 1
    assert (written["zetel"], written["vraag"], written["resultaat"]) == (ZETEL, path[1:], "geweigerd")


@guarded
def test_with_the_scope_every_operation_answers_something_it_documents(
    hub_app: HubWorld, method: str, path: str, operation: dict[str, Any]
) -> None:
    ((scope,),) = (needed["oauthNlGov"] for needed in operation["security"])
    before = hub_app.looks()
    answer = ask(hub_app, method, path, dict(hub_app.as_seat(ZETEL, scope).headers))
    assert answer.status_code in {200, 201, 400, 403, 404}
    if answer.status_code in {403, 404}:
        assert hub_app.looks() == before + 1
        assert orjson.loads(hub_app.last_look())["resultaat"] == "geweigerd"


@pytest.mark.parametrize("path", ["/v1/bestaat-niet", "/v1/signalen/geen-uuid", "/geheel-elders"])
def test_what_is_no_route_has_the_headers_too(hub_app: HubWorld, path: str) -> None:
    answer = hub_app.http.get(path)
    assert answer.status_code in {401, 404}
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["content-type"] == "application/problem+json"


def test_another_organisations_seat_is_refused(hub_app: HubWorld) -> None:
    issuer = hub_app.services.issuer
    assert issuer is not None
    oin = hub_app.as_seat("jeugdzorg@ede").oin
    token = issuer.access_token(f"{oin}:proef", oin, ZETEL, tuple(SCOPES))
    answer = hub_app.http.get(
        "/v1/signalen", params={"doel": "zorg-opvang"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 403
