"""What a seat holds of a result: the pieces of the recorded categories, and outside the case nothing of the case."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.message import Event
from contracts.resultaat import ResultaatTeruggekoppeld
from hub.views.folds import changes, keys_of
from hub.views.rows import RESULTAAT, Stand
from hub.views.sealing import Unsealed
from tests.views.uitkomst import MAKER, SOORTEN, gegeven, gemaakt, genomen
from tests.views.verhaal import GEMEENTE, OM, POLITIE, ZORG, id_of, recorded, wie

TEXTS = {SOORTEN[0]: "advies-kanarie", SOORTEN[1]: "sturing-kanarie", SOORTEN[2]: "politie-kanarie"}


def held(zetel: str, *events: Event) -> Unsealed:
    """The row of a seat after these events."""
    batch = recorded([gemaakt(), *events])
    made = changes(batch, {key: Stand(*key) for key in keys_of(batch)[0]}).rows
    [row] = [one for one in made if one.table is RESULTAAT and one.values[0] == zetel]
    return row.unsealed


def texts(row: Unsealed) -> set[str]:
    return {piece["tekst"] for part in row.compartments for piece in part.content.values() if "tekst" in piece}


@given(
    st.frozensets(st.sampled_from(SOORTEN)),
    st.frozensets(st.sampled_from(SOORTEN)),
    st.sampled_from(["deelnemer", "derde", "verband"]),
)
def test_a_recipient_holds_exactly_the_permitted_categories_of_each_source(
    own: frozenset[str], police: frozenset[str], soort: str
) -> None:
    row = held(OM, gegeven(OM, soort, {GEMEENTE: tuple(own), POLITIE: tuple(police)}))
    expected = {TEXTS[one] for one in own & set(SOORTEN[:2])} | {TEXTS[one] for one in police & set(SOORTEN[2:])}
    assert texts(row) == expected
    assert len(row.open["onderdelen"]) == len(expected)


@pytest.mark.parametrize("soort", ["derde", "verband"])
def test_outside_the_case_a_row_says_nothing_of_the_case_or_its_seats(soort: str) -> None:
    row = held(OM, gegeven(OM, soort, {GEMEENTE: SOORTEN[:2], POLITIE: SOORTEN[2:]}))
    said = str(row.open) + str([part.content for part in row.compartments])
    for secret in (id_of("c1"), id_of("s1"), id_of("a"), POLITIE, "herkomst"):
        assert str(secret) not in said


def test_what_is_about_a_person_lies_under_her_key() -> None:
    row = held(MAKER)
    assert {part.subjects for part in row.compartments if "politie-kanarie" in str(part.content)} == {(id_of("a"),)}


def test_what_lapsed_leaves_no_piece_and_says_that_it_lapsed() -> None:
    row = held(OM, gegeven(OM, "derde", {GEMEENTE: SOORTEN[:2]}), genomen(OM, "derde"))
    assert not texts(row)
    assert row.open["status"] == "vervallen"
    assert row.open["verstrekkingen"][0]["vervallen"]["reden"] == "grondslag-vervallen"
    assert "casus_id" not in row.open


def test_a_report_reaches_maker_and_reporter_alone() -> None:
    shared: list[Any] = [gegeven(one, "deelnemer", {GEMEENTE: SOORTEN[:1]}) for one in (OM, ZORG)]
    report = ResultaatTeruggekoppeld(resultaat_id=id_of("r"), status="opgepakt", bericht="bericht-kanarie", **wie(OM))
    seen = {one: "bericht-kanarie" in str(held(one, *shared, report).compartments) for one in (MAKER, OM, ZORG)}
    assert seen == {MAKER: True, OM: True, ZORG: False}
