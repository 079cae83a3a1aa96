"""What a person gets to read: everything of every source that may be told, and never a trace of what may not."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.afscherming import VerklaarVertrouwelijk
from contracts.casus import KoppelSignaal, StelEmbargo
from contracts.inhoud import Betrokkene
from contracts.kennisgeving import DoeKennisgeving, GeefKennisgevingVrij, HoudKennisgevingAchter
from contracts.signaal import RectificeerSignaal, VernietigBetrokkene
from contracts.verhoor import PlanVerhoor
from contracts.verzoek import (
    Identiteit,
    MeldGeenWeigeringsgrond,
    MeldWeigeringsgrond,
    RaadpleegDeelnemers,
    StelIdentiteitVast,
    WeigerVerzoek,
)
from hub.domain.antwoord import NIETS, Antwoord
from hub.domain.inzage import herkent
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.beantwoorden import Requests
from hub.handling.kennisgevingen import Notice, notices
from tests.handling.executing import AVIM, BELEID, COLLEGE, NU, OVJ, TAX, ZC, World, doorzetten, id_of, riec_case
from tests.handling.test_navragen import RIEC, ZVH, question, zvh_case
from tests.handling.test_verzoeken import BSN, COMENSHA, CP, LETTER, V, of_her, received

DAY = NU.date()
HER = Identiteit(bsn=BSN, naam="Testa Fictema", geboortedatum=date(1999, 4, 1))


def requests_of(world: World) -> Requests:
    return Requests(world.store, world.work, world.policy)


def answered(world: World, zetel: str = CP, days: int = 20) -> Antwoord:
    """The whole way of a request for access, without anybody finding a ground."""
    received(world, zetel=zetel)
    world.ask(zetel, StelIdentiteitVast(verzoek_id=V, middel="digid", identiteit=HER))
    world.ask(zetel, RaadpleegDeelnemers(verzoek_id=V))
    for seat in world.ledger.reading().events(V, object)[-1].deelnemers:  # type: ignore[arg-type]
        world.ask(seat, MeldGeenWeigeringsgrond(verzoek_id=V))
    return requests_of(world).answer(V, zetel, NU + timedelta(days=days)).antwoord


def passed_on(world: World, name: str) -> None:
    world.ask(AVIM, doorzetten(name, COMENSHA, "bilateraal", "registratie-comensha"))


def test_it_names_every_source_purpose_and_recipient_per_track() -> None:
    world = World()
    world.ask(ZC, of_her("zorg", bsn=None, spoor="zorg-en-registratie"))
    world.ask(AVIM, of_her("politie", wpg_artikel="8"))
    passed_on(world, "politie")
    told = answered(world).inzage
    assert [(one.spoor, one.zetel) for one in told.bronnen] == [("intern", AVIM), ("zorg-en-registratie", ZC)]
    assert told.bronnen[0].gegevens["naam"] == "Testa Fictema"
    assert "Politie" in told.bronnen[0].organisatie
    [recipient] = told.ontvangers
    assert (recipient.zetel, recipient.doel, recipient.van, recipient.tot) == (
        COMENSHA,
        "registratie-comensha",
        DAY,
        None,
    )
    assert recipient.grondslagen
    assert "identificerend" in recipient.categorieen


def test_who_learned_that_another_partnership_knows_her_is_a_recipient_and_a_no_tells_nobody() -> None:
    world = World()
    riec_case(world, "zaak", COLLEGE, TAX, RIEC, OVJ, fase=2)
    world.ask(AVIM, of_her("haar", wpg_artikel="8"))
    world.ask(AVIM, KoppelSignaal(casus_id=id_of("zaak"), signaal_id=id_of("haar")))
    world.ask(RIEC, question("vooraf", signaal_id=id_of("haar")))
    zvh_case(world, "huis", "haar")
    [learned, _] = world.ask(RIEC, question(signaal_id=id_of("haar"))).events
    hits = [one for one in answered(world).inzage.ontvangers if one.categorieen == ("hit",)]
    assert [(one.zetel, one.van, one.tot) for one in hits] == [(RIEC, DAY, DAY), (ZVH, DAY, DAY)]
    assert {one.grondslagen for one in hits} == {learned.grondslagen}  # type: ignore[union-attr]


def test_it_holds_nothing_of_others_and_no_numbers_of_the_hub() -> None:
    world = World()
    command = of_her("zorg")
    other = Betrokkene(betrokkene_id=id_of("ander"), naam="Iemand Anders")
    content = command.melding.inhoud.model_copy(
        update={"betrokkenen": (*command.melding.inhoud.betrokkenen, other), "toelichting": "zij is bij haar broer"}
    )
    world.ask(ZC, command.model_copy(update={"melding": command.melding.model_copy(update={"inhoud": content})}))
    told = str(answered(world))
    for secret in ("Anders", "broer", str(id_of("zorg")), str(id_of("zorg-persoon"))):
        assert secret not in told


def test_a_rectified_record_reads_as_it_is_now() -> None:
    world = World()
    world.ask(ZC, of_her("zorg"))
    content = of_her("zorg").melding.inhoud
    person = content.betrokkenen[0].model_copy(update={"naam": "Testa Nieuw"})
    changed = content.model_copy(update={"betrokkenen": (person,)})
    world.ask(ZC, RectificeerSignaal(signaal_id=id_of("zorg"), inhoud=changed, motivering="verschreven"))
    [line] = answered(world).inzage.bronnen
    assert (line.gegevens["naam"], line.gerectificeerd_op) == ("Testa Nieuw", DAY)


def test_what_was_destroyed_is_gone_from_the_answer_too() -> None:
    world = World()
    world.ask(ZC, of_her("zorg"))
    gone = VernietigBetrokkene(
        signaal_id=id_of("zorg"), betrokkene_id=id_of("zorg-persoon"), motivering="bewaartermijn-verstreken"
    )
    world.ask(ZC, gone)
    assert answered(world) == answered(World())


def test_a_seat_under_the_wpg_answers_of_its_own_records_alone() -> None:
    world = World()
    world.ask(ZC, of_her("zorg"))
    world.ask(AVIM, of_her("politie", wpg_artikel="8"))
    assert [one.zetel for one in answered(world, AVIM).inzage.bronnen] == [AVIM]


def test_nobody_but_who_handles_the_request_gets_it_and_nobody_before_all_have_answered() -> None:
    world = World()
    world.ask(ZC, of_her("zorg"))
    received(world)
    with pytest.raises(Strijdig):
        requests_of(world).answer(V, CP, NU)
    world.ask(CP, StelIdentiteitVast(verzoek_id=V, middel="digid", identiteit=HER))
    world.ask(CP, RaadpleegDeelnemers(verzoek_id=V))
    with pytest.raises(Strijdig):
        requests_of(world).answer(V, CP, NU)
    for stranger in (ZC, AVIM, "contactpunt@noord-holland"):
        with pytest.raises(Onbekend):
            requests_of(world).answer(V, stranger, NU)


@pytest.mark.parametrize(
    ("proved", "recorded", "same"),
    [
        ({"bsn": BSN}, {"bsn": BSN}, True),
        ({"bsn": BSN}, {"bsn": "999900006"}, False),
        ({"bsn": BSN}, {"naam": "Testa Fictema", "geboortedatum": date(1999, 4, 1)}, False),
        ({"naam": "Tésta  FICTEMA", "geboortedatum": date(1999, 4, 1)}, {"naam": "testa fictema"}, False),
        (
            {"naam": "Tésta  FICTEMA", "geboortedatum": date(1999, 4, 1)},
            {"naam": "testa fictema", "geboortedatum": date(1999, 4, 1)},
            True,
        ),
        (
            {"naam": "Testa Fictema", "geboortedatum": date(1999, 4, 1)},
            {"naam": "X", "aliassen": ("Testa Fictema",), "geboortedatum": date(1999, 4, 1)},
            True,
        ),
        (
            {"bsn": BSN, "naam": "Testa Fictema", "geboortedatum": date(1999, 4, 1)},
            {"bsn": "999900006", "naam": "Testa Fictema", "geboortedatum": date(1999, 4, 1)},
            False,
        ),
        (
            {"naam": "Ан Тест", "geboortedatum": date(1999, 4, 1)},
            {"naam": "Бо Тест", "geboortedatum": date(1999, 4, 1)},
            False,
        ),
        (
            {"naam": "...", "geboortedatum": date(1999, 4, 1)},
            {"naam": "???", "geboortedatum": date(1999, 4, 1)},
            False,
        ),
    ],
)
def test_who_it_is_about_goes_by_number_or_by_name_with_birth_date(
    proved: dict[str, Any], recorded: dict[str, Any], same: bool
) -> None:
    person = Betrokkene(betrokkene_id=id_of("p"), **recorded)
    assert herkent(Identiteit(**proved), person) is same


def confidential(world: World, name: str) -> None:
    world.ask(
        AVIM,
        VerklaarVertrouwelijk(
            signaal_id=id_of(name), letter=LETTER, deelnemer=AVIM, afweging="loopt", tot=date(2026, 12, 1)
        ),
    )


def put_off(world: World, name: str) -> None:
    world.ask(
        CP,
        HoudKennisgevingAchter(
            signaal_id=id_of(name), letter=LETTER, deelnemer=OVJ, afweging="loopt", tot=date(2026, 12, 1)
        ),
    )


def silent(world: World, name: str) -> None:
    world.ask(AVIM, PlanVerhoor(signaal_id=id_of(name), tot_en_met=date(2026, 12, 1)))


WAYS = {"confidential": confidential, "put off": put_off, "silence": silent}


@settings(max_examples=25, deadline=None)
@given(
    shown=st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    hidden=st.lists(
        st.tuples(st.sampled_from(["x", "y", "z"]), st.sampled_from(sorted(WAYS))), unique_by=lambda h: h[0]
    ),
    given_on=st.sets(st.sampled_from("abcxyz")),
)
def test_an_answer_is_the_same_with_and_without_what_is_withheld(
    shown: list[str], hidden: list[tuple[str, str]], given_on: set[str]
) -> None:
    with_all, without = World(), World(seed=2)
    for name in shown:
        for world in (with_all, without):
            world.ask(AVIM, of_her(name, wpg_artikel="8"))
    for name, _ in hidden:
        with_all.ask(AVIM, of_her(name, wpg_artikel="8"))
    for name in sorted(given_on):
        if name in shown:
            passed_on(without, name)
        if name in shown or name in dict(hidden):
            passed_on(with_all, name)
    for name, way in hidden:
        WAYS[way](with_all, name)
    assert answered(with_all) == answered(without)


@pytest.mark.parametrize("embargo", [True, False])
def test_an_embargo_of_the_officer_leaves_no_trace(embargo: bool) -> None:
    world, without = World(), World()
    for one in (world, without):
        riec_case(one, "c", OVJ)
        one.ask(AVIM, of_her("los", wpg_artikel="8"))
    world.ask(AVIM, of_her("in-zaak", wpg_artikel="8"))
    world.ask(AVIM, KoppelSignaal(casus_id=id_of("c"), signaal_id=id_of("in-zaak")))
    if embargo:
        world.ask(OVJ, StelEmbargo(casus_id=id_of("c"), motivering="er loopt iets", herbezie_op=date(2026, 4, 1)))
    assert (answered(world) == answered(without)) is embargo


def test_a_refused_request_reads_as_that_of_somebody_unknown() -> None:
    known, unknown = World(), World()
    known.ask(AVIM, of_her("politie", wpg_artikel="8"))
    nothing = answered(unknown)
    received(known)
    known.ask(CP, StelIdentiteitVast(verzoek_id=V, middel="digid", identiteit=HER))
    known.ask(CP, RaadpleegDeelnemers(verzoek_id=V))
    known.ask(AVIM, MeldWeigeringsgrond(verzoek_id=V, letter=LETTER, afweging="er loopt iets"))
    before = requests_of(known).answer(V, CP, NU + timedelta(days=20)).antwoord
    known.ask(CP, WeigerVerzoek(verzoek_id=V, deelnemer=AVIM, letter=LETTER, afweging="opsporing gaat voor"))
    after = requests_of(known).answer(V, CP, NU + timedelta(days=21)).antwoord
    assert before == after == nothing
    assert nothing.tekst == (NIETS,)


def test_a_source_that_came_after_the_question_is_asked_first() -> None:
    world = World()
    answered(world)
    world.ask(ZC, of_her("later"))
    with pytest.raises(Strijdig, match="opnieuw"):
        requests_of(world).answer(V, CP, NU)
    world.ask(CP, RaadpleegDeelnemers(verzoek_id=V))
    world.ask(ZC, MeldGeenWeigeringsgrond(verzoek_id=V))
    world.ask(ZC, of_her("nog-later"))
    world.ask(CP, RaadpleegDeelnemers(verzoek_id=V))
    with pytest.raises(Strijdig, match="Nog niet elke"):
        requests_of(world).answer(V, CP, NU)
    world.ask(ZC, MeldGeenWeigeringsgrond(verzoek_id=V))
    assert len(requests_of(world).answer(V, CP, NU).antwoord.inzage.bronnen) == 2


def test_an_answer_leaves_on_the_same_day_whatever_was_done_for_it() -> None:
    for days in (3, 27):
        world = World()
        world.ask(ZC, of_her("zorg"))
        assert answered(world, days=days).dagtekening == DAY + timedelta(days=28)


class TestNotice:
    def given(self) -> World:
        world = World()
        world.ask(AVIM, of_her("politie", wpg_artikel="8"))
        passed_on(world, "politie")
        return world

    def test_a_person_is_told_of_a_disclosure_from_its_day_on(self) -> None:
        world = self.given()
        told = DoeKennisgeving(signaal_id=id_of("politie"))
        with pytest.raises(Strijdig):
            world.ask(CP, told, nu=NU + timedelta(days=27))
        assert world.ask(CP, told, nu=NU + timedelta(days=28)).events

    def test_it_is_put_off_on_a_named_ground_until_its_day_or_its_lapse(self) -> None:
        world = self.given()
        put_off(world, "politie")
        told = DoeKennisgeving(signaal_id=id_of("politie"))
        with pytest.raises(Strijdig):
            world.ask(CP, told, nu=NU + timedelta(days=40))
        world.ask(CP, GeefKennisgevingVrij(signaal_id=id_of("politie")), nu=NU + timedelta(days=41))
        assert world.ask(CP, told, nu=NU + timedelta(days=41)).events

    def test_the_list_says_from_when_each_may_be_told(self) -> None:
        world = self.given()

        def listed(days: int) -> list[Notice]:
            day = DAY + timedelta(days=days)
            found = notices(world.work(), world.store, BELEID, day, 0, 10)
            return [one for one in found if one.due(day)]

        assert listed(27) == []
        assert [one.signaal_id for one in listed(28)] == [id_of("politie")]
        put_off(world, "politie")
        assert listed(28) == []
        world.ask(CP, GeefKennisgevingVrij(signaal_id=id_of("politie")), nu=NU + timedelta(days=29))
        world.ask(CP, DoeKennisgeving(signaal_id=id_of("politie")), nu=NU + timedelta(days=30))
        assert listed(31) == []

    def test_only_a_provider_or_the_officer_finds_the_ground_and_only_the_contact_point_decides(self) -> None:
        world = self.given()
        asked = HoudKennisgevingAchter(
            signaal_id=id_of("politie"), letter=LETTER, deelnemer=ZC, afweging="loopt", tot=date(2026, 12, 1)
        )
        with pytest.raises(Strijdig):
            world.ask(CP, asked)
        for stranger in (ZC, "privacy-officer@landelijk"):
            with pytest.raises(Onbekend):
                world.ask(stranger, asked.model_copy(update={"deelnemer": AVIM}))
        with pytest.raises(Onbekend):
            world.ask(CP, asked.model_copy(update={"signaal_id": id_of("niets")}))


def test_the_overdue_list_names_what_waits_longest_first() -> None:
    world = World()
    received(world)
    overdue = requests_of(world).overdue(NU + timedelta(days=32))
    assert [one.verzoek_id for one in overdue] == [V]
    assert requests_of(world).overdue(NU + timedelta(days=31)) == []
    assert requests_of(world).of(ZC) == []
    assert replace(overdue[0].dossier, stand="gesloten").te_laat(DAY + timedelta(days=99)) is False
