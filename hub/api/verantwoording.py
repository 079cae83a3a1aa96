"""What the partnership answers for: the annual report and the impact assessment, for people and for machines.

Source: WGS art. 1.12; AVG art. 35.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from contracts.problems import niet_bevoegd, niet_gevonden
from hub.access.permit import Permit
from hub.api.answers import Antwoord
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.paper import Part, page
from hub.api.records import write_access
from hub.api.services import Services
from hub.domain.statistiek import DREMPEL, Tabel
from hub.handling.dpia import Dpia, dpia
from hub.handling.jaarverslag import DOEL, Jaarcijfers, Jaarverslag

Reader = Annotated[Zetelhouder, Depends(met_scope("statistieken.raadplegen"))]
PolicyReader = Annotated[Zetelhouder, Depends(met_scope("beleid.raadplegen"))]
Jaar = Annotated[int, Path(ge=2020, le=2999, description="Het jaar van het verslag.")]
HTML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "Een pagina om te lezen."}
}
WEG = "weggelaten"


class Tabelbeeld(Antwoord):
    """One table. A figure that is left out is absent: it is small, or it would give a small one away."""

    naam: str
    cellen: dict[str, int | None]
    totaal: int | None


class Afwijkingsbeeld(Antwoord):
    """A policy version approved against the advice of the committee, with the reasons and who was told."""

    versie: str
    op: date
    kenmerk: str
    motivering: str
    gemeld_aan: tuple[str, ...]


class Jaarverslagbeeld(Antwoord):
    """The figures of a year in which nobody can be recognised. `drempel`: below this nothing is shown."""

    jaar: int
    drempel: int
    tabellen: tuple[Tabelbeeld, ...]
    afwijkingen: tuple[Afwijkingsbeeld, ...]


class Onderdeelbeeld(Antwoord):
    """One section; `open`: what people must still fill in."""

    nummer: int
    titel: str
    tekst: str
    kop: tuple[str, ...]
    rijen: tuple[tuple[str, ...], ...]
    open: str


class Dpiabeeld(Antwoord):
    """The assessment, and which sections are still open."""

    beleidsversie: str
    onderdelen: tuple[Onderdeelbeeld, ...]
    nog_open: tuple[str, ...]


def router(services: Services) -> APIRouter:
    """Both reports, as data and as a page."""
    routes = partner_router("verantwoording")
    _annual(routes, services, cache(lambda: Jaarcijfers(services.ledger.store)))
    _assessment(routes, services)
    return routes


def _annual(routes: APIRouter, services: Services, figures: Callable[[], Jaarcijfers]) -> None:
    @routes.get(
        "/jaarverslagen/{jaar}",
        summary="De cijfers van een jaar",
        operation_id="leesJaarverslag",
        response_description="De tabellen, zonder kleine aantallen.",
    )
    def annual(jaar: Jaar, who: Reader) -> Jaarverslagbeeld:
        """Van een jaar dat voorbij is: per spoor, soort en uitkomst, met terugkoppeling en afwijkingen van de RAC."""
        return _shown(_report(services, figures, jaar, who, "jaarverslagen/{jaar}"))

    @routes.get(
        "/jaarverslagen/{jaar}/pagina",
        summary="Het jaarverslag om te lezen",
        operation_id="leesJaarverslagpagina",
        response_class=Response,
        responses=HTML,
    )
    def annual_page(jaar: Jaar, who: Reader) -> Response:
        """Een pagina die ook af te drukken is."""
        report = _report(services, figures, jaar, who, "jaarverslagen/{jaar}/pagina")
        return Response(jaarpagina(report), media_type="text/html; charset=utf-8")


def _report(
    services: Services, figures: Callable[[], Jaarcijfers], jaar: int, who: Zetelhouder, vraag: str
) -> Jaarverslag:
    now = services.clock()
    if jaar >= now.year:
        # Figures that still grow would show, from one day to the next, what happened in between.
        raise niet_gevonden()
    report = figures().verslag(jaar, who.zetel, services.policy.at(now), now.date())
    allowed = report.besluit
    if not isinstance(allowed, Permit):
        raise niet_bevoegd(allowed.reden, allowed.regels, allowed.alternatief)
    write_access(services, who, vraag=vraag, doel=DOEL, grondslagen=allowed.bronnen, regels=allowed.regels)
    return report


def _shown(report: Jaarverslag) -> Jaarverslagbeeld:
    tables = (
        Tabelbeeld(naam=name, cellen=table.cellen, totaal=table.totaal) for name, table in report.tabellen.items()
    )
    fields = Afwijkingsbeeld.model_fields
    deviations = ({name: getattr(one, name) for name in fields} for one in report.afwijkingen)
    return Jaarverslagbeeld(
        jaar=report.jaar,
        drempel=DREMPEL,
        tabellen=tuple(tables),
        afwijkingen=tuple(map(Afwijkingsbeeld.model_validate, deviations)),
    )


def jaarpagina(report: Jaarverslag) -> str:
    """The annual report as a page. Source: WGS art. 1.12."""
    parts = [Part(name, kop=("soort", "aantal"), rijen=_rows(table)) for name, table in report.tabellen.items()]
    rows = [(str(one.op), one.kenmerk, one.motivering, ", ".join(one.gemeld_aan)) for one in report.afwijkingen]
    none = "" if rows else "Er is niet van een advies afgeweken."
    parts.append(
        Part("Afwijkingen van een advies van de RAC", none, ("op", "advies", "motivering", "gemeld aan"), rows)
    )
    intro = f"Aantallen onder de {DREMPEL} zijn weggelaten, en waar nodig een tweede, zodat niemand is te herkennen."
    return page(f"Jaarverslag {report.jaar}", intro, parts)


def _rows(table: Tabel) -> Sequence[tuple[str, str]]:
    cells = [*table.cellen.items(), ("totaal", table.totaal)]
    return [(name, WEG if figure is None else str(figure)) for name, figure in cells]


def _assessment(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/dpia",
        summary="De effectbeoordeling, voor zover de hub haar kent",
        operation_id="leesDpia",
        response_description="De onderdelen van het Rapportagemodel DPIA Rijksdienst.",
    )
    def assessment(who: PolicyReader) -> Dpiabeeld:
        """Gevuld uit register, regels, categorieen, termijnen en maatregelen; wat een mens moet wegen staat open."""
        made = dpia(services.beleid)
        write_access(services, who, vraag="dpia", doel="techniek")
        sections = ({name: getattr(one, name) for name in Onderdeelbeeld.model_fields} for one in made.onderdelen)
        return Dpiabeeld(
            beleidsversie=made.beleidsversie,
            onderdelen=tuple(map(Onderdeelbeeld.model_validate, sections)),
            nog_open=made.nog_open,
        )

    @routes.get(
        "/dpia/pagina",
        summary="De effectbeoordeling om te lezen",
        operation_id="leesDpiapagina",
        response_class=Response,
        responses=HTML,
    )
    def assessment_page(who: PolicyReader) -> Response:
        """Een pagina die ook af te drukken is."""
        made = dpia(services.beleid)
        write_access(services, who, vraag="dpia/pagina", doel="techniek")
        return Response(dpiapagina(made), media_type="text/html; charset=utf-8")


def dpiapagina(made: Dpia) -> str:
    """The assessment as a page. Source: AVG art. 35."""
    parts = [Part(f"{one.nummer}. {one.titel}", one.tekst, one.kop, one.rijen, one.open) for one in made.onderdelen]
    intro = f"Beleidsversie {made.beleidsversie}. Nog open: {'; '.join(made.nog_open)}."
    return page("Gegevensbeschermingseffectbeoordeling", intro, parts)
