"""The case table: who sits there, what is on the agenda, and what was agreed while one was in the room."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from contracts.codelijst import codelijst
from hub.console.acting import AAN_TAFEL, IN_OVERLEG, one
from hub.console.doors import Refused
from hub.console.entry import Visitor
from hub.console.reading import PAGE, Na
from hub.console.visit import Visit, pages

Gedaan = Annotated[str | None, Query(max_length=40)]
#: For these the log of sessions is read; it has one purpose.
DOEL = "interne-controle"
#: Layers of a layered table; 0 where there is one part only.
LAGEN = (0, 1, 2)


def router() -> APIRouter:
    """The list with the form to plan one, one session, and the acts at the table."""
    routes = pages()
    for add in (_list, _plan, _leaf, _act):
        add(routes)
    return routes


def _list(routes: APIRouter) -> None:
    @routes.get("/overleggen")
    async def sessions(visit: Visitor, na: Na = None, gedaan: Gedaan = None) -> Response:
        return await _overview(visit, na, gedaan=bool(gedaan))


async def _overview(
    visit: Visit,
    na: int | None,
    *,
    gedaan: bool = False,
    form: Mapping[str, list[str]] | None = None,
    refused: Refused | None = None,
) -> Response:
    found = await visit.doors.get("overleggen", na=na, aantal=PAGE)
    typed = form or {}
    return visit.page(
        "overleggen.html",
        "Overleggen",
        refused.status if refused else 200,
        doel=DOEL,
        doelen=(DOEL,),
        lijst=found,
        tafels=codelijst("overlegtafel").waarden,
        gedaan=gedaan,
        nummer=one(typed, "overlegId") or str(uuid4()),
        regio=one(typed, "regio") or visit.console.hats.regio(visit.sessie.zetel),
        een=lambda name: one(typed, name),
        probleem=dict(refused.problem) if refused else None,
    )


def _plan(routes: APIRouter) -> None:
    @routes.post("/overleggen")
    async def plan(visit: Visitor) -> Response:
        form = await visit.form()
        body: dict[str, Any] = {name: one(form, name) for name in ("overlegId", "tafel", "regio")}
        body["casussen"] = one(form, "casussen").replace(",", " ").split()
        try:
            await visit.doors.post("overleggen", body=body)
        except Refused as refused:
            return await _overview(visit, None, form=form, refused=refused)
        return visit.to("/overleggen?gedaan=geopend")


def _leaf(routes: APIRouter) -> None:
    @routes.get("/overleggen/{overlegId}")
    async def session(visit: Visitor, overlegId: UUID, gedaan: Gedaan = None) -> Response:
        return await _page(visit, overlegId, gedaan=gedaan in IN_OVERLEG or gedaan in AAN_TAFEL)


async def _page(
    visit: Visit,
    id: UUID,
    *,
    gedaan: bool = False,
    daad: str = "",
    form: Mapping[str, list[str]] | None = None,
    refused: Refused | None = None,
) -> Response:
    """One session; with the act that was refused opened at its form, and what was typed in it."""
    found = await visit.doors.get("overleggen", id)
    typed, here = form or {}, found["aanwezig"]
    words = found.get("inhoud", {})
    return visit.page(
        "overleg.html",
        "Casustafel",
        refused.status if refused else 200,
        doel=DOEL,
        doelen=(DOEL,),
        overleg=found,
        voorzitter=found["voorzitter"] == visit.sessie.zetel,
        acties=[{**line, "actie": words.get(line["nummer"], {}).get("actie", "")} for line in found["acties"]],
        buiten=[pair for pair in visit.console.hats.near(visit.sessie.zetel) if pair[0] not in here],
        lagen=LAGEN,
        gedaan=gedaan,
        daad=daad,
        een=lambda name: one(typed, name),
        probleem=dict(refused.problem) if refused else None,
    )


def _act(routes: APIRouter) -> None:
    @routes.post("/overleggen/{overlegId}/daden/{daad}")
    async def act(visit: Visitor, overlegId: UUID, daad: str) -> Response:
        form = await visit.form()
        wanted = IN_OVERLEG.get(daad) or AAN_TAFEL.get(daad)
        if wanted is None:
            raise Refused({}, 404)
        path = ("overleggen", overlegId) if daad in IN_OVERLEG else ("casussen", one(form, "casusId"))
        try:
            await visit.doors.post(*path, wanted.operatie, body=wanted.body(form))
        except Refused as refused:
            return await _page(visit, overlegId, daad=daad, form=form, refused=refused)
        return visit.to(f"/overleggen/{overlegId}?gedaan={daad}")
