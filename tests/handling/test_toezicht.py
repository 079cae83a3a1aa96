"""Every access is explained from recorded facts or waits for the officer; nothing planted is explained away."""

from datetime import timedelta

import orjson
import pytest

from contracts.casus import WijzigFase
from contracts.toezicht import (
    LogboekBeoordeeld,
    MeldBelang,
    RaadplegingAfgetekend,
    TekenRaadplegingAf,
    ToezichtGeweigerd,
    WijsBehandelaarAan,
)
from hub.audit.access import Entry
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.toezicht import bevinding_of
from hub.handling.toezicht import ROUND, reviewed_until
from hub.handling.wachtrij import Bevinding, Wachtrij
from hub.ledger.envelope import opened
from hub.ledger.store import ACCESS_LOG
from tests.handling.executing import AF, AVIM, ZC, id_of, riec_case
from tests.handling.toezichtwereld import DAY, OFFICER, OIN, Toezichtwereld, later_planted, objects, season


@pytest.fixture(scope="module")
def reviewed() -> Toezichtwereld:
    made = season()
    later_planted(made)
    made.reviewer().run(made.nu)
    return made


def queue(made: Toezichtwereld) -> dict[int, Bevinding]:
    found = Wachtrij(made.world.store).open()
    return {one.gevonden.nummer: one for one in found}


def rounds(made: Toezichtwereld) -> list[LogboekBeoordeeld]:
    stored = [one for one in made.world.store.read(0, 100_000) if one.topic == LogboekBeoordeeld.TYPE]
    return [LogboekBeoordeeld.model_validate(orjson.loads(opened(one.state)[0])) for one in stored]


def small() -> Toezichtwereld:
    """One case, and a worker named in one seat."""
    made = Toezichtwereld()
    riec_case(made.world, "zaak-0", AF)
    made.names(AVIM, "avim-1", casus="zaak-0")
    return made


class TestTheSeason:
    def test_no_planted_access_is_explained(self, reviewed: Toezichtwereld) -> None:
        waiting = queue(reviewed)
        assert len(reviewed.planted) > 400
        missed = {number: what for number, what in reviewed.planted.items() if number not in waiting}
        assert missed == {}

    def test_at_least_95_percent_of_the_work_is_explained(self, reviewed: Toezichtwereld) -> None:
        waiting = queue(reviewed)
        unexplained = [number for number in reviewed.ordinary if number in waiting]
        assert len(reviewed.ordinary) > 2_500
        assert 0 < len(unexplained) <= 0.05 * len(reviewed.ordinary)

    def test_every_access_is_in_exactly_one_round(self, reviewed: Toezichtwereld) -> None:
        done = rounds(reviewed)
        assert [one.na for one in done] == [0, *(one.tot_en_met for one in done[:-1])]
        for one in done:
            assert sum(part.aantal for part in one.verklaard) + one.onverklaard == one.tot_en_met - one.na
        assert done[-1].tot_en_met == reviewed_until(reviewed.world.store)

    def test_the_same_season_has_the_same_queue(self, reviewed: Toezichtwereld) -> None:
        again = season()
        later_planted(again)
        again.reviewer().run(again.nu)
        first, second = queue(reviewed), queue(again)
        assert {n: one.gevonden.bevindingen for n, one in first.items()} == {
            n: one.gevonden.bevindingen for n, one in second.items()
        }


class TestTheRounds:
    def test_a_reviewer_that_died_goes_on_where_it_was(self) -> None:
        made = small()
        for _ in range(2 * ROUND + 10):
            made.works(AVIM, "avim-1", objects(0)[0])
        made.reviewer().round(made.nu)
        assert len(rounds(made)) == 1
        made.reviewer().run(made.nu)
        assert next(one.tot_en_met - one.na for one in rounds(made)) == ROUND
        assert reviewed_until(made.world.store) >= made.ordinary[-1]
        assert queue(made) == {}

    def test_two_reviewers_record_a_round_once(self) -> None:
        made = small()
        made.snoops("x", ZC, "zc-1", objects(0)[0])
        one, other = made.reviewer(), made.reviewer()
        other._resumed()
        one.run(made.nu)
        other.run(made.nu)
        assert len(queue(made)) == 1
        assert len({done.na for done in rounds(made)}) == len(rounds(made))

    def test_the_hubs_own_doing_starts_no_round_for_ever(self) -> None:
        made = small()
        reviewer = made.reviewer()
        reviewer.run(made.nu)
        before = made.world.store.frontier(ACCESS_LOG).size
        assert reviewer.run(made.nu) == 0
        assert made.world.store.frontier(ACCESS_LOG).size == before

    def test_a_record_that_cannot_be_read_waits_for_the_officer(self) -> None:
        made = small()
        (number,) = made.world.store.append_access([Entry(b'{"zetel":"half"}')])
        made.reviewer().run(made.nu)
        assert queue(made)[number].gevonden.bevindingen == ("onleesbaar",)


class TestWhoHandles:
    def test_a_fact_counts_from_when_it_was_recorded(self) -> None:
        made = small()
        early = made.looks(AVIM, "avim-2", objects(0)[0])
        made.nu += DAY
        made.names(AVIM, "avim-2", casus="zaak-0")
        late = made.looks(AVIM, "avim-2", objects(0)[0])
        made.reviewer().run(made.nu)
        assert early in queue(made)
        assert late not in queue(made)

    def test_who_worked_on_it_may_look_again_for_a_season(self) -> None:
        made = small()
        made.act(AVIM, WijzigFase(casus_id=id_of("zaak-0"), fase=2), "avim-9")
        soon = made.looks(AVIM, "avim-9", objects(0)[0])
        made.nu += timedelta(days=91)
        late = made.looks(AVIM, "avim-9", objects(0)[0])
        made.reviewer().run(made.nu)
        assert soon not in queue(made)
        assert late in queue(made)

    def test_naming_somebody_is_no_work_and_nobody_names_herself(self) -> None:
        made = small()
        named = WijsBehandelaarAan(behandeling_id=id_of("n"), behandelaar="avim-9", casus_id=id_of("zaak-0"))
        with pytest.raises(Strijdig):
            made.act(AVIM, named, "avim-9")
        made.act(AVIM, named, "avim-8")
        number = made.looks(AVIM, "avim-8", objects(0)[0])
        made.reviewer().run(made.nu)
        assert queue(made)[number].gevonden.bevindingen == ("niet-aangewezen",)

    def test_a_private_tie_counts_from_when_it_was_reported(self) -> None:
        made = small()
        made.names(AVIM, "avim-1", signaal="zaak-0-signaal")
        early = made.looks(AVIM, "avim-1", objects(0)[1])
        made.nu += DAY
        made.act(AVIM, MeldBelang(signaal_id=id_of("zaak-0-signaal"), behandelaar="avim-1"))
        late = made.looks(AVIM, "avim-1", objects(0)[1])
        made.reviewer().run(made.nu)
        assert queue(made).keys() == {late}
        assert early < late

    def test_a_seat_names_only_for_what_it_takes_part_in(self) -> None:
        made = small()
        with pytest.raises(Onbekend):
            made.names(ZC, "zc-1", casus="zaak-0")
        with pytest.raises(Onbekend):
            made.names(ZC, "zc-1", signaal="zaak-0-signaal")

    def test_who_has_a_private_tie_is_not_named(self) -> None:
        made = small()
        made.act(AVIM, MeldBelang(signaal_id=id_of("zaak-0-signaal"), behandelaar="avim-3"))
        with pytest.raises(Strijdig):
            made.names(AVIM, "avim-3", signaal="zaak-0-signaal")

    def test_nobody_reads_who_handles_without_a_key(self) -> None:
        made = small()
        made.names(AVIM, "unieke-naam-van-een-medewerker", casus="zaak-0")
        assert all(b"unieke-naam" not in one.state for one in made.world.store.read(0, 1_000))


class TestSigningOff:
    @pytest.fixture
    def waiting(self) -> tuple[Toezichtwereld, int]:
        made = small()
        made.snoops("x", ZC, "zc-1", objects(0)[0])
        made.reviewer().run(made.nu)
        return made, next(iter(made.planted))

    def sign(self, made: Toezichtwereld, zetel: str, number: int) -> None:
        made.act(zetel, TekenRaadplegingAf(nummer=number, uitkomst="onterecht", motivering="geen taak in deze casus"))

    def test_the_officer_signs_off_and_the_queue_is_shorter(self, waiting: tuple[Toezichtwereld, int]) -> None:
        made, number = waiting
        kept = Wachtrij(made.world.store)
        made.nu += 3 * DAY
        assert [one.dagen(made.nu) for one in kept.open()] == [3]
        self.sign(made, OFFICER, number)
        assert kept.open() == []
        judged = kept.een(number)
        assert judged is not None
        assert judged.afgetekend is not None
        assert judged.afgetekend.uitkomst == "onterecht"
        assert judged.afgetekend.zetel == OFFICER

    def test_nobody_else_signs_off(self, waiting: tuple[Toezichtwereld, int]) -> None:
        made, number = waiting
        self.sign(made, AF, number)
        assert len(queue(made)) == 1
        assert any(one.topic == ToezichtGeweigerd.TYPE for one in made.world.store.read(0, 10_000))

    def test_nobody_signs_off_an_access_of_the_own_seat(self) -> None:
        made = small()
        number = made.looks(OFFICER, "officier-1", velden=("auditregel",), doel="prestatiesturing")
        made.reviewer().run(made.nu)
        self.sign(made, OFFICER, number)
        assert number in queue(made)
        self.sign(made, "auditor@landelijk", number)
        assert number not in queue(made)

    def test_what_is_not_in_the_queue_or_judged_cannot_be_signed(self, waiting: tuple[Toezichtwereld, int]) -> None:
        made, number = waiting
        with pytest.raises(Onbekend):
            self.sign(made, OFFICER, 999_999)
        self.sign(made, OFFICER, number)
        with pytest.raises(Strijdig):
            self.sign(made, OFFICER, number)
        events = made.world.store.stream(bevinding_of(number))
        assert [event.topic for event in events].count(RaadplegingAfgetekend.TYPE) == 1

    def test_systems_are_named_by_their_organisation(self) -> None:
        made = small()
        number = made.looks(AVIM, f"{OIN}:zaaksysteem", *objects(0))
        made.reviewer().run(made.nu)
        assert number not in queue(made)


class TestTheWorkOfSupervision:
    """What shows numbers and days, and nothing that was said of anybody, is the task of who tests lawfulness."""

    def waits(self, made: Toezichtwereld, zetel: str, **more: object) -> bool:
        number = made.looks(zetel, "officier-1", objects(0)[0], vraag="vernietigingen", **more)  # type: ignore[arg-type]
        made.reviewer().run(made.nu)
        return number in queue(made)

    def test_a_list_without_content_is_explained(self) -> None:
        assert not self.waits(small(), OFFICER, doel="rechtmatigheidscontrole", velden=())

    def test_content_another_purpose_a_refusal_and_another_seat_are_not(self) -> None:
        made, doel = small(), "rechtmatigheidscontrole"
        assert self.waits(made, OFFICER, doel=doel)
        assert self.waits(made, OFFICER, doel=doel, velden=(), betrokkenen=("x",))
        assert self.waits(made, OFFICER, doel="prestatiesturing", velden=())
        assert self.waits(made, OFFICER, doel=doel, velden=(), resultaat="geweigerd")
        assert self.waits(made, ZC, doel=doel, velden=())

    def test_the_contact_point_asks_whom_to_tell(self) -> None:
        made = small()
        known = {"doel": "betrokkene-rechten", "velden": (), "vraag": "kennisgevingen"}
        asked = made.looks("contactpunt@oost-nederland", "c-1", objects(0)[1], **known)  # type: ignore[arg-type]
        about_persons = made.looks("contactpunt@oost-nederland", "c-1", objects(0)[1], **known | {"velden": ("bsn",)})  # type: ignore[arg-type]
        made.reviewer().run(made.nu)
        assert asked not in queue(made)
        assert about_persons in queue(made)

    def test_a_review_of_rights_is_about_seats_and_not_about_persons(self) -> None:
        made = small()
        more = {"vraag": "toets-toegang", "velden": ("autorisatieniveau",)}
        number = made.looks(OFFICER, "officier-1", handeling="wijzigen", doel="integriteit-beveiliging", **more)  # type: ignore[arg-type]
        made.reviewer().run(made.nu)
        assert number not in queue(made)
