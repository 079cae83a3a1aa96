"""What waits for a decision of a person: what is due for destruction, and emergency access to be reviewed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Response

from hub.console.doors import Refused
from hub.console.entry import Visitor
from hub.console.oversight import DOEL
from hub.console.visit import Visit, pages

#: So many lines with their forms on one page; the longest overdue come first.
SHOWN = 25
#: Codes of the policy for putting destruction off. Source: WGS art. 1.8 lid 7.
UITSTELREDENEN = ("rechtsvordering", "wettelijk-voorschrift", "lopend-verzoek", "embargo")
TOETSUITKOMSTEN = ("terecht", "te-ruim", "onterecht")
Form = Mapping[str, list[str]]


def router() -> APIRouter:
    """Retention and emergency access."""
    routes = pages()
    for add in (_due, _emergencies):
        add(routes)
    return routes


def _due(routes: APIRouter) -> None:
    @routes.get("/vernietigen")
    @routes.get("/toezicht/vernietigen")
    async def due(visit: Visitor) -> Response:
        return await _due_page(visit, {}, None)

    @routes.post("/vernietigen/{soort}/{onderwerpId}")
    async def decide(visit: Visitor, soort: str, onderwerpId: UUID) -> Response:
        form = await visit.form()
        about = {"onderwerpId": str(onderwerpId), "soort": soort}
        path, body = ("beoordelingen", _judged(form)) if "vernietigen" in form else ("uitstel", _put_off(form))
        try:
            await visit.doors.post("vernietigingen", path, body=about | body)
        except Refused as refused:
            return await _due_page(visit, form, refused, str(onderwerpId))
        return visit.to("/vernietigen")


def _put_off(form: Form) -> dict[str, Any]:
    return {
        "uitstelId": str(uuid4()),
        "reden": _one(form, "reden"),
        "kenmerk": _one(form, "kenmerk"),
        "tot": _one(form, "tot") or None,
    }


def _judged(form: Form) -> dict[str, Any]:
    return {
        "termijn": _one(form, "termijn"),
        "vernietigen": form["vernietigen"] == ["ja"],
        "reden": "-".join(_one(form, "reden").lower().split()),
        "herbezieOp": _one(form, "herbezieOp") or None,
    }


def _one(form: Form, name: str) -> str:
    return form.get(name, [""])[0].strip()


async def _due_page(visit: Visit, form: Form, refused: Refused | None, at: str = "") -> Response:
    found = await visit.doors.get("vernietigingen", aantal=SHOWN)
    return visit.page(
        "vernietigen.html",
        "Te vernietigen",
        refused.status if refused else 200,
        lijst=found,
        redenen=UITSTELREDENEN,
        ingevuld={name: values[0] for name, values in form.items()},
        bij=at,
        probleem=dict(refused.problem) if refused else None,
    )


def _emergencies(routes: APIRouter) -> None:
    @routes.get("/toezicht/noodtoegang")
    async def emergencies(visit: Visitor) -> Response:
        return await _emergency_page(visit, {}, None)

    @routes.post("/toezicht/noodtoegang/{signaalId}/{noodtoegangId}")
    async def review(visit: Visitor, signaalId: UUID, noodtoegangId: UUID) -> Response:
        form = await visit.form()
        body = {name: _one(form, name) for name in ("uitkomst", "motivering")}
        path = ("signalen", signaalId, "noodtoegangtoetsingen")
        try:
            await visit.doors.post(*path, body=body | {"noodtoegangId": str(noodtoegangId)})
        except Refused as refused:
            return await _emergency_page(visit, form, refused, str(noodtoegangId))
        return visit.to("/toezicht/noodtoegang")


async def _emergency_page(visit: Visit, form: Form, refused: Refused | None, at: str = "") -> Response:
    found = await visit.doors.get("noodtoegangen", "te-toetsen", doel=DOEL)
    return visit.page(
        "noodtoegang.html",
        "Noodtoegang te toetsen",
        refused.status if refused else 200,
        rijen=found["noodtoegangen"],
        uitkomsten=TOETSUITKOMSTEN,
        ingevuld={name: values[0] for name, values in form.items()},
        bij=at,
        probleem=dict(refused.problem) if refused else None,
        doel=DOEL,
        doelen=(DOEL,),
    )
