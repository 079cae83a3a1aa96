"""Overlap and orphans: only the same number in what a seat holds, whatever else it holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.views.samenloop import overlap, zonder_casus, zonder_verband

AVIM, COLLEGE = "politie.avim@oost-nederland", "gemeente.college-handhaving@ede"
DOEL = "riec-handhaving-mensenhandel"


def given_in(casus: str | None, **more: Any) -> dict[str, Any]:
    return {"casus_id": casus, "doel": DOEL, "vervallen": None} | more


def signal(id: str, *verstrekkingen: dict[str, Any], door: str = AVIM, **inhoud: Any) -> dict[str, Any]:
    part = {"zetel": door, "inhoud": {"inhoud": inhoud}}
    return {
        "signaal_id": id,
        "zetel": door,
        "status": "verstrekt",
        "verstrekkingen": list(verstrekkingen),
        "bijdragen": [part],
    }


def case(id: str, *eigen: str) -> dict[str, Any]:
    return {"casus_id": id, "eigen_signalen": list(eigen)}


def person(id: str, *bereikbaar: str) -> dict[str, Any]:
    return {"betrokkene_id": id, "bereikbaar": list(bereikbaar)}


def test_a_signal_in_two_cases_is_overlap_and_in_one_it_is_not() -> None:
    twice = signal("s1", given_in("a"), given_in("b"))
    (found,) = overlap([case("a"), case("b")], [twice, signal("s2", given_in("a"))])
    assert (found.soort, found.casussen, found.signalen, found.bronnen) == ("signaal", ("a", "b"), ("s1",), (AVIM,))


def test_what_the_seat_itself_brought_into_a_case_counts_as_in_it() -> None:
    (found,) = overlap([case("a", "s1"), case("b")], [signal("s1", given_in("b"), door=COLLEGE)])
    assert found.casussen == ("a", "b")


def test_a_case_with_another_purpose_is_not_laid_beside_it() -> None:
    assert overlap([case("a")], [signal("s1", given_in("a"), given_in("b"))]) == []


def test_a_person_is_the_same_by_the_number_of_one_source_alone() -> None:
    signals = [signal("s1", given_in("a"), betrokkenen=[person("p")]), signal("s2", betrokkenen=[person("p")])]
    strange = signal("s3", door=COLLEGE, betrokkenen=[person("p")])
    (found,) = overlap([case("a")], [*signals, strange])
    assert (found.soort, found.waarde, found.betrokkene_id) == ("persoon", "", "p")
    assert (found.signalen, found.casussen) == (("s1", "s2"), ("a",))


@pytest.mark.parametrize(
    ("een", "ander", "soort"),
    [
        ({"voertuigen": [{"kenteken": "AB-123-C"}]}, {"voertuigen": [{"kenteken": "ab123c"}]}, "voertuig"),
        ({"organisaties": [{"kvk_nummer": "00001234"}]}, {"organisaties": [{"kvk_nummer": "00001234"}]}, "organisatie"),
        (
            {"locaties": [{"adres": "Kade 1", "plaats": "Ede"}]},
            {"locaties": [{"adres": "kade  1", "plaats": "EDE"}]},
            "locatie",
        ),
        ({"betrokkenen": [person("p", "06-00001234")]}, {"betrokkenen": [person("q", "0600001234")]}, "contact"),
    ],
)
def test_a_number_of_a_thing_is_the_same_however_it_is_written(
    een: dict[str, Any], ander: dict[str, Any], soort: str
) -> None:
    (found,) = overlap([], [signal("s1", **een), signal("s2", door=COLLEGE, **ander)])
    assert (found.soort, found.signalen, found.bronnen) == (soort, ("s1", "s2"), (COLLEGE, AVIM))


@pytest.mark.parametrize(
    "inhoud",
    [
        {"organisaties": [{"naam": "Fictief BV"}]},
        {"voertuigen": [{"omschrijving": "witte bus"}]},
        {"voertuigen": [{"kenteken": "AB"}]},
        {"locaties": [{"plaats": "Ede"}]},
        {"betrokkenen": [{"betrokkene_id": "p", "naam": "Testa"}]},
    ],
)
def test_names_descriptions_and_half_numbers_are_never_the_same(inhoud: dict[str, Any]) -> None:
    assert overlap([], [signal("s1", **inhoud), signal("s2", door=COLLEGE, **inhoud)]) == []


@given(st.lists(st.tuples(st.sampled_from("pqr"), st.sampled_from([AVIM, COLLEGE])), max_size=8))
def test_overlap_names_only_what_was_laid_beside_each_other(drawn: list[tuple[str, str]]) -> None:
    signals = [signal(f"s{at}", door=who, betrokkenen=[person(id)]) for at, (id, who) in enumerate(drawn)]
    for found in overlap([], signals):
        assert len(found.signalen) > 1
        assert set(found.signalen) <= {one["signaal_id"] for one in signals}
        assert len({who for at, (_, who) in enumerate(drawn) if f"s{at}" in found.signalen}) == 1


def own(id: str, **more: Any) -> dict[str, Any]:
    return signal(id, door=COLLEGE) | {"status": "geregistreerd"} | more


@pytest.mark.parametrize("status", ["ingetrokken", "weerlegd", "vernietigd"])
def test_what_is_over_is_no_orphan(status: str) -> None:
    assert zonder_verband(COLLEGE, [], [own("s1", status=status)], {}) == []


@pytest.mark.parametrize(
    ("sporen", "los"), [(set(), True), ({"bilateraal"}, True), ({"riec"}, False), ({"zvh"}, False)]
)
def test_an_own_signal_is_an_orphan_until_a_partnership_holds_it(sporen: set[str], los: bool) -> None:
    found = zonder_verband(COLLEGE, [], [own("s1"), signal("s2")], {"s1": sporen})
    assert [one["signaal_id"] for one in found] == (["s1"] if los else [])


def test_an_own_signal_in_a_case_of_ones_own_is_no_orphan() -> None:
    assert zonder_verband(COLLEGE, [case("a", "s1")], [own("s1")], {}) == []


def test_what_was_received_for_this_purpose_and_lies_in_no_case_is_loose() -> None:
    loose = signal("s1", given_in(None))
    others = [
        signal("s2", given_in(None), given_in("a")),
        signal("s3", given_in(None, doel="zvh-casus")),
        signal("s4", given_in(None, vervallen={"op": "nu"})),
        signal("s5", given_in(None, gebonden_aan="nood")),
        signal("s6", given_in("weg")),
    ]
    assert zonder_casus([case("a")], [loose, *others], DOEL) == [loose]
