"""Events of duties, for the tests of the views."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from contracts.message import Event
from contracts.plicht import (
    PlichtGeescaleerd,
    PlichtHerinnerd,
    PlichtOntstaan,
    PlichtTeLaat,
    PlichtVervallen,
    PlichtVervuld,
)
from tests.views.verhaal import START, ZETELS, id_of, wie

TOEZICHT = ("privacy-officer@landelijk",)


def over(signaal: str, houder: str) -> dict[str, Any]:
    """Which duty."""
    return {"plicht_id": id_of((signaal, houder, "plicht")), "onderwerp_id": id_of(signaal)}


def begonnen(
    signaal: str, houder: str, minute: int = 4, soort: str = "signaal", toezicht: tuple[str, ...] = TOEZICHT
) -> PlichtOntstaan:
    """Something must be done from now on."""
    return PlichtOntstaan(
        **over(signaal, houder),
        plicht="comensha-melden",
        soort=soort,
        plichthouder=houder,
        spoor="zorg-en-registratie",
        grondslag="Vc B8/3",
        uiterlijk=START.date() + timedelta(days=7),
        verlopen_op=START + timedelta(days=8),
        toezicht=toezicht,
        beleidsversie="v1",
        **wie("systeem@landelijk", minute),
    )


def of_duty(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    """Something about one of the duties on a signal."""
    houder, who = chance.choice(ZETELS), wie("systeem@landelijk", number)
    made: tuple[Callable[[], Event], ...] = (
        lambda: begonnen(signaal, houder, number),
        lambda: begonnen(signaal, houder, number, toezicht=tuple(chance.sample(ZETELS, 2))),
        lambda: PlichtHerinnerd(**over(signaal, houder), nummer=1, **who),
        lambda: PlichtTeLaat(**over(signaal, houder), **who),
        lambda: PlichtGeescaleerd(**over(signaal, houder), nummer=1, aan=(zetel,), **who),
        lambda: PlichtVervuld(**over(signaal, houder), **who),
        lambda: PlichtVervallen(**over(signaal, houder), **who),
    )
    return chance.choice(made)()
