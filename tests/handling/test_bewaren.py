"""Retention: what is due is destroyed, what is needed waits, and what a person must judge is judged."""

from datetime import UTC, date, datetime

import pytest

from contracts.bewaring import (
    HefUitstelOp,
    SignaalVernietigd,
    VernietigingGeweigerd,
    VernietigSignaal,
    VernieuwVerwerking,
    VerwerkingVernieuwd,
    WisSignaal,
)
from contracts.casus import BepaalDeelnemers, KoppelSignaal, OpenCasus, StelEmbargo
from contracts.signaal import VernietigBetrokkene, VerrijkSignaal, WeerlegSignaal
from contracts.verstrekking import VerstrekkingVervallen
from hub.domain.oordeel import Onbekend, Strijdig
from hub.ledger.keys import Destroyed
from tests.handling.bewaarwereld import BewaarWereld
from tests.handling.executing import AF, AVIM, NLA, NU, OVJ, ZC, doorzetten, id_of, riec_case, signaal

MAX = "wgs-vijf-jaar"
DAY_BEFORE = datetime(2031, 3, 1, 23, 59, tzinfo=UTC)
DUE = datetime(2031, 3, 2, 0, 0, tzinfo=UTC)
OFFICER = "privacy-officer@landelijk"


@pytest.fixture
def world() -> BewaarWereld:
    return BewaarWereld()


class TestTerms:
    def test_five_years_after_the_first_processing_and_not_a_day_sooner(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        assert world.due(DAY_BEFORE) == []
        assert world.lijst.run(DAY_BEFORE).vernietigd == 0
        assert world.due(DUE) == [(MAX, "vanzelf")]
        assert world.lijst.run(DUE).vernietigd == 1
        assert world.weg("s")
        assert world.due(DUE) == []
        assert "wordt laat opgehaald" not in world.leesbaar()
        assert "Testa Fictema" not in world.leesbaar()

    def test_what_is_due_of_a_seat_is_what_it_brought_in_as_it_stands_now(self, world: BewaarWereld) -> None:
        for name in ("s", "t"):
            world.in_riec(name)
        assert [turn.id for turn in world.lijst.due_for(AVIM, DUE)] == [turn.id for turn in world.lijst.due(DUE)]
        assert world.lijst.due_for(NLA, DUE) == []
        world.uitgesteld("s", "signaal", "rechtsvordering")
        assert {(turn.id, turn.stand) for turn in world.lijst.due_for(AVIM, DUE)} == {
            (id_of("s"), "uitgesteld"),
            (id_of("t"), "vanzelf"),
        }
        world.vernietig("t", "signaal", MAX, DUE)
        assert [turn.id for turn in world.lijst.due_for(AVIM, DUE)] == [id_of("s")]

    def test_a_case_that_was_not_taken_up_goes_at_once_with_its_signals(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        riec_case(world, "c", NLA)
        world.ask(AVIM, KoppelSignaal(casus_id=id_of("c"), signaal_id=id_of("s")))
        world.sluit("c", "niet-in-behandeling")
        assert world.lijst.run(NU).vernietigd == 2
        assert world.weg("c")
        assert world.weg("s")
        assert not world.weg("c-signaal")  # an own record of the police, outside the partnership

    def test_a_signal_stays_while_another_case_needs_it(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        for name in ("c", "d"):
            riec_case(world, name, NLA)
            world.ask(AVIM, KoppelSignaal(casus_id=id_of(name), signaal_id=id_of("s")))
        world.sluit("c", "onvoldoende-aanwijzingen")
        world.lijst.run(NU)
        assert world.weg("c")
        assert not world.weg("s")
        world.sluit("d", "hulp-gestart")
        world.lijst.run(NU)
        assert not world.weg("s")

    def test_what_is_no_longer_needed_waits_for_a_person(self, world: BewaarWereld) -> None:
        riec_case(world, "c", NLA)
        world.sluit("c", "hulp-gestart")
        assert world.due(NU) == [("wgs-niet-langer-nodig", "beoordelen")]
        assert world.lijst.run(NU).wacht == 1
        with pytest.raises(Strijdig):
            world.vernietig("c", "casus", "wgs-niet-langer-nodig", NU)
        world.oordeel("c", "casus", "wgs-niet-langer-nodig", NU, vernietigen=False, herbezie_op=date(2026, 9, 1))
        assert world.due(NU) == []
        later = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
        assert world.due(later) == [("wgs-niet-langer-nodig", "beoordelen")]
        world.oordeel("c", "casus", "wgs-niet-langer-nodig", later, vernietigen=True)
        assert world.lijst.run(later).vernietigd == 1

    def test_a_closed_case_kept_by_a_person_still_goes_after_five_years(self, world: BewaarWereld) -> None:
        riec_case(world, "c", NLA)
        world.sluit("c", "hulp-gestart")
        world.oordeel("c", "casus", "wgs-niet-langer-nodig", NU, vernietigen=False, herbezie_op=date(2040, 1, 1))
        world.lijst.run(DUE)
        assert world.weg("c")

    def test_who_asks_before_the_term_is_over_gets_nothing(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        with pytest.raises(Strijdig):
            world.vernietig("s", "signaal", MAX, DAY_BEFORE)

    def test_only_the_seat_that_runs_the_hub_destroys_by_the_clock(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        for seat in (AVIM, NLA, OFFICER):
            with pytest.raises(Onbekend):
                world.ask(seat, VernietigSignaal(signaal_id=id_of("s"), termijn=MAX), nu=DUE)


class TestDestruction:
    def test_the_receipt_says_what_ended_and_nothing_of_what_it_said(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        (receipt,) = [one for one in world.vernietig("s", "signaal", MAX, DUE) if isinstance(one, SignaalVernietigd)]
        assert (receipt.termijn, receipt.grondslag, receipt.vervalt_op) == (MAX, "WGS 1.8 lid 7", date(2031, 3, 2))
        assert receipt.sleutels == 1
        assert receipt.regels == ("wgs-beheerder-vernietigt",)

    def test_every_recipient_is_told(self, world: BewaarWereld) -> None:
        world.ask(AVIM, signaal("s", wpg_artikel="8"))
        riec_case(world, "c", NLA)
        assert world.held(NLA, "c-signaal")
        world.sluit("c", "niet-in-behandeling")
        events = world.vernietig("c", "casus", "wgs-niet-opgepakt", NU)
        assert [one.reden for one in events if isinstance(one, VerstrekkingVervallen)] == ["vernietigd"]
        assert not world.held(NLA, "c-signaal")

    def test_the_people_of_another_signal_stay(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        world.ask(ZC, signaal("t"))
        world.lijst.run(DUE)
        restored = world.mapper.to_messages(world.store.read(0, 100))
        assert sum("Testa Fictema" in repr(one) for one in restored) == 1

    def test_nothing_more_can_be_added(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        world.lijst.run(DUE)
        content = signaal("s").melding.inhoud
        more = VerrijkSignaal(
            signaal_id=id_of("s"), verrijking_id=id_of("v"), herkomst="x", wpg_artikel="8", inhoud=content
        )
        with pytest.raises(Destroyed):
            world.ask(AVIM, more, nu=DUE)

    def test_running_again_changes_nothing(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        world.lijst.run(DUE)
        head = world.store.head()
        world.lijst.run(DUE)
        assert world.store.head() == head


class TestHolds:
    @pytest.mark.parametrize("reden", ["rechtsvordering", "wettelijk-voorschrift", "lopend-verzoek"])
    def test_a_hold_stops_the_clock_until_it_is_lifted(self, world: BewaarWereld, reden: str) -> None:
        world.in_riec("s")
        hold = world.uitgesteld("s", "signaal", reden)
        assert world.due(DUE) == [(MAX, "uitgesteld")]
        assert world.lijst.run(DUE).vernietigd == 0
        refused = world.vernietig("s", "signaal", MAX, DUE)
        assert [type(one) for one in refused] == [VernietigingGeweigerd]
        lift = HefUitstelOp(onderwerp_id=id_of("s"), soort="signaal", uitstel_id=hold.uitstel_id)
        with pytest.raises(Onbekend):
            world.ask(NLA, lift, nu=DUE)
        world.ask(OFFICER, lift, nu=DUE)
        assert world.lijst.run(DUE).vernietigd == 1

    def test_an_embargo_holds_what_may_wait_and_not_the_longest_term(self, world: BewaarWereld) -> None:
        riec_case(world, "c", NLA, OVJ)
        world.ask(OVJ, StelEmbargo(casus_id=id_of("c"), motivering="onderzoek", herbezie_op=date(2026, 9, 1)))
        world.sluit("c", "niet-in-behandeling")
        assert world.due(NU) == [("wgs-niet-opgepakt", "uitgesteld")]
        assert (MAX, "vanzelf") in world.due(DUE)

    def test_a_hold_on_a_case_holds_its_signals(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        riec_case(world, "c", NLA)
        world.ask(AVIM, KoppelSignaal(casus_id=id_of("c"), signaal_id=id_of("s")))
        world.uitgesteld("c", "casus", "rechtsvordering")
        assert (MAX, "uitgesteld") in world.due(DUE, "signaal")
        world.lijst.run(DUE)
        assert not world.weg("s")
        assert not world.weg("c")

    @pytest.mark.parametrize(("reden", "blijft"), [("rechtsvordering", True), ("lopend-verzoek", False)])
    def test_a_claim_keeps_a_person_too_and_a_request_does_not(
        self, world: BewaarWereld, reden: str, blijft: bool
    ) -> None:
        world.in_riec("s")
        world.uitgesteld("s", "signaal", reden)
        erase = VernietigBetrokkene(
            signaal_id=id_of("s"), betrokkene_id=id_of("s-persoon"), motivering="verzoek-betrokkene"
        )
        if blijft:
            with pytest.raises(Strijdig):
                world.ask(AVIM, erase)
        else:
            world.ask(AVIM, erase)
        assert ("Testa Fictema" in world.leesbaar()) is blijft

    def test_an_unknown_reason_is_no_reason_and_a_stranger_sets_none(self, world: BewaarWereld) -> None:
        world.in_riec("s")
        with pytest.raises(Strijdig):
            world.uitgesteld("s", "signaal", "liever-niet")
        with pytest.raises(Onbekend):
            world.uitgesteld("nergens", "signaal", "rechtsvordering")


class TestUnfounded:
    @pytest.fixture
    def care(self, world: BewaarWereld) -> BewaarWereld:
        world.ask(ZC, signaal("s", "zorg-en-registratie", ziek=True))
        return world

    def test_a_care_provider_erases_at_once_what_proved_unfounded(self, care: BewaarWereld) -> None:
        with pytest.raises(Strijdig):
            care.ask(ZC, WisSignaal(signaal_id=id_of("s")))
        care.ask(ZC, WeerlegSignaal(signaal_id=id_of("s"), motivering="misverstand"))
        events = care.ask(ZC, WisSignaal(signaal_id=id_of("s"))).events
        assert isinstance(events[-1], SignaalVernietigd)
        assert "blauwe plek" not in care.leesbaar()
        assert "misverstand" not in care.leesbaar()

    def test_nobody_else_erases_it_and_the_run_leaves_it_to_the_provider(self, care: BewaarWereld) -> None:
        care.ask(ZC, WeerlegSignaal(signaal_id=id_of("s"), motivering="misverstand"))
        with pytest.raises(Onbekend):
            care.ask(AF, WisSignaal(signaal_id=id_of("s")))
        assert care.due(NU) == [("zorg-ongegrond", "verstrekker")]
        assert care.lijst.run(NU).vernietigd == 0


class TestOwnRecords:
    """Tracks without a term in law: every year a person looks, and the provider itself destroys."""

    def test_a_provider_destroys_what_it_judged_to_be_of_no_more_use(self, world: BewaarWereld) -> None:
        world.ask(AVIM, signaal("s", wpg_artikel="8"))
        year = datetime(2027, 3, 2, tzinfo=UTC)
        assert world.due(NU) == []
        assert world.due(year) == [("intern-instelling", "beoordelen")]
        with pytest.raises(Strijdig):
            world.ask(AVIM, WisSignaal(signaal_id=id_of("s")), nu=year)
        world.oordeel("s", "signaal", "intern-instelling", year, vernietigen=True)
        assert world.due(year) == [("intern-instelling", "verstrekker")]
        assert world.lijst.run(year).vernietigd == 0
        with pytest.raises(Onbekend):
            world.ask(NLA, WisSignaal(signaal_id=id_of("s")), nu=year)
        world.ask(AVIM, WisSignaal(signaal_id=id_of("s")), nu=year)
        assert world.weg("s")


class TestRenewal:
    def open(self, world: BewaarWereld) -> None:
        world.ask(AVIM, signaal("s"))
        world.ask(
            AVIM,
            OpenCasus(casus_id=id_of("z"), spoor="zvh", regio="ede", doel="zvh-casus", vorm="seksuele-uitbuiting"),
        )
        world.ask(AVIM, BepaalDeelnemers(casus_id=id_of("z"), deelnemers=(AVIM, OVJ)))

    def renew(self, maanden: int = 24, instemming: str = "alle") -> VernieuwVerwerking:
        return VernieuwVerwerking(
            casus_id=id_of("z"), grond="complex-open", maanden=maanden, instemming_van_bron=instemming
        )

    def test_a_case_of_the_safety_house_is_renewed_for_two_years_with_consent(self, world: BewaarWereld) -> None:
        self.open(world)
        (renewed,) = world.ask(AVIM, self.renew(), nu=DAY_BEFORE).events
        assert isinstance(renewed, VerwerkingVernieuwd)
        assert renewed.tot == date(2033, 3, 1)
        assert world.due(DUE, "casus") == []
        assert world.due(datetime(2033, 3, 2, tzinfo=UTC), "casus") == [(MAX, "vanzelf")]

    @pytest.mark.parametrize(("maanden", "instemming"), [(25, "alle"), (24, "deel"), (24, "geen")])
    def test_not_longer_and_not_without_consent(self, world: BewaarWereld, maanden: int, instemming: str) -> None:
        self.open(world)
        (refused,) = world.ask(AVIM, self.renew(maanden, instemming), nu=DAY_BEFORE).events
        assert isinstance(refused, VernietigingGeweigerd)
        assert world.due(DUE, "casus") == [(MAX, "vanzelf")]

    def test_the_riec_renews_nothing(self, world: BewaarWereld) -> None:
        riec_case(world, "z", NLA)
        with pytest.raises(Strijdig):
            world.ask(AVIM, self.renew(), nu=DAY_BEFORE)


def test_a_signal_passed_on_is_gone_for_its_receiver_too(world: BewaarWereld) -> None:
    world.ask(ZC, signaal("s", "zorg-en-registratie"))
    world.ask(ZC, doorzetten("s", AF, "zorg-en-registratie", "zorg-opvang"))
    world.ask(ZC, WeerlegSignaal(signaal_id=id_of("s"), motivering="misverstand"))
    world.ask(ZC, WisSignaal(signaal_id=id_of("s")))
    assert not world.held(AF, "s")


class TestEpochs:
    def test_a_new_epoch_begins_each_month_and_ends_a_week_after_a_destruction(self, world: BewaarWereld) -> None:
        terms = world.questions.beleid.bewaartermijnen
        epochs = world.tijdvakken()
        world.in_riec("s")
        assert epochs.run(terms, NU) == 0
        (first, second) = world.key_store.names()
        world.in_riec("t", nu=datetime(2026, 3, 20, tzinfo=UTC))
        assert epochs.run(terms, datetime(2026, 4, 1, tzinfo=UTC)) == 0
        assert world.key_store.names() == (first, second)
        assert epochs.run(terms, datetime(2026, 4, 2, tzinfo=UTC)) == 0
        assert len(world.key_store.names()) == 3
        world.lijst.run(DUE)
        assert epochs.run(terms, datetime(2031, 3, 8, tzinfo=UTC)) == 0
        assert epochs.run(terms, datetime(2031, 3, 9, tzinfo=UTC)) == 1
        assert first not in world.key_store.names()
        assert second in world.key_store.names()
        assert "tijdvaksleutel-vernietigd" in world.store.read(0, 1000)[-1].topic
        assert epochs.run(terms, datetime(2031, 3, 10, tzinfo=UTC)) == 0
