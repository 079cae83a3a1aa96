"""The first page, and the purpose and hat that every page with data states."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from hub.console.page.entry import Visitor
from hub.console.page.visit import Visit, pages

Doel = Annotated[str | None, Query(pattern="^[a-z-]+$", max_length=60)]
Na = Annotated[int | None, Query(ge=0, le=2**53)]
PAGE = 50


def router() -> APIRouter:
    """The home page."""
    routes = pages()
    _home(routes)
    return routes


def purpose(visit: Visit, doel: str | None) -> str:
    """The purpose that was stated, else the first of the hat; the API refuses one that does not fit."""
    known = visit.console.hats.purposes(visit.sessie.zetel)
    return doel or (known[0] if known else "interne-controle")


def frame_of(visit: Visit, doel: str) -> dict[str, Any]:
    """What a page that shows data says of itself."""
    return {"doel": doel, "doelen": visit.console.hats.purposes(visit.sessie.zetel)}


def _home(routes: APIRouter) -> None:
    @routes.get("")
    async def home(visit: Visitor) -> Response:
        _ = visit.doors
        return visit.page("begin.html", "Begin")
