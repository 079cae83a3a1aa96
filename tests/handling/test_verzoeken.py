"""Requests by persons: identification first, clocks of the law, refusals with everything they need, lapse reopens."""

from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from contracts.casus import BepaalDeelnemers, KoppelSignaal
from contracts.inhoud import Betrokkene, Rolperiode, SignaalInhoud
from contracts.message import Event
from contracts.signaal import RegistreerSignaal
from contracts.verzoek import (
    BeantwoordVerzoek,
    BeslisOpVerzoek,
    DeelnemersGeraadpleegd,
    HefBeperkingOp,
    Identiteit,
    MeldGeenWeigeringsgrond,
    MeldVervalWeigeringsgrond,
    MeldWeigeringsgrond,
    OntvangVerzoek,
    RaadpleegDeelnemers,
    RondTaakAf,
    SluitVerzoek,
    StelIdentiteitVast,
    TermijnVerlengd,
    VerlengTermijn,
    VerwerkingBeperkt,
    VerzoekBeantwoord,
    VerzoekBeslist,
    VerzoekGeweigerd,
    VerzoekhandelingGeweigerd,
    VerzoekHeropend,
    VerzoekOntvangen,
    WeigerVerzoek,
)
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.verzoeken import dossier_of
from tests.handling.executing import AVIM, COLLEGE, NU, OVJ, ZC, World, doorzetten, id_of, riec_case, signaal

CP, COMENSHA = "contactpunt@oost-nederland", "comensha@landelijk"
BSN = "999900018"
V = id_of("verzoek")
LETTER = "d-strafbare-feiten"


def of_her(name: str, bsn: str | None = BSN, spoor: str = "intern", **more: Any) -> RegistreerSignaal:
    """A signal that names her, in the records of one source."""
    whole = signaal(name, spoor, **more)
    person = Betrokkene(
        betrokkene_id=id_of(name + "-persoon"),
        naam="Testa Fictema",
        geboortedatum=date(1999, 4, 1),
        bsn=bsn,
        rollen=(Rolperiode(rol="vermoedelijk-slachtoffer"),),
    )
    content: SignaalInhoud = whole.melding.inhoud.model_copy(update={"betrokkenen": (person,)})
    return whole.model_copy(update={"melding": whole.melding.model_copy(update={"inhoud": content})})


def received(world: World, soort: str = "inzage", zetel: str = CP, op: date = NU.date()) -> None:
    world.ask(zetel, OntvangVerzoek(verzoek_id=V, recht=soort, ontvangen_op=op, kanaal="post"))


def identified(world: World, soort: str = "inzage", zetel: str = CP) -> None:
    received(world, soort, zetel)
    proved = StelIdentiteitVast(verzoek_id=V, middel="digid", identiteit=Identiteit(bsn=BSN))
    world.ask(zetel, proved)


def consulted(world: World, soort: str = "inzage") -> None:
    identified(world, soort)
    world.ask(CP, RaadpleegDeelnemers(verzoek_id=V))


def last(world: World) -> Event:
    return world.events[-1]


def late(days: int) -> datetime:
    return NU + timedelta(days=days)


@pytest.fixture
def world() -> World:
    world = World()
    world.ask(ZC, of_her("zorg"))
    world.ask(AVIM, of_her("politie", wpg_artikel="8"))
    world.ask(ZC, of_her("ander", bsn="999900006"))
    return world


@pytest.mark.parametrize("zetel", [ZC, "gemeente.af-oov@ede", "privacy-officer@landelijk", "systeem@landelijk"])
def test_only_who_answers_persons_takes_requests_in(world: World, zetel: str) -> None:
    with pytest.raises(Onbekend):
        received(world, zetel=zetel)


@pytest.mark.parametrize(
    ("zetel", "op", "uiterlijk"),
    [
        (CP, date(2026, 3, 2), date(2026, 4, 2)),
        (CP, date(2026, 1, 31), date(2026, 2, 28)),
        (CP, date(2025, 12, 31), date(2026, 1, 31)),
        (AVIM, date(2026, 3, 2), date(2026, 4, 13)),
    ],
)
def test_the_clock_is_a_month_or_six_weeks_for_police_data(zetel: str, op: date, uiterlijk: date) -> None:
    world = World()
    received(world, zetel=zetel, op=op)
    event = last(world)
    assert isinstance(event, VerzoekOntvangen)
    assert event.uiterlijk == uiterlijk


def test_a_request_of_the_future_and_a_second_of_one_number_conflict(world: World) -> None:
    with pytest.raises(Strijdig):
        received(world, op=NU.date() + timedelta(days=1))
    received(world)
    with pytest.raises(Strijdig):
        received(world)


@pytest.mark.parametrize(
    "command",
    [
        RaadpleegDeelnemers(verzoek_id=V),
        BeantwoordVerzoek(verzoek_id=V),
        WeigerVerzoek(verzoek_id=V, deelnemer=AVIM, letter=LETTER, afweging="nodig"),
        BeslisOpVerzoek(verzoek_id=V, besluit="toegewezen", motivering="juist"),
    ],
)
def test_nothing_happens_before_it_is_known_who_asks(world: World, command: Any) -> None:
    received(world, "wissing" if isinstance(command, BeslisOpVerzoek) else "inzage")
    with pytest.raises(Strijdig, match="wie het verzoek doet"):
        world.ask(CP, command)


def test_a_name_alone_identifies_nobody() -> None:
    with pytest.raises(ValidationError, match="burgerservicenummer"):
        StelIdentiteitVast(verzoek_id=V, middel="digid", identiteit=Identiteit(naam="Testa Fictema"))


def test_another_contact_point_does_not_know_the_request(world: World) -> None:
    received(world)
    with pytest.raises(Onbekend):
        world.ask("contactpunt@noord-holland", SluitVerzoek(verzoek_id=V, reden="ingetrokken"))


def test_every_source_that_names_her_is_asked_and_no_other(world: World) -> None:
    world.ask(OVJ, of_her("zelfde-naam", bsn=None))
    consulted(world)
    event = last(world)
    assert isinstance(event, DeelnemersGeraadpleegd)
    assert event.deelnemers == tuple(sorted((ZC, AVIM)))
    with pytest.raises(Onbekend):
        world.ask(OVJ, MeldGeenWeigeringsgrond(verzoek_id=V))


def test_an_answer_waits_for_every_participant_that_was_asked(world: World) -> None:
    consulted(world)
    world.ask(ZC, MeldGeenWeigeringsgrond(verzoek_id=V))
    with pytest.raises(Strijdig, match="Nog niet elke deelnemer"):
        world.ask(CP, BeantwoordVerzoek(verzoek_id=V))
    world.ask(AVIM, MeldGeenWeigeringsgrond(verzoek_id=V))
    world.ask(CP, BeantwoordVerzoek(verzoek_id=V))
    event = last(world)
    assert isinstance(event, VerzoekBeantwoord)
    assert not event.te_laat
    assert "hub-betrokkene-krijgt-antwoord" in event.regels


class TestTerm:
    @pytest.mark.parametrize(
        ("days", "months", "reasons", "allowed"),
        [
            (20, 2, "veel bronnen", True),
            (31, 1, "veel bronnen", True),
            (32, 1, "veel bronnen", False),
            (20, 3, "veel bronnen", False),
            (20, 2, None, False),
        ],
    )
    def test_it_is_extended_once_reasoned_in_time_and_by_two_months_at_most(
        self, world: World, days: int, months: int, reasons: str | None, allowed: bool
    ) -> None:
        received(world)
        world.ask(CP, VerlengTermijn(verzoek_id=V, maanden=months, motivering=reasons), nu=late(days))
        assert isinstance(last(world), TermijnVerlengd if allowed else VerzoekhandelingGeweigerd)

    def test_two_extensions_count_together(self, world: World) -> None:
        received(world)
        for months in (1, 1, 1):
            world.ask(CP, VerlengTermijn(verzoek_id=V, maanden=months, motivering="veel bronnen"), nu=late(5))
        assert [type(event) for event in world.events[-3:]] == [
            TermijnVerlengd,
            TermijnVerlengd,
            VerzoekhandelingGeweigerd,
        ]
        klok = dossier_of(world.work(), V).klok
        assert klok is not None
        assert klok.uiterlijk == date(2026, 6, 2)

    def test_police_data_have_six_weeks_and_no_extension(self, world: World) -> None:
        received(world, zetel=AVIM)
        world.ask(AVIM, VerlengTermijn(verzoek_id=V, maanden=1, motivering="veel bronnen"), nu=late(5))
        assert isinstance(last(world), VerzoekhandelingGeweigerd)

    @pytest.mark.parametrize(("days", "too_late"), [(31, False), (32, True), (400, True)])
    def test_late_is_on_record_and_never_an_excuse(self, world: World, days: int, too_late: bool) -> None:
        consulted(world)
        for seat in (ZC, AVIM):
            world.ask(seat, MeldGeenWeigeringsgrond(verzoek_id=V))
        assert dossier_of(world.work(), V).te_laat(late(days).date()) is too_late
        world.ask(CP, BeantwoordVerzoek(verzoek_id=V), nu=late(days))
        event = last(world)
        assert isinstance(event, VerzoekBeantwoord)
        assert (event.te_laat, event.termijnregels) == (too_late, ("hub-antwoord-op-tijd",) if too_late else ())
        assert not dossier_of(world.work(), V).te_laat(late(days).date())


class TestGround:
    """UAVG art. 41: a refusal names who found the ground, its letter, and the weighing; lapse reopens."""

    def refuse(self, world: World, **more: Any) -> Event:
        said = {"verzoek_id": V, "deelnemer": AVIM, "letter": LETTER, "afweging": "opsporing gaat voor"} | more
        world.ask(CP, WeigerVerzoek.model_validate(said))
        return last(world)

    def found(self, world: World) -> None:
        consulted(world)
        world.ask(ZC, MeldGeenWeigeringsgrond(verzoek_id=V))
        world.ask(AVIM, MeldWeigeringsgrond(verzoek_id=V, letter=LETTER, afweging="er loopt iets"))

    def test_it_keeps_the_answer_back_until_the_request_is_refused_on_it(self, world: World) -> None:
        self.found(world)
        world.ask(CP, BeantwoordVerzoek(verzoek_id=V))
        event = last(world)
        assert isinstance(event, VerzoekhandelingGeweigerd)
        assert event.regels == ("hub-antwoord-verraadt-niets",)
        assert isinstance(self.refuse(world), VerzoekGeweigerd)

    @pytest.mark.parametrize(
        "faulty",
        [
            {"afweging": None},
            {"letter": "a-nationale-veiligheid"},
            {"deelnemer": ZC},
            {"deelnemer": OVJ},
        ],
        ids=["no weighing", "another letter", "who found none", "who was not asked"],
    )
    def test_without_any_one_of_them_nothing_is_refused(self, world: World, faulty: dict[str, Any]) -> None:
        self.found(world)
        event = self.refuse(world, **faulty)
        assert isinstance(event, VerzoekhandelingGeweigerd)
        assert "hub-weigering-onderbouwd" in event.regels
        assert dossier_of(world.work(), V).stand == "open"

    def test_its_lapse_opens_the_request_again_with_a_new_term(self, world: World) -> None:
        self.found(world)
        self.refuse(world)
        with pytest.raises(Onbekend):
            world.ask(ZC, MeldVervalWeigeringsgrond(verzoek_id=V))
        world.ask(AVIM, MeldVervalWeigeringsgrond(verzoek_id=V), nu=late(90))
        event = last(world)
        assert isinstance(event, VerzoekHeropend)
        assert event.uiterlijk == date(2026, 6, 30)
        world.ask(CP, WeigerVerzoek(verzoek_id=V, deelnemer=AVIM, letter=LETTER, afweging="nog eens"), nu=late(91))
        again = last(world)
        assert isinstance(again, VerzoekhandelingGeweigerd)
        assert "hub-weigeringsgrond-vervallen" in again.regels
        world.ask(CP, BeantwoordVerzoek(verzoek_id=V), nu=late(92))
        assert isinstance(last(world), VerzoekBeantwoord)


def test_every_step_is_in_the_access_log_for_her_rights(world: World) -> None:
    before = len(world.store.access_records(0, 1_000))
    consulted(world)
    world.ask(ZC, MeldGeenWeigeringsgrond(verzoek_id=V))
    records = [orjson.loads(record) for _, record in world.store.access_records(0, 1_000)[before:]]
    assert [one["vraag"] for one in records] == [
        "ontvang-verzoek",
        "stel-identiteit-vast",
        "raadpleeg-deelnemers",
        "meld-geen-weigeringsgrond",
    ]
    assert {one["doel"] for one in records} == {"betrokkene-rechten"}


def test_police_refuses_a_request_on_its_own_records_itself(world: World) -> None:
    identified(world, zetel=AVIM)
    world.ask(AVIM, RaadpleegDeelnemers(verzoek_id=V))
    world.ask(AVIM, MeldWeigeringsgrond(verzoek_id=V, letter=LETTER, afweging="er loopt iets"))
    world.ask(AVIM, WeigerVerzoek(verzoek_id=V, deelnemer=AVIM, letter=LETTER, afweging="opsporing gaat voor"))
    event = last(world)
    assert isinstance(event, VerzoekGeweigerd)
    assert "hub-opsporing-weigert-eigen-verzoek" in event.regels


class TestTasks:
    @pytest.mark.parametrize(
        ("soort", "taak"),
        [("rectificatie", "rectificeer"), ("wissing", "wis"), ("beperking", "beperk"), ("bezwaar", "weeg")],
    )
    def test_only_who_brought_it_in_gets_the_task_and_ends_it(self, world: World, soort: str, taak: str) -> None:
        identified(world, soort)
        outcome = world.ask(CP, BeslisOpVerzoek(verzoek_id=V, besluit="toegewezen", motivering="juist"))
        event = outcome.events[0]
        assert isinstance(event, VerzoekBeslist)
        assert {(task.zetel, task.taak) for task in event.taken} == {(ZC, taak), (AVIM, taak)}
        mine = next(task for task in event.taken if task.zetel == ZC)
        done = RondTaakAf(verzoek_id=V, taak_id=mine.taak_id, gedaan=True)
        for stranger in (AVIM, CP):
            with pytest.raises(Onbekend):
                world.ask(stranger, done)
        world.ask(ZC, done)
        assert [task.zetel for task in dossier_of(world.work(), V).open_taken()] == [AVIM]

    def test_who_does_not_do_it_says_why(self, world: World) -> None:
        identified(world, "bezwaar")
        world.ask(CP, BeslisOpVerzoek(verzoek_id=V, besluit="toegewezen", motivering="juist"))
        mine = dossier_of(world.work(), V).open_taken(ZC)[0].taak_id
        with pytest.raises(Strijdig):
            world.ask(ZC, RondTaakAf(verzoek_id=V, taak_id=mine, gedaan=False))

    def test_a_request_turned_down_asks_nobody_anything(self, world: World) -> None:
        identified(world, "wissing")
        world.ask(CP, BeslisOpVerzoek(verzoek_id=V, besluit="afgewezen", motivering="nodig voor een wettelijke taak"))
        assert not dossier_of(world.work(), V).taken

    def test_nowhere_in_the_open_does_it_say_that_signals_are_of_one_person(self, world: World) -> None:
        identified(world, "beperking")
        world.ask(CP, BeslisOpVerzoek(verzoek_id=V, besluit="toegewezen", motivering="juist"))
        for event in world.store.read(0, 1_000):
            named = [name for name in ("zorg", "politie") if str(id_of(name)).encode() in event.state]
            assert len(named) < 2
            assert not named or str(V).encode() not in event.state
            assert BSN.encode() not in event.state


class TestRestriction:
    def restricted(self, world: World) -> None:
        identified(world, "beperking")
        world.ask(CP, BeslisOpVerzoek(verzoek_id=V, besluit="toegewezen", motivering="juistheid betwist"))

    def give(self, world: World) -> None:
        world.ask(AVIM, doorzetten("politie", COMENSHA, "bilateraal", "registratie-comensha"))

    def test_nothing_of_her_goes_anywhere_new_until_it_is_lifted(self, world: World) -> None:
        self.restricted(world)
        assert {event.signaal_id for event in world.events if isinstance(event, VerwerkingBeperkt)} == {
            id_of("zorg"),
            id_of("politie"),
        }
        self.give(world)
        assert world.held(COMENSHA, "politie") == set()
        world.ask(CP, HefBeperkingOp(verzoek_id=V, motivering="juist gebleken"))
        self.give(world)
        assert world.held(COMENSHA, "politie")

    def test_who_joins_a_case_meanwhile_gets_it_when_it_is_lifted(self, world: World) -> None:
        riec_case(world, "c")
        world.ask(AVIM, KoppelSignaal(casus_id=id_of("c"), signaal_id=id_of("politie")))
        self.restricted(world)
        world.ask(AVIM, BepaalDeelnemers(casus_id=id_of("c"), deelnemers=(COLLEGE,)))
        assert world.held(COLLEGE, "c-signaal")
        assert world.held(COLLEGE, "politie") == set()
        world.ask(CP, HefBeperkingOp(verzoek_id=V, motivering="juist gebleken"))
        assert world.held(COLLEGE, "politie")

    def test_what_a_seat_held_before_it_keeps_and_no_more(self, world: World) -> None:
        self.give(world)
        before = world.held(COMENSHA, "politie")
        assert before
        self.restricted(world)
        self.give(world)
        assert world.held(COMENSHA, "politie") == before
