"""A duty as the law or the house states it, as dated data: by which event it arises, and by when it must be met.

Source: Vc B8/3; the others stand with their rule in `consent_policies/plichten.yaml`.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

#: A day of a term is a day of the Dutch calendar, also when the clock goes forward or back.
LAND = ZoneInfo("Europe/Amsterdam")
DUUR = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")
SLACHTOFFER = "vermoedelijk-slachtoffer"
#: What a duty may ask of the content of an event; the content itself is nowhere in the duty.
FEITEN = frozenset({SLACHTOFFER})


@dataclass(frozen=True, slots=True)
class Kalenderduur:
    """A calendar duration of months and days."""

    maanden: int = 0
    dagen: int = 0

    def na(self, dag: date) -> date:
        """The same day so much later, which still counts; the last day of the month where it has no such day."""
        return _maanden_verder(dag, self.maanden) + timedelta(days=self.dagen)

    def voor(self, dag: date) -> date:
        """The same day so much earlier."""
        return _maanden_verder(dag, -self.maanden) - timedelta(days=self.dagen)


def kalenderduur(text: str) -> Kalenderduur:
    """A duration such as `P3M`, `P2W` or `P1Y6M`, in whole days. Raises ValueError."""
    found = DUUR.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ValueError(f"{text!r} is geen duur in hele dagen zoals P3M, P2W of P1Y6M")
    jaren, maanden, weken, dagen = (int(part or 0) for part in found.groups())
    return Kalenderduur(jaren * 12 + maanden, weken * 7 + dagen)


def begin_van(dag: date) -> datetime:
    """The moment at which a day begins here."""
    return datetime.combine(dag, time.min, tzinfo=LAND)


def einde_van(dag: date) -> datetime:
    """The moment from which a term is over whose last valid day this is."""
    return begin_van(dag + timedelta(days=1))


def dag_van(waarde: date | datetime) -> date:
    """The day here on which a moment falls."""
    return waarde.astimezone(LAND).date() if isinstance(waarde, datetime) else waarde


def _maanden_verder(dag: date, maanden: int) -> date:
    jaar, maand = divmod(dag.year * 12 + dag.month - 1 + maanden, 12)
    return date(jaar, maand + 1, min(dag.day, monthrange(jaar, maand + 1)[1]))


@dataclass(frozen=True, slots=True)
class Voorval:
    """A kind of event that does something to a duty. `als`: allowed values by open field, `feiten`: of its content.

    `onderwerp`, `deel`: in which field it says what it is about; without `deel` it is about all parts.
    """

    gebeurtenis: str
    onderwerp: str
    deel: str | None = None
    als: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    feiten: frozenset[str] = frozenset()

    def past(self, event: Any, feiten: frozenset[str]) -> bool:
        """Whether an event of this kind meets the conditions."""
        return self.feiten <= feiten and all(
            _een_van(getattr(event, name), allowed) for name, allowed in self.als.items()
        )

    def over(self, event: Any) -> UUID:
        found: UUID = getattr(event, self.onderwerp)
        return found

    def van_deel(self, event: Any) -> str | None:
        return None if self.deel is None else str(getattr(event, self.deel))


def _een_van(value: object, allowed: tuple[object, ...]) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    return any(_is(one, wanted) for one in values for wanted in allowed)


def _is(value: object, wanted: object) -> bool:
    """A seat is meant by itself, by its kind, or by the group of its kind (`politie`)."""
    if isinstance(value, str) and isinstance(wanted, str) and "@" in value:
        kind = value.partition("@")[0]
        return wanted in (value, kind, kind.partition(".")[0])
    return type(value) is type(wanted) and value == wanted


@dataclass(frozen=True, slots=True)
class Termijn:
    """By when. `op`: a date field of the event is the last day; else `duur` after the day in `vanaf`, or of the event.

    Without any of these in the event there is no duty.
    """

    duur: Kalenderduur | None = None
    op: str | None = None
    vanaf: str | None = None

    def laatste_dag(self, event: Any) -> date | None:
        """The last day on which it is in time; None where the event gives none."""
        if self.op is not None and getattr(event, self.op) is not None:
            return dag_van(getattr(event, self.op))
        begin = event.tijdstip if self.vanaf is None else getattr(event, self.vanaf)
        return None if self.duur is None or begin is None else self.duur.na(dag_van(begin))


@dataclass(frozen=True, slots=True)
class Afstand:
    """A moment beside the last day: so long before it, or after."""

    duur: Kalenderduur
    ervoor: bool

    def moment(self, laatste: date) -> datetime:
        return begin_van(self.duur.voor(laatste) if self.ervoor else self.duur.na(laatste))


@dataclass(frozen=True, slots=True)
class Escalatie:
    """So long after the last day these kinds of seats are told."""

    na: Kalenderduur
    aan: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Herhaling:
    """A duty by the calendar: from `eerste` a new one each `elke`; its period is its term."""

    elke: Kalenderduur
    eerste: date

    def periode(self, dag: date) -> tuple[date, date] | None:
        """First and last day of the period a day is in; None before the first. Counted from `eerste` each time."""
        if dag < self.eerste:
            return None
        number = (dag - self.eerste).days // (self.elke.maanden * 31 + self.elke.dagen)
        while self._begin(number + 1) <= dag:
            number += 1
        return self._begin(number), self._begin(number + 1) - timedelta(days=1)

    def _begin(self, number: int) -> date:
        return Kalenderduur(self.elke.maanden * number, self.elke.dagen * number).na(self.eerste)


@dataclass(frozen=True, slots=True)
class Plichtregel:
    """One duty as data. `wie`: the field of the event that names who owes it; `zetels`: of a recurring one, its kinds.

    `soort`: what it is about, such as `signaal`. `per_gebeurtenis`: each event makes a duty of its own. `zelf_melden`:
    who owes it may say that it is done. `eigen`: no law says so, the house chose it. `geldig_tot`: first day without.
    """

    id: str
    zin: str
    bron: str
    spoor: str
    soort: str
    geldig_vanaf: date
    geldig_tot: date | None = None
    eigen: bool = False
    wie: str | None = None
    zetels: tuple[str, ...] = ()
    ontstaat_door: tuple[Voorval, ...] = ()
    vervuld_door: tuple[Voorval, ...] = ()
    vervalt_door: tuple[Voorval, ...] = ()
    per_gebeurtenis: bool = False
    zelf_melden: bool = False
    termijn: Termijn | None = None
    herhaal: Herhaling | None = None
    herinner: tuple[Afstand, ...] = ()
    escalatie: tuple[Escalatie, ...] = ()

    @property
    def voorvallen(self) -> tuple[Voorval, ...]:
        """Every kind of event that does something to it."""
        return (*self.ontstaat_door, *self.vervuld_door, *self.vervalt_door)

    def geldt(self, op: date) -> bool:
        """Whether it counts on a day."""
        return self.geldig_vanaf <= op and (self.geldig_tot is None or op < self.geldig_tot)


@dataclass(frozen=True, slots=True)
class Plichtregels:
    """All duties of the policy; `per_gebeurtenis`: which an event of a kind touches, by its contract name."""

    regels: tuple[Plichtregel, ...] = ()
    per_gebeurtenis: Mapping[str, tuple[Plichtregel, ...]] = field(default_factory=dict)

    @classmethod
    def van(cls, regels: tuple[Plichtregel, ...]) -> "Plichtregels":
        found: dict[str, list[Plichtregel]] = {}
        for regel in regels:
            for name in dict.fromkeys(one.gebeurtenis for one in regel.voorvallen):
                found.setdefault(name, []).append(regel)
        return cls(regels, {name: tuple(own) for name, own in found.items()})

    @property
    def herhaald(self) -> tuple[Plichtregel, ...]:
        """Those that come back by the calendar."""
        return tuple(one for one in self.regels if one.herhaal is not None)
