"""Breaches: on record at once, the contact points told, the clock asked of the policy at each step.

Source: AVG art. 33, 34; Wpg art. 33a; Bgs art. 1.4.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from math import ceil
from uuid import UUID

from contracts.datalek import (
    DatalekVastgesteld,
    LegMededelingVast,
    LegToezichtmeldingVast,
    MeldDatalek,
    ZieAfVanMelding,
)
from contracts.message import Acted
from hub.domain import datalek
from hub.domain.datalek import Datalek, DatalekEvent
from hub.handling.disclose import HUBZETEL
from hub.handling.questions import Answered, Asked, freeze
from hub.handling.step import Handlers, Step
from hub.handling.work import Work, refusals_of
from hub.ledger.store import LedgerStore

CATEGORIE, DOEL, CONTACTPUNT = "datalek", "integriteit-beveiliging", "contactpunt"


def _meld(step: Step, command: MeldDatalek) -> None:
    state = datalek.replay(step.work.events(command.datalek_id, DatalekEvent))
    seats = step.questions.beleid.instanties.values()
    told = tuple(sorted(seat.id for seat in seats if seat.type == CONTACTPUNT))
    step.work.add(command.datalek_id, [datalek.stel_vast(state, command, Acted(step.zetel, step.nu), told)], "hub")


def _stap(step: Step, command: LegToezichtmeldingVast | ZieAfVanMelding | LegMededelingVast) -> None:
    stream, refusals = command.datalek_id, refusals_of(command.datalek_id)
    step.work.load((stream, refusals))
    state = datalek.replay(step.work.events(stream, DatalekEvent))
    answered = _asked(step, command, state)
    event = datalek.decide(state, command, Acted(step.zetel, step.nu), answered.oordeel)
    known = isinstance(event, DatalekEvent)
    step.work.add(stream if known else refusals, [event], "hub", answered.record)


def _asked(
    step: Step, command: LegToezichtmeldingVast | ZieAfVanMelding | LegMededelingVast, state: Datalek | None
) -> Answered:
    """Asked also of what is not there, so that it takes as long. Only a report to the supervisor has a clock."""
    hours = ceil((step.nu - state.vastgesteld.bekend_op).total_seconds() / 3600) if state else 0
    facts: dict[str, object] = (
        {"uren_sinds_datalek": hours, "datalek_gemotiveerd": bool(command.motivering)}
        if (isinstance(command, LegToezichtmeldingVast))
        else {}
    )
    asked = Asked(step.zetel, "datalek-melden", "hub", "landelijk", step.op, DOEL, omstandigheden=freeze(facts))
    bij = state.vastgesteld.bij if state else HUBZETEL
    return step.questions.judge_recorded(asked, ((bij, "", (CATEGORIE,)),))


HANDLERS: Handlers = {
    MeldDatalek: _meld,
    LegToezichtmeldingVast: _stap,
    ZieAfVanMelding: _stap,
    LegMededelingVast: _stap,
}


class Datalekken:
    """All breaches; each look reads only what is new. Safe to share between threads."""

    def __init__(self, store: LedgerStore, work: Callable[[], Work]) -> None:
        self._store, self._work = store, work
        self._at, self._streams = 0, set[UUID]()
        self._lock = threading.Lock()

    def alle(self) -> list[Datalek]:
        """Every breach, the one that is due first in front. Raises LedgerUnavailable."""
        with self._lock:
            head = self._store.head()
            self._streams |= self._store.last_of((DatalekVastgesteld.TYPE,), self._at).keys()
            self._at = head
            streams = sorted(self._streams)
        work = self._work()
        work.load(streams)
        found = [datalek.replay(work.events(stream, DatalekEvent)) for stream in streams]
        return sorted((one for one in found if one), key=lambda one: one.vastgesteld.uiterlijk)

    def verlopen(self, nu: datetime) -> list[Datalek]:
        """What the supervisor should have known by now, and does not."""
        return [one for one in self.alle() if one.gemeld is None and one.te_laat(nu)]
