"""The queue of deliveries, as the one process sees it that delivers.

The lock that makes it the only one and every change of the queue go over one connection: who loses the lock can record
nothing any more. What is being sent is kept in memory only, so after a crash it simply still waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import psycopg

from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.delivery.retry import LONGEST_WAIT

Connection = psycopg.Connection[tuple[Any, ...]]

WACHTEND, BEZORGD, ONBESTELBAAR, VERVALLEN = "wachtend", "bezorgd", "onbestelbaar", "vervallen"
#: How many rows of one subscription wait at most; what comes after waits as notices, which are there anyhow.
WINDOW = 10_000
PURGED_AT_ONCE = 5_000
_NOTICE = ", ".join(f"g.{one.name}" for one in fields(Gebeurtenis))
#: Not yet due; a moment further away than any wait was set by a clock that ran ahead, and counts as come.
_LATER = "{0}.niet_voor > %(nu)s and {0}.niet_voor <= %(verst)s"

_RECORD = (
    "update bezorging b set status = n.status, pogingen = n.pogingen, gewacht_seconden = n.gewacht,"
    " niet_voor = n.niet_voor, gelukt_voordien = n.gelukt_voordien, laatste_status = n.laatste_status,"
    " laatste_fout = n.laatste_fout, gewijzigd = n.nu from unnest(%s::text[], %s::smallint[], %s::float8[],"
    " %s::timestamptz[], %s::bigint[], %s::smallint[], %s::text[], %s::timestamptz[], %s::uuid[], %s::bigint[])"
    " as n (status, pogingen, gewacht, niet_voor, gelukt_voordien, laatste_status, laatste_fout, nu, abonnement,"
    " nummer)"
    " where b.abonnement_id = n.abonnement and b.nummer = n.nummer and b.status = 'wachtend'"
)


@dataclass(frozen=True, slots=True)
class Wachtend:
    """A delivery that waits. `gebeurtenis`: None when the notice was taken back, or kept no longer."""

    abonnement_id: UUID
    nummer: int
    onderwerp: str
    pogingen: int
    gewacht: float
    gelukt_voordien: int | None
    gebeurtenis: Gebeurtenis | None


@dataclass(frozen=True, slots=True)
class Afloop:
    """What became of a try. `wacht`: until the next, where it waits on; `gewacht`: all waits together, in seconds."""

    abonnement_id: UUID
    nummer: int
    status: str
    pogingen: int
    gewacht: float = 0.0
    wacht: timedelta | None = None
    gelukt_voordien: int | None = None
    laatste_status: int | None = None
    laatste_fout: str | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """How a subscription stands. `tot`: the last number of its seat that was queued; `gelukt`: deliveries so far.

    `niet_voor`: when the subscriber wants to be called again.
    """

    abonnement_id: UUID
    zetel: str
    tot: int
    gelukt: int = 0
    mislukt_op_rij: int = 0
    laatste_status: int | None = None
    niet_voor: datetime | None = None
    handdruk_pogingen: int = 0


class Bezorgrij:
    """The queue over one connection, which it opens and which one thread uses."""

    def __init__(self, dsn: str) -> None:
        self._connection: Connection = psycopg.connect(dsn, autocommit=True)
        # What is lost by a crash is delivered once more: waiting for the disk would only slow it down.
        self._connection.execute("select set_config('synchronous_commit', 'off', false)")
        self._connection.execute("select set_config('hub.bezorger', 'aan', false)")
        self._connection.execute("select set_config('hub.projector', 'aan', false)")

    def try_lock(self) -> bool:
        """Be the only one that delivers, as long as the connection stands."""
        query = "select pg_try_advisory_lock(hashtext('signaalhub.bezorgen'))"
        found = self._connection.execute(query).fetchone()
        return bool(found and found[0])

    def standen(self) -> dict[UUID, Stand]:
        """How every subscription stands that was ever begun with."""
        names = ", ".join(one.name for one in fields(Stand))
        found = self._connection.execute(f"select {names} from bezorgstand").fetchall()  # noqa: S608
        return {row[0]: Stand(*row) for row in found}

    def begin(self, abonnement_id: UUID, zetel: str, positie: int) -> Stand:
        """Begin with a subscription that was taken at this position of the ledger: with what came after."""
        query = (
            "insert into bezorgstand (abonnement_id, zetel, tot) select %(id)s, %(zetel)s, coalesce("
            " (select max(nummer) from gebeurtenis where zetel = %(zetel)s and positie <= %(positie)s),"
            " (select gesnoeid from gebeurtenis_zetel where zetel = %(zetel)s), 0)"
            " on conflict do nothing"
        )
        self._connection.execute(query, {"id": abonnement_id, "zetel": zetel, "positie": positie})
        return self.standen()[abonnement_id]

    def add(self, stand: Stand, found: Sequence[Gebeurtenis], until: int, nu: datetime) -> bool:
        """Queue notices and move `tot` with them; False, and nothing done, where somebody moved it meanwhile.

        What was queued before is asked for anew: only a replay comes by the same number twice.
        """
        rows = [
            (stand.abonnement_id, one.nummer, stand.zetel, delivery_id(stand.abonnement_id, one.nummer), one.onderwerp)
            for one in found
        ]
        insert = (
            "insert into bezorging (abonnement_id, nummer, zetel, id, onderwerp, aangemaakt, gewijzigd)"
            " select a, n, z, i, o, %s, %s from unnest(%s::uuid[], %s::bigint[], %s::text[], %s::uuid[], %s::text[])"
            " as nieuw (a, n, z, i, o) on conflict (abonnement_id, nummer) do update set status = 'wachtend',"
            " pogingen = 0, gewacht_seconden = 0, niet_voor = null, gelukt_voordien = null,"
            " herhaald = bezorging.herhaald + 1, gewijzigd = excluded.gewijzigd"
        )
        with self._connection.transaction():
            move = "update bezorgstand set tot = %s where abonnement_id = %s and tot = %s"
            if self._connection.execute(move, (until, stand.abonnement_id, stand.tot)).rowcount != 1:
                return False
            if rows:
                self._connection.execute(insert, [nu, nu, *map(list, zip(*rows, strict=True))])
        return True

    def is_full(self, abonnement_id: UUID) -> bool:
        """Whether so much waits already that more would only take room."""
        query = (
            "select count(*) >= %(window)s from (select 1 from bezorging where abonnement_id = %(id)s"
            " and status = 'wachtend' limit %(window)s) as wachtend"
        )
        found = self._connection.execute(query, {"window": WINDOW, "id": abonnement_id}).fetchone()
        return bool(found and found[0])

    def waiting(self, abonnement_id: UUID, besides: Iterable[str], limit: int, nu: datetime) -> list[Wachtend]:
        """What may be sent next, by number: of each subject from its first on, none of what waits for a later moment.

        `besides`: subjects that are in hand. Holding all of a subject back for its first keeps it in order.
        """
        query = (
            "select b.abonnement_id, b.nummer, b.onderwerp, b.pogingen, b.gewacht_seconden, b.gelukt_voordien,"  # noqa: S608
            f" {_NOTICE} from bezorging b left join gebeurtenis g on g.zetel = b.zetel and g.nummer = b.nummer"
            " where b.abonnement_id = %(id)s and b.status = 'wachtend' and b.onderwerp <> all(%(besides)s)"
            " and not exists (select 1 from bezorging u where u.abonnement_id = b.abonnement_id"
            " and u.onderwerp = b.onderwerp and u.status = 'wachtend' and u.niet_voor is not null"
            f" and {_LATER.format('u')}) order by b.nummer limit %(limit)s"
        )
        values = {"id": abonnement_id, "besides": list(besides), "limit": limit, **_moments(nu)}
        found = self._connection.execute(query, values).fetchall()
        return [Wachtend(row[0], row[1], row[2], row[3], row[4], row[5], _notice(row[6:])) for row in found]

    def oldest(self, abonnement_id: UUID, nu: datetime) -> list[Wachtend]:
        """The one delivery that waits longest, if its moment has come: who hears nothing is tried with one."""
        query = (
            "select 1 from (select niet_voor from bezorging where abonnement_id = %(id)s and status = 'wachtend'"  # noqa: S608
            f" order by nummer limit 1) b where not (b.niet_voor is not null and {_LATER.format('b')})"
        )
        found = self._connection.execute(query, {"id": abonnement_id, **_moments(nu)}).fetchone()
        return self.waiting(abonnement_id, (), 1, nu) if found else []

    def with_work(self, abonnement_ids: Sequence[UUID], nu: datetime) -> set[UUID]:
        """The subscriptions among these for which something is due."""
        query = (
            "select s.id from unnest(%(ids)s::uuid[]) as s (id) where exists (select 1 from bezorging b"  # noqa: S608
            " where b.abonnement_id = s.id and b.status = 'wachtend'"
            f" and not (b.niet_voor is not null and {_LATER.format('b')}))"
        )
        found = self._connection.execute(query, {"ids": list(abonnement_ids), **_moments(nu)}).fetchall()
        return {row[0] for row in found}

    def record(self, ended: Sequence[Afloop], standen: Sequence[Stand], nu: datetime) -> None:
        """Write down what became of tries, and how their subscriptions stand."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            if ended:
                cursor.execute(
                    _RECORD, [list(column) for column in zip(*(_values(one, nu) for one in ended), strict=True)]
                )
            if standen:
                cursor.executemany(
                    "update bezorgstand set gelukt = %(gelukt)s, mislukt_op_rij = %(mislukt_op_rij)s,"
                    " laatste_status = %(laatste_status)s, niet_voor = %(niet_voor)s,"
                    " handdruk_pogingen = %(handdruk_pogingen)s where abonnement_id = %(abonnement_id)s",
                    [asdict(one) for one in standen],
                )

    def end(self, abonnement_id: UUID, nu: datetime) -> None:
        """The subscription ended: what waits is not sent any more."""
        with self._connection.transaction():
            lapse = (
                "update bezorging set status = 'vervallen', gewijzigd = %s"
                " where abonnement_id = %s and status = 'wachtend'"
            )
            self._connection.execute(lapse, (nu, abonnement_id))
            self._connection.execute("delete from bezorgstand where abonnement_id = %s", (abonnement_id,))

    def purge(self) -> int:
        """Forget what was done with and whose notice is kept no longer, some at once; how many."""
        query = (
            "delete from bezorging where id in (select b.id from bezorging b"
            " join gebeurtenis_zetel z on z.zetel = b.zetel and b.nummer <= z.gesnoeid"
            " where b.status <> 'wachtend' limit %s)"
        )
        return self._connection.execute(query, (PURGED_AT_ONCE,)).rowcount

    def close(self) -> None:
        """Let go of the lock and the connection."""
        self._connection.close()


def delivery_id(abonnement_id: UUID, nummer: int) -> UUID:
    """The name of a delivery: the same after a crash and at a replay."""
    return uuid5(abonnement_id, str(nummer))


def _notice(columns: tuple[Any, ...]) -> Gebeurtenis | None:
    return Gebeurtenis(*columns) if columns[0] is not None else None


def _moments(nu: datetime) -> dict[str, datetime]:
    return {"nu": nu, "verst": nu + LONGEST_WAIT}


def _values(one: Afloop, nu: datetime) -> tuple[object, ...]:
    return (
        one.status,
        one.pogingen,
        one.gewacht,
        nu + one.wacht if one.wacht is not None else None,
        one.gelukt_voordien,
        one.laatste_status,
        one.laatste_fout,
        nu,
        one.abonnement_id,
        one.nummer,
    )
