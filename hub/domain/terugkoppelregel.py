"""By when which feedback is due, to whom silence is brought, and why it may be withheld: dated data, all of it ours.

No source gives a term for feedback on a signal; each names its own origin.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from hub.domain.bewaartermijn import Duur

ONTVANGST, OPVOLGING, AFRONDING = "ontvangst", "opvolging", "afronding"
#: What is due, in this order.
STAPPEN = (ONTVANGST, OPVOLGING, AFRONDING)


@dataclass(frozen=True, slots=True)
class Geldigheid:
    """From a day, up to and without a later one."""

    vanaf: date
    tot: date | None = None

    def op(self, dag: date) -> bool:
        """Whether it counts on a day."""
        return self.vanaf <= dag and (self.tot is None or dag < self.tot)


@dataclass(frozen=True, slots=True)
class Stapregel:
    """What is due within `termijn` of the passing on. `eigen`: no source gives this term, the house chose it."""

    id: str
    stap: str
    sporen: frozenset[str]
    termijn: Duur
    bron: str
    zin: str
    geldig: Geldigheid
    eigen: bool


@dataclass(frozen=True, slots=True)
class Escalatieregel:
    """So long after the reminder silence comes before these kinds of seat."""

    id: str
    sporen: frozenset[str]
    na: Duur
    naar: tuple[str, ...]
    bron: str
    zin: str
    geldig: Geldigheid
    eigen: bool


@dataclass(frozen=True, slots=True)
class Aanhoudgrond:
    """Why feedback may be withheld, for how long at most, and whether only by who investigates crime."""

    reden: str
    alleen_opsporing: bool
    langstens: Duur
    bron: str
    zin: str
    geldig: Geldigheid
    eigen: bool


@dataclass(frozen=True, slots=True)
class Terugkoppelregels:
    """All rules on feedback of one policy."""

    stappen: tuple[Stapregel, ...] = ()
    escalaties: tuple[Escalatieregel, ...] = ()
    gronden: tuple[Aanhoudgrond, ...] = ()

    def na(self, stap: str | None, spoor: str, sinds: datetime, nu: datetime) -> tuple[str, datetime] | None:
        """What is due after a step (None: at the start) and by when, counted from `sinds`; None where nothing is.

        A step without a term in force is not asked.
        """
        later = STAPPEN if stap is None else STAPPEN[STAPPEN.index(stap) + 1 :]
        for one in later:
            if (due := self.uiterlijk(one, spoor, sinds, nu)) is not None:
                return one, due
        return None

    def uiterlijk(self, stap: str, spoor: str, sinds: datetime, nu: datetime) -> datetime | None:
        """The moment by which a step is due: the shortest term in force for the track."""
        found = (one for one in self.stappen if one.stap == stap and spoor in one.sporen and one.geldig.op(nu.date()))
        return _eerste((one.termijn for one in found), sinds)

    def escaleren_op(self, spoor: str, nu: datetime) -> datetime:
        """When silence is brought to who sees to it; at once where no rule says otherwise."""
        return _eerste((one.na for one in self._escalaties(spoor, nu.date())), nu) or nu

    def naar(self, spoor: str, op: date) -> frozenset[str]:
        """The kinds of seat that see to it."""
        return frozenset(kind for one in self._escalaties(spoor, op) for kind in one.naar)

    def grond(self, reden: str, op: date, *, opsporing: bool) -> Aanhoudgrond | None:
        """The ground on which a seat may withhold for a reason on a day. `opsporing`: it investigates crime."""
        for one in self.gronden:
            if one.reden == reden and one.geldig.op(op) and (opsporing or not one.alleen_opsporing):
                return one
        return None

    def _escalaties(self, spoor: str, op: date) -> tuple[Escalatieregel, ...]:
        return tuple(one for one in self.escalaties if spoor in one.sporen and one.geldig.op(op))


def _eerste(termijnen: Iterable[Duur], begin: datetime) -> datetime | None:
    ends = [one.na(begin.date()) for one in termijnen]
    return datetime.combine(min(ends), begin.timetz()) if ends else None
