"""The command `signaalhub abonnee`: what it takes, what it says, and its exit codes."""

import signal
import socket
import subprocess
import sys
import time
from base64 import b64decode
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from adapters.abonnee.cli import Opties, abonnee_command, exit_code, line
from adapters.abonnee.client import published_keys
from adapters.abonnee.door import Door, Unreadable
from adapters.abonnee.journal import Voortgang
from adapters.abonnee.signatures import KeysUnavailable, parse_key
from adapters.abonnee.subscribing import Wens, take_subscription
from adapters.identity import FixedToken
from adapters.push import ALLES_AANVAARD, HUB_ONBEREIKBAAR, IETS_GEWEIGERD, VERKEERD_GEBRUIK
from contracts.problems import Fout, ongeldige_invoer
from tests.adapters.feeding_hub import URL, thing_id

ROOT = Path(__file__).parents[2]
KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
WENS = Wens("webhook", "https://gemeente.example/", "Bearer afspraak")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A private key that only this test knows."""
    path = tmp_path / "sleutel.pem"
    path.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


def options(key: Path, **more: Any) -> Opties:
    given = {"hub": "http://127.0.0.1:9", "zetel": "z@ede", "client_id": "1:demo", "sleutel": key, "doel": ("zorg",)}
    return Opties(**{**given, "data": key.parent / "data", **more})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, ["Kies een weg"]),
        ({"stroom": True, "ophalen": True}, ["Kies een weg"]),
        ({"ontvang": "8080"}, ["HOST:POORT"]),
        ({"ophalen": True, "adres": "https://x.example"}, ["horen bij --ontvang"]),
        ({"stroom": True, "doel": ()}, ["--doel"]),
        ({"sleutel": Path("/nergens"), "doel": ()}, ["Kies een weg", "privésleutel", "--doel"]),
    ],
)
def test_all_that_is_wrong_with_the_options_is_said_at_once(
    key: Path, capsys: pytest.CaptureFixture[str], more: dict[str, Any], words: list[str]
) -> None:
    assert abonnee_command(options(key, **more)) == VERKEERD_GEBRUIK
    said = capsys.readouterr().err
    assert [word for word in words if word not in said] == []


def test_a_key_that_is_none_is_wrong_use(key: Path) -> None:
    key.write_text("geen sleutel")
    assert abonnee_command(options(key, ophalen=True)) == VERKEERD_GEBRUIK


def test_a_hub_that_is_away_is_told(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert abonnee_command(options(key, ophalen=True, eenmaal=True, pogingen=1)) == HUB_ONBEREIKBAAR
    assert "niet bereikbaar" in capsys.readouterr().err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_who_is_asked_to_stop_says_where_it_is_and_ends_well(key: Path, how: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hub:
        hub.settimeout(60)
        address = f"http://127.0.0.1:{hub.getsockname()[1]}"
        wanted = ["--hub", address, "--zetel", "z@ede", "--client-id", "1:demo", "--sleutel", str(key), "--ophalen"]
        command = [sys.executable, "-m", "hub.cli", "abonnee", *wanted, "--doel", "zorg", "--data", str(key.parent)]
        in_background = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command]
        with subprocess.Popen(in_background, cwd=ROOT, stderr=subprocess.PIPE) as process:
            try:
                hub.accept()[0].close()
                process.send_signal(how)
                _, said = process.communicate(timeout=60)
            finally:
                process.kill()
    assert process.returncode == ALLES_AANVAARD, said
    assert "ontvangen 0" in said.decode()


def test_the_way_decides_the_subscription(key: Path) -> None:
    assert options(key, stroom=True).wens == Wens("stroom")
    assert options(key, kafka="a:1").wens == Wens("kafka")
    assert options(key, ophalen=True).wens == Wens("ophalen")
    assert options(key, ontvang="[::1]:80", autorisatie="x").wens == Wens("webhook", "http://[::1]:80/", "x")
    assert options(key, ontvang="[::1]:80").address == ("::1", 80)
    assert options(key, ontvang=":80", adres="https://a.example/b").wens.terugbeladres == "https://a.example/b"


def test_what_was_refused_or_contradicts_itself_shows_in_line_and_code() -> None:
    well = Voortgang(ontvangen=3, verwerkt=2, opgehaald=2, wachtend=1, hiaten_open=1)
    assert exit_code(well) == ALLES_AANVAARD
    assert "ontvangen 3" in line(well)
    assert "hiaten 1 open" in line(well)
    assert "wacht 1" in line(well)
    assert exit_code(Voortgang(geweigerd=1)) == exit_code(Voortgang(tegenstrijdig=1)) == IETS_GEWEIGERD


class SubscribingHub:
    """A hub with these subscriptions; `lost`: how many answers to come get lost after the work was done."""

    def __init__(self, *subscriptions: dict[str, Any], lost: int = 0) -> None:
        self.subscriptions, self.lost = list(subscriptions), lost
        self.acts: list[str] = []

    def door(self) -> Door:
        client = httpx.Client(base_url=URL, transport=httpx.MockTransport(self._answer))
        return Door(client, FixedToken("goed"), "z@ede", lambda seconds: None, 3)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"abonnementen": self.subscriptions})
        self.acts.append(request.url.path.rpartition("/")[2])
        if request.url.path == "/v1/abonnementen" and len(self.acts) > 1:
            return httpx.Response(409)
        if self.lost:
            self.lost -= 1
            raise httpx.ReadError("weg")
        return httpx.Response(201, json={})


def subscription(status: str, **more: Any) -> dict[str, Any]:
    known = {"abonnementId": thing_id("a"), "bezorgwijze": "webhook", "terugbeladres": WENS.terugbeladres}
    return {**known, "status": status, "filters": {}, **more}


@pytest.mark.parametrize(
    ("hub", "acts"),
    [
        (SubscribingHub(), ["abonnementen"]),
        (SubscribingHub(lost=1), ["abonnementen", "abonnementen"]),
        (SubscribingHub(subscription("actief", bezorgwijze="stroom", terugbeladres=None)), ["abonnementen"]),
        (SubscribingHub(subscription("actief")), ["wijzigingen"]),
        (SubscribingHub(subscription("geschorst")), ["wijzigingen", "hervattingen"]),
    ],
)
def test_a_subscription_is_taken_once_and_resumed_where_it_was_suspended(hub: SubscribingHub, acts: list[str]) -> None:
    take_subscription(hub.door(), WENS, lambda: UUID(thing_id("b")))
    assert hub.acts == acts


def test_why_a_subscription_is_refused_is_said() -> None:
    problem = ongeldige_invoer((Fout(veld="/terugbeladres", melding="dit adres kan niet"),)).document
    answers = iter(
        [httpx.Response(200, json={"abonnementen": []}), httpx.Response(400, text=problem.model_dump_json())]
    )
    client = httpx.Client(base_url=URL, transport=httpx.MockTransport(lambda request: next(answers)))
    with pytest.raises(Unreadable, match="/terugbeladres: dit adres kan niet"):
        take_subscription(Door(client, FixedToken("goed"), "z@ede", time.sleep), WENS, uuid4)


def test_the_keys_of_the_hub_are_read_as_it_publishes_them() -> None:
    told = {"sleutels": [{"sleutel": KEY, "stand": "huidig"}, {"sleutel": KEY, "stand": "vorige"}]}
    client = httpx.Client(base_url=URL, transport=httpx.MockTransport(lambda request: httpx.Response(200, json=told)))
    keys = [parse_key(text).public_bytes_raw() for text in published_keys(client)]
    assert keys == [b64decode(KEY.removeprefix("whpk_"))] * 2
    broken = httpx.Client(base_url=URL, transport=httpx.MockTransport(lambda request: httpx.Response(503, text="weg")))
    with pytest.raises(KeysUnavailable):
        published_keys(broken)
