"""What is due, worked out by following the ledger, and the run that destroys what may go.

The ledger is in order of time. What is young is not looked at: the follower reads on only as far as the shortest
term reaches back, and beside that hears of what makes a term begin or end.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from contracts.casus import CasusGeopend, CasusGesloten, EmbargoOpgeheven
from contracts.signaal import SignaalGeregistreerd, SignaalIngetrokken, SignaalWeerlegd
from hub.domain.bewaartermijn import Bewaartermijnen, Duur
from hub.domain.bewaring import Beurt, Onderwerp, beurten
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


@dataclass(frozen=True, slots=True)
class Afloop:
    """What a run came to: how many signals and cases were destroyed, refused, and are left for a person."""

    vernietigd: int
    geweigerd: int
    wacht: int


class Bewaarlijst:
    """The list of what is due. One thread at a time uses it; two processes do the same work once."""

    def __init__(self, ledger: Ledger, policy: Policy) -> None:
        self._ledger, self._policy, self._work = ledger, policy, ledger.reading
        self._koppelingen = Koppelingen(ledger.store)
        self._lock = threading.Lock()
        self._heard, self._read = 0, 0
        self._known: dict[Key, None] = {}

    def due(self, nu: datetime) -> list[Beurt]:
        """Everything that is due at a moment, the longest overdue first. Raises LedgerUnavailable."""
        terms = self._policy.at(nu).beleid.bewaartermijnen
        with self._lock:
            self._look(terms, nu)
            found = [turn for _, turns in self._turns(terms, nu.date()) for turn in turns[:1]]
        return sorted(found, key=lambda turn: (turn.vervalt_op, str(turn.id)))

    def run(self, nu: datetime) -> Afloop:
        """Destroy what is due and may go by itself. Stopping anywhere is harmless. Raises LedgerError."""
        beleid = self._policy.at(nu).beleid
        counts: Counter[str] = Counter()
        with self._lock:
            self._look(beleid.bewaartermijnen, nu)
            for refused, turns in self._turns(beleid.bewaartermijnen, nu.date()):
                turn = turns[0]
                if not turn.kan or refused.get(turn.termijn.id) == beleid.versie:
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

    def _turns(self, terms: Bewaartermijnen, op: date) -> Iterator[tuple[Mapping[str, str], list[Beurt]]]:
        """What is due of each that is known, with the policy version that refused it; what is gone is forgotten."""
        for key in list(self._known):
            work = self._work()
            onderwerp = self._onderwerp(work, key, terms)
            state = bewaring_in(work, key[1])
            if onderwerp is None or state.vernietigd:
                del self._known[key]
                continue
            turns = list(beurten(onderwerp, terms, state, op))
            if turns:
                yield state.geweigerd, turns

    def _onderwerp(self, work: Work, key: Key, terms: Bewaartermijnen) -> Onderwerp | None:
        soort, id = key
        if soort == CASUS:
            return casus_onderwerp(work, id, terms)
        return signaal_onderwerp(work, id, self._koppelingen.van(id), terms)

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
