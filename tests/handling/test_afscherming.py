"""Who is subject of a signal, or may not know of it for a while, holds nothing of it and causes nothing on record."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.afscherming import (
    BijdrageAfgeschermd,
    HefCasusvertrouwelijkheidOp,
    HefVertrouwelijkheidOp,
    SluitZetelsUit,
    VerklaarCasusVertrouwelijk,
    VerklaarVertrouwelijk,
    ZetelsUitgesloten,
)
from contracts.casus import KoppelSignaal, SignaalGekoppeld, WijzigFase
from contracts.inhoud import Organisatie
from contracts.signaal import DoorzetSignaal, KoppelSignaalTerug, RegistreerSignaal
from contracts.verstrekking import BevestigOntvangst, VerstrekkingGeweigerd, VerstrekkingVervallen
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.verlopen import verlopen
from tests.handling.executing import AF, AVIM, COLLEGE, TAX, ZC, World, doorzetten, id_of, riec_case, signaal

DANGER = {"gevaar": "acuut", "reden_vastgelegd": True}
LETTER = "d-strafbare-feiten"


@pytest.fixture
def world() -> World:
    return World()


def about(name: str, *organisaties: Organisatie, zetels: tuple[str, ...] = (), **more: Any) -> RegistreerSignaal:
    """A signal whose subject is a partner."""
    plain = signaal(name, **more)
    inhoud = plain.melding.inhoud.model_copy(update={"organisaties": organisaties})
    return plain.model_copy(
        update={"melding": plain.melding.model_copy(update={"inhoud": inhoud, "betreft_zetels": zetels})}
    )


def confidential(name: str, deelnemer: str = AVIM) -> VerklaarVertrouwelijk:
    return VerklaarVertrouwelijk(
        signaal_id=id_of(name), letter=LETTER, deelnemer=deelnemer, afweging="er loopt iets", tot=date(2026, 6, 1)
    )


def oin_of(world: World, zetel: str) -> str:
    return world.questions.beleid.instanties[zetel].oin


def to_avim(name: str) -> DoorzetSignaal:
    return doorzetten(name, AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER)


def test_a_signal_about_a_seat_is_not_passed_on_to_it(world: World) -> None:
    world.ask(ZC, about("s", zetels=(AVIM,)))
    outcome = world.ask(ZC, to_avim("s"))
    [refused] = outcome.events
    assert isinstance(refused, VerstrekkingGeweigerd)
    assert "platform-voorwerp-van-signaal" in refused.regels
    assert world.held(AVIM, "s") == set()


def test_a_partner_named_by_its_number_is_shut_out_with_all_its_seats(world: World) -> None:
    world.ask(ZC, about("s", Organisatie(naam="Verzonnen", oin=oin_of(world, AVIM))))
    [event] = [one for one in world.events if isinstance(one, ZetelsUitgesloten)]
    same = {seat.id for seat in world.questions.beleid.instanties.values() if seat.oin == oin_of(world, AVIM)}
    assert set(event.zetels) == same
    world.ask(ZC, to_avim("s"))
    assert world.held(AVIM, "s") == set()


def test_an_organisation_that_is_no_partner_shuts_nobody_out(world: World) -> None:
    world.ask(ZC, about("s", Organisatie(naam="Hotel Verzonnen", kvk_nummer="00001234")))
    assert not [one for one in world.events if isinstance(one, ZetelsUitgesloten)]
    world.ask(ZC, to_avim("s"))
    assert world.held(AVIM, "s")


def test_found_out_afterwards_it_loses_what_it_held_and_is_not_told_why(world: World) -> None:
    world.ask(ZC, signaal("s"))
    world.ask(ZC, to_avim("s"))
    assert world.held(AVIM, "s")
    world.ask(ZC, SluitZetelsUit(signaal_id=id_of("s"), zetels=(AVIM,), toelichting="een broer werkt daar"))
    assert world.held(AVIM, "s") == set()
    [lapsed] = [one for one in world.events if isinstance(one, VerstrekkingVervallen)]
    assert lapsed.reden == "grondslag-vervallen"
    with pytest.raises(Strijdig, match="Terugkoppelen kan alleen"):
        world.ask(ZC, KoppelSignaalTerug(signaal_id=id_of("s"), aan=AVIM, status="doorgezet", bericht="wij kijken"))


def test_who_only_holds_a_signal_shuts_nobody_out(world: World) -> None:
    world.ask(ZC, signaal("s"))
    world.ask(ZC, to_avim("s"))
    command = SluitZetelsUit(signaal_id=id_of("s"), zetels=(ZC,), toelichting="proef")
    with pytest.raises(Strijdig):
        world.ask(AVIM, command)
    with pytest.raises(Onbekend):
        world.ask(AF, command)


def test_in_a_case_the_subject_holds_nothing_and_is_never_on_record_as_having_caused_it(world: World) -> None:
    riec_case(world, "c", COLLEGE, TAX)
    world.ask(AVIM, about("over-college", zetels=(COLLEGE,), wpg_artikel="8"))
    linked = world.ask(AVIM, KoppelSignaal(casus_id=id_of("c"), signaal_id=id_of("over-college")))
    [event] = [one for one in linked.events if isinstance(one, SignaalGekoppeld)]
    assert event.verborgen_voor == (COLLEGE,)
    assert world.held(TAX, "over-college")
    acted = world.ask(COLLEGE, WijzigFase(casus_id=id_of("c"), fase=2))
    assert world.held(COLLEGE, "over-college") == set()
    about_it = [one for one in acted.events if getattr(one, "signaal_id", None) == id_of("over-college")]
    assert about_it
    assert {one.zetel for one in about_it} == {AVIM}
    own = [one.zetel == COLLEGE for one in acted.events]
    assert own == sorted(own, reverse=True), "what it may not know of comes last, so that its receipt has no gap"
    with pytest.raises(Onbekend):
        world.ask(COLLEGE, KoppelSignaal(casus_id=id_of("c"), signaal_id=id_of("over-college")))


def test_found_out_afterwards_a_case_hides_that_it_was_brought_in(world: World) -> None:
    riec_case(world, "c", COLLEGE, TAX)
    world.ask(AVIM, SluitZetelsUit(signaal_id=id_of("c-signaal"), zetels=(COLLEGE,), toelichting="een broer"))
    [event] = [one for one in world.events if isinstance(one, BijdrageAfgeschermd)]
    assert (event.casus_id, event.verborgen_voor) == (id_of("c"), (COLLEGE,))
    assert world.held(COLLEGE, "c-signaal") == set()
    assert world.held(TAX, "c-signaal")


def test_a_confidential_signal_closes_without_a_word_and_opens_again(world: World) -> None:
    world.ask(ZC, signaal("s"))
    world.ask(ZC, to_avim("s"))
    [given] = world.work().verstrekkingen(id_of("s")).geldig
    world.ask(ZC, confidential("s", deelnemer=ZC))
    assert world.held(AVIM, "s") == set()
    with pytest.raises(Onbekend):
        world.ask(AVIM, BevestigOntvangst(signaal_id=id_of("s"), verstrekking_id=given))
    with pytest.raises(Strijdig, match="vertrouwelijk"):
        world.ask(ZC, to_avim("s"))
    world.ask(ZC, HefVertrouwelijkheidOp(signaal_id=id_of("s")))
    assert world.held(AVIM, "s")


def test_who_found_the_ground_keeps_what_it_holds(world: World) -> None:
    world.ask(ZC, signaal("s"))
    world.ask(ZC, to_avim("s"))
    world.ask(ZC, confidential("s", deelnemer=AVIM))
    assert world.held(AVIM, "s")


def test_another_circle_may_be_named_and_then_the_first_is_closed(world: World) -> None:
    world.ask(ZC, signaal("s"))
    world.ask(ZC, to_avim("s"))
    world.ask(ZC, confidential("s", deelnemer=ZC))
    world.ask(ZC, confidential("s", deelnemer=AVIM))
    assert world.held(AVIM, "s")
    world.ask(ZC, confidential("s", deelnemer=ZC))
    assert world.held(AVIM, "s") == set()


def test_after_its_last_day_the_clock_opens_it(world: World) -> None:
    world.ask(ZC, signaal("s"))
    world.ask(ZC, to_avim("s"))
    world.ask(ZC, confidential("s", deelnemer=ZC))
    assert verlopen(world.ledger, datetime(2026, 6, 1, 23, 59, tzinfo=UTC)) == 0
    assert world.held(AVIM, "s") == set()
    assert verlopen(world.ledger, datetime(2026, 6, 2, tzinfo=UTC)) == 1
    assert world.held(AVIM, "s")


def test_a_confidential_signal_closes_in_every_case_and_opens_there_again(world: World) -> None:
    riec_case(world, "c", COLLEGE, TAX)
    before = world.held(COLLEGE, "c-signaal")
    world.ask(AVIM, confidential("c-signaal"))
    assert world.held(COLLEGE, "c-signaal") == world.held(TAX, "c-signaal") == set()
    world.ask(COLLEGE, WijzigFase(casus_id=id_of("c"), fase=2))
    assert world.held(COLLEGE, "c-signaal") == set()
    world.ask(AVIM, HefVertrouwelijkheidOp(signaal_id=id_of("c-signaal")))
    assert world.held(COLLEGE, "c-signaal") > before


def test_a_confidential_case_is_unknown_to_all_but_two(world: World) -> None:
    riec_case(world, "c", COLLEGE, TAX)
    declare = VerklaarCasusVertrouwelijk(
        casus_id=id_of("c"), letter=LETTER, deelnemer=TAX, afweging="er loopt iets", tot=date(2026, 6, 1)
    )
    with pytest.raises(Onbekend):
        world.ask(AF, declare)
    world.ask(AVIM, declare)
    assert world.held(COLLEGE, "c-signaal") == set()
    assert world.held(TAX, "c-signaal")
    with pytest.raises(Onbekend):
        world.ask(COLLEGE, WijzigFase(casus_id=id_of("c"), fase=2))
    world.ask(AVIM, HefCasusvertrouwelijkheidOp(casus_id=id_of("c")))
    assert world.held(COLLEGE, "c-signaal")


@pytest.mark.parametrize("unknown", [UUID(int=1), id_of("s")])
def test_who_knows_nothing_of_a_signal_cannot_close_it_or_tell_whether_it_is_there(world: World, unknown: UUID) -> None:
    world.ask(ZC, signaal("s"))
    for command in (
        confidential("s").model_copy(update={"signaal_id": unknown}),
        HefVertrouwelijkheidOp(signaal_id=unknown),
    ):
        with pytest.raises(Onbekend):
            world.ask(AVIM, command)
