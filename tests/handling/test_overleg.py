"""A layered session: who is no party sees the sketches of part one while it is inside, and nothing afterwards."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contracts.message import Command
from contracts.overleg import (
    DeelnameGeweigerd,
    LaatDeelnemerBinnen,
    LaatDeelnemerVertrekken,
    OpenOverleg,
    SluitOverleg,
    ZetOpAgenda,
)
from contracts.signaal import RegistreerSignaal
from contracts.verstrekking import VerstrekkingVervallen
from hub.domain.oordeel import Onbekend
from hub.handling.execute import Outcome
from tests.handling.executing import AVIM, World, id_of, signaal

#: The covenant with layers is of before the statute.
NU = datetime(2013, 6, 12, 10, 0, tzinfo=UTC)
ZC, CHAIR = "zc.opvang@fryslan", "ketenregisseur@fryslan"


def sketch(name: str, **more: str) -> RegistreerSignaal:
    """A signal with a sketch beside its content."""
    plain = signaal(name, regio="fryslan", **more)
    inhoud = plain.melding.inhoud.model_copy(update={"situatieschets": "een jonge vrouw wordt laat opgehaald"})
    return plain.model_copy(update={"melding": plain.melding.model_copy(update={"inhoud": inhoud})})


@pytest.fixture
def world() -> World:
    """A session with one signal on its agenda, and an empty room."""
    world = World()
    ask(world, CHAIR, sketch("s"))
    ask(world, CHAIR, OpenOverleg(overleg_id=id_of("o"), tafel="gelaagd-casusoverleg", regio="fryslan"))
    ask(world, CHAIR, ZetOpAgenda(overleg_id=id_of("o"), signaal_id=id_of("s")))
    return world


def ask(world: World, zetel: str, command: Command) -> Outcome:
    return world.ask(zetel, command, nu=NU)


def enters(laag: int, zetel: str = ZC) -> LaatDeelnemerBinnen:
    return LaatDeelnemerBinnen(overleg_id=id_of("o"), deelnemer=zetel, laag=laag)


def sees(world: World, zetel: str = ZC) -> set[str]:
    given = world.work().verstrekkingen(id_of("s")).gebonden(id_of("o"))
    return {category for one in given if one.ontvanger == zetel for category in one.categorieen}


def test_in_part_one_it_sees_the_sketch_and_nothing_else(world: World) -> None:
    ask(world, CHAIR, enters(1))
    assert sees(world) == {"situatieschets"}


def test_once_gone_it_sees_nothing(world: World) -> None:
    ask(world, CHAIR, enters(1))
    gone = ask(world, CHAIR, LaatDeelnemerVertrekken(overleg_id=id_of("o"), deelnemer=ZC))
    assert sees(world) == set()
    assert any(isinstance(event, VerstrekkingVervallen) for event in gone.events)
    ask(world, CHAIR, enters(1))
    assert sees(world) == {"situatieschets"}


def test_when_the_session_closes_it_sees_nothing(world: World) -> None:
    ask(world, CHAIR, enters(1))
    ask(world, CHAIR, SluitOverleg(overleg_id=id_of("o")))
    assert sees(world) == set()


def test_it_may_not_sit_in_part_two(world: World) -> None:
    outcome = ask(world, CHAIR, enters(2))
    [event] = outcome.events
    assert isinstance(event, DeelnameGeweigerd)
    assert (event.deelnemer, event.laag) == (ZC, 2)
    assert sees(world) == set()


def test_what_is_put_on_the_agenda_later_shows_to_who_is_inside(world: World) -> None:
    ask(world, CHAIR, enters(1))
    ask(world, CHAIR, sketch("later"))
    ask(world, CHAIR, ZetOpAgenda(overleg_id=id_of("o"), signaal_id=id_of("later")))
    given = world.work().verstrekkingen(id_of("later")).gebonden(id_of("o"))
    assert [one.ontvanger for one in given] == [ZC]


def test_the_sketch_of_the_police_is_police_data_and_waits_for_part_two(world: World) -> None:
    ask(world, AVIM, sketch("van-avim", wpg_artikel="8"))
    ask(world, CHAIR, enters(0, AVIM))
    ask(world, AVIM, ZetOpAgenda(overleg_id=id_of("o"), signaal_id=id_of("van-avim")))
    ask(world, CHAIR, enters(1))
    assert world.work().verstrekkingen(id_of("van-avim")).gebonden(id_of("o")) == []


def test_without_layers_the_session_itself_shows_nothing(world: World) -> None:
    ask(world, CHAIR, enters(0))
    assert sees(world) == set()


@pytest.mark.parametrize("id", [UUID(int=1), id_of("s2")])
def test_nobody_puts_on_the_agenda_what_it_does_not_hold(world: World, id: UUID) -> None:
    ask(world, ZC, signaal("s2", regio="fryslan"))
    with pytest.raises(Onbekend):
        ask(world, CHAIR, ZetOpAgenda(overleg_id=id_of("o"), signaal_id=id))


def test_under_the_statute_entry_is_on_record_and_the_session_itself_shows_nothing(world: World) -> None:
    later = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)
    for laag in (1, 2):
        outcome = world.ask(CHAIR, enters(laag), nu=later)
        assert not any(isinstance(event, DeelnameGeweigerd) for event in outcome.events)
        assert sees(world) == set()
