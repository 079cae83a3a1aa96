"""What must never be: prohibitions that the policy must already imply, read from `nooit.yaml`.

A never-rule is written as a prohibition and is never asked: it holds where adding it would change no answer.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cedarpy
import yaml

from hub.access.regel import Regel, entiteiten, lees_regels, woorden
from hub.access.zetel import STANDEN

BESTAND = "nooit.yaml"
VERPLICHT = ("id", "zin", "bron")
LIJSTEN = ("sporen", "handelingen", "categorieen", "zetels_zonder_stand")
TEKSTEN = ("wanneer", "tenzij")
# The C loader reads ten times faster and is as safe.
LADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Nooit:
    """A never-rule. Empty `sporen` or `categorieen`: every one. `zetels_zonder_stand`: seats that the table gives
    none of these standings in the track, in no region; empty: every seat. `regel`: the rest, as a prohibition."""

    id: str
    zin: str
    bron: str
    sporen: tuple[str, ...]
    categorieen: tuple[str, ...]
    zetels_zonder_stand: tuple[str, ...]
    regel: Regel


def lees_nooit(map: Path) -> tuple[Nooit, ...]:
    """The never-rules of a bundle that was examined."""
    ruwe: Any = lees_bestand(map)
    return tuple(
        Nooit(
            id=een["id"], zin=een["zin"], bron=een["bron"], sporen=tuple(een.get("sporen", ())),
            categorieen=tuple(een.get("categorieen", ())),
            zetels_zonder_stand=tuple(een.get("zetels_zonder_stand", ())),
            regel=lees_regels("nooit", als_verbod(een))[0],
        )
        for een in ruwe
    )  # fmt: skip


def als_verbod(een: Mapping[str, Any]) -> str:
    """A never-rule as the Cedar prohibition that would be needless."""
    handelingen = ", ".join(f"Action::{json.dumps(naam)}" for naam in een.get("handelingen", ()))
    noten = "".join(f"@{naam}({json.dumps(str(een.get(naam, '')), ensure_ascii=False)})\n" for naam in VERPLICHT)
    wanneer = f"\nwhen {{ {een['wanneer']} }}" if "wanneer" in een else ""
    tenzij = f"\nunless {{ {een['tenzij']} }}" if "tenzij" in een else ""
    bereik = f"action in [{handelingen}]" if handelingen else "action"
    return f"{noten}forbid (principal, {bereik}, resource){wanneer}{tenzij};\n"


def lees_bestand(map: Path) -> object:
    """What a bundle keeps as never-rules, not believed yet; None where it is missing or unreadable."""
    try:
        inhoud: object = yaml.load((map / BESTAND).read_text(encoding="utf-8"), Loader=LADER)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    return inhoud


def keur_nooit(
    ruwe: object, tabellen: Mapping[str, Mapping[str, Any]], schema: str, woordenschat: Iterable[str]
) -> Iterator[tuple[int, str]]:
    """Every fault in the never-rules of a bundle: the number of the rule in the list, and a Dutch sentence.

    `woordenschat`: the words rules may use; `schema`: Cedar schema, held against every condition.
    """
    if not isinstance(ruwe, list) or not ruwe or not all(isinstance(een, dict) for een in ruwe):
        yield 0, "geen lijst van regels"
        return
    namen = [een.get("id") for een in ruwe]
    bekend = set(woordenschat)
    for nummer, een in enumerate(ruwe):
        waar = f"regel {een.get('id')!r}"
        fouten = [*_vorm(een), *(["komt meer dan een keer voor"] if namen.count(een.get("id")) > 1 else [])]
        fouten = fouten or list(_inhoud(een, tabellen, schema, bekend))
        yield from ((nummer, f"{waar}: {fout}") for fout in fouten)


def _vorm(een: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"onbekend veld {naam!r}" for naam in een if naam not in {*VERPLICHT, *LIJSTEN, *TEKSTEN})
    yield from (f"{naam} ontbreekt" for naam in VERPLICHT if not een.get(naam))
    for naam in (naam for naam in LIJSTEN if naam in een):
        if not (isinstance(een[naam], list) and een[naam] and all(isinstance(woord, str) for woord in een[naam])):
            yield f"{naam} is geen lijst van woorden"
    yield from (f"{n} is geen tekst" for n in (*VERPLICHT, *TEKSTEN) if n in een and not isinstance(een[n], str))


def _inhoud(
    een: Mapping[str, Any], tabellen: Mapping[str, Mapping[str, Any]], schema: str, woordenschat: set[str]
) -> Iterator[str]:
    kennen: Mapping[str, Iterable[str]] = {
        **{naam: tabellen[naam] for naam in ("sporen", "handelingen", "categorieen")},
        "zetels_zonder_stand": STANDEN,
    }
    onbekend = [f"onbekend in {n}: {w!r}" for n, bekend in kennen.items() for w in een.get(n, ()) if w not in bekend]
    yield from onbekend
    if onbekend:
        return
    tekst = als_verbod(een)
    try:
        regels = lees_regels("nooit", tekst)
        gebrek = _gebrek(tekst, schema)
    except ValueError as fout:
        yield f"onleesbaar: {fout}"
        return
    # A condition that closes its own brace could smuggle in a rule of its own.
    if len(regels) != 1:
        yield "een voorwaarde is een enkele uitdrukking"
        return
    yield from (f"onbekende waarde {woord!r}" for woord in woorden(regels[0].est) if woord not in woordenschat)
    namen = {"Zetel": tabellen["zetels"], "Action": tabellen["handelingen"], "Gegeven": tabellen["categorieen"]}
    for soort, naam in entiteiten(regels[0].est):
        if (naam.partition(":")[2] if soort == "Gegeven" else naam) not in namen.get(soort, ()):
            yield f"onbekend: {soort} {naam!r}"
    if gebrek:
        yield f"past niet op het schema: {gebrek}"


@lru_cache(maxsize=512)
def _gebrek(tekst: str, schema: str) -> str:
    """What Cedar has against a rule, empty where nothing; it says the same of every action. Raises ValueError.

    Kept, because each version of a policy repeats nearly all rules of the one before it.
    """
    return next((str(gebrek.error) for gebrek in cedarpy.validate_policies(tekst, schema).errors), "")
