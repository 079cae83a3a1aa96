"""A subscription: whose it is, when it is brought, and what never comes back out of it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.abonnement import (
    AbonnementBevestigd,
    AbonnementGenomen,
    AbonnementGeweigerd,
    AbonnementGewijzigd,
    AbonnementHervat,
    BeeindigAbonnement,
    Filters,
    HervatAbonnement,
    NeemAbonnement,
    SchorsAbonnement,
    WijzigAbonnement,
)
from contracts.message import Acted
from hub.domain import abonnement
from hub.domain.abonnement import AANGEVRAAGD, ACTIEF, BEEINDIGD, GESCHORST, OP_VERZOEK, SCHORSREDENEN, Abonnement
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig
from tests.domain.world import AF, AVIM, ja

KEY = UUID(int=3)
NU = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
WHO, HUB = Acted(AF, NU), Acted("systeem@landelijk", NU)
ADDRESS = "https://zaken.ede.example/meldingen"
WEBHOOK = NeemAbonnement(
    abonnement_id=KEY, bezorgwijze="webhook", terugbeladres=ADDRESS, autorisatie="Bearer geheim-woord"
)
PULL = NeemAbonnement(abonnement_id=KEY, bezorgwijze="ophalen")
END, RESUME = BeeindigAbonnement(abonnement_id=KEY), HervatAbonnement(abonnement_id=KEY)


def allowed(_: Filters) -> Oordeel:
    return ja("aankondiging")


def refused(_: Filters) -> Oordeel:
    return ja(nee=("aankondiging",))


def after(*events: abonnement.AbonnementEvent) -> Abonnement:
    state = abonnement.replay(events)
    assert state is not None
    return state


def ask(state: Abonnement | None, command: abonnement.AbonnementCommand, who: Acted = WHO) -> Abonnement | None:
    for event in abonnement.decide(state, command, who, allowed):
        assert not isinstance(event, AbonnementGeweigerd)
        state = abonnement.evolve(state, event)
    return state


def taken(command: NeemAbonnement = WEBHOOK) -> Abonnement:
    state = ask(None, command)
    assert state is not None
    return state


def told(state: Abonnement, events: list[abonnement.AbonnementEvent]) -> Abonnement:
    for event in events:
        state = abonnement.evolve(state, event) or state
    return state


def test_a_webhook_begins_once_its_address_agreed_and_the_others_at_once() -> None:
    assert taken().status == AANGEVRAAGD
    assert taken(PULL).status == ACTIEF
    agreed = told(taken(), abonnement.bevestig(taken(), 120, HUB))
    assert (agreed.status, agreed.per_minuut) == (ACTIEF, 120)
    assert abonnement.bevestig(agreed, 120, HUB) == []
    assert abonnement.bevestig(None, 120, HUB) == []


def test_a_refusal_is_on_record_and_changes_nothing() -> None:
    (event,) = abonnement.decide(None, WEBHOOK, WHO, refused)
    assert isinstance(event, AbonnementGeweigerd)
    assert event.redenen
    assert "geheim" not in event.model_dump_json()


def test_a_part_that_is_refused_refuses_the_whole() -> None:
    (event,) = abonnement.decide(None, PULL, WHO, lambda _: ja("aankondiging", nee=("casus-status",)))
    assert isinstance(event, AbonnementGeweigerd)


@pytest.mark.parametrize("command", [WEBHOOK, WijzigAbonnement(abonnement_id=KEY, bezorgwijze="stroom"), END, RESUME])
def test_anothers_subscription_is_as_one_that_does_not_exist(command: abonnement.AbonnementCommand) -> None:
    with pytest.raises(Onbekend):
        abonnement.decide(taken(), command, Acted(AVIM, NU), allowed)
    if not isinstance(command, NeemAbonnement):
        with pytest.raises(Onbekend):
            abonnement.decide(None, command, WHO, allowed)


def test_the_same_number_is_not_taken_twice() -> None:
    with pytest.raises(Strijdig):
        abonnement.decide(taken(), WEBHOOK, WHO, allowed)


def test_a_change_to_what_it_is_changes_nothing() -> None:
    same = WijzigAbonnement(
        abonnement_id=KEY, bezorgwijze="webhook", terugbeladres=ADDRESS, autorisatie=WEBHOOK.autorisatie
    )
    assert abonnement.decide(taken(), same, WHO, allowed) == []


def test_another_address_must_agree_first_and_other_filters_need_not() -> None:
    state = told(taken(), abonnement.bevestig(taken(), None, HUB))
    filters = Filters(acties=("create",))
    narrower = ask(
        state, WijzigAbonnement(abonnement_id=KEY, bezorgwijze="webhook", terugbeladres=ADDRESS, filters=filters)
    )
    assert narrower is not None
    assert (narrower.status, narrower.filters, narrower.autorisatie) == (ACTIEF, filters, None)
    moved = ask(state, WijzigAbonnement(abonnement_id=KEY, bezorgwijze="webhook", terugbeladres=ADDRESS + "/twee"))
    assert moved is not None
    assert moved.status == AANGEVRAAGD


def test_what_is_suspended_stays_so_until_it_is_resumed() -> None:
    gone = told(taken(), abonnement.schors(taken(), "antwoord-410", HUB))
    assert (gone.status, gone.reden) == (GESCHORST, "antwoord-410")
    assert abonnement.schors(gone, "onbereikbaar", HUB) == []
    changed = ask(gone, WijzigAbonnement(abonnement_id=KEY, bezorgwijze="ophalen"))
    assert changed is not None
    assert changed.status == GESCHORST
    resumed = ask(changed, RESUME)
    assert resumed is not None
    assert (resumed.status, resumed.reden) == (ACTIEF, None)
    assert abonnement.decide(resumed, RESUME, WHO, allowed) == []


def test_resuming_asks_the_policy_again() -> None:
    gone = told(taken(), abonnement.schors(taken(), "recht-vervallen", HUB))
    (event,) = abonnement.decide(gone, RESUME, WHO, refused)
    assert isinstance(event, AbonnementGeweigerd)


def test_an_ended_subscription_keeps_no_secret_and_does_not_come_back() -> None:
    ended = ask(taken(), END)
    assert ended is not None
    assert (ended.status, ended.autorisatie) == (BEEINDIGD, None)
    assert abonnement.decide(ended, END, WHO, allowed) == []
    assert abonnement.schors(ended, "onbereikbaar", HUB) == []
    for command in (RESUME, WijzigAbonnement(abonnement_id=KEY, bezorgwijze="ophalen")):
        with pytest.raises(Strijdig):
            abonnement.decide(ended, command, WHO, allowed)


def test_only_known_reasons_suspend() -> None:
    with pytest.raises(ValueError, match="reden"):
        abonnement.schors(taken(), "zomaar", HUB)


def test_the_secret_does_not_show_where_a_subscription_is_printed() -> None:
    assert "geheim" not in repr(taken())


@pytest.mark.parametrize(
    "address",
    [
        "http://zaken.ede.example/meldingen",
        "https://gebruiker:woord@zaken.ede.example/",
        "https://zaken.ede.example/?token=geheim",
        "https://zaken.ede.example/#deel",
        "ftp://zaken.ede.example/",
        "https:///meldingen",
        "https://zaken.ede.example/een twee",
        "https://zaken.ede.example/een\ntwee",
        "http://localhost.kwaad.example/",
    ],
)
def test_an_address_is_plain_https(address: str) -> None:
    with pytest.raises(ValidationError):
        NeemAbonnement(abonnement_id=KEY, bezorgwijze="webhook", terugbeladres=address)


@pytest.mark.parametrize("address", ["https://[2001:db8::1]:8443/x", "https://a.example", "http://127.0.0.1:8080/x"])
def test_these_addresses_may_be_named(address: str) -> None:
    assert NeemAbonnement(abonnement_id=KEY, bezorgwijze="webhook", terugbeladres=address).terugbeladres == address


@pytest.mark.parametrize(
    "wrong",
    [
        {"bezorgwijze": "webhook"},
        {"bezorgwijze": "stroom", "terugbeladres": ADDRESS},
        {"bezorgwijze": "ophalen", "autorisatie": "Bearer x"},
        {"bezorgwijze": "post"},
        {"bezorgwijze": "ophalen", "filters": {"vormen": ["bestaat-niet"]}},
        {"bezorgwijze": "ophalen", "filters": {"acties": ["lezen"]}},
    ],
)
def test_what_does_not_belong_together_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NeemAbonnement.model_validate({"abonnement_id": KEY, **wrong})


COMMANDS = st.sampled_from([WEBHOOK, PULL, WijzigAbonnement(abonnement_id=KEY, bezorgwijze="kafka"), END, RESUME])
ACTS = st.lists(st.one_of(COMMANDS, st.sampled_from(sorted(SCHORSREDENEN)), st.none()), max_size=20)


@given(ACTS)
def test_whatever_happens_only_what_agreed_is_brought_to_an_address(acts: list[object]) -> None:
    history: list[abonnement.AbonnementEvent] = []
    for act in acts:
        state = abonnement.replay(history)
        try:
            if act is None:
                history += abonnement.bevestig(state, None, HUB)
            elif isinstance(act, str):
                history += abonnement.schors(state, act, HUB)
            else:
                history += abonnement.decide(state, act, WHO, allowed)  # type: ignore[arg-type]
        except (Onbekend, Strijdig):
            continue
    state = abonnement.replay(history)
    if state is not None and state.bezorgwijze == "webhook" and state.status == ACTIEF:
        assert state.terugbeladres == _agreed(history)


def _agreed(history: list[abonnement.AbonnementEvent]) -> str | None:
    """The address that agreed last, and was neither changed nor resumed since."""
    address, agreed = None, None
    for event in history:
        if isinstance(event, AbonnementGenomen | AbonnementGewijzigd):
            agreed = agreed if event.terugbeladres == address else None
            address = event.terugbeladres
        elif isinstance(event, AbonnementBevestigd):
            agreed = address
        elif isinstance(event, AbonnementHervat):
            agreed = None
    return agreed


def test_one_suspends_ones_own_for_a_while_and_resumes_it() -> None:
    suspend = SchorsAbonnement(abonnement_id=KEY)
    state = ask(taken(PULL), suspend)
    assert state is not None
    assert (state.status, state.reden) == (GESCHORST, OP_VERZOEK)
    assert abonnement.decide(state, suspend, WHO, allowed) == []
    resumed = ask(state, RESUME)
    assert resumed is not None
    assert resumed.status == ACTIEF
    with pytest.raises(Onbekend):
        abonnement.decide(taken(PULL), suspend, Acted(AVIM, NU), allowed)
    with pytest.raises(Strijdig):
        abonnement.decide(ask(taken(PULL), END), suspend, WHO, allowed)
