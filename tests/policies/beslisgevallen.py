"""The decision cases as questions, and whether the policy answers one as it must.

A refusal counts only when its partner, which differs in exactly one input, is permitted: otherwise a policy
that refuses everything would pass half of the cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP
from hub.access.permit import Permit, Weigering
from hub.access.verzoek import Verzoek

NOG_NIET = "nog_niet.yaml"
EIGEN = "eigen.yaml"
APART = (NOG_NIET, EIGEN)
# A case that names no form is met by an open refusal and by one that says less.
STIL = ("verboden", "niet-gevonden")


@dataclass(frozen=True, slots=True)
class Geval:
    """One decision case: a question, the answer it must get and the rule of the index it tests first."""

    id: str
    bestand: str
    regel: str
    paar: str | None
    verzoek: Verzoek
    toegestaan: bool
    vorm: str | None
    zichtbaar: frozenset[str]
    verborgen: frozenset[str]
    verplichtingen: frozenset[str]
    als: str | None = None


def lees_gevallen(map: Path = BELEIDSMAP / "gevallen") -> tuple[Geval, ...]:
    """Every case of every file, in order."""
    paden = [pad for pad in sorted(map.glob("*.yaml")) if pad.name not in APART]
    gevallen = [_geval(pad.stem, ruw) for pad in paden for ruw in _yaml(pad)]
    per_id = {geval.id: geval for geval in gevallen}
    afgeleid = [_afgeleid(ruw, per_id[ruw["als"]]) for ruw in _yaml(map / EIGEN)]
    return (*gevallen, *afgeleid)


def lees_nog_niet(map: Path = BELEIDSMAP / "gevallen") -> Mapping[str, tuple[str, ...]]:
    """The case ids that are not met yet, by rule of the index."""
    return {regel: tuple(ids) for regel, ids in _yaml(map / NOG_NIET).items()}


def tekort(beleid: Beleid, geval: Geval, partners: Mapping[str, Geval]) -> str | None:
    """Why a case is not met, or None where it is."""
    antwoord = beleid.toets(geval.verzoek)
    if isinstance(antwoord, Permit) != geval.toegestaan:
        return beleid.uitleg(geval.verzoek)
    if isinstance(antwoord, Weigering):
        partner = partners.get(geval.id)
        if partner is not None and isinstance(beleid.toets(partner.verzoek), Weigering):
            return "geweigerd, maar het andere geval van het paar ook"
        goed = antwoord.vorm == geval.vorm if geval.vorm else antwoord.vorm in STIL
        return None if goed else f"vorm {antwoord.vorm}"
    if not geval.verplichtingen <= set(antwoord.verplichtingen):
        return f"verplichtingen {antwoord.verplichtingen}"
    zichtbaar = beleid.masker(geval.verzoek, geval.zichtbaar | geval.verborgen).zichtbaar
    verschil = zichtbaar ^ geval.zichtbaar
    return f"masker verschilt in {sorted(verschil)}" if verschil else None


def partners(gevallen: tuple[Geval, ...]) -> dict[str, Geval]:
    """For each case of a pair, the other case."""
    per_paar: dict[str, list[Geval]] = {}
    for geval in gevallen:
        if geval.paar:
            per_paar.setdefault(geval.paar, []).append(geval)
    gevonden = {een.id: ander for twee in per_paar.values() for een in twee for ander in twee if een is not ander}
    per_id = {geval.id: geval for geval in gevallen}
    for geval in gevallen:
        if geval.als and per_id[geval.als].toegestaan != geval.toegestaan:
            gevonden[geval.id] = per_id[geval.als]
    return gevonden


def _yaml(pad: Path) -> Any:
    lader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(pad.read_text(encoding="utf-8"), Loader=lader)


def _geval(bestand: str, ruw: dict[str, Any]) -> Geval:
    vraag = dict(ruw["verzoek"])
    vraag["datum"] = date.fromisoformat(vraag["datum"])
    for naam in ("bijzonder", "kenmerken"):
        vraag[naam] = frozenset(vraag.get(naam, ()))
    masker = ruw.get("masker", {})
    return Geval(
        id=ruw["id"],
        bestand=bestand,
        regel=ruw["regels"][0],
        paar=ruw.get("paar"),
        verzoek=Verzoek(**vraag),
        toegestaan=ruw["verwacht"] == "toegestaan",
        vorm=ruw.get("vorm"),
        zichtbaar=frozenset(masker.get("zichtbaar", ())),
        verborgen=frozenset(masker.get("verborgen", ())),
        verplichtingen=frozenset(ruw.get("verplichtingen", ())),
    )


def _afgeleid(ruw: dict[str, Any], basis: Geval) -> Geval:
    anders = dict(ruw["anders"])
    if "datum" in anders:
        anders["datum"] = date.fromisoformat(anders["datum"])
    for naam in anders.keys() & {"bijzonder", "kenmerken"}:
        anders[naam] = frozenset(anders[naam])
    anders["omstandigheden"] = {**basis.verzoek.omstandigheden, **anders.get("omstandigheden", {})}
    return Geval(
        id=ruw["id"],
        bestand="eigen",
        regel=ruw["regel"],
        paar=None,
        verzoek=replace(basis.verzoek, **anders),
        toegestaan=ruw["verwacht"] == "toegestaan",
        vorm=ruw.get("vorm"),
        zichtbaar=frozenset(),
        verborgen=frozenset(),
        verplichtingen=frozenset(ruw.get("verplichtingen", ())),
        als=basis.id,
    )
