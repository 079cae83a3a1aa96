"""Subscriptions through the door and on the command line: one's own, within the policy, and on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from uuid import UUID

import orjson
import pytest
from rich.console import Console

from hub.cli import record_look
from hub.delivery.subscribers import LedgerFacts
from hub.domain.abonnement import GESCHORST
from hub.handling.toezicht import Toezicht
from hub.handling.wachtrij import Wachtrij
from hub.main import Hub
from hub.sealing import utc_now
from hub.subscribing import Subscribing
from tests.api.hub_world import NOBODY, HubWorld
from tests.api.riec import BELASTING, COLLEGE, zaak

AF, SCHOOL, ZC = "gemeente.af-oov@ede", "school@ede", "zc.opvang@ede"
ADDRESS, SECRET = "https://zaken.ede.example/meldingen", "Bearer kanarie-7312"
PATH = "/abonnementen"


def body(world: HubWorld, **more: Any) -> dict[str, Any]:
    return {"abonnementId": str(world.id()), "bezorgwijze": "ophalen"} | more


@pytest.fixture
def webhook(hub_app: HubWorld) -> dict[str, Any]:
    """A subscription of a municipality by webhook, with a secret."""
    made = body(hub_app, bezorgwijze="webhook", terugbeladres=ADDRESS, autorisatie=SECRET)
    hub_app.as_seat(AF).act(PATH, made)
    return made


def shown(world: HubWorld, id: str, zetel: str = AF) -> dict[str, Any]:
    answer = world.as_seat(zetel).get(f"{PATH}/{id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_seat_takes_sees_changes_and_ends_its_own(hub_app: HubWorld, webhook: dict[str, Any]) -> None:
    seat, id = hub_app.as_seat(AF), webhook["abonnementId"]
    seen = shown(hub_app, id)
    assert (seen["status"], seen["heeftAutorisatie"], seen["terugbeladres"]) == ("aangevraagd", True, ADDRESS)
    assert seen["grondgebied"] == ["ede", "landelijk"]
    seat.act(f"{PATH}/{id}/wijzigingen", {"bezorgwijze": "ophalen", "filters": {"gebieden": ["ede"]}})
    changed = shown(hub_app, id)
    assert (changed["status"], changed["heeftAutorisatie"], changed["filters"]["gebieden"]) == (
        "actief",
        False,
        ["ede"],
    )
    seat.act(f"{PATH}/{id}/beeindigingen", {})
    assert shown(hub_app, id)["status"] == "beeindigd"
    assert id not in seat.get(PATH).text
    assert id in seat.get(PATH, beeindigd=True).text


def test_the_secret_is_in_no_answer_and_in_no_log(hub_app: HubWorld, webhook: dict[str, Any]) -> None:
    seat, id = hub_app.as_seat(AF), webhook["abonnementId"]
    answers = [seat.get(PATH), seat.get(f"{PATH}/{id}"), seat.post(PATH, webhook)]
    answers.append(seat.post(f"{PATH}/{id}/wijzigingen", webhook | {"bezorgwijze": "stroom"}))
    assert all(SECRET not in answer.text for answer in answers)
    assert SECRET not in hub_app.log_lines.getvalue()
    records = hub_app.hub.store.access_records(0, 100_000)
    assert all(SECRET.encode() not in data for _, data in records)


def test_anothers_subscription_does_not_exist(hub_app: HubWorld, webhook: dict[str, Any]) -> None:
    other, id = hub_app.as_seat(ZC), webhook["abonnementId"]
    for number in (id, str(NOBODY)):
        assert other.get(f"{PATH}/{number}").status_code == 404
        for path, asked in (("wijzigingen", {"bezorgwijze": "ophalen"}), ("beeindigingen", {}), ("hervattingen", {})):
            assert other.post(f"{PATH}/{number}/{path}", asked).status_code == 404
    assert other.post(PATH, body(hub_app) | {"abonnementId": id}).status_code == 404
    assert id not in other.get(PATH).text
    assert shown(hub_app, id)["status"] == "aangevraagd"


@pytest.mark.parametrize(
    ("zetel", "filters", "rule"),
    [
        (SCHOOL, {}, "hub-melder-abonneert-niet"),
        (AF, {"gebieden": ["utrecht"]}, "hub-abonneren-op-eigen-grondgebied"),
        ("comensha@landelijk", {"kanalen": ["casussen"]}, "hub-abonneren-op-casussen"),
    ],
)
def test_a_refusal_names_its_rule_its_reason_and_what_can_be_done(
    hub_app: HubWorld, zetel: str, filters: dict[str, Any], rule: str
) -> None:
    made = body(hub_app, filters=filters)
    answer = hub_app.as_seat(zetel).post(PATH, made)
    problem = answer.json()
    assert answer.status_code == 403, answer.text
    assert rule in str(problem)
    assert problem["alternatief"]
    assert hub_app.as_seat(zetel).get(f"{PATH}/{made['abonnementId']}").status_code == 404


def test_a_case_that_is_not_ones_own_is_as_one_that_does_not_exist(hub_app: HubWorld) -> None:
    case = zaak(hub_app, BELASTING)
    hub_app.as_seat(COLLEGE).act(PATH, body(hub_app, filters={"casussen": [str(case.id)]}))
    unseen = [
        hub_app.as_seat(ZC).post(PATH, body(hub_app, filters={"casussen": [number]}))
        for number in (str(case.id), str(NOBODY))
    ]
    assert {answer.status_code for answer in unseen} == {404}
    first, second = (answer.json() | {"instance": ""} for answer in unseen)
    assert first.keys() == second.keys()
    assert first["detail"] == second["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"bezorgwijze": "webhook"},
        {"bezorgwijze": "webhook", "terugbeladres": "http://zaken.ede.example/"},
        {"bezorgwijze": "ophalen", "filters": {"vormen": ["bestaat-niet"]}},
    ],
)
def test_faults_are_told_without_echo(hub_app: HubWorld, webhook: dict[str, Any], wrong: dict[str, Any]) -> None:
    seat = hub_app.as_seat(AF)
    assert seat.post(PATH, body(hub_app) | wrong).status_code == 400
    answer = seat.post(f"{PATH}/{webhook['abonnementId']}/wijzigingen", wrong)
    assert answer.status_code == 400, answer.text
    assert "zaken.ede.example" not in answer.text


def test_a_token_without_the_scope_manages_nothing(hub_app: HubWorld) -> None:
    seat = hub_app.as_seat(AF, "signalen.raadplegen")
    assert seat.get(PATH).status_code == 403
    assert seat.post(PATH, body(hub_app)).status_code == 403


def test_every_look_is_on_record_and_leaves_nothing_for_the_officer(hub_app: HubWorld) -> None:
    def waiting() -> set[int]:
        Toezicht(hub_app.services.ledger).run(utc_now())
        return {one.gevonden.nummer for one in Wachtrij(hub_app.hub.store).open()}

    before, made = waiting(), body(hub_app)
    seat = hub_app.as_seat(AF)
    seat.act(PATH, made)
    seat.get(PATH)
    look = orjson.loads(hub_app.last_look())
    assert (look["vraag"], look["resultaat"], look["velden"]) == ("abonnementen", "toegestaan", [])
    assert f"abonnement:{made['abonnementId']}" in look["objecten"]
    seat.get(f"{PATH}/{made['abonnementId']}")
    seat.registers(hub_app.kenmerk())
    hub_app.settle()
    assert seat.get("/gebeurtenissen", abonnementId=made["abonnementId"]).status_code == 200
    hub_app.as_seat(SCHOOL).post(PATH, body(hub_app))
    seat.act(f"{PATH}/{made['abonnementId']}/beeindigingen", {})
    assert waiting() == before


class Terminal:
    """The command line of an operator: what is typed, and what it printed."""

    def __init__(self, world: HubWorld, *typed: str) -> None:
        answers = iter(typed)
        self.printed = StringIO()

        @contextmanager
        def hub() -> Iterator[Hub]:
            yield world.hub

        console = Console(file=self.printed, width=250)
        self.does = Subscribing(hub, record_look, utc_now, "beheerder:proef", lambda _: next(answers), console)


def test_the_command_line_takes_lists_resumes_and_ends(hub_app: HubWorld) -> None:
    made = Terminal(hub_app, SECRET)
    assert made.does.taken("webhook", zetel=ZC, adres=ADDRESS, gebied=("ede",), met_autorisatie=True) == 0
    id = UUID(made.printed.getvalue().split()[-1])
    assert made.does.listed(zetel=ZC) == 0
    found = hub_app.hub.abonnementen().een(id)
    assert found is not None
    assert (found.autorisatie, found.filters.gebieden) == (SECRET, ("ede",))
    assert SECRET not in made.printed.getvalue()
    assert str(id) in made.printed.getvalue()
    assert made.does.resumed(id, zetel=ZC) == 0
    assert made.does.ended(id, zetel=AF) == 1
    assert made.does.ended(id, zetel=ZC) == 0
    assert made.does.listed(zetel=SCHOOL) == 0


def test_the_command_line_says_what_is_wrong(hub_app: HubWorld) -> None:
    made = Terminal(hub_app)
    assert made.does.taken("post", zetel=ZC) == 2
    assert made.does.taken("ophalen", zetel="niemand@nergens") == 2
    assert made.does.taken("ophalen", zetel=SCHOOL) == 1
    assert "hub-melder-abonneert-niet" in made.printed.getvalue()
    assert "Wat wel kan" in made.printed.getvalue()


def test_what_is_suspended_shows_on_the_command_line(hub_app: HubWorld) -> None:
    made = Terminal(hub_app)
    assert made.does.taken("ophalen", zetel=COLLEGE) == 0
    id = UUID(made.printed.getvalue().split()[-1])
    found = hub_app.hub.abonnementen().een(id)
    assert found is not None
    facts = LedgerFacts(hub_app.hub.ledger())
    facts.suspend(found, "recht-vervallen", utc_now())
    assert made.does.listed(zetel=COLLEGE) == 1
    assert GESCHORST in made.printed.getvalue()
    assert made.does.resumed(id, zetel=COLLEGE) == 0
