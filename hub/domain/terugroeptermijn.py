"""By when a recipient says what it did with a correction, as dated terms. Source: AVG art. 19; Wpg art. 28."""

from dataclasses import dataclass
from datetime import date, datetime

from hub.domain.bewaartermijn import Duur


@dataclass(frozen=True, slots=True)
class Terugroeptermijn:
    """One term; `geldig_tot`: first day on which it does not count any more."""

    id: str
    soorten: frozenset[str]
    duur: Duur
    bron: str
    zin: str
    geldig_vanaf: date
    geldig_tot: date | None = None

    def geldt(self, soort: str, op: date) -> bool:
        """Whether it counts for this kind of recall on a day."""
        in_force = self.geldig_vanaf <= op and (self.geldig_tot is None or op < self.geldig_tot)
        return in_force and soort in self.soorten


def bevestigen_voor(termijnen: tuple[Terugroeptermijn, ...], soort: str, nu: datetime) -> datetime:
    """The moment by which it is answered: the shortest term that counts. Without any it is late at once."""
    ends = [one.duur.na(nu.date()) for one in termijnen if one.geldt(soort, nu.date())]
    return datetime.combine(min(ends), nu.timetz()) if ends else nu
