"""What a care seat holds of a bridge: four fields per message, for itself alone."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.brug import BrugberichtBevestigd
from contracts.message import Event
from hub.domain import brug
from hub.views.brug import BRUGVELDEN
from hub.views.folds import changes, keys_of
from hub.views.rows import BRUGBERICHT, Row, Stand
from tests.views.verhaal import POLITIE, ZETELS, ZORG, gestuurd, id_of, recorded, wie

FOUR = {"casus_pseudoniem", "venster", "veiligheidsmaatregel_nodig", "contactpersoon"}


def rows(*events: Event) -> list[Row]:
    """The rows of bridges after these events."""
    batch = recorded(events)
    made = changes(batch, {key: Stand(*key) for key in keys_of(batch)[0]}).rows
    return [one for one in made if one.table is BRUGBERICHT]


def strings(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {text for inner in value.values() for text in strings(inner)}
    return {str(value)}


messages = st.lists(
    st.builds(
        gestuurd, st.sampled_from(ZETELS), st.integers(1, 4), st.sampled_from(["c1", "c2"]), st.sampled_from(ZETELS)
    ),
    min_size=1,
    max_size=8,
)


@given(messages)
def test_whatever_is_sent_a_row_holds_four_fields_and_nothing_of_case_sender_or_action(sent: list[Any]) -> None:
    for made in rows(*sent):
        zetel, content = made.values[0], made.unsealed.compartments[0].content
        assert set(content) == FOUR
        assert set(made.unsealed.open) == {"gestuurd_op", "bevestigd_op"}
        hidden = {str(id_of(name)) for name in ("c1", "c2", "interventie-kanarie")} | set(ZETELS)
        assert not hidden & (strings(content) | strings(made.unsealed.open))
        assert content["casus_pseudoniem"] == str(id_of(("pseudoniem", zetel)))
    assert {made.values[0] for made in rows(*sent)} == {one.naar for one in sent}


def test_the_fields_are_those_the_domain_lets_over() -> None:
    assert BRUGVELDEN == brug.BRUGVELDEN


def test_a_confirmation_shows_on_its_message_only() -> None:
    confirmed = BrugberichtBevestigd(brug_id=id_of(("brug", ZORG)), volgnummer=1, **wie(ZORG, 9))
    first, second = rows(gestuurd(ZORG, 1), gestuurd(ZORG, 2), confirmed)
    assert first.unsealed.open["bevestigd_op"] is not None
    assert second.unsealed.open["bevestigd_op"] is None


def test_a_confirmation_of_a_bridge_that_never_was_makes_no_row() -> None:
    assert rows(BrugberichtBevestigd(brug_id=id_of("b"), volgnummer=1, **wie(POLITIE))) == []
