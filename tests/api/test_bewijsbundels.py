"""Evidence: no more than a seat may see, and true to anybody with nothing but a key."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hub.audit.controleer import Sleutel, controleer
from tests.api.hub_world import CANARY, NOBODY, HubWorld
from tests.api.riec import AVIM, BELASTING, COLLEGE, GEZEGD, GEZIEN, RIEC, Zaak, zaak

PO = "privacy-officer@landelijk"
LAWFUL = "rechtmatigheidscontrole"


@pytest.fixture(scope="module")
def case(hub_app: HubWorld) -> Zaak:
    return zaak(hub_app, BELASTING)


def key_of(world: HubWorld) -> str:
    return world.hub.checkpoints.signers["grootboek"].verifier.vkey


def asks(case: Zaak, zetel: str, doel: str = RIEC, **what: Any) -> Any:
    case.world.settle()
    return case.seat(zetel).post("/bewijsbundels", {"doel": doel, **what})


def files(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_it_verifies_with_nothing_of_the_hub_installed(case: Zaak, tmp_path: Path) -> None:
    answer = asks(case, COLLEGE, casusId=str(case.id))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    (tmp_path / "bundel.zip").write_bytes(answer.content)
    (tmp_path / "controleer.py").write_bytes(files(answer.content)["controleer.py"])
    words = [sys.executable, "-I", "controleer.py", "bundel.zip", "--sleutel", key_of(case.world)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BEWEZEN   op plaats" in done.stdout
    assert "NIET      dat dit alles is" in done.stdout
    strange = subprocess.run([*words[:-1], "geen-sleutel"], cwd=tmp_path, capture_output=True, check=False)
    assert strange.returncode == 2


def test_a_participant_gets_its_own_words_and_what_was_given_to_it_and_nothing_of_others(case: Zaak) -> None:
    mine = files(asks(case, BELASTING, casusId=str(case.id)).content)
    readable = b"".join(content for name, content in mine.items() if name.endswith("inhoud.json"))
    assert b"signaal-verstrekt" in b"".join(mine[name] for name in mine if name.endswith("blad.json"))
    assert GEZIEN.encode() not in readable
    assert GEZEGD.encode() not in readable
    assert CANARY.encode() not in b"".join(mine[name] for name in mine if not name.startswith("zicht/"))
    for name, content in mine.items():
        if name.endswith("inhoud.json"):
            event = json.loads(content)
            assert BELASTING in (event["zetel"], event.get("ontvanger"))
    owner = files(asks(case, COLLEGE, casusId=str(case.id)).content)
    assert any(GEZIEN.encode() in content for name, content in owner.items() if name.endswith("inhoud.json"))
    assert any(name.endswith("beslissing.json") for name in owner)
    assert any(name.startswith("beleid/") for name in owner)


def test_who_does_not_take_part_cannot_tell_it_from_what_is_not_there(case: Zaak) -> None:
    hidden = asks(case, "nla@landelijk", casusId=str(case.id))
    nothing = asks(case, "nla@landelijk", casusId=str(NOBODY))
    assert {**hidden.json(), "instance": ""} == {**nothing.json(), "instance": ""}
    assert hidden.status_code == 404, case.world.log_lines.getvalue()[-1500:]
    assert asks(case, "nla@landelijk", positie=1).status_code == 404
    assert asks(case, COLLEGE, positie=10**9).status_code == 404
    assert asks(case, COLLEGE).status_code == 400


def test_the_privacy_officer_gets_every_event_and_decision_and_no_words(case: Zaak) -> None:
    assert asks(case, PO, "strafvordering", casusId=str(case.id)).status_code in (200, 403)
    whole = files(asks(case, PO, LAWFUL, casusId=str(case.id)).content)
    assert not any(name.endswith("inhoud.json") or name.startswith("zicht/") for name in whole)
    assert sum(name.endswith("gebeurtenis.bin") for name in whole) > 5
    assert any(name.endswith("beslissing.json") for name in whole)
    assert not controleer(asks(case, PO, LAWFUL, casusId=str(case.id)).content, Sleutel.lees(key_of(case.world))).fouten


def test_each_bundle_is_in_the_access_log_before_it_leaves(case: Zaak) -> None:
    before = case.world.looks()
    asks(case, AVIM, casusId=str(case.id))
    assert case.world.looks() == before + 1
    assert b"bewijsbundels" in case.world.last_look()
