"""What became of deliveries, sending them again, and the keys that sign: through the doors."""

from __future__ import annotations

from contextlib import closing, nullcontext
from dataclasses import dataclass
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
from rich.console import Console

from hub.cli import record_look
from hub.delivery.bezorgrij import BEZORGD, ONBESTELBAAR, Afloop, Bezorgrij, delivery_id
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.redelivering import Redelivering
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld, Seat

ZETEL, OTHER = "zc.opvang@ede", "politie.avim@oost-nederland"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A subscription of which one delivery arrived, one never did, and one waits."""

    abonnement_id: UUID
    seat: Seat

    def bezorging(self, nummer: int) -> str:
        return str(delivery_id(self.abonnement_id, nummer))


def notice(nummer: int) -> Gebeurtenis:
    subject, about = f"casus:{uuid4()}", uuid4()
    return Gebeurtenis(
        nummer, ZETEL, nummer, uuid4(), subject, 1, None, "signalen", "signaal", about, "destroy", {}, utc_now(), nummer
    )


@pytest.fixture
def delivered(hub_app: HubWorld) -> Delivered:
    id, nu = uuid4(), utc_now()
    with closing(Bezorgrij(hub_app.hub.database.dsn)) as queue:
        begun = queue.begin(id, ZETEL, 0)
        assert queue.add(begun, [notice(nummer) for nummer in (1, 2, 3)], begun.tot + 3, nu)
        ended = [
            Afloop(id, 1, BEZORGD, 1, laatste_status=204),
            Afloop(id, 2, ONBESTELBAAR, 10, laatste_fout="te-langzaam"),
        ]
        queue.record(ended, [], nu)
    return Delivered(id, hub_app.as_seat(ZETEL))


def test_a_seat_sees_what_became_of_its_deliveries(hub_app: HubWorld, delivered: Delivered) -> None:
    answer = delivered.seat.get("/bezorgingen", abonnementId=delivered.abonnement_id)
    shown = [(one["nummer"], one["status"], one["pogingen"]) for one in answer.json()["bezorgingen"]]
    assert shown == [(3, "wachtend", 0), (2, "onbestelbaar", 10), (1, "bezorgd", 1)]
    record = orjson.loads(hub_app.last_look())
    assert (record["vraag"], record["resultaat"], record["objecten"]) == ("bezorgingen", "toegestaan", [])
    dead = delivered.seat.get("/bezorgingen", abonnementId=delivered.abonnement_id, status="onbestelbaar").json()
    assert [one["bezorgingId"] for one in dead["bezorgingen"]] == [delivered.bezorging(2)]
    assert "onderwerp" not in answer.text


def test_pages_follow_one_another(delivered: Delivered) -> None:
    found, na = list[int](), None
    while True:
        query: dict[str, int] = {"na": na} if na is not None else {}
        page = delivered.seat.get("/bezorgingen", abonnementId=delivered.abonnement_id, aantal=2, **query).json()
        found += [one["nummer"] for one in page["bezorgingen"]]
        na = page["volgende"]
        if na is None:
            break
    assert found == [3, 2, 1]


@pytest.mark.parametrize("nummer", [1, 2])
def test_what_is_done_with_is_sent_again_as_if_new(delivered: Delivered, nummer: int) -> None:
    answer = delivered.seat.post(f"/bezorgingen/{delivered.bezorging(nummer)}/herhalingen", None)
    assert answer.status_code == 200
    assert [answer.json()[name] for name in ("status", "pogingen", "herhaald")] == ["wachtend", 0, 1]
    again = delivered.seat.post(f"/bezorgingen/{delivered.bezorging(nummer)}/herhalingen", None)
    assert again.status_code == 404


def test_another_seat_sees_and_repeats_nothing(hub_app: HubWorld, delivered: Delivered) -> None:
    other = hub_app.as_seat(OTHER)
    assert other.get("/bezorgingen", abonnementId=delivered.abonnement_id).json()["bezorgingen"] == []
    assert other.post(f"/bezorgingen/{delivered.bezorging(2)}/herhalingen", None).status_code == 404
    assert other.post(f"/abonnementen/{delivered.abonnement_id}/herhalingen", {"na": 0}).status_code == 404


def test_everything_is_sent_again_from_a_number_and_nothing_is_skipped(hub_app: HubWorld, delivered: Delivered) -> None:
    path = f"/abonnementen/{delivered.abonnement_id}/herhalingen"

    def tot() -> int:
        with psycopg.connect(hub_app.hub.database.dsn) as connection:
            connection.execute("select set_config('hub.bezorger', 'aan', false)")
            query = "select tot from bezorgstand where abonnement_id = %s"
            found = connection.execute(query, (delivered.abonnement_id,)).fetchone()
        return int(found[0]) if found else -1

    before = tot()
    assert delivered.seat.post(path, {"na": before + 1_000}).status_code == 200
    assert tot() == before
    assert delivered.seat.post(path, {"na": 1}).json() == {"abonnementId": str(delivered.abonnement_id), "na": 1}
    assert tot() == 1


def test_the_keys_are_public_both_of_them_while_one_takes_over(hub_app: HubWorld) -> None:
    keys = hub_app.services.webhook_keys

    def shown() -> list[tuple[str, str]]:
        answer = hub_app.http.get("/v1/webhooksleutels")
        assert answer.status_code == 200
        return [(one["stand"], one["sleutel"]) for one in answer.json()["sleutels"]]

    ((stand, old),) = shown()
    assert stand == "huidig"
    assert old.startswith("whpk_")
    keys.rotate()
    (_, new), former = shown()
    assert former == ("vorige", old)
    keys.finish()
    assert shown() == [("huidig", new)]


def test_the_command_line_lists_and_repeats_what_did_not_arrive(hub_app: HubWorld, delivered: Delivered) -> None:
    printed = StringIO()
    commands = Redelivering(lambda: nullcontext(hub_app.hub), record_look, Console(file=printed, width=250))
    chosen: dict[str, Any] = {"zetel": ZETEL, "abonnement": delivered.abonnement_id}
    assert commands.list(**chosen, status="onbestelbaar") == 1
    assert delivered.bezorging(2) in printed.getvalue()
    assert commands.again(UUID(delivered.bezorging(2)), zetel=ZETEL) == 0
    assert commands.list(**chosen) == 0
    assert commands.again(UUID(delivered.bezorging(2)), zetel=OTHER) == 1
    assert commands.again_since(delivered.abonnement_id, zetel=ZETEL, na=0) == 0
    assert commands.finish() == 1
    assert commands.keys() == 0
    assert hub_app.services.webhook_keys.signers()[0].public in printed.getvalue()
