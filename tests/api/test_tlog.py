"""Both logs over HTTP, read by a client written after the text of the specifications and nothing of ours.

Source: C2SP tlog-tiles, tlog-checkpoint, signed-note; RFC 6962, 2.1.
"""

from __future__ import annotations

import struct
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import sleep

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hub.ledger.checkpoints import LOGS
from hub.ledger.store import ACCESS_LOG, LEDGER_LOG
from tests.api.hub_world import HubWorld

Fetch = Callable[[str], httpx.Response]


def mth(hashes: list[bytes]) -> bytes:
    """Merkle tree hash over leaf hashes."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return sha256(b"\x01" + mth(hashes[:k]) + mth(hashes[k:])).digest()


@dataclass
class ThirdParty:
    """A client of one log: its prefix and its verifier key are all it knows."""

    fetch: Fetch
    vkey: str

    def checkpoint(self) -> tuple[int, bytes]:
        answer = self.fetch("checkpoint")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        text, _, signatures = answer.text.rpartition("\n\n")
        name, key_id, key = self.vkey.split("+", 2)
        origin, size, root = (text + "\n").split("\n")[:3]
        assert origin == name
        for line in signatures.splitlines():
            dash, signer, blob = line.split(" ")
            raw = b64decode(blob)
            if (dash, signer, raw[:4].hex()) == ("\u2014", name, key_id):
                Ed25519PublicKey.from_public_bytes(b64decode(key)[1:]).verify(raw[4:], f"{text}\n".encode())
                return int(size), b64decode(root)
        raise AssertionError("not signed by the log")

    def resource(self, level: str, index: int, width: int) -> bytes:
        parts = [f"{index % 1000:03d}"]
        while index := index // 1000:
            parts.insert(0, f"x{index % 1000:03d}")
        suffix = f".p/{width}" if width < 256 else ""
        answer = self.fetch(f"tile/{level}/{'/'.join(parts)}{suffix}")
        assert answer.status_code == 200, (level, parts, width, answer.text)
        assert answer.headers["content-type"] == "application/octet-stream"
        return answer.content

    def tiles(self, level: int, size: int) -> list[bytes]:
        """All hashes of a level for a tree of `size`."""
        count, found = size // 256**level, list[bytes]()
        for index in range(-(-count // 256)):
            width = min(256, count - index * 256)
            tile = self.resource(str(level), index, width)
            assert len(tile) == width * 32
            found += [tile[at : at + 32] for at in range(0, len(tile), 32)]
        return found

    def entries(self, size: int) -> list[bytes]:
        found: list[bytes] = []
        for index in range(-(-size // 256)):
            bundle = self.resource("entries", index, min(256, size - index * 256))
            while bundle:
                (length,) = struct.unpack(">H", bundle[:2])
                found.append(bundle[2 : 2 + length])
                bundle = bundle[2 + length :]
        return found


def reader(hub_app: HubWorld, log: str) -> ThirdParty:
    (vkey,) = (one.verifier.vkey for one in hub_app.hub.checkpoints.keys[log].all)
    return ThirdParty(lambda path: hub_app.http.get(f"/tlog/{log}/{path}"), vkey)


def filled(hub_app: HubWorld, log: str, at_least: int) -> int:
    """Make the log that long, and wait until that is published."""
    seat = hub_app.as_seat("gemeente.af-oov@ede")
    while hub_app.hub.store.frontier(log).size < at_least:
        if log == LEDGER_LOG:
            kenmerken = [hub_app.kenmerk() for _ in range(50)]
            seat.results(*[seat.event(one, "registreer-signaal", seat.signaal(one)) for one in kenmerken])
        else:
            seat.get("/signalen", doel="opsporing")
    size = hub_app.hub.store.frontier(log).size
    while (found := hub_app.services.published.latest(log)) is None or found.size < size:
        sleep(0.01)
    return size


@pytest.mark.parametrize("log", LOGS)
def test_the_tree_that_a_third_party_builds_from_tiles_is_the_one_that_was_signed(hub_app: HubWorld, log: str) -> None:
    client = reader(hub_app, log)
    before, old_root = client.checkpoint()
    filled(hub_app, log, 300)
    size, root = client.checkpoint()
    leaves = client.tiles(0, size)
    assert len(leaves) == size
    assert mth(leaves) == root
    assert mth(leaves[:before]) == old_root
    upper = client.tiles(1, size)
    assert upper == [mth(leaves[at : at + 256]) for at in range(0, size - 255, 256)]


def test_the_entries_of_the_ledger_hash_to_its_leaves(hub_app: HubWorld) -> None:
    client = reader(hub_app, LEDGER_LOG)
    filled(hub_app, LEDGER_LOG, 300)
    size, _ = client.checkpoint()
    assert [sha256(b"\x00" + one).digest() for one in client.entries(size)] == client.tiles(0, size)


def test_an_older_size_is_served_still(hub_app: HubWorld) -> None:
    client = reader(hub_app, LEDGER_LOG)
    filled(hub_app, LEDGER_LOG, 60)
    assert client.resource("0", 0, 17) == client.resource("0", 0, 50)[: 17 * 32]


def test_the_entries_of_the_access_log_are_not_published(hub_app: HubWorld) -> None:
    filled(hub_app, ACCESS_LOG, 300)
    for path in ("tile/entries/000", "tile/entries/000.p/7"):
        assert hub_app.http.get(f"/tlog/{ACCESS_LOG}/{path}").status_code == 404
        assert hub_app.http.get(f"/tlog/{LEDGER_LOG}/tile/entries/999").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/999",
        "tile/9/000.p/1",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/0/\u0660\u0660\u0660",
        "tile/entries",
        "tile/",
        "elders",
    ],
)
def test_what_is_no_tile_is_not_found(hub_app: HubWorld, path: str) -> None:
    assert hub_app.http.get(f"/tlog/{LEDGER_LOG}/{path}").status_code == 404


def test_an_unknown_log_is_not_found(hub_app: HubWorld) -> None:
    assert hub_app.http.get("/tlog/elders/checkpoint").status_code in {400, 404}


class TestOverview:
    def test_it_tells_who_vouches_for_both_logs(self, hub_app: HubWorld) -> None:
        filled(hub_app, LEDGER_LOG, 1)
        answer = hub_app.http.get("/v1/controlepunten")
        assert answer.status_code == 200
        found = {one["logboek"]: one for one in answer.json()["logboeken"]}
        assert set(found) == set(LOGS)
        ledger = found[LEDGER_LOG]
        assert ledger["sleutels"] == [hub_app.hub.checkpoints.signers[LEDGER_LOG].verifier.vkey]
        assert (ledger["quorum"], ledger["gehaald"], ledger["getuigen"], ledger["alarm"]) == ("geen", True, [], [])
        assert ledger["laatste"]["grootte"] == ledger["getuigd"]["grootte"] > 0

    def test_a_proof_file_holds_without_a_network(self, hub_app: HubWorld) -> None:
        from hub.audit.proving import verify_proof
        from hub.audit.quorum import parse_policy

        filled(hub_app, LEDGER_LOG, 5)
        vkey = hub_app.hub.checkpoints.signers[LEDGER_LOG].verifier.vkey
        policy = parse_policy(f"log {vkey}\nquorum none\n".encode())
        answer = hub_app.http.get("/v1/controlepunten/grootboek/bewijzen/3/bestand")
        assert verify_proof(answer.content, policy) == []
        assert verify_proof(answer.content, policy, hub_app.hub.store.leaf_data(LEDGER_LOG, 3, 1)[0]) == []
        for other in ("grootboek/bewijzen/999999999", "toegang/bewijzen/0"):
            assert hub_app.http.get(f"/v1/controlepunten/{other}/bestand").status_code == 404
