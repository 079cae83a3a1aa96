"""The queue of accesses that no recorded fact explains: by cause, and signed off with reasons.

What was refused showed nothing, so that refused looks of one cause may be judged together, each ticked by hand and
each with an event of its own. What did show something is judged one by one. Source: WGS art. 1.8 lid 2.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from hub.console.officer.oversight import DOEL
from hub.console.page.acting import Form, fields, one, reply
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.visit import Visit, pages

UITKOMSTEN = ("terecht", "onterecht", "onduidelijk")
GEWEIGERD = "geweigerd"
#: So many with their forms on one page, and so many in one table to judge together.
SHOWN, TOGETHER = 10, 50
_BODY = fields("uitkomst", "motivering")
Bevinding = Annotated[str | None, Query(pattern="^[a-z-]*$", max_length=40)]
Raadpleger = Annotated[str | None, Query(pattern="^[a-z0-9.@-]*$", max_length=80)]
Na = Annotated[int, Query(ge=0, le=2**53)]
Aantal = Annotated[int, Query(ge=0, le=500)]


def router() -> APIRouter:
    """The queue, one judgement, and one for several."""
    routes = pages()
    for add in (_queue, _together, _one):
        add(routes)
    return routes


def _queue(routes: APIRouter) -> None:
    @routes.get("/toezicht/onverklaard")
    async def queue(
        visit: Visitor, bevinding: Bevinding = None, raadpleger: Raadpleger = None, na: Na = 0, afgetekend: Aantal = 0
    ) -> Response:
        asked = {"bevinding": bevinding or "", "raadpleger": raadpleger or "", "na": na}
        return await _page(visit, asked, afgetekend=afgetekend)


async def _page(
    visit: Visit,
    asked: Mapping[str, Any],
    form: Form | None = None,
    daad: str = "",
    refused: Refused | None = None,
    *,
    afgetekend: int = 0,
) -> Response:
    found, together = await _ask(visit, asked)
    query = {name: value for name, value in asked.items() if value and name != "na"}
    more = urlencode(query | {"na": found["volgende"]}) if found["volgende"] else ""
    return visit.page(
        "onverklaard.html",
        "Onverklaarde raadplegingen",
        refused.status if refused else 200,
        wachtrij=found,
        gevraagd=asked,
        samen=together,
        aangekruist=(form or {}).get("nummers", ()),
        uitkomsten=UITKOMSTEN,
        meer=more,
        afgetekend=afgetekend,
        doel=DOEL,
        doelen=(DOEL,),
        **reply(form or {}, daad, refused),
    )


async def _ask(visit: Visit, asked: Mapping[str, Any]) -> tuple[Any, bool]:
    """The queue, and whether what it shows may be judged together."""
    query = {name: value or None for name, value in asked.items()}
    may = asked["bevinding"] == GEWEIGERD and bool(asked["raadpleger"])
    path = ("raadplegingen", "onverklaard")
    found = await visit.doors.get(*path, doel=DOEL, aantal=TOGETHER if may else SHOWN, **query)
    rows = found["onverklaard"]
    return found, may and len(rows) > 1 and all(row["bevindingen"] == [GEWEIGERD] for row in rows)


def _asked(form: Form) -> dict[str, Any]:
    """The part of the queue that a form was sent from."""
    na = one(form, "na")
    return {
        "bevinding": one(form, "bevinding"),
        "raadpleger": one(form, "raadpleger"),
        "na": int(na) if na.isdigit() else 0,
    }


def _back(asked: Mapping[str, Any], signed: int) -> str:
    query = {name: value for name, value in asked.items() if value and name != "na"}
    return f"/toezicht/onverklaard?{urlencode(query | {'afgetekend': signed})}"


def _one(routes: APIRouter) -> None:
    @routes.post("/toezicht/onverklaard/daden/oordeel-{nummer}")
    async def sign_off(visit: Visitor, nummer: int) -> Response:
        form = await visit.form()
        asked = _asked(form)
        try:
            await visit.doors.post("raadplegingen", nummer, "aftekeningen", body=_BODY(form))
        except Refused as refused:
            return await _page(visit, asked, form, f"oordeel-{nummer}", refused)
        return visit.to(_back(asked, 1))


def _together(routes: APIRouter) -> None:
    @routes.post("/toezicht/onverklaard/daden/samen")
    async def sign_together(visit: Visitor) -> Response:
        """Each number is judged by itself; only what this page shows as refused may be among them."""
        form = await visit.form()
        asked = _asked(form)
        found, may = await _ask(visit, asked)
        shown = {str(row["nummer"]) for row in found["onverklaard"]} if may else set()
        chosen = [number for number in dict.fromkeys(form.get("nummers", ())) if number in shown]
        if not chosen:
            return await _page(visit, asked, form, "samen", _nothing_ticked())
        for number in chosen:
            try:
                await visit.doors.post("raadplegingen", number, "aftekeningen", body=_BODY(form))
            except Refused as refused:
                return await _page(visit, asked, form, "samen", refused)
        return visit.to(_back(asked, len(chosen)))


def _nothing_ticked() -> Refused:
    fault = {"veld": "/nummers", "melding": "Kruis aan welke raadplegingen u beoordeelt; u vindt ze in de tabel."}
    return Refused({"title": "Niets aangekruist", "detail": "Er is niets afgetekend.", "fouten": [fault]}, 400)
