"""Execution: what follows from a command, all of it or nothing, and every decision explained by its record."""

import shutil
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.casus import BepaalDeelnemers, WijzigFase
from contracts.signaal import RegistreerSignaal, SignaalGeweigerd, TrekSignaalIn, VernietigBetrokkene
from contracts.toestemming import LegToestemmingVast, TrekToestemmingIn
from contracts.verstrekking import VerstrekkingGeweigerd, VerstrekkingVervallen
from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.questions import Questions
from hub.handling.simulate import ask_again, flips
from hub.ledger.keys import Destroyed
from hub.ledger.store import KeyId, SourceConflict
from tests.handling.executing import AF, AVIM, COLLEGE, NLA, TAX, ZC, World, doorzetten, id_of, riec_case, signaal

DANGER = {"gevaar": "doorlopend-gevaarlijk", "reden_vastgelegd": True}


@pytest.fixture
def world() -> World:
    return World()


def test_registering_discloses_to_nobody(world: World) -> None:
    world.ask(ZC, signaal("s"))
    assert world.disclosed() == []


def test_the_same_message_again_is_a_repeat_and_other_content_under_its_id_a_conflict(world: World) -> None:
    first = world.ask(ZC, signaal("s"), id="1")
    again = world.ask(ZC, signaal("s"), id="1")
    assert again.repeated
    assert again.receipt is not None
    assert first.receipt is not None
    assert again.receipt.positions == first.receipt.positions
    with pytest.raises(SourceConflict):
        world.ask(ZC, signaal("anders"), id="1")


def test_a_known_signal_under_another_message_is_a_conflict(world: World) -> None:
    world.ask(ZC, signaal("s"), id="1")
    with pytest.raises(Strijdig):
        world.ask(ZC, signaal("s"), id="2")


def test_a_refused_signal_leaves_only_its_refusal_and_may_come_again_repaired(world: World) -> None:
    refused = world.ask(AVIM, signaal("s", spoor="riec", ziek=True), id="1")
    assert [type(event) for event in refused.events] == [SignaalGeweigerd]
    head = world.store.head()
    again = world.ask(AVIM, signaal("s", spoor="riec", ziek=True), id="1")
    assert again.repeated
    assert [type(event) for event in again.events] == [SignaalGeweigerd]
    assert world.store.head() == head
    repaired = world.ask(AVIM, signaal("s"), id="1")
    assert isinstance(repaired.events[0].melding.kenmerk, str)  # type: ignore[attr-defined]


def test_passing_on_gives_what_is_permitted_and_records_what_is_not(world: World) -> None:
    world.ask(ZC, signaal("s", ziek=True))
    world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER))
    assert "signaal-inhoud" in world.held(AVIM, "s")
    assert "gezondheid" not in world.held(AVIM, "s")
    refusals = [event for event in world.events if isinstance(event, VerstrekkingGeweigerd)]
    assert [event.categorieen for event in refusals] == [("gezondheid",)]


def test_without_a_ground_nothing_is_passed_on_and_the_refusal_is_recorded(world: World) -> None:
    world.ask(ZC, signaal("s"))
    outcome = world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer"))
    assert [type(event) for event in outcome.events] == [VerstrekkingGeweigerd]
    assert world.held(AVIM, "s") == set()


def test_a_seat_cannot_pass_on_what_it_does_not_hold(world: World) -> None:
    world.ask(ZC, signaal("s"))
    with pytest.raises(Onbekend):
        world.ask(NLA, doorzetten("s", AVIM, "bilateraal", "strafvordering"))


def test_withdrawing_ends_every_disclosure(world: World) -> None:
    world.ask(ZC, signaal("s"))
    world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER))
    outcome = world.ask(ZC, TrekSignaalIn(signaal_id=id_of("s"), motivering="vergissing"))
    assert any(isinstance(event, VerstrekkingVervallen) for event in outcome.events)
    assert world.held(AVIM, "s") == set()


def test_consent_opens_and_its_withdrawal_closes(world: World) -> None:
    world.ask(ZC, signaal("s"))
    consent = LegToestemmingVast(
        toestemming_id=id_of("t"),
        signaal_id=id_of("s"),
        door="slachtoffer",
        vorm="uitdrukkelijk",
        ontvangers=(AVIM,),
    )
    world.ask(ZC, consent)
    world.ask(ZC, doorzetten("s", AVIM, "zorg-en-registratie", "veiligheid-slachtoffer"))
    assert "identificerend" in world.held(AVIM, "s")
    world.ask(ZC, TrekToestemmingIn(toestemming_id=id_of("t"), signaal_id=id_of("s")))
    assert world.held(AVIM, "s") == set()


def test_a_case_opens_phase_by_phase_and_closes_for_who_leaves(world: World) -> None:
    riec_case(world, "c", COLLEGE, TAX, fase=1)
    held = world.held(COLLEGE, "c-signaal")
    assert "identificerend" in held
    assert "signaal-inhoud" not in held, "police content under Wpg 8 waits for phase 2"
    world.ask(AVIM, WijzigFase(casus_id=id_of("c"), fase=2))
    assert "signaal-inhoud" in world.held(COLLEGE, "c-signaal")
    world.ask(AVIM, BepaalDeelnemers(casus_id=id_of("c"), deelnemers=(TAX,)))
    assert world.held(COLLEGE, "c-signaal") == set()
    with pytest.raises(Onbekend):
        world.ask(COLLEGE, WijzigFase(casus_id=id_of("c"), fase=1))


def test_care_is_never_admitted_to_a_riec_case(world: World) -> None:
    riec_case(world, "c", ZC, COLLEGE)
    assert world.held(ZC, "c-signaal") == set()


def test_destroying_a_person_is_part_of_the_commit_that_says_so(world: World) -> None:
    world.ask(ZC, signaal("s"))
    person = id_of("s-persoon")
    world.ask(ZC, VernietigBetrokkene(signaal_id=id_of("s"), betrokkene_id=person, motivering="bewaartermijn"))
    assert world.store.keys([KeyId(person, "intern")])[KeyId(person, "intern")].wrapped is None
    [stored] = world.store.stream(id_of("s"))
    assert b"Fictema" not in stored.state
    same_person = RegistreerSignaal(signaal_id=id_of("s2"), melding=signaal("s").melding)
    with pytest.raises(Destroyed):
        world.ask(ZC, same_person)


def test_only_the_provider_destroys(world: World) -> None:
    world.ask(ZC, signaal("s"))
    world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER))
    with pytest.raises(Onbekend):
        world.ask(
            AVIM,
            VernietigBetrokkene(signaal_id=id_of("s"), betrokkene_id=id_of("s-persoon"), motivering="bewaartermijn"),
        )


SEATS = [ZC, AF, AVIM, COLLEGE, NLA, TAX, "comensha@landelijk", "veilig-thuis@amsterdam"]
FORWARDS = st.tuples(
    st.sampled_from(SEATS),
    st.sampled_from(SEATS),
    st.sampled_from(["bilateraal", "zorg-en-registratie"]),
    st.sampled_from(["veiligheid-slachtoffer", "zorg-opvang", "strafvordering", "registratie-comensha"]),
    st.sampled_from(
        [{}, DANGER, {"toestemming": "schriftelijk", "toestemming_door": "slachtoffer", "belang_slachtoffer": True}]
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(FORWARDS, min_size=1, max_size=8), st.booleans())
def test_every_decision_replays_from_its_record_to_what_was_disclosed(
    forwards: list[tuple[str, str, str, str, dict[str, object]]], ziek: bool
) -> None:
    world = World()
    world.ask(ZC, signaal("s", ziek=ziek))
    for sender, receiver, spoor, doel, facts in forwards:
        try:
            world.ask(sender, doorzetten("s", receiver, spoor, doel, **facts))
        except (Onbekend, Strijdig):
            continue
    for position in range(1, world.store.head() + 1):
        record = world.store.decision(position)
        if record is not None:
            recorded, again = ask_again(record, world.questions)
            assert recorded == again
    permitted: dict[str, set[str]] = {seat: set() for seat in SEATS}
    for event in world.disclosed():
        permitted[event.ontvanger] |= set(event.categorieen)
    for seat in SEATS:
        assert world.held(seat, "s") <= permitted[seat]


def test_a_draft_policy_shows_what_would_flip_and_writes_nothing(world: World, tmp_path: Path) -> None:
    world.ask(ZC, signaal("s"))
    world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER))
    assert list(flips(world.store, world.questions)) == []
    draft = tmp_path / "ontwerp"
    shutil.copytree(BELEIDSMAP, draft)
    rules = draft / "bilateraal.cedar"
    rules.write_text(rules.read_text().replace('"doorlopend-gevaarlijk", ', ""))
    head = world.store.head()
    found = list(flips(world.store, Questions(Beleid.laad(draft))))
    assert {flip.categorie for flip in found} == world.held(AVIM, "s")
    assert not any(flip.wordt_toegestaan for flip in found)
    assert world.store.head() == head


def test_a_decision_record_holds_no_content(world: World) -> None:
    world.ask(ZC, signaal("s", ziek=True))
    world.ask(ZC, doorzetten("s", AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER))
    records = [world.store.decision(position) for position in range(1, world.store.head() + 1)]
    for record in records:
        if record is not None:
            assert b"Fictema" not in record
            assert orjson.loads(record)["beleidsversie"] == world.questions.beleid.versie
