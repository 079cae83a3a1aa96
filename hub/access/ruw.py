"""The policy folder as read from disk, before anything in it is believed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hub.access.regel import Regel, lees_regels

TABELLEN = (
    "zetels", "instanties", "sporen", "categorieen", "handelingen", "omstandigheden", "woordenlijst", "register",
    "gronden",
)  # fmt: skip
SPOORBESTAND = {
    "riec": "riec",
    "zvh": "zvh",
    "zorg-en-registratie": "zorg",
    "bilateraal": "bilateraal",
    "intern": "intern",
}
PLATFORM = "platform"
# The C loader reads the tables ten times faster and is as safe.
LADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Ruw:
    """Raw tables, covenants (as mappings), rules, schema text and the version over all of them."""

    tabellen: dict[str, dict[str, Any]] = field(default_factory=dict)
    convenanten: list[dict[str, Any]] = field(default_factory=list)
    regels: list[Regel] = field(default_factory=list)
    cedar: str = ""
    schema: str = ""
    versie: str = ""
    fouten: list[str] = field(default_factory=list)


def lees_map(map: Path) -> Ruw:
    """Read a policy folder; what cannot be read ends up in `fouten`, never in an exception."""
    ruw = Ruw(versie=_versie(map))
    for naam in TABELLEN:
        ruw.tabellen[naam] = _tabel(map / f"{naam}.yaml", ruw.fouten)
    for pad in sorted((map / "convenanten").glob("*.yaml")):
        inhoud = _yaml(pad, ruw.fouten)
        if isinstance(inhoud, list) and all(isinstance(c, dict) and "id" in c for c in inhoud):
            ruw.convenanten.extend(inhoud)
        else:
            ruw.fouten.append(f"convenanten/{pad.name}: geen lijst van convenanten met een id")
    for naam in (PLATFORM, *SPOORBESTAND.values()):
        tekst = _tekst(map / f"{naam}.cedar", ruw.fouten)
        ruw.cedar += tekst + "\n"
        try:
            ruw.regels.extend(lees_regels(naam, tekst))
        except ValueError as fout:
            ruw.fouten.append(f"{naam}.cedar: onleesbaar: {fout}")
    ruw.schema = _tekst(map / "hub.cedarschema", ruw.fouten)
    return ruw


def _versie(map: Path) -> str:
    som = hashlib.sha256()
    for pad in sorted(map.rglob("*")):
        deel = pad.relative_to(map)
        # The decision cases test the policy; they are no part of it.
        if pad.is_file() and deel.parts[0] != "gevallen" and pad.suffix in (".yaml", ".cedar", ".cedarschema"):
            inhoud = pad.read_bytes()
            som.update(f"{deel.as_posix()}\0{len(inhoud)}\0".encode())
            som.update(inhoud)
    return f"sha256:{som.hexdigest()}"


def _tekst(pad: Path, fouten: list[str]) -> str:
    try:
        return pad.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        fouten.append(f"{pad.name}: ontbreekt of is geen UTF-8")
        return ""


def _yaml(pad: Path, fouten: list[str]) -> object:
    try:
        inhoud: object = yaml.load(_tekst(pad, fouten), Loader=LADER)  # noqa: S506 - a safe loader
    except yaml.YAMLError as fout:
        fouten.append(f"{pad.name}: onleesbaar: {str(fout).splitlines()[0]}")
        return None
    return inhoud


def _tabel(pad: Path, fouten: list[str]) -> dict[str, Any]:
    inhoud = _yaml(pad, fouten)
    if isinstance(inhoud, Mapping) and inhoud:
        return {str(sleutel): waarde if waarde is not None else {} for sleutel, waarde in inhoud.items()}
    fouten.append(f"{pad.name}: lege tabel")
    return {}
