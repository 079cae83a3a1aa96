"""Requests by persons and telling them of one's own accord: each with its clock, and every step the law knows."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from contracts.codelijst import codelijst
from hub.console.page.acting import Daad, Form, fields, one, reply, truth, whole
from hub.console.page.doors import Refused
from hub.console.page.downloads import download
from hub.console.page.entry import Visitor
from hub.console.page.reading import PAGE, Na
from hub.console.page.visit import Visit, pages

#: For this requests are handled; who tests lawfulness looks at them for its own purpose.
DOEL, TOEZICHT = "betrokkene-rechten", "rechtmatigheidscontrole"
RECHTEN = ("inzage", "rectificatie", "wissing", "beperking", "bezwaar")
KANALEN = ("balie", "post", "digitaal", "gemachtigde")
MIDDELEN = ("digid", "identiteitsbewijs", "machtiging")
#: What restricts a processing, until it is lifted.
BEPERKEND = frozenset({"beperking", "bezwaar"})
KLAAR = frozenset({"geweigerd", "beantwoord", "gesloten"})
Gedaan = Annotated[str | None, Query(max_length=40)]
Data = Mapping[str, Any]

ONTVANGST = Daad("inzageverzoeken", fields("verzoekId", "recht", "ontvangenOp", "kanaal", "omschrijving"))
#: Steps on one request, by the name of the form.
STAPPEN: Mapping[str, Daad] = {
    "identiteit": Daad("identiteit", fields("middel", "identiteit.bsn", "identiteit.naam", "identiteit.geboortedatum")),
    "raadplegen": Daad("raadplegingen", fields()),
    "verlengen": Daad("verlengingen", fields("motivering", maanden=whole)),
    "besluit": Daad("besluiten", fields("besluit", "motivering")),
    "antwoord": Daad("antwoorden", fields()),
    "weigeren": Daad("weigeringen", fields("deelnemer", "letter", "afweging")),
    "sluiten": Daad("sluitingen", fields("reden")),
    "opheffen": Daad("beperkingsopheffingen", fields("motivering")),
    "grond": Daad("weigeringsgronden", fields("letter", "afweging")),
    "geen-grond": Daad("geen-weigeringsgronden", fields()),
    "grond-vervallen": Daad("vervallen-weigeringsgronden", fields()),
    "taak": Daad("taakafrondingen", fields("taakId", "motivering", gedaan=truth)),
}
#: Steps on the notice of one signal.
KENNISGEVEN: Mapping[str, Daad] = {
    "gedaan": Daad("kennisgevingen", fields()),
    "uitstellen": Daad("kennisgevingsuitstellen", fields("deelnemer", "letter", "afweging", "tot")),
    "vrijgeven": Daad("kennisgevingsvrijgaven", fields()),
}


def router() -> APIRouter:
    """Requests, one request, its answer, and notices."""
    routes = pages()
    for add in (_list, _receive, _leaf, _step, _answer, _notices, _tell):
        add(routes)
    return routes


def _list(routes: APIRouter) -> None:
    @routes.get("/verzoeken")
    async def requests(visit: Visitor) -> Response:
        return await _overview(visit, {}, None)


async def _overview(visit: Visit, form: Form, refused: Refused | None) -> Response:
    found = await visit.doors.get("inzageverzoeken")
    doel = _purpose(visit)
    return visit.page(
        "verzoeken.html",
        "Verzoeken van betrokkenen",
        refused.status if refused else 200,
        rijen=[_with_clock(row, visit.console.clock().date()) for row in found["verzoeken"]],
        rechten=RECHTEN,
        kanalen=KANALEN,
        nummer=one(form, "verzoekId") or str(uuid4()),
        vandaag=visit.console.clock().date().isoformat(),
        ontvangt=not visit.console.hats.tests(visit.sessie.zetel),
        doel=doel,
        doelen=(doel,),
        **reply(form, "ontvangst" if refused else "", refused),
    )


def _purpose(visit: Visit) -> str:
    return TOEZICHT if visit.console.hats.tests(visit.sessie.zetel) else DOEL


def _with_clock(row: Data, today: date) -> dict[str, Any]:
    """How many days there are until the last day; below zero where it is past. None where the request is done."""
    days = (date.fromisoformat(row["uiterlijk"][:10]) - today).days
    return {**row, "dagenOver": None if row["stand"] in KLAAR else days}


def _receive(routes: APIRouter) -> None:
    @routes.post("/verzoeken/daden/ontvangst")
    async def receive(visit: Visitor) -> Response:
        form = await visit.form()
        try:
            await visit.doors.post(ONTVANGST.operatie, body=ONTVANGST.body(form))
        except Refused as refused:
            return await _overview(visit, form, refused)
        return visit.to(f"/verzoeken/{one(form, 'verzoekId')}?gedaan=ontvangst")


def _leaf(routes: APIRouter) -> None:
    @routes.get("/verzoeken/{verzoekId}")
    async def request(visit: Visitor, verzoekId: UUID, gedaan: Gedaan = None) -> Response:
        return await _page(visit, verzoekId, {}, gedaan=gedaan in {*STAPPEN, "ontvangst"})


async def _page(
    visit: Visit, id: UUID, form: Form, daad: str = "", refused: Refused | None = None, *, gedaan: bool = False
) -> Response:
    found = await visit.doors.get("inzageverzoeken")
    row = next((each for each in found["verzoeken"] if each["verzoekId"] == str(id)), None)
    if row is None:
        raise Refused({}, 404)
    doel, today = _purpose(visit), visit.console.clock().date()
    return visit.page(
        "verzoek.html",
        "Eén verzoek",
        refused.status if refused else 200,
        een_verzoek=_with_clock(row, today),
        mag=steps(row, visit.sessie.zetel, today),
        middelen=MIDDELEN,
        letters=letters(visit.sessie.taal),
        gedaan=gedaan,
        doel=doel,
        doelen=(doel,),
        **reply(form, daad, refused),
    )


def steps(row: Data, zetel: str, today: date) -> frozenset[str]:
    """The steps that make sense now for a seat, by the name of the form; the API decides."""
    found = {"grond", "geen-grond"} if row["gevraagd"] else set()
    found |= {"taak"} if row["taken"] else set()
    found |= {"grond-vervallen"} if row["eigenGrond"] else set()
    if row["behandelaar"] != zetel:
        return frozenset(found)
    if row["stand"] not in KLAAR:
        found |= {"sluiten", "verlengen"}
        found |= _before_the_answer(row) if row["identiteit"] else {"identiteit"}
    if row["recht"] in BEPERKEND and row["stand"] != "open":
        found.add("opheffen")
    return frozenset(found)


def _before_the_answer(row: Data) -> set[str]:
    found = {"raadplegen"}
    decided = row["stand"] == "beslist"
    if row["recht"] != "inzage" and not decided:
        found.add("besluit")
    if row["geraadpleegd"] and not row["wachtOp"] and (row["recht"] == "inzage" or decided):
        found.add("antwoord")
    if row["geraadpleegd"] and not decided and any(not ground["vervallen"] for ground in row["gronden"]):
        found.add("weigeren")
    return found


def letters(taal: str) -> list[tuple[str, str]]:
    """The grounds of the law against telling, with their labels."""
    values = (value for value in codelijst("uitzonderingsgrond-uavg-41").waarden if not value.vervallen)
    return [(value.code, value.label_en if taal == "en" and value.label_en else value.label) for value in values]


def _step(routes: APIRouter) -> None:
    @routes.post("/verzoeken/{verzoekId}/daden/{daad}")
    async def step(visit: Visitor, verzoekId: UUID, daad: str) -> Response:
        form, wanted = await visit.form(), STAPPEN.get(daad)
        if wanted is None:
            raise Refused({}, 404)
        try:
            await visit.doors.post("inzageverzoeken", verzoekId, wanted.operatie, body=wanted.body(form))
        except Refused as refused:
            return await _page(visit, verzoekId, form, daad, refused)
        return visit.to(f"/verzoeken/{verzoekId}?gedaan={daad}")


def _answer(routes: APIRouter) -> None:
    @routes.get("/verzoeken/{verzoekId}/antwoord")
    async def answer(visit: Visitor, verzoekId: UUID) -> Response:
        """The letter as the API makes it; the look is on record first."""
        letter = await visit.doors.document("inzageverzoeken", verzoekId, "antwoord", vorm="html")
        return download(letter, "antwoord.html", "text/html; charset=utf-8")


def _notices(routes: APIRouter) -> None:
    @routes.get("/kennisgevingen")
    async def notices(visit: Visitor, na: Na = None, gedaan: Gedaan = None) -> Response:
        return await _notices_page(visit, {}, na=na, gedaan=gedaan in KENNISGEVEN)


async def _notices_page(
    visit: Visit,
    form: Form,
    daad: str = "",
    refused: Refused | None = None,
    *,
    na: int | None = None,
    gedaan: bool = False,
) -> Response:
    found = await visit.doors.get("kennisgevingen", na=na, aantal=PAGE)
    return visit.page(
        "kennisgevingen.html",
        "Kennisgevingen aan betrokkenen",
        refused.status if refused else 200,
        lijst=found,
        signalen=[(each["signaalId"], each["signaalId"][:8]) for each in found["kennisgevingen"]],
        letters=letters(visit.sessie.taal),
        vandaag=visit.console.clock().date().isoformat(),
        gedaan=gedaan,
        doel=DOEL,
        doelen=(DOEL,),
        **reply(form, daad, refused),
    )


def _tell(routes: APIRouter) -> None:
    @routes.post("/kennisgevingen/daden/{daad}")
    async def tell(visit: Visitor, daad: str) -> Response:
        form, wanted = await visit.form(), KENNISGEVEN.get(daad)
        if wanted is None:
            raise Refused({}, 404)
        path = ("signalen", one(form, "signaalId") or "geen", wanted.operatie)
        try:
            await visit.doors.post(*path, body=wanted.body(form))
        except Refused as refused:
            return await _notices_page(visit, form, daad, refused)
        return visit.to(f"/kennisgevingen?gedaan={daad}")
