"""What is kept, worked out from the ledger: per signal and case, with what its terms began."""

import threading
from collections.abc import Iterable
from datetime import date
from uuid import UUID

import orjson

from contracts.casus import CasusGeopend, CasusGesloten, SignaalGekoppeld
from contracts.signaal import SignaalGeregistreerd, SignaalIngetrokken, SignaalWeerlegd
from hub.domain import bewaring, casus, signaal, verstrekking
from hub.domain.bewaartermijn import EERSTE, GESLOTEN, ONGEGROND, Bewaartermijnen
from hub.domain.bewaring import BEPERKT, EMBARGO, Bewaring, BewaringEvent, Onderwerp, bewaring_of
from hub.handling.step import Step
from hub.handling.work import Work, disclosures_of
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore

SIGNAAL, CASUS = "signaal", "casus"


class Koppelingen:
    """In which cases each signal was brought in; follows the ledger. Thread-safe."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._at = 0
        self._cases: dict[UUID, set[UUID]] = {}

    def van(self, signaal_id: UUID) -> frozenset[UUID]:
        """The cases of a signal, up to the head of the ledger now."""
        with self._lock:
            self._look()
            return frozenset(self._cases.get(signaal_id, ()))

    def van_alle(self, signalen: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
        """The same of many, with one look at the ledger."""
        with self._lock:
            self._look()
            return {id: frozenset(self._cases.get(id, ())) for id in signalen}

    def _look(self) -> None:
        head = self._store.head()
        if head > self._at:
            for stream in self._store.last_of((SignaalGekoppeld.TYPE,), self._at):
                for event in self._store.stream(stream):
                    if event.topic == SignaalGekoppeld.TYPE:
                        linked = UUID(orjson.loads(opened(event.state)[0])["signaalId"])
                        self._cases.setdefault(linked, set()).add(stream)
            self._at = head


def bewaring_in(work: Work, onderwerp_id: UUID) -> Bewaring:
    """What is on record of the retention of a signal or case."""
    return bewaring.replay(work.events(bewaring_of(onderwerp_id), BewaringEvent))


def signaal_onderwerp(
    work: Work, signaal_id: UUID, cases: Iterable[UUID], termijnen: Bewaartermijnen
) -> Onderwerp | None:
    """A signal with the beginnings of its terms. A term that begins with a case begins when its last case closed."""
    events = work.events(signaal_id, signaal.SignaalEvent)
    if not events or not isinstance(events[0], SignaalGeregistreerd):
        return None
    first = events[0]
    begin = {EERSTE: first.tijdstip.date()}
    for event in events:
        if isinstance(event, SignaalWeerlegd | SignaalIngetrokken):
            begin[ONGEGROND] = event.tijdstip.date()
    states = [one for case in cases if (one := casus_onderwerp(work, case, termijnen)) is not None]
    here = [one for one in states if one.spoor == first.melding.spoor]
    if here and all(GESLOTEN in one.begin for one in states):
        for name in {name for one in here for name in one.begin} - {EERSTE}:
            if name == GESLOTEN or all(name in one.begin for one in states):
                begin[name] = max(one.begin[name] for one in here if name in one.begin)
    records = [bewaring_in(work, one.id) for one in states]
    restricted = {BEPERKT} if signaal.replay(events).beperkt else set()
    return Onderwerp(
        SIGNAAL,
        signaal_id,
        first.melding.spoor,
        first.melding.regio,
        begin,
        redenen=frozenset(restricted.union(*(one.redenen for one in states))),
        uitstel=tuple(hold for record in records for hold in record.uitstel.values()),
        vernieuwd_tot=max((record.vernieuwd_tot for record in records if record.vernieuwd_tot), default=None),
    )


def casus_onderwerp(work: Work, casus_id: UUID, termijnen: Bewaartermijnen) -> Onderwerp | None:
    """A case with the beginnings of its terms."""
    events = work.events(casus_id, casus.CasusEvent)
    if not events or not isinstance(events[0], CasusGeopend):
        return None
    state = casus.replay(events)
    begin: dict[str, date] = {EERSTE: events[0].tijdstip.date()}
    for event in events:
        if isinstance(event, CasusGesloten):
            day = event.tijdstip.date()
            begin[GESLOTEN] = day
            begin[termijnen.sluitingsredenen.get(event.reden, GESLOTEN)] = day
    return Onderwerp(CASUS, casus_id, state.spoor, state.regio, begin, frozenset({EMBARGO} if state.embargo else ()))


def must_be_erasable(step: Step, signaal_id: UUID) -> None:
    """Raises Strijdig where a claim or the law needs what is to be erased. Source: AVG art. 17 lid 3.

    Holds of the cases in which it was disclosed count as well.
    """
    terms = step.questions.beleid.bewaartermijnen
    recorded = step.work.events(disclosures_of(signaal_id), verstrekking.VerstrekkingEvent)
    cases = {event.casus_id for event in recorded if getattr(event, "casus_id", None)}
    onderwerp = signaal_onderwerp(step.work, signaal_id, cases, terms)
    if onderwerp is not None:
        bewaring.eis_wisbaar(onderwerp, bewaring_in(step.work, signaal_id), terms, step.op)
