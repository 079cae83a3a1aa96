"""Seats and covenants as the policy knows them: standing per track, parties with dates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

STANDEN = ("deelnemer", "bron", "ontvanger", "adviserend", "geen")


def hoort_bij(zetelsoort: str, namen: frozenset[str] | tuple[str, ...]) -> bool:
    """Whether a seat type is named, itself or through its group (`politie` names every `politie.*`)."""
    return zetelsoort in namen or zetelsoort.partition(".")[0] in namen


@dataclass(frozen=True, slots=True)
class ZetelType:
    """A participant acting in one task, with its standing per track and where a region differs."""

    id: str
    label: str
    deelnemer: str | None
    sporen: Mapping[str, str]
    regions: Mapping[str, Mapping[str, str]]
    zorg: bool = False
    opsporing: bool = False
    namens_deelnemers: bool = False

    def stand(self, spoor: str, regio: str | None) -> str:
        """Standing in a track, by region where the region differs; `geen` where nothing is said."""
        if regio is not None and spoor in self.regions.get(regio, {}):
            return self.regions[regio][spoor]
        return self.sporen.get(spoor, "geen")


@dataclass(frozen=True, slots=True)
class Zetel:
    """A seat that exists in the hub: a seat type in an area, held by one organisation."""

    id: str
    type: str
    organisatie: str
    oin: str
    gebied: str
    regio: str
    label: str


@dataclass(frozen=True, slots=True)
class Voorwaardelijk:
    """Seats that are party only while a circumstance has a given value."""

    zetels: tuple[str, ...]
    omstandigheid: str
    waarde: object


@dataclass(frozen=True, slots=True)
class Convenant:
    """A dated agreement between parties in a region; an unknown date is read as open."""

    id: str
    naam: str
    soort: str
    spoor: str | None
    regio: str
    geldig_vanaf: date | None
    geldig_tot: date | None
    partijen: frozenset[str]
    bronnen: tuple[str, ...]
    inbrengers: frozenset[str] = frozenset()
    voorwaardelijk: tuple[Voorwaardelijk, ...] = ()
    tafels: frozenset[str] = frozenset()
    secundair: frozenset[str] = frozenset()
    betrokkenen_niet: frozenset[str] = frozenset()
    doelen: frozenset[str] = frozenset()
    alleen_herkomstgemeente: frozenset[str] = frozenset()
    toets_vooraf: bool = False
    acuut_naar: frozenset[str] = frozenset()
    ernstig_risico: tuple[tuple[str, frozenset[str]], ...] = ()
    tegenstrijdigheden: tuple[str, ...] = ()
    leemten: tuple[str, ...] = ()
    keuze: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    def geldt(self, datum: date) -> bool:
        """Whether the covenant is in force on a day; both ends count."""
        return (self.geldig_vanaf is None or self.geldig_vanaf <= datum) and (
            self.geldig_tot is None or datum <= self.geldig_tot
        )

    def in_regio(self, regio: str) -> bool:
        """Whether the covenant is of this region; `alle` is of every region, `landelijk` only of the country."""
        return self.regio in (regio, "alle")
