"""The operator's commands about witnesses and proofs: what they print, and exit codes that scripts can trust."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from time import sleep

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console

from hub.audit.checkpoint import COSIGNATURE, NoteSigner
from hub.audit.quorum import parse_policy
from hub.cli import record_look
from hub.ledger.checkpoints import LOGS
from hub.ledger.published import MemoryPublished, Published
from hub.ledger.store import ACCESS_LOG, LEDGER_LOG
from hub.main import Hub
from hub.publishing import trust_policy
from hub.sealing import utc_now
from hub.settings import Settings, SettingsError
from hub.witnessing import Witnessing
from tests.api.hub_world import HubWorld

WITNESS = NoteSigner("w.example/getuige", Ed25519PrivateKey.from_private_bytes(b"2" * 32), COSIGNATURE).verifier
NEEDED = f"witness w {WITNESS.vkey} http://127.0.0.1:9\nquorum w\n"


class Commands:
    """The commands on one hub, with what they printed."""

    def __init__(self, hub: Hub) -> None:
        self.printed = StringIO()
        console = Console(file=self.printed, width=200, highlight=False)
        self.run = Witnessing(lambda: nullcontext(hub), record_look, console)


@pytest.fixture
def commands(hub_app: HubWorld) -> Commands:
    seat = hub_app.as_seat("gemeente.af-oov@ede")
    seat.registers(hub_app.kenmerk())
    return Commands(hub_app.hub)


class TestQuorum:
    def test_without_witnesses_a_hub_that_publishes_is_well(self, hub_app: HubWorld, commands: Commands) -> None:
        while not all(hub_app.services.published.witnessed(log) for log in LOGS):
            sleep(0.01)
        assert commands.run.quorum() == 0
        assert all(log in commands.printed.getvalue() for log in LOGS)

    def test_below_its_quorum_it_says_so_and_exits_with_one(self, hub_app: HubWorld) -> None:
        latest = Published(hub_app.hub.checkpoints.checkpoint(LEDGER_LOG), 1, utc_now() - timedelta(minutes=5))
        store = MemoryPublished()
        for log in LOGS:
            store.put(log, latest, False, [])
        behind = replace(hub_app.hub, trust=parse_policy(NEEDED.encode()), published=store)
        commands = Commands(behind)
        assert commands.run.quorum() == 1
        assert "onder-quorum" in commands.printed.getvalue()
        assert "nooit gevraagd" in commands.printed.getvalue()


class TestProof:
    def test_a_proof_that_is_written_is_proven(self, hub_app: HubWorld, commands: Commands, tmp_path: Path) -> None:
        vkeys = [hub_app.hub.checkpoints.signers[log].verifier.vkey for log in LOGS]
        (tmp_path / "beleid").write_text("".join(f"log {vkey}\n" for vkey in vkeys) + "quorum none\n")
        for log in LOGS:
            file = tmp_path / f"{log}.tlog-proof"
            assert commands.run.proof(1, log=log, file=file) == 0
            assert commands.run.proven(str(file), "--policy", str(tmp_path / "beleid")) == 0

    def test_making_one_is_in_the_access_log(self, hub_app: HubWorld, commands: Commands, tmp_path: Path) -> None:
        before = hub_app.looks()
        commands.run.proof(1, log=ACCESS_LOG, file=tmp_path / "bewijs")
        assert hub_app.looks() > before

    @pytest.mark.parametrize(
        ("position", "log", "code"), [(10**9, LEDGER_LOG, 1), (0, LEDGER_LOG, 1), (1, "elders", 2)]
    )
    def test_what_is_not_there_has_no_proof(
        self, commands: Commands, tmp_path: Path, position: int, log: str, code: int
    ) -> None:
        assert commands.run.proof(position, log=log, file=tmp_path / "bewijs") == code
        assert not (tmp_path / "bewijs").exists()


def test_the_keys_are_those_that_sign(hub_app: HubWorld, commands: Commands) -> None:
    assert commands.run.keys() == 0
    assert commands.printed.getvalue().split() == [hub_app.hub.checkpoints.signers[log].verifier.vkey for log in LOGS]


class TestSettings:
    @pytest.mark.parametrize(
        ("content", "fault"),
        [("quorum w\n", "not defined"), (NEEDED.replace("http://127.0.0.1:9", "elders"), "w"), (None, "readable")],
    )
    def test_a_policy_that_cannot_be_used_stops_the_start(
        self, tmp_path: Path, content: str | None, fault: str
    ) -> None:
        path = tmp_path / "beleid"
        if content is not None:
            path.write_text(content)
        with pytest.raises(SettingsError, match=fault):
            trust_policy(Settings(witness_policy=path))

    def test_in_production_witnesses_answer_over_tls(self, tmp_path: Path) -> None:
        (tmp_path / "beleid").write_text(NEEDED)
        issuer = "https://a.example"
        safe = {"issuer_url": issuer, "issuer_jwks": f"{issuer}/jwks", "oin": "00000001111111111000"}
        settings = Settings(
            witness_policy=tmp_path / "beleid", production=True, public_url="https://hub.example", **safe
        )
        with pytest.raises(SettingsError, match="https://: w"):
            trust_policy(settings)

    def test_without_a_policy_nobody_witnesses(self) -> None:
        assert trust_policy(Settings()).rule() == "geen"
