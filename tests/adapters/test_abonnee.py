"""An abonnee: what comes in, what is fetched and kept, recalls, and the hub that is away."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.abonnee.door import Door, Unreadable
from adapters.abonnee.journal import Hiaat, Journal
from adapters.abonnee.receiving import MAX_BODY_BYTES, Receiver
from adapters.abonnee.signatures import HubKeys, KeysUnavailable
from adapters.abonnee.streaming import Sent, Stream, events
from adapters.abonnee.working import GEWEIGERD, OPGEHAALD, VERVALLEN, Work
from adapters.delivery import HubUnreachable
from adapters.identity import FixedToken
from tests.adapters.feeding_hub import DOEL, URL, FeedingHub, bericht, notice, published, signed, thing_id

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ADDRESS = f"{URL}/v1/signalen/{thing_id('casus:a')}"


@pytest.fixture
def hub() -> FeedingHub:
    return FeedingHub()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    kept = Journal(tmp_path)
    yield kept
    kept.close()


def work_of(hub: FeedingHub, journal: Journal, *doelen: str, bewaar: bool = False) -> Work:
    door = Door(hub.client(), FixedToken("goed"), "z@ede", lambda seconds: None, 2)
    return Work(journal, door, doelen=doelen or (DOEL,), bewaar=bewaar)


def outcomes(journal: Journal) -> list[str]:
    return [outcome for _, _, _, outcome in journal.verwerkt()]


class Callback:
    """The receiver as the hub meets it: over HTTP."""

    def __init__(self, journal: Journal, autorisatie: str | None = None) -> None:
        self.keys: list[str] | None = [published(KEY)]
        self.news = Event()
        keys = HubKeys(self._fetch, lambda: NOW)
        self._app = Receiver(journal, keys, origin="hub.example", news=self.news, autorisatie=autorisatie)

    def _fetch(self) -> list[str]:
        if self.keys is None:
            raise KeysUnavailable
        return self.keys

    def send(self, method: str, headers: dict[str, str], body: bytes = b"") -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="https://gemeente.example") as client:
                return await client.request(method, "/", headers=headers, content=body)

        return asyncio.run(sent())

    def post(self, told: dict[str, Any], key: Ed25519PrivateKey = KEY, **headers: str) -> int:
        body = json.dumps(told).encode()
        return self.send("POST", {**signed(key, told["id"], int(NOW.timestamp()), body), **headers}, body).status_code


@pytest.fixture
def callback(journal: Journal) -> Callback:
    return Callback(journal)


def test_the_handshake_lets_the_hub_in_and_nobody_else(callback: Callback) -> None:
    asked = {"WebHook-Request-Origin": "hub.example", "WebHook-Request-Rate": "120"}
    agreed = callback.send("OPTIONS", asked)
    assert agreed.status_code == 200
    assert (agreed.headers["WebHook-Allowed-Origin"], agreed.headers["WebHook-Allowed-Rate"]) == ("hub.example", "120")
    refused = callback.send("OPTIONS", {"WebHook-Request-Origin": "ander.example"})
    assert refused.status_code == 403
    assert "WebHook-Allowed-Origin" not in refused.headers
    assert callback.send("OPTIONS", {}).status_code == 403
    assert callback.send("GET", {}).status_code == 405


def test_a_signed_notice_is_kept_once_before_the_answer(callback: Callback, journal: Journal) -> None:
    assert callback.post(notice("casus:a", 1)) == 204
    assert callback.news.is_set()
    assert callback.post(notice("casus:a", 1)) == 204
    assert [one.reeks for one in journal.volgende()] == [1]
    assert journal.voortgang().ontvangen == 1


@pytest.mark.parametrize(
    ("told", "headers", "status"),
    [
        (notice("casus:a", 1), {"webhook-signature": "v1a,AAAA"}, 401),
        (notice("casus:a", 1), {"webhook-timestamp": "0"}, 401),
        (notice("casus:a", 1), {"content-type": "application/json"}, 415),
        ({"id": "a"}, {}, 400),
        ({**notice("casus:a", 1), "sequence": "een"}, {}, 400),
        ({**notice("casus:a", 1), "dataref": "x" * MAX_BODY_BYTES}, {}, 413),
    ],
)
def test_what_is_no_notice_of_the_hub_is_refused(
    callback: Callback, journal: Journal, told: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    assert callback.post(told, **headers) == status
    assert journal.voortgang().ontvangen == 0


def test_the_id_that_was_signed_is_that_of_the_notice(callback: Callback) -> None:
    body = json.dumps(notice("casus:a", 1)).encode()
    assert callback.send("POST", signed(KEY, "ander", int(NOW.timestamp()), body), body).status_code == 400


def test_what_cannot_be_kept_or_checked_is_asked_for_again(callback: Callback, journal: Journal) -> None:
    callback.keys = None
    assert callback.post(notice("casus:a", 1)) == 503
    callback.keys = [published(KEY)]
    journal.close()
    assert callback.post(notice("casus:a", 1)) == 503


def test_an_agreed_authorisation_is_asked(journal: Journal) -> None:
    callback = Callback(journal, "Bearer afspraak")
    assert callback.post(notice("casus:a", 1)) == 401
    assert callback.post(notice("casus:a", 1), authorization="Bearer afspraak") == 204


def test_without_the_wish_no_content_is_kept(hub: FeedingHub, journal: Journal, tmp_path: Path) -> None:
    hub.feed = [notice("casus:a", 1)]
    work_of(hub, journal).settle()
    assert outcomes(journal) == [OPGEHAALD]
    assert journal.kopieen() == {}
    assert b"signaalId" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert tmp_path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("how", ["destroy", "gone", "refused"])
def test_what_may_not_be_read_any_more_is_not_kept_either(hub: FeedingHub, journal: Journal, how: str) -> None:
    hub.feed = [notice("casus:a", 1)]
    work = work_of(hub, journal, bewaar=True)
    work.settle()
    assert [json.loads(text)["signaalId"] for text in journal.kopieen().values()] == [thing_id("casus:a")]
    hub.feed.append(notice("casus:a", 2, actie="destroy" if how == "destroy" else "update"))
    hub.gone = {httpx.URL(ADDRESS).path} if how == "gone" else set()
    hub.purpose = "iets-anders" if how == "refused" else DOEL
    work.settle()
    assert journal.kopieen() == {}
    assert outcomes(journal) == [OPGEHAALD, GEWEIGERD if how == "refused" else VERVALLEN]


def test_what_was_disclosed_is_acknowledged_once(hub: FeedingHub, journal: Journal) -> None:
    hub.feed = [notice("casus:a", 1), notice("casus:a", 2)]
    work_of(hub, journal).settle()
    assert hub.acknowledged == [f"v-{thing_id('casus:a')[-4:]}"]


def test_the_purpose_that_fits_is_found_and_tried_first_from_then_on(hub: FeedingHub, journal: Journal) -> None:
    hub.feed = [notice("casus:a", 1), notice("casus:a", 2)]
    work_of(hub, journal, "strafvordering", DOEL).settle()
    tried = [request.url.params["doel"] for request in hub.asked if request.url.path == httpx.URL(ADDRESS).path]
    assert tried == ["strafvordering", DOEL, DOEL]


def test_a_token_goes_to_the_hub_alone(hub: FeedingHub, journal: Journal) -> None:
    elsewhere = ("https://elders.example/v1/signalen/1", "http://hub.example/v1/signalen/1", "//elders.example/x")
    hub.feed = [{**notice("casus:a", at), "dataref": url} for at, url in enumerate(elsewhere, start=1)]
    work_of(hub, journal).settle()
    assert outcomes(journal) == [GEWEIGERD] * 3
    assert {request.url.path for request in hub.asked} == {"/v1/gebeurtenissen"}


def test_two_notices_for_one_place_are_a_contradiction_that_is_told(journal: Journal) -> None:
    other = bericht("casus:a", 1).model_copy(update={"id": bericht("casus:b", 1).id})
    assert journal.ontvang([bericht("casus:a", 1), other]) == 1
    assert journal.voortgang().tegenstrijdig == 1
    assert [one.id for one in journal.volgende()] == [bericht("casus:a", 1).id]


@pytest.mark.parametrize("bewaar", [True, False])
def test_a_recall_destroys_our_copies_and_is_answered_once(hub: FeedingHub, journal: Journal, bewaar: bool) -> None:
    hub.feed = [notice("casus:a", 1)]
    work = work_of(hub, journal, bewaar=bewaar)
    work.settle()
    hub.recall("casus:a", "r1")
    hub.recall("casus:a", "r2", rol="bron")
    hub.feed += [notice("casus:a", 2, resource="terugroeping"), notice("casus:a", 3, resource="terugroeping")]
    work.settle()
    assert hub.answers == [("r1", "vernietigd" if bewaar else "geen-kopie")]
    assert journal.kopieen() == {}
    assert journal.voortgang().terugroepingen == 1


def test_the_answer_to_a_recall_is_the_same_after_a_fall(hub: FeedingHub, journal: Journal) -> None:
    hub.feed = [notice("casus:a", 1)]
    work = work_of(hub, journal, bewaar=True)
    work.settle()
    hub.recall("casus:a", "r1")
    hub.feed.append(notice("casus:a", 2, resource="terugroeping"))

    def broken(request: httpx.Request) -> None:
        if request.method == "POST":
            raise httpx.ReadError("weg")

    hub.before = broken
    with pytest.raises(HubUnreachable):
        work.settle()
    hub.before = lambda request: None
    work.settle()
    assert hub.answers == [("r1", "vernietigd")]


def test_a_gap_is_shown_and_waits_for_its_patience(hub: FeedingHub, journal: Journal) -> None:
    seconds = 0.0
    door = Door(hub.client(), FixedToken("goed"), "z@ede", lambda waited: None, 1)
    work = Work(journal, door, doelen=(DOEL,), seconds=lambda: seconds)
    hub.feed = [notice("casus:a", 1), notice("casus:a", 2), notice("casus:a", 3)]
    journal.ontvang([bericht("casus:a", 3)])
    assert journal.hiaten() == [Hiaat("casus:a", 1, 2)]
    assert (work.fill_gaps(1.0), hub.asked) == (0, [])
    seconds = 1.0
    assert work.fill_gaps(1.0) == 1
    assert journal.hiaten() == []
    assert work.round() == 3


def test_a_hub_that_is_away_stops_the_work_and_loses_nothing(hub: FeedingHub, journal: Journal) -> None:
    def away(request: httpx.Request) -> None:
        raise httpx.ConnectError("weg")

    journal.ontvang([bericht("casus:a", 1)])
    hub.before = away
    with pytest.raises(HubUnreachable):
        work_of(hub, journal).round()
    assert journal.voortgang().wachtend == 1
    hub.before = lambda request: None
    assert work_of(hub, journal).round() == 1


def test_who_was_away_too_long_goes_on_with_what_is_kept(hub: FeedingHub, journal: Journal) -> None:
    hub.feed = [notice("casus:a", at) for at in range(1, 6)]
    journal.ontvang([bericht("casus:a", 1)], 1)
    hub.pruned = 3
    work_of(hub, journal).settle()
    assert [place for _, place, _, _ in journal.verwerkt()] == [1, 4, 5]
    assert (journal.voortgang().hiaten_gesloten, journal.cursor()) == (1, 5)


def test_a_page_that_is_no_page_is_told(journal: Journal) -> None:
    client = httpx.Client(base_url=URL, transport=httpx.MockTransport(lambda asked: httpx.Response(200, json=[])))
    door = Door(client, FixedToken("goed"), "z@ede", lambda seconds: None, 1)
    with pytest.raises(Unreadable):
        Work(journal, door, doelen=(DOEL,)).catch_up()


def test_events_of_a_stream() -> None:
    lines = [
        ": rust",
        "id: 4",
        "event: gebeurtenis",
        "data: {",
        "data:}",
        "",
        "data",
        "",
        ": rust",
        "id: 9",
        "data: half",
    ]
    assert list(events(lines)) == [Sent("4", "gebeurtenis", "{\n}"), Sent("4", "message", "")]


def test_a_stream_goes_on_where_the_journal_was(journal: Journal) -> None:
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Last-Event-ID"))
        told = json.dumps(notice("casus:a", len(seen)))
        text = f": rust\n\nid: {len(seen)}\ndata: {told}\n\nid: 99\ndata: {told}"
        return httpx.Response(200, text=text, headers={"Content-Type": "text/event-stream"})

    client = httpx.Client(base_url=URL, transport=httpx.MockTransport(answer))
    stream = Stream(Door(client, FixedToken("goed"), "z@ede", lambda seconds: None), journal, Event())
    for _ in range(2):
        stream.follow(Event())
    assert seen == ["0", "1"]
    assert journal.voortgang().ontvangen == 2
