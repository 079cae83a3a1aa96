"""What a signal says: persons, places, things and facts, each field with its data category.

Everything is suspicion only; a role is always *mogelijk* or *vermoedelijk*.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.message import BESLOTEN, EIGEN, OPEN, Gegeven, Part, Tijdstip
from contracts.waarden import (
    Bijzonder,
    Bsn,
    Feitcategorie,
    Geslacht,
    Indicator,
    Jaren,
    Meldkanaal,
    Oin,
    Peilmoment,
    Plaatstype,
    Regel,
    RolCode,
    Tekst,
    Uitbuitingsvorm,
    Urgentie,
    Zekerheid,
    ZetelId,
)

ROL = Gegeven("rol-in-casus")
IDENTITEIT = Gegeven("identificerend")
INHOUD = Gegeven("signaal-inhoud")


class Rolperiode(Part):
    """The presumed role of a person in one episode; several may hold at once. Source: Wpg art. 6b."""

    rol: Annotated[RolCode, ROL]
    van: Annotated[date | None, ROL] = None
    tot: Annotated[date | None, ROL] = None


class Leeftijd(Part):
    """An age, which means nothing without its reference moment. `jaren`: whole years."""

    jaren: Annotated[Jaren, IDENTITEIT]
    peilmoment: Annotated[Peilmoment, IDENTITEIT]
    peildatum: Annotated[date | None, IDENTITEIT] = None


class Betrokkene(Part):
    """A person as this reporter knows her; every field may be unknown.

    `betrokkene_id`: made by the source, the same for the same person in its own records only.
    `bijzonder`: why her data need more care; it narrows what others get and is itself shown to nobody else.
    """

    betrokkene_id: Annotated[UUID, OPEN]
    naam: Annotated[Regel | None, IDENTITEIT] = None
    aliassen: Annotated[tuple[Regel, ...], IDENTITEIT] = ()
    geboortedatum: Annotated[date | None, IDENTITEIT] = None
    geslacht: Annotated[Geslacht | None, IDENTITEIT] = None
    nationaliteit: Annotated[Regel | None, Gegeven("nationaliteit")] = None
    bsn: Annotated[Bsn | None, Gegeven("bsn")] = None
    bereikbaar: Annotated[tuple[Regel, ...], Gegeven("contact")] = ()
    rollen: tuple[Rolperiode, ...] = ()
    leeftijden: tuple[Leeftijd, ...] = ()
    bijzonder: Annotated[tuple[Bijzonder, ...], BESLOTEN, Field(max_length=6)] = ()


class Locatie(Part):
    """A place of the signal. A shelter address is no Locatie: it is a Feit of category opvangadres."""

    adres: Annotated[Regel | None, INHOUD] = None
    plaats: Annotated[Regel | None, INHOUD] = None
    soort: Annotated[Plaatstype | None, INHOUD] = None


class Voertuig(Part):
    """A vehicle that was seen."""

    kenteken: Annotated[Regel | None, Gegeven("voertuig")] = None
    omschrijving: Annotated[Regel | None, Gegeven("voertuig")] = None


class Organisatie(Part):
    """A firm or institution the signal is about; `kvk_nummer`: eight digits.

    A partner that is named by its OIN or number in the trade register gets nothing of the signal.
    """

    naam: Annotated[Regel | None, Gegeven("bedrijf")] = None
    kvk_nummer: Annotated[str | None, Gegeven("bedrijf"), Field(pattern=r"^\d{8}$")] = None
    oin: Annotated[Oin | None, Gegeven("bedrijf")] = None
    soort: Annotated[Regel | None, Gegeven("bedrijf")] = None


class Feit(Part):
    """One fact that names its own data category, so that any native field can be carried and masked.

    `betrokkene_id`: the person it is about, None for a fact about the situation.
    """

    categorie: Annotated[Feitcategorie, OPEN]
    betrokkene_id: Annotated[UUID | None, OPEN] = None
    kenmerk: Annotated[Regel, EIGEN]
    waarde: Annotated[Tekst, EIGEN]


class SignaalInhoud(Part):
    """What was seen or told. `onbekend` is a value, never an empty field."""

    vormen: Annotated[tuple[Uitbuitingsvorm, ...], Gegeven("signaal-label"), Field(min_length=1, max_length=20)]
    zekerheid: Annotated[Zekerheid, Gegeven("signaal-label")]
    indicatoren: Annotated[tuple[Indicator, ...], Gegeven("indicatoren")] = ()
    toelichting: Annotated[Tekst | None, INHOUD] = None
    situatieschets: Annotated[Tekst | None, Gegeven("situatieschets")] = None
    waargenomen_op: Annotated[Tijdstip | None, INHOUD] = None
    vernomen_op: Annotated[Tijdstip | None, INHOUD] = None
    betrokkenen: Annotated[tuple[Betrokkene, ...], Field(max_length=100)] = ()
    locaties: Annotated[tuple[Locatie, ...], Field(max_length=50)] = ()
    voertuigen: Annotated[tuple[Voertuig, ...], Field(max_length=50)] = ()
    organisaties: Annotated[tuple[Organisatie, ...], Field(max_length=50)] = ()
    feiten: Annotated[tuple[Feit, ...], Field(max_length=200)] = ()


class Melder(Part):
    """Who told it; protected apart from the content."""

    naam: Annotated[Regel | None, Gegeven("melder-identiteit")] = None
    functie: Annotated[Regel | None, Gegeven("melder-identiteit")] = None
    bereikbaar: Annotated[Regel | None, Gegeven("melder-identiteit")] = None


class Criterium(Part):
    """The submitter's explanation per criterion. Source: Bgs art. 2.16 lid 2."""

    letter: Annotated[str, OPEN, Field(pattern="^[a-e]$")]
    voldaan: Annotated[bool, OPEN]
    toelichting: Annotated[Tekst | None, INHOUD] = None


class Signaalmelding(Part):
    """A signal as an agency brings it in.

    `kenmerk`: number in the agency's own record. `regio`: region code of the covenants.
    `wpg_artikel`: article of the Wpg under which police data are held, such as `8`, `9`, `10-1-a`, `13`.
    `betreft_zetels`: seats that are subject of it, for an employee or a relative is; they never learn of it.
    """

    kenmerk: Annotated[Regel, INHOUD]
    spoor: Annotated[str, OPEN, Field(pattern="^(intern|riec|zvh|zorg-en-registratie|bilateraal)$")]
    regio: Annotated[str, OPEN, Field(pattern="^[a-z-]+$", max_length=40)]
    meldkanaal: Annotated[Meldkanaal | None, OPEN] = None
    urgentie: Annotated[Urgentie | None, OPEN] = None
    wpg_artikel: Annotated[str | None, OPEN, Field(pattern=r"^(8|9|10-1-[abc]|12|13|14)$")] = None
    vertrouwelijk: Annotated[bool, OPEN] = False
    betreft_zetels: Annotated[tuple[ZetelId, ...], BESLOTEN, Field(max_length=20)] = ()
    criteria: Annotated[tuple[Criterium, ...], Field(max_length=5)] = ()
    melder: Melder | None = None
    inhoud: SignaalInhoud
