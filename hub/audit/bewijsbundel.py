"""One zip that proves one decision or case to somebody who trusts nothing of the hub but a key.

The layout is that of `hub.audit.controleer`, the script that goes along and checks it.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from hub.audit import controleer
from hub.audit.checkpoint import NoteSigner
from hub.audit.controleer import FORMAAT, GETUIGD, MANIFEST, ONDERTEKENING, PUNT, zip_van

SCRIPT = Path(controleer.__file__)
LEESMIJ = """Bewijsbundel van de signaalhub

Controleer deze bundel zonder netwerk en zonder iets van de hub; nodig zijn Python 3.11 en het pakket cryptography:

    python controleer.py <deze bundel>.zip --sleutel <sleutel van het grootboek> [--getuige <sleutel van een getuige>]

Gebruik de sleutels die u eerder van de hub en van de getuigen kreeg, en liefst een exemplaar van controleer.py van
elders: wie een bundel vervalst, vervalst ook wat erin zit.

gebeurtenissen/<plaats>/blad.json        wat er in het grootboek staat: hashes over versleutelde gegevens
gebeurtenissen/<plaats>/bewijs.json      dat het daar staat
gebeurtenissen/<plaats>/gebeurtenis.bin  de versleutelde gebeurtenis, als u haar mag hebben
gebeurtenissen/<plaats>/inhoud.json      wat u ervan mag lezen
gebeurtenissen/<plaats>/beslissing.json  alles wat bij de beslissing telde, als u dat mag zien
beleid/<versie>.zip                      de tekst van het beleid waarmee is beslist
register.json                            het register van verwerkingsactiviteiten van nu
zicht/                                   wat u nu ziet
"""


@dataclass(frozen=True, slots=True)
class Bewijsstuk:
    """One event of the ledger. `hashes`: its inclusion proof; what the asker may not see is None."""

    positie: int
    blad: bytes
    hashes: tuple[bytes, ...]
    gebeurtenis: bytes | None = None
    inhoud: bytes | None = None
    beslissing: bytes | None = None


@dataclass(frozen=True, slots=True)
class Bundelinhoud:
    """What goes into a bundle. `controlepunt`: signed now; `getuigd`: an earlier one that witnesses cosigned.

    `groei`: the proof that the log only grew between the two. `beleid`: packages by version, `sha256:<hex>`.
    """

    zetel: str
    gemaakt_op: datetime
    stukken: Sequence[Bewijsstuk]
    controlepunt: str
    getuigd: str | None = None
    groei: Sequence[bytes] = ()
    beleid: Mapping[str, bytes] = field(default_factory=dict)
    register: bytes = b"[]"
    zicht: Mapping[str, bytes] = field(default_factory=dict)


def bundel(inhoud: Bundelinhoud, signers: Sequence[NoteSigner]) -> bytes:
    """The zip, its manifest signed by the keys of the log."""
    files = _files(inhoud)
    manifest = _json(
        {
            "formaat": FORMAAT,
            "zetel": inhoud.zetel,
            "gemaakt_op": inhoud.gemaakt_op.isoformat(),
            "bestanden": {name: sha256(content).hexdigest() for name, content in files.items()},
        }
    )
    text = f"{FORMAAT}\n{signers[0].name}\n{sha256(manifest).hexdigest()}\n"
    note = f"{text}\n{''.join(one.sign(text) for one in signers)}"
    return zip_van({**files, MANIFEST: manifest, ONDERTEKENING: note.encode()})


def _files(inhoud: Bundelinhoud) -> dict[str, bytes]:
    files = {
        "LEESMIJ.txt": LEESMIJ.encode(),
        SCRIPT.name: SCRIPT.read_bytes(),
        PUNT: inhoud.controlepunt.encode(),
        "register.json": inhoud.register,
    }
    if inhoud.getuigd is not None:
        files |= {GETUIGD: inhoud.getuigd.encode(), "groei.json": _json({"hashes": _encoded(inhoud.groei)})}
    for versie, pakket in inhoud.beleid.items():
        files[f"beleid/{versie.partition(':')[2]}.zip"] = pakket
    files |= {f"zicht/{name}.json": content for name, content in inhoud.zicht.items()}
    for one in inhoud.stukken:
        folder = f"gebeurtenissen/{one.positie:010}"
        files[f"{folder}/blad.json"] = one.blad
        files[f"{folder}/bewijs.json"] = _json({"index": one.positie - 1, "hashes": _encoded(one.hashes)})
        parts = {"gebeurtenis.bin": one.gebeurtenis, "inhoud.json": one.inhoud, "beslissing.json": one.beslissing}
        files |= {f"{folder}/{name}": content for name, content in parts.items() if content is not None}
    return files


def _encoded(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in hashes]


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode()
