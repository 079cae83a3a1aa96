"""How far the relay to Kafka came with each seat, and the right to be the only one that relays."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import psycopg


class Cursors:
    """One connection: while it stands it can hold the lock, so that who lost the lock cannot move a cursor either.

    Not thread-safe. Every method raises psycopg.Error when the database is away.
    """

    def __init__(self, dsn: str) -> None:
        self._connection = psycopg.connect(dsn, autocommit=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def try_lock(self) -> bool:
        """Be the only one that relays, as long as the connection stands."""
        query = "select pg_try_advisory_lock(hashtext('signaalhub.kafka-relay'))"
        found = self._connection.execute(query).fetchone()
        return bool(found and found[0])

    def load(self) -> dict[str, int]:
        """The number up to which each seat was served."""
        return dict(self._connection.execute("select zetel, nummer from kafka_relay").fetchall())

    def begin(self, zetel: str, positie: int) -> int:
        """Begin with a seat whose first subscription was taken at this position: with what came after. The number."""
        with self._connection.transaction():
            # Row security shows notices to their seat and to the hub itself only.
            self._connection.execute("select set_config('hub.projector', 'aan', true)")
            self._connection.execute(
                "insert into kafka_relay (zetel, nummer) select %(zetel)s, coalesce("
                " (select max(nummer) from gebeurtenis where zetel = %(zetel)s and positie <= %(positie)s),"
                " (select gesnoeid from gebeurtenis_zetel where zetel = %(zetel)s), 0) on conflict do nothing",
                {"zetel": zetel, "positie": positie},
            )
        return self.load()[zetel]

    def save(self, numbers: Mapping[str, int]) -> None:
        """The broker acknowledged everything up to these numbers. A cursor never goes back."""
        self._connection.execute(
            "update kafka_relay r set nummer = greatest(r.nummer, n.nummer)"
            " from unnest(%s::text[], %s::bigint[]) as n (zetel, nummer) where r.zetel = n.zetel",
            (list(numbers), list(numbers.values())),
        )

    def close(self) -> None:
        self._connection.close()
