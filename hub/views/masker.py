"""What a recorded disclosure leaves of a piece of a message: known, permitted fields and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from contracts.inhoud import Betrokkene, Criterium, Feit
from contracts.message import BESLOTEN, EIGEN, OPEN, Part, category_of, part_type

Inhoud = dict[str, Any]

#: Parts whose open fields say something by themselves; any other part without permitted content is left out,
#: for the mere number of hidden persons or facts, or the category of a fact, is content too.
_SPEAKS_WHEN_BARE: frozenset[type[Part]] = frozenset({Criterium})

#: Parts that are about the person in their field `betrokkene_id`.
_ABOUT_A_PERSON: frozenset[type[Part]] = frozenset({Betrokkene, Feit})


class Plan(NamedTuple):
    """How to mask one class: fields by name. `about`: its elements are about one person."""

    open: frozenset[str]
    permitted: frozenset[str]
    own: frozenset[str]
    parts: Mapping[str, Plan]
    speaks_when_bare: bool
    about: bool


def dump(part: Part) -> Inhoud:
    """A part as plain values that JSON knows, without what is unknown."""
    plain: Inhoud = type(part).__pydantic_serializer__.to_python(part, mode="json", exclude_none=True, warnings=False)
    return plain


def masker(part: Part, categorieen: frozenset[str], betrokkenen: frozenset[UUID] | None) -> Inhoud:
    """What may be held of `part`: fields of the permitted categories, of the permitted persons (None: all).

    A field without a known category, or of an unknown name, is left out. Source: Wpg art. 32; WGS art. 1.7.
    """
    persons = None if betrokkenen is None else frozenset(map(str, betrokkenen))
    return masked(dump(part), plan_of(type(part), categorieen), categorieen, persons)


@lru_cache(maxsize=4096)
def plan_of(cls: type[Part], categories: frozenset[str]) -> Plan:
    """The plan for a class under a set of permitted categories."""
    named = {name: category_of(cls, name) for name in cls.model_fields}
    parts: dict[str, Plan] = {}
    for name, category in named.items():
        inner = part_type(cls.model_fields[name].annotation)
        if category is None and inner is not None:
            parts[name] = plan_of(inner, categories)
    return Plan(
        open=frozenset(name for name, category in named.items() if category == OPEN.categorie),
        permitted=frozenset(name for name, category in named.items() if category in categories - _MARKS),
        own=frozenset(name for name, category in named.items() if category == EIGEN.categorie),
        parts=parts,
        speaks_when_bare=cls in _SPEAKS_WHEN_BARE,
        about=cls in _ABOUT_A_PERSON,
    )


#: Marks of fields, not categories: a disclosure that named one would permit nothing by it.
_MARKS = frozenset({OPEN.categorie, EIGEN.categorie, BESLOTEN.categorie})


def masked(plain: Inhoud, plan: Plan, categories: frozenset[str], persons: frozenset[str] | None) -> Inhoud:
    """The permitted fields of a dumped part; shares unmasked values with `plain`, which stays as it is."""
    own_permitted = bool(plan.own) and plain.get("categorie") in categories
    left: Inhoud = {}
    for name, value in plain.items():
        if name in plan.permitted or name in plan.open or (own_permitted and name in plan.own):
            left[name] = value
        elif (inner := plan.parts.get(name)) is not None:
            if isinstance(value, list):
                kept = [part for item in value if (part := _element(item, inner, categories, persons)) is not None]
                if kept:
                    left[name] = kept
            elif (part := _element(value, inner, categories, persons)) is not None:
                left[name] = part
    return left


def _element(plain: Inhoud, plan: Plan, categories: frozenset[str], persons: frozenset[str] | None) -> Inhoud | None:
    if plan.about and persons is not None:
        person = plain.get("betrokkene_id")
        if person is not None and person not in persons:
            return None
    left = masked(plain, plan, categories, persons)
    if plan.speaks_when_bare:
        return left
    return None if plan.open.issuperset(left) else left


def says_something(left: Inhoud, cls: type[Part]) -> bool:
    """Whether a masked part holds more than open fields."""
    return not plan_of(cls, frozenset()).open.issuperset(left)


def divided(plain: Inhoud, cls: type[Part]) -> tuple[Inhoud, Inhoud]:
    """The open fields of a dumped part, and the others: content, which is kept sealed."""
    names = plan_of(cls, frozenset()).open
    return (
        {name: value for name, value in plain.items() if name in names},
        {name: value for name, value in plain.items() if name not in names},
    )
