"""The desk of who tests what others do: accesses, what is unexplained, clocks that run, and the proof of it all."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Response

from hub.console.doors import Refused
from hub.console.entry import Visitor
from hub.console.visit import Visit, pages

DOEL = "rechtmatigheidscontrole"
#: For these the log may be asked. Source: WGS art. 1.8 lid 4.
LOGDOELEN = ("rechtmatigheidscontrole", "interne-controle", "integriteit-beveiliging", "gerechtelijke-procedure")
UITKOMSTEN = ("terecht", "onterecht", "onduidelijk")
PAGE = 50
Na = Annotated[int | None, Query(ge=0, le=2**53)]
Tekst = Annotated[str | None, Query(max_length=80)]


class Kolom(NamedTuple):
    """A column of a table: its heading, the field of the API, and how it is written (a filter of the pages)."""

    kop: str
    veld: str
    vorm: str = "tonen"


class Lijst(NamedTuple):
    """A page that is one table of the API. `sleutel`: the field of the answer; `vraag`: fixed parts of the question."""

    titel: str
    uitleg: str
    bron: tuple[str, ...]
    sleutel: str
    kolommen: tuple[Kolom, ...]
    vraag: Mapping[str, str] = {}


#: Everything with a clock or a queue, each from one question to the API.
LIJSTEN: Mapping[str, Lijst] = {
    "verzoeken": Lijst(
        "Verzoeken van betrokkenen",
        "Elk verzoek met zijn klok. De wettelijke termijn begint bij ontvangst.",
        ("inzageverzoeken",),
        "verzoeken",
        (
            Kolom("Recht", "recht", "woorden"),
            Kolom("Ontvangen", "ontvangenOp", "dag"),
            Kolom("Uiterlijk", "uiterlijk", "dag"),
            Kolom("Dagen over", "dagenOver"),
            Kolom("Stand", "stand", "woorden"),
            Kolom("Te laat", "teLaat"),
            Kolom("Wacht op", "wachtOp", "petten"),
        ),
    ),
    "vernietigen": Lijst(
        "Te vernietigen",
        "Wat zijn termijn heeft gehad of binnenkort heeft, met de reden van uitstel waar die er is.",
        ("vernietigingen",),
        "vernietigingen",
        (
            Kolom("Onderwerp", "onderwerpId", "kort"),
            Kolom("Soort", "soort", "woorden"),
            Kolom("Spoor", "spoor", "woorden"),
            Kolom("Grondslag", "grondslag"),
            Kolom("Vervalt op", "vervaltOp", "dag"),
            Kolom("Stand", "stand", "woorden"),
            Kolom("Uitstel", "uitstel", "opsomming"),
        ),
    ),
    "terugroepingen": Lijst(
        "Terugroepingen",
        "Wie kreeg te horen dat iets niet meer klopt of niet meer mag, en wie heeft nog niet geantwoord.",
        ("terugroepingen",),
        "terugroepingen",
        (
            Kolom("Signaal", "signaalId", "kort"),
            Kolom("Aard", "aard", "woorden"),
            Kolom("Ontvanger", "ontvanger", "pet"),
            Kolom("Gestuurd", "gestuurdOp", "moment"),
            Kolom("Bevestigen voor", "bevestigenVoor", "moment"),
            Kolom("Stand", "status", "woorden"),
            Kolom("Herinnerd", "herinnerdOp", "moment"),
            Kolom("Geëscaleerd", "geescaleerdOp", "moment"),
        ),
        {"status": "onbeantwoord"},
    ),
    "noodtoegang": Lijst(
        "Noodtoegang te toetsen",
        "Elke noodtoegang wordt achteraf door een ander getoetst.",
        ("noodtoegangen", "te-toetsen"),
        "noodtoegangen",
        (
            Kolom("Signaal", "signaalId", "kort"),
            Kolom("Door", "zetel", "pet"),
            Kolom("Verleend", "verleendOp", "moment"),
            Kolom("Tot", "tot", "moment"),
            Kolom("Tweede persoon", "bevestigd"),
            Kolom("Gegevens", "categorieen", "opsomming"),
        ),
        {"doel": DOEL},
    ),
    "datalekken": Lijst(
        "Datalekken",
        "De klok van 72 uur loopt vanaf het moment van bekend worden.",
        ("datalekken",),
        "datalekken",
        (
            Kolom("Nummer", "nummer"),
            Kolom("Bij", "bij", "pet"),
            Kolom("Risico", "risico", "woorden"),
            Kolom("Bekend", "bekendOp", "moment"),
            Kolom("Uiterlijk", "uiterlijk", "moment"),
            Kolom("Te laat", "teLaat"),
        ),
    ),
    "plichten": Lijst(
        "Plichten die lopen",
        "Wat iemand nog moet doen, met de bron en de termijn.",
        ("plichten",),
        "plichten",
        (
            Kolom("Plicht", "zin"),
            Kolom("Van", "plichthouder", "pet"),
            Kolom("Grondslag", "grondslag"),
            Kolom("Uiterlijk", "uiterlijk", "moment"),
            Kolom("Stand", "status", "woorden"),
        ),
    ),
}


def router() -> APIRouter:
    """The desk, its lists, the search over accesses and the queue."""
    routes = pages()
    for add in (_desk, _queue, _sign_off, _search, _logs, _versions, _table):
        add(routes)
    return routes


def _desk(routes: APIRouter) -> None:
    @routes.get("/toezicht")
    async def desk(visit: Visitor) -> Response:
        waiting = await _or_none(visit, "raadplegingen", "onverklaard", doel=DOEL, aantal=1)
        logs = await _or_none(visit, "controlepunten")
        alarms = [alarm for log in (logs or {}).get("logboeken", ()) for alarm in log["alarm"]]
        wachtend = (waiting or {}).get("wachtend")
        return visit.page("toezicht.html", "Toezicht", wachtend=wachtend, alarmen=alarms, lijsten=LIJSTEN)


async def _or_none(visit: Visit, *path: str, **query: object) -> Any:
    """The answer; None where this hat may not ask it."""
    try:
        return await visit.doors.get(*path, **query)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return None


def _queue(routes: APIRouter) -> None:
    @routes.get("/toezicht/onverklaard")
    async def queue(visit: Visitor) -> Response:
        return await _queue_page(visit, None)


async def _queue_page(visit: Visit, refused: Refused | None) -> Response:
    found = await visit.doors.get("raadplegingen", "onverklaard", doel=DOEL, aantal=PAGE)
    values = {"wachtrij": found, "uitkomsten": UITKOMSTEN, "probleem": dict(refused.problem) if refused else None}
    status = refused.status if refused else 200
    return visit.page("onverklaard.html", "Onverklaarde raadplegingen", status, doel=DOEL, doelen=(DOEL,), **values)


def _sign_off(routes: APIRouter) -> None:
    @routes.post("/toezicht/onverklaard/{nummer}")
    async def sign_off(visit: Visitor, nummer: int) -> Response:
        form = await visit.form()
        body = {name: form.get(name, [""])[0] for name in ("uitkomst", "motivering")}
        try:
            await visit.doors.post("raadplegingen", nummer, "aftekeningen", body=body)
        except Refused as refused:
            return await _queue_page(visit, refused)
        return visit.to("/toezicht/onverklaard")


def _search(routes: APIRouter) -> None:
    @routes.get("/toezicht/raadplegingen")
    async def search(
        visit: Visitor,
        doel: Tekst = None,
        zetel: Tekst = None,
        actor: Tekst = None,
        signaalId: Tekst = None,
        casusId: Tekst = None,
        na: Na = None,
    ) -> Response:
        asked = {"zetel": zetel, "actor": actor, "signaalId": signaalId, "casusId": casusId}
        chosen = {name: value for name, value in asked.items() if value}
        found, refused = None, None
        try:
            found = await visit.doors.get("raadplegingen", doel=doel or DOEL, na=na, aantal=PAGE, **chosen)
        except Refused as error:
            refused = dict(error.problem)
        return visit.page(
            "raadplegingen.html",
            "Raadplegingen zoeken",
            lijst=found,
            probleem=refused,
            gevraagd=asked,
            doel=doel or DOEL,
            doelen=LOGDOELEN,
        )


def _logs(routes: APIRouter) -> None:
    @routes.get("/toezicht/logboeken")
    async def logs(visit: Visitor) -> Response:
        found = await visit.doors.get("controlepunten")
        return visit.page("logboeken.html", "Logboeken en getuigen", logboeken=found["logboeken"])


def _versions(routes: APIRouter) -> None:
    @routes.get("/toezicht/beleid")
    async def versions(visit: Visitor) -> Response:
        found = await visit.doors.get("beleid", "versies")
        return visit.page("beleid.html", "Beleid", beleid=found)


def _table(routes: APIRouter) -> None:
    @routes.get("/toezicht/{naam}")
    async def table(visit: Visitor, naam: str) -> Response:
        wanted = LIJSTEN.get(naam)
        if wanted is None:
            raise Refused({}, 404)
        found = await visit.doors.get(*wanted.bron, **wanted.vraag)
        rows = [_with_days_left(row, visit.console.clock().date()) for row in found[wanted.sleutel]]
        return visit.page("lijst.html", wanted.titel, lijst=wanted, rijen=rows)


def _with_days_left(row: dict[str, Any], today: date) -> dict[str, Any]:
    """How many days there are until the last day; below zero where it is past."""
    last = row.get("uiterlijk")
    return row | {"dagenOver": (date.fromisoformat(last[:10]) - today).days} if last else row
