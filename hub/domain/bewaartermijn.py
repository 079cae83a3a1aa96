"""Terms of retention as the law and the settings give them, and the day on which one is over.

Source: WGS art. 1.8 lid 7; Bgs art. 1.16.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

DUUR = re.compile(r"P(\d+)([YMD])")
VANZELF, NA_BEOORDELING, VERSTREKKER, NOOIT = "vanzelf", "na-beoordeling", "verstrekker", "nooit"


@dataclass(frozen=True, slots=True)
class Duur:
    """A calendar duration: months, and days."""

    maanden: int = 0
    dagen: int = 0

    def na(self, begin: date) -> date:
        """The day after it, counted from a day. 29 February has its anniversary on 1 March."""
        total = begin.month - 1 + self.maanden
        year, month = begin.year + total // 12, total % 12 + 1
        if begin.day > monthrange(year, month)[1]:
            later = total + 1
            return date(begin.year + later // 12, later % 12 + 1, 1) + timedelta(days=self.dagen)
        return date(year, month, begin.day) + timedelta(days=self.dagen)


def duur_van(text: str) -> Duur:
    """A duration such as `P5Y`, `P24M` or `P30D`. Raises ValueError."""
    found = DUUR.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is geen duur zoals P5Y, P24M of P30D")
    number = int(found[1])
    return Duur(dagen=number) if found[2] == "D" else Duur(maanden=number * (12 if found[2] == "Y" else 1))


@dataclass(frozen=True, slots=True)
class Bewaartermijn:
    """One term. `vanaf`: with what it begins; `uitvoering`: who sees to it; `maximum`: nothing is kept beyond it.

    `instelling`: the law gives no term, the house chose this one.
    """

    id: str
    sporen: frozenset[str]
    soorten: frozenset[str]
    vanaf: str
    duur: Duur
    uitvoering: str
    bron: str
    zin: str
    geldig_vanaf: date
    geldig_tot: date | None = None
    maximum: bool = False
    instelling: bool = False

    def geldt(self, spoor: str, soort: str, op: date) -> bool:
        """Whether it counts for this kind of thing in this track on a day."""
        in_force = self.geldig_vanaf <= op and (self.geldig_tot is None or op < self.geldig_tot)
        return in_force and spoor in self.sporen and soort in self.soorten


@dataclass(frozen=True, slots=True)
class Uitstelreden:
    """A reason to put destruction off. `tegen_maximum`: also beyond the longest term of the track.

    `tegen_wissing`: also where the person asks for erasure.
    """

    id: str
    tegen_maximum: bool
    tegen_wissing: bool
    bron: str
    zin: str


@dataclass(frozen=True, slots=True)
class Bewaartermijnen:
    """All terms of the policy. `sluitingsredenen`: with which reason of closing which term begins."""

    termijnen: tuple[Bewaartermijn, ...] = ()
    sluitingsredenen: Mapping[str, str] = field(default_factory=dict)
    uitstel: Mapping[str, Uitstelreden] = field(default_factory=dict)
    vernieuwbaar: frozenset[str] = frozenset()
    vernieuwing_maanden: int = 0
    tijdvak: Duur = Duur(maanden=1)
    na_vernietiging: Duur = Duur(dagen=7)
    aankondigingen: Duur = Duur(dagen=90)

    def voor(self, spoor: str, soort: str, op: date) -> tuple[Bewaartermijn, ...]:
        """The terms that count for this kind of thing in this track on a day."""
        return tuple(one for one in self.termijnen if one.geldt(spoor, soort, op))

    def kortste_van(self, soort: str) -> Duur | None:
        """The shortest term of any track that begins with the first processing; None where there is none."""
        own = [
            one.duur
            for one in self.termijnen
            if soort in one.soorten and one.vanaf == EERSTE and one.uitvoering != NOOIT
        ]
        return min(own, key=lambda duur: duur.maanden * 30 + duur.dagen, default=None)


EERSTE, NIET_OPGEPAKT, GEEN_AANWIJZINGEN = "eerste-verwerking", "niet-opgepakt", "geen-aanwijzingen"
GESLOTEN, ONGEGROND = "gesloten", "ongegrond"
#: With what a term may begin.
BEGINNEN = frozenset({EERSTE, NIET_OPGEPAKT, GEEN_AANWIJZINGEN, GESLOTEN, ONGEGROND, "laatste-audit"})
