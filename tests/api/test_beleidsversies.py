"""A policy version through the door: signed by two, in force at once, and seen by exactly whom it concerns."""

from __future__ import annotations

import base64
import secrets
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID

import jwt
import psycopg
import pytest
import yaml
from psycopg.conninfo import make_conninfo
from rich.console import Console
from rich.progress import Progress

from contracts.beleid import KeurBeleidGoed, StelBeleidVoor
from hub.access.bundel import BELEIDSMAP
from hub.access.ondertekening import onderteken
from hub.access.pakket import pak_in
from hub.access.ruw import lees_map
from hub.api.clients import make_client
from hub.api.identity import SCOPES
from hub.policies import Versions
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld, criteria, inhoud, opened, persoon

BEHEERDER, PRIVACY = "beheerder@landelijk", "privacy-officer@landelijk"
COLLEGE, BELASTING, ZC, AVIM = (
    "gemeente.college-handhaving@ede",
    "belastingdienst@oost",
    "zc.opvang@ede",
    "politie.avim@oost-nederland",
)
RIEC = "riec-handhaving-mensenhandel"
ROLE = "vermoedelijk-slachtoffer"


@pytest.fixture(scope="module")
def world(postgres_server_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubWorld]:
    """A hub of its own: another policy comes into force in it."""
    name, folder = f"beleid_{secrets.token_hex(6)}", tmp_path_factory.mktemp("beleid")
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    with opened(make_conninfo(postgres_server_dsn, dbname=name), folder) as world:
        yield world
    with psycopg.connect(postgres_server_dsn, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy of the hub, but the role of a person opens in phase 3 of a RIEC case."""
    map = tmp_path_factory.mktemp("ontwerp") / "beleid"
    shutil.copytree(BELEIDSMAP, map)
    path = map / "categorieen.yaml"
    content = yaml.safe_load(path.read_text())
    content["rol-in-casus"]["riec"] = {"fase": 3}
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    return map


class Office:
    """A seat with a registered system that signs."""

    def __init__(self, world: HubWorld, zetel: str) -> None:
        self.seat, self.zetel = world.as_seat(zetel), zetel
        folder = world.settings.data_folder / "clients"
        folder.mkdir(exist_ok=True)
        self.sleutel = make_client(folder, self.seat.oin, "beleid", [zetel], SCOPES)
        self.pem = self.sleutel.read_bytes()
        self.client = f"{self.seat.oin}:beleid"

    def signed(self, stap: Any, *without: str) -> dict[str, Any]:
        jws = onderteken(stap, self.zetel, self.client, self.pem, utc_now())
        body: dict[str, Any] = stap.model_dump(mode="json", by_alias=True, exclude=set(without))
        return body | {"handtekening": jws}


def case_in_phase_one(world: HubWorld) -> UUID:
    """A RIEC case in which the tax authority sees a signal with a role."""
    college, id = world.as_seat(COLLEGE), world.id()
    signaal = college.registers(world.kenmerk(), spoor="riec", criteria=criteria(), inhoud=inhoud(persoon(world.id())))
    college.act(
        "/casussen", {"casusId": str(id), "spoor": "riec", "regio": "ede", "doel": RIEC, "vorm": "arbeidsuitbuiting"}
    )
    for path, body in (
        ("signalen", {"signaalId": str(signaal)}),
        ("criteria", {"criteria": criteria()}),
        ("deelnemers", {"deelnemers": [COLLEGE, BELASTING]}),
        ("fasen", {"fase": 1}),
    ):
        college.act(f"/casussen/{id}/{path}", body)
    return signaal


def until_reviewed(world: HubWorld, versie: str) -> None:
    """Wait until all disclosures were held against a version, and the views show it."""
    while versie not in {one.versie for one in world.hub.policy.versies().herzien.values()}:
        sleep(0.05)
    world.settle()


def test_a_version_goes_from_proposal_to_recall_through_the_door(world: HubWorld, draft: Path) -> None:
    signaal, own = case_in_phase_one(world), world.as_seat(ZC).registers(world.kenmerk())
    before, others = world.sees(BELASTING, signaal, RIEC), world.sees(ZC, own, "zorg-opvang").json()
    assert ROLE in before.text
    beheer, privacy = Office(world, BEHEERDER), Office(world, PRIVACY)
    versie = lees_map(draft).versie
    pakket = base64.b64encode(pak_in(draft)).decode()
    plain = StelBeleidVoor(versie=versie, pakket=pakket, toelichting="rollen pas in fase 3", handtekening="-")
    beheer.seat.act("/beleid/versies", beheer.signed(plain))
    approval = KeurBeleidGoed(versie=versie, rac_kenmerk="RAC-2026-7", ingangsdatum=utc_now().date(), handtekening="-")
    address = f"/beleid/versies/{versie}"
    privacy.seat.act(f"{address}/goedkeuringen", privacy.signed(approval, "versie"))
    beheer.seat.act(f"{address}/activeringen", None)
    assert world.hub.beleid.versie == versie
    until_reviewed(world, versie)
    after = world.sees(BELASTING, signaal, RIEC)
    assert after.status_code == 200
    assert ROLE not in after.text
    assert ROLE in world.sees(COLLEGE, signaal, RIEC).text
    assert world.sees(ZC, own, "zorg-opvang").json() == others
    check_list(world, versie, pakket)


def check_list(world: HubWorld, versie: str, pakket: str) -> None:
    """Anybody may see the version, its history and its package, and check both signatures."""
    reader = world.as_seat(AVIM)
    listed = reader.get("/beleid/versies").json()
    (seen,) = (one for one in listed["versies"] if one["versie"] == versie)
    assert listed["vanKracht"] == seen["versie"] == versie
    assert (seen["stand"], seen["racKenmerk"]) == ("geactiveerd", "RAC-2026-7")
    assert (seen["auteur"]["zetel"], seen["goedkeurder"]["zetel"]) == (BEHEERDER, PRIVACY)
    for one, role in ((seen["auteur"], "auteur"), (seen["goedkeurder"], "goedkeurder")):
        claims = jwt.decode(one["jws"], jwt.PyJWK(one["sleutel"]), ["ES256"], options={"verify_iat": False})
        assert (claims["versie"], claims["rol"], claims["zetel"]) == (versie, role, one["zetel"])
    (activation,) = seen["activeringen"]
    assert activation["verstrekt"] == 1
    assert reader.get(f"/beleid/versies/{versie}/pakket").json()["pakket"] == pakket


def test_an_unknown_version_is_not_found_and_a_foreign_signature_forbidden(world: HubWorld, draft: Path) -> None:
    nobody = f"/beleid/versies/sha256:{'0' * 64}"
    seat = world.as_seat(BEHEERDER)
    assert seat.post(f"{nobody}/activeringen", None).status_code == 404
    assert seat.get(f"{nobody}/pakket").status_code == 404
    assert seat.get("/beleid/versies/onzin/pakket").status_code == 400
    plain = StelBeleidVoor(versie=f"sha256:{'1' * 64}", pakket="AAAA", toelichting="", handtekening="a.b.c")
    refused = seat.post("/beleid/versies", plain.model_dump(mode="json", by_alias=True))
    assert refused.status_code == 403
    assert "handtekening" in refused.json()["detail"]
    assert world.as_seat(BEHEERDER, "beleid.raadplegen").post(f"{nobody}/activeringen", None).status_code == 403


def test_the_command_line_takes_the_same_steps(world: HubWorld, tmp_path: Path) -> None:
    map, said = tmp_path / "beleid", StringIO()
    shutil.copytree(BELEIDSMAP, map)
    with (map / "zetels.yaml").open("a") as seats:
        seats.write("# een eigen versie\n")
    command = Versions(lambda: nullcontext(world.hub), utc_now, Console(file=said, width=250), Progress)
    beheer, privacy, versie = Office(world, BEHEERDER), Office(world, PRIVACY), lees_map(map).versie
    assert command.activate(versie) == 1
    assert command.propose(map, sleutel=privacy.sleutel, toelichting="proef") == 1
    assert command.propose(map, sleutel=beheer.sleutel, toelichting="proef") == 0
    assert command.activate(versie) == 1
    today = utc_now().date()
    assert command.approve(versie, sleutel=beheer.sleutel, ingangsdatum=today, rac="RAC-8", zetel=BEHEERDER) == 1
    assert command.approve(versie, sleutel=privacy.sleutel, ingangsdatum=today, rac="RAC-8") == 0
    assert command.activate(versie) == 0
    assert command.withdraw(versie, reden="te laat") == 1
    assert command.herzien() == 0
    assert command.versies() == 0
    text = said.getvalue()
    assert f"van kracht: {versie}" in text
    for words in ("bestaat niet", "nog niet goedgekeurd", "niet geregistreerd", "RAC-8", "van kracht geweest"):
        assert words in text
