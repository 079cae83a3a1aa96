"""The policy folder as read, before anything in it is believed.

A bundle has two digests. `Ruw.versie` is over what decides: tables, covenants, rules and schema; it stands in every
decision, and two bundles with one `versie` answer alike. `Ruw.pakket` is over the whole bundle, so also the cases and
the prohibitions to prove; it is what is signed and activated. A better case gives another package of the same
version: nothing has to be decided again for it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cedarpy

from hub.access.pakket import bestanden_van, inhoud_van, som_over
from hub.access.plek import Fout, Plek, lees_yaml
from hub.access.regel import Regel, beweringen, lees_regels
from hub.access.routevormen import ZONDER
from hub.access.tabelvormen import REGIOBESTAND, TABELLEN
from hub.access.vormen import Pad, vormfouten

SPOORBESTAND = {
    "riec": ("riec", "wgs"),
    "zvh": ("zvh", "wgs"),
    "zorg-en-registratie": ("zorg", "registratie"),
    "bilateraal": ("bilateraal", "bevoegdheid"),
    "intern": ("intern",),
    "hub": ("hub",),
}
PLATFORM = "platform"
REGELBESTANDEN = (PLATFORM, *dict.fromkeys(naam for namen in SPOORBESTAND.values() for naam in namen))
SCHEMA = "hub.cedarschema"
NOOIT = "nooit.yaml"
#: Tables that the first packages did not have yet: such a package still loads, and has nothing in them.
LATER: Mapping[str, Mapping[str, Any]] = {
    "terugkoppelen": {"stappen": [], "escalaties": [], "aanhoudgronden": []},
    "plichten": {"plichten": []},
    "verwijsroutes": ZONDER,
}
# What one row of a table is called in a fault.
RIJ = {
    "zetels": "zetel", "instanties": "instantie", "sporen": "spoor", "categorieen": "categorie",
    "handelingen": "handeling", "omstandigheden": "omstandigheid", "woordenlijst": "lijst", "gronden": "grond",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stuk:
    """One covenant as written, with its place."""

    plek: Plek
    inhoud: dict[str, Any]

    @property
    def id(self) -> str:
        """The id, empty where it was forgotten."""
        return str(self.inhoud.get("id", ""))


@dataclass(slots=True)
class Ruw:
    """Files, tables, regions, covenants, rules and schema text of a bundle, and what could not be read.

    `compleet`: every file of rules could be read; without that, what rules there are says little.
    """

    bestanden: Mapping[str, bytes] = field(default_factory=dict)
    tabellen: dict[str, dict[str, Any]] = field(default_factory=dict)
    regios: dict[str, dict[str, Any]] = field(default_factory=dict)
    convenanten: list[Stuk] = field(default_factory=list)
    regels: list[Regel] = field(default_factory=list)
    cedar: str = ""
    schema: str = ""
    nooit: object = None
    fouten: list[Fout] = field(default_factory=list)
    compleet: bool = True
    plekken: dict[str, Plek] = field(default_factory=dict)

    @property
    def versie(self) -> str:
        """`sha256:<hex>` over everything that can change an answer."""
        return som_over(self.bestanden, toetsen=False)

    @property
    def pakket(self) -> str:
        """`sha256:<hex>` over the whole bundle: what decides and what it is tested by."""
        return som_over(self.bestanden, toetsen=True)

    @property
    def alle_regios(self) -> set[str]:
        """The regions that always exist and those that the files of `convenanten/` bring."""
        return {*self.tabellen["woordenlijst"].get("regios", ()), *self.regios}

    def tafels_in(self, regio: str | None) -> set[str]:
        """The tables of the covenants of a region and of the country."""
        return {
            str(tafel.get("id"))
            for stuk in self.convenanten
            for tafel in stuk.inhoud.get("tafels", ())
            if {regio, "landelijk", "alle"} & {stuk.inhoud.get("regio"), *stuk.inhoud.get("ook_regios", ())}
        }

    @property
    def groepen(self) -> set[str]:
        """Every seat type, and the groups they are in (`politie` for `politie.avim`)."""
        zetels = self.tabellen["zetels"]
        return {*zetels, *(z.partition(".")[0] for z in zetels if "." in z)}

    @property
    def plaatsen(self) -> list[tuple[str, str]]:
        """Seat type and area of every seat that exists in the hub."""
        return [(soort, gebied) for soort, _, gebied in (naam.partition("@") for naam in self.tabellen["instanties"])]

    def plek(self, tabel: str, *pad: object) -> Plek:
        """A place in a table, named after the row it is in."""
        hier = self.plekken.get(f"{tabel}.yaml", Plek(f"{tabel}.yaml")).bij(*pad)
        return hier.genaamd(f"{RIJ[tabel]} {pad[0]}") if pad and tabel in RIJ else hier

    def van_regel(self, regel: Regel) -> Plek:
        """The place of a rule."""
        return Plek(f"{regel.bestand}.cedar", regel.plaats, f"regel {regel.id!r}")


def lees_map(map: Path) -> Ruw:
    """Read a policy folder; what cannot be read ends up in `fouten`, never in an exception."""
    return lees_bestanden(bestanden_van(map))


def lees_pakket(pakket: bytes) -> Ruw:
    """Read a packed bundle, also of before some table existed. Raises PakketOngeldig where it is no bundle at all."""
    return lees_bestanden(inhoud_van(pakket), LATER)


def lees_bestanden(
    bestanden: Mapping[str, bytes], later: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
) -> Ruw:
    """Read a bundle from its files by path. `later`: what stands for a table that may be absent."""
    ruw = Ruw(bestanden=bestanden)
    for naam in TABELLEN:
        if naam in later and f"{naam}.yaml" not in bestanden:
            ruw.tabellen[naam] = dict(later[naam])
        else:
            _tabel(ruw, naam)
    for naam in sorted(n for n in bestanden if n.startswith("convenanten/") and n.endswith(".yaml")):
        _regiobestand(ruw, naam)
    for naam in REGELBESTANDEN:
        tekst = _tekst(ruw, f"{naam}.cedar")
        ruw.cedar += tekst + "\n"
        try:
            ruw.regels.extend(lees_regels(naam, tekst))
        except ValueError as fout:
            ruw.fouten.append(_onleesbaar(f"{naam}.cedar", tekst, fout))
            ruw.compleet = False
    ruw.schema = _tekst(ruw, SCHEMA)
    ruw.nooit = _inhoud(ruw, NOOIT)
    ruw.fouten.extend(_vreemd(bestanden))
    return ruw


def _vreemd(bestanden: Mapping[str, bytes]) -> Iterator[Fout]:
    # A misspelt file name would otherwise leave a whole region or track out without a word.
    bekend = {*(f"{naam}.yaml" for naam in TABELLEN), *(f"{n}.cedar" for n in REGELBESTANDEN), SCHEMA}
    for naam in bestanden:
        in_map = naam.startswith(("convenanten/", "gevallen/")) and naam.endswith(".yaml") and naam.count("/") == 1
        if naam not in bekend and not in_map and naam != NOOIT:
            yield Fout(naam, 1, "dit bestand hoort niet in een beleidsmap")


def _tekst(ruw: Ruw, naam: str) -> str:
    try:
        return ruw.bestanden[naam].decode("utf-8")
    except KeyError:
        ruw.fouten.append(Fout(naam, 1, "ontbreekt"))
    except UnicodeDecodeError:
        ruw.fouten.append(Fout(naam, 1, "geen UTF-8"))
    ruw.compleet = False
    return ""


def _onleesbaar(bestand: str, tekst: str, fout: ValueError) -> Fout:
    for plaats, bewering in beweringen(tekst):
        try:
            cedarpy.PolicySet.from_str(bewering)
        except ValueError as eigen:
            return Fout(bestand, plaats, f"onleesbaar: {_eerste_regel(eigen)}")
    return Fout(bestand, 1, f"onleesbaar: {_eerste_regel(fout)}")


def _eerste_regel(fout: ValueError) -> str:
    return re.sub(r"\s+", " ", str(fout))[:200]


def _inhoud(ruw: Ruw, bestand: str) -> Any:
    if bestand not in ruw.bestanden:
        ruw.fouten.append(Fout(bestand, 1, "ontbreekt"))
        return None
    inhoud, ruw.plekken[bestand] = lees_yaml(bestand, ruw.bestanden[bestand], ruw.fouten)
    return inhoud


def _tabel(ruw: Ruw, naam: str) -> None:
    voor = len(ruw.fouten)
    inhoud = _inhoud(ruw, f"{naam}.yaml")
    ruw.tabellen[naam] = inhoud if isinstance(inhoud, dict) else {}
    if ruw.tabellen[naam]:
        ruw.fouten.extend(vormfouten(TABELLEN[naam], inhoud, ruw.plek(naam), partial(_rijnaam, naam)))
    elif len(ruw.fouten) == voor:
        ruw.fouten.append(ruw.plek(naam).fout("lege tabel"))


def _rijnaam(tabel: str, pad: Pad) -> str:
    return f"{RIJ[tabel]} {pad[0]}" if pad and tabel in RIJ else ""


def _regiobestand(ruw: Ruw, bestand: str) -> None:
    voor = len(ruw.fouten)
    inhoud, plek = _inhoud(ruw, bestand), ruw.plekken[bestand]
    if not isinstance(inhoud, dict):
        if len(ruw.fouten) == voor:
            ruw.fouten.append(plek.fout("geen regios en convenanten"))
        return
    ruw.fouten.extend(vormfouten(REGIOBESTAND, inhoud, plek, partial(_convenantnaam, inhoud)))
    for regio, gegevens in inhoud.get("regios", {}).items():
        if regio in ruw.regios:
            ruw.fouten.append(plek.bij("regios", regio).fout(f"regio {regio!r} staat ook in een ander bestand"))
        ruw.regios[regio] = gegevens
    for nummer, convenant in enumerate(inhoud.get("convenanten", [])):
        stuk = Stuk(plek.bij("convenanten", nummer).genaamd(f"convenant {convenant.get('id', '')}"), convenant)
        ruw.convenanten.append(stuk)


def _convenantnaam(inhoud: dict[str, Any], pad: Pad) -> str:
    if pad[:1] == ("convenanten",) and len(pad) > 1:
        return f"convenant {inhoud['convenanten'][pad[1]].get('id', '')}"
    return ""
