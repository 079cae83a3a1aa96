"""The signs one may tick: by form of exploitation, and for the desk of the population register its own questions."""

from collections.abc import Collection
from dataclasses import dataclass

from contracts.codelijst import Waarde, codelijst

ONBEKEND = "onbekend"
BALIE = "brp-balie"
ALLES = "alles"
#: What forms of exploitation are chosen from: the broad ones, each of which says enough to begin with.
VORMEN = (
    "seksuele-uitbuiting",
    "arbeidsuitbuiting",
    "criminele-uitbuiting",
    "gedwongen-dienstverlening",
    "gedwongen-bedelarij",
    "orgaanverwijdering",
    ONBEKEND,
)


@dataclass(frozen=True, slots=True)
class Rubriek:
    """Signs of one kind, as the lists of the field group them."""

    code: str
    naam: Waarde
    indicatoren: tuple[Waarde, ...]


def vormen() -> list[Waarde]:
    """The forms one begins with, in the order of the form; not knowing is one of them."""
    known = {one.code: one for one in codelijst("uitbuitingsvorm").waarden}
    return [known[code] for code in VORMEN]


def rubrieken(chosen: Collection[str], lijst: str, ticked: Collection[str]) -> tuple[Rubriek, ...]:
    """The signs of the chosen forms, by kind, and all that are ticked already.

    The kind with most signs first. `lijst`: `brp-balie` puts the questions of the desk before them, `alles` gives every
    list. A form without a list of its own has that of the form above it. A sign that the lists keep for its origin
    only is not offered.
    """
    above = {one.code: one.ouder for one in codelijst("uitbuitingsvorm").waarden}
    forms = {code for one in chosen for code in (one, above.get(one)) if code}
    signs = [one for one in codelijst("indicator").waarden if not one.vervallen and _choosable(one)]
    shown = [one for one in signs if _fits(one, forms, lijst) or one.code in ticked]
    kinds = codelijst("indicatorcategorie").waarden
    made = [Rubriek(kind.code, kind, tuple(one for one in shown if _kind(one) == kind.code)) for kind in kinds]
    order = sorted(made, key=lambda one: (one.code != lijst, -len(one.indicatoren)))
    return tuple(one for one in order if one.indicatoren)


def sensitive(ticked: Collection[str]) -> dict[str, list[Waarde]]:
    """Of the ticked signs those that say something sensitive, by what that is."""
    found: dict[str, list[Waarde]] = {}
    for one in codelijst("indicator").waarden:
        for kind in _listed(one, "gevoeligheid") if one.code in ticked else ():
            found.setdefault(kind, []).append(one)
    return found


def _fits(sign: Waarde, forms: Collection[str], lijst: str) -> bool:
    if _kind(sign) == BALIE:
        return lijst in (BALIE, ALLES)
    named = _listed(sign, "vormen")
    return lijst == ALLES or any(one in forms for one in named) or (not named and bool(forms))


def _kind(sign: Waarde) -> object:
    return sign.kenmerken.get("categorie")


def _choosable(sign: Waarde) -> bool:
    return sign.kenmerken.get("kiesbaar") is not False


def _listed(sign: Waarde, name: str) -> list[str]:
    found = sign.kenmerken.get(name)
    return [str(one) for one in found] if isinstance(found, list) else []
