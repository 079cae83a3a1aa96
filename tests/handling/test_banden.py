"""Which seat had to do with an object, and from when until when."""

from datetime import timedelta

from contracts.casus import BepaalDeelnemers, SluitCasus
from contracts.noodtoegang import VraagNoodtoegang
from contracts.signaal import TrekSignaalIn
from hub.audit.verklaring import Band
from hub.handling.banden import AFRONDING, banden
from hub.handling.bewaarlijst import BEHEERDER
from tests.contracts.examples import example
from tests.handling.bewaarwereld import BewaarWereld
from tests.handling.executing import AF, AVIM, NU, OVJ, ZC, World, doorzetten, id_of, riec_case, signaal

HOUR = timedelta(hours=1)
VOUCHED = {"besluit_vastgelegd": True, "belang_slachtoffer": True}


def ties(world: World, kind: str, name: str, zetel: str) -> list[Band]:
    key = f"{kind}:{id_of(name)}"
    return [band for band in banden(world.store, [key])[key] if band.zetel == zetel and not band.vraag]


def test_who_brought_it_in_keeps_the_tie() -> None:
    world = World()
    world.ask(AF, signaal("eigen"))
    assert ties(world, "signaal", "eigen", AF) == [Band("eigen-inbreng", AF, NU)]
    assert ties(world, "signaal", "eigen", ZC) == []


def test_a_disclosure_lasts_until_it_lapses() -> None:
    world = World()
    world.ask(AF, signaal("door"))
    world.ask(AF, doorzetten("door", ZC, "zorg-en-registratie", "zorg-opvang", **VOUCHED))
    assert [(one.soort, one.einde) for one in ties(world, "signaal", "door", ZC)] == [("verstrekking", None)]
    withdrawn = example(TrekSignaalIn).model_copy(update={"signaal_id": id_of("door")})
    world.ask(AF, withdrawn, nu=NU + HOUR)
    given, lapsed = ties(world, "signaal", "door", ZC)
    assert (given.einde, lapsed.soort, lapsed.zonder_inhoud) == (NU + HOUR, "verval", True)


def test_who_leaves_a_case_loses_the_tie_and_closing_ends_it_for_all() -> None:
    world = World()
    riec_case(world, "zaak", AF, OVJ)
    world.ask(OVJ, BepaalDeelnemers(casus_id=id_of("zaak"), deelnemers=(AVIM, OVJ)), nu=NU + HOUR)
    assert [one.einde for one in ties(world, "casus", "zaak", AF)] == [NU + HOUR]
    world.ask(AVIM, SluitCasus(casus_id=id_of("zaak"), reden="geen-mensenhandel"), nu=NU + 2 * HOUR)
    ended = NU + 2 * HOUR + AFRONDING
    assert [one.einde for one in ties(world, "casus", "zaak", AVIM)] == [ended]
    in_case = [one for one in ties(world, "signaal", "zaak-signaal", OVJ) if one.soort == "casus"]
    assert in_case
    assert all(one.einde is not None and one.einde <= ended for one in in_case)


def test_emergency_access_ends_with_its_hours() -> None:
    world = World()
    world.ask(AF, signaal("acuut"))
    command = VraagNoodtoegang(
        noodtoegang_id=id_of("nood"),
        signaal_id=id_of("acuut"),
        categorieen=("signaal-inhoud",),
        reden="acuut gevaar",
        gevaar="acuut",
        duur_uren=2,
    )
    world.ask(ZC, command)
    (given,) = ties(world, "signaal", "acuut", ZC)
    assert (given.soort, given.einde) == ("overleg-of-noodtoegang", NU + 2 * HOUR)
    assert ties(world, "signaal", "acuut", "privacy-officer@landelijk")


def test_a_destruction_is_explained_by_the_term_on_record_and_nothing_after_it() -> None:
    world = BewaarWereld()
    world.in_riec("weg")
    due = NU.replace(year=NU.year + 5)
    assert world.lijst.run(due).vernietigd == 1
    assert ties(world, "signaal", "weg", BEHEERDER) == [Band("bewaartermijn", BEHEERDER, due, due)]


def test_what_is_no_object_of_ours_has_no_ties() -> None:
    assert banden(World().store, ["signaal:geen-nummer", "logboek:toegang", "x"]) == {}


def test_what_was_refused_explains_only_the_list_of_refusals_and_only_to_who_asked() -> None:
    world = World()
    world.ask(AF, signaal("nee"))
    world.ask(AF, doorzetten("nee", OVJ, "zorg-en-registratie", "zorg-opvang"))
    key = f"signaal:{id_of('nee')}"
    refused = [band for band in banden(world.store, [key])[key] if band.vraag == "weigeringen"]
    assert {(band.soort, band.zetel) for band in refused} == {("weigering", AF)}
