"""Subscribers that hang, lie, redirect, or change their key or address; clocks that jump; partners that were away."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from hub.delivery.guard import Guard
from hub.delivery.lanes import FAILING, FIRST_SLOTS
from hub.delivery.outgoing import ADDRESS_REFUSED, NOT_HTTP, NOT_TRUSTED, TOO_SLOW, Answer, Outgoing, trusted
from hub.handling.questions import Questions
from tests.delivery.receiver import Received, Receiver, certificate, receiving, status
from tests.delivery.webhook_world import SEAT, World, world

A, B = "casus:00000000-0000-4000-8000-00000000000a", "casus:00000000-0000-4000-8000-00000000000b"
OTHER = "zc.opvang@ede"
FAULTS = "laatste_status, laatste_fout"


class Names(AbstractResolver):
    """Names that resolve to what the test says, in turn; the last for ever."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self._addresses[min(self.asked, len(self._addresses) - 1)]
        self.asked += 1
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
            )
        ]

    async def close(self) -> None:
        return


@contextmanager
def speaking(said: bytes) -> Iterator[int]:
    """A server that says this to whoever comes, and hangs up; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def run() -> None:
            while not stop.is_set():
                try:
                    caller, _ = server.accept()
                except TimeoutError:
                    continue
                with caller:
                    caller.recv(65_536)
                    caller.sendall(said)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        stop.set()
        thread.join()


def tried_once(here: World) -> None:
    here.until(lambda: any(row[0] for row in here.rows("pogingen")))


def test_a_redirect_is_a_failure_and_is_not_followed(here: World, receiver: Receiver) -> None:
    with receiving() as inside:
        receiver.answer = status(307, {"Location": inside.url})
        here.abonnees.take(receiver.url)
        here.tell([A])
        with here.delivering():
            tried_once(here)
        assert not inside.received
    assert here.rows(FAULTS) == [(307, None)]


@pytest.mark.parametrize("said", [b"\x00\x01 niets van dit alles\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000])
def test_what_is_no_answer_is_a_failure(here: World, said: bytes) -> None:
    with speaking(said) as port:
        here.abonnees.take(f"http://127.0.0.1:{port}/")
        here.tell([A])
        with here.delivering():
            tried_once(here)
    assert here.rows(FAULTS) == [(None, NOT_HTTP)]


def test_a_good_status_counts_whatever_the_body_says(here: World, receiver: Receiver) -> None:
    async def answer(_: Received, request: web.Request) -> web.StreamResponse:
        return web.Response(body=b'{"ok": false}' * 1_000_000, headers={"Content-Encoding": "gzip"})

    receiver.answer = answer
    here.abonnees.take(receiver.url)
    here.tell([A, A])
    with here.delivering():
        here.until(lambda: [row[1] for row in here.rows()] == ["bezorgd"] * 2)


def test_who_drips_runs_out_of_time(notices_dsn: str, tmp_path: Path, questions: Questions, receiver: Receiver) -> None:
    async def answer(_: Received, request: web.Request) -> web.StreamResponse:
        dripping = web.StreamResponse(headers={"Content-Length": "1000"})
        await dripping.prepare(request)
        for _second in range(600):
            await dripping.write(b".")
            await asyncio.sleep(0.05)
        return dripping

    receiver.answer = answer
    with world(notices_dsn, tmp_path, questions, ssl.create_default_context(), seconds=0.5) as here:
        here.abonnees.take(receiver.url)
        here.tell([A])
        with here.delivering():
            tried_once(here)
        assert here.rows(FAULTS) == [(None, TOO_SLOW)]


def test_who_hangs_holds_a_few_calls_and_nobody_else(
    notices_dsn: str, tmp_path: Path, questions: Questions, receiver: Receiver
) -> None:
    never = asyncio.Event()

    async def hang(_: Received, __: web.Request) -> web.StreamResponse:
        await asyncio.wait_for(never.wait(), 60)
        return web.Response()

    with receiving() as good, world(notices_dsn, tmp_path, questions, ssl.create_default_context(), seconds=1) as here:
        receiver.answer = hang
        here.abonnees.take(receiver.url)
        here.abonnees.take(good.url, OTHER)
        subjects = [f"casus:{number}" for number in range(200)]
        here.tell(subjects)
        here.tell(subjects, OTHER)
        with here.delivering():
            here.until(lambda: len(good.posts) == 200)
            here.until(lambda: len(receiver.posts) > FIRST_SLOTS)
        assert len(receiver.posts) <= FIRST_SLOTS + 2


def test_another_certificate_gets_nothing(notices_dsn: str, tmp_path: Path, questions: Questions) -> None:
    known, own = certificate(tmp_path / "own")
    _, foreign = certificate(tmp_path / "foreign")
    with world(notices_dsn, tmp_path, questions, trusted(known)) as here:
        with receiving(own) as receiver, receiving(foreign) as impostor:
            before = here.abonnees.take(receiver.url)
            here.tell([A])
            with here.delivering():
                here.until(lambda: len(receiver.posts) == 1)
                here.abonnees.change(before.abonnement_id, terugbeladres=impostor.url)
                here.until(lambda: bool(here.tell([A])) and tried(here))
            assert not impostor.received
        assert (None, NOT_TRUSTED) in here.rows(FAULTS)


def tried(here: World) -> bool:
    return any(row[0] == "wachtend" and row[1] for row in here.rows("status, pogingen"))


def test_a_name_for_the_machine_itself_reaches_nothing(notices_dsn: str, tmp_path: Path, questions: Questions) -> None:
    known, own = certificate(tmp_path / "own")
    names = Names("127.0.0.1")
    with receiving(own) as inside:
        with world(notices_dsn, tmp_path, questions, trusted(known), loopback=False, resolver=names) as here:
            here.abonnees.take(f"https://binnen.voorbeeld.nl:{inside.port}/")
            here.tell([A])
            with here.delivering():
                tried_once(here)
            assert here.rows(FAULTS) == [(None, ADDRESS_REFUSED)]
        assert not inside.received


def test_the_machine_itself_is_no_public_address(
    notices_dsn: str, tmp_path: Path, questions: Questions, receiver: Receiver
) -> None:
    with world(notices_dsn, tmp_path, questions, ssl.create_default_context(), loopback=False) as here:
        here.abonnees.take(receiver.url)
        here.tell([A])
        with here.delivering():
            tried_once(here)
        assert here.rows(FAULTS) == [(None, ADDRESS_REFUSED)]
    assert not receiver.received


def test_a_name_that_changes_its_mind_reaches_nothing_inside(tmp_path: Path) -> None:
    """Public when it is looked at, the machine itself when it is called: rebinding."""
    known, own = certificate(tmp_path / "own")

    async def call(url: str) -> tuple[bool, Answer]:
        async with Outgoing(Guard(), trusted(known), 5, Names("93.184.216.34", "127.0.0.1")) as out:
            return await out.is_public(url), await out.post(url, b"{}", {})

    with receiving(own) as inside:
        looked_public, answer = asyncio.run(call(f"https://rebind.voorbeeld.nl:{inside.port}/"))
    assert looked_public
    assert (answer.status, answer.fault) == (None, ADDRESS_REFUSED)
    assert not inside.received


@pytest.mark.parametrize("years", [1, -1])
def test_a_clock_that_jumps_loses_and_stops_nothing(here: World, receiver: Receiver, years: int) -> None:
    receiver.answer = status(500)
    here.abonnees.take(receiver.url)
    here.tell([A, A])
    with here.delivering():
        tried_once(here)
        here.ahead = timedelta(days=365 * years)
        receiver.answer = status(204)
        here.until(lambda: [row[1] for row in here.rows()] == ["bezorgd"] * 2)
    told = [one["sequence"] for one in receiver.events]
    assert told == sorted(told)


def test_who_was_away_a_week_costs_nothing_and_catches_up_in_order(here: World, receiver: Receiver) -> None:
    many = 100_000
    with receiving() as good:
        receiver.answer = status(503)
        here.abonnees.take(receiver.url)
        here.abonnees.take(good.url, OTHER)
        tell_many(here, many)
        with here.delivering():
            here.until(lambda: len(receiver.posts) >= FAILING)
            here.tell([A] * 20, OTHER)
            here.until(lambda: len(good.posts) == 20)
            assert len(here.rows()) < many / 5
            receiver.answer = status(204)
            here.due_now()
            here.until(lambda: len(receiver.posts) > 2_000)
    last: dict[str, int] = {}
    for event in receiver.events:
        assert int(event["sequence"]) <= last.get(event["subject"], 0) + 1
        last[event["subject"]] = max(int(event["sequence"]), last.get(event["subject"], 0))


def tell_many(here: World, many: int) -> None:
    with psycopg.connect(here.dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', false)")
        connection.execute(
            "insert into gebeurtenis (zetel, nummer, id, onderwerp, reeks, kanaal, resource, resource_id, actie,"
            " kenmerken, tijdstip, positie, rij) select %s, n, gen_random_uuid(), 'casus:' || n %% 1000,"
            " 1 + (n - 1) / 1000, 'signalen', 'signaal', gen_random_uuid(), 'destroy', '{}', now(), n, 'x'"
            " from generate_series(1, %s) as n",
            (SEAT, many),
        )
        connection.execute("insert into gebeurtenis_zetel (zetel, nummer) values (%s, %s)", (SEAT, many))
