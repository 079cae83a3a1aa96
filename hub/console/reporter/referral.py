"""Whom to turn to: the page of route advice, and the same advice beside the form."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from contracts.codelijst import codelijst
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.visit import Visit, pages

Code = Annotated[str | None, Query(pattern="^[a-z-]*$", max_length=60)]
ONBEKEND = "onbekend"
#: The two paces of a route, as codes of the list of urgency.
SNELHEDEN = ("regulier", "acuut")


def router() -> APIRouter:
    """The page."""
    routes = pages()

    @routes.get("/verwijzen")
    async def refer(visit: Visitor, regio: Code = None, vorm: Code = None, urgentie: Code = None) -> Response:
        hats = visit.console.hats
        asked = {
            "regio": regio or hats.regio(visit.sessie.zetel),
            "vorm": vorm or ONBEKEND,
            "urgentie": urgentie or "regulier",
        }
        found, refused = None, None
        try:
            found = await advice(visit, asked["regio"], [asked["vorm"]], asked["urgentie"])
        except Refused as error:
            if error.status != 400:
                raise
            refused = error
        return visit.page(
            "verwijzen.html",
            "Bij wie kan ik terecht?",
            refused.status if refused else 200,
            advies=found,
            gevraagd=asked,
            probleem=dict(refused.problem) if refused else None,
            regios=hats.regions(),
            vormen=[one for one in codelijst("uitbuitingsvorm").waarden if not one.vervallen],
            snelheden=SNELHEDEN,
        )

    return routes


async def advice(visit: Visit, regio: str, vormen: list[str], urgentie: str) -> Any:
    """What the API advises. Raises Refused."""
    return await visit.doors.get("verwijsadviezen", regio=regio, vorm=vormen, urgentie=urgentie)
