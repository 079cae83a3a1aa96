"""Events of feedback, for the tests of the views."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from contracts.message import Event
from contracts.terugkoppeling import (
    TerugkoppelingAangehouden,
    TerugkoppelingGeescaleerd,
    TerugkoppelingGegeven,
    TerugkoppelingHerinnerd,
    TerugkoppelingHervat,
    TerugkoppelingVerschuldigd,
    TerugkoppelingVervallen,
)
from tests.views.verhaal import START, ZETELS, id_of, wie

TOEZICHT = ("privacy-officer@landelijk",)
OPSPORING, PRIVACY = "onthouden-strafrechtelijk-onderzoek", "onthouden-privacy"


def over(signaal: str, ontvanger: str, melder: str) -> dict[str, Any]:
    """Which debt, and of whom."""
    number = id_of((signaal, ontvanger, melder, "terugkoppeling"))
    return {"terugkoppeling_id": number, "signaal_id": id_of(signaal), "ontvanger": ontvanger}


def verschuldigd(signaal: str, ontvanger: str, melder: str, minute: int = 4) -> TerugkoppelingVerschuldigd:
    """Owed from now on."""
    return TerugkoppelingVerschuldigd(
        **over(signaal, ontvanger, melder),
        spoor="bilateraal",
        melder=melder,
        toezicht=TOEZICHT,
        stap="ontvangst",
        uiterlijk=START + timedelta(days=7),
        **wie(melder, minute),
    )


def gegeven(
    signaal: str, ontvanger: str, melder: str, status: str, minute: int = 5, *, klaar: bool = False
) -> TerugkoppelingGegeven:
    """Told. `klaar`: nothing is due any more."""
    more = {} if klaar else {"stap": "opvolging", "uiterlijk": START + timedelta(days=30)}
    return TerugkoppelingGegeven(
        **over(signaal, ontvanger, melder), melder=melder, status=status, **more, **wie(ontvanger, minute)
    )


def aangehouden(
    signaal: str, ontvanger: str, melder: str, reden: str, dagen: int = 30, minute: int = 6
) -> TerugkoppelingAangehouden:
    """Withheld."""
    return TerugkoppelingAangehouden(
        **over(signaal, ontvanger, melder),
        melder=melder,
        aanhoudreden=reden,
        herbezien_op=(START + timedelta(days=dagen)).date(),
        bron="003 L9518",
        **wie(ontvanger, minute),
    )


def van_binnen(signaal: str, ontvanger: str, melder: str, minute: int) -> tuple[Callable[[], Event], ...]:
    """What happens behind a withheld debt without a word to the reporter."""
    about, who, later = over(signaal, ontvanger, melder), wie(ontvanger, minute), START + timedelta(days=60)
    return (
        lambda: aangehouden(signaal, ontvanger, melder, OPSPORING, 40 + minute, minute),
        lambda: aangehouden(signaal, ontvanger, melder, PRIVACY, 50 + minute, minute),
        lambda: TerugkoppelingHervat(**about, stap="opvolging", uiterlijk=later, **who),
        lambda: TerugkoppelingHerinnerd(**about, stap="opvolging", escaleren_op=later, **who),
        lambda: TerugkoppelingGeescaleerd(**about, toezicht=TOEZICHT, **who),
    )


def of_feedback(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    """Something about the feedback that one seat owes another."""
    other = chance.choice([one for one in ZETELS if one != zetel])
    made = (
        lambda: verschuldigd(signaal, other, zetel, number),
        lambda: verschuldigd(signaal, zetel, other, number),
        lambda: gegeven(signaal, zetel, other, "opgepakt", number, klaar=number % 2 == 0),
        *van_binnen(signaal, zetel, other, number),
        lambda: TerugkoppelingVervallen(**over(signaal, zetel, other), reden="signaal-weg", **wie(zetel, number)),
    )
    return chance.choice(made)()
