"""The reading doors of results: the pieces a seat may hold, each look written down before it leaves."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from contracts.message import Tijdstip
from contracts.problems import niet_bevoegd, niet_gevonden
from hub.api.answers import Antwoord
from hub.api.limits import JsonAnswer, partner_router
from hub.api.reading import Aantal, DisclosureReader, Na
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.shown import CASE_RULES
from hub.api.wire import wire

Item = Mapping[str, Any]
Doel = Annotated[str, Query(pattern="^[a-z-]+$", max_length=60, description="Het doel van deze raadpleging.")]


class Resultaatbeeld(Antwoord):
    """One result as one seat holds it. `casusId`, `maker` and `herkomst` are there for participants of the case."""

    resultaat_id: UUID
    status: str
    gemaakt_op: Tijdstip
    verstrekkingen: tuple[dict[str, Any], ...]
    onderdelen: tuple[dict[str, Any], ...]
    terugkoppelingen: tuple[dict[str, Any], ...]
    casus_id: UUID | None = None
    maker: str | None = None
    herkomst: tuple[str, ...] | None = None
    inhoud: dict[str, Any] = Field(default_factory=dict)


class Resultatenlijst(Antwoord):
    """A page of results."""

    resultaten: tuple[Resultaatbeeld, ...]
    volgende: int | None


def router(services: Services) -> APIRouter:
    """All operations that show results."""
    routes = partner_router("raadplegen")
    for add in (_list, _read):
        add(routes, services)
    return routes


def fits(item: Item, doel: str) -> bool:
    """The stated purpose is that of what the seat holds it for; for who made it any purpose of the seat will do."""
    return not item["verstrekkingen"] or any(one["doel"] == doel for one in item["verstrekkingen"])


def _list(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/resultaten",
        summary="De resultaten van deze zetel",
        operation_id="lijstResultaten",
        response_description="Een bladzijde resultaten.",
        response_model=Resultatenlijst,
    )
    def results(doel: Doel, who: DisclosureReader, na: Na = None, aantal: Aantal = 100) -> Response:
        """Wat deze zetel maakte of ontving, met dit doel."""
        page = services.views.resultaten(who.zetel, na=na, aantal=aantal)
        items = [item for item in page.items if fits(item, doel)]
        write_access(
            services,
            who,
            vraag="resultaten",
            doel=doel,
            objecten=[f"resultaat:{item['resultaat_id']}" for item in items],
            velden=_categories(items),
            grondslagen=_grounds(items),
            regels=_rules(items),
            resultaat="toegestaan" if items else "leeg",
        )
        return JsonAnswer(wire({"resultaten": items, "volgende": page.volgende}))


def _read(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/resultaten/{resultaatId}",
        summary="Eén resultaat",
        operation_id="leesResultaat",
        response_description="Het resultaat, zoals deze zetel het mag zien.",
        response_model=Resultaatbeeld,
    )
    def result(resultaatId: UUID, doel: Doel, who: DisclosureReader) -> Response:
        """De onderdelen van de categorieën die aan deze zetel zijn verstrekt."""
        found = services.views.resultaat(who.zetel, resultaatId)
        allowed = found is not None and fits(found, doel)
        shown = [found] if found is not None and allowed else []
        write_access(
            services,
            who,
            vraag="resultaten/{resultaatId}",
            doel=doel,
            objecten=[f"resultaat:{resultaatId}"],
            velden=_categories(shown),
            grondslagen=_grounds(shown),
            regels=_rules(shown),
            resultaat="toegestaan" if allowed else "geweigerd",
        )
        if found is None:
            raise niet_gevonden()
        if not allowed:
            raise niet_bevoegd("Het opgegeven doel past niet bij een verstrekking van dit resultaat.")
        return JsonAnswer(wire(found))


def _categories(items: Iterable[Item]) -> set[str]:
    return {piece["categorie"] for item in items for piece in item["onderdelen"]}


def _rules(items: Iterable[Item]) -> set[str]:
    """The rules of each disclosure; who made it reads it as a participant of its case."""
    given = {rule for item in items for one in item["verstrekkingen"] for rule in one.get("regels", ())}
    return given or {CASE_RULES["riec"]}


def _grounds(items: Iterable[Item]) -> set[str]:
    return {ground for item in items for one in item["verstrekkingen"] for ground in one["grondslagen"]}
