"""Which rights of access must be reviewed: every year, and every quarter where they are over the platform itself.

The policy says whether rights may stay as they are; the list is what it says no to. Source: BIO2 5.18.02, 8.02.01.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from contracts.toegangstoets import ToegangBehouden, ToegangIngetrokken, ToegangstoetsGeweigerd, ToetsToegang
from hub.access.beleid import Beleid
from hub.access.permit import Permit
from hub.domain import toegangstoets
from hub.domain.oordeel import Onbekend
from hub.domain.toegangstoets import maanden, toegang_of
from hub.handling.questions import Asked, Questions, freeze
from hub.handling.step import Handlers, Step
from hub.handling.work import refusals_of
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore

CATEGORIE, DOEL, BEHEERDER = "autorisatieniveau", "integriteit-beveiliging", "beheerder@landelijk"
SPOREN = ("riec", "zvh", "zorg-en-registratie", "bilateraal")
#: Rights that were never reviewed are as late as can be.
NOOIT = 999


def bevoorrecht(beleid: Beleid, zetel: str) -> bool:
    """Whether a seat has rights over the platform itself: it has a place there, and in no other track."""
    kind = beleid.zetels[zetel.partition("@")[0]]
    return all(kind.stand(spoor, None) == "geen" for spoor in SPOREN)


def _question(zetel: str, op: date, months: int, *, privileged: bool) -> Asked:
    facts = {"maanden_sinds_toetsing": months, "bevoorrecht": privileged}
    return Asked(zetel, "toegang-behouden", "hub", "landelijk", op, DOEL, omstandigheden=freeze(facts))


def _toets(step: Step, command: ToetsToegang) -> None:
    """What is reviewed now was reviewed no months ago; who may review it is the policy's to say."""
    beleid, stream = step.questions.beleid, toegang_of(command.houder)
    if command.houder not in beleid.instanties:
        raise Onbekend
    privileged = bevoorrecht(beleid, command.houder)
    asked = _question(step.zetel, step.op, 0, privileged=privileged)
    answered = step.questions.judge_recorded(asked, ((command.houder, "", (CATEGORIE,)),))
    event = toegangstoets.toets(command, step.zetel, step.nu, answered.oordeel, bevoorrecht=privileged)
    if isinstance(event, ToegangstoetsGeweigerd):
        stream = refusals_of(stream)
    step.work.load((stream,))
    step.work.add(stream, [event], "hub", answered.record)


HANDLERS: Handlers = {ToetsToegang: _toets}


@dataclass(frozen=True, slots=True)
class Toegangsrecht:
    """The rights of one seat. `maanden`: since the last review, None for never. `verlopen`: must be reviewed now."""

    houder: str
    bevoorrecht: bool
    getoetst_op: datetime | None
    maanden: int | None
    ingetrokken: bool
    verlopen: bool


class Toegangsrechten:
    """The last review of every seat; each look reads only what is new. Safe to share between threads."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._at, self._last = 0, dict[str, tuple[datetime, bool]]()
        self._lock = threading.Lock()

    def overzicht(self, questions: Questions, nu: datetime) -> list[Toegangsrecht]:
        """Every seat of the policy, those longest not reviewed first. Raises LedgerUnavailable."""
        with self._lock:
            self._look()
            known = dict(self._last)
        found = [_right(questions, seat, known.get(seat), nu) for seat in sorted(questions.beleid.instanties)]
        return sorted(found, key=lambda one: (not one.verlopen, -(NOOIT if one.maanden is None else one.maanden)))

    def _look(self) -> None:
        head = self._store.head()
        streams = self._store.last_of((ToegangBehouden.TYPE, ToegangIngetrokken.TYPE), self._at)
        for events in self._store.streams(list(streams)).values():
            for seat, moment, gone in _reviews((event.topic, event.state) for event in events):
                self._last[seat] = (moment, gone)
        self._at = head


def _reviews(events: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, datetime, bool]]:
    for topic, state in events:
        known = orjson.loads(opened(state)[0])
        yield known["houder"], datetime.fromisoformat(known["tijdstip"]), topic == ToegangIngetrokken.TYPE


def _right(questions: Questions, seat: str, last: tuple[datetime, bool] | None, nu: datetime) -> Toegangsrecht:
    privileged = bevoorrecht(questions.beleid, seat)
    months = maanden(last[0].date(), nu.date()) if last else None
    asked = _question(BEHEERDER, nu.date(), NOOIT if months is None else months, privileged=privileged)
    stays = isinstance(questions.beleid.toets(asked.about(CATEGORIE, seat)), Permit)
    gone = last is not None and last[1]
    return Toegangsrecht(seat, privileged, last[0] if last else None, months, gone, not stays and not gone)
