"""Events of recalls and correction tasks, for the tests of the views."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from contracts.correctietaak import CorrectieAfgewezen, CorrectietaakGeopend
from contracts.message import Event
from contracts.terugroeping import TerugroepingBevestigd, TerugroepingGeescaleerd, TerugroepingGestuurd
from tests.views.verhaal import START, ZETELS, id_of, wie

TOEZICHT = ("privacy-officer@landelijk",)


def gestuurd(signaal: str, ontvanger: str, *bronnen: str, nummer: int = 1, **more: Any) -> TerugroepingGestuurd:
    """A recall of one correction."""
    return TerugroepingGestuurd(
        terugroeping_id=id_of((signaal, ontvanger, nummer)),
        correctie_id=id_of((signaal, nummer)),
        signaal_id=id_of(signaal),
        aard=more.pop("aard", "rectificatie"),
        ontvanger=ontvanger,
        bronnen=bronnen,
        categorieen=("signaal-inhoud",),
        toezicht=TOEZICHT,
        bevestigen_voor=START + timedelta(days=14),
        **wie(bronnen[0], nummer),
        **more,
    )


def gewezen(signaal: str, zetel: str, voor: str, number: int = 1) -> CorrectietaakGeopend:
    """An error that was pointed out."""
    return CorrectietaakGeopend(
        correctietaak_id=id_of((signaal, "taak")),
        signaal_id=id_of(signaal),
        bijdrage_id=id_of(signaal),
        voor=voor,
        categorieen=("signaal-inhoud",),
        toelichting=f"toelichting-{number}",
        **wie(zetel, number),
    )


def of_recall(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    """Something about one of two recalls of a signal."""
    other, nummer = chance.choice(ZETELS), chance.choice((1, 2))
    about = {"terugroeping_id": id_of((signaal, other, nummer)), "signaal_id": id_of(signaal)}
    task = {"correctietaak_id": id_of((signaal, "taak")), "signaal_id": id_of(signaal)}
    made: tuple[Callable[[], Event], ...] = (
        lambda: gestuurd(signaal, other, *chance.sample(ZETELS, 2), nummer=nummer),
        lambda: gestuurd(signaal, other, zetel, nummer=nummer, betrokkenen=(id_of("a"),)),
        lambda: gewezen(signaal, zetel, other, number),
        lambda: CorrectieAfgewezen(**task, motivering=f"motivering-{number}", **wie(other, number)),
        lambda: TerugroepingBevestigd(**about, gevolg="verwerkt", **wie(other, number)),
        lambda: TerugroepingGeescaleerd(**about, ontvanger=other, toezicht=TOEZICHT, **wie(zetel, number)),
    )
    return chance.choice(made)()
