"""What a person may be told of her own data: where it came from, why, and who got it.

What is withheld is left out before anything is put together, so that an answer is a function of the rest alone.
Source: AVG art. 15; Wpg art. 25; UAVG art. 41.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.inhoud import Betrokkene
from contracts.verzoek import Identiteit


@dataclass(frozen=True, slots=True)
class Bronregel:
    """One contribution that names her. `gegevens`, `feiten`: what it says of her; `rubrieken`: categories of the rest.

    The rest may be about others as well, so it is named and not copied. Source: AVG art. 15 lid 4.
    """

    spoor: str
    zetel: str
    organisatie: str
    ontvangen_op: date
    gerectificeerd_op: date | None
    doel: str
    gegevens: Mapping[str, Any]
    feiten: tuple[Mapping[str, Any], ...]
    rubrieken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ontvangerregel:
    """One recipient. `tot`: the day on which it ended, None while it lasts."""

    spoor: str
    zetel: str
    organisatie: str
    van: date
    tot: date | None
    doel: str
    grondslagen: tuple[str, ...]
    categorieen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inzage:
    """All that may be told, in an order that follows from it alone."""

    bronnen: tuple[Bronregel, ...] = ()
    ontvangers: tuple[Ontvangerregel, ...] = ()


def bijeen(bronnen: Iterable[Bronregel], ontvangers: Iterable[Ontvangerregel]) -> Inzage:
    """Put together, sorted by what is shown."""
    return Inzage(tuple(sorted(bronnen, key=_source_order)), tuple(sorted(ontvangers, key=_recipient_order)))


def herkent(identiteit: Identiteit, person: Betrokkene) -> bool:
    """Whether a record is of the person who proved who she is.

    By number; where one of the two has none, by name or alias with the birth date. Numbers that differ are of two
    persons, however they are called.
    """
    if identiteit.bsn is not None and person.bsn is not None:
        return identiteit.bsn == person.bsn
    if identiteit.naam is None or identiteit.geboortedatum is None or identiteit.geboortedatum != person.geboortedatum:
        return False
    spelled = _spelled(identiteit.naam)
    names = {_spelled(name) for name in (person.naam, *(person.aliassen or ())) if name}
    return bool(spelled) and spelled in names


def binnen_jaren(tot: date | None, op: date, jaren: int) -> bool:
    """Whether a disclosure that ended on `tot` still counts."""
    if tot is None:
        return True
    day = 28 if (op.month, op.day) == (2, 29) else op.day
    return tot >= op.replace(year=op.year - jaren, day=day)


def _spelled(name: str) -> str:
    """The letters of a name in any script, without case, accents, spaces and marks."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if sign.isalpha())


def _source_order(one: Bronregel) -> tuple[object, ...]:
    return (one.spoor, one.ontvangen_op, one.organisatie, one.zetel, repr(one.gegevens), repr(one.feiten))


def _recipient_order(one: Ontvangerregel) -> tuple[object, ...]:
    return (one.spoor, one.van, one.organisatie, one.zetel, one.doel, one.categorieen, one.tot or date.max)
