"""Values and groups of fields that native forms share: moments, days, codes, persons, places, facts."""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from adapters.intake import record_id
from contracts import waarden
from contracts.codelijst import Codewaarde, codelijst
from contracts.inhoud import (
    Betrokkene,
    Criterium,
    Feit,
    Leeftijd,
    Locatie,
    Melder,
    Organisatie,
    Rolperiode,
    Voertuig,
)
from contracts.waarden import Bsn, Jaren, Regel, Tekst

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")


class NativeRecord(BaseModel):
    """A native form or a group of its fields; a field the form does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_max_length=20_000)


def _text_to_moment(value: object) -> object:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("dit is geen tijdstip in de vorm jjjj-mm-ddTuu:mm") from None
    if not isinstance(value, datetime):
        raise ValueError("hier hoort een tijdstip te staan")
    return value


def _past_moment(value: datetime, info: ValidationInfo) -> datetime:
    # Systems of agencies write local time; the hub keeps UTC.
    try:
        moment = (value if value.tzinfo else value.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
    except OverflowError:
        raise ValueError("dit tijdstip bestaat niet") from None
    if moment > info.context["nu"]:  # type: ignore[index]
        raise ValueError("dit tijdstip ligt in de toekomst")
    return moment


def _text_to_day(value: object) -> object:
    if isinstance(value, str):
        dutch = _DUTCH_DAY.fullmatch(value.strip())
        text = f"{dutch[3]}-{int(dutch[2]):02}-{int(dutch[1]):02}" if dutch else value.strip()
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("dit is geen datum in de vorm jjjj-mm-dd of dd-mm-jjjj") from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("hier hoort een datum te staan")
    return value


def _past_day(value: date, info: ValidationInfo) -> date:
    now: datetime = info.context["nu"]  # type: ignore[index]
    if value > now.astimezone(AMSTERDAM).date():
        raise ValueError("deze datum ligt in de toekomst")
    return value


def slug(value: str) -> str:
    """A written word as a code: lower case, no accents, dashes for all else."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _to_code(lijst: str) -> BeforeValidator:
    def find(value: object) -> object:
        # People write blanks where a code has dashes; what is left is for the list to judge.
        if isinstance(value, str):
            with suppress(ValueError):
                return codelijst(lijst).herleid(value.strip())
            with suppress(ValueError):
                return codelijst(lijst).herleid(slug(value))
        return value

    return BeforeValidator(find)


def _digits(value: object) -> object:
    return re.sub(r"[ .]", "", value) if isinstance(value, str) else value


Moment = Annotated[datetime, AfterValidator(_past_moment), BeforeValidator(_text_to_moment)]
Dag = Annotated[date, BeforeValidator(_text_to_day)]
Verleden = Annotated[Dag, AfterValidator(_past_day)]
Vorm = Annotated[waarden.Uitbuitingsvorm, _to_code("uitbuitingsvorm")]
Zekerheid = Annotated[waarden.Zekerheid, _to_code("zekerheid")]
Indicator = Annotated[waarden.Indicator, _to_code("indicator")]
Rol = Annotated[waarden.RolCode, _to_code("rol")]
Peilmoment = Annotated[waarden.Peilmoment, _to_code("peilmoment")]
Plaatstype = Annotated[waarden.Plaatstype, _to_code("plaatstype")]
Meldkanaal = Annotated[waarden.Meldkanaal, _to_code("meldkanaal")]
Urgentie = Annotated[waarden.Urgentie, _to_code("urgentie")]
Rubriek = Annotated[waarden.Feitcategorie, _to_code("gegevenscategorie")]
Gradatie = Annotated[str, Codewaarde("iszw-gradatie"), _to_code("iszw-gradatie")]
NativeBsn = Annotated[Bsn, BeforeValidator(_digits)]
Regio = Annotated[
    str,
    Field(pattern="^[a-z-]+$", max_length=40),
    BeforeValidator(lambda value: slug(value) if isinstance(value, str) else value),
]

_GESLACHT = {
    "v": "vrouwelijk",
    "vrouw": "vrouwelijk",
    "m": "mannelijk",
    "man": "mannelijk",
    "x": "anders",
    "o": "onbekend",
}
Geslacht = Annotated[
    waarden.Geslacht,
    BeforeValidator(lambda value: _GESLACHT.get(value.strip().lower(), value) if isinstance(value, str) else value),
]

_WPG = re.compile(r"(?:art(?:ikel|\.)? ?)?(\d{1,2})(?: lid (\d) onder ([abc]))?(?: wpg)?")


def _article(value: object) -> object:
    written = _WPG.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if written is None:
        return value
    return "-".join(part for part in written.groups() if part)


WpgArtikel = Annotated[Literal["8", "9", "10-1-a", "10-1-b", "10-1-c", "12", "13", "14"], BeforeValidator(_article)]
"""Article under which police data are held; written as in the law, such as `10 lid 1 onder a`."""

_BESTEMMING = {
    "eigen registratie": "intern",
    "verstrekking": "bilateraal",
    "riec": "riec",
    "zorg- en veiligheidshuis": "zvh",
    "zorg en registratie": "zorg-en-registratie",
}


def _to_track(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() in _BESTEMMING:
        return _BESTEMMING[value.strip().lower()]
    raise ValueError("deze bestemming is niet bekend")


Bestemming = Annotated[str, BeforeValidator(_to_track)]
"""Where the record is meant to go, in words of the form; the value is the track."""


class Hoedanigheid(NativeRecord):
    """A presumed role in a period."""

    rol: Rol
    van: Dag | None = None
    tot: Dag | None = None

    def rolperiode(self) -> Rolperiode:
        return Rolperiode(rol=self.rol, van=self.van, tot=self.tot)


class Leeftijdsopgave(NativeRecord):
    """An age with its reference moment."""

    jaren: Jaren
    peilmoment: Peilmoment
    peildatum: Dag | None = None

    def leeftijd(self) -> Leeftijd:
        return Leeftijd(jaren=self.jaren, peilmoment=self.peilmoment, peildatum=self.peildatum)


class Persoon(NativeRecord):
    """A person in a form. `persoonsnummer`: number in the agency's own record."""

    persoonsnummer: Regel
    naam: Regel | None = None
    aliassen: tuple[Regel, ...] = ()
    geboortedatum: Verleden | None = None
    geslacht: Geslacht | None = None
    nationaliteit: Regel | None = None
    bsn: NativeBsn | None = None
    bereikbaar: tuple[Regel, ...] = ()
    hoedanigheden: tuple[Hoedanigheid, ...] = ()
    leeftijden: tuple[Leeftijdsopgave, ...] = ()

    def rollen(self) -> tuple[Rolperiode, ...]:
        return tuple(item.rolperiode() for item in self.hoedanigheden)

    def betrokkene(self, bron: str) -> Betrokkene:
        """The person as the contract knows her, with the identifier of this source."""
        return Betrokkene(
            betrokkene_id=record_id(bron, "betrokkene", self.persoonsnummer),
            naam=self.naam,
            aliassen=self.aliassen,
            geboortedatum=self.geboortedatum,
            geslacht=self.geslacht,
            nationaliteit=self.nationaliteit,
            bsn=self.bsn,
            bereikbaar=self.bereikbaar,
            rollen=self.rollen(),
            leeftijden=tuple(item.leeftijd() for item in self.leeftijden),
        )


class Adres(NativeRecord):
    """A place of the record."""

    adres: Regel | None = None
    plaats: Regel | None = None
    soort: Plaatstype | None = None

    def locatie(self) -> Locatie:
        return Locatie(adres=self.adres, plaats=self.plaats, soort=self.soort)


class Vervoermiddel(NativeRecord):
    """A vehicle of the record."""

    kenteken: Regel | None = None
    omschrijving: Regel | None = None

    def voertuig(self) -> Voertuig:
        return Voertuig(kenteken=self.kenteken, omschrijving=self.omschrijving)


class Rechtspersoon(NativeRecord):
    """A firm or institution of the record."""

    naam: Regel | None = None
    kvk_nummer: Annotated[str | None, Field(pattern=r"^\d{8}$")] = None
    soort: Regel | None = None

    def organisatie(self) -> Organisatie:
        return Organisatie(naam=self.naam, kvk_nummer=self.kvk_nummer, soort=self.soort)


class Bijzonderheid(NativeRecord):
    """A headed remark. `rubriek`: its data category; `persoonsnummer`: the person it is about."""

    rubriek: Rubriek
    kop: Regel
    tekst: Tekst
    persoonsnummer: Regel | None = None

    def feit(self, bron: str) -> Feit:
        return fact(self.rubriek, self.kop, self.tekst, bron=bron, persoon=self.persoonsnummer)


class Toets(NativeRecord):
    """The explanation of one criterion of the partnership. Source: Bgs art. 2.16."""

    criterium: Annotated[str, Field(pattern="^[a-e]$")]
    voldaan: bool
    toelichting: Tekst | None = None

    def contract(self) -> Criterium:
        return Criterium(letter=self.criterium, voldaan=self.voldaan, toelichting=self.toelichting)


class Aanbrenger(NativeRecord):
    """Who told it to the agency."""

    naam: Regel | None = None
    functie: Regel | None = None
    bereikbaar: Regel | None = None

    def melder(self) -> Melder:
        return Melder(naam=self.naam, functie=self.functie, bereikbaar=self.bereikbaar)


def fact(categorie: str, kenmerk: str, waarde: str, *, bron: str, persoon: str | None = None) -> Feit:
    """A fact of a category, about a person of this source or about the situation."""
    about: UUID | None = record_id(bron, "betrokkene", persoon) if persoon is not None else None
    return Feit(categorie=categorie, betrokkene_id=about, kenmerk=kenmerk, waarde=waarde)


def known_persons(present: set[str], named: list[str | None]) -> None:
    """Refuse remarks about a person who is not in the record."""
    if any(name is not None and name not in present for name in named):
        raise ValueError("een bijzonderheid noemt een persoon die niet in dit formulier staat")


def facts(
    categorie: str, heads: Mapping[str, str | None], *, bron: str, persoon: str | None = None
) -> tuple[Feit, ...]:
    """A fact for each named field that holds a value, under the field's own name."""
    return tuple(
        fact(categorie, head, value, bron=bron, persoon=persoon) for head, value in heads.items() if value is not None
    )


def parts(value: Any) -> list[str]:
    """The values of a cell that holds several, parted by `|`."""
    return [part.strip() for part in str(value).split("|") if part.strip()]
