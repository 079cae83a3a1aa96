"""Recalls: who was told that something is no longer right, who has not answered, and the answer of one's own seat."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from hub.console.page.acting import Form, fields, one, reply
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.reading import PAGE, Na
from hub.console.page.visit import Visit, pages

DOEL = "interne-controle"
STANDEN = ("onbeantwoord", "te-laat", "open", "bevestigd")
GEVOLGEN = ("verwerkt", "vernietigd", "geen-kopie")
_ANSWER = fields("terugroepingId", "gevolg")
Stand = Annotated[str | None, Query(pattern="^(onbeantwoord|te-laat|open|bevestigd|)$")]


def router() -> APIRouter:
    """The list, and answering."""
    routes = pages()
    for add in (_list, _answer):
        add(routes)
    return routes


def _list(routes: APIRouter) -> None:
    @routes.get("/terugroepingen")
    async def recalls(visit: Visitor, status: Stand = None, na: Na = None, gedaan: str | None = None) -> Response:
        stand = "onbeantwoord" if status is None else status
        return await _page(visit, {}, stand=stand, na=na, gedaan=gedaan == "ja")


async def _page(
    visit: Visit,
    form: Form,
    refused: Refused | None = None,
    *,
    stand: str = "onbeantwoord",
    na: int | None = None,
    gedaan: bool = False,
) -> Response:
    found = await visit.doors.get("terugroepingen", status=stand or None, na=na, aantal=PAGE)
    daad = f"antwoord-{one(form, 'terugroepingId')}" if refused else ""
    return visit.page(
        "terugroepingen.html",
        "Terugroepingen",
        refused.status if refused else 200,
        lijst=found,
        stand=stand,
        standen=STANDEN,
        gevolgen=GEVOLGEN,
        gedaan=gedaan,
        doel=DOEL,
        doelen=(DOEL,),
        **reply(form, daad, refused),
    )


def _answer(routes: APIRouter) -> None:
    @routes.post("/terugroepingen/{signaalId}/daden/{_daad}")
    async def answer(visit: Visitor, signaalId: UUID, _daad: str) -> Response:
        form = await visit.form()
        try:
            await visit.doors.post("signalen", signaalId, "terugroepingbevestigingen", body=_ANSWER(form))
        except Refused as refused:
            return await _page(visit, form, refused)
        return visit.to("/terugroepingen?gedaan=ja")
