"""The annual report counts what is on the ledger, leaves small figures out, and asks the policy before it goes out."""

from datetime import UTC, date, datetime

import pytest

from contracts.beleid import BeleidGoedgekeurd
from contracts.register import EVENTS
from hub.access.permit import Permit, Weigering
from hub.domain.statistiek import Tabel
from hub.handling.jaarverslag import GETELD, Jaarcijfers, Jaarverslag, may_publish
from tests.contracts.examples import example
from tests.handling.executing import AF, AVIM, NU, World, id_of, signaal

OP = date(2027, 1, 15)
SIGNALEN = "Signalen per spoor"


def report(world: World, kept: Jaarcijfers | None = None, jaar: int = 2026) -> Jaarverslag:
    return (kept or Jaarcijfers(world.store)).verslag(jaar, AVIM, world.questions, OP)


def busy(signals: int) -> World:
    world = World()
    for number in range(signals):
        world.ask(AF, signaal(f"s{number}"))
    return world


def test_it_counts_what_happened_in_the_year() -> None:
    world = busy(12)
    world.ask(AF, signaal("laat"), nu=datetime(2027, 1, 3, tzinfo=UTC))
    assert report(world).tabellen[SIGNALEN] == Tabel({"intern": 12}, 12)
    assert report(world, jaar=2025).tabellen == {}


def test_small_figures_are_left_out() -> None:
    made = report(busy(4))
    assert made.tabellen[SIGNALEN] == Tabel({"intern": None}, None)
    assert isinstance(made.besluit, Permit)


def test_it_reads_on_where_it_was() -> None:
    world = busy(10)
    kept = Jaarcijfers(world.store)
    report(world, kept)
    world.ask(AF, signaal("nog-een"))
    assert report(world, kept).tabellen[SIGNALEN] == report(world).tabellen[SIGNALEN] == Tabel({"intern": 11}, 11)


def test_the_policy_refuses_figures_that_are_too_small() -> None:
    shown = {SIGNALEN: Tabel({"intern": 4}, 4)}
    assert isinstance(may_publish(World().questions, AVIM, 2026, shown, OP), Weigering)


def test_a_deviation_from_the_advice_is_named_with_its_reasons() -> None:
    world = World()
    approved = example(BeleidGoedgekeurd).model_copy(update={"tijdstip": NU})

    def add(step) -> None:  # type: ignore[no-untyped-def]
        step.work.load((id_of("beleid"),))
        step.work.add(id_of("beleid"), [approved], "hub")

    world.ledger.perform(add, "coordinerend-fg@landelijk", NU)
    (one,) = report(world).afwijkingen
    assert (one.motivering, one.gemeld_aan) == ("voorbeeld", approved.gemeld_aan)


def test_an_empty_year_may_be_published() -> None:
    assert isinstance(report(World()).besluit, Permit)


@pytest.mark.parametrize("name", sorted(GETELD))
def test_every_counted_kind_has_the_field_it_is_counted_by(name: str) -> None:
    event = example(EVENTS[f"nl.overheid.mensenhandel.{name}.v1"])
    _, cells = GETELD[name]
    assert all(isinstance(number, int) for _, number in cells(event.model_dump(mode="json", by_alias=True)))
