"""Emergency access: for acute danger, on record either way, over by itself, confirmed and reviewed."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from contracts.casus import StelEmbargo
from contracts.noodtoegang import (
    BevestigNoodtoegang,
    NoodtoegangGeweigerd,
    NoodtoegangVerleend,
    NoodtoegangVervallen,
    ToetsNoodtoegang,
    VraagNoodtoegang,
)
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingVervallen
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.execute import Outcome, Request
from hub.handling.verlopen import Verloop, verlopen
from tests.handling.executing import AVIM, NU, OVJ, ZC, World, doorzetten, id_of, riec_case, signaal
from tests.handling.test_afscherming import about

PO = "privacy-officer@landelijk"
WANTED = ("signaal-inhoud", "identificerend")


@pytest.fixture
def world() -> World:
    """The police have a signal that care does not know of."""
    world = World()
    world.ask(AVIM, signaal("s", wpg_artikel="8"))
    return world


def asked(name: str | UUID = "s", uren: int = 8, gevaar: str = "acuut", id: str = "n") -> VraagNoodtoegang:
    return VraagNoodtoegang(
        noodtoegang_id=id_of(id),
        signaal_id=name if isinstance(name, UUID) else id_of(name),
        categorieen=WANTED,
        reden="zij wordt vannacht opgehaald",
        gevaar=gevaar,
        duur_uren=uren,
    )


def by(world: World, persoon: str, zetel: str, command: object, nu: object = NU) -> Outcome:
    outcome = world.ledger.execute(Request(command, zetel, persoon=persoon), nu)  # type: ignore[arg-type]
    world.events += outcome.events
    return outcome


def granted(world: World, uren: int = 8) -> NoodtoegangVerleend:
    [first, *_] = by(world, "oin:nachtdienst", ZC, asked(uren=uren)).events
    assert isinstance(first, NoodtoegangVerleend)
    return first


def confirm() -> BevestigNoodtoegang:
    return BevestigNoodtoegang(signaal_id=id_of("s"), noodtoegang_id=id_of("n"))


def review() -> ToetsNoodtoegang:
    return ToetsNoodtoegang(
        signaal_id=id_of("s"), noodtoegang_id=id_of("n"), uitkomst="terecht", motivering="niet ruimer dan nodig"
    )


def reasons(world: World) -> list[str]:
    return [event.reden for event in world.events if isinstance(event, NoodtoegangVervallen)]


def test_it_opens_what_was_asked_until_its_end_moment_and_names_whose_data_they_are(world: World) -> None:
    event = granted(world)
    assert event.tot == NU + timedelta(hours=8)
    assert (event.verstrekkers, event.toezicht, event.aanvrager) == ((AVIM,), (PO,), "oin:nachtdienst")
    assert "zorg-noodtoegang" in event.regels
    [given] = [one for one in world.events if isinstance(one, SignaalVerstrekt)]
    assert (given.ontvanger, given.doel, given.tot) == (ZC, "veiligheid-slachtoffer", event.tot)
    assert set(given.categorieen) <= set(WANTED)


def test_it_gives_no_right_to_act_on_the_signal(world: World) -> None:
    granted(world)
    with pytest.raises(Onbekend):
        world.ask(ZC, doorzetten("s", "politie.basisteam@ede", "bilateraal", "veiligheid-slachtoffer", gevaar="acuut"))


@pytest.mark.parametrize(
    ("command", "zetel"),
    [(asked(gevaar="voorbij"), ZC), (asked(UUID(int=1)), ZC), (asked(id_of("c")), ZC), (asked("over-zc"), ZC)],
    ids=["no danger", "unknown", "a case", "about oneself"],
)
def test_every_refusal_is_one_event_of_one_form(world: World, command: VraagNoodtoegang, zetel: str) -> None:
    riec_case(world, "c")
    world.ask(AVIM, about("over-zc", zetels=(ZC,), wpg_artikel="8"))
    [event] = by(world, "oin:nachtdienst", zetel, command).events
    assert isinstance(event, NoodtoegangGeweigerd)
    assert event.toezicht == (PO,)


def test_what_lies_in_a_statutory_partnership_stays_there(world: World) -> None:
    criteria = [{"letter": letter, "voldaan": True, "toelichting": "ja"} for letter in "abcde"]
    world.ask(AVIM, signaal("riec", spoor="riec", wpg_artikel="8", criteria=criteria))
    [event] = by(world, "oin:nachtdienst", ZC, asked("riec")).events
    assert isinstance(event, NoodtoegangGeweigerd)


def test_it_ends_by_itself_and_a_late_clock_ends_it_once(world: World) -> None:
    granted(world)
    clock = Verloop(world.ledger)
    assert clock.run(NU + timedelta(hours=7)) == 0
    assert clock.run(NU + timedelta(hours=8)) == 1
    assert verlopen(world.ledger, NU + timedelta(hours=9)) == 0
    ended = [event for event in world.store.read(0, 1000) if event.topic == VerstrekkingVervallen.TYPE]
    assert len(ended) == 1


def test_unconfirmed_after_a_day_is_on_record_and_confirmed_is_not(world: World) -> None:
    granted(world, uren=24)
    verlopen(world.ledger, NU + timedelta(hours=24))
    [event] = [one for one in world.store.read(0, 1000) if one.topic == NoodtoegangVervallen.TYPE]
    assert b"niet-bevestigd" in event.state
    other = World()
    other.ask(AVIM, signaal("s", wpg_artikel="8"))
    granted(other, uren=24)
    by(other, "oin:dagdienst", ZC, confirm())
    verlopen(other.ledger, NU + timedelta(hours=24))
    [event] = [one for one in other.store.read(0, 1000) if one.topic == NoodtoegangVervallen.TYPE]
    assert b"niet-bevestigd" not in event.state


def test_only_a_second_person_of_the_organisation_or_a_privacy_officer_confirms_and_in_time(world: World) -> None:
    granted(world)
    with pytest.raises(Strijdig, match="tweede persoon"):
        by(world, "oin:nachtdienst", ZC, confirm())
    with pytest.raises(Strijdig, match="tweede persoon"):
        by(world, "", ZC, confirm())
    with pytest.raises(Onbekend):
        by(world, "oin:recherche", AVIM, confirm())
    with pytest.raises(Strijdig, match="voorbij"):
        by(world, "oin:dagdienst", ZC, confirm(), NU + timedelta(hours=24))
    assert by(world, "oin:toezicht", PO, confirm()).events
    assert not by(world, "oin:dagdienst", ZC, confirm()).events


def test_only_a_privacy_officer_reviews_and_once(world: World) -> None:
    granted(world)
    for zetel in (ZC, AVIM):
        with pytest.raises(Onbekend):
            by(world, "oin:iemand", zetel, review())
    assert by(world, "oin:toezicht", PO, review()).events
    with pytest.raises(Strijdig):
        by(world, "oin:toezicht", PO, review())


def test_another_seat_cannot_find_out_by_its_number_that_there_was_one(world: World) -> None:
    granted(world)
    [event] = by(world, "oin:coordinatie", "zc.opvang@utrecht", asked()).events
    assert isinstance(event, NoodtoegangGeweigerd)


def test_an_embargo_of_the_officer_goes_before_it(world: World) -> None:
    riec_case(world, "c", OVJ)
    world.ask(OVJ, StelEmbargo(casus_id=id_of("c"), motivering="er loopt iets", herbezie_op=date(2026, 4, 1)))
    [event] = by(world, "oin:nachtdienst", ZC, asked("c-signaal")).events
    assert isinstance(event, NoodtoegangGeweigerd)
    assert "zorg-noodtoegang-niet-onder-embargo" in event.regels
