"""Emergency access waits for its review; what nothing followed from shows as such."""

from datetime import timedelta

from contracts.noodtoegang import BevestigNoodtoegang, ToetsNoodtoegang, VraagNoodtoegang
from contracts.signaal import VerrijkSignaal
from hub.handling.execute import Request
from hub.handling.noodtoetsing import Noodtoets, Noodtoetsing
from tests.handling.executing import AF, NU, ZC, World, doorzetten, id_of, signaal

OFFICER = "privacy-officer@landelijk"


def taken() -> World:
    world = World()
    world.ask(AF, signaal("acuut", spoor="intern"))
    command = VraagNoodtoegang(
        noodtoegang_id=id_of("nood"),
        signaal_id=id_of("acuut"),
        categorieen=("signaal-inhoud", "identificerend"),
        reden="zij wordt vanavond opgehaald",
        gevaar="acuut",
    )
    world.ledger.execute(Request(command, ZC, persoon="zc-1"), NU)
    return world


def waiting(world: World) -> list[Noodtoets]:
    return Noodtoetsing(world.store).wachtend()


def test_it_waits_from_when_it_was_taken() -> None:
    (one,) = waiting(taken())
    assert (one.zetel, one.bevestigd, one.opgevolgd) == (ZC, False, False)
    assert one.dagen(NU + timedelta(days=4)) == 4
    assert OFFICER in one.toezicht


def test_a_second_person_shows() -> None:
    world = taken()
    command = BevestigNoodtoegang(signaal_id=id_of("acuut"), noodtoegang_id=id_of("nood"))
    world.ledger.execute(Request(command, ZC, persoon="zc-2"), NU)
    assert waiting(world)[0].bevestigd


def test_what_the_seat_did_with_it_shows() -> None:
    world = taken()
    vouched = {"besluit_vastgelegd": True, "belang_slachtoffer": True}
    world.ask(AF, doorzetten("acuut", ZC, "zorg-en-registratie", "zorg-opvang", **vouched))
    assert not waiting(world)[0].opgevolgd
    inhoud = signaal("x").melding.inhoud
    assert inhoud is not None
    command = VerrijkSignaal(signaal_id=id_of("acuut"), verrijking_id=id_of("meer"), herkomst="zc", inhoud=inhoud)
    world.ledger.execute(Request(command, ZC, persoon="zc-1"), NU + timedelta(hours=1))
    assert waiting(world)[0].opgevolgd


def test_after_the_review_nothing_waits() -> None:
    world = taken()
    kept = Noodtoetsing(world.store)
    assert len(kept.wachtend()) == 1
    command = ToetsNoodtoegang(
        signaal_id=id_of("acuut"), noodtoegang_id=id_of("nood"), uitkomst="terecht", motivering="gevaar was echt"
    )
    world.ledger.execute(Request(command, OFFICER, persoon="officier-1"), NU)
    assert kept.wachtend() == []
