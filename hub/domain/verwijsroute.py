"""Whom to turn to with a signal, by region, form and urgency, as dated routes. Source: 000 L1748-1757."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

LANDELIJK = "landelijk"
SPOED = "spoed"
REGULIER = "regulier"
#: Codes of the list of urgency with which one does not wait for enrichment; every other one is regular.
MET_SPOED = frozenset({"acuut", "acuut-gevaar", "urgent", "bewegend-subject", "gaande-en-gevaarlijk"})


@dataclass(frozen=True, slots=True)
class Verwijsstap:
    """One step of a route. `naar`: kinds of seats, or single seats; empty where the desk is not in the hub.

    `nummer`: a telephone number that everybody may know. `als`: when only this step is for.
    """

    zin: str
    bron: str
    naar: tuple[str, ...] = ()
    nummer: str | None = None
    als: str | None = None


@dataclass(frozen=True, slots=True)
class Verwijsroute:
    """Steps in their order. `vormen`: None means every form. `geldig_tot`: first day on which it counts no more.

    `vangnet`: only for a region without a route of its own. `eigen`: our own reading, no source says it in these words.
    """

    id: str
    regio: str
    vormen: frozenset[str] | None
    tempo: frozenset[str]
    stappen: tuple[Verwijsstap, ...]
    geldig_vanaf: date
    geldig_tot: date | None = None
    vangnet: bool = False
    eigen: bool = False

    def geldt(self, vormen: Collection[str], tempo: str, op: date) -> bool:
        """Whether it is for one of these forms, at this pace, on a day."""
        in_force = self.geldig_vanaf <= op and (self.geldig_tot is None or op < self.geldig_tot)
        return in_force and tempo in self.tempo and (self.vormen is None or not self.vormen.isdisjoint(vormen))


def tempo_van(urgentie: str) -> str:
    """At which pace one turns to others for a code of the list of urgency."""
    return SPOED if urgentie in MET_SPOED else REGULIER


def routes_voor(
    routes: Iterable[Verwijsroute], regio: str, vormen: Collection[str], urgentie: str, op: date
) -> tuple[Verwijsroute, ...]:
    """The routes of a region and of the country for a signal, in the order of the table: that is the advice.

    `vormen`: codes of the forms of exploitation and their broader ones; empty where one does not know.
    """
    tempo = tempo_van(urgentie)
    found = [one for one in routes if one.regio in (regio, LANDELIJK) and one.geldt(vormen, tempo, op)]
    own = any(one.regio != LANDELIJK for one in found)
    return tuple(one for one in found if not (own and one.vangnet))
