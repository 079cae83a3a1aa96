"""Controleer een bewijsbundel, zonder netwerk en zonder iets van de hub.

    python controleer.py bundel.zip --sleutel <sleutel van het grootboek> [--getuige <sleutel> ...] [--getuigen 1]

Nodig zijn dit bestand, Python 3.11 en `cryptography`. De sleutels komen niet uit de bundel maar van een eerder moment:
wie de bundel maakte, kan er elke sleutel in leggen. Exit code 0: alles klopt; 1: bevindingen, elk met het bestand
waarin zij zit; 2: de vraag zelf klopt niet.

Source: RFC 6962 section 2.1; C2SP signed-note, tlog-checkpoint, tlog-cosignature. It shares no code with the hub on
purpose: a mistake in how a bundle is made must not repeat itself in how it is checked.
"""

import argparse
import base64
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAAT = "signaalhub/bewijsbundel/v1"
MANIFEST, ONDERTEKENING, PUNT, GETUIGD = "manifest.json", "manifest.sig", "controlepunt.txt", "getuigd.txt"
_DAG = 0x21  # 1 January 1980, the first day a zip can name
_LOKAAL, _CENTRAAL, _EINDE = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
#: What goes with a leaf, the field that holds its hash, and what it is.
_STUKKEN = (("gebeurtenis.bin", "hash", "gebeurtenis"), ("beslissing.json", "beslissing", "beslissing"))
_TOETSEN = ("gevallen/", "nooit.yaml")


@dataclass
class Uitslag:
    """What was found. `bewezen`: sentences that hold; `open`: what the bundle does not prove."""

    fouten: list[str] = field(default_factory=list)
    bewezen: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def fout(self, bestand: str, wat: str) -> None:
        self.fouten.append(f"{bestand}: {wat}")


@dataclass(frozen=True)
class Sleutel:
    """An Ed25519 verifier key `name+keyid+base64`; kind 1 signs for a log, kind 4 cosigns as a witness."""

    naam: str
    kenmerk: bytes
    soort: int
    publiek: bytes

    @classmethod
    def lees(cls, tekst: str) -> "Sleutel":
        """ValueError when it is none, or its parts do not belong together."""
        naam, kenmerk, rest = tekst.strip().split("+", 2)
        raw = base64.b64decode(rest, validate=True)
        if len(raw) != 33 or raw[0] not in (1, 4):
            raise ValueError("geen Ed25519-sleutel")
        if sha256(f"{naam}\n".encode() + raw).digest()[:4].hex() != kenmerk:
            raise ValueError("naam, kenmerk en sleutel horen niet bij elkaar")
        return cls(naam, bytes.fromhex(kenmerk), raw[0], raw[1:])

    def tekende(self, handtekening: bytes, tekst: bytes) -> bool:
        """Whether this key made the (co)signature over the text."""
        if self.soort == 4:
            if len(handtekening) != 72:
                return False
            seconden = struct.unpack_from(">Q", handtekening)[0]
            handtekening, tekst = handtekening[8:], f"cosignature/v1\ntime {seconden}\n".encode() + tekst
        try:
            Ed25519PublicKey.from_public_bytes(self.publiek).verify(handtekening, tekst)
        except (InvalidSignature, ValueError):
            return False
        return True


def zip_van(bestanden: Mapping[str, bytes]) -> bytes:
    """The one zip that holds these files: sorted, stored, without dates. Any other bytes are not this bundle."""
    uit, gids = io.BytesIO(), b""
    for naam in sorted(bestanden):
        inhoud, ruw = bestanden[naam], naam.encode()
        som, plaats, lang = zlib.crc32(inhoud), uit.tell(), len(inhoud)
        uit.write(_LOKAAL.pack(b"PK\x03\x04", 20, 0x800, 0, 0, _DAG, som, lang, lang, len(ruw), 0) + ruw + inhoud)
        kop = (b"PK\x01\x02", 20, 20, 0x800, 0, 0, _DAG, som, lang, lang, len(ruw), 0, 0, 0, 0, 0, plaats)
        gids += _CENTRAAL.pack(*kop) + ruw
    einde = uit.tell()
    uit.write(gids + _EINDE.pack(b"PK\x05\x06", 0, 0, len(bestanden), len(bestanden), len(gids), einde, 0))
    return uit.getvalue()


def notitie(ruw: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """The text of a signed note, and its signature lines. ValueError when it is none."""
    tekst, scheiding, staart = ruw.decode().rpartition("\n\n")
    if not scheiding or not staart.endswith("\n"):
        raise ValueError("geen ondertekende notitie")
    regels = []
    for regel in staart[:-1].split("\n"):
        streep, naam, blob = regel.split(" ")
        if streep != "\u2014":
            raise ValueError("geen handtekening")
        regels.append((naam, base64.b64decode(blob, validate=True)))
    return f"{tekst}\n".encode(), regels


def getekend(ruw: bytes, sleutel: Sleutel) -> bool:
    """Whether this key signed the note. ValueError when it is no note."""
    tekst, regels = notitie(ruw)
    return any(
        naam == sleutel.naam and blob[:4] == sleutel.kenmerk and sleutel.tekende(blob[4:], tekst)
        for naam, blob in regels
    )


def punt(ruw: bytes) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint. ValueError when it is none."""
    regels = notitie(ruw)[0].decode().split("\n")
    wortel = base64.b64decode(regels[2], validate=True) if len(regels) > 3 else b""
    if len(wortel) != 32 or not re.fullmatch(r"0|[1-9][0-9]{0,18}", regels[1], re.ASCII):
        raise ValueError("geen controlepunt")
    return regels[0], int(regels[1]), wortel


def wortel_uit(blad: bytes, index: int, grootte: int, hashes: Sequence[bytes]) -> bytes:
    """The root to which an inclusion proof leads. ValueError when it cannot be one. Source: RFC 6962, 2.1.1."""
    if not 0 <= index < grootte:
        raise ValueError("deze plaats ligt buiten het logboek")
    laatste = grootte - 1
    for stap in hashes:
        if not laatste:
            raise ValueError("het bewijs is te lang")
        if index & 1 or index == laatste:
            blad = _knoop(stap, blad)
            while index and not index & 1:
                index, laatste = index >> 1, laatste >> 1
        else:
            blad = _knoop(blad, stap)
        index, laatste = index >> 1, laatste >> 1
    if laatste:
        raise ValueError("het bewijs is te kort")
    return blad


def groei_klopt(oud: int, nieuw: int, hashes: Sequence[bytes], eerst: bytes, laatst: bytes) -> bool:
    """Whether the log of `nieuw` leaves begins with that of `oud`. Source: RFC 6962, 2.1.2; RFC 9162, 2.1.4.2."""
    if oud == nieuw:
        return not hashes and eerst == laatst
    if not 0 < oud < nieuw:
        return False
    pad = [eerst, *hashes] if oud & (oud - 1) == 0 else list(hashes)
    if not pad:
        return False
    links, rechts = oud - 1, nieuw - 1
    while links & 1:
        links, rechts = links >> 1, rechts >> 1
    oude = nieuwe = pad[0]
    for stap in pad[1:]:
        if not rechts:
            return False
        if links & 1 or links == rechts:
            oude, nieuwe = _knoop(stap, oude), _knoop(stap, nieuwe)
            while links and not links & 1:
                links, rechts = links >> 1, rechts >> 1
        else:
            nieuwe = _knoop(nieuwe, stap)
        links, rechts = links >> 1, rechts >> 1
    return not rechts and oude == eerst and nieuwe == laatst


def _knoop(links: bytes, rechts: bytes) -> bytes:
    return sha256(b"\x01" + links + rechts).digest()


def controleer(ruw: bytes, sleutel: Sleutel, getuigen: Sequence[Sleutel] = (), nodig: int = 0) -> Uitslag:
    """Check a bundle. Every finding begins with the file in which it is."""
    uitslag = Uitslag()
    bestanden = _uitgepakt(ruw, uitslag)
    for stap in (_manifest, _punten, _gebeurtenissen, _beleid):
        try:
            stap(bestanden, sleutel, uitslag)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as fout:
            uitslag.fout(str(getattr(fout, "bestand", "bundel")), f"niet te lezen ({type(fout).__name__})")
    _getuigen(bestanden, getuigen, nodig, uitslag)
    uitslag.open += [
        "dat wat is vastgelegd ook waar is: alleen dat het zo is vastgelegd, toen, en niet is gewijzigd",
        "dat dit alles is: de bundel bevat alleen wat de vragende zetel mag zien",
        "dat leesbare inhoud (inhoud.json, zicht/) bij de gebeurtenis hoort: daar tekent alleen de hub voor",
        "dat dit script zelf onveranderd is: vergelijk het met een exemplaar van elders",
    ]
    return uitslag


#: What zipfile says of a damaged zip; NotImplementedError: a compression it does not know, RuntimeError: a password.
ONLEESBAAR = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError)
#: A bundle comes from elsewhere: what would unpack to more than this is no bundle, and is not unpacked.
GROOTST = 512 * 1024 * 1024


def _begrensd(zip: zipfile.ZipFile) -> None:
    if sum(kop.file_size for kop in zip.infolist()) > GROOTST:
        raise zipfile.BadZipFile("te groot")


def _uitgepakt(ruw: bytes, uitslag: Uitslag) -> dict[str, bytes]:
    bestanden: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(ruw)) as bundel:
            _begrensd(bundel)
            for kop in bundel.infolist():
                try:
                    bestanden[kop.filename] = bundel.read(kop)
                except ONLEESBAAR:
                    uitslag.fout(kop.filename, "beschadigd")
    except (*ONLEESBAAR, ValueError, struct.error) as fout:
        uitslag.fout("zip", f"geen leesbaar zip-bestand ({type(fout).__name__})")
        return {}
    if zip_van(bestanden) != ruw:
        uitslag.fout("zip", "de bytes zijn niet die van een bundel met deze bestanden")
    return bestanden


def _manifest(bestanden: Mapping[str, bytes], sleutel: Sleutel, uitslag: Uitslag) -> None:
    ruw = _lees(bestanden, MANIFEST)
    manifest = _json(bestanden, MANIFEST)
    verwacht = f"{FORMAAT}\n{sleutel.naam}\n{sha256(ruw).hexdigest()}\n".encode()
    note = _lees(bestanden, ONDERTEKENING)
    if _met(ONDERTEKENING, lambda: notitie(note)[0]) != verwacht:
        uitslag.fout(ONDERTEKENING, "hoort niet bij dit manifest")
    if not _met(ONDERTEKENING, lambda: getekend(note, sleutel)):
        uitslag.fout(ONDERTEKENING, "niet getekend met de opgegeven sleutel")
    sommen: dict[str, str] = manifest["bestanden"]
    for naam in sorted(bestanden.keys() | sommen.keys()):
        if naam in (MANIFEST, ONDERTEKENING):
            continue
        if naam not in sommen:
            uitslag.fout(naam, "staat niet in het manifest")
        elif naam not in bestanden:
            uitslag.fout(naam, "ontbreekt")
        elif sha256(bestanden[naam]).hexdigest() != sommen[naam]:
            uitslag.fout(naam, "gewijzigd")
    uitslag.bewezen.append(f"{sleutel.naam} gaf deze bundel zo uit aan {manifest['zetel']} op {manifest['gemaakt_op']}")


def _punten(bestanden: Mapping[str, bytes], sleutel: Sleutel, uitslag: Uitslag) -> None:
    oorsprong, grootte, wortel = _met(PUNT, lambda: punt(_lees(bestanden, PUNT)))
    if oorsprong != sleutel.naam or not getekend(bestanden[PUNT], sleutel):
        uitslag.fout(PUNT, "niet getekend door dit logboek")
    uitslag.bewezen.append(f"het logboek {oorsprong} telde {grootte} bladen toen de bundel werd gemaakt")
    if GETUIGD in bestanden:
        _, eerder, wortel_toen = _met(GETUIGD, lambda: punt(bestanden[GETUIGD]))
        if not getekend(bestanden[GETUIGD], sleutel):
            uitslag.fout(GETUIGD, "niet getekend door dit logboek")
        hashes = [base64.b64decode(one, validate=True) for one in _json(bestanden, "groei.json")["hashes"]]
        if not groei_klopt(eerder, grootte, hashes, wortel_toen, wortel):
            uitslag.fout("groei.json", "bewijst niet dat het logboek alleen is gegroeid")
        uitslag.bewezen.append(f"het logboek begint nog met de {eerder} bladen waar getuigen voor tekenden")


def _gebeurtenissen(bestanden: Mapping[str, bytes], sleutel: Sleutel, uitslag: Uitslag) -> None:
    _, grootte, wortel = punt(_lees(bestanden, PUNT))
    for map in sorted({naam.rsplit("/", 1)[0] for naam in bestanden if naam.startswith("gebeurtenissen/")}):
        bewijs = _json(bestanden, f"{map}/bewijs.json")
        ruw = _lees(bestanden, f"{map}/blad.json")
        blad = _json(bestanden, f"{map}/blad.json")
        hashes = [base64.b64decode(one, validate=True) for one in bewijs["hashes"]]
        positie = int(bewijs["index"]) + 1
        top = sha256(b"\x00" + ruw).digest()
        if not _staat_er(top, positie - 1, grootte, hashes, wortel):
            uitslag.fout(f"{map}/bewijs.json", "het blad staat niet op deze plaats in het logboek")
        if blad.get("positie") != positie or map != f"gebeurtenissen/{positie:010}":
            uitslag.fout(f"{map}/blad.json", "draagt een ander nummer dan zijn plaats")
        uitslag.bewezen.append(f"op plaats {positie} staat {blad['soort']}, en niets anders")
        _bij_blad(bestanden, map, blad, uitslag)


def _staat_er(blad: bytes, index: int, grootte: int, hashes: Sequence[bytes], wortel: bytes) -> bool:
    try:
        return wortel_uit(blad, index, grootte, hashes) == wortel
    except ValueError:
        return False


def _bij_blad(bestanden: Mapping[str, bytes], map: str, blad: Mapping[str, Any], uitslag: Uitslag) -> None:
    for naam, veld, wat in (
        ("gebeurtenis.bin", "hash", "gebeurtenis"),
        ("beslissing.json", "beslissing", "beslissing"),
    ):
        bestand = f"{map}/{naam}"
        if bestand not in bestanden:
            if blad[veld] is not None:
                uitslag.open.append(f"wat de {wat} op plaats {blad['positie']} zegt: alleen haar hash ging mee")
        elif sha256(bestanden[bestand]).hexdigest() != blad[veld]:
            uitslag.fout(bestand, f"is niet de {wat} van dit blad")
    if f"{map}/beslissing.json" in bestanden:
        versie = _json(bestanden, f"{map}/beslissing.json")["beleidsversie"]
        if f"beleid/{versie.partition(':')[2]}.zip" not in bestanden:
            uitslag.open.append(f"wat beleidsversie {versie} zegt: die tekst ging niet mee")


def _beleid(bestanden: Mapping[str, bytes], sleutel: Sleutel, uitslag: Uitslag) -> None:
    for naam in sorted(one for one in bestanden if one.startswith("beleid/")):
        versie, som = Path(naam).stem, sha256()
        try:
            with zipfile.ZipFile(io.BytesIO(bestanden[naam])) as pakket:
                _begrensd(pakket)
                inhoud = {one: pakket.read(one) for one in pakket.namelist()}
        except ONLEESBAAR:
            uitslag.fout(naam, "geen leesbaar beleidspakket")
            continue
        for deel in sorted(one for one in inhoud if not one.startswith(_TOETSEN)):
            som.update(f"{deel}\0{len(inhoud[deel])}\0".encode())
            som.update(inhoud[deel])
        if som.hexdigest() != versie:
            uitslag.fout(naam, "is niet het beleid van deze versie")
            continue
        uitslag.bewezen.append(f"de beleidstekst van versie {versie[:12]} is die waarnaar de beslissing verwijst")


def _getuigen(bestanden: Mapping[str, bytes], getuigen: Sequence[Sleutel], nodig: int, uitslag: Uitslag) -> None:
    notities = {naam: bestanden[naam] for naam in (PUNT, GETUIGD) if naam in bestanden}
    gezien = set()
    for naam, note in notities.items():
        try:
            gezien |= {one.naam for one in getuigen if getekend(note, one)}
        except ValueError:
            uitslag.fout(naam, "geen ondertekende notitie")
    uitslag.bewezen += [f"getuige {naam} zag dit logboek" for naam in sorted(gezien)]
    if len(gezien) < nodig:
        uitslag.fout(PUNT, f"{len(gezien)} van de {nodig} getuigen tekenden")
    if not gezien:
        uitslag.open.append("dat de hub aan anderen hetzelfde logboek toont: geen opgegeven getuige tekende")


class _Onleesbaar(ValueError):
    def __init__(self, bestand: str, wat: str) -> None:
        super().__init__(wat)
        self.bestand = bestand


def _lees(bestanden: Mapping[str, bytes], naam: str) -> bytes:
    if naam not in bestanden:
        raise _Onleesbaar(naam, "ontbreekt")
    return bestanden[naam]


def _json(bestanden: Mapping[str, bytes], naam: str) -> Any:
    return _met(naam, lambda: json.loads(_lees(bestanden, naam)))


def _met(naam: str, doe: Callable[[], Any]) -> Any:
    try:
        return doe()
    except (ValueError, IndexError, RecursionError) as fout:
        raise _Onleesbaar(naam, str(fout)) from fout


def _regels(uitslag: Uitslag) -> Iterator[str]:
    yield from (f"FOUT      {one}" for one in uitslag.fouten)
    if not uitslag.fouten:
        yield from (f"BEWEZEN   {one}" for one in uitslag.bewezen)
    yield from (f"NIET      {one}" for one in uitslag.open)


def main(argumenten: Sequence[str] | None = None) -> int:
    """Run; 0 verified, 1 findings, 2 a wrong question."""
    vraag = argparse.ArgumentParser(description="Controleer een bewijsbundel.")
    vraag.add_argument("bundel", type=Path)
    vraag.add_argument("--sleutel", required=True, help="de sleutel van het grootboek, van een eerder moment")
    vraag.add_argument("--getuige", action="append", default=[], help="de sleutel van een getuige")
    vraag.add_argument("--getuigen", type=int, default=0, help="hoeveel getuigen er ten minste moeten tekenen")
    gegeven = vraag.parse_args(argumenten)
    try:
        ruw, sleutel = gegeven.bundel.read_bytes(), Sleutel.lees(gegeven.sleutel)
        getuigen = [Sleutel.lees(one) for one in gegeven.getuige]
    except (OSError, ValueError) as fout:
        print(f"deze vraag klopt niet: {fout}", file=sys.stderr)
        return 2
    uitslag = controleer(ruw, sleutel, getuigen, gegeven.getuigen)
    print("\n".join(_regels(uitslag)))
    return 1 if uitslag.fouten else 0


if __name__ == "__main__":
    sys.exit(main())
