"""What a sender may still state: facts, or another purpose, with which the law lets more of a signal be passed on.

It says which question is open, never that the answer is yes: who states a fact answers for it, and it is recorded.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

Feiten = Mapping[str, str | bool | int]
#: Which categories may be passed on for a purpose, with these facts.
Vraag = Callable[[str, Feiten], frozenset[str]]
Namen = tuple[str, ...]
#: Per set of statements and what they open, the purposes for which they do.
Gevonden = dict[tuple[Namen, Namen], list[str]]
#: What one person may state about a case in one breath, by the names of the policy. Source: Wpg art. 16-20; BW 7:457.
VERKLARINGEN: Mapping[str, Feiten] = MappingProxyType(
    {
        "toestemming": {"toestemming": "uitdrukkelijk", "toestemming_door": "slachtoffer"},
        "toestemming-gezag": {"toestemming": "uitdrukkelijk", "toestemming_door": "voogd"},
        "belang": {"belang_slachtoffer": True},
        "gevaar": {"gevaar": "doorlopend-gevaarlijk", "reden_vastgelegd": True},
        "acuut": {"gevaar": "acuut", "reden_vastgelegd": True},
        "besluit": {"besluit_vastgelegd": True},
        "gezag": {"bevoegd_gezag_stemt_in": True},
        "officier": {"om_geeft_vrij": True, "besluit_ovj": True},
        "hulpverlener": {"goed_hulpverlenerschap": True},
        "gesprek": {"gesprek_vastgelegd": True},
        "duidelijk": {"sterkte_signaal": "duidelijk"},
        "herkenning": {"herkenning": True},
    }
)
MEESTE = 6


class Aanvulling(BaseModel):
    """One way to answer a refusal: what to state, and for which purposes that helps.

    `verklaringen`: names of `VERKLARINGEN`, none where another purpose is all it takes; `omstandigheden`: the facts
    they are. `categorieen`: what might then go as well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    doelen: tuple[str, ...]
    verklaringen: tuple[str, ...]
    omstandigheden: dict[str, str | bool | int]
    categorieen: tuple[str, ...]


def aanvullingen(vraag: Vraag, doel: str, gezegd: Feiten, doelen: Sequence[str]) -> tuple[Aanvulling, ...]:
    """The smallest additions that open more: those for the stated purpose first, then with the fewest statements.

    `gezegd`: what is stated already. `doelen`: the purposes of the track. Two statements at once are sought for another
    purpose only where nothing less helps: a list of everything conceivable answers no question.
    """
    found: Gevonden = {}
    now, others = vraag(doel, gezegd), [one for one in doelen if one != doel]
    for other in others:
        if more := vraag(other, gezegd) - now:
            found.setdefault(((), tuple(sorted(more))), []).append(other)
    for seek, asked in ((_single, [doel]), (_pairs, [doel]), (_single, others), (_pairs, others)):
        if (asked == [doel] and not any(doel in at for at in found.values())) or not found:
            seek(found, vraag, asked, gezegd, now)
    made = [_made(names, more, at) for (names, more), at in found.items()]
    order = sorted(made, key=lambda one: (doel not in one.doelen, len(one.verklaringen), -len(one.categorieen)))
    return tuple(order[:MEESTE])


def _made(names: Namen, more: Namen, doelen: Sequence[str]) -> Aanvulling:
    facts = dict(_with({}, names))
    return Aanvulling(doelen=tuple(doelen), verklaringen=names, omstandigheden=facts, categorieen=more)


def _single(found: Gevonden, vraag: Vraag, doelen: Iterable[str], gezegd: Feiten, now: frozenset[str]) -> None:
    """With one statement."""
    for doel in doelen:
        if vraag(doel, _with(gezegd, _unsaid(gezegd))) - now:
            _try(found, vraag, doel, gezegd, now, [(name,) for name in _unsaid(gezegd)])


def _pairs(found: Gevonden, vraag: Vraag, doelen: Iterable[str], gezegd: Feiten, now: frozenset[str]) -> None:
    """With two statements, of those without which everything together opens less."""
    names = _unsaid(gezegd)
    for doel in doelen:
        most = vraag(doel, _with(gezegd, names))
        if most - now:
            needed = [one for one in names if vraag(doel, _without(gezegd, names, one)) != most]
            _try(found, vraag, doel, gezegd, now, [pair for pair in combinations(needed, 2) if _apart(pair)])


def _try(
    found: Gevonden, vraag: Vraag, doel: str, gezegd: Feiten, now: frozenset[str], choices: Iterable[Namen]
) -> None:
    for names in choices:
        if more := vraag(doel, _with(gezegd, names)) - now:
            found.setdefault((names, tuple(sorted(more))), []).append(doel)


def _unsaid(gezegd: Feiten) -> list[str]:
    return [name for name, facts in VERKLARINGEN.items() if not facts.keys() & gezegd.keys()]


def _with(gezegd: Feiten, names: Iterable[str]) -> Feiten:
    """The first statement about a fact counts."""
    return {fact: value for name in reversed([*names]) for fact, value in VERKLARINGEN[name].items()} | dict(gezegd)


def _without(gezegd: Feiten, names: Iterable[str], one: str) -> Feiten:
    """All of these but one, and but the others that are about the same facts."""
    return _with(gezegd, [name for name in names if not VERKLARINGEN[name].keys() & VERKLARINGEN[one].keys()])


def _apart(names: Namen) -> bool:
    """Two statements about the same fact are not made at once."""
    facts = [fact for name in names for fact in VERKLARINGEN[name]]
    return len(facts) == len(set(facts))
