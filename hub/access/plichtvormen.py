"""The table of duties: its shape, its faults and what it gives. Source: Vc B8/3."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from contracts.message import OPEN, Event, category_of
from contracts.register import EVENTS
from contracts.signaal import NS
from contracts.waarden import ZetelId
from hub.access.plek import Fout, Plek, onbekend
from hub.access.vormen import Datum, NietLeeg, Woord
from hub.domain.plichtregel import (
    FEITEN,
    Afstand,
    Escalatie,
    Herhaling,
    Kalenderduur,
    Plichtregel,
    Plichtregels,
    Termijn,
    Voorval,
    kalenderduur,
)

SOORTEN = ("signaal", "casus", "overleg", "brug", "resultaat", "zetel", "onderwerp")
LIJSTEN = ("ontstaat_door", "vervuld_door", "vervalt_door")
VERSIE = ".v1"
_ZETEL = next(str(mark.pattern) for mark in get_args(ZetelId) if isinstance(mark, StringConstraints))


def _een_duur(waarde: str) -> str:
    kalenderduur(waarde)
    return waarde


Duurtekst = Annotated[str, AfterValidator(_een_duur)]


class _Rij(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class VoorvalVorm(_Rij):
    gebeurtenis: Woord
    als: dict[Woord, Annotated[list[bool | int | str], Field(min_length=1)]] = {}
    feiten: NietLeeg | None = None
    onderwerp: Woord | None = None
    deel: Woord | None = None


class TermijnVorm(_Rij):
    duur: Duurtekst | None = None
    op: Woord | None = None
    vanaf: Woord | None = None


class HerinnerVorm(_Rij):
    voor: Duurtekst | None = None
    na: Duurtekst | None = None


class EscalatieVorm(_Rij):
    na: Duurtekst
    aan: NietLeeg


class HerhaalVorm(_Rij):
    elke: Duurtekst
    eerste: Datum


class PlichtVorm(_Rij):
    id: Annotated[str, Field(pattern="^[a-z0-9-]{1,60}$")]
    zin: Woord
    bron: Woord
    geldig_vanaf: Datum
    geldig_tot: Datum | None = None
    eigen: bool = False
    spoor: Woord
    soort: Literal["signaal", "casus", "overleg", "brug", "resultaat", "zetel", "onderwerp"]
    onderwerp: Woord | None = None
    deel: Woord | None = None
    wie: Woord | None = None
    zetels: NietLeeg | None = None
    ontstaat_door: list[VoorvalVorm] = []
    vervuld_door: list[VoorvalVorm] = []
    vervalt_door: list[VoorvalVorm] = []
    per_gebeurtenis: bool = False
    zelf_melden: bool = False
    termijn: TermijnVorm | None = None
    herhaal: HerhaalVorm | None = None
    herinner: list[HerinnerVorm] = []
    escalatie: list[EscalatieVorm] = []


class PlichtenVorm(_Rij):
    plichten: list[PlichtVorm]


def keur_plichten(tabellen: Mapping[str, Any], plek: Plek) -> Iterator[Fout]:
    """Every fault beyond the shape: whatever is named and does not exist, and a duty that cannot arise or be met."""
    eerder: dict[str, list[dict[str, Any]]] = {}
    for nummer, rij in enumerate(tabellen["plichten"].get("plichten", [])):
        hier = plek.bij("plichten", nummer).genaamd(f"plicht {rij.get('id', '')}")
        yield from _rij(rij, hier, tabellen)
        yield from _looptijd(rij, hier, eerder.setdefault(str(rij.get("id")), []))
        eerder[str(rij.get("id"))].append(rij)


def _rij(rij: dict[str, Any], hier: Plek, tabellen: Mapping[str, Any]) -> Iterator[Fout]:
    zetels = tabellen["zetels"]
    yield from onbekend(hier, "spoor", [rij["spoor"]] if "spoor" in rij else [], tabellen["sporen"])
    yield from onbekend(hier.bij("zetels"), "zetel", rij.get("zetels", ()), zetels)
    for nummer, stap in enumerate(rij.get("escalatie", ())):
        yield from onbekend(hier.bij("escalatie", nummer), "zetel", stap.get("aan", ()), zetels)
    for nummer, stap in enumerate(rij.get("herinner", ())):
        if len(stap) != 1:
            yield hier.bij("herinner", nummer).fout("herinnert voor of na de laatste dag: een van beide")
    if "herhaal" in rij:
        yield from _herhaald(rij, hier)
    else:
        yield from _eenmalig(rij, hier)
    if not rij.get("vervuld_door") and not rij.get("zelf_melden"):
        yield hier.fout("niets vervult deze plicht")
    namen = {*zetels, *(naam.partition(".")[0] for naam in zetels), *tabellen["instanties"]}
    for lijst in LIJSTEN:
        for nummer, voorval in enumerate(rij.get(lijst, ())):
            yield from _voorval(rij, voorval, hier.bij(lijst, nummer), namen, begint=lijst == LIJSTEN[0])


def _herhaald(rij: dict[str, Any], hier: Plek) -> Iterator[Fout]:
    if not rij.get("zetels"):
        yield hier.fout("zetels ontbreekt: wie deze plicht telkens heeft")
    for naam in ("ontstaat_door", "wie", "onderwerp", "deel", "termijn", "per_gebeurtenis"):
        if naam in rij:
            yield hier.fout(f"{naam} past niet bij een plicht die de kalender brengt")
    if kalenderduur(rij["herhaal"].get("elke", "P1D")) == Kalenderduur():
        yield hier.bij("herhaal").fout("herhaalt zonder tussentijd")


def _eenmalig(rij: dict[str, Any], hier: Plek) -> Iterator[Fout]:
    for naam in ("wie", "onderwerp", "termijn", "ontstaat_door"):
        if not rij.get(naam):
            yield hier.fout(f"{naam} ontbreekt")
    if "zetels" in rij:
        yield hier.fout("zetels past alleen bij herhaal")
    termijn = rij.get("termijn", {"duur": ""})
    if not {"duur", "op"} & termijn.keys() or ("vanaf" in termijn and "duur" not in termijn):
        yield hier.bij("termijn").fout("noemt geen duur en geen dag")


def _looptijd(rij: dict[str, Any], hier: Plek, eerder: list[dict[str, Any]]) -> Iterator[Fout]:
    vanaf, tot = rij.get("geldig_vanaf", ""), rij.get("geldig_tot") or "9999"
    if tot <= vanaf:
        yield hier.fout("eindigt voor het begin")
    if any(vanaf < (een.get("geldig_tot") or "9999") and een.get("geldig_vanaf", "") < tot for een in eerder):
        yield hier.fout("dit id staat er al voor dezelfde dagen")


def _voorval(
    rij: dict[str, Any], voorval: dict[str, Any], hier: Plek, zetels: set[str], *, begint: bool
) -> Iterator[Fout]:
    soort = _soort(voorval.get("gebeurtenis", ""))
    if soort is None:
        kort = {naam.removeprefix(NS).removesuffix(VERSIE) for naam in EVENTS}
        yield from onbekend(hier, "gebeurtenis", [voorval.get("gebeurtenis")], kort)
        return
    yield from onbekend(hier, "feit", voorval.get("feiten", ()), FEITEN)
    wanted = [voorval.get("onderwerp", rij.get("onderwerp")), voorval.get("deel"), *voorval.get("als", ())]
    if begint:
        termijn = rij.get("termijn", {})
        wanted += [rij.get("wie"), rij.get("deel"), termijn.get("op"), termijn.get("vanaf")]
    gesloten = [naam for naam in dict.fromkeys(wanted) if naam and not _is_open(soort, naam)]
    for naam in gesloten:
        yield hier.fout(f"{voorval['gebeurtenis']} heeft geen open veld {naam!r}")
    if gesloten:
        return
    if "herhaal" not in rij:
        yield from _soorten(rij, voorval, soort, hier, begint=begint)
    for naam, waarden in voorval.get("als", {}).items():
        if _is_zetel(soort, naam):
            yield from onbekend(hier, "zetel", waarden, zetels)


def _soorten(
    rij: dict[str, Any], voorval: dict[str, Any], soort: type[Event], hier: Plek, *, begint: bool
) -> Iterator[Fout]:
    onderwerp = voorval.get("onderwerp", rij.get("onderwerp"))
    if onderwerp and not _van(soort, onderwerp, UUID):
        yield hier.fout(f"{onderwerp!r} is geen kenmerk van een onderwerp")
    if begint:
        termijn = rij.get("termijn", {})
        if rij.get("wie") and not _is_zetel(soort, rij["wie"]):
            yield hier.fout(f"{rij['wie']!r} is geen zetel")
        for naam in (termijn.get("op"), termijn.get("vanaf")):
            if naam and not _van(soort, naam, date):
                yield hier.fout(f"{naam!r} is geen dag")


def _soort(naam: str) -> type[Event] | None:
    return EVENTS.get(f"{NS}{naam}{VERSIE}")


def _is_open(soort: type[Event], naam: str) -> bool:
    return naam in soort.model_fields and category_of(soort, naam) == OPEN.categorie


def _van(soort: type[Event], naam: str, wat: type) -> bool:
    annotation = soort.model_fields[naam].annotation
    kinds = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type)]
    return any(issubclass(one, wat) for one in kinds)


def _is_zetel(soort: type[Event], naam: str) -> bool:
    return naam == "zetel" or _ZETEL in repr((soort.model_fields[naam].annotation, soort.model_fields[naam].metadata))


def plichtregels(tabel: Mapping[str, Any]) -> Plichtregels:
    """The duties of an examined table."""
    return Plichtregels.van(tuple(_regel(rij) for rij in tabel["plichten"]))


def _regel(rij: Mapping[str, Any]) -> Plichtregel:
    termijn, herhaal, tot = rij.get("termijn"), rij.get("herhaal"), rij.get("geldig_tot")
    ontstaat, vervuld, vervalt = (tuple(_gebeuren(rij, een) for een in rij.get(lijst, ())) for lijst in LIJSTEN)
    return Plichtregel(
        **{naam: rij[naam] for naam in ("id", "zin", "bron", "spoor", "soort")},
        **{naam: rij.get(naam, False) for naam in ("eigen", "per_gebeurtenis", "zelf_melden")},
        ontstaat_door=ontstaat,
        vervuld_door=vervuld,
        vervalt_door=vervalt,
        geldig_vanaf=date.fromisoformat(rij["geldig_vanaf"]),
        geldig_tot=date.fromisoformat(tot) if tot else None,
        wie=rij.get("wie"),
        zetels=tuple(rij.get("zetels", ())),
        termijn=Termijn(_duur(termijn.get("duur")), termijn.get("op"), termijn.get("vanaf")) if termijn else None,
        herhaal=Herhaling(kalenderduur(herhaal["elke"]), date.fromisoformat(herhaal["eerste"])) if herhaal else None,
        herinner=tuple(
            Afstand(kalenderduur(een.get("voor") or een["na"]), "voor" in een) for een in rij.get("herinner", ())
        ),
        escalatie=tuple(Escalatie(kalenderduur(een["na"]), tuple(een["aan"])) for een in rij.get("escalatie", ())),
    )


def _afstand(een: Mapping[str, str]) -> Afstand:
    return Afstand(kalenderduur(een.get("voor") or een["na"]), ervoor="voor" in een)


def _duur(tekst: str | None) -> Kalenderduur | None:
    return None if tekst is None else kalenderduur(tekst)


def _gebeuren(rij: Mapping[str, Any], een: Mapping[str, Any]) -> Voorval:
    soort = EVENTS[f"{NS}{een['gebeurtenis']}{VERSIE}"]
    deel = een.get("deel", rij.get("deel"))
    return Voorval(
        gebeurtenis=soort.TYPE,
        onderwerp=een.get("onderwerp", rij.get("onderwerp", "")),
        deel=deel if deel in soort.model_fields else None,
        als={naam: tuple(waarden) for naam, waarden in een.get("als", {}).items()},
        feiten=frozenset(een.get("feiten", ())),
    )
