"""What occurs more than once in the permitted view of one seat, and what no case of it holds; pure.

Only what is literally the same number counts: nothing is guessed, nobody is scored, and nothing is linked by it.
Whether two are one is for a person to judge. Source: WGS art. 1.9, 2.18 lid 2; document 004 L13320-13342.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Item = Mapping[str, Any]

#: Tracks in which something is together with others.
VERBANDEN = frozenset({"riec", "zvh", "zorg-en-registratie"})
#: Of a signal in this state nothing is to be picked up any more.
VOORBIJ = frozenset({"ingetrokken", "weerlegd", "vernietigd", "vervallen"})
#: Fewer digits or letters than this are no number of anybody.
MIN_TEKENS = 6


class Kenmerk(NamedTuple):
    """What tells two apart. `waarde`: as shown, empty for a person; `sleutel`: what is compared."""

    soort: str
    sleutel: str
    waarde: str


class Samenloop(NamedTuple):
    """Something that occurs in more than one case or signal of a seat. `bronnen`: who named it."""

    soort: str
    waarde: str
    betrokkene_id: str | None
    casussen: tuple[str, ...]
    signalen: tuple[str, ...]
    bronnen: tuple[str, ...]


def overlap(cases: Iterable[Item], signals: Sequence[Item]) -> list[Samenloop]:
    """All that occurs in several signals, and each signal that lies in several cases; the most spread first."""
    held = cases_of(cases, signals)
    places: dict[Kenmerk, dict[str, set[str]]] = {}
    for item in signals:
        for found, bron in _kenmerken(item):
            places.setdefault(found, {}).setdefault(item["signaal_id"], set()).add(bron)
    shared = [_samenloop(found, spread, held) for found, spread in places.items() if len(spread) > 1]
    for item in signals:
        if len(held[item["signaal_id"]]) > 1:
            bronnen = {part["zetel"] for part in item["bijdragen"]}
            shared.append(_samenloop(Kenmerk("signaal", "", ""), {item["signaal_id"]: bronnen}, held))
    return sorted(shared, key=lambda one: (-len(one.casussen), -len(one.signalen), one.soort, one.signalen))


def cases_of(cases: Iterable[Item], signals: Iterable[Item]) -> dict[str, set[str]]:
    """Of each signal the cases of this seat that hold it."""
    own = {case["casus_id"]: case.get("eigen_signalen", ()) for case in cases}
    held = {item["signaal_id"]: {given["casus_id"] for given in _living(item)} & own.keys() for item in signals}
    for casus_id, brought in own.items():
        for signaal_id in brought:
            if signaal_id in held:
                held[signaal_id].add(casus_id)
    return held


def zonder_verband(
    zetel: str, cases: Iterable[Item], signals: Sequence[Item], sporen: Mapping[str, set[str]]
) -> list[Item]:
    """The seat's own signals that no partnership has. `sporen`: of each, the tracks in which it is held by others."""
    held = cases_of(cases, signals)
    return [
        item
        for item in signals
        if item["zetel"] == zetel
        and item["status"] not in VOORBIJ
        and not held[item["signaal_id"]]
        and not sporen.get(item["signaal_id"], set()) & VERBANDEN
    ]


def zonder_casus(cases: Iterable[Item], signals: Sequence[Item], doel: str) -> list[Item]:
    """The signals that a seat was given for this purpose, outside a case, and that none of its cases holds."""
    held = cases_of(cases, signals)
    return [
        item
        for item in signals
        if item["status"] not in VOORBIJ
        and not held[item["signaal_id"]]
        and any(given["casus_id"] is None and given["doel"] == doel for given in _living(item))
    ]


def _living(item: Item) -> Iterator[Item]:
    """The disclosures that count; what lives with an emergency or a session is not held."""
    for given in item["verstrekkingen"]:
        if not given.get("vervallen") and not given.get("gebonden_aan"):
            yield given


def _samenloop(found: Kenmerk, spread: Mapping[str, set[str]], held: Mapping[str, set[str]]) -> Samenloop:
    return Samenloop(
        found.soort,
        found.waarde,
        found.sleutel.partition("|")[2] if found.soort == "persoon" else None,
        tuple(sorted({casus for signaal_id in spread for casus in held[signaal_id]})),
        tuple(sorted(spread)),
        tuple(sorted({bron for bronnen in spread.values() for bron in bronnen})),
    )


def _kenmerken(item: Item) -> Iterator[tuple[Kenmerk, str]]:
    """All that a signal names and that has a number of its own, with who named it."""
    for part in item["bijdragen"]:
        said = part["inhoud"].get("inhoud", part["inhoud"])
        for found in (*_persons(said, part["zetel"]), *_things(said)):
            if found is not None:
                yield found, part["zetel"]


def _persons(said: Item, bron: str) -> Iterator[Kenmerk | None]:
    """A number of a person is one source's own: of another source it is another person."""
    for person in said.get("betrokkenen", ()):
        yield Kenmerk("persoon", f"{bron}|{person['betrokkene_id']}", "")
        for number in person.get("bereikbaar", ()):
            yield _numbered("contact", number)


def _things(said: Item) -> Iterator[Kenmerk | None]:
    for organisation in said.get("organisaties", ()):
        yield _numbered("organisatie", organisation.get("kvk_nummer") or organisation.get("oin"))
    for vehicle in said.get("voertuigen", ()):
        yield _numbered("voertuig", vehicle.get("kenteken"))
    for place in said.get("locaties", ()):
        if place.get("adres") and place.get("plaats"):
            yield _told("locatie", " ".join(f"{place['adres']}, {place['plaats']}".casefold().split()))


def _numbered(soort: str, text: str | None) -> Kenmerk | None:
    """The same but for capitals and whatever is no letter or digit is the same number; nothing else is."""
    return _told(soort, "".join(char for char in (text or "").upper() if char.isalnum()))


def _told(soort: str, key: str) -> Kenmerk | None:
    return Kenmerk(soort, key, key) if len(key) >= MIN_TEKENS else None
