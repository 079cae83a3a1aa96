"""Somebody with a browser that runs no scripts: she signs in, chooses a hat, and reads pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

import httpx
from fastapi.testclient import TestClient

from tests.api.hub_world import ADDRESS, HubWorld

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ADDRESS}
_KEY = re.compile(r'name="sleutel" value="([^"]+)"')


@dataclass(slots=True)
class Browser:
    """A browser of one person; cookies and redirects as browsers do them."""

    http: TestClient

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.http.get(f"/console{path}", params=query)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page that is open, with its key."""
        found = _KEY.search(self.get("/pet").text)
        assert found is not None
        return self.send(path, sleutel=unescape(found[1]), **fields)

    def post_all(self, path: str, fields: Sequence[tuple[str, str]]) -> httpx.Response:
        """The same where a name comes more than once, as ticked boxes do."""
        found = _KEY.search(self.get("/pet").text)
        assert found is not None
        content = urlencode([("sleutel", unescape(found[1])), *fields])
        return self.http.post(f"/console{path}", content=content, headers=FORM)

    def send(self, path: str, headers: dict[str, str] = FORM, **fields: str) -> httpx.Response:
        return self.http.post(f"/console{path}", content=urlencode(fields), headers=headers)

    def sign_in(self, sub: str) -> httpx.Response:
        """Through the provider and back; the page one arrives at."""
        asked = self.http.get("/console")
        assert asked.status_code == 200, asked.text
        return self.http.post(str(asked.url), content=urlencode({"persoon": sub}), headers=FORM)


def browser(world: HubWorld) -> Browser:
    """A browser that nobody used before."""
    return Browser(TestClient(world.app, base_url=ADDRESS, raise_server_exceptions=False))


def somebody(world: HubWorld, sub: str, zetel: str = "") -> Browser:
    """Somebody who is signed in, in a hat."""
    made = browser(world)
    assert made.sign_in(sub).status_code == 200
    if zetel:
        assert made.post("/pet", zetel=zetel).status_code == 200
    return made
