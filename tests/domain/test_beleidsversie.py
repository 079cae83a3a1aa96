"""Policy versions: two persons, one version in force at a moment, and nothing that is not on record."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.beleid import (
    ActiveerBeleid,
    BeleidGeactiveerd,
    BeleidGeweigerd,
    BeleidGoedgekeurd,
    BeleidIngetrokken,
    BeleidVoorgesteld,
    Handtekening,
    KeurBeleidGoed,
    StelBeleidVoor,
    TrekBeleidIn,
)
from hub.domain import beleidsversie
from hub.domain.beleidsversie import Bevinding, Versies, decide, replay
from hub.domain.oordeel import Onbekend, Strijdig
from tests.domain.world import ja

NU = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
ONE, TWO = "sha256:" + "1" * 64, "sha256:" + "2" * 64
BEHEERDER, PRIVACY = "beheerder@landelijk", "privacy-officer@landelijk"
AUTHOR = Handtekening(client="a", sleutel={"kty": "RSA"}, jws="author")
APPROVER = Handtekening(client="b", sleutel={"kty": "RSA"}, jws="approver")
BY_AUTHOR = Bevinding(AUTHOR)
BY_APPROVER = Bevinding(APPROVER, "afdruk-b", "afdruk-a")
ALLOWED = Bevinding(oordeel=ja("beleidsregel"))


def propose(versie: str = ONE) -> StelBeleidVoor:
    return StelBeleidVoor(versie=versie, pakket="cGFr", toelichting="", handtekening="author")


def approve(versie: str = ONE, vanaf: date = NU.date(), jws: str = "approver") -> KeurBeleidGoed:
    return KeurBeleidGoed(versie=versie, rac_kenmerk="RAC-1", ingangsdatum=vanaf, handtekening=jws)


class History:
    """A stream that is added to; `do` gives what one step recorded."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    @property
    def state(self) -> Versies:
        return replay(self.events)

    def do(self, command: Any, zetel: str, gevonden: Bevinding = BY_AUTHOR, nu: datetime = NU) -> list[Any]:
        new = decide(self.state, command, zetel, nu, gevonden)
        self.events += new
        return list(new)

    def activated(self, versie: str, vanaf: date, nu: datetime) -> None:
        self.do(propose(versie), BEHEERDER, nu=nu)
        self.approved(versie, vanaf, nu)

    def approved(self, versie: str, vanaf: date, nu: datetime) -> None:
        jws = f"approver {len(self.events)}"
        signed = Bevinding(APPROVER.model_copy(update={"jws": jws}), "afdruk-b", "afdruk-a")
        self.do(approve(versie, vanaf, jws), PRIVACY, signed, nu)
        (event,) = self.do(ActiveerBeleid(versie=versie), BEHEERDER, ALLOWED, nu)
        assert isinstance(event, BeleidGeactiveerd)


@pytest.fixture
def history() -> History:
    return History()


def test_a_version_goes_from_proposal_to_force(history: History) -> None:
    history.activated(ONE, NU.date(), NU)
    assert [type(event) for event in history.events] == [BeleidVoorgesteld, BeleidGoedgekeurd, BeleidGeactiveerd]
    assert [one.versie for one in history.state.in_kracht(NU)] == [ONE]
    assert history.state.bekend[ONE].stand == "geactiveerd"
    assert history.events[-1].auteur == BEHEERDER
    assert history.events[-1].goedkeurder == PRIVACY


@pytest.mark.parametrize(
    ("zetel", "gevonden"),
    [
        (BEHEERDER, BY_APPROVER),
        (PRIVACY, Bevinding(AUTHOR, "afdruk-c", "afdruk-a")),
        (PRIVACY, Bevinding(APPROVER, "afdruk-a", "afdruk-a")),
        ("rac@landelijk", BY_APPROVER),
        ("coordinerend-fg@landelijk", BY_APPROVER),
        (PRIVACY, Bevinding(None, bezwaren=("De handtekening klopt niet.",))),
    ],
    ids=["not-an-approver", "same-system", "same-key", "committee", "supervisor", "signature"],
)
def test_an_approval_needs_another_seat_system_and_key(history: History, zetel: str, gevonden: Bevinding) -> None:
    history.do(propose(), BEHEERDER)
    (refused,) = history.do(approve(), zetel, gevonden)
    assert isinstance(refused, BeleidGeweigerd)
    assert refused.redenen
    with pytest.raises(Strijdig):
        history.do(ActiveerBeleid(versie=ONE), BEHEERDER, ALLOWED)


def test_the_author_of_a_privacy_office_does_not_approve_either(history: History) -> None:
    history.do(propose(), PRIVACY)
    (refused,) = history.do(approve(), PRIVACY, BY_APPROVER)
    assert refused.redenen == ("De auteur van een beleidsversie keurt haar niet zelf goed.",)


def test_all_faults_of_a_proposal_are_named_at_once(history: History) -> None:
    found = Bevinding(None, bezwaren=("een", "twee"))
    (refused,) = history.do(propose(), "politie.avim@oost-nederland", found)
    assert refused.redenen == ("Deze zetel stelt geen beleid voor.", "een", "twee")
    assert history.state.bekend == {}


def test_a_signature_counts_once(history: History) -> None:
    history.activated(ONE, NU.date(), NU)
    used = history.events[1].handtekening
    again = Bevinding(used, "afdruk-b", "afdruk-a")
    (refused,) = history.do(approve(jws=used.jws), PRIVACY, again)
    assert refused.redenen == ("Deze handtekening is al eens gebruikt.",)


def test_what_the_policy_refuses_is_not_activated_and_says_why(history: History) -> None:
    history.do(propose(), BEHEERDER)
    history.do(approve(), PRIVACY, BY_APPROVER)
    (refused,) = history.do(ActiveerBeleid(versie=ONE), BEHEERDER, Bevinding(oordeel=ja(nee=("beleidsregel",))))
    assert isinstance(refused, BeleidGeweigerd)
    assert refused.redenen
    assert history.state.in_kracht(NU) == []


def test_activating_twice_changes_nothing(history: History) -> None:
    history.activated(ONE, NU.date(), NU)
    assert history.do(ActiveerBeleid(versie=ONE), BEHEERDER, ALLOWED) == []


def test_a_version_counts_from_its_effective_date_and_never_looks_back(history: History) -> None:
    tomorrow = NU + timedelta(days=1)
    history.activated(ONE, tomorrow.date(), NU)
    history.activated(TWO, date(2020, 1, 1), NU)
    assert [one.versie for one in history.state.in_kracht(NU)] == [TWO]
    assert [one.versie for one in history.state.in_kracht(tomorrow)] == [ONE, TWO]
    assert history.state.in_kracht(NU - timedelta(seconds=1)) == []


def test_going_back_takes_a_new_approval(history: History) -> None:
    history.activated(ONE, NU.date(), NU)
    history.activated(TWO, NU.date(), NU)
    history.approved(ONE, NU.date(), NU)
    assert [one.versie for one in history.state.in_kracht(NU)] == [ONE, TWO, ONE]
    assert [one.volgnummer for one in history.state.in_kracht(NU)] == [3, 2, 1]


def test_withdrawing_is_for_what_was_never_in_force(history: History) -> None:
    history.activated(ONE, NU.date(), NU)
    with pytest.raises(Strijdig):
        history.do(TrekBeleidIn(versie=ONE, reden="vergissing"), BEHEERDER)
    tomorrow = NU + timedelta(days=1)
    history.activated(TWO, tomorrow.date(), NU)
    (gone,) = history.do(TrekBeleidIn(versie=TWO, reden="vergissing"), BEHEERDER, nu=NU + timedelta(hours=1))
    assert isinstance(gone, BeleidIngetrokken)
    assert [one.versie for one in history.state.in_kracht(tomorrow)] == [ONE]
    with pytest.raises(Strijdig):
        history.do(approve(TWO), PRIVACY, BY_APPROVER)


def test_an_unknown_version_does_not_exist(history: History) -> None:
    for command in (approve(), ActiveerBeleid(versie=ONE), TrekBeleidIn(versie=ONE, reden="x")):
        with pytest.raises(Onbekend):
            history.do(command, BEHEERDER)


def test_a_known_version_is_not_proposed_again(history: History) -> None:
    history.do(propose(), BEHEERDER)
    with pytest.raises(Strijdig):
        history.do(propose(), BEHEERDER)


STEPS = st.sampled_from(
    [propose(ONE), propose(TWO), approve(ONE), approve(TWO, date(2026, 3, 9)), TrekBeleidIn(versie=ONE, reden="x")]
    + [ActiveerBeleid(versie=versie) for versie in (ONE, TWO)]
)


@given(st.lists(st.tuples(STEPS, st.sampled_from([BEHEERDER, PRIVACY])), max_size=20))
def test_any_history_loads_and_one_version_at_most_is_in_force(asked: list[tuple[Any, str]]) -> None:
    history = History()
    for number, (command, zetel) in enumerate(asked):
        found = Bevinding(
            AUTHOR if isinstance(command, StelBeleidVoor) else APPROVER.model_copy(update={"jws": str(number)}),
            "afdruk-b",
            "afdruk-a",
            oordeel=ja("beleidsregel"),
        )
        try:
            history.do(command, zetel, found)
        except (Onbekend, Strijdig):
            continue
    loaded = [type(event).model_validate_json(event.model_dump_json()) for event in history.events]
    assert replay(loaded) == history.state
    for activering in history.state.activeringen:
        approved = history.state.bekend[activering.versie]
        assert approved.goedkeuring is not None
        assert approved.goedkeuring.handtekening.client != approved.voorstel.handtekening.client
    assert isinstance(history.state, beleidsversie.Versies)
