"""The mask: whatever the content and the permitted categories, nothing else comes through."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import orjson
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict

from contracts.inhoud import Betrokkene, Criterium, Feit, Locatie, Melder, Organisatie, SignaalInhoud, Signaalmelding
from contracts.inhoud import Voertuig as _Voertuig
from contracts.message import OPEN, Gegeven, Part, categories_in
from hub.views.masker import dump, masked, masker, plan_of
from hub.views.sealing import apart, together, without

PERSONS = [UUID(int=number) for number in range(1, 5)]
FACTS = ("gezondheid", "opvangadres", "verblijfsstatus", "politie-8")
CATEGORIES = (
    "signaal-inhoud",
    "signaal-label",
    "identificerend",
    "contact",
    "bedrijf",
    "voertuig",
    "nationaliteit",
    "melder-identiteit",
    "situatieschets",
    *FACTS,
)


def canary(category: str) -> st.SearchStrategy[str]:
    """A text that says in which category it stands."""
    return st.integers(0, 9).map(lambda number: f"kanarie:{category}:{number}")


def maybe(category: str) -> st.SearchStrategy[str | None]:
    """A canary, or unknown."""
    return st.none() | canary(category)


def built(cls: type[Part], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Parts by the Python names of their fields."""
    return st.fixed_dictionaries(fields).map(lambda values: cls(**values))


people = built(
    Betrokkene,
    betrokkene_id=st.sampled_from(PERSONS),
    naam=maybe("identificerend"),
    aliassen=st.lists(canary("identificerend"), max_size=2).map(tuple),
    nationaliteit=maybe("nationaliteit"),
    bsn=st.none(),
    geslacht=st.none(),
    geboortedatum=st.none(),
    bereikbaar=st.lists(canary("contact"), max_size=2).map(tuple),
    rollen=st.just(()),
    leeftijden=st.just(()),
)
facts = st.sampled_from(FACTS).flatmap(
    lambda category: built(
        Feit,
        categorie=st.just(category),
        betrokkene_id=st.none() | st.sampled_from(PERSONS),
        kenmerk=canary(category),
        waarde=canary(category),
    )
)
contents = built(
    SignaalInhoud,
    vormen=st.just(("onbekend",)),
    zekerheid=st.just("onbekend"),
    indicatoren=st.just(()),
    toelichting=maybe("signaal-inhoud"),
    situatieschets=maybe("situatieschets"),
    betrokkenen=st.lists(people, max_size=4, unique_by=lambda one: one.betrokkene_id).map(tuple),
    locaties=st.lists(built(Locatie, adres=maybe("signaal-inhoud"), soort=st.none()), max_size=2).map(tuple),
    voertuigen=st.lists(built(_Voertuig, kenteken=maybe("voertuig")), max_size=2).map(tuple),
    organisaties=st.lists(built(Organisatie, naam=maybe("bedrijf"), kvk_nummer=st.none()), max_size=2).map(tuple),
    feiten=st.lists(facts, max_size=6).map(tuple),
)
reports = built(
    Signaalmelding,
    kenmerk=canary("signaal-inhoud"),
    spoor=st.just("bilateraal"),
    regio=st.just("oost-nederland"),
    meldkanaal=st.none(),
    urgentie=st.none(),
    wpg_artikel=st.none(),
    criteria=st.lists(
        built(Criterium, letter=st.sampled_from("abcde"), voldaan=st.booleans(), toelichting=maybe("signaal-inhoud")),
        max_size=3,
    ).map(tuple),
    melder=st.none() | built(Melder, naam=maybe("melder-identiteit"), functie=maybe("melder-identiteit")),
    inhoud=contents,
)
permissions = st.frozensets(st.sampled_from(CATEGORIES))


def texts(value: Any) -> list[str]:
    """All texts inside plain values."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


@given(reports, permissions, st.none() | st.frozensets(st.sampled_from(PERSONS)))
def test_only_permitted_categories_and_persons_come_through(
    report: Signaalmelding, permitted: frozenset[str], persons: frozenset[UUID] | None
) -> None:
    left = masker(report, permitted, persons)
    found = {text.split(":")[1] for text in texts(left) if text.startswith("kanarie:")}
    assert found <= permitted
    hidden_facts = set(FACTS) - permitted
    assert hidden_facts.isdisjoint(texts(left))
    if "signaal-label" not in permitted:
        assert "onbekend" not in texts(left)
    if persons is not None:
        assert {str(person) for person in PERSONS if person not in persons}.isdisjoint(texts(left))


@given(reports, permissions)
def test_all_permitted_content_comes_through(report: Signaalmelding, permitted: frozenset[str]) -> None:
    texts_left = texts(masker(report, permitted, None))
    expected = [t for t in texts(dump(report)) if t.startswith("kanarie:") and t.split(":")[1] in permitted]
    assert sorted(t for t in texts_left if t.startswith("kanarie:")) == sorted(expected)


@given(reports)
def test_every_category_together_is_the_whole(report: Signaalmelding) -> None:
    every = frozenset(categories_in(report))
    texts_all = [text for text in texts(dump(report)) if text.startswith("kanarie:")]
    assert sorted(t for t in texts(masker(report, every, None)) if t.startswith("kanarie:")) == sorted(texts_all)


@given(reports)
def test_apart_and_together_is_the_same_content(report: Signaalmelding) -> None:
    secret = {"inhoud": {"k": dump(report)}, "stukken": {"1": {"motivering": "x"}}}
    again = together(orjson.loads(orjson.dumps([part.content for part in apart(secret)])))
    assert _filled(again) == _filled(secret)


def _filled(value: Any) -> Any:
    """Without empty lists, which say nothing."""
    if isinstance(value, dict):
        return {name: _filled(inner) for name, inner in value.items() if inner != []}
    return [_filled(item) for item in value] if isinstance(value, list) else value


@given(reports, st.sampled_from(PERSONS))
def test_each_compartment_names_its_persons(report: Signaalmelding, person: UUID) -> None:
    parts = apart({"inhoud": {"k": dump(report)}, "stukken": {}})
    others = [part.content for part in parts if person not in part.subjects]
    left = together(orjson.loads(orjson.dumps(others)))
    assert str(person) not in orjson.dumps(left).decode()
    named = str(person) in orjson.dumps(dump(report)).decode()
    if named:
        assert _filled(left["inhoud"].get("k", {}).get("inhoud", {})) == _filled(
            without(dump(report), str(person)).get("inhoud", {})
        )


def test_an_unknown_field_and_an_unknown_category_are_hidden() -> None:
    plain = {"omschrijving": "kanarie", "verzonnen": "kanarie"}
    assert masked(plain, plan_of(Organisatie, frozenset({"bedrijf"})), frozenset({"bedrijf"}), None) == {}
    fact = {"categorie": "verzonnen", "kenmerk": "kanarie", "waarde": "kanarie"}
    every = frozenset(CATEGORIES)
    assert masked({"feiten": [fact]}, plan_of(SignaalInhoud, every), every, None) == {}


def test_marks_are_no_categories() -> None:
    class Los(Part):
        model_config = ConfigDict(frozen=True)
        nummer: Annotated[int, OPEN]
        woord: Annotated[str, Gegeven("verzonnen")]

    marks = frozenset({"geen", "eigen-categorie"})
    assert masker(Los(nummer=1, woord="kanarie"), marks, None) == {"nummer": 1}
    fact = Feit(categorie="gezondheid", kenmerk="kanarie", waarde="kanarie")
    assert "waarde" not in masker(fact, marks, None)
