"""Notices in a real database, subscriptions in memory, and the delivering of webhooks in a thread."""

from __future__ import annotations

import secrets
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from contracts.abonnement import Filters
from hub.access.beleid import Beleid
from hub.audit.access import Entry, Pending
from hub.delivery.bezorgrecht import Bezorgrecht
from hub.delivery.bezorgrij import Bezorgrij
from hub.delivery.gebeurtenissen import CHANNEL, Connection, Gebeurtenis, Gebeurtenissen
from hub.delivery.guard import Guard
from hub.delivery.outgoing import Outgoing
from hub.delivery.subscribers import Subscribers
from hub.delivery.webhook_keys import WebhookKeys
from hub.delivery.webhook_sender import Sender
from hub.delivery.webhooks import Binding, Webhooks
from hub.domain.abonnement import AANGEVRAAGD, ACTIEF, GESCHORST, Abonnement
from hub.handling.beleidsversies import Policy
from hub.handling.questions import Questions
from hub.ledger.memory import MemoryLedger
from hub.ledger.store import LedgerUnavailable

SEAT = "gemeente.af-oov@ede"
ADRES, OIN = "https://hub.voorbeeld.nl", "00000099000000000001"
WAIT_SECONDS = 30.0


class FixedPolicy:
    """One policy at every moment."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    def at(self, _: datetime) -> Questions:
        return self._questions


@dataclass
class Abonnees:
    """Subscriptions and facts in memory. `facts`: what delivering recorded."""

    known: dict[UUID, Abonnement] = field(default_factory=dict)
    facts: list[tuple[str, ...]] = field(default_factory=list)

    def take(self, url: str, zetel: str = SEAT, status: str = ACTIEF, **more: Any) -> Abonnement:
        """A subscription that has agreed already, unless `status` says otherwise."""
        id = more.pop("abonnement_id", None) or uuid4()
        self.known[id] = Abonnement(id, zetel, "webhook", Filters(), url, None, status)
        self.known[id] = replace(self.known[id], **more)
        return self.known[id]

    def change(self, id: UUID, **more: Any) -> None:
        self.known[id] = replace(self.known[id], **more)

    def actieve(self, bezorgwijze: str) -> list[Abonnement]:
        return [one for one in self.known.values() if one.status == ACTIEF and one.bezorgwijze == bezorgwijze]

    def te_bevestigen(self) -> list[Abonnement]:
        return [one for one in self.known.values() if one.status == AANGEVRAAGD]

    def een(self, abonnement_id: UUID) -> Abonnement | None:
        return self.known.get(abonnement_id)

    def taken_at(self, _: UUID) -> int:
        return 0

    def confirm(self, one: Abonnement, per_minute: int, _: datetime) -> None:
        if self.known[one.abonnement_id].terugbeladres == one.terugbeladres:
            self.facts.append(("bevestigd", str(per_minute)))
            self.change(one.abonnement_id, status=ACTIEF, per_minuut=per_minute)

    def suspend(self, one: Abonnement, reden: str, _: datetime) -> None:
        if self.known[one.abonnement_id].terugbeladres == one.terugbeladres:
            self.facts.append(("geschorst", reden))
            self.change(one.abonnement_id, status=GESCHORST, reden=reden)


class Records:
    """An access log that can be down."""

    def __init__(self) -> None:
        self.down, self.kept = False, MemoryLedger()

    def append_access(self, records: Sequence[Entry]) -> list[int]:
        if self.down:
            raise LedgerUnavailable
        return self.kept.append_access(records)

    def begin_access(self, records: Sequence[Entry]) -> Pending:
        return self.kept.begin_access(records)


class Forbidding:
    """Notices, some of which may not be sent."""

    def __init__(self, inner: Gebeurtenissen) -> None:
        self._inner, self.forbidden = inner, set[UUID]()

    def toegestaan(self, found: Sequence[Gebeurtenis], nu: datetime) -> list[bool]:
        allowed = self._inner.toegestaan(found, nu)
        return [goes and one.id not in self.forbidden for one, goes in zip(found, allowed, strict=True)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@dataclass
class World:
    """All that delivering touches. `faults`: what `failed` was told; `ahead`: how far the clock is off."""

    dsn: str
    notices: Forbidding
    binding: Binding
    abonnees: Abonnees
    keys: WebhookKeys
    access: Records
    faults: list[Exception] = field(default_factory=list)
    ahead: timedelta = timedelta()

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def tell(self, subjects: Sequence[str], zetel: str = SEAT) -> list[UUID]:
        """Notices of these subjects, in this order; their ids."""
        with psycopg.connect(self.dsn) as connection:
            return write_notices(connection, zetel, subjects, self.clock())

    def rows(self, what: str = "onderwerp, status, pogingen") -> list[tuple[Any, ...]]:
        """The queue."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute("select set_config('hub.bezorger', 'aan', false)")
            query = f"select {what} from bezorging order by abonnement_id, nummer"
            return connection.execute(query.encode()).fetchall()

    def due_now(self) -> None:
        """As if all waits were over."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute("select set_config('hub.bezorger', 'aan', false)")
            connection.execute("update bezorging set niet_voor = now() where niet_voor is not null")

    def give_up(self) -> None:
        """As if every try of what waits had failed."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute("select set_config('hub.bezorger', 'aan', false)")
            connection.execute(
                "update bezorging set status = 'onbestelbaar', niet_voor = null where status = 'wachtend'"
            )

    @contextmanager
    def delivering(self) -> Iterator[None]:
        """Deliver while the context lasts."""
        stop = threading.Event()
        follow = partial(Webhooks(self.binding).follow, stop, self.clock, self.faults.append)
        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(WAIT_SECONDS)
            assert not thread.is_alive()

    def until(self, done: Callable[[], bool]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not done():
            assert time.monotonic() < deadline, (
                self.faults,
                self.rows("nummer, status, pogingen, laatste_fout, herhaald")[:20],
            )
            time.sleep(0.01)


def write_notices(connection: Connection, zetel: str, subjects: Sequence[str], nu: datetime) -> list[UUID]:
    """As the projector does, but for rows that no view has: that something is gone."""
    connection.execute("select set_config('hub.projector', 'aan', false)")
    found = connection.execute("select nummer from gebeurtenis_zetel where zetel = %s", (zetel,)).fetchone()
    first = (found[0] if found else 0) + 1
    chains = "select onderwerp, reeks, laatste from gebeurtenis_reeks where zetel = %s"
    last: dict[str, tuple[int, UUID | None]] = {
        row[0]: (row[1], row[2]) for row in connection.execute(chains, (zetel,))
    }
    ids, rows = [], []
    for number, subject in enumerate(subjects, first):
        reeks, before = last.get(subject, (0, None))
        ids.append(uuid4())
        last[subject] = (reeks + 1, ids[-1])
        row = (zetel, number, ids[-1], subject, reeks + 1, before, "signalen", "signaal", uuid4(), "destroy")
        rows.append((*row, Jsonb({"spoor": "riec"}), nu, number, "zicht_signaal|x"))
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into gebeurtenis (zetel, nummer, id, onderwerp, reeks, vorige, kanaal, resource, resource_id,"
            " actie, kenmerken, tijdstip, positie, rij) values (" + ", ".join(["%s"] * 14) + ")",
            rows,
        )
        cursor.executemany(
            "insert into gebeurtenis_reeks (zetel, onderwerp, reeks, laatste) values (%s, %s, %s, %s)"
            " on conflict (zetel, onderwerp) do update set reeks = excluded.reeks, laatste = excluded.laatste",
            [(zetel, subject, *where) for subject, where in last.items()],
        )
    connection.execute(
        "insert into gebeurtenis_zetel (zetel, nummer) values (%s, %s)"
        " on conflict (zetel) do update set nummer = excluded.nummer",
        (zetel, first + len(subjects) - 1),
    )
    connection.execute("select pg_notify(%s, max(volgorde)::text) from gebeurtenis", (CHANNEL,))
    return ids


@contextmanager
def world(dsn: str, folder: Path, questions: Questions, trust: ssl.SSLContext, **more: Any) -> Iterator[World]:
    """`more`: `seconds` of a call, `loopback`, `resolver`."""
    pool: ConnectionPool[Connection] = ConnectionPool(dsn, min_size=1, max_size=2, open=True)
    inner = Gebeurtenissen(pool, dsn, lambda zetel: True)
    notices, abonnees, keys, access = Forbidding(inner), Abonnees(), WebhookKeys(folder), Records()
    subscribers = Subscribers(abonnees, cast("Gebeurtenissen", notices), abonnees, lambda _: None)
    recht = Bezorgrecht(cast("Policy", FixedPolicy(questions)))
    sender = Sender(subscribers, recht, access, keys, ADRES, OIN, lambda: secrets.token_hex(16))
    guard = Guard(more.get("loopback", True))
    binding = Binding(
        subscribers,
        sender,
        lambda: Bezorgrij(dsn),
        lambda: Outgoing(guard, trust, more.get("seconds", 5.0), more.get("resolver")),
        lambda: 0.0,
        time.monotonic,
    )
    try:
        yield World(dsn, notices, binding, abonnees, keys, access)
    finally:
        inner.close()
        pool.close()


def loaded() -> Questions:
    """The policy of this hub."""
    return Questions(Beleid.laad())
