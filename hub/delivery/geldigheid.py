"""Subscriptions to which the right lapsed: suspended, so that it shows on record and the seat knows.

Nothing waits for this: what may not be seen any more is not in the permitted view, and notices are of that view only.
"""

import threading
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from contracts.abonnement import Filters
from hub.delivery.abonnementen import Abonnementen
from hub.domain.abonnement import GESCHORST, Abonnement
from hub.domain.casus import CasusEvent
from hub.handling.abonnementen import herzie
from hub.handling.beleidsversies import Policy
from hub.handling.disclose import HUBZETEL
from hub.handling.execute import Ledger

LOOK_SECONDS = 1.0
CASE_TOPICS = tuple(kind.TYPE for kind in CasusEvent.__args__)


class Asked(NamedTuple):
    """What counted when a right was last looked at."""

    versie: str
    op: date
    filters: Filters


class Geldigheid:
    """Looks again where policy, day, subscription or a case in it changed. One thread uses it; two do it once."""

    def __init__(self, ledger: Ledger, abonnementen: Abonnementen, policy: Policy) -> None:
        self._ledger, self._abonnementen, self._policy = ledger, abonnementen, policy
        self._asked: dict[UUID, Asked] = {}
        self._cases_until = 0

    def run(self, nu: datetime) -> int:
        """Suspend what lapsed; the number of subscriptions. Raises LedgerError."""
        versie, head = self._policy.at(nu).beleid.versie, self._ledger.store.head()
        changed = self._ledger.store.last_of(CASE_TOPICS, self._cases_until)
        suspended = 0
        for one in self._abonnementen.lopende():
            now = Asked(versie, nu.date(), one.filters)
            if self._is_due(one, now) or not changed.keys().isdisjoint(one.filters.casussen):
                act = partial(herzie, abonnement_id=one.abonnement_id)
                suspended += bool(self._ledger.perform(act, HUBZETEL, nu).events)
                self._asked[one.abonnement_id] = now
        self._cases_until = head
        return suspended

    def follow(self, stop: threading.Event, clock: Callable[[], datetime], failed: Callable[[Exception], None]) -> None:
        """Keep up until `stop`. `failed` is told what went wrong; it is tried again."""
        while not stop.is_set():
            try:
                self.run(clock())
            except Exception as error:  # whatever it was, what is not done yet is done at the next try
                failed(error)
            stop.wait(LOOK_SECONDS)

    def _is_due(self, one: Abonnement, now: Asked) -> bool:
        return one.status != GESCHORST and self._asked.get(one.abonnement_id) != now
