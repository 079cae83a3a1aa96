"""Events of questions between partnerships, for the tests of the views."""

from __future__ import annotations

import random

from contracts.message import Event
from contracts.navraag import NavraagBeantwoord, NavraagGedaan, Vindplaats
from tests.views.verhaal import ZETELS, id_of, wie


def of_question(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    """One of the two banks of one of a few questions."""
    id, yes = id_of(("navraag", chance.randint(1, 3))), chance.random() < 0.5
    if chance.random() < 0.5:
        return NavraagGedaan(
            navraag_id=id,
            casus_id=id_of(casus),
            signaal_id=id_of(signaal),
            spoor="riec",
            contactpunt="zvh.bureau@twente",
            noodzaak="dubbel-werk-voorkomen",
            treffer=yes,
            coordinator=chance.choice((None, *ZETELS)),
            ontvanger=zetel,
            doel="bestrijding",
            categorieen=("hit",),
            regels=("regel",),
            grondslagen=("WGS 1.7 lid 8",),
            beleidsversie="v1",
            **wie(zetel, number),
        )
    place = Vindplaats(casus_id=id_of(casus), signaal_id=id_of(signaal), coordinator=chance.choice(ZETELS), gegeven=yes)
    return NavraagBeantwoord(
        navraag_id=id,
        spoor="riec",
        noodzaak="dubbel-werk-voorkomen",
        treffer=yes,
        vindplaatsen=(place,),
        beleidsversie="v1",
        **wie(zetel, number),
    )
