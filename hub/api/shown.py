"""What an answer shows, for its access record: categories, grounds, rules, and the persons it names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from contracts.inhoud import Signaalmelding
from contracts.message import BESLOTEN, EIGEN, OPEN, Part, category_of, part_type
from contracts.signaal import SignaalVerrijkt

Item = Mapping[str, Any]

#: By this rule a seat keeps and reads what it brought in itself.
OWN_RULE = "intern-eigen-vastlegging"
#: By these rules a participant reads of a case that it exists and how it stands.
CASE_RULES = {
    "riec": "riec-deelnemer-raadpleegt",
    "zvh": "zvh-deelnemer-raadpleegt",
    "zorg-en-registratie": "zorg-deelnemer-raadpleegt",
}
_CLASSES: Mapping[str, type[Part]] = {"melding": Signaalmelding, "verrijking": SignaalVerrijkt}
_NO_CATEGORY = frozenset({OPEN.categorie, BESLOTEN.categorie})


class Shown(NamedTuple):
    """What of signals leaves. `betrokkenen`: identifiers of persons; `bronnen`: who brought it in."""

    velden: frozenset[str]
    grondslagen: frozenset[str]
    regels: frozenset[str]
    betrokkenen: frozenset[str]
    bronnen: frozenset[str]


def shown_of(items: Sequence[Item], zetel: str) -> Shown:
    """Of signals, as the views give them to a seat: what was disclosed, and what the seat brought in itself."""
    given = [one for item in items for one in item["verstrekkingen"] if not one.get("vervallen")]
    parts = [part for item in items for part in item["bijdragen"]]
    own = [part for part in parts if part["zetel"] == zetel]
    velden = {category for one in given for category in one["categorieen"]}
    for soort, cls in _CLASSES.items():
        velden |= _categories(cls, [part["inhoud"] for part in own if part["soort"] == soort])
    regels = {rule for one in given for rule in one.get("regels", ())}
    return Shown(
        frozenset(velden),
        frozenset(ground for one in given for ground in one["grondslagen"]),
        frozenset(regels | {OWN_RULE} if own else regels),
        frozenset(_persons(items)),
        frozenset(part["zetel"] for part in parts),
    )


def lapsed_of(items: Iterable[Item]) -> list[Item]:
    """Signals of which a seat is shown no more than that what it had of them lapsed."""
    return [
        item for item in items if not item["bijdragen"] and all(one.get("vervallen") for one in item["verstrekkingen"])
    ]


def case_rules(cases: Iterable[Item]) -> set[str]:
    """The rules under which cases are shown to their participants."""
    return {CASE_RULES[case["spoor"]] for case in cases if case["spoor"] in CASE_RULES}


def _persons(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        for part in item["bijdragen"]:
            content = part["inhoud"]
            for person in content.get("inhoud", content).get("betrokkenen", ()):
                yield person["betrokkene_id"]
        for said in item["stukken"]:
            if person_id := said["inhoud"].get("betrokkene_id"):
                yield person_id


def _categories(cls: type[Part], contents: Sequence[Item]) -> set[str]:
    """The data categories of a provider's own content, which nothing is hidden of; all of one class at once."""
    known = _fields(cls)
    found: set[str] = set()
    for name in set[str]().union(*contents):
        category, inner = known.get(name, (None, None))
        if category == EIGEN.categorie:
            found.update(one["categorie"] for one in contents)
        elif category is not None:
            found.add(category)
        elif inner is not None:
            values = [one[name] for one in contents if name in one]
            found |= _categories(inner, [part for value in values for part in _listed(value)])
    return found


def _listed(value: Any) -> list[Item]:
    return value if isinstance(value, list) else [value]


@cache
def _fields(cls: type[Part]) -> dict[str, tuple[str | None, type[Part] | None]]:
    """Per field its category, or the part that it is; open fields say nothing."""
    found = {}
    for name, field in cls.model_fields.items():
        category = category_of(cls, name)
        if category not in _NO_CATEGORY:
            found[name] = (category, part_type(field.annotation) if category is None else None)
    return found
