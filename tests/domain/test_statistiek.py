"""No small figure is shown, and none can be worked out from what is."""

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.statistiek import DREMPEL, Tabel, onderdruk

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), max_size=8)


@given(COUNTS)
def test_nothing_small_is_shown(counts: dict[str, int]) -> None:
    made = onderdruk(counts)
    shown = [figure for figure in (*made.cellen.values(), made.totaal) if figure]
    assert all(figure >= DREMPEL for figure in shown)
    assert made.kleinste >= DREMPEL


@given(COUNTS)
def test_what_is_shown_is_true(counts: dict[str, int]) -> None:
    made = onderdruk(counts)
    assert made.cellen.keys() == counts.keys()
    assert all(figure in (None, counts[name]) for name, figure in made.cellen.items())
    assert made.totaal in (None, sum(counts.values()))


@given(COUNTS)
def test_a_figure_left_out_cannot_be_worked_out(counts: dict[str, int]) -> None:
    made = onderdruk(counts)
    hidden = [name for name, figure in made.cellen.items() if figure is None]
    if made.totaal is None or not hidden:
        return
    left = made.totaal - sum(figure or 0 for figure in made.cellen.values())
    assert len(hidden) >= 2
    assert left >= DREMPEL
    # Whoever knows only that each of them holds somebody still has more than one figure to choose from.
    assert left - (len(hidden) - 1) > 1


@given(COUNTS)
def test_no_more_is_left_out_than_needed(counts: dict[str, int]) -> None:
    small = [name for name, figure in counts.items() if 0 < figure < DREMPEL]
    hidden = [name for name, figure in onderdruk(counts).cellen.items() if figure is None]
    assert (hidden == []) == (small == [])
    if len(small) >= 2 and sum(counts[name] for name in small) >= DREMPEL:
        assert sorted(hidden) == sorted(small)


def test_one_small_cell_takes_the_smallest_other_with_it() -> None:
    assert onderdruk({"a": 3, "b": 12, "c": 30}) == Tabel({"a": None, "b": None, "c": 30}, 45)


def test_alone_it_takes_the_total_with_it() -> None:
    assert onderdruk({"a": 3, "b": 0}) == Tabel({"a": None, "b": 0}, None)
