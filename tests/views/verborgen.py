"""Random events by which things are kept from seats, or opened to one for a while."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from contracts.afscherming import (
    BijdrageAfgeschermd,
    CasusvertrouwelijkheidVervallen,
    CasusVertrouwelijkVerklaard,
    VertrouwelijkheidVervallen,
    VertrouwelijkVerklaard,
    ZetelsUitgesloten,
)
from contracts.message import Event
from contracts.noodtoegang import (
    NoodtoegangBevestigd,
    NoodtoegangGetoetst,
    NoodtoegangGeweigerd,
    NoodtoegangVerleend,
    NoodtoegangVervallen,
)
from tests.views.verhaal import START, ZETELS, id_of, verstrekt, vervallen, wie


def hidden(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    """One event on a signal or case of the history."""
    other, seats = chance.choice(ZETELS), tuple(chance.sample(ZETELS, 2))
    who = wie(zetel, number)
    ground = {"letter": "d-strafbare-feiten", "deelnemer": other, "afweging": f"afweging-{number}"}
    until = {**ground, "tot": date(2026, 9, 1), **who}
    about, case = {"signaal_id": id_of(signaal)}, {"casus_id": id_of(casus)}
    silent = vervallen(signaal, other, chance.choice((None, casus)), door=zetel)
    made: tuple[Callable[[], Event], ...] = (
        lambda: ZetelsUitgesloten(**about, zetels=(other,), **who),
        lambda: VertrouwelijkVerklaard(**about, **until),
        lambda: VertrouwelijkheidVervallen(**about, reden="opgeheven", **who),
        lambda: CasusVertrouwelijkVerklaard(**case, **until, blijft=seats),
        lambda: CasusvertrouwelijkheidVervallen(**case, reden="termijn", deelnemers=ZETELS, **who),
        lambda: BijdrageAfgeschermd(**case, **about, verborgen_voor=(other,), **who),
        lambda: BijdrageAfgeschermd(**case, **about, alleen_voor=seats, **who),
        lambda: silent.model_copy(update={"reden": "vertrouwelijk"}),
        lambda: bound(signaal, other, zetel),
        lambda: emergency(chance, signaal, zetel, number),
    )
    return chance.choice(made)()


def bound(signaal: str, ontvanger: str, door: str) -> Event:
    """A disclosure that lives with an emergency access."""
    given = verstrekt(signaal, ontvanger, "signaal-inhoud", "identificerend", door=door)
    return given.model_copy(
        update={
            "verstrekking_id": id_of((signaal, ontvanger, "n")),
            "gebonden_aan": id_of("n"),
            "tot": START + timedelta(hours=8),
        }
    )


def emergency(chance: random.Random, signaal: str, zetel: str, number: int) -> Event:
    """An event of an emergency access."""
    about = {"signaal_id": id_of(signaal), "noodtoegang_id": id_of("n"), **wie(zetel, number)}
    asked = {"categorieen": ("bsn",), "reden": f"reden-{number}", "gevaar": "acuut", "toezicht": (ZETELS[-1],)}
    rules = {"regels": ("r",), "beleidsversie": "v1"}
    granted = {"spoor": "zorg-en-registratie", "aanvrager": "a", "organisatie": "o", "grondslagen": ("g",)}
    times = {"tot": START + timedelta(hours=8), "bevestigen_voor": START + timedelta(hours=24)}
    made: tuple[Callable[[], Event], ...] = (
        lambda: NoodtoegangVerleend(**about, **asked, **rules, **granted, **times, verstrekkers=(ZETELS[0],)),
        lambda: NoodtoegangGeweigerd(**about, **asked, **rules, redenen=("r",)),
        lambda: NoodtoegangBevestigd(**about, bevestiger="b"),
        lambda: NoodtoegangVervallen(**about, reden="termijn"),
        lambda: NoodtoegangGetoetst(**about, uitkomst="terecht", motivering="m"),
    )
    return chance.choice(made)()
