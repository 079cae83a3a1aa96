"""What is known of a person narrows what others get: her age today, why her data need care, who may hear of her."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.inhoud import Betrokkene, Feit, Leeftijd, Rolperiode, SignaalInhoud
from contracts.noodtoegang import VraagNoodtoegang
from contracts.signaal import RegistreerSignaal, SignaalGeregistreerd, SignaalGeweigerd
from contracts.toestemming import LegToestemmingVast
from contracts.verstrekking import SignaalVerstrekt
from hub.domain.persoon import Persoon, persoon_van
from hub.handling.personen import special, together
from tests.handling.executing import AVIM, NU, ZC, World, doorzetten, id_of, signaal

P = id_of("persoon")
VANDAAG = date(2026, 3, 2)
SCHOOL, OPVANG = "school@breda", "zc.opvang@breda"
MEDISCH = "medisch@breda"


def person(**more: Any) -> Persoon:
    return persoon_van(Betrokkene(betrokkene_id=P, **more), VANDAAG)


def age(jaren: int, peilmoment: str = "waarneming", peildatum: date | None = None) -> Leeftijd:
    return Leeftijd(jaren=jaren, peilmoment=peilmoment, peildatum=peildatum)


@given(st.dates(date(1940, 1, 1), VANDAAG), st.integers(0, 8_000))
def test_by_birth_date_she_is_of_age_from_her_eighteenth_birthday(born: date, later: int) -> None:
    day = VANDAAG + timedelta(days=later)
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    assert person(geboortedatum=born).minderjarig(day) == (years < 18)


def test_who_turns_eighteen_during_a_case_is_of_age_at_the_next_decision() -> None:
    known = person(geboortedatum=date(2008, 3, 10))
    assert known.minderjarig(date(2026, 3, 9))
    assert not known.minderjarig(date(2026, 3, 10))


@given(st.integers(0, 17), st.sampled_from(["waarneming", "start-uitbuiting", "onbekend"]))
def test_an_age_without_its_date_protects_until_she_cannot_be_a_child(jaren: int, moment: str) -> None:
    known = person(leeftijden=(age(jaren, moment),))
    assert known.minderjarig(VANDAAG)
    assert known.minderjarig(VANDAAG.replace(year=2026 + 18 - jaren) - timedelta(days=1))
    assert not known.minderjarig(VANDAAG.replace(year=2026 + 18 - jaren))


def test_the_age_at_which_it_began_is_not_her_age_today() -> None:
    assert not person(leeftijden=(age(15, "start-uitbuiting"), age(24))).minderjarig(VANDAAG)
    assert not person(leeftijden=(age(16, "melding", date(2020, 1, 1)),)).minderjarig(VANDAAG)
    assert person(leeftijden=(age(16), age(19))).minderjarig(VANDAAG), "two ages of one moment: the younger counts"


def test_an_age_nobody_stated_makes_nobody_a_child() -> None:
    assert not person().minderjarig(VANDAAG)


def test_facts_of_several_persons_are_those_that_protect_most() -> None:
    victim = person(rollen=(Rolperiode(rol="vermoedelijk-slachtoffer"), Rolperiode(rol="verdachte")))
    child = person(geboortedatum=date(2015, 1, 1), bijzonder=("adresbescherming",))
    facts = together((victim, child), VANDAAG)
    assert facts["betrokkene_rol"] == "vermoedelijk-slachtoffer"
    assert facts["minderjarig"]
    assert facts["bijzonder"] == {"slachtoffer-en-verdachte", "adresbescherming"}
    assert special(person(rollen=(Rolperiode(rol="verdachte"),))) == frozenset()


def with_person(name: str, *feiten: Feit, spoor: str = "intern", regio: str = "ede", **known: Any) -> RegistreerSignaal:
    plain = signaal(name, spoor=spoor, regio=regio)
    inhoud = SignaalInhoud(
        vormen=("onbekend",),
        zekerheid="vermoeden",
        situatieschets="wordt laat opgehaald",
        betrokkenen=(Betrokkene(betrokkene_id=id_of(name + "-persoon"), **known),) if known else (),
        feiten=feiten,
    )
    return plain.model_copy(update={"melding": plain.melding.model_copy(update={"inhoud": inhoud})})


@pytest.fixture
def world() -> World:
    return World()


def consent(name: str, naar: str, door: str = "slachtoffer") -> LegToestemmingVast:
    return LegToestemmingVast(
        toestemming_id=id_of(name + naar), signaal_id=id_of(name), door=door, vorm="uitdrukkelijk", ontvangers=(naar,)
    )


@pytest.mark.parametrize(("bijzonder", "opens"), [((), True), (("adresbescherming",), False)])
def test_under_address_protection_a_shelter_address_stays_closed_even_in_an_emergency(
    world: World, bijzonder: tuple[str, ...], opens: bool
) -> None:
    adres = Feit(categorie="opvangadres", kenmerk="verblijft", waarde="Nergenslaan 1")
    world.ask(ZC, with_person("s", adres, naam="Testa", bijzonder=bijzonder))
    emergency = VraagNoodtoegang(
        noodtoegang_id=id_of("n"),
        signaal_id=id_of("s"),
        categorieen=("opvangadres",),
        reden="hij staat voor de deur",
        gevaar="acuut",
    )
    events = world.ask("zc.opvang@utrecht", emergency).events
    assert any(isinstance(event, SignaalVerstrekt) for event in events) == opens


def test_a_child_does_not_consent_for_herself_and_once_of_age_she_does(world: World) -> None:
    world.ask(ZC, with_person("s", naam="Testa", geboortedatum=date(2008, 3, 10)))
    world.ask(ZC, consent("s", AVIM))
    passing_on = doorzetten("s", AVIM, "zorg-en-registratie", "veiligheid-slachtoffer")
    world.ask(ZC, passing_on)
    assert world.held(AVIM, "s") == set()
    world.ask(ZC, passing_on, nu=NU + timedelta(days=8))
    assert "identificerend" in world.held(AVIM, "s")


def test_the_second_ring_brings_in_a_sketch_without_names_and_may_repair_one_with_names(world: World) -> None:
    named = with_person("s", spoor="zorg-en-registratie", regio="breda", naam="Testa Fictema")
    [refused] = world.ask(MEDISCH, named, id="1").events
    assert isinstance(refused, SignaalGeweigerd)
    assert refused.vorm == "probleem-400"
    assert "zorg-buitenring-zonder-namen" in refused.regels
    [taken] = world.ask(MEDISCH, with_person("s", spoor="zorg-en-registratie", regio="breda"), id="1").events
    assert isinstance(taken, SignaalGeregistreerd)


def test_the_second_ring_never_receives(world: World) -> None:
    world.ask(OPVANG, with_person("s", regio="breda"))
    for naar, arrives in ((MEDISCH, False), ("gemeente.af-oov@breda", True)):
        world.ask(OPVANG, consent("s", naar))
        world.ask(OPVANG, doorzetten("s", naar, "zorg-en-registratie", "zorg-opvang"))
        assert bool(world.held(naar, "s")) == arrives
    assert {one.ontvanger for one in world.events if isinstance(one, SignaalVerstrekt)} == {"gemeente.af-oov@breda"}
