"""Cases: the list by region, one case on one page, what joins what in it, and what one does there."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from hub.console.acting import IN_CASUS, one
from hub.console.course import criteria, interventies, redenen
from hub.console.doors import Refused
from hub.console.dossier import dossier
from hub.console.drawing import ZOOM, drawing
from hub.console.entry import Visitor
from hub.console.reading import PAGE, Doel, Na, frame_of, purpose
from hub.console.visit import Visit, pages

Code = Annotated[str | None, Query(max_length=40)]
SPOREN = ("riec", "zvh", "zorg-en-registratie")
STANDEN = ("open", "gesloten", "vernietigd")
FASEN = (0, 1, 2, 3)
#: Of the course, unless one asks for all of it.
LAATSTE = 50


def router() -> APIRouter:
    """The list, the leaf, the drawing and the acts."""
    routes = pages()
    for add in (_list, _leaf, _joined, _act):
        add(routes)
    return routes


def _list(routes: APIRouter) -> None:
    @routes.get("/casussen")
    async def cases(
        visit: Visitor, doel: Doel = None, na: Na = None, regio: Code = None, status: Code = None, spoor: Code = None
    ) -> Response:
        chosen = purpose(visit, doel)
        asked = {"regio": (regio or "").strip().lower(), "status": status or "", "spoor": spoor or ""}
        wanted = {name: value for name, value in asked.items() if value}
        refused: Refused | None = None
        try:
            found = await visit.doors.get("casussen", doel=chosen, na=na, aantal=PAGE, **wanted)
        except Refused as error:
            if error.status != 400:
                raise
            found, refused = {"casussen": [], "volgende": None}, error
        more = urlencode({"doel": chosen, **wanted, "na": found["volgende"]}) if found["volgende"] else ""
        return visit.page(
            "casussen.html",
            "Casussen",
            refused.status if refused else 200,
            lijst=found,
            gevraagd=asked,
            sporen=SPOREN,
            standen=STANDEN,
            meer=more,
            probleem=dict(refused.problem) if refused else None,
            **frame_of(visit, chosen),
        )


def _leaf(routes: APIRouter) -> None:
    @routes.get("/casussen/{casusId}")
    async def case(
        visit: Visitor, casusId: UUID, doel: Doel = None, tijdlijn: Code = None, gedaan: Code = None
    ) -> Response:
        return await _page(visit, casusId, doel, alles=tijdlijn == "alles", gedaan=gedaan in IN_CASUS)


async def _page(
    visit: Visit,
    id: UUID,
    doel: str | None,
    *,
    alles: bool = False,
    gedaan: bool = False,
    daad: str = "",
    form: Mapping[str, list[str]] | None = None,
    refused: Refused | None = None,
) -> Response:
    """One case; with the act that was refused opened at its form, and what was typed in it."""
    chosen = purpose(visit, doel)
    found = await visit.doors.get("casussen", id, doel=chosen)
    why = await _why(visit, id)
    course, typed = found["tijdlijn"], form or {}
    return visit.page(
        "casus.html",
        "Eén casus",
        refused.status if refused else 200,
        casus=found,
        dossier=dossier(found),
        tijdlijn=course[::-1] if alles else course[: -LAATSTE - 1 : -1],
        verborgen=redenen(why, zichtbaar=False),
        getoond=redenen(why, zichtbaar=True),
        criteria=criteria(found["spoor"], course),
        interventies=interventies(course),
        fasen=FASEN,
        zetels=[pair for pair in visit.console.hats.near(visit.sessie.zetel) if pair[0] not in found["deelnemers"]],
        nieuw=one(typed, "interventieId") if daad == "interventie" else str(uuid4()),
        **_typed(typed, daad, refused, gedaan=gedaan),
        **frame_of(visit, chosen),
    )


def _typed(typed: Mapping[str, list[str]], daad: str, refused: Refused | None, *, gedaan: bool) -> dict[str, Any]:
    """What the forms of the page say back."""
    problem = dict(refused.problem) if refused else None
    return {"gedaan": gedaan, "daad": daad, "form": typed, "een": lambda name: one(typed, name), "probleem": problem}


async def _why(visit: Visit, id: UUID) -> list[dict[str, Any]]:
    """Why something is shown or hidden; nothing where this hat may not ask it."""
    try:
        return list((await visit.doors.get("casussen", id, "uitleg"))["uitleg"])
    except Refused:
        return []


def _joined(routes: APIRouter) -> None:
    @routes.get("/casussen/{casusId}/samenhang")
    async def joined(visit: Visitor, casusId: UUID, doel: Doel = None, zoom: int = 100) -> Response:
        chosen = purpose(visit, doel)
        found = await visit.doors.get("casussen", casusId, doel=chosen)
        whole = dossier(found)
        return visit.page(
            "samenhang.html",
            "Wat hangt met wat samen",
            casus=found,
            dossier=whole,
            tekening=drawing(whole),
            labels=whole.labels(),
            teksten=whole.teksten(),
            zoom=min(ZOOM, key=lambda step: abs(step - zoom)),
            stappen=ZOOM,
            **frame_of(visit, chosen),
        )


def _act(routes: APIRouter) -> None:
    @routes.post("/casussen/{casusId}/daden/{daad}")
    async def act(visit: Visitor, casusId: UUID, daad: str) -> Response:
        form = await visit.form()
        wanted = IN_CASUS.get(daad)
        if wanted is None:
            raise Refused({}, 404)
        doel = one(form, "doel") or None
        try:
            await visit.doors.post("casussen", casusId, wanted.operatie, body=wanted.body(form))
        except Refused as refused:
            return await _page(visit, casusId, doel, daad=daad, form=form, refused=refused)
        return visit.to(f"/casussen/{casusId}?{urlencode({'doel': purpose(visit, doel), 'gedaan': daad})}")
