"""A breach: anybody reports it, 72 hours run, the contact point is told, a late report says why."""

from datetime import datetime, timedelta

import pytest

from contracts.datalek import LegMededelingVast, LegToezichtmeldingVast, MeldDatalek, ZieAfVanMelding
from contracts.message import Command, Event
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.datalekken import Datalekken
from tests.handling.executing import AF, AVIM, NU, World, id_of

HOUR = timedelta(hours=1)
CONTACT = "contactpunt@oost-nederland"


def breach(risico: str = "risico", bekend_op: datetime = NU) -> MeldDatalek:
    return MeldDatalek(
        datalek_id=id_of("lek"), bij=AF, bekend_op=bekend_op, risico=risico, omschrijving="mail naar verkeerde zetel"
    )


def told(motivering: str | None = None) -> LegToezichtmeldingVast:
    return LegToezichtmeldingVast(datalek_id=id_of("lek"), kenmerk="AP-2026-1", motivering=motivering)


@pytest.fixture
def world() -> World:
    made = World()
    made.ask(AVIM, breach())
    return made


def ask(world: World, zetel: str, command: Command, after: timedelta = HOUR) -> Event:
    (event,) = world.ask(zetel, command, nu=NU + after).events
    return event


def overdue(world: World, after: timedelta) -> int:
    return len(Datalekken(world.store, world.ledger.reading).verlopen(NU + after))


def test_the_contact_points_are_told_and_the_clock_runs_from_when_it_was_known(world: World) -> None:
    (one,) = Datalekken(world.store, world.ledger.reading).alle()
    assert CONTACT in one.vastgesteld.contactpunten
    assert one.vastgesteld.uiterlijk == NU + 72 * HOUR
    assert one.ziet(AVIM)
    assert one.ziet(AF)
    assert not one.ziet("zc.opvang@ede")


@pytest.mark.parametrize("zetel", [CONTACT, AF])
def test_who_may_report_in_time(world: World, zetel: str) -> None:
    event = ask(world, zetel, told(), 72 * HOUR)
    assert getattr(event, "te_laat") is False  # noqa: B009 - the kind of event is what is tested
    assert overdue(world, 100 * HOUR) == 0


def test_a_late_report_says_why(world: World) -> None:
    late = 72 * HOUR + timedelta(seconds=1)
    assert overdue(world, late) == 1
    assert type(ask(world, CONTACT, told(), late)).__name__ == "DatalekhandelingGeweigerd"
    assert overdue(world, late) == 1
    event = ask(world, CONTACT, told("het lek bleek pas groter bij onderzoek"), late)
    assert getattr(event, "te_laat") is True  # noqa: B009 - as above
    assert overdue(world, late) == 0


def test_who_only_reported_it_does_not_speak_to_the_supervisor(world: World) -> None:
    assert type(ask(world, AVIM, told())).__name__ == "DatalekhandelingGeweigerd"


def test_for_who_it_does_not_concern_there_is_no_such_breach(world: World) -> None:
    for command in (told(), LegMededelingVast(datalek_id=id_of("lek"), wijze="brief")):
        with pytest.raises(Onbekend):
            world.ask("zc.opvang@ede", command, nu=NU + HOUR)
    with pytest.raises(Onbekend):
        world.ask(CONTACT, LegToezichtmeldingVast(datalek_id=id_of("geen"), kenmerk="x"), nu=NU + HOUR)


def test_no_report_only_where_harm_is_unlikely() -> None:
    command = ZieAfVanMelding(datalek_id=id_of("lek"), motivering="versleuteld en direct gewist")
    for risico in ("risico", "hoog-risico"):
        world = World()
        world.ask(AVIM, breach(risico))
        with pytest.raises(Strijdig):
            world.ask(CONTACT, command, nu=NU + HOUR)
    world = World()
    world.ask(AVIM, breach("onwaarschijnlijk"))
    ask(world, CONTACT, command)
    assert overdue(world, 100 * HOUR) == 0


def test_a_high_risk_asks_to_tell_the_persons() -> None:
    world = World()
    world.ask(AVIM, breach("hoog-risico"))
    (one,) = Datalekken(world.store, world.ledger.reading).alle()
    assert one.mededeling_nodig
    ask(world, CONTACT, LegMededelingVast(datalek_id=id_of("lek"), wijze="brief aan ieder"))
    (one,) = Datalekken(world.store, world.ledger.reading).alle()
    assert not one.mededeling_nodig


def test_a_breach_is_never_refused_but_reported_once_and_not_from_the_future(world: World) -> None:
    with pytest.raises(Strijdig):
        world.ask(AF, breach())
    with pytest.raises(Strijdig):
        World().ask(AF, breach(bekend_op=NU + HOUR))
    assert World().ask("zc.opvang@ede", breach(bekend_op=NU - 100 * HOUR)).events


def test_what_happened_is_sealed(world: World) -> None:
    assert all(b"verkeerde zetel" not in one.state for one in world.store.read(0, 100))
