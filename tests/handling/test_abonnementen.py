"""Subscriptions through the whole write side: within what the policy allows, and no longer than it does."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from contracts.abonnement import AbonnementGeschorst, AbonnementGeweigerd, BeeindigAbonnement, Filters, NeemAbonnement
from contracts.casus import BepaalDeelnemers, OpenCasus
from contracts.message import Event
from hub.access.beleid import Beleid
from hub.access.bundel import laad_bundel
from hub.access.zetel import Lid
from hub.delivery.abonnementen import Abonnementen
from hub.delivery.geldigheid import Geldigheid
from hub.domain.abonnement import ACTIEF, GESCHORST, Abonnement
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.beleidsversies import EnePolicy
from hub.handling.execute import Ledger, Request
from hub.handling.grondgebied import grondgebied
from hub.handling.questions import Questions
from tests.handling.executing import AF, AVIM, BELEID, NU, OVJ, ZC, World, id_of, riec_case

COMENSHA, SCHOOL, OFFICER = "comensha@landelijk", "school@ede", "privacy-officer@landelijk"
BUNDEL = laad_bundel()


def take(name: str = "een", **filters: Any) -> NeemAbonnement:
    return NeemAbonnement(abonnement_id=id_of(name), bezorgwijze="ophalen", filters=Filters(**filters))


def asked(world: World, zetel: str, command: NeemAbonnement, nu: datetime = NU) -> Event:
    (event,) = world.ask(zetel, command, nu=nu).events
    return event


def refused(world: World, zetel: str, **filters: Any) -> AbonnementGeweigerd:
    event = asked(world, zetel, take(**filters))
    assert isinstance(event, AbonnementGeweigerd)
    return event


@dataclass
class Following:
    """The subscriptions of a world, its follower, and the moment; the policy may be replaced."""

    world: World = field(default_factory=World)
    nu: datetime = NU

    def __post_init__(self) -> None:
        self.policy: Any = self.world.policy
        self.bind()

    def bind(self, beleid: Beleid | None = None) -> None:
        """Everything anew, under this policy."""
        if beleid is not None:
            self.policy = EnePolicy(Questions(beleid))
        made = self.world
        self.ledger = Ledger(made.store, made.mapper, made.keys, self.policy, bytes(32))
        self.known = Abonnementen(made.store, made.work, self.policy, lambda: self.nu)
        self.follower = Geldigheid(self.ledger, self.known, self.policy)

    def takes(self, zetel: str, command: NeemAbonnement) -> None:
        self.ledger.execute(Request(command, zetel), self.nu)

    def one(self, name: str = "een") -> Abonnement:
        found = self.known.een(id_of(name))
        assert found is not None
        return found

    def run(self) -> int:
        return self.follower.run(self.nu)


def party(beleid_regio: str, gebied: str, tot: date) -> Beleid:
    """The packaged policy, with a municipality as party to the care covenant of another region until a day."""
    made = tuple(
        replace(one, leden=(*one.leden, Lid("gemeente.af-oov", frozenset({gebied}), None, tot)))
        if one.id == beleid_regio
        else one
        for one in BUNDEL.convenanten
    )
    return Beleid(replace(BUNDEL, convenanten=made))


def test_a_seat_subscribes_to_its_own_news_and_finds_only_its_own() -> None:
    made = Following()
    made.takes(AF, take("een"))
    made.takes(ZC, take("twee"))
    assert [one.zetel for one in made.known.van(AF)] == [AF]
    assert {one.zetel for one in made.known.actieve("ophalen")} == {AF, ZC}
    assert made.known.actieve("webhook") == []
    with pytest.raises(Onbekend):
        made.ledger.execute(Request(BeeindigAbonnement(abonnement_id=id_of("een")), ZC), NU)


def test_who_only_reports_has_no_subscription_and_is_told_why_and_what_else() -> None:
    event = refused(World(), SCHOOL)
    assert event.regels == ("hub-melder-abonneert-niet",)
    assert event.redenen
    assert event.alternatief is not None
    assert isinstance(asked(World(), OFFICER, take()), Event)


def test_news_of_cases_is_for_who_may_take_part_in_one() -> None:
    assert refused(World(), COMENSHA, kanalen=("casussen",)).regels == ("hub-abonneren-op-casussen",)
    assert refused(World(), OFFICER, kanalen=("overleggen",)).regels == ("hub-abonneren-op-casussen",)
    assert not isinstance(asked(World(), COMENSHA, take(kanalen=("signalen",))), AbonnementGeweigerd)


def test_a_municipality_names_only_its_own_territory() -> None:
    assert refused(World(), AF, gebieden=("ede", "utrecht")).regels == ("hub-abonneren-op-eigen-grondgebied",)
    assert not isinstance(asked(World(), AF, take(gebieden=("ede",))), AbonnementGeweigerd)
    assert not isinstance(asked(World(), COMENSHA, take(gebieden=("utrecht",))), AbonnementGeweigerd)


def test_all_reasons_are_told_at_once() -> None:
    event = refused(World(), SCHOOL, gebieden=("utrecht",), kanalen=("casussen",))
    assert len(event.regels) == 3
    assert all(word in " ".join(event.redenen) for word in ("casussen", "grondgebied", "meldt"))
    with pytest.raises(Strijdig, match=r"kanaal: geheimen.*gebied: atlantis"):
        asked(World(), AF, take(kanalen=("geheimen",), gebieden=("atlantis",)))


def test_a_case_is_named_by_who_takes_part_and_to_others_it_does_not_exist() -> None:
    world = World()
    riec_case(world, "zaak", AF, OVJ)
    assert not isinstance(asked(world, AF, take(casussen=(id_of("zaak"),))), AbonnementGeweigerd)
    for unseen in (id_of("zaak"), id_of("bestaat-niet"), id_of("zaak-signaal")):
        with pytest.raises(Onbekend):
            asked(world, ZC, take("ander", casussen=(unseen,)))


def test_a_case_of_another_territory_is_refused_to_a_municipality_that_takes_part() -> None:
    world, key = World(), id_of("elders")
    world.ask(
        AVIM,
        OpenCasus(
            casus_id=key, spoor="riec", regio="utrecht", doel="riec-handhaving-mensenhandel", vorm="seksuele-uitbuiting"
        ),
    )
    world.ask(AVIM, BepaalDeelnemers(casus_id=key, deelnemers=(AF, AVIM)))
    assert "hub-abonneren-op-eigen-grondgebied" in refused(world, AF, casussen=(key,)).regels


@pytest.mark.parametrize(("spoor", "doel"), [("zvh", "zvh-casus"), ("zorg-en-registratie", "zorg-opvang")])
def test_in_every_track_a_participant_names_its_case(spoor: str, doel: str) -> None:
    world, key = World(), id_of("zaak")
    world.ask(ZC, OpenCasus(casus_id=key, spoor=spoor, regio="ede", doel=doel, vorm="seksuele-uitbuiting"))
    world.ask(ZC, BepaalDeelnemers(casus_id=key, deelnemers=(ZC,)))
    event = asked(world, ZC, take(casussen=(key,)))
    assert not isinstance(event, AbonnementGeweigerd), event


def test_the_secret_is_sealed_and_comes_back_only_to_who_delivers() -> None:
    made = Following()
    command = NeemAbonnement(
        abonnement_id=id_of("een"),
        bezorgwijze="webhook",
        terugbeladres="https://zaken.ede.example/",
        autorisatie="Bearer geheim-woord",
    )
    made.takes(AF, command)
    stored = made.world.store.stream(id_of("een"))
    assert all(b"geheim-woord" not in event.state for event in stored)
    (waiting,) = made.known.te_bevestigen()
    assert waiting.autorisatie == "Bearer geheim-woord"


def test_leaving_the_only_case_it_named_suspends_a_subscription() -> None:
    made = Following()
    riec_case(made.world, "zaak", AF, OVJ)
    riec_case(made.world, "blijft", AF, OVJ)
    made.takes(AF, take("een", casussen=(id_of("zaak"),)))
    made.takes(AF, take("twee", casussen=(id_of("zaak"), id_of("blijft"))))
    assert made.run() == 0
    made.world.ask(AVIM, BepaalDeelnemers(casus_id=id_of("zaak"), deelnemers=(AVIM, OVJ)))
    assert made.run() == 1
    assert (made.one("een").status, made.one("een").reden) == (GESCHORST, "recht-vervallen")
    assert made.one("twee").status == ACTIEF
    assert made.run() == 0


def test_territory_by_covenant_ends_with_the_membership() -> None:
    made, last = Following(), NU.date() + timedelta(days=10)
    made.bind(party("casuistiekoverleg-18-amsterdam", "ede", last))
    made.takes(AF, take("daar", gebieden=("amsterdam",)))
    made.takes(AF, take("beide", gebieden=("amsterdam", "ede")))
    assert "amsterdam" in (made.one("daar").grondgebied or ())
    made.nu = NU + timedelta(days=10)
    assert made.run() == 0
    made.nu = NU + timedelta(days=11)
    assert made.run() == 1
    assert (made.one("daar").status, made.one("beide").status) == (GESCHORST, ACTIEF)
    assert "amsterdam" not in (made.one("beide").grondgebied or ())


def test_a_seat_that_a_new_policy_does_not_know_is_suspended_and_nothing_waits_for_that() -> None:
    made = Following()
    made.takes(AF, take())
    made.takes(ZC, take("ander"))
    without = {id: seat for id, seat in BUNDEL.instanties.items() if id != AF}
    made.bind(Beleid(replace(BUNDEL, versie="sha256:" + "1" * 64, instanties=without)))
    assert [one.zetel for one in made.known.actieve("ophalen")] == [ZC]
    assert made.run() == 1
    assert made.one().status == GESCHORST
    (event,) = [one for one in made.world.work().events(id_of("een"), Event) if isinstance(one, AbonnementGeschorst)]
    assert event.reden == "recht-vervallen"


def test_a_policy_that_takes_the_right_away_suspends_and_a_subscription_of_before_is_not_resumed() -> None:
    made = Following()
    made.takes(AF, take())
    rules = tuple(one for one in BUNDEL.regels if one.id != "hub-abonneren-op-eigen-nieuws")
    made.bind(Beleid(replace(BUNDEL, versie="sha256:" + "2" * 64, regels=rules)))
    assert made.run() == 1
    assert made.one().status == GESCHORST


@pytest.mark.parametrize(
    ("zetel", "own"),
    [
        (AF, frozenset({"ede", "landelijk"})),
        ("gemeente.af-oov@enschede", frozenset({"enschede", "landelijk"})),
        ("gemeente.af-oov@zeist", frozenset({"zeist", "zblw", "landelijk"})),
        ("politie.avim@amsterdam", frozenset({"amsterdam", "landelijk"})),
        (AVIM, None),
        ("niemand@nergens", frozenset()),
    ],
)
def test_the_territory_of_a_seat(zetel: str, own: frozenset[str] | None) -> None:
    assert grondgebied(BELEID, zetel, NU.date()) == own


def test_a_covenant_of_a_track_with_a_statute_gives_no_territory() -> None:
    made = party("riec-amsterdam", "ede", date(2030, 1, 1))
    assert "amsterdam" in (grondgebied(made, AF, date(2024, 1, 1)) or ())
    assert "amsterdam" not in (grondgebied(made, AF, NU.date()) or ())


def test_two_followers_suspend_once() -> None:
    made = Following()
    riec_case(made.world, "zaak", AF, OVJ)
    made.takes(AF, take(casussen=(id_of("zaak"),)))
    second = partial(Geldigheid(made.ledger, made.known, made.policy).run, NU)
    made.world.ask(AVIM, BepaalDeelnemers(casus_id=id_of("zaak"), deelnemers=(AVIM, OVJ)))
    assert made.run() + second() == 1


def test_an_unknown_subscription_is_none() -> None:
    assert Following().known.een(UUID(int=1)) is None
