"""What a seat sees in a case, put together: persons, organisations, places, phones, vehicles, and what joins them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Data = Mapping[str, Any]
Noem = Callable[[str], str]


@dataclass(slots=True)
class Persoon:
    """A person as one source knows her; `label` is a number on this page, never her name."""

    id: str
    label: str
    bron: str
    gegevens: dict[str, Any] = field(default_factory=dict)
    rollen: list[dict[str, Any]] = field(default_factory=list)
    signalen: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Ding:
    """Something that is not a person. `soort`: organisatie, locatie, telefoon or voertuig; `bronnen`: who named it."""

    id: str
    soort: str
    label: str
    tekst: str
    bronnen: list[str] = field(default_factory=list)
    signalen: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Verband:
    """A line between two: `van` and `naar` are their ids."""

    van: str
    naar: str
    soort: str


@dataclass(slots=True)
class Dossier:
    """All of a case that this seat may see, by kind, in the order in which it came in.

    `noem`: the words of labels in the language of the reader.
    """

    noem: Noem = str
    signalen: dict[str, str] = field(default_factory=dict)
    personen: dict[str, Persoon] = field(default_factory=dict)
    dingen: dict[str, Ding] = field(default_factory=dict)
    verbanden: dict[tuple[str, str], Verband] = field(default_factory=dict)

    def van_soort(self, soort: str) -> list[Ding]:
        return [one for one in self.dingen.values() if one.soort == soort]

    def labels(self) -> dict[str, str]:
        """The label of everything that a line can lead to."""
        named = {one.id: one.label for one in self.personen.values()}
        return named | {one.id: one.label for one in self.dingen.values()} | self.signalen

    def teksten(self) -> dict[str, str]:
        """What stands behind a label, where that is not a person."""
        return {one.id: one.tekst for one in self.dingen.values()}


#: Each kind: where it stands in a contribution, what tells two apart, and the word before its number.
_DINGEN = (
    ("organisatie", "organisaties", ("naam", "kvkNummer", "oin", "soort"), "Organisatie"),
    ("locatie", "locaties", ("adres", "plaats", "soort"), "Locatie"),
    ("voertuig", "voertuigen", ("kenteken", "omschrijving"), "Voertuig"),
)
_PERSOON = ("naam", "aliassen", "geboortedatum", "geslacht", "nationaliteit", "leeftijden")


def dossier(casus: Data, noem: Noem = str) -> Dossier:
    """Put together what the contributions of a case say. `casus`: as the API answers it."""
    whole = Dossier(noem)
    numbers: dict[str, str] = {}
    for signaal in casus["bijdragen"]:
        key = signaal["signaalId"]
        whole.signalen[key] = f"{noem('Signaal')} {len(whole.signalen) + 1}"
        for deel in signaal["bijdragen"]:
            said = deel["inhoud"].get("inhoud", deel["inhoud"])
            for one in said.get("betrokkenen", ()):
                _person(whole, key, deel["zetel"], one, numbers)
            for soort, name, fields, word in _DINGEN:
                for one in said.get(name, ()):
                    _add_thing(whole, key, deel["zetel"], soort, word, _text(one, fields))
        for stuk in signaal.get("stukken", ()):
            _later_role(whole, stuk)
    return whole


def _text(one: Data, fields: Iterable[str]) -> str:
    return ", ".join(str(one[name]) for name in fields if one.get(name))


def _person(whole: Dossier, signaal: str, bron: str, said: Data, numbers: dict[str, str]) -> None:
    id = said["betrokkeneId"]
    if id not in whole.personen:
        whole.personen[id] = Persoon(id, f"{whole.noem('Persoon')} {len(whole.personen) + 1}", bron)
    person = whole.personen[id]
    person.gegevens |= {name: said[name] for name in _PERSOON if said.get(name)}
    person.rollen += [one for one in said.get("rollen", ()) if one not in person.rollen]
    if signaal not in person.signalen:
        person.signalen.append(signaal)
    _join(whole, id, signaal, "genoemd in")
    if (bsn := said.get("bsn")) and (other := numbers.setdefault(bsn, id)) != id:
        _join(whole, other, id, "zelfde burgerservicenummer")
    for number in said.get("bereikbaar", ()):
        phone = _add_thing(whole, signaal, bron, "telefoon", "Telefoon", number, join=False)
        if phone:
            _join(whole, id, phone, "bereikbaar op")


def _later_role(whole: Dossier, stuk: Data) -> None:
    """A role that was given afterwards stands beside the ones before it."""
    said = stuk["inhoud"]
    role, person = said.get("rol"), whole.personen.get(str(said.get("betrokkeneId", stuk.get("betrokkeneId"))))
    if person is not None and isinstance(role, Mapping) and role and role not in person.rollen:
        person.rollen.append(dict(role))


def _add_thing(
    whole: Dossier, signaal: str, bron: str, soort: str, word: str, text: str, *, join: bool = True
) -> str | None:
    """The id of the thing with this text; the same words are the same thing. None where all of it is hidden."""
    if not text:
        return None
    id = f"{soort}:{' '.join(text.casefold().split())}"
    if id not in whole.dingen:
        whole.dingen[id] = Ding(id, soort, f"{whole.noem(word)} {len(whole.van_soort(soort)) + 1}", text)
    thing = whole.dingen[id]
    for kept, value in ((thing.bronnen, bron), (thing.signalen, signaal)):
        if value not in kept:
            kept.append(value)
    if join:
        _join(whole, id, signaal, "genoemd in")
    return id


def _join(whole: Dossier, van: str, naar: str, soort: str) -> None:
    whole.verbanden.setdefault((van, naar), Verband(van, naar, soort))
