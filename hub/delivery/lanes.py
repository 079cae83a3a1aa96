"""What of one subscription is in hand: which deliveries wait in memory, which are on their way, and how many may be.

A lane begins narrow, grows while all goes well, and shrinks to one at the first failure; after a few failures in a row
only the delivery that waits longest is tried, so a subscriber that hangs or is away costs next to nothing.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf

from hub.delivery.bezorgrecht import GOOD, Situatie
from hub.delivery.bezorgrij import BEZORGD, ONBESTELBAAR, VERVALLEN, WACHTEND, Afloop, Stand, Wachtend
from hub.delivery.outgoing import ADDRESS_REFUSED, Answer
from hub.delivery.pace import Pace
from hub.delivery.retry import PATIENCE, Meaning, asked_wait, meaning_of, wait_after
from hub.domain.abonnement import ACTIEF, Abonnement

FIRST_SLOTS, MOST_SLOTS = 4, 32
#: So many failures in a row, and only one delivery is tried.
FAILING = 5


@dataclass(slots=True)
class Lane:
    """One subscription. Times called `now` are monotonic seconds; moments called `nu` are of the clock.

    `openbaar`: whether its address was public when last resolved. `stopped`: the reason for which it must be suspended.
    """

    abonnement: Abonnement
    stand: Stand
    pace: Pace
    openbaar: bool = True
    slots: int = FIRST_SLOTS
    has_news: bool = True
    hungry: bool = True
    stopped: str | None = None
    paused_until: float = -inf
    _rows: dict[str, deque[Wachtend]] = field(default_factory=dict)
    _sending: set[str] = field(default_factory=set)
    _unrecorded: Counter[str] = field(default_factory=Counter)

    @property
    def is_failing(self) -> bool:
        """Nothing arrives now."""
        return self.stand.mislukt_op_rij >= FAILING

    @property
    def in_hand(self) -> set[str]:
        """Subjects of which something is in memory, on its way, or not written down yet."""
        return self._sending.union(self._rows, self._unrecorded)

    @property
    def is_idle(self) -> bool:
        """Nothing is in hand."""
        return not (self._rows or self._sending or self._unrecorded)

    def wants(self) -> int:
        """How many more rows it could use."""
        if self.is_failing:
            return 1 if self.is_idle else 0
        loaded = sum(map(len, self._rows.values()))
        return 0 if loaded >= MOST_SLOTS else 4 * MOST_SLOTS

    def situatie(self, now: float) -> Situatie:
        """What the policy must know."""
        status = self.stand.laatste_status
        return Situatie(
            handdruk=self.abonnement.status == ACTIEF,
            openbaar=self.openbaar,
            laatste_status=GOOD if status is None else status,
            gewacht=now >= self.paused_until,
        )

    def load(self, found: Iterable[Wachtend]) -> None:
        """Rows to send, by number; of a subject that is in hand none is taken."""
        known = self.in_hand
        for one in found:
            if one.onderwerp not in known:
                self._rows.setdefault(one.onderwerp, deque()).append(one)

    def take(self, now: float) -> list[Wachtend]:
        """What goes now: of each subject at most one, and never past one that is on its way."""
        if self.stopped or now < self.paused_until:
            return []
        room = (1 if self.is_failing else self.slots) - len(self._sending)
        allowed = self.pace.free(now, room) if room > 0 else 0
        taken: list[Wachtend] = []
        for subject in [one for one in self._rows if one not in self._sending][:allowed]:
            waiting = self._rows[subject]
            taken.append(waiting.popleft())
            if not waiting:
                del self._rows[subject]
            self._sending.add(subject)
        self.pace.take(now, len(taken))
        return taken

    def lapse(self, row: Wachtend) -> Afloop:
        """It may not be sent any more."""
        self._leave(row)
        return Afloop(row.abonnement_id, row.nummer, VERVALLEN, row.pogingen, row.gewacht)

    def hold(self, now: float, seconds: float) -> None:
        """Nothing goes for so long, and what is in memory is read anew then."""
        self.paused_until = max(self.paused_until, now + seconds)
        self._rows.clear()

    def put_back(self, row: Wachtend) -> None:
        """It was not sent after all, and waits on."""
        self._sending.discard(row.onderwerp)
        self._rows.pop(row.onderwerp, None)

    def answered(self, row: Wachtend, answer: Answer, nu: datetime, now: float, chance: float) -> Afloop:
        """What an answer makes of the row and of the subscription. `chance`: from 0 to 1."""
        asked = asked_wait(answer.headers.get("retry-after"), nu)
        self.stand = replace(self.stand, laatste_status=answer.status)
        self.openbaar = answer.fault != ADDRESS_REFUSED
        match meaning_of(answer.status, asked):
            case Meaning.DELIVERED:
                return self._delivered(row, answer)
            case Meaning.STOP:
                self.stopped = "antwoord-410"
                return self._again(row, answer, row.pogingen, timedelta())
            case Meaning.LATER if asked is not None and timedelta(seconds=row.gewacht) + asked <= PATIENCE:
                self.hold(now, asked.total_seconds())
                self.stand = replace(self.stand, niet_voor=nu + asked)
                return self._again(row, answer, row.pogingen, asked)
            case _:
                return self._failed(row, answer, chance)

    def recorded(self, subject: str) -> None:
        """What became of one of this subject is written down; when all is, the subject may be read again."""
        self._unrecorded[subject] -= 1
        if not self._unrecorded[subject]:
            del self._unrecorded[subject]
        self.hungry = True

    def change(self, abonnement: Abonnement) -> None:
        """The subscription is different from now on."""
        if abonnement.per_minuut != self.pace.per_minute:
            self.pace = Pace(abonnement.per_minuut)
        self.abonnement = abonnement

    def reset(self) -> None:
        """The subscriber agreed anew: what went wrong before counts no longer."""
        self.slots, self.stopped, self.paused_until, self.openbaar = FIRST_SLOTS, None, -inf, True
        self.stand = replace(self.stand, mislukt_op_rij=0, laatste_status=None, niet_voor=None, handdruk_pogingen=0)

    def opens_in(self, now: float) -> float:
        """Seconds until what is in memory may go; infinite where nothing but an answer can change that."""
        if self.stopped or not self._rows or self._rows.keys() <= self._sending:
            return inf
        return max(self.pace.opens_in(now), self.paused_until - now)

    def _delivered(self, row: Wachtend, answer: Answer) -> Afloop:
        self._leave(row)
        self.slots = min(self.slots * 2, MOST_SLOTS)
        self.stand = replace(self.stand, gelukt=self.stand.gelukt + 1, mislukt_op_rij=0, niet_voor=None)
        return Afloop(
            row.abonnement_id, row.nummer, BEZORGD, row.pogingen + 1, row.gewacht, laatste_status=answer.status
        )

    def _failed(self, row: Wachtend, answer: Answer, chance: float) -> Afloop:
        self.slots = 1
        self.stand = replace(self.stand, mislukt_op_rij=self.stand.mislukt_op_rij + 1)
        if self.is_failing:
            self._rows.clear()
        tries = row.pogingen + 1
        wait = wait_after(tries, chance)
        if wait is not None and timedelta(seconds=row.gewacht) + wait <= PATIENCE:
            return self._again(row, answer, tries, wait)
        if self._before(row) == self.stand.gelukt:
            self.stopped = "onbereikbaar"
        return replace(self._again(row, answer, tries, timedelta()), status=ONBESTELBAAR, wacht=None)

    def _again(self, row: Wachtend, answer: Answer, tries: int, wait: timedelta) -> Afloop:
        """It waits, and holds what comes after it on its subject."""
        self._leave(row)
        self._rows.pop(row.onderwerp, None)
        return Afloop(
            row.abonnement_id,
            row.nummer,
            WACHTEND,
            tries,
            row.gewacht + wait.total_seconds(),
            wait,
            self._before(row),
            answer.status,
            answer.fault,
        )

    def _before(self, row: Wachtend) -> int:
        """How much had arrived when this row was tried first."""
        return self.stand.gelukt if row.gelukt_voordien is None else row.gelukt_voordien

    def _leave(self, row: Wachtend) -> None:
        self._sending.discard(row.onderwerp)
        self._unrecorded[row.onderwerp] += 1
