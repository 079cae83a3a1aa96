"""By when a recipient says what it did with a correction, as dated terms. Source: AVG art. 19; Wpg art. 28."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from hub.domain.bewaartermijn import Duur


@dataclass(frozen=True, slots=True)
class Terugroeptermijn:
    """One term; `geldig_tot`: first day on which it does not count any more.

    `herinneren_na`: so long after the notice who has not answered is reminded; None: never.
    """

    id: str
    soorten: frozenset[str]
    duur: Duur
    bron: str
    zin: str
    geldig_vanaf: date
    geldig_tot: date | None = None
    herinneren_na: Duur | None = None

    def geldt(self, soort: str, op: date) -> bool:
        """Whether it counts for this kind of recall on a day."""
        in_force = self.geldig_vanaf <= op and (self.geldig_tot is None or op < self.geldig_tot)
        return in_force and soort in self.soorten


class Momenten(NamedTuple):
    """When a recall is to be answered, and when its recipient is reminded before that, if at all."""

    bevestigen_voor: datetime
    herinneren_op: datetime | None


def momenten(termijnen: tuple[Terugroeptermijn, ...], soort: str, nu: datetime) -> Momenten:
    """By the shortest term that counts. Without any it is late at once."""
    counting = [one for one in termijnen if one.geldt(soort, nu.date())]
    if not counting:
        return Momenten(nu, None)
    kortste = min(counting, key=lambda one: one.duur.na(nu.date()))
    einde = datetime.combine(kortste.duur.na(nu.date()), nu.timetz())
    if kortste.herinneren_na is None:
        return Momenten(einde, None)
    herinneren_op = datetime.combine(kortste.herinneren_na.na(nu.date()), nu.timetz())
    return Momenten(einde, herinneren_op if herinneren_op < einde else None)
