"""Key epochs as facts: when one ends, and what is on record of it.

Source: WGS art. 1.8 lid 7; AVG art. 5 lid 1 onder e, 17.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial

from contracts.message import Acted
from hub.domain import kopie
from hub.domain.bewaartermijn import Bewaartermijnen
from hub.domain.kopie import KOPIEEN
from hub.handling.beleidsversies import Policy
from hub.handling.bewaarlijst import BEHEERDER, LOOK_SECONDS
from hub.handling.execute import Ledger
from hub.handling.kopieen import kopieen_in
from hub.handling.step import Step
from hub.ledger.epochs import Epoch, EpochRows, end_epoch
from hub.ledger.keys import EpochKeyStore, begun


class Tijdvakken:
    """Ends epochs under which something was destroyed. Several processes may do so; the work is done once."""

    def __init__(self, ledger: Ledger, rows: EpochRows, key_store: EpochKeyStore) -> None:
        self._ledger, self._rows, self._key_store = ledger, rows, key_store

    def due(self, terms: Bewaartermijnen, nu: datetime, *, at_once: bool = False) -> list[Epoch]:
        """The epochs to end: something was destroyed under them, long enough ago; also those that stopped half way."""
        return [
            one
            for one in self._rows.epochs()
            if not one.ended
            and (one.closed or (one.since and (at_once or terms.na_vernietiging.na(one.since.date()) <= nu.date())))
        ]

    def run(
        self,
        terms: Bewaartermijnen,
        nu: datetime,
        *,
        at_once: bool = False,
        progress: Callable[[int], None] = lambda done: None,
    ) -> int:
        """End what is due, and record it; how many. Raises KeyStoreError, LedgerError."""
        self._begin(terms, nu)
        due = self.due(terms, nu, at_once=at_once)
        for one in due:
            done = end_epoch(self._rows, self._key_store, one.kek, nu, progress)
            self._ledger.perform(partial(_ended, tijdvak=one.kek, overgezet=done), BEHEERDER, nu)
            self._rows.end(one.kek, nu)
        return len(due)

    def _begin(self, terms: Bewaartermijnen, nu: datetime) -> None:
        """Begin a new epoch where the last one is over: what ends together lies together, so ending it is cheap."""
        last = self._key_store.names()[-1]
        since = begun(last)
        used = any(one.kek == last for one in self._rows.epochs())
        if used and (since is None or terms.tijdvak.na(since) <= nu.date()):
            self._key_store.renew(nu.date())

    def follow(self, policy: Policy) -> Callable[..., None]:
        """What keeps up until it is stopped, under the terms of the policy in force."""

        def keep(stop: threading.Event, clock: Callable[[], datetime], failed: Callable[[Exception], None]) -> None:
            while not stop.is_set():
                try:
                    self.run(policy.at(clock()).beleid.bewaartermijnen, clock())
                except Exception as error:  # whatever it was, what is not done yet is done at the next try
                    failed(error)
                stop.wait(LOOK_SECONDS)

        return keep


def _ended(step: Step, tijdvak: str, overgezet: int) -> None:
    events = kopie.eindig(kopieen_in(step.work), tijdvak, overgezet, Acted(step.zetel, step.nu))
    step.work.add(KOPIEEN, events, "hub")
