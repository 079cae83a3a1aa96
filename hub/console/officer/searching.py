"""Searching the log of accesses: by seat, worker, period, subject and purpose; also as a table to save."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from hub.console.officer.oversight import DOEL, LOGDOELEN, PAGE, Logdoel, Na, Tekst
from hub.console.page.acting import reply
from hub.console.page.doors import Refused
from hub.console.page.downloads import table
from hub.console.page.entry import Visitor
from hub.console.page.frame import ZONE
from hub.console.page.visit import Visit, pages

#: So many lines at most in one file; who needs more narrows the period.
MOST, STEP = 5_000, 500
KOP = ("nummer", "tijdstip", "zetel", "medewerker", "handeling", "vraag", "objecten", "gegevens", "doel", "grondslagen")
KOP_MEER = ("regels", "ontvangers", "uitkomst", "beleidsversie", "oordeel")

Actor = Annotated[str | None, Query(max_length=120)]


class Zoekvraag(NamedTuple):
    """What was typed. `van`, `tot`: days, both included. `waarvoor`: purpose of the access itself."""

    zetel: str = ""
    actor: str = ""
    signaalId: str = ""
    casusId: str = ""
    waarvoor: str = ""
    van: str = ""
    tot: str = ""

    def query(self) -> dict[str, str]:
        """The same as the API asks it: days become moments of this country."""
        said = {name: value for name, value in self._asdict().items() if value}
        if "van" in said:
            said["van"] = _midnight(said["van"], 0)
        if "tot" in said:
            said["tot"] = _midnight(said["tot"], 1)
        return said


def _midnight(day: str, later: int) -> str:
    """The first moment of a day, or of the next; what is no day goes on as it is, for the API to say so."""
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=later), time(), ZONE).isoformat()
    except ValueError:
        return day


def asked(
    zetel: Tekst = None,
    actor: Actor = None,
    signaalId: Tekst = None,
    casusId: Tekst = None,
    waarvoor: Tekst = None,
    van: Tekst = None,
    tot: Tekst = None,
) -> Zoekvraag:
    """What the address says."""
    return Zoekvraag(*((one or "").strip() for one in (zetel, actor, signaalId, casusId, waarvoor, van, tot)))


Gevraagd = Annotated[Zoekvraag, Depends(asked)]


def router() -> APIRouter:
    """The search, its table, and what was done with one signal."""
    routes = pages()
    for add in (_search, _save, _signal):
        add(routes)
    return routes


def _search(routes: APIRouter) -> None:
    @routes.get("/toezicht/raadplegingen")
    async def search(visit: Visitor, gevraagd: Gevraagd, doel: Logdoel = None, na: Na = None) -> Response:
        found, refused = None, None
        try:
            query = gevraagd.query()
            found = await visit.doors.get("raadplegingen", doel=doel or DOEL, na=na, aantal=PAGE, **query)
        except Refused as error:
            refused = error
        return _page(visit, gevraagd, doel or DOEL, found, refused)


def _page(visit: Visit, gevraagd: Zoekvraag, doel: str, found: Any, refused: Refused | None) -> Response:
    typed = {name: [value] for name, value in gevraagd._asdict().items()}
    again = urlencode({"doel": doel} | {name: value for name, value in gevraagd._asdict().items() if value})
    return visit.page(
        "raadplegingen.html",
        "Raadplegingen zoeken",
        refused.status if refused else 200,
        lijst=found,
        zelfde=again,
        alle_doelen=visit.console.hats.all_purposes(),
        verder=f"{again}&na={found['volgende']}" if found and found["volgende"] else "",
        doel=doel,
        doelen=LOGDOELEN,
        **reply(typed, "zoek", _on_form(refused)),
    )


def _on_form(refused: Refused | None) -> Refused | None:
    """Its faults named by the fields of the form: the API says them of its query."""
    if refused is None:
        return None
    faults = [{**one, "veld": one["veld"].removeprefix("query/")} for one in refused.problem.get("fouten") or ()]
    return Refused({**refused.problem, "fouten": faults}, refused.status)


def _save(routes: APIRouter) -> None:
    @routes.get("/toezicht/raadplegingen/tabel")
    async def save(visit: Visitor, gevraagd: Gevraagd, doel: Logdoel = None) -> Response:
        """Each page of it is on record as a look of its own."""
        rows = await lines(visit, "raadplegingen", doel=doel or DOEL, **gevraagd.query())
        return table("raadplegingen.csv", (*KOP, *KOP_MEER), map(row, rows))


async def lines(visit: Visit, *path: object, **query: object) -> list[Mapping[str, Any]]:
    """The lines of the log from the newest on, up to MOST. Raises Refused."""
    found: list[Mapping[str, Any]] = []
    na = None
    while len(found) < MOST:
        page = await visit.doors.get(*path, na=na, aantal=STEP, **query)
        found += page["raadplegingen"]
        na = page["volgende"]
        if na is None:
            break
    return found[:MOST]


def row(one: Mapping[str, Any]) -> tuple[object, ...]:
    """One line as a row of a table."""
    judged = one.get("oordeel") or {}
    said = [judged.get("stand", ""), *judged.get("verklaringen", ()), *judged.get("bevindingen", ())]
    first = ("volgnummer", "tijdstip", "zetel", "actor", "handeling", "vraag", "objecten", "velden", "doel")
    last = ("grondslagen", "regels", "ontvangers", "resultaat", "beleidsversie")
    return (*(one.get(name) for name in (*first, *last)), ", ".join(filter(None, said)))


def _signal(routes: APIRouter) -> None:
    @routes.get("/toezicht/signalen/{signaalId}")
    async def signal(visit: Visitor, signaalId: UUID, doel: Logdoel = None, na: Na = None) -> Response:
        chosen = doel or DOEL
        found = await visit.doors.get("signalen", signaalId, "raadplegingen", doel=chosen, na=na, aantal=PAGE)
        verder = urlencode({"doel": chosen, "na": found["volgende"]}) if found["volgende"] else ""
        return visit.page(
            "toezicht-signaal.html",
            "Wie zag dit signaal?",
            lijst=found,
            verder=verder,
            doel=chosen,
            doelen=LOGDOELEN,
        )
