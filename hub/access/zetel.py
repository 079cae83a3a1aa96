"""Seats and covenants as the policy knows them: standing per track, parties with dates."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    toetst: bool = False
    privaat: bool = False
    belasting: bool = False

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
class Lid:
    """A party in some areas only (`gebieden`; None is everywhere), or for some time (None is open)."""

    zetel: str
    gebieden: frozenset[str] | None
    vanaf: date | None
    tot: date | None

    @property
    def zin(self) -> str:
        """The party with its areas and days."""
        waar = [*sorted(self.gebieden or ())]
        waar += [f"vanaf {self.vanaf}"] if self.vanaf else []
        waar += [f"tot en met {self.tot}"] if self.tot else []
        return f"{self.zetel} ({', '.join(waar)})"

    def op(self, datum: date) -> bool:
        """Whether the membership counts on a day; both ends count."""
        return (self.vanaf is None or self.vanaf <= datum) and (self.tot is None or datum <= self.tot)


@dataclass(frozen=True, slots=True)
class Tafel:
    """A meeting of a covenant: who sits there, whether about persons, and of what age (`alle`, `18-`, `18+`)."""

    id: str
    persoonsgegevens: str
    leeftijd: str
    aanwezig: tuple[str, ...]
    ritme: str | None


@dataclass(frozen=True, slots=True)
class Tegenstrijdigheid:
    """Where the sources contradict each other: the subject, and every reading with its source. None is chosen."""

    over: str
    lezingen: tuple[tuple[str, str], ...]

    @property
    def zin(self) -> str:
        """All readings in one Dutch sentence."""
        return f"{self.over}: {'; '.join(f'{zegt} ({bron})' for zegt, bron in self.lezingen)}"


@dataclass(frozen=True, slots=True)
class Mededeling:
    """What a covenant lets some seats tell others outside it, and for which purposes."""

    door: frozenset[str]
    aan: frozenset[str]
    categorieen: frozenset[str]
    doelen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Convenant:
    """A dated agreement between parties in a region; an unknown date is read as open.

    `partijen` are parties everywhere and as long as the covenant counts, `leden` those in some areas or for some
    time. `tafels`: tables where personal data of people of any age are shared; `tafels_18min` and `tafels_18plus`
    only of those under or over eighteen on the day of the decision.
    """

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
    onder: str | None = None
    categorieen: frozenset[str] = frozenset()
    opplussen: frozenset[str] = frozenset()
    schriftelijk: frozenset[str] = frozenset()
    hele_tafels: frozenset[str] = frozenset()
    alleen_aan_tafel: bool = False
    mededelingen: tuple[Mededeling, ...] = ()
    brug_naar: frozenset[str] = frozenset()
    leden: tuple[Lid, ...] = ()
    ook_regios: frozenset[str] = frozenset()
    tafels_18min: frozenset[str] = frozenset()
    tafels_18plus: frozenset[str] = frozenset()
    ringen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    overleggen: tuple[Tafel, ...] = ()
    tegenstrijdigheden: tuple[Tegenstrijdigheid, ...] = ()
    leemten: tuple[str, ...] = ()
    keuze: str | None = None
    toelichting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def geldt(self, datum: date) -> bool:
        """Whether the covenant is in force on a day; both ends count."""
        return (self.geldig_vanaf is None or self.geldig_vanaf <= datum) and (
            self.geldig_tot is None or datum <= self.geldig_tot
        )

    def op(self, datum: date) -> "Convenant":
        """The covenant with those who are party on a day."""
        if not self.leden:
            return self
        nu = [lid for lid in self.leden if lid.op(datum)]
        return replace(
            self,
            partijen=self.partijen | {lid.zetel for lid in nu if lid.gebieden is None},
            leden=tuple(lid for lid in nu if lid.gebieden is not None),
        )

    @property
    def alle_partijen(self) -> tuple[str, ...]:
        """Every party in words, those of some areas or some time included."""
        return (*sorted(self.partijen), *(lid.zin for lid in self.leden))

    def partijen_in(self, gebied: str) -> frozenset[str]:
        """The parties as they count for a seat in an area; without an area only those that are party everywhere."""
        if not self.leden:
            return self.partijen
        return self.partijen | {lid.zetel for lid in self.leden if lid.gebieden is None or gebied in lid.gebieden}

    def aan_tafel(self, tafel: str, minderjarig: bool) -> bool:
        """Whether personal data of someone of this age may be shared at a table of the covenant."""
        return tafel in self.tafels or tafel in (self.tafels_18min if minderjarig else self.tafels_18plus)

    def in_regio(self, regio: str) -> bool:
        """Whether the covenant is of this region; `alle` is of every region, `landelijk` only of the country."""
        return self.regio in (regio, "alle") or regio in self.ook_regios
