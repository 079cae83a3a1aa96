"""What is kept, worked out from the ledger: per signal and case, with what its terms began."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import orjson

from contracts.casus import CasusGeopend, CasusGesloten, SignaalGekoppeld
from contracts.signaal import SignaalGeregistreerd, SignaalIngetrokken, SignaalWeerlegd
from hub.domain import bewaring, casus, signaal
from hub.domain.bewaartermijn import EERSTE, GESLOTEN, ONGEGROND, Bewaartermijnen
from hub.domain.bewaring import Bewaring, BewaringEvent, Onderwerp, bewaring_of
from hub.handling.work import Work
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore

SIGNAAL, CASUS = "signaal", "casus"


class Koppelingen:
    """In which cases each signal was brought in; follows the ledger. One thread at a time uses it."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._at = 0
        self._cases: dict[UUID, set[UUID]] = {}

    def van(self, signaal_id: UUID) -> frozenset[UUID]:
        """The cases of a signal, up to the head of the ledger now."""
        head = self._store.head()
        if head > self._at:
            for stream in self._store.last_of((SignaalGekoppeld.TYPE,), self._at):
                for event in self._store.stream(stream):
                    if event.topic == SignaalGekoppeld.TYPE:
                        linked = UUID(orjson.loads(opened(event.state)[0])["signaalId"])
                        self._cases.setdefault(linked, set()).add(stream)
            self._at = head
        return frozenset(self._cases.get(signaal_id, ()))


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
    renewed = [day for one in states if (day := bewaring_in(work, one.id).vernieuwd_tot)]
    return Onderwerp(
        SIGNAAL,
        signaal_id,
        first.melding.spoor,
        first.melding.regio,
        begin,
        embargo=any(one.embargo for one in states),
        vernieuwd_tot=max(renewed, default=None),
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
    return Onderwerp(CASUS, casus_id, state.spoor, state.regio, begin, embargo=state.embargo)
