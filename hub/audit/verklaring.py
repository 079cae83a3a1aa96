"""Why an access was lawful, from recorded facts alone: a tie of the seat to each object, and of the worker to the work.

Nothing here weighs or scores anybody: an access has its explanations or it has not. Source: WGS art. 1.8 lid 2 and 4;
Wpg art. 32a; AVG art. 5 lid 2; Rechtbank Zeeland-West-Brabant 21 September 2022: samples alone do not do.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Record = Mapping[str, Any]

HUB_ZELF, NIETS, EIGEN_POGING = "hub-zelf", "niets-van-personen", "eigen-poging"
TOEZICHT, VERZOEK, EIGEN_NIEUWS = "toezicht", "verzoek-van-betrokkene", "eigen-nieuws"
#: Why an access is in the queue.
GEEN_GROND, GEWEIGERD, NIET_AANGEWEZEN = "geen-grond", "geweigerd", "niet-aangewezen"
VEEL_PERSONEN, BELANG, ONLEESBAAR = "veel-personen", "eigen-belang", "onleesbaar"
RAADPLEEGT, VERZAMELT = "raadplegen", "verzamelen"
RECHTEN = "betrokkene-rechten"
#: What a seat that tests lawfulness looks up is explained by its task, for these purposes. Source: WGS 1.8 lid 4.
LOGDOELEN = frozenset(
    {"rechtmatigheidscontrole", "interne-controle", "integriteit-beveiliging", "gerechtelijke-procedure"}
)
AUDITREGEL = "auditregel"
EIGEN_GEGEVENS = "eigen-gegevens"
#: Marks of a record that say nothing of a person: what a seat of the platform may do.
OVER_ZETELS = frozenset({"autorisatieniveau"})
#: Questions whose answer is figures in which nobody can be recognised.
CIJFERS = frozenset({"maandoverzichten"})
#: What the contact point asks to tell persons of their own accord; nobody else gets an answer. Source: Bgs art. 1.3.
KENNISGEVINGEN, KENNISGEVING = "kennisgevingen", "kennisgeving"
#: Questions to the log that a provider asks of its own data, which name no object.
EIGEN_VRAGEN = frozenset({"raadplegingen/eigen-gegevens", "casussen/{casusId}/raadplegingen"})
#: Questions by which notices leave: they say that something changed for this seat, and hold no content.
BEZORGVRAGEN = ("gebeurtenissen", "bezorging/")


@dataclass(frozen=True, slots=True)
class Band:
    """A fact that ties a seat to an object, from `sinds` up to and with `einde`; None while it lasts.

    `vraag`: the only question it explains, such as the list of one's own refusals; any where it is empty.
    `zonder_inhoud`: explains only what shows no category of data, such as that something lapsed.
    """

    soort: str
    zetel: str
    sinds: datetime
    einde: datetime | None = None
    vraag: str = ""
    zonder_inhoud: bool = False

    def geldt(self, record: Record) -> bool:
        """Whether the seat of a record had it at its moment, for its question."""
        moment = datetime.fromisoformat(record["tijdstip"])
        lasted = self.einde is None or moment <= self.einde
        fits = self.vraag in ("", record["vraag"]) and not (self.zonder_inhoud and record["velden"])
        return self.had(record) and lasted and fits

    def had(self, record: Record) -> bool:
        """Whether the seat had it at the moment of a record or before: that it ended is news as well."""
        return self.zetel == record["zetel"] and self.sinds <= datetime.fromisoformat(record["tijdstip"])


@dataclass(frozen=True, slots=True)
class Feiten:
    """What is on record around some accesses.

    `banden`: by object, such as `signaal:<id>`. `toetst`: whether testing lawfulness is the task of a seat.
    `werkt_aan`: whether a worker of a seat was named for an object, or worked on it herself, at the moment of the
    record. `belang`: whether she has a private tie to it.
    """

    hubzetel: str
    banden: Mapping[str, tuple[Band, ...]]
    toetst: Callable[[str], bool]
    werkt_aan: Callable[[Record, str], bool]
    belang: Callable[[Record, str], bool]


@dataclass(frozen=True, slots=True)
class Uitkomst:
    """Explanations of one access, and findings; it is explained where there is no finding."""

    verklaringen: tuple[str, ...] = ()
    bevindingen: tuple[str, ...] = ()


def is_systeem(record: Record) -> bool:
    """Whether a system acted, which has `<oin>:<name>`; who sat behind it is in the log of its organisation."""
    return str(record["actor"]).startswith(f"{record['oin']}:")


def is_bezorging(record: Record) -> bool:
    """Whether nothing but notices left. Where no ties are on record, a notice follows from the seat's view alone."""
    return record["vraag"].startswith(BEZORGVRAGEN) and not record["velden"] and not record["betrokkenen"]


def objecten(record: Record) -> tuple[str, ...]:
    """The objects an access touched, its case among them."""
    case = (f"casus:{record['casus']}",) if record.get("casus") else ()
    return tuple(dict.fromkeys((*record["objecten"], *case)))


def verklaar(record: Record, feiten: Feiten) -> Uitkomst:
    """Explain one access, or say what is missing."""
    zetel = record["zetel"]
    if zetel == feiten.hubzetel and record["actor"] == "hub":
        return Uitkomst((HUB_ZELF,))
    touched = objecten(record)
    if AUDITREGEL in record["velden"]:
        return _logboek(record, feiten, touched)
    if record["resultaat"] == GEWEIGERD:
        return _geweigerd(record, feiten, touched)
    of_persons = record["vraag"] not in CIJFERS and not OVER_ZETELS.issuperset(record["velden"])
    if not touched and not of_persons and not record["betrokkenen"]:
        return Uitkomst((NIETS,))
    if task := _zonder_inhoud(record, feiten):
        return Uitkomst((task,))
    found, missing = _banden(record, feiten, touched)
    findings = [GEEN_GROND] if missing or not touched else []
    looks = record["handeling"] == RAADPLEEGT and not is_systeem(record) and not feiten.toetst(zetel)
    if looks and not findings and not all(feiten.werkt_aan(record, one) for one in touched):
        findings.append(NIET_AANGEWEZEN)
    if not is_systeem(record) and any(feiten.belang(record, one) for one in touched):
        findings.append(BELANG)
    return Uitkomst(tuple(sorted(found)), tuple(findings))


def _zonder_inhoud(record: Record, feiten: Feiten) -> str:
    """The task of a seat that explains what shows numbers, terms and days, and nothing that anybody said of a person.

    Source: WGS art. 1.8 lid 2 and 4; Bgs art. 1.3.
    """
    if record["velden"] or record["betrokkenen"]:
        return ""
    if record["doel"] in LOGDOELEN and feiten.toetst(record["zetel"]):
        return TOEZICHT
    return KENNISGEVING if record["vraag"] == KENNISGEVINGEN and record["doel"] == RECHTEN else ""


def _logboek(record: Record, feiten: Feiten, touched: tuple[str, ...]) -> Uitkomst:
    """A look in the log itself: by who tests lawfulness, or by a provider at what was done with its own data."""
    if record["resultaat"] == GEWEIGERD:
        return Uitkomst((), (GEWEIGERD,))
    if feiten.toetst(record["zetel"]):
        return Uitkomst((TOEZICHT,)) if record["doel"] in LOGDOELEN else Uitkomst((), (GEEN_GROND,))
    if not touched and record["vraag"] in EIGEN_VRAGEN:
        return Uitkomst((EIGEN_GEGEVENS,))
    found, missing = _banden(record, feiten, touched)
    return Uitkomst((), (GEEN_GROND,)) if missing else Uitkomst(tuple(sorted(found)))


def _geweigerd(record: Record, feiten: Feiten, touched: tuple[str, ...]) -> Uitkomst:
    """Nothing left. What a seat tried with what it has a tie to is work; a look that was refused is for the officer."""
    if record["handeling"] != RAADPLEEGT:
        found, missing = _banden(record, feiten, touched)
        if record["handeling"] == VERZAMELT or not touched or not missing:
            return Uitkomst(tuple(sorted(found)) or (EIGEN_POGING,))
    return Uitkomst((), (GEWEIGERD,))


def _banden(record: Record, feiten: Feiten, touched: tuple[str, ...]) -> tuple[set[str], bool]:
    """The kinds of ties found, and whether some object has none at the moment of the access.

    A request of a person explains what is collected for it; what came of an act counts with the act.
    """
    if is_bezorging(record):
        ties = [found for one in touched if (found := feiten.banden.get(one))]
        return {EIGEN_NIEUWS}, not all(any(band.had(record) for band in found) for found in ties)
    kinds = {one: {band.soort for band in feiten.banden.get(one, ()) if band.geldt(record)} for one in touched}
    handled = [one for one, found in kinds.items() if one.startswith("verzoek:") and found]
    if handled and record["doel"] == RECHTEN:
        return {VERZOEK}, False
    known = {one: found for one, found in kinds.items() if one in feiten.banden}
    if not known and record["handeling"] != RAADPLEEGT and not record["velden"]:
        return {EIGEN_POGING}, False
    if record["handeling"] == RAADPLEEGT:
        missing = not known or len(known) < len(touched) or not all(known.values())
    else:
        missing = not any(known.values())
    return set().union(*known.values()), missing


@dataclass(slots=True)
class Venster:
    """How many different persons each worker looked up lately. Systems fetch for many and are left out.

    A finding is made once for each time the number rises above `personen` within `tijd`.
    """

    personen: int = 75
    tijd: timedelta = timedelta(hours=8)
    _gezien: dict[str, deque[tuple[datetime, str]]] = field(default_factory=dict)
    _boven: set[str] = field(default_factory=set)

    def neem(self, record: Record) -> bool:
        """Count one access; whether it is the one with which its worker rises above the number."""
        if is_systeem(record) or record["handeling"] != RAADPLEEGT or AUDITREGEL in record["velden"]:
            return False
        who = f"{record['zetel']} {record['actor']}"
        seen = self._gezien.setdefault(who, deque())
        moment = datetime.fromisoformat(record["tijdstip"])
        seen.extend((moment, one) for one in record["betrokkenen"] or objecten(record))
        while seen and seen[0][0] < moment - self.tijd:
            seen.popleft()
        if len({one for _, one in seen}) <= self.personen:
            self._boven.discard(who)
            return False
        first = who not in self._boven
        self._boven.add(who)
        return first
