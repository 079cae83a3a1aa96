"""The policy itself, which is public law: asked in general, and read with its sources. No data of persons."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Query

from contracts.beslisgeval import Beslisgeval, Toetsvraag
from hub.access.beleid import Beleid
from hub.access.beslisgeval import Uitslag, als_geval, toets, verzoek_van
from hub.access.permit import Permit
from hub.access.regel import Regel
from hub.access.zetel import Convenant
from hub.api.answers import Antwoord
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.services import Services

Asker = Annotated[Zetelhouder, Depends(met_scope("beleid.toetsen"))]
Reader = Annotated[Zetelhouder, Depends(met_scope("beleid.raadplegen"))]


class Toetsmasker(Antwoord):
    """The categories the seat would see, and those it would not, all else of the question being equal."""

    zichtbaar: tuple[str, ...]
    verborgen: tuple[str, ...]


class Beleidsantwoord(Antwoord):
    """Decision, form of a refusal, mask, deciding rules with articles and sentence, and what may be done instead.

    `vorm`: how a refusal looks from outside. `geval`: the same in the words of a decision case, when asked so.
    """

    besluit: Literal["toegestaan", "geweigerd"]
    vorm: str | None
    masker: Toetsmasker
    verplichtingen: tuple[str, ...]
    regels: tuple[str, ...]
    grondslagen: tuple[str, ...]
    zin: str
    alternatief: str | None
    beleidsversie: str
    geval: dict[str, Any] | None


class Beleidsregel(Antwoord):
    """One rule. `verwerking`: the processing activity in the register, for a rule that permits."""

    id: str
    spoor: str
    soort: Literal["staat-toe", "verbiedt"]
    zin: str
    bron: str
    alternatief: str | None
    vorm: str | None
    verplichtingen: tuple[str, ...]
    handelingen: tuple[str, ...]
    verwerking: str | None


class Beleidsbeeld(Antwoord):
    """The version in force and all its rules."""

    versie: str
    regels: tuple[Beleidsregel, ...]


class Convenantbeeld(Antwoord):
    """A covenant or route as the sources give it; what they leave open or contradict is shown, not settled."""

    id: str
    naam: str
    soort: str
    regio: str
    spoor: str | None
    geldig_vanaf: date | None
    geldig_tot: date | None
    partijen: tuple[str, ...]
    bronnen: tuple[str, ...]
    tegenstrijdigheden: tuple[str, ...]
    leemten: tuple[str, ...]


class Convenantenlijst(Antwoord):
    """The covenants in force for a region on a day, the national ones included."""

    convenanten: tuple[Convenantbeeld, ...]


def router(services: Services) -> APIRouter:
    """Everything about the rules."""
    routes = partner_router("beleid")
    for add in (_ask, _rules, _covenants):
        add(routes, services)
    return routes


def _ask(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/beleid/_toets",
        summary="Stel het beleid een vraag of een beslisgeval",
        operation_id="toetsBeleid",
        response_description="Besluit, masker, regels, artikelen en wat wel kan.",
    )
    def ask(vraag: Annotated[Toetsvraag, Body()], who: Asker) -> Beleidsantwoord:
        """Gaat over de regels, niet over een signaal: er wordt niets opgezocht en niets bewaard."""
        beleid = services.beleid
        uitslag = toets(beleid, verzoek_van(vraag))
        return _answer(uitslag, als_geval(uitslag) if isinstance(vraag, Beslisgeval) else None)


def _rules(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/beleid",
        summary="Het geldende beleid",
        operation_id="leesBeleid",
        response_description="De versie en haar regels.",
    )
    def rules(who: Reader) -> Beleidsbeeld:
        """Elke regel met zijn vindplaats en een zin Nederlands."""
        beleid = services.beleid
        return Beleidsbeeld(versie=beleid.versie, regels=tuple(_rule(beleid, regel) for regel in beleid.regels))


def _covenants(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/beleid/convenanten",
        summary="De convenanten van een regio",
        operation_id="lijstConvenanten",
        response_description="Convenanten met partijen, leemten en tegenstrijdigheden.",
    )
    def covenants(
        who: Reader,
        regio: Annotated[str, Query(pattern="^[a-z-]+$", max_length=40)] = "landelijk",
        op: Annotated[date | None, Query(description="De dag; zonder dag vandaag.")] = None,
    ) -> Convenantenlijst:
        """Wat de bronnen tegenspreken of openlaten, staat erbij."""
        found = services.beleid.convenanten(regio, op or services.clock().date())
        return Convenantenlijst(convenanten=tuple(map(_covenant, found)))


def _answer(uitslag: Uitslag, geval: dict[str, Any] | None) -> Beleidsantwoord:
    antwoord = uitslag.antwoord
    permitted = isinstance(antwoord, Permit)
    return Beleidsantwoord(
        besluit="toegestaan" if permitted else "geweigerd",
        vorm=None if isinstance(antwoord, Permit) else antwoord.vorm,
        masker=Toetsmasker(zichtbaar=uitslag.zichtbaar, verborgen=uitslag.verborgen),
        verplichtingen=antwoord.verplichtingen,
        regels=antwoord.regels,
        grondslagen=antwoord.bronnen,
        zin=" ".join(antwoord.zinnen) if isinstance(antwoord, Permit) else antwoord.reden,
        alternatief=None if isinstance(antwoord, Permit) else antwoord.alternatief,
        beleidsversie=antwoord.beleidsversie,
        geval=geval,
    )


def _rule(beleid: Beleid, regel: Regel) -> Beleidsregel:
    return Beleidsregel(
        id=regel.id,
        spoor=regel.bestand,
        soort="staat-toe" if regel.toestaan else "verbiedt",
        zin=regel.zin,
        bron=regel.bron,
        alternatief=regel.alternatief,
        vorm=None if regel.toestaan else regel.vorm,
        verplichtingen=regel.verplichtingen,
        handelingen=tuple(sorted(regel.handelingen)),
        verwerking=beleid.verwerkingen.get(regel.id),
    )


def _covenant(convenant: Convenant) -> Convenantbeeld:
    return Convenantbeeld(
        id=convenant.id,
        naam=convenant.naam,
        soort=convenant.soort,
        regio=convenant.regio,
        spoor=convenant.spoor,
        geldig_vanaf=convenant.geldig_vanaf,
        geldig_tot=convenant.geldig_tot,
        partijen=convenant.alle_partijen,
        bronnen=convenant.bronnen,
        tegenstrijdigheden=tuple(tegenspraak.zin for tegenspraak in convenant.tegenstrijdigheden),
        leemten=convenant.leemten,
    )
