"""One Cedar rule with what a jurist wants to know of it: article, plain sentence, lawful alternative."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import cedarpy

# A text, a comment or the end of a statement: within the first two a `;` ends nothing.
TEKENS = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|;')


@dataclass(frozen=True, slots=True)
class Regel:
    """A permit (`toestaan`) or forbid of the bundle. `handelingen` empty means every action.

    `plaats` is the line of the file it begins on, 0 where it was not read from a file.
    """

    id: str
    bestand: str
    toestaan: bool
    bron: str
    zin: str
    alternatief: str | None
    vorm: str
    verplichtingen: tuple[str, ...]
    handelingen: frozenset[str]
    context: frozenset[str]
    est: str
    plaats: int = 0

    def over(self, handeling: str) -> bool:
        """Whether the rule speaks about this action at all."""
        return not self.handelingen or handeling in self.handelingen


def lees_regels(bestand: str, tekst: str) -> list[Regel]:
    """The rules of one Cedar file, in the order of the file. Raises ValueError where Cedar cannot read it."""
    if not cedarpy.PolicySet.from_str(tekst):
        return []
    polissen: dict[str, Any] = json.loads(cedarpy.policies_to_json_str(tekst))["staticPolicies"]
    regels = [_regel(bestand, polissen[sleutel]) for sleutel in sorted(polissen, key=_nummer)]
    return [replace(regel, plaats=plaats) for regel, (plaats, _) in zip(regels, beweringen(tekst), strict=True)]


def beweringen(tekst: str) -> Iterator[tuple[int, str]]:
    """Each statement of a Cedar text with the line it begins on, also of a text that Cedar cannot read."""
    begin = 0
    for teken in TEKENS.finditer(tekst + "\n;"):
        if teken.group() == ";":
            bewering = tekst[begin : teken.end()]
            kaal = re.sub(r"^(?:\s|//[^\n]*\n?)+", "", bewering)
            if kaal:
                yield tekst.count("\n", 0, begin + len(bewering) - len(kaal)) + 1, bewering
            begin = teken.end()


def polisset(regels: Iterable[Regel]) -> cedarpy.PolicySet:
    """A reusable Cedar handle for some rules; the rule id is the policy id."""
    polissen = {regel.id: json.loads(regel.est) for regel in regels}
    return cedarpy.PolicySet.from_json_str(
        json.dumps({"staticPolicies": polissen, "templates": {}, "templateLinks": []})
    )


def _nummer(sleutel: str) -> int:
    return int(sleutel.removeprefix("policy"))


def _regel(bestand: str, est: dict[str, Any]) -> Regel:
    noten: dict[str, str] = est.get("annotations", {})
    bereik = est["action"]
    genoemd = bereik.get("entities") or ([bereik["entity"]] if "entity" in bereik else [])
    return Regel(
        id=noten.get("id", ""),
        bestand=bestand,
        toestaan=est["effect"] == "permit",
        bron=noten.get("bron", ""),
        zin=noten.get("zin", ""),
        alternatief=noten.get("alternatief"),
        vorm=noten.get("vorm", "verboden"),
        verplichtingen=tuple(noten["verplichting"].split()) if "verplichting" in noten else (),
        handelingen=frozenset(entiteit["id"] for entiteit in genoemd),
        context=frozenset(_context(est["conditions"])),
        est=json.dumps(est),
    )


def _context(knoop: object) -> Iterator[str]:
    if isinstance(knoop, dict):
        punt = knoop.get(".")
        if isinstance(punt, dict) and punt.get("left") == {"Var": "context"}:
            yield str(punt["attr"])
        for kind in knoop.values():
            yield from _context(kind)
    elif isinstance(knoop, list):
        for kind in knoop:
            yield from _context(kind)


def woorden(est: str) -> Iterator[str]:
    """Every text literal in the conditions of a rule."""
    yield from _woorden(json.loads(est)["conditions"])


def _woorden(knoop: object) -> Iterator[str]:
    if isinstance(knoop, dict):
        if isinstance(knoop.get("Value"), str):
            yield knoop["Value"]
        for kind in knoop.values():
            yield from _woorden(kind)
    elif isinstance(knoop, list):
        for kind in knoop:
            yield from _woorden(kind)


def entiteiten(est: str) -> Iterator[tuple[str, str]]:
    """Every entity a rule names, as (type, id), scope included."""
    yield from _entiteiten(json.loads(est))


def _entiteiten(knoop: object) -> Iterator[tuple[str, str]]:
    if isinstance(knoop, dict):
        if knoop.keys() == {"type", "id"}:
            yield str(knoop["type"]), str(knoop["id"])
        for kind in knoop.values():
            yield from _entiteiten(kind)
    elif isinstance(knoop, list):
        for kind in knoop:
            yield from _entiteiten(kind)
