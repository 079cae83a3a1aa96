"""The desk of who tests what others do: what waits, clocks that run, the proof of it all, and the rules in force."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Response

from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.visit import Visit, pages

DOEL = "rechtmatigheidscontrole"
#: For these the log may be asked. Source: WGS art. 1.8 lid 4.
LOGDOELEN = ("rechtmatigheidscontrole", "interne-controle", "integriteit-beveiliging", "gerechtelijke-procedure")
PAGE = 50
Na = Annotated[int | None, Query(ge=0, le=2**53)]
Tekst = Annotated[str | None, Query(max_length=80)]
Logdoel = Annotated[str | None, Query(pattern="^[a-z-]+$", max_length=60)]


class Kolom(NamedTuple):
    """A column of a table: its heading, the field of the API, and how it is written (a filter of the pages)."""

    kop: str
    veld: str
    vorm: str = "tonen"


class Lijst(NamedTuple):
    """A page that is one table of the API. `sleutel`: the field of the answer."""

    titel: str
    uitleg: str
    bron: tuple[str, ...]
    sleutel: str
    kolommen: tuple[Kolom, ...]


class Kaart(NamedTuple):
    """A way from the desk to a page."""

    pad: str
    titel: str
    uitleg: str


#: Lists without acts of their own, each from one question to the API.
LIJSTEN: Mapping[str, Lijst] = {
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
    "correctietaken": Lijst(
        "Correctietaken",
        "Fouten waarop een verstrekker is gewezen, en wat daarmee is gedaan.",
        ("correctietaken",),
        "correctietaken",
        (
            Kolom("Signaal", "signaalId", "kort"),
            Kolom("Gemeld door", "zetel", "pet"),
            Kolom("Verstrekker", "voor", "pet"),
            Kolom("Gegevens", "categorieen", "opsomming"),
            Kolom("Gemeld", "gemeldOp", "moment"),
            Kolom("Stand", "status", "woorden"),
        ),
    ),
    "weigeringen": Lijst(
        "Weigeringen",
        "Wat deze zetel vroeg en niet kreeg, met de regel en wat wel kan.",
        ("weigeringen",),
        "items",
        (
            Kolom("Soort", "soort", "woorden"),
            Kolom("Signaal", "signaalId", "kort"),
            Kolom("Redenen", "redenen", "opsomming"),
            Kolom("Regels", "regels", "opsomming"),
            Kolom("Wat wel kan", "alternatief"),
            Kolom("Wanneer", "tijdstip", "moment"),
        ),
    ),
}
#: The desk, by what one comes for.
BUREAU: Mapping[str, tuple[Kaart, ...]] = {
    "Wat op u wacht": (
        Kaart("/toezicht/onverklaard", "Onverklaarde raadplegingen", "Wat geen vastgelegd feit verklaart."),
        Kaart("/toezicht/noodtoegang", "Noodtoegang te toetsen", "Elke noodtoegang wordt achteraf getoetst."),
        Kaart("/verzoeken", "Verzoeken van betrokkenen", "Elk verzoek met zijn klok en zijn stappen."),
        Kaart("/datalekken", "Datalekken", "De klok van 72 uur, en wie het al weet."),
        Kaart("/toezicht/vernietigen", "Te vernietigen", "Wat zijn termijn heeft gehad, en wat dat tegenhoudt."),
        Kaart("/terugroepingen", "Terugroepingen", "Wie nog niet zei wat met een fout is gedaan."),
        Kaart("/kennisgevingen", "Kennisgevingen aan betrokkenen", "Wie nu mag horen dat gegevens zijn verstrekt."),
        Kaart("/toezicht/plichten", "Plichten die lopen", "Wat iemand nog moet doen, met bron en termijn."),
        Kaart("/toezicht/toegangsrechten", "Toegangsrechten", "Welke zetel nu getoetst moet worden."),
    ),
    "Nagaan": (
        Kaart("/toezicht/casus", "Alles over één casus", "Elke verstrekking: wie, wat, waarom, en het bewijs."),
        Kaart("/toezicht/raadplegingen", "Raadplegingen zoeken", "Op zetel, mens, periode, signaal, casus en doel."),
        Kaart("/toezicht/betrokkene", "Zoeken op betrokkene", "Wie gegevens van één mens zag, over alle signalen."),
        Kaart("/toezicht/terugkijken", "Terugkijken", "Wat een zetel op een dag kon zien, en waarom."),
        Kaart("/toezicht/correctietaken", "Correctietaken", "Fouten waarop een verstrekker is gewezen."),
        Kaart("/toezicht/weigeringen", "Weigeringen", "Wat deze zetel zelf vroeg en niet kreeg."),
    ),
    "Bewijs en regels": (
        Kaart("/toezicht/logboeken", "Logboeken en getuigen", "Of wat vastligt nog hetzelfde is, en wie dat zegt."),
        Kaart("/toezicht/beleid", "Beleid", "Welke regels gelden, en wat een ontwerp zou veranderen."),
        Kaart("/toezicht/dpia", "Effectbeoordeling (DPIA)", "Wat verwerkt wordt, met welk risico, en wat nog open is."),
        Kaart("/toezicht/jaarverslag", "Jaarverslag", "De cijfers van een jaar, waarin niemand is te herkennen."),
    ),
}
#: Only for who handles requests of persons for all participants.
VAN_CONTACTPUNT = frozenset({"/kennisgevingen"})


def router() -> APIRouter:
    """The desk, its lists, the logs and the rules."""
    routes = pages()
    for add in (_desk, _logs, _versions, _assessment, _annual, _table):
        add(routes)
    return routes


def _desk(routes: APIRouter) -> None:
    @routes.get("/toezicht")
    async def desk(visit: Visitor) -> Response:
        waiting = await _or_none(visit, "raadplegingen", "onverklaard", doel=DOEL, aantal=1)
        logs = await _or_none(visit, "controlepunten")
        alarms = [alarm for log in (logs or {}).get("logboeken", ()) for alarm in log["alarm"]]
        tells = visit.sessie.zetel.startswith("contactpunt@")
        desk = {
            kop: [kaart for kaart in kaarten if tells or kaart.pad not in VAN_CONTACTPUNT]
            for kop, kaarten in BUREAU.items()
        }
        wachtend = (waiting or {}).get("wachtend")
        return visit.page("toezicht.html", "Toezicht", wachtend=wachtend, alarmen=alarms, bureau=desk)


async def _or_none(visit: Visit, *path: str, **query: object) -> Any:
    """The answer; None where this hat may not ask it."""
    try:
        return await visit.doors.get(*path, **query)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return None


def _logs(routes: APIRouter) -> None:
    @routes.get("/toezicht/logboeken")
    async def logs(visit: Visitor) -> Response:
        found = await visit.doors.get("controlepunten")
        return visit.page("logboeken.html", "Logboeken en getuigen", logboeken=found["logboeken"])


def _versions(routes: APIRouter) -> None:
    @routes.get("/toezicht/beleid")
    async def versions(visit: Visitor, regio: Tekst = None) -> Response:
        found = await visit.doors.get("beleid", "versies")
        in_force = await visit.doors.get("beleid")
        covenants, refused = None, None
        if regio:
            try:
                covenants = await visit.doors.get("beleid", "convenanten", regio=regio.strip().lower())
            except Refused as error:
                refused = dict(error.problem)
        return visit.page(
            "beleid.html",
            "Beleid",
            beleid=found,
            geldend=in_force,
            convenanten=covenants,
            regio=regio or "",
            regios=visit.console.hats.regions(),
            probleem=refused,
        )


def _assessment(routes: APIRouter) -> None:
    @routes.get("/toezicht/dpia")
    async def assessment(visit: Visitor) -> Response:
        return visit.page("dpia.html", "Effectbeoordeling (DPIA)", dpia=await visit.doors.get("dpia"))


def _annual(routes: APIRouter) -> None:
    @routes.get("/toezicht/jaarverslag")
    async def annual(visit: Visitor, jaar: Annotated[int | None, Query(ge=2020, le=2999)] = None) -> Response:
        last = visit.console.clock().year - 1
        found = await _or_none(visit, "jaarverslagen", str(jaar or last))
        years = range(last, max(2020, last - 5) - 1, -1)
        return visit.page("jaarverslag.html", "Jaarverslag", verslag=found, jaar=jaar or last, jaren=[*years])


def _table(routes: APIRouter) -> None:
    @routes.get("/toezicht/{naam}")
    async def table(visit: Visitor, naam: str) -> Response:
        wanted = LIJSTEN.get(naam)
        if wanted is None:
            raise Refused({}, 404)
        found = await visit.doors.get(*wanted.bron, aantal=500)
        return visit.page("lijst.html", wanted.titel, lijst=wanted, rijen=found[wanted.sleutel])
