"""An in-memory hub that keeps the protocol: batches, replays, conflicts, refusals, outages."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt

from adapters.delivery import BATCH_TYPE
from contracts.cloudevents import MAX_EVENTS_IN_BATCH, CloudEvent
from contracts.problems import Problem, niet_aangemeld, niet_beschikbaar

GOOD_TOKEN = "goed"


def _problem(problem: Problem) -> httpx.Response:
    body = problem.document.model_dump_json()
    headers = {**problem.headers, "Content-Type": "application/problem+json"}
    return httpx.Response(problem.document.status, content=body, headers=headers)


@dataclass
class FakeHub:
    """`outages`: how many coming requests fail, and how; `refuse`: messages that the policy turns down."""

    outages: list[str] = field(default_factory=list)
    refuse: Callable[[CloudEvent], bool] = lambda event: False
    stored: dict[tuple[str, str], CloudEvent] = field(default_factory=dict)
    seats: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    assertions: list[dict[str, Any]] = field(default_factory=list)
    public_key: Any = None
    token: str = GOOD_TOKEN

    def client(self) -> httpx.Client:
        return httpx.Client(base_url="https://hub.example", transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return self._token(dict(httpx.QueryParams(request.content.decode())))
        assert (request.method, request.url.path) == ("POST", "/v1/aanleveringen")
        assert request.headers["Content-Type"] == BATCH_TYPE
        fault = self.outages.pop(0) if self.outages else ""
        if fault == "weg":
            raise httpx.ConnectError("weg")
        if fault == "vol":
            return _problem(niet_beschikbaar())
        if request.headers["Authorization"] != f"Bearer {self.token}":
            return _problem(niet_aangemeld("Dit token is niet geldig."))
        events = [CloudEvent.model_validate(item) for item in json.loads(request.content)]
        assert 0 < len(events) <= MAX_EVENTS_IN_BATCH
        self.sizes.append(len(events))
        results = [self._one(event) for event in events]
        if fault == "na":
            # The work was done, but the answer got lost.
            raise httpx.ReadError("verbinding verbroken")
        return httpx.Response(200, json={"resultaten": results})

    def _one(self, event: CloudEvent) -> dict[str, Any]:
        known = self.stored.get((event.source, event.id))
        status, problem = "aanvaard", None
        if known is not None:
            status = "herhaald" if known == event else "conflict"
        elif self.refuse(event):
            status = "geweigerd"
            problem = {"type": "x", "title": "Niet bevoegd", "status": 403, "detail": "Deze zetel mag dit niet."}
        else:
            self.stored[event.source, event.id] = event
        return {"id": event.id, "status": status, "posities": [], "probleem": problem}

    def _token(self, form: dict[str, str]) -> httpx.Response:
        claims = jwt.decode(
            form["client_assertion"],
            self.public_key,
            algorithms=["ES256", "PS256"],
            audience="https://hub.example/oauth/token",
            options={"verify_exp": False, "verify_iat": False},
        )
        self.assertions.append(claims)
        self.seats.append(form["zetel"])
        return httpx.Response(200, json={"access_token": self.token, "expires_in": 300, "token_type": "Bearer"})
