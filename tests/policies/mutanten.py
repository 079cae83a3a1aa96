"""Broken versions of the rules: a rule left out, a condition left out, one side of an `and` or `or` left out."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from hub.access.regel import Regel


@dataclass(frozen=True, slots=True)
class Mutant:
    """A policy with one thing broken; `regel` is None where the whole rule is gone."""

    naam: str
    doel: Regel
    regel: Regel | None

    def toegepast(self, regels: tuple[Regel, ...]) -> tuple[Regel, ...]:
        """The rules with this one broken."""
        anders = (self.regel,) if self.regel else ()
        return tuple(r for regel in regels for r in (anders if regel.id == self.doel.id else (regel,)))


def mutanten(regel: Regel) -> Iterator[Mutant]:
    """Every broken version of one rule."""
    yield Mutant(f"{regel.id}: weg", regel, None)
    est: dict[str, Any] = json.loads(regel.est)
    if len(est["conditions"]) > 1:
        for nummer in range(len(est["conditions"])):
            kapot = deepcopy(est)
            del kapot["conditions"][nummer]
            yield Mutant(f"{regel.id}: voorwaarde {nummer} weg", regel, replace(regel, est=json.dumps(kapot)))
    for pad in _samenstellingen(est["conditions"], ()):
        for kant in ("left", "right"):
            kapot = deepcopy(est)
            ouder: Any = kapot["conditions"]
            for stap in pad[:-1]:
                ouder = ouder[stap]
            knoop = ouder[pad[-1]]
            ouder[pad[-1]] = next(iter(knoop.values()))[kant]
            rest = next(iter(knoop.values()))["right" if kant == "left" else "left"]
            yield Mutant(f"{regel.id}: zonder {_kort(rest)}", regel, replace(regel, est=json.dumps(kapot)))


def _samenstellingen(knoop: object, pad: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(knoop, dict):
        if knoop.keys() <= {"&&", "||"}:
            yield pad
        for sleutel, kind in knoop.items():
            yield from _samenstellingen(kind, (*pad, sleutel))
    elif isinstance(knoop, list):
        for nummer, kind in enumerate(knoop):
            yield from _samenstellingen(kind, (*pad, nummer))


def _kort(knoop: object) -> str:
    tekst = json.dumps(knoop)
    for weg in ('{"Var": ', '"left": ', '"right": ', '"attr": ', "{", "}", '"'):
        tekst = tekst.replace(weg, "")
    return tekst[:90]
