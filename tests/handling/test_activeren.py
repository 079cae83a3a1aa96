"""Activating a policy version: signed by two, recorded whole, and exactly what it touches is decided anew."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.beleid import (
    ActiveerBeleid,
    BeleidGeactiveerd,
    BeleidGeweigerd,
    BeleidGoedgekeurd,
    BeleidHerzien,
    BeleidVoorgesteld,
    StelBeleidVoor,
)
from contracts.casus import BepaalDeelnemers, DeelnemersBepaald, StelEmbargo, WijzigFase
from contracts.message import Event
from contracts.noodtoegang import VraagNoodtoegang
from contracts.toestemming import LegToestemmingVast
from contracts.verstrekking import BevestigOntvangst, SignaalVerstrekt, VerstrekkingVervallen
from hub.access.beleid import Beleid
from hub.access.bundel import BeleidOngeldig
from hub.access.ondertekening import klopt
from hub.handling.beleidsversies import BELEIDSSTROOM, Beleidsversies, beleid_uit
from hub.handling.disclose import HUBZETEL
from hub.handling.explain import Explainer
from hub.handling.herzien import Reviser
from hub.handling.questions import Questions
from hub.handling.simulate import ask_again
from hub.ledger.memory import MemoryLedger
from hub.ledger.store import LedgerUnavailable
from tests.handling.beleidswereld import (
    APPROVER,
    AUTHOR,
    BEHEERDER,
    PRIVACY,
    Signer,
    activate,
    approval,
    draft,
    in_force,
    later,
    phase,
    proposal,
    ready,
    registered,
    stolen,
    without,
)
from tests.handling.executing import (
    AF,
    AVIM,
    COLLEGE,
    NU,
    OVJ,
    TAX,
    ZC,
    World,
    doorzetten,
    id_of,
    riec_case,
    signaal,
)

DANGER = {"gevaar": "doorlopend-gevaarlijk", "reden_vastgelegd": True}


@pytest.fixture
def world() -> World:
    return registered(World())


def reviser(world: World) -> Reviser:
    return Reviser(world.store, world.ledger, world.policy, world.work)


def revise(world: World, nu: Any = NU) -> list[Event]:
    """Bring all in line; what was recorded for it."""
    head = world.store.head()
    reviser(world).run(nu)
    return recorded(world, head)


def recorded(world: World, after: int = 0) -> list[Event]:
    return [restored.message for restored in world.mapper.to_messages(world.store.read(after, 100_000))]  # type: ignore[misc]


def holdings(world: World, *signalen: str) -> dict[str, Any]:
    """What everybody holds, without who recorded it and when."""
    kept = {}
    for name in signalen:
        for given in world.work().verstrekkingen(id_of(name)).geldig.values():
            kept[f"{name} {given.ontvanger} {given.casus_id}"] = (given.per_bron, given.betrokkenen)
    return kept


class TestSteps:
    def test_two_sign_and_anybody_can_check_it_from_the_ledger_alone(self, world: World, tmp_path: Path) -> None:
        in_force(world, draft(tmp_path / "p"))
        proposed, approved, activated = world.events
        assert isinstance(proposed, BeleidVoorgesteld)
        assert isinstance(approved, BeleidGoedgekeurd)
        assert isinstance(activated, BeleidGeactiveerd)
        assert klopt(proposed)
        assert klopt(approved)
        assert not klopt(approved.model_copy(update={"rac_kenmerk": "RAC-2026-008"}))
        assert not klopt(proposed.model_copy(update={"versie": "sha256:" + "0" * 64}))
        assert not klopt(proposed.model_copy(update={"handtekening": approved.handtekening}))

    def test_the_activation_has_a_decision_record_of_the_policy_it_replaces(self, world: World, tmp_path: Path) -> None:
        before = world.policy.at(NU).beleid.versie
        versie = in_force(world, draft(tmp_path / "p"))
        record = world.store.decision(world.store.head())
        assert record is not None
        old = world.policy.of(before)
        assert old is not None
        kept, again = ask_again(record, old)
        assert kept == again == {HUBZETEL: ("beleidsregel",)}
        assert world.policy.at(NU).beleid.versie == versie

    @pytest.mark.parametrize(
        ("terms", "word"),
        [
            ({"rac_kenmerk": None}, "RAC"),
            ({"wijkt_af_van_rac": True}, "afwijking"),
            ({"wijkt_af_van_rac": True, "motivering": "spoed"}, "afwijking"),
            ({"wijkt_af_van_rac": True, "motivering": "spoed", "gemeld_aan": ("rac@landelijk",)}, "afwijking"),
        ],
    )
    def test_without_what_the_law_asks_it_is_refused(
        self, world: World, tmp_path: Path, terms: dict[str, Any], word: str
    ) -> None:
        command = proposal(draft(tmp_path / "p"))
        world.ask(BEHEERDER, command)
        world.ask(PRIVACY, approval(command.versie, NU.date(), **terms))
        (refused,) = activate(world, command.versie).events
        assert isinstance(refused, BeleidGeweigerd)
        assert refused.redenen
        assert world.policy.at(NU) is world.policy.packaged

    def test_a_deviation_that_is_reasoned_and_reported_may_go_on(self, world: World, tmp_path: Path) -> None:
        told = ("rac@landelijk", "coordinerend-fg@landelijk")
        command = proposal(draft(tmp_path / "p"))
        world.ask(BEHEERDER, command)
        terms = {"wijkt_af_van_rac": True, "motivering": "spoed", "gemeld_aan": told}
        world.ask(PRIVACY, approval(command.versie, NU.date(), **terms))
        assert isinstance(activate(world, command.versie).events[0], BeleidGeactiveerd)

    def test_only_who_keeps_the_system_activates(self, world: World, tmp_path: Path) -> None:
        versie = ready(world, draft(tmp_path / "p"))
        for zetel in (PRIVACY, AVIM, "rac@landelijk"):
            (refused,) = world.ask(zetel, ActiveerBeleid(versie=versie)).events
            assert isinstance(refused, BeleidGeweigerd)

    def test_the_author_does_not_approve_under_another_name(self, world: World, tmp_path: Path) -> None:
        command = proposal(draft(tmp_path / "p"))
        world.ask(BEHEERDER, command)
        double = Signer(AUTHOR.client, PRIVACY)
        for signer in (stolen(double, "00000099000000000112:tweede"), Signer("00000099000000000153:beheer", PRIVACY)):
            world.signers[signer.client] = signer.registered()
            (refused,) = world.ask(PRIVACY, approval(command.versie, NU.date(), by=signer)).events
            assert isinstance(refused, BeleidGeweigerd)

    def test_a_signature_that_does_not_fit_is_refused_on_record(self, world: World, tmp_path: Path) -> None:
        good = proposal(draft(tmp_path / "p"))
        foreign = Signer("00000099000000000001:vreemd", BEHEERDER)
        bad = [
            good.model_copy(update={"toelichting": "iets anders"}),
            good.model_copy(update={"handtekening": "geen.jws.hier"}),
            good.model_copy(update={"handtekening": good.handtekening[:-6] + "AAAAAA"}),
            foreign.sign(good, NU),
            Signer(AUTHOR.client, PRIVACY).sign(good, NU),
            AUTHOR.sign(good, later()),
        ]
        for command in bad:
            (refused,) = world.ask(BEHEERDER, command).events
            assert isinstance(refused, BeleidGeweigerd)
            assert refused.redenen
        assert isinstance(world.ask(BEHEERDER, good).events[0], BeleidVoorgesteld)

    @pytest.mark.parametrize("pakket", ["Z2VlbiB6aXA=", "-", "b½|"], ids=["no-zip", "no-base64", "no-ascii"])
    def test_a_broken_bundle_is_refused_and_the_old_policy_keeps_running(self, world: World, pakket: str) -> None:
        plain = StelBeleidVoor(
            versie="sha256:" + "0" * 64,
            pakket=pakket,
            toelichting="",
            handtekening="-",
        )
        (refused,) = world.ask(BEHEERDER, AUTHOR.sign(plain, NU)).events
        assert isinstance(refused, BeleidGeweigerd)
        assert world.policy.at(NU) is world.policy.packaged

    def test_all_faults_of_a_bundle_are_named(self, world: World, tmp_path: Path) -> None:
        map = draft(tmp_path / "p", _no_table("handelingen"), _no_table("categorieen"))
        (refused,) = world.ask(BEHEERDER, proposal(map)).events
        assert isinstance(refused, BeleidGeweigerd)
        assert {name for name in ("handelingen", "categorieen") if name in " ".join(refused.redenen)} == {
            "handelingen",
            "categorieen",
        }

    def test_another_package_under_the_same_signature_is_refused(self, world: World, tmp_path: Path) -> None:
        command = proposal(draft(tmp_path / "p"))
        pakket = proposal(draft(tmp_path / "q")).pakket
        (refused,) = world.ask(BEHEERDER, command.model_copy(update={"pakket": pakket})).events
        assert isinstance(refused, BeleidGeweigerd)
        assert len(refused.redenen) == 2

    def test_a_version_that_cannot_be_loaded_here_leaves_the_one_before_in_force(
        self, world: World, tmp_path: Path
    ) -> None:
        first = in_force(world, draft(tmp_path / "p"))
        second = in_force(world, draft(tmp_path / "q"))
        assert world.policy.at(NU).beleid.versie == second
        pakket = world.policy.versies().bekend[second].voorstel.pakket

        def load(given: str) -> Beleid:
            if given == pakket:
                raise BeleidOngeldig(["deze versie van de hub kent een regel niet"])
            return beleid_uit(given)

        elsewhere = Beleidsversies(world.store, world.mapper, world.questions, lambda: 0.0, world.broken.append, load)
        assert elsewhere.at(NU).beleid.versie == first
        assert world.broken == [second]
        assert Reviser(world.store, world.ledger, elsewhere, world.work).run(NU) == 0


class TestInForce:
    def test_before_the_effective_date_the_old_policy_counts(self, world: World, tmp_path: Path) -> None:
        versie = in_force(world, draft(tmp_path / "p"), later(3).date())
        assert world.policy.at(NU) is world.policy.packaged
        assert world.policy.at(later(3)).beleid.versie == versie
        assert world.policy.at(later(3) - timedelta(hours=11)).beleid is world.policy.packaged.beleid

    def test_another_process_notices_within_its_second(self, world: World, tmp_path: Path) -> None:
        now = [0.0]
        other = Beleidsversies(world.store, world.mapper, world.questions, lambda: now[0], world.broken.append)
        assert other.at(NU) is other.packaged
        versie = in_force(world, draft(tmp_path / "p"))
        assert other.at(NU) is other.packaged
        now[0] = 1.0
        assert other.at(NU).beleid.versie == versie

    def test_a_ledger_that_is_away_leaves_the_policy_as_it_is(self, world: World, tmp_path: Path) -> None:
        class Away(MemoryLedger):
            def stream(self, stream: Any, after: int = 0) -> Any:
                raise LedgerUnavailable("away")

        other = Beleidsversies(Away(), world.mapper, world.questions, lambda: 0.0, world.broken.append)
        assert other.at(NU) is other.packaged

    def test_decisions_replay_under_their_pinned_version_from_the_ledger_alone(
        self, world: World, tmp_path: Path
    ) -> None:
        in_force(world, draft(tmp_path / "p", phase("identificerend", 3)))
        riec_case(world, "c", COLLEGE, TAX, fase=1)
        in_force(world, draft(tmp_path / "q"), nu=later())
        fresh = Beleidsversies(world.store, world.mapper, Questions(Beleid.laad()), lambda: 0.0, world.broken.append)
        fresh.refresh()
        replayed = 0
        for position in range(1, world.store.head() + 1):
            record = world.store.decision(position)
            if record is None:
                continue
            pinned = fresh.of(record[18:89].decode())
            assert pinned is not None
            kept, again = ask_again(record, pinned)
            assert kept == again
            replayed += 1
        assert replayed > 4

    def test_a_past_day_is_explained_under_the_policy_of_that_day(self, world: World, tmp_path: Path) -> None:
        riec_case(world, "c", COLLEGE, fase=1)
        in_force(world, draft(tmp_path / "p", phase("identificerend", 3)), nu=later(2))
        revise(world, later(2))
        explainer = Explainer(world.work, world.policy)

        def shown(days: int) -> set[tuple[bool, bool]]:
            lines = explainer.casus(id_of("c"), COLLEGE, later(days).date())
            assert lines is not None
            return {
                (line.zichtbaar, "anders vastgelegd" in line.zin)
                for line in lines
                if line.categorie == "identificerend"
            }

        assert shown(0) == {(True, False)}
        assert shown(2) == {(False, False)}


class TestRevising:
    def test_a_category_that_closes_is_recalled_from_who_held_it_and_from_nobody_else(
        self, world: World, tmp_path: Path
    ) -> None:
        riec_case(world, "c", COLLEGE, TAX, fase=1)
        world.ask(ZC, signaal("s"))
        world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER))
        others = holdings(world, "s")
        head = world.store.head()
        in_force(world, draft(tmp_path / "p", phase("identificerend", 3)))
        assert "identificerend" in world.held(COLLEGE, "c-signaal")
        events = revise(world)
        assert "identificerend" not in world.held(COLLEGE, "c-signaal")
        assert "identificerend" not in world.held(TAX, "c-signaal")
        assert holdings(world, "s") == others
        touched = {event.signaal_id for event in events if hasattr(event, "signaal_id")}
        assert touched == {id_of("c-signaal")}
        assert all(event.zetel == HUBZETEL for event in events)
        (summary,) = [event for event in events if isinstance(event, BeleidHerzien)]
        assert (summary.verstrekt, summary.vervallen) == (2, 0)
        assert summary.tot_positie >= head

    def test_a_partner_that_drops_out_loses_its_case_and_all_it_held_there(self, world: World, tmp_path: Path) -> None:
        riec_case(world, "c", COLLEGE, TAX, fase=1)
        riec_case(world, "d", COLLEGE, fase=1)
        before = holdings(world, "c-signaal", "d-signaal")
        in_force(world, draft(tmp_path / "p", without("belastingdienst")))
        events = revise(world)
        assert world.held(TAX, "c-signaal") == set()
        assert TAX not in world.work().casus(id_of("c")).deelnemers
        after = holdings(world, "c-signaal", "d-signaal")
        assert after == {name: held for name, held in before.items() if TAX not in name}
        lapsed = [event for event in events if isinstance(event, VerstrekkingVervallen)]
        assert [(event.ontvanger, event.reden) for event in lapsed] == [(TAX, "beleid-gewijzigd")]
        assert [event.niet_toegelaten for event in events if isinstance(event, DeelnemersBepaald)] == [(TAX,)]

    def test_the_recall_waits_for_its_recipient_to_acknowledge(self, world: World, tmp_path: Path) -> None:
        riec_case(world, "c", TAX, fase=1)
        (given,) = world.work().verstrekkingen(id_of("c-signaal")).van(TAX)
        acknowledged = BevestigOntvangst(verstrekking_id=given.verstrekking_id, signaal_id=id_of("c-signaal"))
        world.ask(TAX, acknowledged)
        in_force(world, draft(tmp_path / "p", without("belastingdienst")))
        revise(world)
        assert given.verstrekking_id not in world.work().verstrekkingen(id_of("c-signaal")).bevestigd
        world.ask(TAX, acknowledged)
        assert given.verstrekking_id in world.work().verstrekkingen(id_of("c-signaal")).bevestigd

    def test_a_wider_policy_shows_more_in_a_case(self, world: World, tmp_path: Path) -> None:
        riec_case(world, "c", COLLEGE, fase=1)
        assert "signaal-inhoud" not in world.held(COLLEGE, "c-signaal")
        in_force(world, draft(tmp_path / "p", phase("politie-8", 1)))
        revise(world)
        assert "signaal-inhoud" in world.held(COLLEGE, "c-signaal")

    def test_outside_a_case_nothing_opens(self, world: World, tmp_path: Path) -> None:
        in_force(world, draft(tmp_path / "p", _no_danger))
        world.ask(ZC, signaal("s"))
        world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER))
        assert world.held(AVIM, "s") == set()
        in_force(world, draft(tmp_path / "q"), nu=later())
        revise(world, later())
        assert world.held(AVIM, "s") == set()

    def test_what_was_passed_on_outside_a_case_is_recalled(self, world: World, tmp_path: Path) -> None:
        world.ask(ZC, signaal("s"))
        world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER))
        assert world.held(AVIM, "s")
        in_force(world, draft(tmp_path / "p", _no_danger))
        revise(world)
        assert world.held(AVIM, "s") == set()

    def test_a_question_that_changed_without_a_record_is_seen(self, world: World, tmp_path: Path) -> None:
        """From phase 2 to 3 nothing new opened, so no disclosure was recorded in phase 3."""
        riec_case(world, "c", COLLEGE, fase=2)
        world.ask(AVIM, WijzigFase(casus_id=id_of("c"), fase=3))
        held = world.held(COLLEGE, "c-signaal")
        in_force(world, draft(tmp_path / "p", _not_in_phase_three))
        revise(world)
        assert held
        assert world.held(COLLEGE, "c-signaal") == set()

    def test_an_embargo_keeps_participants_in_their_case_and_opens_nothing(self, world: World, tmp_path: Path) -> None:
        riec_case(world, "c", COLLEGE, OVJ, fase=1)
        world.ask(OVJ, StelEmbargo(casus_id=id_of("c"), motivering="onderzoek", herbezie_op=later(30).date()))
        before = world.held(COLLEGE, "c-signaal")
        in_force(world, draft(tmp_path / "p", phase("politie-8", 1)))
        revise(world)
        assert world.work().casus(id_of("c")).deelnemers == {AVIM, COLLEGE, OVJ}
        assert world.held(COLLEGE, "c-signaal") <= before

    def test_an_emergency_access_that_may_not_be_any_more_ends(self, world: World, tmp_path: Path) -> None:
        world.ask(AVIM, signaal("s", wpg_artikel="8"))
        asked = VraagNoodtoegang(
            noodtoegang_id=id_of("n"),
            signaal_id=id_of("s"),
            categorieen=("identificerend",),
            reden="zij wordt vannacht opgehaald",
            gevaar="acuut",
            duur_uren=8,
        )
        world.ask(ZC, asked)
        assert world.work().verstrekkingen(id_of("s")).gebonden(id_of("n"))
        in_force(world, draft(tmp_path / "p", _no_emergencies))
        (lapsed,) = [event for event in revise(world) if isinstance(event, VerstrekkingVervallen)]
        assert isinstance(lapsed, VerstrekkingVervallen)
        assert world.work().verstrekkingen(id_of("s")).gebonden(id_of("n")) == []

    def test_consent_that_ended_with_the_day_no_longer_carries(self, world: World, tmp_path: Path) -> None:
        world.ask(ZC, signaal("s"))
        consent = LegToestemmingVast(
            toestemming_id=id_of("t"),
            signaal_id=id_of("s"),
            door="slachtoffer",
            vorm="uitdrukkelijk",
            ontvangers=(AVIM,),
            geldig_tot=later(5).date(),
        )
        world.ask(ZC, consent)
        world.ask(ZC, doorzetten("s", AVIM, "zorg-en-registratie", "veiligheid-slachtoffer"))
        assert world.held(AVIM, "s")
        in_force(world, draft(tmp_path / "p"), nu=later(3))
        assert reviser(world).run(later(3)) == 0, "while it holds, the signal need not be looked at"
        in_force(world, draft(tmp_path / "q"), nu=later(9))
        revise(world, later(9))
        assert world.held(AVIM, "s") == set()

    def test_what_a_late_process_records_under_the_old_policy_is_caught(self, world: World, tmp_path: Path) -> None:
        riec_case(world, "c", COLLEGE, fase=1)
        late = Beleidsversies(world.store, world.mapper, world.questions, lambda: 0.0, world.broken.append)
        late.at(NU)
        in_force(world, draft(tmp_path / "p", phase("identificerend", 3)))
        work = reviser(world)
        work.run(NU)
        mine, world.ledger._policy = world.ledger._policy, late
        world.ask(AVIM, BepaalDeelnemers(casus_id=id_of("c"), deelnemers=(COLLEGE, AF)))
        world.ledger._policy = mine
        assert "identificerend" in world.held(AF, "c-signaal")
        head = world.store.head()
        work.run(NU)
        assert "identificerend" not in world.held(AF, "c-signaal")
        assert not any(isinstance(event, BeleidHerzien) for event in recorded(world, head))

    def test_doing_it_again_changes_nothing(self, world: World, tmp_path: Path) -> None:
        riec_case(world, "c", COLLEGE, TAX, fase=1)
        in_force(world, draft(tmp_path / "p", phase("identificerend", 3)))
        revise(world)
        for follower in ("herzien:1", "herzien-casussen:1"):
            world.store.move_cursor(follower, 0)
        assert revise(world) == []

    def test_before_a_first_activation_there_is_nothing_to_do(self, world: World) -> None:
        riec_case(world, "c", COLLEGE, fase=1)
        assert revise(world) == []

    def test_back_to_the_old_policy_a_case_shows_what_it_showed(self, world: World, tmp_path: Path) -> None:
        riec_case(world, "c", COLLEGE, TAX, fase=1)
        before = holdings(world, "c-signaal")
        in_force(world, draft(tmp_path / "p", phase("identificerend", 3)))
        revise(world)
        in_force(world, draft(tmp_path / "q"), nu=later())
        revise(world, later())
        assert holdings(world, "c-signaal") == before


class Killed(Exception):
    """The process is gone."""


class TestCrash:
    @pytest.mark.parametrize("survives", range(5))
    def test_killed_between_any_two_commits_it_ends_the_same(self, world: World, tmp_path: Path, survives: int) -> None:
        for name in ("c", "d", "e"):
            riec_case(world, name, COLLEGE, TAX, fase=1)
        riec_case(world, "f", COLLEGE, fase=1)
        in_force(world, draft(tmp_path / "p", phase("identificerend", 3), without("belastingdienst")))
        left = [survives]
        append = world.store.append

        def failing(change: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return append(change)

        head = world.store.head()
        world.store.append = failing  # type: ignore[method-assign]
        with pytest.raises(Killed):
            reviser(world).run(NU)
        del world.store.append  # type: ignore[method-assign]
        reviser(world).run(NU)
        names = ("c-signaal", "d-signaal", "e-signaal", "f-signaal")
        for name in names:
            assert "identificerend" not in world.held(COLLEGE, name)
            assert world.held(TAX, name) == set()
        events = recorded(world, head)
        per_kind = [type(event) for event in events]
        assert per_kind.count(VerstrekkingVervallen) == per_kind.count(DeelnemersBepaald) == 3
        assert per_kind.count(SignaalVerstrekt) == 4
        (summary,) = [event for event in events if isinstance(event, BeleidHerzien)]
        assert (summary.verstrekt, summary.vervallen) == (4, 3)


def _no_danger(map: Path) -> None:
    rules = map / "bilateraal.cedar"
    rules.write_text(rules.read_text().replace('"doorlopend-gevaarlijk", ', ""))


def _no_emergencies(map: Path) -> None:
    rules = map / "zorg.cedar"
    rules.write_text(
        rules.read_text() + '\n@id("zorg-geen-noodtoegang")\n@bron("AVG 6 lid 1")\n@zin("Er is geen noodtoegang.")\n'
        'forbid (principal, action == Action::"noodtoegang", resource);\n'
    )


def _no_table(name: str) -> Callable[[Path], None]:
    return lambda map: (map / f"{name}.yaml").unlink()


def _not_in_phase_three(map: Path) -> None:
    rules = map / "riec.cedar"
    rules.write_text(
        rules.read_text()
        + '\n@id("riec-niet-in-fase-drie")\n@bron("WGS 2.23 lid 6")\n@zin("In fase 3 wordt niets gelezen.")\n'
        'forbid (principal, action == Action::"lezen", resource) when { context.fase == 3 };\n'
    )


def test_the_stream_of_policies_is_one_for_ever() -> None:
    assert str(BELEIDSSTROOM) == "b7cee6be-f40e-521e-ab4a-379a337a62b2"
    assert APPROVER.zetel == PRIVACY
