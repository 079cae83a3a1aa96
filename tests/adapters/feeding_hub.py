"""An in-memory hub that gives notices, what they point at, and recalls; it can be away and can take things back."""

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.abonnee.notices import Bericht

URL = "https://hub.example"
DOEL = "zorg-opvang"


def notice_id(subject: str, place: int) -> str:
    """The same notice has the same id each time."""
    return str(uuid5(NAMESPACE_URL, f"{subject}#{place}"))


def thing_id(subject: str) -> str:
    return str(uuid5(NAMESPACE_URL, subject))


def notice(subject: str, place: int, *, resource: str = "signaal", actie: str = "update") -> dict[str, Any]:
    """A notice as it travels."""
    url = f"{URL}/v1/signalen/{thing_id(subject)}"
    if resource == "terugroeping":
        url = f"{URL}/v1/terugroepingen?signaalId={thing_id(subject)}"
    return {
        "specversion": "1.0",
        "id": notice_id(subject, place),
        "source": "urn:nld:oin:00000099000000001000:systeem:signaalhub",
        "type": f"nl.overheid.mensenhandel.{resource}-gewijzigd.v1",
        "subject": subject,
        "time": "2026-02-10T12:00:00Z",
        "datacontenttype": "application/json",
        "dataref": url,
        "sequence": f"{place:020d}",
        "sequencetype": "Integer",
        **({"previousid": notice_id(subject, place - 1)} if place > 1 else {}),
        "data": {
            "kanaal": "signalen",
            "hoofdObject": url,
            "resource": resource,
            "resourceUrl": url,
            "actie": actie,
            "aanmaakdatum": "2026-02-10T12:00:00Z",
            "kenmerken": {"spoor": "bilateraal"},
        },
    }


def bericht(subject: str, place: int, **more: Any) -> Bericht:
    """A notice as an abonnee reads it."""
    return Bericht.model_validate(notice(subject, place, **more))


def published(key: Ed25519PrivateKey) -> str:
    """A public key as the hub publishes it."""
    return "whpk_" + b64encode(key.public_key().public_bytes_raw()).decode()


def signed(key: Ed25519PrivateKey, id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of a webhook, in lower case."""
    signature = key.sign(f"{id}.{seconds}.".encode() + body)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": "v1a," + b64encode(signature).decode(),
        "content-type": "application/cloudevents+json; charset=utf-8",
    }


@dataclass
class FeedingHub:
    """`feed`: notices by number; None where one was taken back. `gone`: addresses that hold nothing any more.

    `pruned`: notices up to this number are not kept.
    """

    feed: list[dict[str, Any] | None] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    pruned: int = 0
    purpose: str = DOEL
    recalls: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[tuple[str, str]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    fetched: Counter[str] = field(default_factory=Counter)
    asked: list[httpx.Request] = field(default_factory=list)
    before: Callable[[httpx.Request], None] = lambda request: None

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=URL, transport=httpx.MockTransport(self._answer))

    def recall(self, subject: str, number: str, *, rol: str = "ontvanger") -> None:
        """Recall something of this subject."""
        self.recalls[number] = {
            "terugroepingId": number,
            "signaalId": thing_id(subject),
            "rol": rol,
            "status": "open",
            "bevestigdOp": None,
        }

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.before(request)
        path = request.url.path
        if path == "/v1/gebeurtenissen":
            return self._page(int(request.url.params.get("na", 0)), int(request.url.params["aantal"]))
        if path == "/v1/terugroepingen":
            return httpx.Response(200, json={"terugroepingen": list(self.recalls.values()), "volgende": None})
        if path.endswith("/terugroepingbevestigingen"):
            said = json.loads(request.content)
            self.answers.append((said["terugroepingId"], said["gevolg"]))
            self.recalls[said["terugroepingId"]]["bevestigdOp"] = "2026-02-10T12:00:00Z"
            return httpx.Response(201, json={})
        if path.endswith("/ontvangstbevestigingen"):
            self.acknowledged.append(json.loads(request.content)["verstrekkingId"])
            return httpx.Response(201, json={})
        if request.url.params.get("doel") != self.purpose:
            return httpx.Response(403)
        if path in self.gone:
            return httpx.Response(404)
        self.fetched[path] += 1
        given = {"verstrekkingId": f"v-{path[-4:]}", "vervallen": None, "bevestigd": None}
        if given["verstrekkingId"] in self.acknowledged:
            given["bevestigd"] = "2026-02-10T12:00:00Z"
        return httpx.Response(200, json={"signaalId": path.rpartition("/")[2], "verstrekkingen": [given]})

    def _page(self, after: int, size: int) -> httpx.Response:
        if 0 < after < self.pruned:
            return httpx.Response(410)
        after = max(after, self.pruned)
        found = self.feed[after : after + size]
        shown = [one for one in found if one is not None]
        return httpx.Response(200, json={"gebeurtenissen": shown, "volgende": after + len(found)})
