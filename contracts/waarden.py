"""Values with a meaning of their own: numbers that check themselves and codes of the code lists."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from contracts.codelijst import Codewaarde, codelijst


def _bsn(value: str) -> str:
    """Nine digits that pass the elfproef. Source: UAVG art. 46; Besluit burgerservicenummer."""
    if not re.fullmatch(r"\d{9}", value):
        raise ValueError("een burgerservicenummer heeft negen cijfers")
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    if sum(int(digit) * weight for digit, weight in zip(value, weights, strict=True)) % 11:
        raise ValueError("dit nummer voldoet niet aan de elfproef")
    return value


Bsn = Annotated[str, AfterValidator(_bsn)]
Tekst = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
Regel = Annotated[str, StringConstraints(min_length=1, max_length=300)]
ZetelId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+@[a-z0-9-]+$", max_length=120)]
Oin = Annotated[str, StringConstraints(pattern=r"^\d{20}$")]
Bron = Annotated[str, StringConstraints(pattern=r"^urn:nld:oin:\d{20}:systeem:[a-z0-9-]+$", max_length=120)]

#: Categories a single fact may have, beside those of the statutory list gegevenscategorie.
OVERIGE_FEITCATEGORIEEN = frozenset(
    {
        "aangifte",
        "aankondiging",
        "bedenktijd-status",
        "bestuurlijke-rapportage",
        "brugbericht",
        "controle",
        "controle-signaal",
        "indicatoren",
        "interventieadvies",
        "melding-veilig-thuis",
        "negatief-werkadvies",
        "niet-strafbaarheid-vlag",
        "registratie-sekswerk",
        "signaal-inhoud",
        "signaal-label",
        "situatieschets",
        "slachtofferstatus",
        "sturingsinformatie",
        "terugkeer-contact",
        "terugkeer-melding",
        "terugkeerdossier",
        "terugkeerreden",
        "tussentijdse-bevinding",
        "verhoor-inhoud",
        "woningmelding",
        "contactpersoon",
        "rol-in-casus",
        "melder-identiteit",
    }
)


def _feitcategorie(value: str) -> str:
    if value in OVERIGE_FEITCATEGORIEEN:
        return value
    return codelijst("gegevenscategorie").herleid(value)


Feitcategorie = Annotated[str, AfterValidator(_feitcategorie), StringConstraints(pattern="^[a-z0-9-]+$", max_length=60)]
#: What makes a person's data need more care than others'. Source: Wet BRP art. 2.59; Richtlijn 2011/36/EU.
Bijzonder = Annotated[
    str,
    StringConstraints(
        pattern="^(adresbescherming|informant|ongedocumenteerd|lvb|kind-van-slachtoffer|slachtoffer-en-verdachte)$"
    ),
]
Uitbuitingsvorm = Annotated[str, Codewaarde("uitbuitingsvorm")]
Zekerheid = Annotated[str, Codewaarde("zekerheid")]
Indicator = Annotated[str, Codewaarde("indicator")]
RolCode = Annotated[str, Codewaarde("rol")]
Geslacht = Annotated[str, Codewaarde("geslacht")]
Peilmoment = Annotated[str, Codewaarde("peilmoment")]
Plaatstype = Annotated[str, Codewaarde("plaatstype")]
Meldkanaal = Annotated[str, Codewaarde("meldkanaal")]
Urgentie = Annotated[str, Codewaarde("urgentie")]
Sluitingsreden = Annotated[str, Codewaarde("sluitingsreden")]
Terugkoppelstatus = Annotated[str, Codewaarde("terugkoppelstatus")]
RedenGeenOpvolging = Annotated[str, Codewaarde("reden-geen-opvolging")]

#: `intern` is a record inside one organisation that nobody else may see until its owner passes it on.
SporenVanInname = ("intern", "riec", "zvh", "zorg-en-registratie", "bilateraal")
Spoor = Annotated[str, StringConstraints(pattern="^(" + "|".join(SporenVanInname) + ")$")]

Jaren = Annotated[int, Field(ge=0, le=120)]
Fase = Annotated[int, Field(ge=0, le=3)]
