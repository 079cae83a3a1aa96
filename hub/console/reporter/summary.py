"""What a dry run says in a few sentences: who would get what, what is refused, and what may be done instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from contracts.codelijst import codelijst


@dataclass(frozen=True, slots=True)
class Regel:
    """Categories with the same answer. `namen`: of the categories; `grondslagen`: articles; `regels`: rule ids."""

    namen: tuple[str, ...]
    toegestaan: bool
    grondslagen: tuple[str, ...]
    regels: tuple[str, ...]
    zin: str
    alternatief: str | None


@dataclass(frozen=True, slots=True)
class Samenvatting:
    """For one recipient. `wel`, `niet`: names of categories; `alternatieven`: what to do instead, each once.

    `aanvullingen`: what the sender might still state, as the dry run says it.
    """

    ontvanger: str
    wel: tuple[str, ...]
    niet: tuple[str, ...]
    alternatieven: tuple[str, ...]
    regels: tuple[Regel, ...]
    aanvullingen: tuple[Mapping[str, Any], ...]


def summary(asked: Iterable[Mapping[str, Any]]) -> list[Samenvatting]:
    """One per recipient of the dry run, `ontvangers` of the answer."""
    return [_of(one["ontvanger"], one["voorbeeld"]) for one in asked]


def own(example: Mapping[str, Any]) -> Samenvatting:
    """Of recording it oneself."""
    return _of("", example)


def named(categorie: str) -> str:
    """A category for people."""
    return _names().get(categorie, categorie.replace("-", " "))


#: Categories that the statutory list does not name.
_OVERIGE = {
    "signaal-inhoud": "wat er is gezegd",
    "signaal-label": "vorm en zekerheid",
    "rol-in-casus": "vermoedelijke rol",
    "indicatoren": "aangevinkte signalen",
}


@cache
def _names() -> Mapping[str, str]:
    listed = {one.code: one.label[0].lower() + one.label[1:] for one in codelijst("gegevenscategorie").waarden}
    return listed | _OVERIGE


def _of(wie: str, example: Mapping[str, Any]) -> Samenvatting:
    outcomes = example["uitkomsten"]
    instead = (one["alternatief"] for one in outcomes if not one["toegestaan"] and one.get("alternatief"))
    return Samenvatting(
        wie,
        tuple(map(named, example["toegestaan"])),
        tuple(map(named, example["geweigerd"])),
        tuple(dict.fromkeys(instead)),
        tuple(_lines(outcomes)),
        tuple(_plus(one) for one in example.get("aanvullingen") or ()),
    )


def _plus(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "namen": [named(each) for each in one["categorieen"]]}


def _lines(outcomes: Iterable[Mapping[str, Any]]) -> list[Regel]:
    """Those with the same answer on one line; what may go first."""
    same: dict[tuple[Any, ...], list[str]] = {}
    for one in outcomes:
        key = (one["toegestaan"], tuple(one["grondslagen"]), tuple(one["regels"]), one["zin"], one.get("alternatief"))
        same.setdefault(key, []).append(named(one["categorie"]))
    return sorted((Regel(tuple(names), *key) for key, names in same.items()), key=lambda line: not line.toegestaan)
