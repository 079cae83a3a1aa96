"""What waits for a decision of a person: what is due for destruction, and emergency access to be reviewed."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from hub.console.officer.oversight import DOEL
from hub.console.page.acting import Form, fields, one, reply, truth
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.visit import Visit, pages

#: So many lines with their forms on one page; the longest overdue come first.
SHOWN = 25
#: Codes of the policy for putting destruction off. Source: WGS art. 1.8 lid 7.
UITSTELREDENEN = ("rechtsvordering", "wettelijk-voorschrift", "lopend-verzoek", "embargo")
STANDEN = ("vanzelf", "beoordelen", "beoordeeld", "verstrekker", "uitgesteld")
TOETSUITKOMSTEN = ("terecht", "te-ruim", "onterecht")
_PUT_OFF = fields("reden", "kenmerk", "tot")
_JUDGED = fields("termijn", "herbezieOp", vernietigen=truth)
_REVIEW = fields("uitkomst", "motivering")
Stand = Annotated[str | None, Query(pattern="^(vanzelf|beoordelen|beoordeeld|verstrekker|uitgesteld|)$")]
Gedaan = Annotated[str | None, Query(max_length=40)]


def router() -> APIRouter:
    """Retention and emergency access."""
    routes = pages()
    for add in (_due, _decide, _receipt, _emergencies, _review):
        add(routes)
    return routes


def _due(routes: APIRouter) -> None:
    @routes.get("/vernietigen")
    @routes.get("/toezicht/vernietigen")
    async def due(visit: Visitor, stand: Stand = None, gedaan: Gedaan = None) -> Response:
        return await _due_page(visit, {}, stand=stand or "", gedaan=gedaan == "ja")


def _decide(routes: APIRouter) -> None:
    @routes.post("/vernietigen/{soort}/{onderwerpId}/daden/{daad}")
    async def decide(visit: Visitor, soort: str, onderwerpId: UUID, daad: str) -> Response:
        form = await visit.form()
        what = daad.partition("-")[0]
        if what not in ("uitstel", "beoordeel", "ophef"):
            raise Refused({}, 404)
        path, body = _asked(what, form)
        try:
            await visit.doors.post(
                "vernietigingen", path, body={"onderwerpId": str(onderwerpId), "soort": soort} | body
            )
        except Refused as refused:
            return await _due_page(visit, form, daad, refused, stand=one(form, "stand"))
        return visit.to("/toezicht/vernietigen?gedaan=ja")


def _asked(what: str, form: Form) -> tuple[str, dict[str, Any]]:
    """The operation and the body of a form."""
    if what == "uitstel":
        return "uitstel", {"uitstelId": str(uuid4())} | _PUT_OFF(form)
    if what == "ophef":
        return "uitstelopheffingen", {"uitstelId": one(form, "uitstelId")}
    reason = "-".join(one(form, "reden").lower().split())
    return "beoordelingen", _JUDGED(form) | ({"reden": reason} if reason else {})


async def _due_page(
    visit: Visit, form: Form, daad: str = "", refused: Refused | None = None, *, stand: str = "", gedaan: bool = False
) -> Response:
    found = await visit.doors.get("vernietigingen", aantal=SHOWN, stand=stand or None)
    return visit.page(
        "vernietigen.html",
        "Te vernietigen",
        refused.status if refused else 200,
        lijst=found,
        redenen=UITSTELREDENEN,
        stand=stand,
        standen=STANDEN,
        gedaan=gedaan,
        doel=DOEL,
        doelen=(DOEL,),
        **reply(form, daad, refused),
    )


def _receipt(routes: APIRouter) -> None:
    @routes.get("/toezicht/vernietigd")
    async def receipt(visit: Visitor, onderwerpId: Annotated[str | None, Query(max_length=40)] = None) -> Response:
        """The proof that something is gone."""
        asked, found, refused = (onderwerpId or "").strip(), None, None
        if asked:
            try:
                found = await visit.doors.get("vernietigingen", asked, "bewijs")
            except Refused as error:
                refused = error
        _ = visit.doors
        return visit.page(
            "vernietigd.html",
            "Bewijs van vernietiging",
            refused.status if refused else 200,
            bewijs=found,
            doel=DOEL,
            doelen=(DOEL,),
            **reply({"onderwerpId": [asked]}, "zoek", refused),
        )


def _emergencies(routes: APIRouter) -> None:
    @routes.get("/toezicht/noodtoegang")
    async def emergencies(visit: Visitor, gedaan: Gedaan = None) -> Response:
        return await _emergency_page(visit, {}, gedaan=gedaan == "ja")


def _review(routes: APIRouter) -> None:
    @routes.post("/toezicht/noodtoegang/{signaalId}/{noodtoegangId}/daden/{daad}")
    async def review(visit: Visitor, signaalId: UUID, noodtoegangId: UUID, daad: str) -> Response:
        """Reviewed afterwards, or confirmed as the second person."""
        form = await visit.form()
        confirms = daad.startswith("bevestig-")
        what = "noodtoegangbevestigingen" if confirms else "noodtoegangtoetsingen"
        body = {"noodtoegangId": str(noodtoegangId)} | ({} if confirms else _REVIEW(form))
        try:
            await visit.doors.post("signalen", signaalId, what, body=body)
        except Refused as refused:
            return await _emergency_page(visit, form, daad, refused)
        return visit.to("/toezicht/noodtoegang?gedaan=ja")


async def _emergency_page(
    visit: Visit, form: Form, daad: str = "", refused: Refused | None = None, *, gedaan: bool = False
) -> Response:
    found = await visit.doors.get("noodtoegangen", "te-toetsen", doel=DOEL)
    return visit.page(
        "noodtoegang.html",
        "Noodtoegang te toetsen",
        refused.status if refused else 200,
        rijen=found["noodtoegangen"],
        gedaan=gedaan,
        doel=DOEL,
        doelen=(DOEL,),
        **reply(form, daad, refused),
    )
