"""A data protection impact assessment as far as the hub knows its own processing; what people must judge is left open.

Sections of the Rapportagemodel DPIA Rijksdienst. Source: AVG art. 35.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hub.access.beleid import Beleid
from hub.access.register import Verwerking

OPEN = "Nog in te vullen door de verwerkingsverantwoordelijken."


@dataclass(frozen=True, slots=True)
class Onderdeel:
    """One section. `kop`, `rijen`: a table. `open`: what people must still fill in; empty where nothing is."""

    nummer: int
    titel: str
    tekst: str = ""
    kop: tuple[str, ...] = ()
    rijen: tuple[tuple[str, ...], ...] = ()
    open: str = ""


@dataclass(frozen=True, slots=True)
class Dpia:
    """The whole assessment of one policy version."""

    beleidsversie: str
    onderdelen: tuple[Onderdeel, ...]

    @property
    def nog_open(self) -> tuple[str, ...]:
        """The sections that people must still fill, by number and title."""
        return tuple(f"{one.nummer}. {one.titel}" for one in self.onderdelen if one.open)


def dpia(beleid: Beleid) -> Dpia:
    """The assessment of the processing that this policy allows, its newest version of each activity."""
    known: dict[str, Verwerking] = {}
    for one in sorted(beleid.register, key=lambda one: one.versie):
        known[one.id] = one
    activities = [known[id] for id in sorted(known)]
    parts = (*_description(beleid, activities), *_lawfulness(beleid, activities), *_risks(activities))
    return Dpia(beleid.versie, parts)


def _description(beleid: Beleid, activities: list[Verwerking]) -> Iterable[Onderdeel]:
    yield Onderdeel(
        1,
        "Voorstel",
        "De hub laat overheden en zorgpartijen signalen van mensenhandel delen, elk binnen de grenzen van de wet.",
        open="Aanleiding, besluitvorming en planning van de ingebruikneming.",
    )
    yield _table(2, "Persoonsgegevens", ("verwerking", "betrokkenen", "categorieen"), activities, _data)
    yield _table(3, "Gegevensverwerkingen", ("verwerking", "naam", "bewerkingen"), activities, _acts)
    yield _table(4, "Verwerkingsdoeleinden", ("verwerking", "doelen"), activities, lambda one: (_list(one.doelen),))
    parties = ("verwerking", "verantwoordelijken", "rol van ontvangers")
    yield _table(5, "Betrokken partijen", parties, activities, lambda one: (one.verantwoordelijken, one.rol_ontvangers))
    yield Onderdeel(6, "Belangen bij de gegevensverwerking", open=OPEN)
    yield Onderdeel(
        7, "Verwerkingslocaties", open="Waar de hub draait, wie dat beheert, en of iets buiten de EER komt."
    )
    yield Onderdeel(
        8,
        "Techniek en methode van gegevensverwerking",
        "Gebeurtenissen in een logboek dat alleen groeit; inhoud versleuteld per betrokkene en spoor; per zetel een "
        "beeld met alleen wat aan haar is verstrekt; geen profilering en geen geautomatiseerde besluiten.",
    )
    articles = sorted({rule.bron for rule in beleid.regels})
    rows = tuple((one,) for one in articles)
    yield Onderdeel(9, "Juridisch en beleidsmatig kader", "De bronnen van de regels.", ("bron",), rows)
    terms = ("verwerking", "bewaartermijn")
    yield _table(
        10,
        "Bewaartermijnen",
        terms,
        activities,
        lambda one: (one.bewaartermijn or "niet in de wet bepaald",),
        "" if all(one.bewaartermijn for one in activities) else "Een termijn waar de wet er geen noemt.",
    )


def _lawfulness(beleid: Beleid, activities: list[Verwerking]) -> Iterable[Onderdeel]:
    grounds = ("verwerking", "grondslag", "rechtsgrond")
    yield _table(11, "Rechtsgrond", grounds, activities, lambda one: (one.grondslag, _list(one.rechtsgrond)))
    yield Onderdeel(
        12,
        "Bijzondere persoonsgegevens",
        "Elke verstrekking wordt per categorie getoetst; wat de tabel van een spoor niet noemt, gaat er niet om.",
        open="De afweging van de uitzonderingsgrond per bijzondere categorie.",
    )
    rules = tuple((rule.id, rule.zin, rule.bron) for rule in beleid.regels if not rule.toestaan)
    yield Onderdeel(13, "Doelbinding", "De regels die grenzen stellen.", ("regel", "zin", "bron"), rules)
    yield Onderdeel(14, "Noodzaak en evenredigheid", open=OPEN)
    yield Onderdeel(
        15,
        "Rechten van de betrokkene",
        "Inzage, rectificatie, wissing, beperking en bezwaar zijn zaken met een klok; het contactpunt antwoordt.",
        open="Hoe betrokkenen over hun rechten worden ingelicht.",
    )


def _risks(activities: list[Verwerking]) -> Iterable[Onderdeel]:
    yield Onderdeel(16, "Risico's voor betrokkenen", open="Gevolgen, kans en ernst, per groep betrokkenen.")
    measures = sorted({(one.soort, one.maatregel) for activity in activities for one in activity.maatregelen})
    yield Onderdeel(
        17,
        "Maatregelen",
        "De maatregelen uit het register.",
        ("soort", "maatregel"),
        tuple(measures),
        open="Het restrisico, en wie het aanvaardt.",
    )


def _table(
    nummer: int,
    titel: str,
    kop: tuple[str, ...],
    activities: Iterable[Verwerking],
    cells: Callable[[Verwerking], tuple[str, ...]],
    open: str = "",
) -> Onderdeel:
    rows = tuple((f"{one.id} v{one.versie}", *cells(one)) for one in activities)
    return Onderdeel(nummer, titel, "", kop, rows, open)


def _data(one: Verwerking) -> tuple[str, str]:
    return _list(one.betrokkenen), _list(one.categorieen)


def _acts(one: Verwerking) -> tuple[str, str]:
    return one.naam, _list(one.bewerkingen)


def _list(values: Iterable[str]) -> str:
    return ", ".join(values)
