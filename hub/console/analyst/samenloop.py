"""What occurs more than once in one's view, what nobody holds, and whether another partnership has the same."""

from asyncio import sleep
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from hub.console.analyst.dossier import dossier
from hub.console.page.acting import PAUSES, Form, fields, one, reply
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.reading import Doel, Na, frame_of, purpose
from hub.console.page.visit import Visit, pages

#: The partnerships that may ask each other, and whom each asks. Source: Bgs art. 1.10.
ANDER: Mapping[str, str] = {"riec": "zvh", "zvh": "riec"}
NOODZAAK = ("dubbel-werk-voorkomen", "interventies-afstemmen", "veiligheid-slachtoffer")
DAAD = "navraag"
NAMEN: Mapping[str, str] = {
    "signaal": "Signaal in meer casussen",
    "persoon": "Persoon van dezelfde bron",
    "organisatie": "Organisatie met hetzelfde nummer",
    "voertuig": "Zelfde kenteken",
    "locatie": "Zelfde adres",
    "contact": "Zelfde telefoon of adres om iemand te bereiken",
}
Nummer = Annotated[UUID | None, Query()]


def router() -> APIRouter:
    """The overview, and the question about one case."""
    routes = pages()

    @routes.get("/samenloop")
    async def overview(visit: Visitor, doel: Doel = None, na: Na = None) -> Response:
        return await _overview(visit, purpose(visit, doel), na)

    @routes.get("/casussen/{casusId}/navraag")
    async def form(visit: Visitor, casusId: UUID, doel: Doel = None, gevraagd: Nummer = None) -> Response:
        return await _question(visit, casusId, doel, gevraagd)

    @routes.post("/casussen/{casusId}/navraag")
    async def ask(visit: Visitor, casusId: UUID) -> Response:
        form = await visit.form()
        doel = one(form, "doel") or None
        try:
            answer = await visit.doors.post("casussen", casusId, "navragen", body=_body(form))
        except Refused as refused:
            return await _question(visit, casusId, doel, None, form, refused)
        asked = urlencode({"doel": purpose(visit, doel), "gevraagd": answer["navraagId"]})
        return visit.to(f"/casussen/{casusId}/navraag?{asked}")

    return routes


async def _overview(visit: Visit, doel: str, na: int | None) -> Response:
    found = await visit.doors.get("samenloop", doel=doel, na=na)
    loose = await visit.doors.get("losse-signalen", doel=doel, na=na)
    asked = await visit.doors.get("navragen", aantal=50)
    return visit.page(
        "samenloop.html",
        "Samenloop",
        overlap=found,
        namen=NAMEN,
        eigen=_oldest_first(loose["eigen"]),
        ontvangen=_oldest_first(loose["ontvangen"]),
        dagen=_days(visit, [*loose["eigen"], *loose["ontvangen"]]),
        navragen=asked["navragen"],
        casussen=await _askable(visit, doel),
        na=na,
        **frame_of(visit, doel),
    )


def _oldest_first(signals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(signals, key=lambda one: str(one["sinds"]))


def _days(visit: Visit, signals: list[dict[str, Any]]) -> dict[str, int]:
    """How old each is."""
    now = visit.console.clock()
    return {one["signaalId"]: (now - datetime.fromisoformat(one["sinds"])).days for one in signals}


async def _askable(visit: Visit, doel: str) -> list[dict[str, Any]]:
    """The open cases from which one can ask another partnership."""
    found = await visit.doors.get("casussen", doel=doel, status="open", aantal=50)
    return [one for one in found["casussen"] if one["spoor"] in ANDER]


async def _question(
    visit: Visit,
    casusId: UUID,
    doel: str | None,
    gevraagd: UUID | None,
    form: Form | None = None,
    refused: Refused | None = None,
) -> Response:
    """The form, with what was refused beside its fields; after a question its answer stands above."""
    chosen = purpose(visit, doel)
    case = await visit.doors.get("casussen", casusId, doel=chosen)
    whole = dossier(case)
    return visit.page(
        "navraag.html",
        "Heeft een ander verband dit ook?",
        refused.status if refused else 200,
        casus=case,
        dossier=whole,
        contactpunten=visit.console.hats.contact_points(ANDER.get(case["spoor"], ""), case["regio"]),
        noodzaak=NOODZAAK,
        nummer=one(form or {}, "navraagId") or str(uuid4()),
        antwoord=await _answer(visit, gevraagd) if gevraagd else None,
        **reply(form or {}, DAAD if refused else "", refused),
        **frame_of(visit, chosen),
    )


def _body(form: Form) -> dict[str, Any]:
    """A person is chosen together with the signal that names her: `<signaal>` or `<signaal>/<betrokkene>`."""
    body = fields("navraagId", "contactpunt", "noodzaak")(form)
    signaal, _, betrokkene = one(form, "signaalId").partition("/")
    body |= {"signaalId": signaal} if signaal else {}
    return body | ({"betrokkeneId": betrokkene} if betrokkene else {})


async def _answer(visit: Visit, gevraagd: UUID) -> dict[str, Any] | None:
    """The question as this hat sees it; views follow the ledger within a fraction of a second."""
    for pause in (0.0, *PAUSES):
        await sleep(pause)
        found = await visit.doors.get("navragen", aantal=10)
        for asked in found["navragen"]:
            if asked["navraagId"] == str(gevraagd):
                return dict(asked)
    return None
