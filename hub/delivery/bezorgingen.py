"""What became of deliveries, for the seat they are for; and sending again what did not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[tuple[Any, ...]]
MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class Bezorging:
    """One delivery. `nummer`: of its notice, among those of the seat; `volgnummer`: cursor of lists.

    `status`: wachtend, bezorgd, onbestelbaar (ten tries failed) or vervallen (no longer permitted). `laatste_fout`: why
    no answer came. `herhaald`: how often it was asked for again.
    """

    bezorging_id: UUID
    volgnummer: int
    abonnement_id: UUID
    nummer: int
    onderwerp: str
    status: str
    pogingen: int
    niet_voor: datetime | None
    laatste_status: int | None
    laatste_fout: str | None
    herhaald: int
    aangemaakt: datetime
    gewijzigd: datetime


_COLUMNS = (
    "id as bezorging_id, volgnummer, abonnement_id, nummer, onderwerp, status, pogingen, niet_voor, laatste_status,"
    " laatste_fout, herhaald, aangemaakt, gewijzigd"
)
_AGAIN = (
    "update bezorging set status = 'wachtend', pogingen = 0, gewacht_seconden = 0, niet_voor = null,"
    " gelukt_voordien = null, herhaald = herhaald + 1, gewijzigd = %s"
    " where zetel = %s and id = %s and status in ('bezorgd', 'onbestelbaar') returning "
)


class Bezorgingen:
    """The deliveries of all seats, each for itself only. Thread-safe."""

    def __init__(self, pool: ConnectionPool[Connection]) -> None:
        self._pool = pool

    def lijst(
        self,
        zetel: str,
        na: int | None = None,
        aantal: int = 100,
        abonnement_id: UUID | None = None,
        status: str | None = None,
    ) -> list[Bezorging]:
        """The deliveries of a seat, the newest first; `na`: those before this `volgnummer`."""
        query = (
            f"select {_COLUMNS} from bezorging where zetel = %(zetel)s"  # noqa: S608
            " and (%(na)s::bigint is null or volgnummer < %(na)s)"
            " and (%(abonnement)s::uuid is null or abonnement_id = %(abonnement)s)"
            " and (%(status)s::text is null or status = %(status)s) order by volgnummer desc limit %(aantal)s"
        )
        values = {
            "zetel": zetel,
            "na": na,
            "abonnement": abonnement_id,
            "status": status,
            "aantal": min(aantal, MAX_PAGE),
        }
        with self._as(zetel) as connection, connection.cursor(row_factory=class_row(Bezorging)) as cursor:
            return cursor.execute(query.encode(), values).fetchall()

    def een(self, zetel: str, bezorging_id: UUID) -> Bezorging | None:
        """One delivery of a seat; None where there is none."""
        query = f"select {_COLUMNS} from bezorging where zetel = %s and id = %s"  # noqa: S608
        with self._as(zetel) as connection, connection.cursor(row_factory=class_row(Bezorging)) as cursor:
            return cursor.execute(query.encode(), (zetel, bezorging_id)).fetchone()

    def herhaal(self, zetel: str, bezorging_id: UUID, nu: datetime) -> Bezorging | None:
        """Send one again, as if it had never been tried; None where there is none that is done with."""
        with self._as_hub() as connection, connection.cursor(row_factory=class_row(Bezorging)) as cursor:
            return cursor.execute((_AGAIN + _COLUMNS).encode(), (nu, zetel, bezorging_id)).fetchone()

    def herhaal_vanaf(self, zetel: str, abonnement_id: UUID, na: int) -> bool:
        """Send everything after a number of the seat again, also what arrived; False where nothing was ever queued.

        Only backwards: nothing can be skipped by it.
        """
        query = (
            "update bezorgstand set tot = least(tot, greatest(%(na)s, coalesce((select gesnoeid from gebeurtenis_zetel"
            " where zetel = %(zetel)s), 0))) where zetel = %(zetel)s and abonnement_id = %(id)s"
        )
        with self._as_hub() as connection:
            done = connection.execute(query, {"na": na, "zetel": zetel, "id": abonnement_id})
        return done.rowcount == 1

    @contextmanager
    def _as(self, zetel: str) -> Iterator[Connection]:
        """A read-only transaction that sees the rows of one seat."""
        with self._pool.connection() as connection, connection.transaction():
            connection.execute("set transaction read only")
            connection.execute("set local role hub_lezer")
            connection.execute("select set_config('hub.zetel', %s, true)", (zetel,))
            yield connection

    @contextmanager
    def _as_hub(self) -> Iterator[Connection]:
        with self._pool.connection() as connection, connection.transaction():
            connection.execute("select set_config('hub.bezorger', 'aan', true)")
            connection.execute("select set_config('hub.projector', 'aan', true)")
            yield connection
