"""One plausible example of every contract class, made from its own fields; the same on every run."""

from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AwareDatetime

from contracts.codelijst import Codewaarde, codelijst
from contracts.message import Message, Part

SPECIAL: dict[str, Any] = {
    "einde": "geeindigd-vertrek",
    "plicht": "comensha-melden",
    "kanalen": "signalen",
    "gebieden": "ede",
    "acties": "create",
    "bezorgwijze": "webhook",
    "terugbeladres": "https://abonnee.voorbeeld.example/meldingen",
    "aard": "rectificatie",
    "aanhoudreden": "onthouden-privacy",
    "stap": "ontvangst",
    "gevolg": "verwerkt",
    "bsn": "999900006",
    "bijzonder": "adresbescherming",
    "oin": "00000099000000000001",
    "organisaties": "00000099000000000001",
    "gevaar": "acuut",
    "risico": "risico",
    "toegang": "behouden",
    "uitkomst": "terecht",
    "categorie": "financieel",
    "zetel": "politie.avim@oost-nederland",
    "regio": "ede",
    "spoor": "zorg-en-registratie",
    "doel": "zorg-opvang",
    "door": "slachtoffer",
    "vorm": "schriftelijk",
    "letter": "a",
    "kvk_nummer": "00001234",
    "wpg_artikel": "8",
    "tafel": "casusoverleg",
    "activiteit": "casusoverleg",
    "motivering": "voorbeeld",
    "beleidsversie": "v1",
    "versie": "sha256:" + "0" * 64,
    "functie": "netwerkregisseur",
    "reikwijdte": "resultaten",
    "wettelijke_grond": "wgs-2-23-8",
    "grond_van_ontvanger": "publieke-taak",
    "verband": "zvh",
    "contactpunt": "zvh.bureau@gelderland-midden",
    "noodzaak": "dubbel-werk-voorkomen",
    "rac_besluit": "RAC-2026-014",
    "telefoon": "06-00001234",
    "soort": "signaal",
    "kopiesoort": "database",
    "termijn": "wgs-vijf-jaar",
    "grond": "complex-open",
    "instemming_van_bron": "alle",
    "plaats": "kluis",
    "recht": "inzage",
    "taak": "rectificeer",
    "kanaal": "post",
    "middel": "digid",
    "besluit": "toegewezen",
    "reden": "ingetrokken",
    "regime": "avg",
}


def example(cls: type[Part], required_only: bool = False) -> Any:
    """An instance with every field filled, or only the required ones."""
    values = {}
    for name, field in cls.model_fields.items():
        if required_only and not field.is_required():
            continue
        values[name] = _value(cls, name, field.annotation, list(field.metadata))
    return cls.model_validate(values)


def _value(cls: type[Part], name: str, annotation: Any, metadata: list[Any]) -> Any:
    codes = [mark for mark in metadata if isinstance(mark, Codewaarde)]
    if codes:
        return _code(codes[0])
    if (
        name in SPECIAL
        and annotation in (str, str | None)
        and not (name == "vorm" and issubclass(cls, Message) and "Casus" in cls.__name__)
    ):
        return SPECIAL[name]
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *more = get_args(annotation)
        return _value(cls, name, base, [*metadata, *more])
    if origin in (Union, UnionType):
        chosen = next(inner for inner in get_args(annotation) if inner is not NoneType)
        return _value(cls, name, chosen, metadata)
    if origin is tuple:
        count = 5 if name == "criteria" else 1
        return tuple(_value(cls, name, get_args(annotation)[0], []) for _ in range(count))
    if origin is dict:
        inner = get_args(annotation)[1]
        return {"gevaar": ("signaal-inhoud",) if get_origin(inner) is tuple else "acuut"}
    return _plain(cls, name, annotation)


def _plain(cls: type[Part], name: str, annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return example(annotation)
    simple: dict[Any, Any] = {
        UUID: uuid5(NAMESPACE_URL, name),
        AwareDatetime: datetime(2026, 3, 2, 12 if name == "tot" else 10, 30, tzinfo=UTC),
        date: date(2026, 3, 9),
        bool: True,
        int: 2,
    }
    if annotation in simple:
        return simple[annotation]
    if name in (
        "ontvanger",
        "naar",
        "aan",
        "uitvoerder",
        "eigenaar",
        "deelnemer",
        "deelnemers",
        "ontvangers",
        "niet_toegelaten",
        "bron",
        "bronnen",
        "voor",
        "afzender",
        "herkomst",
        "auteur",
        "goedkeurder",
        "gemeld_aan",
        "betreft_zetels",
        "blijft",
        "verborgen_voor",
        "alleen_voor",
        "verstrekkers",
        "raadpleger",
        "bij",
        "contactpunten",
        "houder",
        "melder",
        "plichthouder",
        "toezicht",
        "zetels",
        "van",
        "coordinator",
    ):
        return "zc.opvang@ede"
    return f"voorbeeld van {name.replace('_', ' ')}"


def _code(mark: Codewaarde) -> str:
    values = codelijst(mark.lijst).waarden
    return next(value.code for value in values if not value.vervallen)
