"""Breaches against the clock of 72 hours, and the regular review of rights of access."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from hub.console.page.acting import Daad, Form, fields, moment, one, reply, whole
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.visit import Visit, pages

DOEL = "integriteit-beveiliging"
RISICOS = ("onwaarschijnlijk", "risico", "hoog-risico")
TOEGANG = ("behouden", "ingetrokken")
Gedaan = Annotated[str | None, Query(max_length=40)]
Verlopen = Annotated[str, Query(pattern="^(ja|nee)$")]
_REPORT = fields("datalekId", "bij", "risico", "omschrijving", bekendOp=moment, aantal=whole, nummer=whole)
_REVIEW = fields("houder", "toegang", "motivering")
#: Steps on one breach, by the name of the form.
STAPPEN: Mapping[str, Daad] = {
    "gemeld": Daad("toezichtmeldingen", fields("kenmerk", "motivering")),
    "afzien": Daad("afzieningen", fields("motivering")),
    "ingelicht": Daad("mededelingen", fields("wijze")),
}


def router() -> APIRouter:
    """The register, one breach, and the review of rights."""
    routes = pages()
    for add in (_register, _report, _leaf, _step, _rights, _review):
        add(routes)
    return routes


def _register(routes: APIRouter) -> None:
    @routes.get("/datalekken")
    async def register(visit: Visitor, nummer: Annotated[int | None, Query(ge=1, le=2**53)] = None) -> Response:
        """`nummer`: of the access that showed a breach, filled in beforehand."""
        return await _register_page(visit, {"nummer": [str(nummer)]} if nummer else {}, None)


async def _register_page(visit: Visit, form: Form, refused: Refused | None) -> Response:
    found = await visit.doors.get("datalekken")
    return visit.page(
        "datalekken.html",
        "Datalekken",
        refused.status if refused else 200,
        rijen=found["datalekken"],
        risicos=RISICOS,
        nummer=one(form, "datalekId") or str(uuid4()),
        doel=DOEL,
        doelen=(DOEL,),
        **reply(form, "melden" if form else "", refused),
    )


def _report(routes: APIRouter) -> None:
    @routes.post("/datalekken/daden/melden")
    async def report(visit: Visitor) -> Response:
        form = await visit.form()
        try:
            await visit.doors.post("datalekken", body=_REPORT(form))
        except Refused as refused:
            return await _register_page(visit, form, refused)
        return visit.to(f"/datalekken/{one(form, 'datalekId')}?gedaan=melden")


def _leaf(routes: APIRouter) -> None:
    @routes.get("/datalekken/{datalekId}")
    async def breach(visit: Visitor, datalekId: UUID, gedaan: Gedaan = None) -> Response:
        return await _page(visit, datalekId, {}, gedaan=gedaan in {*STAPPEN, "melden"})


async def _page(
    visit: Visit, id: UUID, form: Form, daad: str = "", refused: Refused | None = None, *, gedaan: bool = False
) -> Response:
    found = await visit.doors.get("datalekken")
    row = next((each for each in found["datalekken"] if each["datalekId"] == str(id)), None)
    if row is None:
        raise Refused({}, 404)
    return visit.page(
        "datalek.html",
        "Eén datalek",
        refused.status if refused else 200,
        lek=row,
        gedaan=gedaan,
        doel=DOEL,
        doelen=(DOEL,),
        **reply(form, daad, refused),
    )


def _step(routes: APIRouter) -> None:
    @routes.post("/datalekken/{datalekId}/daden/{daad}")
    async def step(visit: Visitor, datalekId: UUID, daad: str) -> Response:
        form, wanted = await visit.form(), STAPPEN.get(daad)
        if wanted is None:
            raise Refused({}, 404)
        try:
            await visit.doors.post("datalekken", datalekId, wanted.operatie, body=wanted.body(form))
        except Refused as refused:
            return await _page(visit, datalekId, form, daad, refused)
        return visit.to(f"/datalekken/{datalekId}?gedaan={daad}")


def _rights(routes: APIRouter) -> None:
    @routes.get("/toezicht/toegangsrechten")
    async def rights(visit: Visitor, verlopen: Verlopen = "ja", gedaan: Gedaan = None) -> Response:
        return await _rights_page(visit, {}, None, verlopen=verlopen == "ja", gedaan=gedaan == "ja")


async def _rights_page(
    visit: Visit, form: Form, refused: Refused | None, *, verlopen: bool = True, gedaan: bool = False
) -> Response:
    found = await visit.doors.get("toegangsrechten", verlopen=verlopen)
    return visit.page(
        "toegangsrechten.html",
        "Toegangsrechten",
        refused.status if refused else 200,
        rijen=found["toegangsrechten"],
        verlopen=verlopen,
        keuzes=TOEGANG,
        gedaan=gedaan,
        doel=DOEL,
        doelen=(DOEL,),
        **reply(form, "toets" if refused else "", refused),
    )


def _review(routes: APIRouter) -> None:
    @routes.post("/toezicht/toegangsrechten/daden/toets")
    async def review(visit: Visitor) -> Response:
        form = await visit.form()
        try:
            await visit.doors.post("toegangstoetsen", body=_REVIEW(form))
        except Refused as refused:
            return await _rights_page(visit, form, refused)
        return visit.to("/toezicht/toegangsrechten?gedaan=ja")
