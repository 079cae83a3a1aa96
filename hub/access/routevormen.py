"""The table of referral routes: its shape, its faults and what it gives. Source: 000 L1748-1757; 003 L4876-4899."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from contracts.codelijst import codelijst
from hub.access.plek import Fout, Plek, onbekend
from hub.access.vormen import Datum, NietLeeg, Woord
from hub.domain.verwijsroute import LANDELIJK, REGULIER, SPOED, Verwijsroute, Verwijsstap

#: What a bundle holds that was made before there were routes.
ZONDER: dict[str, Any] = {"routes": []}


class _Rij(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class VerwijsstapVorm(_Rij):
    naar: NietLeeg | None = None
    nummer: Woord | None = None
    als: Woord | None = None
    zin: Woord
    bron: Woord


class VerwijsrouteVorm(_Rij):
    id: Woord
    regio: Woord
    vormen: NietLeeg | None = None
    tempo: list[Literal["spoed", "regulier"]]
    vangnet: bool = False
    herkomst: Literal["eigen", "bron"]
    geldig_vanaf: Datum
    geldig_tot: Datum | None = None
    stappen: list[VerwijsstapVorm]


class VerwijsroutesVorm(_Rij):
    routes: list[VerwijsrouteVorm]


def keur_verwijsroutes(tabellen: Mapping[str, Any], regios: set[str], plek: Plek) -> Iterator[Fout]:
    """Every fault beyond the shape: what is named and does not exist, a step to nobody, an id or a route twice."""
    eerder: set[str] = set()
    vormen = {waarde.code for waarde in codelijst("uitbuitingsvorm").waarden}
    for nummer, rij in enumerate(tabellen["verwijsroutes"].get("routes", [])):
        hier = plek.bij("routes", nummer).genaamd(f"route {rij.get('id', '')}")
        if rij.get("id") in eerder:
            yield hier.fout("dit id staat er al")
        eerder.add(str(rij.get("id")))
        yield from onbekend(hier.bij("regio"), "regio", [rij["regio"]] if "regio" in rij else [], regios)
        yield from onbekend(hier.bij("vormen"), "uitbuitingsvorm", rij.get("vormen") or (), vormen)
        yield from _rij(rij, hier)
        for plaats, stap in enumerate(rij.get("stappen", ())):
            yield from _stap(stap, hier.bij("stappen", plaats), tabellen)


def _rij(rij: dict[str, Any], hier: Plek) -> Iterator[Fout]:
    if not rij.get("stappen"):
        yield hier.fout("een route zonder stappen wijst niemand aan")
    if not rij.get("tempo"):
        yield hier.fout(f"tempo is leeg: {SPOED}, {REGULIER} of beide")
    if rij.get("vangnet") and rij.get("regio") != LANDELIJK:
        yield hier.fout("alleen een landelijke route is een vangnet")
    vanaf, tot = rij.get("geldig_vanaf"), rij.get("geldig_tot")
    if vanaf and tot and tot <= vanaf:
        yield hier.bij("geldig_tot").fout("geldig_tot ligt niet na geldig_vanaf")


def _stap(stap: dict[str, Any], hier: Plek, tabellen: Mapping[str, Any]) -> Iterator[Fout]:
    if not stap.get("naar") and not stap.get("nummer"):
        yield hier.fout("een stap zonder zetel en zonder nummer wijst niemand aan")
    bekend = {*tabellen["zetels"], *tabellen["instanties"]}
    yield from onbekend(hier.bij("naar"), "zetel", stap.get("naar") or (), bekend)


def verwijsroutes(tabel: Mapping[str, Any]) -> tuple[Verwijsroute, ...]:
    """The routes of an examined table, in its order."""
    return tuple(map(_route, tabel["routes"]))


def _route(rij: Mapping[str, Any]) -> Verwijsroute:
    tot = rij.get("geldig_tot")
    return Verwijsroute(
        id=rij["id"],
        regio=rij["regio"],
        vormen=frozenset(rij["vormen"]) if rij.get("vormen") else None,
        tempo=frozenset(rij["tempo"]),
        stappen=tuple(_stap_van(stap) for stap in rij["stappen"]),
        geldig_vanaf=date.fromisoformat(rij["geldig_vanaf"]),
        geldig_tot=date.fromisoformat(tot) if tot else None,
        vangnet=rij.get("vangnet", False),
        eigen=rij["herkomst"] == "eigen",
    )


def _stap_van(stap: Mapping[str, Any]) -> Verwijsstap:
    return Verwijsstap(
        zin=stap["zin"],
        bron=stap["bron"],
        naar=tuple(stap.get("naar") or ()),
        nummer=stap.get("nummer"),
        als=stap.get("als"),
    )
