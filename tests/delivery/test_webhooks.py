"""Webhooks, from a notice in the database to a subscriber's server."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing

import orjson
import psycopg
import pytest
from aiohttp import web
from psycopg_pool import ConnectionPool

from hub.delivery.bezorgingen import Bezorgingen
from hub.delivery.bezorgrij import Bezorgrij
from hub.delivery.signature import NotGenuine, verify
from hub.domain.abonnement import AANGEVRAAGD, BEEINDIGD
from tests.delivery.receiver import Received, Receiver, receiving, status
from tests.delivery.webhook_world import SEAT, World

A, B = "casus:00000000-0000-4000-8000-00000000000a", "casus:00000000-0000-4000-8000-00000000000b"


def test_a_notice_arrives_signed_thin_and_on_record(here: World, receiver: Receiver) -> None:
    here.abonnees.take(receiver.url, autorisatie="Bearer geheim")
    (id,) = here.tell([A])
    with here.delivering():
        here.until(lambda: bool(receiver.posts) and here.rows() == [(A, "bezorgd", 1)])
    (post,) = receiver.posts
    assert post.headers["content-type"].startswith("application/cloudevents+json")
    assert post.headers["authorization"] == "Bearer geheim"
    assert post.headers["webhook-id"] == str(id) == post.event["id"]
    (key,) = here.keys.signers()
    verify(post.headers, post.body, [key.public], int(post.headers["webhook-timestamp"]))
    assert set(post.event["data"]) == {
        "kanaal",
        "hoofdObject",
        "resource",
        "resourceUrl",
        "actie",
        "aanmaakdatum",
        "kenmerken",
    }
    (record,) = [orjson.loads(one) for _, one in here.access.kept.access_records(0, 10)]
    assert record["ontvangers"] == [SEAT]
    assert record["vraag"] == "bezorging/webhook"
    assert not here.faults


def test_delivering_begins_after_the_handshake_and_keeps_its_pace(here: World, receiver: Receiver) -> None:
    receiver.handshake = {"WebHook-Allowed-Origin": "hub.voorbeeld.nl", "WebHook-Allowed-Rate": "2"}
    here.abonnees.take(receiver.url, status=AANGEVRAAGD, autorisatie="Bearer geheim")
    here.tell([A, B, A])
    with here.delivering():
        here.until(lambda: len(here.rows()) == 3 and bool(receiver.posts))
    first = receiver.received[0]
    assert first.method == "OPTIONS"
    assert first.headers["webhook-request-origin"] == "hub.voorbeeld.nl"
    assert "authorization" not in first.headers
    assert here.abonnees.facts == [("bevestigd", "2")]
    assert len(receiver.posts) == 1


@pytest.mark.parametrize("headers", [{}, {"WebHook-Allowed-Origin": "een.ander.nl"}])
def test_a_server_that_does_not_ask_for_it_gets_nothing(
    here: World, receiver: Receiver, headers: dict[str, str]
) -> None:
    receiver.handshake = headers
    here.abonnees.take(receiver.url, status=AANGEVRAAGD)
    here.tell([A])
    with here.delivering():
        here.until(lambda: bool(here.abonnees.facts))
    assert here.abonnees.facts == [("geschorst", "handdruk-geweigerd")]
    assert not receiver.posts


def test_what_fails_holds_its_own_subject_only(here: World, receiver: Receiver) -> None:
    bad = status(500)
    good = status(204)

    async def answer(one: Received, request: web.Request) -> web.StreamResponse:
        return await (bad if one.event["subject"] == A else good)(one, request)

    receiver.answer = answer
    here.abonnees.take(receiver.url)
    here.tell([A, B, A, B, A, B])
    with here.delivering():
        here.until(lambda: [row[1] for row in here.rows()].count("bezorgd") == 3 and here.rows()[0][2] > 0)
        assert [row[:2] for row in here.rows() if row[0] == A] == [(A, "wachtend")] * 3
        receiver.answer = good
        here.due_now()
        here.until(lambda: {row[1] for row in here.rows()} == {"bezorgd"})
    told = [int(one["sequence"]) for one in receiver.events if one["subject"] == A]
    assert told == sorted(told)
    assert dict.fromkeys(told) == {1: None, 2: None, 3: None}


def test_410_stops_at_once_and_what_waits_goes_on_waiting(here: World, receiver: Receiver) -> None:
    receiver.answer = status(410)
    here.abonnees.take(receiver.url)
    here.tell([A, A])
    with here.delivering():
        here.until(lambda: bool(here.abonnees.facts))
    assert here.abonnees.facts == [("geschorst", "antwoord-410")]
    assert [row[1] for row in here.rows()] == ["wachtend", "wachtend"]
    assert len(receiver.posts) == 1


def test_429_is_waited_for_and_is_no_failure(here: World, receiver: Receiver) -> None:
    receiver.answer = status(429, {"Retry-After": "3600"})
    taken = here.abonnees.take(receiver.url)
    here.tell([A, B])
    with here.delivering():
        here.until(lambda: any(row[0] is not None for row in here.rows("niet_voor")))
        here.tell([A, B])
        here.until(lambda: len(here.rows()) == 4)
    assert set(here.rows("status, pogingen")) == {("wachtend", 0)}
    assert len(receiver.posts) <= 2
    assert here.abonnees.known[taken.abonnement_id].status == "actief"


def test_what_is_not_permitted_any_more_is_not_sent(here: World, receiver: Receiver) -> None:
    here.abonnees.take(receiver.url)
    first, second = here.tell([A, A])
    here.notices.forbidden = {first}
    with here.delivering():
        here.until(lambda: [row[1] for row in here.rows()] == ["vervallen", "bezorgd"])
    assert [one["id"] for one in receiver.events] == [str(second)]
    assert receiver.events[0]["previousid"] == str(first)


def test_nothing_is_sent_that_cannot_be_written_down(here: World, receiver: Receiver) -> None:
    here.abonnees.take(receiver.url)
    here.tell([A])
    here.access.down = True
    with here.delivering():
        here.until(lambda: bool(here.faults))
        assert not receiver.posts
        here.access.down = False
        here.until(lambda: bool(receiver.posts))


def test_a_subscription_that_ended_gets_nothing(here: World, receiver: Receiver) -> None:
    receiver.answer = status(500)
    taken = here.abonnees.take(receiver.url)
    here.tell([A])
    with here.delivering():
        here.until(lambda: here.rows()[:1] == [(A, "wachtend", 1)])
        here.abonnees.change(taken.abonnement_id, status=BEEINDIGD)
        here.until(lambda: here.rows() == [(A, "vervallen", 1)])


def test_ten_tries_and_then_a_dead_letter_and_a_suspension(here: World, receiver: Receiver) -> None:
    receiver.answer = status(500)
    here.abonnees.take(receiver.url)
    here.tell([A, A])
    with here.delivering():
        for tries in range(1, 10):
            here.until(lambda tries=tries: here.rows()[:1] == [(A, "wachtend", tries)])  # type: ignore[misc]
            here.due_now()
        here.until(lambda: bool(here.abonnees.facts))
    assert here.rows() == [(A, "onbestelbaar", 10), (A, "wachtend", 0)]
    assert here.abonnees.facts == [("geschorst", "onbereikbaar")]
    assert len(receiver.posts) == 10
    assert len({one.headers["webhook-id"] for one in receiver.posts}) == 1


def test_two_keys_sign_while_the_one_takes_over(here: World, receiver: Receiver) -> None:
    here.abonnees.take(receiver.url)
    with here.delivering():
        (old,) = here.keys.signers()
        here.keys.rotate()
        here.tell([A])
        here.until(lambda: len(receiver.posts) == 1)
        here.keys.finish()
        here.tell([A])
        here.until(lambda: len(receiver.posts) == 2)
    (new,) = here.keys.signers()
    during, after = receiver.posts
    now = int(during.headers["webhook-timestamp"])
    for key in (old, new):
        verify(during.headers, during.body, [key.public], now)
    verify(after.headers, after.body, [new.public], now)
    with pytest.raises(NotGenuine):
        verify(after.headers, after.body, [old.public], now)


def test_the_second_dispatcher_stands_by_and_takes_over(here: World, receiver: Receiver) -> None:
    here.abonnees.take(receiver.url)
    with here.delivering():
        here.tell([A])
        here.until(lambda: len(receiver.posts) == 1)
        second = here.delivering()
        with second:
            here.tell([A, B])
            here.until(lambda: len(receiver.posts) == 3)
    with here.delivering():
        here.tell([A])
        here.until(lambda: len(receiver.posts) == 4)
    assert [int(one["sequence"]) for one in receiver.events if one["subject"] == A] == [1, 2, 3]


def test_a_dead_letter_and_everything_since_a_number_can_be_sent_again(here: World, receiver: Receiver) -> None:
    receiver.answer = status(404)
    taken = here.abonnees.take(receiver.url)
    first, second = map(str, here.tell([A, B]))
    with here.delivering(), ConnectionPool(here.dsn, min_size=1, max_size=1, open=True) as pool:
        bezorgingen = Bezorgingen(pool)
        here.until(lambda: [row[2] for row in here.rows()] == [1, 1])
        here.give_up()
        receiver.answer = status(204)
        for one in bezorgingen.lijst(SEAT, status="onbestelbaar"):
            assert bezorgingen.herhaal(SEAT, one.bezorging_id, here.clock())
        here.until(lambda: [row[1] for row in here.rows()] == ["bezorgd"] * 2)
        assert bezorgingen.herhaal_vanaf(SEAT, taken.abonnement_id, 1)
        here.until(lambda: here.rows("herhaald, status") == [(1, "bezorgd"), (2, "bezorgd")])
    told = [one["id"] for one in receiver.events]
    assert told[-3:] in ([first, second, second], [second, first, second])


def test_the_answer_of_an_address_that_was_left_counts_for_nothing(here: World, receiver: Receiver) -> None:
    with receiving() as new:
        taken = here.abonnees.take(receiver.url)
        asked, moved = threading.Event(), threading.Event()

        async def late(_: Received, __: web.Request) -> web.StreamResponse:
            asked.set()
            await asyncio.to_thread(moved.wait, 20)
            return web.Response(status=410)

        receiver.answer = late
        here.tell([A])
        with here.delivering():
            here.until(asked.is_set)
            here.abonnees.change(taken.abonnement_id, terugbeladres=new.url, status=AANGEVRAAGD)
            here.until(lambda: bool(new.received))
            moved.set()
            here.until(lambda: len(new.posts) == 1 and here.rows() == [(A, "bezorgd", 1)])
    assert here.abonnees.facts == [("bevestigd", "60000")]


def test_what_was_done_with_goes_with_its_notice(here: World, receiver: Receiver) -> None:
    here.abonnees.take(receiver.url)
    here.tell([A, B])
    with here.delivering():
        here.until(lambda: [row[1] for row in here.rows()] == ["bezorgd"] * 2)
    with closing(Bezorgrij(here.dsn)) as queue:
        assert queue.purge() == 0
        with psycopg.connect(here.dsn) as connection:
            connection.execute("select set_config('hub.projector', 'aan', false)")
            connection.execute("update gebeurtenis_zetel set gesnoeid = 1")
        assert (queue.purge(), queue.purge()) == (1, 0)
    assert here.rows("nummer") == [(2,)]
