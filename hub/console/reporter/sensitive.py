"""A warning about words: what a text seems to hold that may not go to a track. It helps; the policy decides."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from hub.console.reporter.signs import sensitive

#: Stems of words that point at a kind of data, by the name of that kind.
STAMMEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "gezondheid": (
            *("zwanger", "abortus", "hiv", "soa", "depress", "psych", "suicid", "verslaafd", "verslaving", "medicijn"),
            *("ziek", "trauma", "arts", "huisarts", "therap", "letsel", "gewond", "verstandelijk", "lvb"),
        ),
        "geloof": ("moslim", "islam", "christen", "joods", "hindoe", "geloof", "gelovig", "kerk", "moskee"),
        "afkomst": ("afkomst", "etnisch", "etnicit", "huidskleur", "sinti"),
        "seksuele-gerichtheid": ("homo", "lesbisch", "biseks", "lhbt", "transgender", "gerichtheid"),
        "opvangadres": ("opvangadres", "schuiladres", "safehouse", "blijfhuis"),
    }
)
#: The same, as the lists of signs name it.
_OF_SIGNS = {"herkomst": "afkomst", "ras-of-etnische-afkomst": "afkomst"}
#: What never goes to a track. Source: WGS art. 2.21, 2.29; Bgs art. 2.15; AVG art. 9.
NOOIT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "riec": ("gezondheid", "geloof", "afkomst", "seksuele-gerichtheid", "opvangadres"),
        "zvh": ("geloof", "afkomst", "seksuele-gerichtheid", "seksueel-gedrag", "opvangadres"),
        "zorg-en-registratie": ("geloof", "afkomst", "seksuele-gerichtheid"),
        "bilateraal": ("geloof", "afkomst", "seksuele-gerichtheid"),
    }
)
#: What goes there with consent alone. Source: AVG art. 9 lid 2 onder a; BW 7:457.
MET_TOESTEMMING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "zvh": ("gezondheid",),
        "zorg-en-registratie": ("gezondheid", "opvangadres"),
        "bilateraal": ("gezondheid", "opvangadres"),
    }
)
#: The tracks as somebody who fills in a form knows them.
SPOORNAMEN: Mapping[str, str] = MappingProxyType(
    {
        "riec": "het RIEC",
        "zvh": "het Zorg- en Veiligheidshuis",
        "zorg-en-registratie": "zorg, opvang en registratie",
        "bilateraal": "een ander op een eigen grond",
    }
)
_NUMBER = re.compile(r"(?<!\d)\d{9}(?!\d)")


class Waarschuwing(NamedTuple):
    """Something that had better stay out. `nooit`, `toestemming`: tracks; `woorden`: what in the form points at it."""

    soort: str
    nooit: tuple[str, ...]
    toestemming: tuple[str, ...]
    woorden: tuple[str, ...]


def warnings(text: str, ticked: Collection[str], sporen: Collection[str]) -> list[Waarschuwing]:
    """What a free text and the ticked signs seem to say that may not go to these tracks."""
    found: dict[str, list[str]] = {}
    for kind, stems in STAMMEN.items():
        found.setdefault(kind, []).extend(_words(text, stems))
    for kind, signs in sensitive(ticked).items():
        found.setdefault(_OF_SIGNS.get(kind, kind), []).extend(one.label for one in signs)
    made = [_warning(kind, words, sporen) for kind, words in found.items() if words]
    number = [Waarschuwing("burgerservicenummer", (), (), ())] if _NUMBER.search(text) else []
    return [*(one for one in made if one.nooit or one.toestemming), *number]


def _warning(kind: str, words: list[str], sporen: Collection[str]) -> Waarschuwing:
    never = tuple(one for one in dict.fromkeys(sporen) if kind in NOOIT.get(one, ()))
    consent = tuple(one for one in dict.fromkeys(sporen) if kind in MET_TOESTEMMING.get(one, ()))
    return Waarschuwing(kind, never, consent, tuple(dict.fromkeys(words)))


def _words(text: str, stems: Collection[str]) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word.startswith(tuple(stems))]
