"""Whether another partnership has the same: yes or no, for a person who asks, and never about what is kept closed."""

from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from contracts.afscherming import VerklaarCasusVertrouwelijk, VerklaarVertrouwelijk
from contracts.casus import (
    BeoordeelCriteria,
    BepaalDeelnemers,
    HandelingGeweigerd,
    KoppelSignaal,
    OpenCasus,
    SluitCasus,
    StelEmbargo,
)
from contracts.inhoud import Criterium
from contracts.navraag import DoeNavraag, NavraagBeantwoord, NavraagGedaan
from contracts.signaal import TrekSignaalIn, WeerlegSignaal
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.simulate import ask_again
from tests.handling.executing import AVIM, COLLEGE, NU, OVJ, TAX, World, id_of, riec_case, signaal

RIEC, ZVH = "riec.bureau@oost-nederland", "zvh.bureau@gelderland-midden"
SOCIAAL, GGD = "gemeente.college-sociaal@ede", "ggd@gelderland-midden"
SAME = "zaak-signaal"
TOT = date(2026, 4, 1)
LETTER = "d-strafbare-feiten"


def zvh_case(world: World, name: str, *signalen: str, door: str = AVIM) -> None:
    """A case of the Zorg- en Veiligheidshuis in which `door` brought these signals in."""
    world.ask(ZVH, OpenCasus(casus_id=id_of(name), spoor="zvh", regio="ede", doel="zvh-casus", vorm="onbekend"))
    criteria = tuple(Criterium(letter=letter, voldaan=True) for letter in "abcd")
    world.ask(ZVH, BeoordeelCriteria(casus_id=id_of(name), criteria=criteria))
    world.ask(ZVH, BepaalDeelnemers(casus_id=id_of(name), deelnemers=(AVIM, SOCIAAL, GGD, OVJ)))
    for one in signalen:
        world.ask(door, KoppelSignaal(casus_id=id_of(name), signaal_id=id_of(one)))


def both(*signalen: str) -> World:
    """A RIEC case with the signal `zaak-signaal`, and a case of the Zorg- en Veiligheidshuis with these."""
    world = World()
    riec_case(world, "zaak", COLLEGE, TAX, RIEC, OVJ, fase=2)
    if signalen:
        zvh_case(world, "huis", *signalen)
    return world


def question(number: str = "een", **anders: Any) -> DoeNavraag:
    values: dict[str, Any] = {
        "navraag_id": id_of(number),
        "casus_id": id_of("zaak"),
        "signaal_id": id_of(SAME),
        "contactpunt": ZVH,
        "noodzaak": "dubbel-werk-voorkomen",
        "mens_begon": True,
    }
    return DoeNavraag(**values | anders)


def asked(world: World, zetel: str = RIEC, **anders: Any) -> tuple[NavraagGedaan, NavraagBeantwoord]:
    learned, heard = world.ask(zetel, question(**anders)).events
    assert isinstance(learned, NavraagGedaan)
    assert isinstance(heard, NavraagBeantwoord)
    return learned, heard


def reasons(world: World, zetel: str = RIEC, **anders: Any) -> tuple[str, ...]:
    (refused,) = world.ask(zetel, question(**anders)).events
    assert isinstance(refused, HandelingGeweigerd)
    return refused.regels


def test_what_lies_in_both_is_a_yes_with_the_contact_point_and_nothing_else() -> None:
    learned, heard = asked(both(SAME))
    assert (learned.treffer, learned.contactpunt, learned.categorieen) == (True, ZVH, ("hit",))
    assert "WGS 1.7 lid 8, 2.20, 2.28" in learned.grondslagen
    assert str(id_of("huis")) not in learned.model_dump_json()
    (place,) = heard.vindplaatsen
    assert (place.casus_id, place.coordinator, place.gegeven) == (id_of("huis"), ZVH, True)


def test_what_lies_on_one_side_is_a_no_and_the_contact_point_learns_only_that_it_was_asked() -> None:
    world = both()
    world.ask(AVIM, signaal("ander-signaal", wpg_artikel="8"))
    zvh_case(world, "huis", "ander-signaal")
    learned, heard = asked(world)
    assert not learned.treffer
    assert (heard.zetel, heard.treffer, heard.vindplaatsen) == (ZVH, False, ())
    assert str(id_of(SAME)) not in heard.model_dump_json()
    assert (heard.van, heard.spoor) == (RIEC, "riec")


def test_the_other_way_round_the_house_asks_the_riec() -> None:
    world = both(SAME)
    learned, heard = asked(world, ZVH, casus_id=id_of("huis"), contactpunt=RIEC)
    assert (learned.treffer, learned.contactpunt) == (True, RIEC)
    assert [(one.casus_id, one.coordinator) for one in heard.vindplaatsen] == [(id_of("zaak"), AVIM)]


def test_a_person_of_the_same_source_is_found_in_another_signal_and_a_stranger_of_that_number_is_not() -> None:
    world = both()
    person = id_of(SAME + "-persoon")
    for name, door in (("later", AVIM), ("vreemd", SOCIAAL)):
        again = signaal(SAME).melding.inhoud
        melding = signaal(name, wpg_artikel="8" if door == AVIM else None).melding.model_copy(update={"inhoud": again})
        world.ask(door, signaal(name).model_copy(update={"melding": melding}))
    zvh_case(world, "huis", "later")
    zvh_case(world, "tweede", "vreemd", door=SOCIAAL)
    learned, heard = asked(world, betrokkene_id=person)
    assert learned.treffer
    assert [one.signaal_id for one in heard.vindplaatsen] == [id_of("later")]
    assert not asked(world, number="twee")[0].treffer


@pytest.mark.parametrize(
    ("door", "maakt"),
    [
        (OVJ, StelEmbargo(casus_id=id_of("huis"), motivering="onderzoek", herbezie_op=TOT)),
        (
            ZVH,
            VerklaarCasusVertrouwelijk(
                casus_id=id_of("huis"), deelnemer=SOCIAAL, letter=LETTER, afweging="er loopt iets", tot=TOT
            ),
        ),
        (ZVH, SluitCasus(casus_id=id_of("huis"), reden="ongegrond-verwijderd")),
    ],
    ids=["embargo", "vertrouwelijk", "gesloten"],
)
def test_what_is_kept_closed_there_answers_like_what_is_not_there_and_only_that_side_is_told(
    door: str, maakt: Any
) -> None:
    world, nothing = both(SAME), both()
    world.ask(door, maakt)
    answers = [one.ask(RIEC, question()) for one in (world, nothing)]
    learned, absent = (outcome.events[0] for outcome in answers)
    assert learned == absent
    assert [len(outcome.events) for outcome in answers] == [2, 2]
    (place,) = answers[0].events[1].vindplaatsen  # type: ignore[attr-defined]
    assert not place.gegeven
    assert place.redenen


def test_what_only_a_care_provider_brought_in_is_not_asked_after() -> None:
    world = both()
    world.ask(GGD, signaal("zorg"))
    zvh_case(world, "huis", "zorg", door=GGD)
    about = {"casus_id": id_of("huis"), "signaal_id": id_of("zorg"), "contactpunt": RIEC}
    assert reasons(world, GGD, **about) == ("wgs-treffer-niet-uit-de-zorg",)


@pytest.mark.parametrize("artikel", ["9", "10-1-a", "12"])
def test_closed_police_data_are_neither_asked_after_nor_a_match(artikel: str) -> None:
    world = both()
    world.ask(AVIM, signaal("besloten", wpg_artikel=artikel))
    world.ask(AVIM, KoppelSignaal(casus_id=id_of("zaak"), signaal_id=id_of("besloten")))
    refused = reasons(world, AVIM, signaal_id=id_of("besloten"))
    assert refused == ("wgs-treffer-niet-uit-gesloten-politiegegevens",)


@pytest.mark.parametrize(
    "anders", [{"signaal_id": id_of("onbekend")}, {"casus_id": id_of("huis")}, {"betrokkene_id": id_of("x")}]
)
def test_only_what_lies_in_ones_own_view_can_be_asked_after(anders: dict[str, Any]) -> None:
    with pytest.raises(Onbekend):
        both(SAME).ask(RIEC, question(**anders))


def test_who_takes_no_part_in_the_case_asks_nothing() -> None:
    with pytest.raises(Onbekend):
        both(SAME).ask(SOCIAAL, question())


def test_a_system_asks_nothing_and_leaves_nothing_on_the_other_bank() -> None:
    world = both(SAME)
    head = world.store.head()
    assert reasons(world, mens_begon=False) == ("wgs-treffer-begint-een-mens",)
    assert world.store.head() == head + 1


def test_one_asks_the_other_kind_of_partnership_only() -> None:
    assert "wgs-treffer-tussen-riec-en-zvh" in reasons(both(SAME), contactpunt=RIEC)


def test_what_is_under_embargo_on_ones_own_side_is_not_asked_after() -> None:
    world = both(SAME)
    world.ask(OVJ, StelEmbargo(casus_id=id_of("zaak"), motivering="onderzoek", herbezie_op=TOT))
    assert "wgs-treffer-niet-onder-embargo" in reasons(world, AVIM)


def test_a_confidential_signal_is_not_asked_after() -> None:
    world = both(SAME)
    words = {"letter": LETTER, "afweging": "er loopt iets", "tot": TOT}
    world.ask(AVIM, VerklaarVertrouwelijk(signaal_id=id_of(SAME), deelnemer=AVIM, **words))
    assert "wgs-treffer-niet-over-iets-afgeschermds" in reasons(world, AVIM)


@pytest.mark.parametrize("command", [TrekSignaalIn, WeerlegSignaal])
def test_what_was_withdrawn_or_refuted_is_no_match(command: Any) -> None:
    world = both()
    person = id_of(SAME + "-persoon")
    again = signaal("later", wpg_artikel="8").melding.model_copy(update={"inhoud": signaal(SAME).melding.inhoud})
    world.ask(AVIM, signaal("later").model_copy(update={"melding": again}))
    zvh_case(world, "huis", "later")
    world.ask(AVIM, command(signaal_id=id_of("later"), motivering="fout"))
    learned, heard = asked(world, betrokkene_id=person)
    assert not learned.treffer
    assert heard.vindplaatsen == ()


def test_twenty_questions_a_day_and_no_more() -> None:
    world = both(SAME)
    for number in range(20):
        asked(world, number=str(number))
    assert reasons(world, number="meer") == ("wgs-navraag-met-mate",)
    tomorrow = world.ask(RIEC, question("morgen"), nu=NU + timedelta(days=1))
    assert len(tomorrow.events) == 2
    asked(world, COLLEGE, number="collega")


def test_a_number_is_used_once() -> None:
    world = both(SAME)
    asked(world)
    with pytest.raises(Strijdig):
        world.ask(RIEC, question())


def test_every_answer_replays_from_its_record() -> None:
    world = both(SAME)
    asked(world)
    kept = [
        record for at in range(world.store.head() - 1, world.store.head() + 1) if (record := world.store.decision(at))
    ]
    assert len(kept) == 2
    for record in kept:
        recorded, now = ask_again(record, world.questions)
        assert recorded == now


def test_the_log_of_who_asks_names_nothing_of_the_other_side() -> None:
    world = both(SAME)
    before = len(world.store.access_records(0, 1000))
    asked(world, AVIM)
    told = [orjson.loads(one) for _, one in world.store.access_records(0, 1000)[before:]]
    assert {one["handeling"] for one in told} == {"verstrekken"}
    assert str(id_of("huis")) not in str(told)
    assert {name for one in told for name in one["objecten"]} == {f"casus:{id_of('zaak')}", f"signaal:{id_of(SAME)}"}
