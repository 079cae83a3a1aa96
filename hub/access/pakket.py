"""A policy bundle as one file: packed the same way each time, unpacked without trust in what was sent."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

# A folder may be named as far as a bundle has it; anything else is no bundle, whatever it tries.
NAAM = re.compile(r"(?:(?:convenanten|gevallen)/)?[a-z0-9_-]{1,64}\.(?:yaml|cedar|cedarschema)")
TOETSEN = ("gevallen/", "nooit.yaml")
GROOTSTE_PAKKET = 4 * 2**20
GROOTSTE_BESTAND = 2 * 2**20
MEESTE_BESTANDEN = 400
GROOTSTE_SOM = 16 * 2**20
BEGIN_VAN_DE_TIJD = (1980, 1, 1, 0, 0, 0)


class PakketOngeldig(ValueError):
    """Bytes that are no policy bundle; the message says why, in Dutch."""


def bestanden_van(map: Path) -> dict[str, bytes]:
    """The files of a policy folder by path; explanation (`.md`) and hidden files are no part of it."""
    paden = {pad.relative_to(map): pad for pad in sorted(map.rglob("*")) if pad.is_file() and pad.suffix != ".md"}
    return {
        deel.as_posix(): pad.read_bytes()
        for deel, pad in paden.items()
        if not any(naam.startswith(".") for naam in deel.parts)
    }


def som_over(bestanden: Mapping[str, bytes], *, toetsen: bool) -> str:
    """`sha256:<hex>` over paths and contents; without `toetsen` the cases and prohibitions to prove stay out."""
    som = hashlib.sha256()
    for naam in sorted(bestanden):
        if toetsen or not naam.startswith(TOETSEN):
            som.update(f"{naam}\0{len(bestanden[naam])}\0".encode())
            som.update(bestanden[naam])
    return f"sha256:{som.hexdigest()}"


def pak_in(map: Path) -> bytes:
    """A policy folder as a zip; the same folder gives the same bytes."""
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pakket:
        for naam, inhoud in sorted(bestanden_van(map).items()):
            kop = zipfile.ZipInfo(naam, BEGIN_VAN_DE_TIJD)
            kop.compress_type = zipfile.ZIP_DEFLATED
            kop.external_attr = 0o644 << 16
            kop.create_system = 3
            pakket.writestr(kop, inhoud)
    return uit.getvalue()


def inhoud_van(pakket: bytes) -> dict[str, bytes]:
    """The files of a zip by path. Raises PakketOngeldig on a strange name, a double one, or too much of anything."""
    if len(pakket) > GROOTSTE_PAKKET:
        raise PakketOngeldig(f"het pakket is groter dan {GROOTSTE_PAKKET} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(pakket)) as zip:
            return _uitgelezen(zip)
    # zipfile says NotImplementedError of a compression it does not know, and RuntimeError of a zip with a password.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as fout:
        raise PakketOngeldig("het pakket is geen leesbaar zip-bestand") from fout


def pak_uit(pakket: bytes, map: Path) -> None:
    """Write the files of a package into a folder that has none of them yet. Raises PakketOngeldig, FileExistsError."""
    bestanden = inhoud_van(pakket)
    for naam, inhoud in bestanden.items():
        pad = map / naam
        pad.parent.mkdir(parents=True, exist_ok=True)
        with pad.open("xb") as bestand:
            bestand.write(inhoud)


def _uitgelezen(zip: zipfile.ZipFile) -> dict[str, bytes]:
    koppen = zip.infolist()
    if len(koppen) > MEESTE_BESTANDEN:
        raise PakketOngeldig(f"het pakket telt meer dan {MEESTE_BESTANDEN} bestanden")
    bestanden: dict[str, bytes] = {}
    for kop in koppen:
        if not NAAM.fullmatch(kop.filename):
            raise PakketOngeldig("het pakket bevat een bestand dat niet in een beleidsmap hoort")
        if kop.filename in bestanden:
            raise PakketOngeldig(f"{kop.filename} staat twee keer in het pakket")
        # The header may lie about the size; only what is really read counts.
        with zip.open(kop) as bestand:
            bestanden[kop.filename] = bestand.read(GROOTSTE_BESTAND + 1)
        if len(bestanden[kop.filename]) > GROOTSTE_BESTAND or sum(map(len, bestanden.values())) > GROOTSTE_SOM:
            raise PakketOngeldig("het pakket is uitgepakt te groot")
    return bestanden
