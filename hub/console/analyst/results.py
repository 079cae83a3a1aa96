"""Results of cases: what this hat holds of them, on whose data they rest, and whom they go to."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.codelijst import codelijst
from contracts.resultaat import RESULTAATCATEGORIEEN
from contracts.waarden import OVERIGE_FEITCATEGORIEEN
from hub.console.page.acting import OP_RESULTAAT, Form, done, one, reply, shown
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.reading import PAGE, Doel, Na, frame_of, purpose
from hub.console.page.visit import Visit, pages
from hub.domain.terugkoppeling import MELDBAAR

Gedaan = Annotated[str | None, Query(max_length=40)]
Positie = Annotated[int | None, Query(ge=0, le=2**53)]
VERBANDEN = ("riec", "zvh", "fec")
GRONDEN = ("publieke-taak", "wettelijke-plicht", "gerechtvaardigd-belang", "geen")


def router() -> APIRouter:
    """The list, the leaf and the acts."""
    routes = pages()
    for add in (_list, _leaf, _act):
        add(routes)
    return routes


def categories() -> list[str]:
    """What a piece of a result may be of."""
    statutory = {one.code for one in codelijst("gegevenscategorie").waarden if not one.vervallen}
    return sorted(statutory | RESULTAATCATEGORIEEN | OVERIGE_FEITCATEGORIEEN)


def _list(routes: APIRouter) -> None:
    @routes.get("/resultaten")
    async def results(visit: Visitor, doel: Doel = None, na: Na = None) -> Response:
        chosen = purpose(visit, doel)
        found = await visit.doors.get("resultaten", doel=chosen, na=na, aantal=PAGE)
        return visit.page("resultaten.html", "Resultaten", lijst=found, **frame_of(visit, chosen))


def _leaf(routes: APIRouter) -> None:
    @routes.get("/resultaten/{resultaatId}")
    async def result(
        visit: Visitor, resultaatId: UUID, doel: Doel = None, gedaan: Gedaan = None, positie: Positie = None
    ) -> Response:
        return await _page(visit, resultaatId, doel, gedaan=gedaan in OP_RESULTAAT, positie=positie)


async def _page(
    visit: Visit,
    id: UUID,
    doel: str | None,
    *,
    gedaan: bool = False,
    positie: int | None = None,
    daad: str = "",
    form: Form | None = None,
    refused: Refused | None = None,
) -> Response:
    """One result; with the act that was refused opened at its form, and what was typed in it."""
    chosen, hats = purpose(visit, doel), visit.console.hats
    found, fresh = await shown(partial(visit.doors.get, "resultaten", id, doel=chosen), positie)
    statuses = [one for one in codelijst("terugkoppelstatus").waarden if one.code in MELDBAAR and not one.vervallen]
    return visit.page(
        "resultaat.html",
        "Eén resultaat",
        refused.status if refused else 200,
        resultaat=found,
        zegt=found.get("inhoud") or {},
        mag=powers(found, visit.sessie.zetel),
        gedaan=gedaan,
        vers=fresh,
        zetels=hats.near(visit.sessie.zetel),
        alle_doelen=hats.all_purposes(),
        statussen=[(one.code, one.label) for one in statuses],
        verbanden=VERBANDEN,
        gronden=GRONDEN,
        **reply(form or {}, daad, refused),
        **frame_of(visit, chosen),
    )


def powers(resultaat: Mapping[str, Any], zetel: str) -> frozenset[str]:
    """The acts this hat could do: consent as a provider, pass on as a participant, report as who was given it."""
    found = set()
    if zetel in (resultaat.get("herkomst") or ()):
        found |= {"instemming", "instemming-in"}
    if resultaat.get("casusId") and resultaat["status"] == "geldig":
        found |= {"derde", "verband"}
    if any(not one.get("vervallen") for one in resultaat["verstrekkingen"]):
        found.add("terugkoppeling")
        if any(one.get("zetel") == zetel for one in resultaat["terugkoppelingen"]):
            found.add("sluiting")
    return frozenset(found)


def _act(routes: APIRouter) -> None:
    @routes.post("/resultaten/{resultaatId}/daden/{daad}")
    async def act(visit: Visitor, resultaatId: UUID, daad: str) -> Response:
        form = await visit.form()
        wanted = OP_RESULTAAT.get(daad)
        if wanted is None:
            raise Refused({}, 404)
        seen_for = one(form, "doel") or None
        try:
            receipt = await visit.doors.post("resultaten", resultaatId, wanted.operatie, body=wanted.body(form))
        except Refused as refused:
            return await _page(visit, resultaatId, seen_for, daad=daad, form=form, refused=refused)
        query = urlencode({"doel": purpose(visit, seen_for)})
        return visit.to(f"/resultaten/{resultaatId}?{query}&{done(daad, wanted, receipt)}")
