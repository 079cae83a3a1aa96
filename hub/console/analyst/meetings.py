"""The case table: who sits there, who sees what now, what is on the agenda, and what was agreed meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from contracts.codelijst import codelijst
from hub.console.page.acting import AAN_TAFEL, IN_OVERLEG, Form, done, one, reply, shown
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.reading import PAGE, Na
from hub.console.page.visit import Visit, pages

Data = Mapping[str, Any]
Gedaan = Annotated[str | None, Query(max_length=40)]
Positie = Annotated[int | None, Query(ge=0, le=2**53)]
#: For these the log of sessions is read; it has one purpose.
DOEL = "interne-controle"
#: Layers of a layered table; 0 where there is one part only.
LAGEN = (0, 1, 2)
#: Of so many signals of its own on the agenda it is asked who sees them; of more, their own page says it.
MEEST = 10
ANTWOORDEN = ("Ja", "Nee", "Nog niet duidelijk")


@dataclass(frozen=True, slots=True)
class Zicht:
    """What one seat sees of a signal or case. `laag`: of the session it sits in, None where it does not.

    `ziet`: kinds of data that it holds now; `tot`: since when it holds no more what this session had given it.
    """

    zetel: str
    laag: int | None
    ziet: tuple[str, ...]
    grondslagen: tuple[str, ...] = ()
    aan_tafel: bool = False
    tot: str = ""


def router() -> APIRouter:
    """The list with the form to plan one, one session, and the acts at the table."""
    routes = pages()
    for add in (_list, _plan, _leaf, _act):
        add(routes)
    return routes


def _list(routes: APIRouter) -> None:
    @routes.get("/overleggen")
    async def sessions(visit: Visitor, na: Na = None) -> Response:
        return await _overview(visit, na)


async def _overview(visit: Visit, na: int | None, form: Form | None = None, refused: Refused | None = None) -> Response:
    found, typed = await visit.doors.get("overleggen", na=na, aantal=PAGE), form or {}
    return visit.page(
        "overleggen.html",
        "Overleggen",
        refused.status if refused else 200,
        doel=DOEL,
        doelen=(DOEL,),
        lijst=found,
        tafels=[value for value in codelijst("overlegtafel").waarden if not value.vervallen],
        nummer=one(typed, "overlegId") or str(uuid4()),
        regio=visit.console.hats.regio(visit.sessie.zetel),
        **reply(typed, "plan" if refused else "", refused),
    )


def _plan(routes: APIRouter) -> None:
    @routes.post("/overleggen")
    async def plan(visit: Visitor) -> Response:
        form = await visit.form()
        body: dict[str, Any] = {name: one(form, name) for name in ("overlegId", "tafel", "regio")}
        body["casussen"] = one(form, "casussen").replace(",", " ").split()
        try:
            receipt = await visit.doors.post("overleggen", body=body)
        except Refused as refused:
            return await _overview(visit, None, form, refused)
        query = urlencode({"gedaan": "plan", "positie": min(receipt["posities"], default=0)})
        return visit.to(f"/overleggen/{body['overlegId']}?{query}")


def _leaf(routes: APIRouter) -> None:
    @routes.get("/overleggen/{overlegId}")
    async def session(visit: Visitor, overlegId: UUID, gedaan: Gedaan = None, positie: Positie = None) -> Response:
        known = gedaan in {*IN_OVERLEG, *AAN_TAFEL, "plan"}
        return await _page(visit, overlegId, gedaan=gedaan if known else None, positie=positie)


async def _page(
    visit: Visit,
    id: UUID,
    *,
    gedaan: str | None = None,
    positie: int | None = None,
    daad: str = "",
    form: Form | None = None,
    refused: Refused | None = None,
) -> Response:
    """One session; with the act that was refused opened at its form, and what was typed in it."""
    found, fresh = await shown(partial(visit.doors.get, "overleggen", id), positie)
    here, words, me = found["aanwezig"], found.get("inhoud") or {}, visit.sessie.zetel
    return visit.page(
        "overleg.html",
        "Casustafel",
        refused.status if refused else 200,
        doel=DOEL,
        doelen=(DOEL,),
        overleg=found,
        voorzitter=found["voorzitter"] == me,
        acties=[{**line, "actie": words.get(line["nummer"], {}).get("actie", "")} for line in found["acties"]],
        buiten=[pair for pair in visit.console.hats.near(me) if pair[0] not in here],
        stroom=await _from_now(visit, found),
        zorgdoel=_care_purpose(visit),
        zicht_signalen=await _signals(visit, found),
        zicht_casussen=await _cases(visit, found),
        lagen=LAGEN,
        antwoorden=ANTWOORDEN,
        gedaan=gedaan,
        vers=fresh,
        **reply(form or {}, daad, refused),
    )


async def _from_now(visit: Visit, overleg: Data) -> str:
    """Where the page hears that something changed after now; empty where nothing will, or this hat may not ask it."""
    if overleg["status"] != "open":
        return ""
    try:
        newest = await visit.doors.get("gebeurtenissen", nieuwste="true", aantal=1)
    except Refused:
        return ""
    return f"/console/nieuws/stroom?na={newest['volgende']}"


def _care_purpose(visit: Visit) -> str:
    """The purpose for which a table of care shows its signals; empty for a hat without a place there."""
    found = visit.console.hats.purpose_of("zorg-en-registratie")
    return found if found in visit.console.hats.purposes(visit.sessie.zetel) else ""


async def _signals(visit: Visit, overleg: Data) -> list[tuple[str, list[Zicht]]]:
    """Of each signal that this seat put on the agenda: who sees what of it now, from its recipients on record."""
    found = []
    for line in overleg["agenda"][:MEEST]:
        held = (await visit.doors.get("signalen", line["signaalId"], "ontvangers"))["ontvangers"]
        found.append((line["signaalId"], zicht(overleg, held, visit.sessie.zetel)))
    return found


def zicht(overleg: Data, ontvangers: Sequence[Data], zetel: str) -> list[Zicht]:
    """Who sees what of a signal now: all who sit there but `zetel` itself, who was shown it here, and who has it."""
    mine = [one for one in ontvangers if not one["vervallen"] or one.get("gebondenAan") == overleg["overlegId"]]
    seats = [*overleg["aanwezig"], *(one["ontvanger"] for one in mine)]
    return [_seen(overleg, mine, seat) for seat in dict.fromkeys(seats) if seat != zetel]


def _seen(overleg: Data, ontvangers: Iterable[Data], zetel: str) -> Zicht:
    own = [one for one in ontvangers if one["ontvanger"] == zetel]
    now = [one for one in own if not one["vervallen"]]
    ended = max((one["vervallen"]["op"] for one in own if one["vervallen"]), default="")
    return Zicht(
        zetel,
        overleg["aanwezig"].get(zetel),
        tuple(sorted({category for one in now for category in one["categorieen"]})),
        tuple(dict.fromkeys(ground for one in now for ground in one["grondslagen"])),
        aan_tafel=any(one.get("gebondenAan") == overleg["overlegId"] for one in now),
        tot="" if now else ended,
    )


async def _cases(visit: Visit, overleg: Data) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Of each case on the agenda: who at the table takes part in it; nothing where this hat does not know that.

    Under the statute it is taking part, not sitting there, that lets one see a case.
    """
    members: dict[str, list[str]] = {}
    for doel in visit.console.hats.purposes(visit.sessie.zetel):
        if members.keys() >= set(overleg["casussen"]):
            break
        listed = await visit.doors.get("casussen", doel=doel, aantal=100, status="open")
        members |= {case["casusId"]: case["deelnemers"] for case in listed["casussen"]}
    return [
        (id, [(seat, seat in members[id]) for seat in overleg["aanwezig"]])
        for id in overleg["casussen"]
        if id in members
    ]


def _act(routes: APIRouter) -> None:
    @routes.post("/overleggen/{overlegId}/daden/{daad}")
    async def act(visit: Visitor, overlegId: UUID, daad: str) -> Response:
        form = await visit.form()
        wanted = IN_OVERLEG.get(daad) or AAN_TAFEL.get(daad)
        if wanted is None:
            raise Refused({}, 404)
        path = ("overleggen", overlegId) if daad in IN_OVERLEG else ("casussen", one(form, "casusId"))
        try:
            receipt = await visit.doors.post(*path, wanted.operatie, body=wanted.body(form))
        except Refused as refused:
            return await _page(visit, overlegId, daad=daad, form=form, refused=refused)
        return visit.to(f"/overleggen/{overlegId}?{done(daad, wanted, receipt)}")
