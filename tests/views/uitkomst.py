"""Events of results, for the tests of the views."""

from __future__ import annotations

import random
from typing import Any

from contracts.message import Event
from contracts.resultaat import (
    Onderdeel,
    ResultaatGemaakt,
    ResultaatTeruggekoppeld,
    ResultaatVerstrekt,
    ResultaatVervallen,
)
from tests.views.verhaal import GEMEENTE, POLITIE, ZETELS, id_of, wie

SOORTEN = ("interventieadvies", "sturingsinformatie", "politie-8")
MAKER = GEMEENTE


def gemaakt(name: str = "r") -> ResultaatGemaakt:
    """A result of three pieces: one of each category, the last repeats police data and is about a person."""
    return ResultaatGemaakt(
        casus_id=id_of("c1"),
        spoor="riec",
        resultaat_id=id_of(name),
        signalen=(id_of("s1"),),
        resultaten=(),
        herkomst=(GEMEENTE, POLITIE),
        herkomst_stappen=1,
        onderdelen=(
            Onderdeel(categorie=SOORTEN[0], tekst="advies-kanarie"),
            Onderdeel(categorie=SOORTEN[1], tekst="sturing-kanarie"),
            Onderdeel(categorie=SOORTEN[2], bron=POLITIE, betrokkene_id=id_of("a"), tekst="politie-kanarie"),
        ),
        **wie(MAKER, 1),
    )


def gegeven(naar: str, soort: str, per_bron: dict[str, tuple[str, ...]], name: str = "r", minute: int = 2) -> Event:
    """A result given to a seat."""
    return ResultaatVerstrekt(
        verstrekking_id=id_of((name, soort, naar)),
        resultaat_id=id_of(name),
        ontvanger=naar,
        soort=soort,
        afzender=MAKER,
        doel="bestuurlijke-interventie",
        categorieen=tuple(sorted({one for categories in per_bron.values() for one in categories})),
        per_bron=per_bron,
        regels=("regel-1",),
        grondslagen=("WGS 1.7 lid 2",),
        beleidsversie="v1",
        **wie(MAKER, minute),
    )


def genomen(naar: str, soort: str, name: str = "r", minute: int = 3) -> Event:
    """The end of it."""
    return ResultaatVervallen(
        verstrekking_id=id_of((name, soort, naar)),
        resultaat_id=id_of(name),
        ontvanger=naar,
        reden="grondslag-vervallen",
        **wie(MAKER, minute),
    )


def of_result(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    """Something about one of two results."""
    name, soort = chance.choice(("r1", "r2")), chance.choice(("deelnemer", "derde"))
    naar: Any = chance.choice([one for one in ZETELS if one != MAKER])
    given = {GEMEENTE: tuple(chance.sample(SOORTEN, 2)), POLITIE: chance.choice(((), SOORTEN[2:]))}
    drawn = chance.random()
    if drawn < 0.3:
        return gemaakt(name)
    if drawn < 0.7:
        return gegeven(naar, soort, given, name, number)
    if drawn < 0.85:
        return genomen(naar, soort, name, number)
    report = {"status": "opgepakt", "bericht": f"bericht-{number}"}
    return ResultaatTeruggekoppeld(resultaat_id=id_of(name), **report, **wie(zetel, number))
