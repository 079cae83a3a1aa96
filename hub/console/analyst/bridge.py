"""What a care seat is warned of from a case it does not know, and that it is ready."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from hub.console.page.acting import Form, fields, reply, whole
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.reading import PAGE, Na
from hub.console.page.visit import Visit, pages

#: The API looks up warnings for this purpose and no other.
DOEL = "veiligheid-slachtoffer"
Gedaan = Annotated[str | None, Query(max_length=40)]


def router() -> APIRouter:
    """The list and the confirmation."""
    routes = pages()

    @routes.get("/brugberichten")
    async def warnings(visit: Visitor, na: Na = None, gedaan: Gedaan = None) -> Response:
        return await _page(visit, na, gedaan=bool(gedaan))

    @routes.post("/brugberichten/{schuilnummer}/daden/bevestiging")
    async def confirm(visit: Visitor, schuilnummer: UUID) -> Response:
        form = await visit.form()
        try:
            body = fields(volgnummer=whole)(form)
            await visit.doors.post("brugberichten", schuilnummer, "bevestigingen", body=body)
        except Refused as refused:
            return await _page(visit, None, form, refused)
        return visit.to("/brugberichten?gedaan=bevestiging")

    return routes


async def _page(
    visit: Visit, na: int | None, form: Form | None = None, refused: Refused | None = None, *, gedaan: bool = False
) -> Response:
    found = await visit.doors.get("brugberichten", na=na, aantal=PAGE)
    return visit.page(
        "brugberichten.html",
        "Waarschuwingen aan de zorg",
        refused.status if refused else 200,
        doel=DOEL,
        doelen=(DOEL,),
        lijst=found,
        gedaan=gedaan,
        **reply(form or {}, "", refused),
    )
