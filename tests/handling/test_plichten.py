"""Each duty as it goes: what begins it, who owes it, what the clock brings, and what ends it."""

from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest

from contracts.bedenktijd import BedenktijdGeweigerd, BeeindigBedenktijd, BeginBedenktijd, LegBedenktijdVast
from contracts.bewaring import VernietigingBeoordeeld
from contracts.brug import BevestigBrugbericht, Contactpersoon, StuurBrugbericht, Venster
from contracts.casus import (
    DraagRegieOver,
    HefEmbargoOp,
    SluitCasus,
    StelEmbargo,
    StelInterventieVoor,
)
from contracts.inhoud import Rolperiode
from contracts.overleg import LaatDeelnemerBinnen, OpenOverleg, SpreekActieAf
from contracts.plicht import MeldPlichtVervuld, PlichtGeescaleerd
from contracts.signaal import KenRolToe, MerkSignaalNietGedeeld, RegistreerSignaal, TrekSignaalIn
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.plicht import OPEN, TE_LAAT, VERVALLEN, VERVULD
from hub.handling.banden import banden
from hub.handling.step import Step
from tests.handling.executing import AF, AVIM, NLA, NU, OVJ, ZC, doorzetten, id_of, riec_case, signaal
from tests.handling.plichtwereld import COA, COMENSHA, DTV, OFFICER, Plichtenwereld, dag

S = id_of("s")
KMAR, EMM = "kmar@amsterdam", "politie.emm@landelijk"


@pytest.fixture
def wereld() -> Plichtenwereld:
    return Plichtenwereld()


def geregistreerd(wereld: Plichtenwereld, zetel: str = AVIM) -> Plichtenwereld:
    wpg = "8" if zetel.startswith(("politie", "kmar")) else None
    wereld.ask(zetel, signaal("s", wpg_artikel=wpg))
    wereld.run()
    return wereld


class TestComensha:
    @pytest.mark.parametrize("zetel", [AVIM, "politie.basisteam@ede", KMAR, NLA])
    def test_who_investigates_and_knows_a_presumed_victim_owes_a_report(
        self, wereld: Plichtenwereld, zetel: str
    ) -> None:
        duty = geregistreerd(wereld, zetel).duty("comensha-melden")
        assert (duty.begin.plichthouder, duty.begin.onderwerp_id, duty.status) == (zetel, S, OPEN)
        assert (duty.begin.grondslag, duty.begin.toezicht) == ("Vc B8/3", (OFFICER,))
        assert duty.begin.uiterlijk == NU.date() + timedelta(days=7)

    @pytest.mark.parametrize("zetel", [ZC, AF, COA, "opvang@utrecht"])
    def test_care_and_municipality_do_not(self, wereld: Plichtenwereld, zetel: str) -> None:
        assert "comensha-melden" not in geregistreerd(wereld, zetel).codes()

    def test_a_role_that_is_seen_later_begins_it_too(self, wereld: Plichtenwereld) -> None:
        wereld.ask(AVIM, _zonder_rol())
        wereld.run()
        assert wereld.codes() == set()
        role = Rolperiode(rol="vermoedelijk-slachtoffer")
        wereld.ask(AVIM, KenRolToe(signaal_id=S, betrokkene_id=id_of("s-persoon"), rol=role))
        wereld.run()
        assert wereld.codes() == {"comensha-melden", "bedenktijd-aanbieden"}

    def test_reporting_to_comensha_meets_it(self, wereld: Plichtenwereld) -> None:
        geregistreerd(wereld)
        given = {"wettelijke_grond": "bpg-4-2-b-3", "besluit_vastgelegd": True}
        wereld.ask(AVIM, doorzetten("s", COMENSHA, "bilateraal", "registratie-comensha", **given), 1)
        assert wereld.world.held(COMENSHA, "s")
        assert wereld.run(1) == ["Vervuld comensha-melden"]
        assert wereld.run(60).count("TeLaat comensha-melden") == 0

    def test_reporting_to_another_does_not(self, wereld: Plichtenwereld) -> None:
        geregistreerd(wereld)
        wereld.ask(AVIM, doorzetten("s", OVJ, "bilateraal", "strafvordering"), 1)
        assert "Vervuld comensha-melden" not in wereld.run(1)

    def test_it_lapses_with_the_signal(self, wereld: Plichtenwereld) -> None:
        geregistreerd(wereld)
        wereld.ask(AVIM, TrekSignaalIn(signaal_id=S, motivering="vergissing"), 1)
        wereld.run(1)
        assert wereld.duty("comensha-melden").status == VERVALLEN

    def test_it_is_reminded_of_is_late_and_comes_before_the_officer(self, wereld: Plichtenwereld) -> None:
        geregistreerd(wereld)
        told = [step for day in range(40) for step in wereld.run(day) if step.endswith("comensha-melden")]
        assert [step.split()[0] for step in told] == ["Herinnerd", "TeLaat", "Herinnerd", "Geescaleerd"]
        (escalated,) = [
            one
            for one in wereld.recorded()
            if isinstance(one, PlichtGeescaleerd) and wereld.of(one).begin.plicht == "comensha-melden"
        ]
        assert escalated.aan == (OFFICER,)


class TestBedenktijd:
    def test_pointing_it_out_is_a_duty(self, wereld: Plichtenwereld) -> None:
        assert "bedenktijd-aanbieden" in geregistreerd(wereld).codes()
        wereld.ask(AVIM, LegBedenktijdVast(signaal_id=S, status="aangeboden"), 1)
        assert wereld.run(1) == ["Vervuld bedenktijd-aanbieden"]

    @pytest.mark.parametrize(
        ("dublin", "begint", "eind"),
        [
            (False, date(2026, 3, 1), date(2026, 6, 1)),
            (False, date(2025, 11, 30), date(2026, 2, 28)),
            (True, date(2026, 3, 1), date(2026, 3, 31)),
        ],
    )
    def test_it_ends_after_three_months_or_thirty_days(
        self, wereld: Plichtenwereld, dublin: bool, begint: date, eind: date
    ) -> None:
        _begin(geregistreerd(wereld), begint, dublin=dublin)
        wereld.run()
        code = "bedenktijd-eindigt-dublin" if dublin else "bedenktijd-eindigt"
        assert wereld.duty(code).begin.uiterlijk == eind

    def test_there_are_warnings_before_the_end(self, wereld: Plichtenwereld) -> None:
        _begin(geregistreerd(wereld), NU.date())
        warned = [day for day in range(100) for step in wereld.run(day) if step == "Herinnerd bedenktijd-eindigt"]
        assert warned == [61, 78, 89]
        assert wereld.duty("bedenktijd-eindigt").status == TE_LAAT

    @pytest.mark.parametrize("einde", ["medewerking", "afgezien", "vertrek", "termijn"])
    def test_it_ends_by_cooperation_refusal_or_departure(self, wereld: Plichtenwereld, einde: str) -> None:
        _begin(geregistreerd(wereld), NU.date())
        wereld.run()
        ended = BeeindigBedenktijd(signaal_id=S, bedenktijd_id=id_of("b"), einde=f"geeindigd-{einde}")
        wereld.ask(AVIM, ended, 10)
        assert "Vervuld bedenktijd-eindigt" in wereld.run(10)
        assert not wereld.ask(AVIM, ended, 11).events

    @pytest.mark.parametrize("zetel", ["politie.basisteam@ede", NLA, ZC, AF, COA, DTV])
    def test_only_who_is_competent_records_it(self, wereld: Plichtenwereld, zetel: str) -> None:
        (refused,) = _begin(geregistreerd(wereld, zetel), NU.date(), zetel)
        assert isinstance(refused, BedenktijdGeweigerd)
        assert not [one for one in wereld.run() if "bedenktijd-eindigt" in one]

    def test_who_does_not_hold_the_signal_learns_nothing(self, wereld: Plichtenwereld) -> None:
        with pytest.raises(Onbekend):
            _begin(geregistreerd(wereld), NU.date(), KMAR)

    def test_one_that_has_not_begun_cannot_be_ended(self, wereld: Plichtenwereld) -> None:
        geregistreerd(wereld)
        with pytest.raises(Onbekend):
            wereld.ask(AVIM, BeeindigBedenktijd(signaal_id=S, bedenktijd_id=id_of("b"), einde="geeindigd-vertrek"))
        with pytest.raises(Strijdig):
            _begin(wereld, NU.date() + timedelta(days=1))


class TestKalender:
    def test_coa_delivers_each_month_and_emm_reports_back_each_quarter(self, wereld: Plichtenwereld) -> None:
        wereld.run()
        periods = {(one.begin.plichthouder, one.begin.deel, one.begin.uiterlijk) for one in wereld.all()}
        assert periods == {(COA, "2026-03-01", date(2026, 3, 31)), (EMM, "2026-01-01", date(2026, 3, 31))}
        wereld.run(31)
        assert {one.begin.deel for one in wereld.all() if one.begin.plichthouder == COA} == {"2026-03-01", "2026-04-01"}

    def test_the_holder_says_that_it_is_done(self, wereld: Plichtenwereld) -> None:
        wereld.run()
        begin = next(one.begin for one in wereld.all() if one.begin.plichthouder == COA)
        done = MeldPlichtVervuld(plicht_id=begin.plicht_id, onderwerp_id=begin.onderwerp_id)
        with pytest.raises(Onbekend):
            wereld.ask(AVIM, done)
        wereld.ask(COA, done)
        assert not wereld.ask(COA, done).events
        assert next(one for one in wereld.all() if one.begin.plichthouder == COA).status == VERVULD


def test_what_must_show_in_the_hub_cannot_be_met_by_saying_so(wereld: Plichtenwereld) -> None:
    begin = geregistreerd(wereld).duty("comensha-melden").begin
    with pytest.raises(Strijdig):
        wereld.ask(AVIM, MeldPlichtVervuld(plicht_id=begin.plicht_id, onderwerp_id=begin.onderwerp_id))


def test_the_return_service_opens_a_d9(wereld: Plichtenwereld) -> None:
    begin = geregistreerd(wereld, DTV).duty("d9-openen").begin
    assert (begin.plichthouder, begin.zelf_melden) == (DTV, True)
    wereld.ask(DTV, MeldPlichtVervuld(plicht_id=begin.plicht_id, onderwerp_id=begin.onderwerp_id), 1)
    assert wereld.duty("d9-openen").status == VERVULD


class TestCasus:
    @pytest.fixture(autouse=True)
    def casus(self, wereld: Plichtenwereld) -> UUID:
        riec_case(wereld.world, "c", NLA, OVJ, "gemeente.college-handhaving@ede")
        wereld.run()
        return id_of("c")

    def test_somebody_must_have_the_regie(self, wereld: Plichtenwereld, casus: UUID) -> None:
        assert wereld.duty("regie-beleggen").begin.plichthouder == AVIM
        assert "Herinnerd regie-beleggen" in wereld.run(11)
        wereld.ask(AVIM, DraagRegieOver(casus_id=casus, naar=NLA), 12)
        assert "Vervuld regie-beleggen" in wereld.run(12)

    def test_care_knows_before_an_action(self, wereld: Plichtenwereld, casus: UUID) -> None:
        for name, uitvoerder in (("i", NLA), ("j", ZC)):
            wereld.ask(
                AVIM,
                StelInterventieVoor(
                    casus_id=casus,
                    interventie_id=id_of(name),
                    uitvoerder=uitvoerder,
                    beschrijving="inval",
                    ingrijpend=True,
                ),
            )
        begun = [step for step in wereld.run() if step.endswith("zorg-informeren")]
        assert begun == ["Begon zorg-informeren"] * 2
        assert {one.begin.plichthouder for one in wereld.all() if one.begin.plicht == "zorg-informeren"} == {NLA, AVIM}
        _brug(wereld, casus)
        assert [step for step in wereld.run() if "brug" in step] == ["Begon brugbericht-bevestigen"]
        (pseudoniem,) = {one.casus_pseudoniem for one in wereld.world.events if hasattr(one, "casus_pseudoniem")}
        wereld.ask(ZC, BevestigBrugbericht(casus_pseudoniem=pseudoniem, volgnummer=1))
        assert sorted(wereld.run()) == ["Vervuld brugbericht-bevestigen", "Vervuld zorg-informeren"]
        open_ones = [one for one in wereld.all() if one.begin.plicht == "zorg-informeren" and one.loopt]
        assert [one.begin.deel for one in open_ones] == [str(id_of("j"))]

    def test_an_embargo_is_looked_at_again(self, wereld: Plichtenwereld, casus: UUID) -> None:
        later = NU.date() + timedelta(days=30)
        wereld.ask(OVJ, StelEmbargo(casus_id=casus, motivering="onderzoek", herbezie_op=later))
        wereld.run()
        assert (wereld.duty("embargo-herbezien").begin.plichthouder) == OVJ
        wereld.ask(OVJ, HefEmbargoOp(casus_id=casus), 3)
        assert "Vervuld embargo-herbezien" in wereld.run(3)

    def test_a_closed_case_is_judged_and_judged_again(self, wereld: Plichtenwereld, casus: UUID) -> None:
        wereld.ask(AVIM, SluitCasus(casus_id=casus, reden="geen-mensenhandel"))
        assert {"Vervallen regie-beleggen", "Begon bewaring-beoordelen"} <= set(wereld.run())
        _beoordeeld(wereld, casus, dag(100).date())
        assert {"Vervuld bewaring-beoordelen", "Begon bewaring-herbezien"} <= set(wereld.run())
        assert wereld.duty("bewaring-herbezien").begin.uiterlijk == dag(100).date()
        _beoordeeld(wereld, casus, None)
        assert wereld.run() == ["Vervuld bewaring-herbezien"]


def test_an_action_of_a_table_is_followed_up(wereld: Plichtenwereld) -> None:
    riec_case(wereld.world, "c", NLA)
    session = OpenOverleg(overleg_id=id_of("o"), tafel="riec-overleg", regio="ede", casussen=(id_of("c"),))
    wereld.ask(AVIM, session)
    wereld.ask(AVIM, LaatDeelnemerBinnen(overleg_id=id_of("o"), deelnemer=NLA))
    for wanneer in (NU.date() + timedelta(days=5), None):
        wereld.ask(AVIM, SpreekActieAf(overleg_id=id_of("o"), eigenaar=NLA, gereed_op=wanneer, actie="bellen"))
    wereld.run()
    actions = sorted((one for one in wereld.all() if one.begin.plicht == "actie-opvolgen"), key=lambda one: one.gezien)
    assert [one.begin.uiterlijk for one in actions] == [NU.date() + timedelta(days=days) for days in (5, 28)]
    assert "TeLaat actie-opvolgen" in wereld.run(6)
    first = actions[0].begin
    wereld.ask(NLA, MeldPlichtVervuld(plicht_id=first.plicht_id, onderwerp_id=first.onderwerp_id), 7)
    assert [one.status for one in wereld.all() if one.begin.plicht == "actie-opvolgen"] == [VERVULD, OPEN]


def test_who_was_not_there_is_not_told_that_there_was_a_session(wereld: Plichtenwereld) -> None:
    wereld.ask(AVIM, OpenOverleg(overleg_id=id_of("o"), tafel="riec-overleg", regio="ede"))
    wereld.ask(AVIM, SpreekActieAf(overleg_id=id_of("o"), eigenaar=ZC, actie="bellen"))
    wereld.run()
    assert wereld.duty("actie-opvolgen").begin.plichthouder == AVIM


def test_a_signal_that_is_kept_and_not_shared_is_looked_at_again(wereld: Plichtenwereld) -> None:
    geregistreerd(wereld, ZC)
    for number in (10, 20):
        kept = MerkSignaalNietGedeeld(signaal_id=S, motivering="te pril", herinner_op=dag(number).date())
        wereld.ask(ZC, kept, number - 10)
        wereld.run(number - 10)
    duty = wereld.duty("signaal-herbezien")
    assert (duty.begin.uiterlijk, duty.status) == (dag(20).date(), OPEN)


def _zonder_rol() -> RegistreerSignaal:
    command = signaal("s", wpg_artikel="8")
    inhoud = command.melding.inhoud
    person = inhoud.betrokkenen[0].model_copy(update={"rollen": ()})
    melding = command.melding.model_copy(update={"inhoud": inhoud.model_copy(update={"betrokkenen": (person,)})})
    return command.model_copy(update={"melding": melding})


def _begin(wereld: Plichtenwereld, begint: date, zetel: str = AVIM, *, dublin: bool = False) -> tuple[object, ...]:
    begun = BeginBedenktijd(signaal_id=S, bedenktijd_id=id_of("b"), begint_op=begint, dublin=dublin)
    return wereld.ask(zetel, begun).events


def _beoordeeld(wereld: Plichtenwereld, casus: UUID, herbezie_op: date | None) -> None:
    judged = VernietigingBeoordeeld(
        onderwerp_id=casus,
        soort="casus",
        termijn="wgs-niet-langer-nodig",
        vernietigen=herbezie_op is None,
        reden="nog-nodig",
        herbezie_op=herbezie_op,
        zetel=AVIM,
        tijdstip=NU,
    )

    def record(step: Step) -> None:
        stream = uuid5(casus, "beoordeling")
        step.work.load((stream,))
        step.work.add(stream, [judged], "hub")

    wereld.world.ledger.perform(record, AVIM, NU)


def _brug(wereld: Plichtenwereld, casus: UUID) -> None:
    wereld.ask(
        AVIM,
        StuurBrugbericht(
            casus_id=casus,
            interventie_id=id_of("i"),
            naar=ZC,
            venster=Venster(van=dag(3), tot=dag(4)),
            veiligheidsmaatregel_nodig=True,
            contactpersoon=Contactpersoon(functie="coordinator", telefoon="06-00001234"),
        ),
    )


def test_a_duty_explains_a_look_at_ones_own_list_alone(wereld: Plichtenwereld) -> None:
    geregistreerd(wereld)
    key = f"signaal:{S}"
    own = [one for one in banden(wereld.world.store, [key])[key] if one.soort == "plicht"]
    assert {(one.zetel, one.vraag) for one in own} == {(AVIM, "plichten")}
