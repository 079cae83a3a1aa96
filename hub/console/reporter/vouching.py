"""What a sender answers for when she shares: facts of the policy in plain words, and where the proof of them stands."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from hub.handling.aanvulling import VERKLARINGEN

#: Each statement as somebody says it. A test holds them against those of the policy.
TEKSTEN: Mapping[str, str] = MappingProxyType(
    {
        "toestemming": "De betrokkene gaf uitdrukkelijk toestemming",
        "toestemming-gezag": "De betrokkene is jonger dan 18, en een ouder of voogd gaf uitdrukkelijk toestemming",
        "belang": "Het is in het belang van het slachtoffer",
        "gevaar": "De uitbuiting gaat door en is gevaarlijk; ik heb vastgelegd waarom",
        "acuut": "Er is acuut gevaar; ik heb vastgelegd waarom",
        "besluit": "Het besluit om te delen is vastgelegd",
        "gezag": "Het bevoegd gezag stemt ermee in",
        "officier": "De officier van justitie geeft het vrij",
        "hulpverlener": "Delen hoort hier bij goed hulpverlenerschap",
        "gesprek": "Het gesprek met de betrokkene is vastgelegd",
        "duidelijk": "De signalen zijn duidelijk, niet vaag",
        "herkenning": "De ontvanger herkende de casus al zonder naam",
    }
)
#: Statements that rest on consent, with who gave it.
TOESTEMMING: Mapping[str, str] = MappingProxyType({"toestemming": "slachtoffer", "toestemming-gezag": "voogd"})


def facts(stated: Iterable[str], grond: str = "") -> dict[str, str | bool | int]:
    """The facts of these statements; `grond`: code of a legal ground that is relied on, empty without one."""
    said: dict[str, str | bool | int] = {}
    for name in stated:
        said |= VERKLARINGEN.get(name, {})
    return said | ({"wettelijke_grond": grond} if grond else {})
