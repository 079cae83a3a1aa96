"""The decision cases of a bundle: what it must answer, asked before it may count.

A refusal counts only when its partner, which differs in exactly one input, is permitted: otherwise a policy
that refuses everything would pass half of the cases.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from hub.access.bundel import BELEIDSMAP, BeleidOngeldig
from hub.access.convenantkeuring import periode
from hub.access.permit import Masker, Permit, Weigering
from hub.access.plek import Fout, Plek, lees_yaml
from hub.access.regel import Regel
from hub.access.ruw import PLATFORM, SPOORBESTAND, Ruw, lees_map
from hub.access.tabelvormen import EIGEN_GEVALLEN, GEVALLEN, NOG_NIET
from hub.access.verzoek import Verzoek
from hub.access.vormen import Pad, past, vormfouten

MAP = "gevallen/"
NOG_NIET_BESTAND = f"{MAP}nog_niet.yaml"
EIGEN = "eigen"
# A case that names no form is met by an open refusal and by one that says less.
STIL = ("verboden", "niet-gevonden")
# What a case may say about its covenant without naming one.
ZONDER_NAAM = ("geen", "regionaal", "landelijk-2013")


class Vraagbaar(Protocol):
    """Something that answers questions: the policy of one bundle."""

    def toets(self, verzoek: Verzoek) -> Permit | Weigering:
        """Permit or refusal for one question."""

    def masker(self, verzoek: Verzoek, categorieen: frozenset[str]) -> Masker:
        """Which of some categories are visible."""

    def uitleg(self, verzoek: Verzoek) -> str:
        """The answer in plain Dutch."""


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
    plek: Plek = field(default_factory=lambda: Plek(MAP), compare=False, repr=False)


@dataclass(slots=True)
class Gevallen:
    """The cases of a bundle, those it does not meet yet by rule of the index, and what could not be read."""

    alle: tuple[Geval, ...] = ()
    nog_niet: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nog_niet_plek: Plek = field(default_factory=lambda: Plek(NOG_NIET_BESTAND))
    fouten: list[Fout] = field(default_factory=list)


def lees_gevallen(map: Path = BELEIDSMAP) -> tuple[Geval, ...]:
    """Every case of a bundle, in order. Raises BeleidOngeldig where one is malformed."""
    return _gelezen(map).alle


def lees_nog_niet(map: Path = BELEIDSMAP) -> Mapping[str, tuple[str, ...]]:
    """The case ids that are not met yet, by rule of the index."""
    return _gelezen(map).nog_niet


def _gelezen(map: Path) -> Gevallen:
    gelezen = gevallen_van(lees_map(map))
    if gelezen.fouten:
        raise BeleidOngeldig([str(fout) for fout in gelezen.fouten])
    return gelezen


def gevallen_van(ruw: Ruw) -> Gevallen:
    """The cases of a bundle as read; malformed ones are left out and told."""
    gelezen = Gevallen()
    gegeven: dict[str, Geval] = {}
    afgeleid: list[tuple[Plek, dict[str, Any]]] = []
    for bestand in sorted(naam for naam in ruw.bestanden if _is_geval(naam)):
        eigen = bestand == f"{MAP}{EIGEN}.yaml"
        for plek, inhoud in _rijen(ruw, bestand, EIGEN_GEVALLEN if eigen else GEVALLEN, gelezen.fouten):
            if eigen:
                afgeleid.append((plek, inhoud))
            elif inhoud["id"] in gegeven:
                gelezen.fouten.append(plek.fout("dit id komt vaker voor"))
            else:
                gegeven[inhoud["id"]] = _geval(plek, bestand[len(MAP) : -len(".yaml")], inhoud)
    for plek, inhoud in afgeleid:
        basis = gegeven.get(inhoud["als"])
        if basis is None:
            gelezen.fouten.append(plek.bij("als").fout(f"onbekend geval {inhoud['als']!r}"))
        elif inhoud["id"] in gegeven:
            gelezen.fouten.append(plek.fout("dit id komt vaker voor"))
        else:
            gegeven[inhoud["id"]] = _afgeleid(plek, inhoud, basis)
    gelezen.alle = tuple(gegeven.values())
    _lees_nog_niet(ruw, gelezen)
    return gelezen


def _is_geval(bestand: str) -> bool:
    return bestand.startswith(MAP) and bestand.endswith(".yaml") and bestand != NOG_NIET_BESTAND


def _rijen(ruw: Ruw, bestand: str, vorm: Any, fouten: list[Fout]) -> list[tuple[Plek, dict[str, Any]]]:
    inhoud, plek = lees_yaml(bestand, ruw.bestanden[bestand], fouten)
    if not isinstance(inhoud, list):
        if inhoud is not None:
            fouten.append(plek.fout("geen lijst van gevallen"))
        return []
    gevonden = list(vormfouten(vorm, inhoud, plek, _naamgever(inhoud)))
    fouten.extend(gevonden)
    # A case that lost a part is no case; the others are still asked.
    heel = [rij for rij in inhoud if past(vorm, [rij])] if gevonden else inhoud
    return [(_geval_op(plek, nummer, rij), rij) for nummer, rij in enumerate(heel)]


def _geval_op(plek: Plek, nummer: int, rij: dict[str, Any]) -> Plek:
    return plek.bij(nummer).genaamd(f"geval {rij['id']}")


def _naamgever(inhoud: list[Any]) -> Callable[[Pad], str]:
    def naam(pad: Pad) -> str:
        rij = inhoud[pad[0]] if pad and isinstance(pad[0], int) else None
        return f"geval {rij.get('id', '')}" if isinstance(rij, dict) else ""

    return naam


def _lees_nog_niet(ruw: Ruw, gelezen: Gevallen) -> None:
    if NOG_NIET_BESTAND not in ruw.bestanden:
        return
    inhoud, gelezen.nog_niet_plek = lees_yaml(NOG_NIET_BESTAND, ruw.bestanden[NOG_NIET_BESTAND], gelezen.fouten)
    gelezen.fouten.extend(vormfouten(NOG_NIET, inhoud, gelezen.nog_niet_plek))
    gelezen.nog_niet = {regel: tuple(ids) for regel, ids in (inhoud or {}).items()}


def tekort(beleid: Vraagbaar, geval: Geval, partners: Mapping[str, Geval]) -> str | None:
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
    if not geval.zichtbaar and not geval.verborgen:
        return None
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


def keur_gevallen(beleid: Vraagbaar, ruw: Ruw) -> list[str]:
    """Every fault that asking the cases of a bundle brings to light, as `bestand:regel: reden`."""
    gelezen = gevallen_van(ruw)
    if not gelezen.alle and not gelezen.fouten:
        return [str(Fout(MAP, 1, "geen enkel beslisgeval: het beleid is niet te toetsen"))]
    fouten = [*gelezen.fouten, *_paren(gelezen), *_antwoorden(beleid, gelezen), *_convenanten(ruw, gelezen)]
    if not gelezen.fouten:
        fouten += _regels(beleid, ruw, gelezen)
    return [str(fout) for fout in sorted(set(fouten))]


def _paren(gelezen: Gevallen) -> Iterator[Fout]:
    per_paar: dict[str, list[Geval]] = {}
    for geval in gelezen.alle:
        if geval.paar:
            per_paar.setdefault(geval.paar, []).append(geval)
    for paar, twee in per_paar.items():
        if len(twee) != 2 or twee[0].toegestaan == twee[1].toegestaan:
            yield twee[0].plek.bij("paar").fout(f"paar {paar!r} is niet een toegestaan en een geweigerd geval")


def _antwoorden(beleid: Vraagbaar, gelezen: Gevallen) -> Iterator[Fout]:
    nog_niet = {naam for ids in gelezen.nog_niet.values() for naam in ids}
    paren = partners(gelezen.alle)
    bekend = {geval.id for geval in gelezen.alle}
    for naam in sorted(nog_niet - bekend):
        yield gelezen.nog_niet_plek.waarde(naam).fout(f"onbekend geval {naam!r}")
    for geval in gelezen.alle:
        waarom = tekort(beleid, geval, paren)
        if waarom is not None and geval.id not in nog_niet:
            moet = "toegestaan" if geval.toegestaan else "geweigerd"
            yield geval.plek.fout(f"moet zijn {moet}; {waarom}")
        elif waarom is None and geval.id in nog_niet:
            yield gelezen.nog_niet_plek.waarde(geval.id).fout(f"geval {geval.id} slaagt en hoort hier niet meer")


def _convenanten(ruw: Ruw, gelezen: Gevallen) -> Iterator[Fout]:
    """A case that relies on a covenant that does not exist, or that is permitted under one that has ended."""
    geldig: dict[str, list[tuple[date, date]]] = {}
    for stuk in ruw.convenanten:
        geldig.setdefault(stuk.id, []).append(periode(stuk.inhoud))
    for geval in gelezen.alle:
        naam = str(geval.verzoek.omstandigheden.get("convenant", "geen"))
        if naam in ZONDER_NAAM:
            continue
        plek = geval.plek.waarde(naam)
        if naam not in geldig:
            yield plek.fout(f"onbekend convenant {naam!r}")
        elif geval.toegestaan and not any(van <= geval.verzoek.datum <= tot for van, tot in geldig[naam]):
            yield plek.fout(f"rust op convenant {naam!r}, dat op {geval.verzoek.datum} niet geldt")


def _regels(beleid: Vraagbaar, ruw: Ruw, gelezen: Gevallen) -> Iterator[Fout]:
    """Rules no case can judge: each must decide a case, and speak in a permitted and in a refused one."""
    beslist: set[str] = set()
    gesproken: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for geval in gelezen.alle:
        antwoord = beleid.toets(geval.verzoek)
        beslist.update(antwoord.regels)
        gesproken[isinstance(antwoord, Permit)].add((geval.verzoek.spoor, geval.verzoek.handeling))
    for regel in ruw.regels:
        plek = ruw.van_regel(regel)
        if regel.id not in beslist:
            yield plek.fout("beslist geen enkel geval")
        for toegestaan, woord in ((True, "toegestaan"), (False, "geweigerd")):
            if not any(_spreekt(regel, spoor, handeling) for spoor, handeling in gesproken[toegestaan]):
                yield plek.fout(f"geen {woord} geval waarin deze regel meespreekt")


def _spreekt(regel: Regel, spoor: str, handeling: str) -> bool:
    return regel.over(handeling) and regel.bestand in (PLATFORM, *SPOORBESTAND.get(spoor, ()))


def _geval(plek: Plek, bestand: str, ruw: dict[str, Any]) -> Geval:
    vraag = dict(ruw["verzoek"])
    vraag["datum"] = date.fromisoformat(vraag["datum"])
    for naam in ("bijzonder", "kenmerken"):
        vraag[naam] = frozenset(vraag.get(naam, ()))
    masker = ruw.get("masker") or {}
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
        plek=plek,
    )


def _afgeleid(plek: Plek, ruw: dict[str, Any], basis: Geval) -> Geval:
    anders = dict(ruw["anders"])
    if "datum" in anders:
        anders["datum"] = date.fromisoformat(anders["datum"])
    for naam in anders.keys() & {"bijzonder", "kenmerken"}:
        anders[naam] = frozenset(anders[naam])
    anders["omstandigheden"] = {**basis.verzoek.omstandigheden, **anders.get("omstandigheden", {})}
    return Geval(
        id=ruw["id"],
        bestand=EIGEN,
        regel=ruw["regel"],
        paar=None,
        verzoek=replace(basis.verzoek, **anders),
        toegestaan=ruw["verwacht"] == "toegestaan",
        vorm=ruw.get("vorm"),
        zichtbaar=frozenset(),
        verborgen=frozenset(),
        verplichtingen=frozenset(ruw.get("verplichtingen", ())),
        als=basis.id,
        plek=plek,
    )
