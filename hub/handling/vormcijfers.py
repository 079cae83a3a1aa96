"""What a seat has in view per month by form of exploitation, counted from its own permitted rows when it asks.

The form is sealed on the ledger, so it is read where the seat may read it, one seat at a time, and only counted: no
figure outlives the question. Source: AVG art. 5 lid 1 onder c; document 000 L1331-1350.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from contracts.codelijst import codelijst
from hub.domain.statistiek import Tabel, onderdruk
from hub.handling.maandcijfers import ZONE
from hub.views.read import Views

#: More signals than this are not opened for one look at an overview.
MEESTE = 500
#: A signal counts once, so that no figure can be worked out of two others.
MEER_VORMEN, ONBEKEND, VERBORGEN = "meer-vormen", "onbekend", "niet-te-zien"
HOOFDVORM = "hoofdvorm"


def per_vorm(views: Views, zetel: str, maanden: Collection[str]) -> dict[str, Tabel]:
    """Per month the signals that came into view, by broad form, without small figures."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for signaal in _every(views, zetel):
        maand = datetime.fromisoformat(signaal["sinds"]).astimezone(ZONE).strftime("%Y-%m")
        if maand in maanden:
            counts[maand][_form(signaal)] += 1
    return {maand: onderdruk(counts[maand]) for maand in maanden}


def _every(views: Views, zetel: str) -> Iterator[Mapping[str, Any]]:
    page = views.signalen(zetel, aantal=MEESTE)
    yield from page.items
    while page.volgende is not None:
        page = views.signalen(zetel, na=page.volgende, aantal=MEESTE)
        yield from page.items


def _form(signaal: Mapping[str, Any]) -> str:
    contents = [part["inhoud"].get("inhoud", part["inhoud"]) for part in signaal["bijdragen"]]
    seen = {_broad(form) for content in contents for form in content.get("vormen", ())}
    known = seen - {ONBEKEND}
    if len(known) > 1:
        return MEER_VORMEN
    return next(iter(known or seen), VERBORGEN)


@cache
def _broad(form: str) -> str:
    """The main form that a form is part of; itself where the list names none."""
    known = {one.code: one for one in codelijst("uitbuitingsvorm").waarden}
    at = known.get(form)
    while at is not None and at.kenmerken.get("niveau") != HOOFDVORM and at.ouder in known:
        at = known[at.ouder]
    return at.code if at is not None and at.kenmerken.get("niveau") == HOOFDVORM else form
