"""A bundle of evidence in the hands of somebody who wants it to say something else."""

import base64
import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.access.bundel import BELEIDSMAP
from hub.access.pakket import bestanden_van, pak_in, som_over
from hub.audit.bewijsbundel import Bewijsstuk, Bundelinhoud, bundel
from hub.audit.checkpoint import COSIGNATURE, NoteSigner, sign_checkpoint, split_note
from hub.audit.controleer import GROOTST, Sleutel, controleer, zip_van
from hub.audit.tiles import MemoryTiles, TileReader, extend
from hub.audit.tree import Frontier, consistency_proof, inclusion_proof, leaf_hash

NOTHING = base64.b64encode(bytes(32)).decode()
NU = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
LOG = NoteSigner("hub.proef/grootboek", Ed25519PrivateKey.from_private_bytes(bytes(32)))
WITNESS = NoteSigner("getuige.proef", Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32), COSIGNATURE)
VERSIE = som_over(bestanden_van(BELEIDSMAP), toetsen=False)
Files = dict[str, bytes]


def leaf(positie: int, state: bytes, decision: bytes | None) -> bytes:
    known = None if decision is None else sha256(decision).hexdigest()
    return json.dumps(
        {"beslissing": known, "hash": sha256(state).hexdigest(), "positie": positie, "soort": "proef.v1"}
    ).encode()


@pytest.fixture(scope="module")
def made() -> bytes:
    """A bundle of two events out of nine, with a decision, its policy and a witnessed checkpoint of seven."""
    decision = json.dumps({"beleidsversie": VERSIE, "zetel": "a@b"}).encode()
    states = [f"gebeurtenis {number}".encode() for number in range(9)]
    leaves = [leaf(number, state, decision if number == 3 else None) for number, state in enumerate(states, 1)]
    tiles, frontiers = MemoryTiles(), [Frontier()]
    hashes = [leaf_hash(one) for one in leaves]
    for one in hashes:
        frontiers.append(frontiers[-1].append([one]))
    extend(tiles, Frontier(), hashes)
    reader = TileReader(tiles)
    point = sign_checkpoint(LOG.name, 9, frontiers[9].root(), LOG)
    seen = sign_checkpoint(LOG.name, 7, frontiers[7].root(), LOG)
    seen += WITNESS.cosign(split_note(seen)[0], 1_772_447_400)
    pieces = [
        Bewijsstuk(3, leaves[2], tuple(inclusion_proof(reader, 2, 9)), states[2], b'{"zetel": "a@b"}', decision),
        Bewijsstuk(8, leaves[7], tuple(inclusion_proof(reader, 7, 9))),
    ]
    whole = Bundelinhoud(
        "a@b",
        NU,
        pieces,
        point,
        seen,
        consistency_proof(reader, 7, 9),
        {VERSIE: pak_in(BELEIDSMAP)},
        zicht={"s": b"{}"},
    )
    return bundel(whole, [LOG])


def key(signer: NoteSigner = LOG) -> Sleutel:
    return Sleutel.lees(signer.verifier.vkey)


def unpacked(made: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def resigned(files: Files, signer: NoteSigner = LOG) -> bytes:
    """The bundle with a manifest and signature that fit the files: the hub itself lies, or somebody has its key."""
    rest = {name: content for name, content in files.items() if not name.startswith("manifest")}
    manifest = json.loads(files["manifest.json"])
    manifest["bestanden"] = {name: sha256(content).hexdigest() for name, content in rest.items()}
    raw = json.dumps(manifest).encode()
    text = f"signaalhub/bewijsbundel/v1\n{LOG.name}\n{sha256(raw).hexdigest()}\n"
    return zip_van({**rest, "manifest.json": raw, "manifest.sig": f"{text}\n{signer.sign(text)}".encode()})


def test_an_honest_bundle_is_proven_and_says_what_it_does_not_prove(made: bytes) -> None:
    found = controleer(made, key(), [key(WITNESS)], 1)
    assert found.fouten == []
    assert "op plaats 3 staat proef.v1, en niets anders" in found.bewezen
    assert "getuige getuige.proef zag dit logboek" in found.bewezen
    assert any("plaats 8" in one for one in found.open)


def test_a_zip_is_one_that_any_tool_opens(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        assert opened.testzip() is None


def test_any_byte_changed_in_a_file_is_named_by_that_file(made: bytes) -> None:
    chance = random.Random(1)
    for name, content in unpacked(made).items():
        for at in {0, len(content) - 1, chance.randrange(len(content))}:
            changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            found = controleer(zip_van({**unpacked(made), name: changed}), key()).fouten
            assert any(name in one for one in found) or (name == "manifest.json" and "manifest.sig" in str(found)), name


def test_any_byte_changed_anywhere_in_the_zip_is_found(made: bytes) -> None:
    chance = random.Random(2)
    tail = len(made) - 3_000
    places = {chance.randrange(len(made)) for _ in range(150)} | {chance.randrange(tail, len(made)) for _ in range(150)}
    for at in places:
        assert controleer(made[:at] + bytes([made[at] ^ 0x20]) + made[at + 1 :], key()).fouten, at
    assert controleer(made + b"x", key()).fouten
    assert controleer(made[:-1], key()).fouten
    assert controleer(b"", key()).fouten


FORGED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "another leaf": ("gebeurtenissen/0000000003/blad.json", lambda raw: raw.replace(b"proef.v1", b"ander.v1")),
    "another event": ("gebeurtenissen/0000000003/gebeurtenis.bin", lambda raw: raw + b"!"),
    "another decision": ("gebeurtenissen/0000000003/beslissing.json", lambda raw: raw.replace(b"a@b", b"c@d")),
    "another place": ("gebeurtenissen/0000000003/bewijs.json", lambda raw: raw.replace(b'"index": 2', b'"index": 4')),
    "another growth": (
        "groei.json",
        lambda raw: json.dumps({"hashes": [NOTHING]}).encode(),
    ),
    "another policy": (f"beleid/{VERSIE.partition(':')[2]}.zip", lambda raw: zip_van({"riec.cedar": b"permit"})),
    "another root": (
        "controlepunt.txt",
        lambda raw: sign_checkpoint(
            LOG.name, 9, bytes(32), NoteSigner(LOG.name, Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32))
        ).encode(),
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_the_log_does_not_hold_is_named_even_when_the_hub_signs_the_bundle_anew(made: bytes, what: str) -> None:
    name, forge = FORGED[what]
    files = unpacked(made)
    changed = forge(files[name])
    assert changed != files[name]
    found = controleer(resigned({**files, name: changed}), key()).fouten
    assert found
    folder = name.rsplit("/", 1)[0]
    assert any(one.startswith((name, folder)) for one in found), found


def test_a_file_that_is_missing_or_added_is_named(made: bytes) -> None:
    files = unpacked(made)
    gone = {name: content for name, content in files.items() if name != "register.json"}
    assert "register.json: ontbreekt" in controleer(zip_van(gone), key()).fouten
    assert "extra.txt: staat niet in het manifest" in controleer(zip_van({**files, "extra.txt": b""}), key()).fouten


def test_another_key_signs_nothing(made: bytes) -> None:
    other = NoteSigner(LOG.name, Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32))
    assert any(one.startswith("manifest.sig") for one in controleer(made, key(other)).fouten)
    assert any(one.startswith("manifest.sig") for one in controleer(resigned(unpacked(made), other), key()).fouten)


def test_too_few_witnesses_are_named(made: bytes) -> None:
    assert "controlepunt.txt: 1 van de 2 getuigen tekenden" in controleer(made, key(), [key(WITNESS)], 2).fouten


def policy_of(files: Files) -> str:
    (name,) = (one for one in files if one.startswith("beleid/"))
    return name


def test_another_policy_text_is_named_and_not_proven_too(made: bytes) -> None:
    files = unpacked(made)
    files[policy_of(files)] = zip_van({"hub.cedar": b"permit(principal, action, resource);"})
    found = controleer(resigned(files), key())
    assert any("is niet het beleid van deze versie" in one for one in found.fouten)
    assert not any("beleidstekst" in one for one in found.bewezen)


def test_a_zip_that_unpacks_to_more_than_a_bundle_can_be_is_not_unpacked(made: bytes) -> None:
    files = unpacked(made)
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as bundled, bundled.open("groot", "w") as one:
        for _ in range(GROOTST // 2**24 + 1):
            one.write(bytes(2**24))
    files[policy_of(files)] = large.getvalue()
    assert any("geen leesbaar beleidspakket" in one for one in controleer(resigned(files), key()).fouten)
    assert controleer(large.getvalue(), key()).fouten
