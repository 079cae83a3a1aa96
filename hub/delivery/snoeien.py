"""Notices are kept for a term; who was away longer begins anew from the lists of its own view."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time

import psycopg

from hub.handling.beleidsversies import Policy

LOOK_SECONDS = 3_600.0
AT_ONCE = 20_000
# Only what lies before the first notice that is still to be kept: a clock that jumped makes nothing go too early.
_SNOEI = """
with grens as (
    select coalesce((select volgorde from gebeurtenis where tijdstip >= %(voor)s order by volgorde limit 1),
                    (select max(volgorde) + 1 from gebeurtenis)) as tot
), oud as materialized (
    select volgorde from gebeurtenis, grens where volgorde < grens.tot order by volgorde limit %(aantal)s
), weg as (
    delete from gebeurtenis g using oud where g.volgorde = oud.volgorde
    returning g.zetel, g.nummer, g.onderwerp, g.id
), verder as (
    update gebeurtenis_zetel z set gesnoeid = greatest(z.gesnoeid, hoogste.nummer)
    from (select zetel, max(nummer) as nummer from weg group by zetel) hoogste where z.zetel = hoogste.zetel
), stil as (
    delete from gebeurtenis_reeks r using weg
    where r.zetel = weg.zetel and r.onderwerp = weg.onderwerp and r.laatste = weg.id
)
select count(*) from weg
"""


class Snoei:
    """Takes away what is over its term, of `bewaartermijnen.yaml`. Two processes do the same work once."""

    def __init__(self, dsn: str, policy: Policy) -> None:
        self._dsn, self._policy = dsn, policy

    def run(self, nu: datetime) -> int:
        """Prune what is over at a moment; how many notices. Stopping anywhere is harmless.

        A subject that was silent for the whole term begins at place 1 again.
        """
        term, today = self._policy.at(nu).beleid.bewaartermijnen.aankondigingen, nu.date()
        oldest = today - (term.na(today) - today)
        voor, total = datetime.combine(oldest, time(), UTC), 0
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute("select set_config('hub.projector', 'aan', false)")
            while True:
                found = connection.execute(_SNOEI, {"voor": voor, "aantal": AT_ONCE}).fetchone()
                total += found[0] if found else 0
                if not found or found[0] < AT_ONCE:
                    return total

    def follow(self, stop: threading.Event, clock: Callable[[], datetime], failed: Callable[[Exception], None]) -> None:
        """Prune every hour until `stop`. `failed` is told what went wrong; it is tried again."""
        while not stop.is_set():
            try:
                self.run(clock())
            except Exception as error:  # whatever it was, what is over goes the next time
                failed(error)
            stop.wait(LOOK_SECONDS)
