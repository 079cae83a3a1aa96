"""What is due, worked out by following the ledger, and the run that destroys what may go.

The ledger is in order of time. What is young is not looked at: the follower reads on only as far as the shortest
term reaches back, and beside that hears of what makes a term begin or end.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from contracts.bewaring import (
    UitstelOpgeheven,
    VernietigCasus,
    VernietigingBeoordeeld,
    VernietigingUitgesteld,
    VernietigSignaal,
    VerwerkingVernieuwd,
)
from contracts.casus import CasusGeopend, CasusGesloten, EmbargoOpgeheven, SignaalGekoppeld
from contracts.signaal import SignaalGeregistreerd, SignaalIngetrokken, SignaalWeerlegd
from hub.domain.bewaartermijn import Bewaartermijnen, Duur
from hub.domain.bewaring import Beurt, Bewaring, Onderwerp, beurten, bewaring_of
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.beleidsversies import Policy
from hub.handling.execute import Ledger, Request
from hub.handling.onderwerpen import (
    CASUS,
    SIGNAAL,
    Koppelingen,
    bewaring_in,
    casus_onderwerp,
    signaal_onderwerp,
)
from hub.handling.work import Work
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore

BEHEERDER = "beheerder@landelijk"
PAGE = 4_000
LOOK_SECONDS = 3_600.0
FIRST = {SignaalGeregistreerd.TYPE: SIGNAAL, CasusGeopend.TYPE: CASUS}
#: What may make something due at once, or put it off.
CHANGES = tuple(
    cls.TYPE
    for cls in (
        CasusGesloten,
        EmbargoOpgeheven,
        SignaalWeerlegd,
        SignaalIngetrokken,
        UitstelOpgeheven,
        VernietigingUitgesteld,
        VernietigingBeoordeeld,
        VerwerkingVernieuwd,
    )
)
Key = tuple[str, UUID]
#: So many are worked out from one look at the ledger.
TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Afloop:
    """What a run came to: how many signals and cases were destroyed, refused, and are left for a person."""

    vernietigd: int
    geweigerd: int
    wacht: int


@dataclass(frozen=True, slots=True)
class Bekend:
    """What was worked out of one signal or case. `zetels`: who brought it in, or takes part."""

    onderwerp: Onderwerp
    bewaring: Bewaring
    zetels: frozenset[str]


class WorkedOut:
    """What was worked out, until one of the streams it came from grows. None for what is gone."""

    def __init__(self, store: LedgerStore) -> None:
        self._store, self._at = store, store.head()
        self._kept: dict[Key, Bekend | None] = {}
        self._from: dict[UUID, set[Key]] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def __getitem__(self, key: Key) -> Bekend | None:
        return self._kept[key]

    def keep(self, key: Key, known: Bekend | None, streams: Iterable[UUID]) -> None:
        self._kept[key] = known
        for stream in streams:
            self._from.setdefault(stream, set()).add(key)

    def clear(self) -> None:
        self._kept, self._from = {}, {}

    def follow(self) -> bool:
        """Let go of what changed since the last look; whether there was any. Raises LedgerUnavailable."""
        before = len(self._kept)
        while page := self._store.read(self._at, PAGE):
            for one in page:
                touched = self._from.pop(one.stream, set())
                if one.topic == SignaalGekoppeld.TYPE:
                    touched.add((SIGNAAL, UUID(orjson.loads(opened(one.state)[0])["signaalId"])))
                for key in touched:
                    self._kept.pop(key, None)
            self._at = page[-1].position
        return len(self._kept) != before


class Bewaarlijst:
    """The list of what is due. One thread at a time uses it; two processes do the same work once.

    What was worked out of a signal or case stands until something is recorded on one of the streams it came from.
    """

    def __init__(self, ledger: Ledger, policy: Policy) -> None:
        self._ledger, self._policy, self._work = ledger, policy, ledger.reading
        self._koppelingen = Koppelingen(ledger.store)
        self._lock = threading.Lock()
        self._heard, self._read = 0, 0
        self._known: dict[Key, None] = {}
        self._worked_out = WorkedOut(ledger.store)
        self._terms: Bewaartermijnen | None = None
        #: Of a day, for as long as nothing changes.
        self._list: tuple[date, list[tuple[Beurt, frozenset[str]]]] | None = None

    def due(self, nu: datetime) -> list[Beurt]:
        """Everything that is due at a moment, the longest overdue first. Raises LedgerUnavailable."""
        return [turn for turn, _ in self._due(nu)]

    def due_for(self, zetel: str, nu: datetime) -> list[Beurt]:
        """The same of what a seat brought in or takes part in."""
        return [turn for turn, seats in self._due(nu) if zetel in seats]

    def _due(self, nu: datetime) -> list[tuple[Beurt, frozenset[str]]]:
        terms, op = self._policy.at(nu).beleid.bewaartermijnen, nu.date()
        with self._lock:
            if self._up_to_date(terms, nu) and self._list is not None and self._list[0] == op:
                return self._list[1]
            first = [(turns[0], known.zetels) for known, turns in self._turns(terms, op)]
            first.sort(key=lambda one: (one[0].vervalt_op, str(one[0].id)))
            self._list = op, first
            return first

    def run(self, nu: datetime) -> Afloop:
        """Destroy what is due and may go by itself. Stopping anywhere is harmless. Raises LedgerError."""
        beleid = self._policy.at(nu).beleid
        counts: Counter[str] = Counter()
        with self._lock:
            self._up_to_date(beleid.bewaartermijnen, nu)
            for known, turns in self._turns(beleid.bewaartermijnen, nu.date()):
                turn = turns[0]
                if not turn.kan or known.bewaring.geweigerd.get(turn.termijn.id) == beleid.versie:
                    counts["wacht"] += 1
                else:
                    counts[self._destroy(turn, nu)] += 1
        return Afloop(counts["vernietigd"], counts["geweigerd"], counts["wacht"])

    def follow(self, stop: threading.Event, clock: Callable[[], datetime], failed: Callable[[Exception], None]) -> None:
        """Keep up until `stop`. `failed` is told what went wrong; it is tried again."""
        while not stop.is_set():
            try:
                self.run(clock())
            except Exception as error:  # whatever it was, what is not done yet is done at the next try
                failed(error)
            stop.wait(LOOK_SECONDS)

    def _destroy(self, turn: Beurt, nu: datetime) -> str:
        command = (
            VernietigSignaal(signaal_id=turn.id, termijn=turn.termijn.id)
            if turn.soort == SIGNAAL
            else VernietigCasus(casus_id=turn.id, termijn=turn.termijn.id)
        )
        try:
            outcome = self._ledger.execute(Request(command, BEHEERDER), nu)
        except (Strijdig, Onbekend):
            return "wacht"  # it changed since it was looked at
        destroyed = any(type(event).__name__.endswith("Vernietigd") for event in outcome.events)
        return "vernietigd" if destroyed else "geweigerd"

    def _turns(self, terms: Bewaartermijnen, op: date) -> Iterator[tuple[Bekend, list[Beurt]]]:
        """What is due of each that is known; what is gone is forgotten."""
        keys = list(self._known)
        for first in range(0, len(keys), TOGETHER):
            part = keys[first : first + TOGETHER]
            self._work_out([key for key in part if key not in self._worked_out], terms)
            for key in part:
                known = self._worked_out[key]
                if known is None:
                    del self._known[key]
                elif turns := list(beurten(known.onderwerp, terms, known.bewaring, op)):
                    yield known, turns

    def _work_out(self, keys: Sequence[Key], terms: Bewaartermijnen) -> None:
        """Several at once, for one look at the ledger costs as much as one of them."""
        cases = self._koppelingen.van_alle(id for soort, id in keys if soort == SIGNAAL)
        parts = {key: (key[1], *cases.get(key[1], ())) for key in keys}
        parts = {key: (*ids, *map(bewaring_of, ids)) for key, ids in parts.items()}
        work = self._work()
        work.load([id for ids in parts.values() for id in ids])
        for key, ids in parts.items():
            self._worked_out.keep(key, self._bekend(work, key, cases.get(key[1], ()), terms), ids)

    def _bekend(self, work: Work, key: Key, cases: Iterable[UUID], terms: Bewaartermijnen) -> Bekend | None:
        """None where it is gone."""
        soort, id = key
        is_case = soort == CASUS
        onderwerp = casus_onderwerp(work, id, terms) if is_case else signaal_onderwerp(work, id, cases, terms)
        bewaring = bewaring_in(work, id)
        if onderwerp is None or bewaring.vernietigd:
            return None
        return Bekend(
            onderwerp, bewaring, frozenset(work.casus(id).deelnemers if is_case else work.signaal(id).verstrekkers)
        )

    def _up_to_date(self, terms: Bewaartermijnen, nu: datetime) -> bool:
        """Follow the ledger; whether everything stands as it did at the last look."""
        before = len(self._known)
        changed = self._worked_out.follow()
        self._look(terms, nu)
        if terms != self._terms:
            self._worked_out.clear()
            self._terms, changed = terms, True
        if changed or len(self._known) != before:
            self._list = None
        return self._list is not None

    def _look(self, terms: Bewaartermijnen, nu: datetime) -> None:
        self._hear()
        shortest = {soort: terms.kortste_van(soort) for soort in FIRST.values()}
        while page := self._ledger.store.read(self._read, PAGE):
            for one in page:
                soort = FIRST.get(one.topic)
                if soort is not None:
                    begun = datetime.fromisoformat(orjson.loads(opened(one.state)[0])["tijdstip"]).date()
                    if _young(begun, shortest.values(), nu.date()):
                        return
                    self._known[soort, one.stream] = None
                self._read = one.position

    def _hear(self) -> None:
        store = self._ledger.store
        head = store.head()
        for stream in store.last_of(CHANGES, self._heard) if head > self._heard else ():
            for event in store.stream(stream):
                if event.topic in CHANGES:
                    self._note(orjson.loads(opened(event.state)[0]))
        self._heard = head

    def _note(self, said: Mapping[str, Any]) -> None:
        if "onderwerpId" in said:
            self._known[said["soort"], UUID(said["onderwerpId"])] = None
        elif "signaalId" in said:
            self._known[SIGNAAL, UUID(said["signaalId"])] = None
        else:
            case = UUID(said["casusId"])
            self._known[CASUS, case] = None
            self._known |= {(SIGNAAL, id): None for id in self._work().casus(case).signalen}


def _young(begun: date, shortest: Iterable[Duur | None], op: date) -> bool:
    """Whether no term that counts from then can be over."""
    return all(duur is None or duur.na(begun) > op for duur in shortest)
