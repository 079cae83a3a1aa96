"""The door of route advice: whom to turn to with a signal, from the dated routes of the policy. No data of persons."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from contracts.codelijst import codelijst
from contracts.problems import Fout, ongeldige_invoer
from contracts.waarden import Uitbuitingsvorm, Urgentie
from hub.access.beleid import Beleid
from hub.api.answers import Antwoord
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.records import write_access
from hub.api.services import Services
from hub.domain.verwijsroute import LANDELIJK, Verwijsroute, Verwijsstap, tempo_van

Reader = Annotated[Zetelhouder, Depends(met_scope("beleid.raadplegen"))]
Vormen = Annotated[tuple[Uitbuitingsvorm, ...], Query(max_length=10, description="Vorm; meer dan een mag.")]


class Verwijszetel(Antwoord):
    """Somebody to turn to. `zetel`: its seat in the hub; None where there is none for this region yet."""

    zetel: str | None
    label: str


class Verwijsstapbeeld(Antwoord):
    """One step. `nummer`: to be called. `als`: what this step is for only. `zin`: why; `bron`: who says so."""

    naar: tuple[Verwijszetel, ...]
    nummer: str | None
    als: str | None
    zin: str
    bron: str


class Verwijsroutebeeld(Antwoord):
    """A route with its validity. `eigen`: our own reading of the sources."""

    id: str
    regio: str
    eigen: bool
    geldig_vanaf: date
    geldig_tot: date | None
    stappen: tuple[Verwijsstapbeeld, ...]


class Verwijsadvies(Antwoord):
    """The routes in the order in which to follow them; `tempo` is what the urgency comes down to."""

    beleidsversie: str
    regio: str
    tempo: str
    routes: tuple[Verwijsroutebeeld, ...]


def router(services: Services) -> APIRouter:
    """The operation that advises; whether one may share is another question, per category of data."""
    routes = partner_router("beleid")

    @routes.get(
        "/verwijsadviezen",
        summary="Bij wie kan ik met dit signaal terecht?",
        operation_id="leesVerwijsadvies",
        response_description="De stappen in hun volgorde, met reden en bron.",
    )
    def advice(
        who: Reader,
        regio: Annotated[str, Query(pattern="^[a-z-]+$", max_length=40)] = LANDELIJK,
        vorm: Vormen = (),
        urgentie: Annotated[Urgentie, Query(description="Code van de lijst urgentie.")] = "onbekend",
    ) -> Verwijsadvies:
        """Uit de verwijsroutes van het geldende beleid. Het advies geeft geen recht om te delen."""
        beleid = services.beleid
        if regio not in beleid.gebieden:
            raise ongeldige_invoer((Fout(veld="/regio", melding="Deze regio bestaat niet in het geldende beleid."),))
        area = {one.gebied: one.regio for one in beleid.instanties.values()}.get(regio, regio)
        found = beleid.verwijsroutes(area, with_broader(vorm), urgentie, services.clock().date())
        write_access(services, who, vraag="verwijsadviezen", doel="rechtmatigheidscontrole")
        shown = tuple(_route(beleid, one, area) for one in found)
        return Verwijsadvies(beleidsversie=beleid.versie, regio=area, tempo=tempo_van(urgentie), routes=shown)

    return routes


def with_broader(vormen: Iterable[str]) -> frozenset[str]:
    """The forms and every broader form they are kinds of."""
    broader = {one.code: one.ouder for one in codelijst("uitbuitingsvorm").waarden}
    found: set[str] = set()
    for one in vormen:
        code: str | None = one
        while code is not None and code not in found:
            found.add(code)
            code = broader.get(code)
    return frozenset(found)


def _route(beleid: Beleid, route: Verwijsroute, regio: str) -> Verwijsroutebeeld:
    return Verwijsroutebeeld(
        id=route.id,
        regio=route.regio,
        eigen=route.eigen,
        geldig_vanaf=route.geldig_vanaf,
        geldig_tot=route.geldig_tot,
        stappen=tuple(_step(beleid, stap, regio) for stap in route.stappen),
    )


def _step(beleid: Beleid, stap: Verwijsstap, regio: str) -> Verwijsstapbeeld:
    naar = tuple(seat for name in stap.naar for seat in _seats(beleid, name, regio))
    return Verwijsstapbeeld(naar=naar, nummer=stap.nummer, als=stap.als, zin=stap.zin, bron=stap.bron)


def _seats(beleid: Beleid, naar: str, regio: str) -> list[Verwijszetel]:
    """Those of the region, else the one of the country, else the kind alone."""
    if naar in beleid.instanties:
        return [Verwijszetel(zetel=naar, label=beleid.instanties[naar].label)]
    same = [one for one in beleid.instanties.values() if one.type == naar]
    near = [one for one in same if regio in (one.regio, one.gebied)] or [one for one in same if one.gebied == LANDELIJK]
    return [Verwijszetel(zetel=one.id, label=one.label) for one in near] or [
        Verwijszetel(zetel=None, label=beleid.zetels[naar].label)
    ]
