"""Cases: the list by region, one case on one page, what joins what in it, and what one does there."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.codelijst import codelijst
from hub.console.analyst import course
from hub.console.analyst.dossier import Dossier, dossier
from hub.console.analyst.drawing import ZOOM, drawing
from hub.console.analyst.powers import care_seats, powers
from hub.console.analyst.results import categories
from hub.console.page.acting import IN_CASUS, PIECES, Form, done, fields, one, reply, shown
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.frame import translator
from hub.console.page.reading import PAGE, Doel, Na, frame_of, purpose
from hub.console.page.visit import Visit, pages

Code = Annotated[str | None, Query(max_length=40)]
SPOREN = ("riec", "zvh", "zorg-en-registratie")
STANDEN = ("open", "gesloten", "vernietigd")
FASEN = (0, 1, 2, 3)
BEZWAREN = ("resultaten", "alles")
VERNIEUWGRONDEN = ("complex-open", "terugval-risico", "anders")
INSTEMMINGEN = ("alle", "deel", "geen")
ACTIVITEITEN = ("casusoverleg", "handhavingsknelpunt", "scan")
#: Lines of each list on one page: together they stay a page that opens at once and that one can take in.
STAPPEN, BIJDRAGEN, PERSONEN, REGELS = 25, 10, 15, 10
#: Lines of the table beside the drawing.
VERBANDEN = 100


class Blik(BaseModel):
    """What of a case one looks at: which page of each list, and which form stands open with which action in it."""

    doel: str | None = Field(None, pattern="^[a-z-]+$", max_length=60)
    tijdlijn: int = Field(1, ge=1, le=10_000)
    bijdragen: int = Field(1, ge=1, le=10_000)
    personen: int = Field(1, ge=1, le=10_000)
    organisaties: int = Field(1, ge=1, le=10_000)
    locaties: int = Field(1, ge=1, le=10_000)
    telefoons: int = Field(1, ge=1, le=10_000)
    voertuigen: int = Field(1, ge=1, le=10_000)
    gedaan: str | None = Field(None, max_length=40)
    positie: int | None = Field(None, ge=0, le=2**53)
    daad: str = Field("", max_length=40)
    interventie: UUID | None = None


#: The lists of things: kind, name of the list, heading.
DINGEN = (
    ("organisatie", "organisaties", "Organisaties"),
    ("locatie", "locaties", "Locaties"),
    ("telefoon", "telefoons", "Telefoons"),
    ("voertuig", "voertuigen", "Voertuigen"),
)


def router() -> APIRouter:
    """The list, the leaf, the drawing and the acts."""
    routes = pages()
    for add in (_list, _open, _leaf, _joined, _act):
        add(routes)
    return routes


def _list(routes: APIRouter) -> None:
    @routes.get("/casussen")
    async def cases(
        visit: Visitor, doel: Doel = None, na: Na = None, regio: Code = None, status: Code = None, spoor: Code = None
    ) -> Response:
        asked = {"regio": (regio or "").strip().lower(), "status": status or "", "spoor": spoor or ""}
        return await _overview(visit, doel, na, asked)


async def _overview(
    visit: Visit,
    doel: str | None,
    na: int | None,
    asked: Mapping[str, str],
    form: Form | None = None,
    failed: Refused | None = None,
) -> Response:
    """The list; with the form to open a case, as it was filled in where that failed."""
    chosen, wanted = purpose(visit, doel), {name: value for name, value in asked.items() if value}
    refused: Refused | None = None
    try:
        found = await visit.doors.get("casussen", doel=chosen, na=na, aantal=PAGE, **wanted)
    except Refused as error:
        if error.status != 400:
            raise
        found, refused = {"casussen": [], "volgende": None}, error
    wrong, typed = failed or refused, form or {}
    return visit.page(
        "casussen.html",
        "Casussen",
        wrong.status if wrong else 200,
        lijst=found,
        gevraagd=asked,
        sporen=SPOREN,
        standen=STANDEN,
        activiteiten=ACTIVITEITEN,
        vormen=_codes(visit, "uitbuitingsvorm"),
        alle_doelen=visit.console.hats.purposes(visit.sessie.zetel),
        nummer=one(typed, "casusId") or str(uuid4()),
        regio=one(typed, "regio") or visit.console.hats.regio(visit.sessie.zetel),
        zorgzetel=_is_care(visit),
        meer=urlencode({"doel": chosen, **wanted, "na": found["volgende"]}) if found["volgende"] else "",
        **reply(typed, "casus" if failed else "zoek", wrong),
        **frame_of(visit, chosen),
    )


def _is_care(visit: Visit) -> bool:
    beleid = visit.console.hats.beleid()
    return beleid.zetels[beleid.instanties[visit.sessie.zetel].type].zorg


def _codes(visit: Visit, lijst: str) -> list[tuple[str, str]]:
    """The codes of a list that may be used now, with their labels in her language."""
    english = visit.sessie.taal == "en"
    values = (value for value in codelijst(lijst).waarden if not value.vervallen)
    return [(value.code, value.label_en if english and value.label_en else value.label) for value in values]


def _open(routes: APIRouter) -> None:
    body = fields("casusId", "spoor", "regio", "doel", "tafel", "activiteit", "vorm")

    @routes.post("/casussen")
    async def open_case(visit: Visitor) -> Response:
        form = await visit.form()
        wanted = body(form)
        try:
            receipt = await visit.doors.post("casussen", body=wanted)
        except Refused as refused:
            nothing = {"regio": "", "status": "", "spoor": ""}
            return await _overview(visit, None, None, nothing, form, refused)
        query = urlencode({"doel": wanted["doel"], "gedaan": "casus", "positie": min(receipt["posities"], default=0)})
        return visit.to(f"/casussen/{wanted['casusId']}?{query}")


def _leaf(routes: APIRouter) -> None:
    @routes.get("/casussen/{casusId}")
    async def case(visit: Visitor, casusId: UUID, blik: Annotated[Blik, Query()]) -> Response:
        return await _page(visit, casusId, blik)


async def _page(
    visit: Visit, id: UUID, blik: Blik, *, form: Form | None = None, refused: Refused | None = None
) -> Response:
    """One case; with the act that was refused opened at its form, and what was typed in it."""
    chosen = purpose(visit, blik.doel)
    look = partial(visit.doors.get, "casussen", id, doel=chosen)
    found, fresh = await shown(look, blik.positie)
    actions = course.interventies(found["tijdlijn"])
    may = powers(visit.console.hats.beleid(), visit.sessie.zetel, found, actions)
    typed = form or ({"interventieId": [str(blik.interventie)]} if blik.interventie else {})
    return visit.page(
        "casus.html",
        "Eén casus",
        refused.status if refused else 200,
        casus=found,
        criteria=course.criteria(found["spoor"], found["tijdlijn"]),
        interventies=actions,
        mag=may,
        vers=fresh,
        gedaan=blik.gedaan in {*IN_CASUS, "casus"},
        resultaat_gemaakt=blik.gedaan == "resultaat",
        **await _why(visit, id, found),
        **_lists(visit, found, blik),
        **_choices(visit, found),
        **reply(typed, blik.daad, refused),
        **frame_of(visit, chosen),
    )


def _lists(visit: Visit, found: Mapping[str, Any], blik: Blik) -> dict[str, Any]:
    """The long lists of a case, each as the page of it that was asked for."""
    whole = dossier(found, translator(visit.sessie.taal))
    things = [
        (name, head, course.page_of(whole.van_soort(kind), getattr(blik, name), REGELS)) for kind, name, head in DINGEN
    ]
    return {
        "dossier": whole,
        "tijdlijn": course.page_of(found["tijdlijn"][::-1], blik.tijdlijn, STAPPEN),
        "bijdragen": course.page_of(found["bijdragen"], blik.bijdragen, BIJDRAGEN),
        "personen": course.page_of([*whole.personen.values()], blik.personen, PERSONEN),
        "dingen": things,
    }


def _choices(visit: Visit, found: Mapping[str, Any]) -> dict[str, Any]:
    """What one may choose from in the forms."""
    hats, beleid = visit.console.hats, visit.console.hats.beleid()
    return {
        "fasen": FASEN,
        "zetels": [pair for pair in hats.near(visit.sessie.zetel) if pair[0] not in found["deelnemers"]],
        "zorgzetels": care_seats(beleid, found),
        "sluitingsredenen": _codes(visit, "sluitingsreden"),
        "letters": _codes(visit, "uitzonderingsgrond-uavg-41"),
        "functies": _codes(visit, "functie"),
        "bezwaren": BEZWAREN,
        "vernieuwgronden": VERNIEUWGRONDEN,
        "instemmingen": INSTEMMINGEN,
        "categorieen": categories(),
        "stukken": range(PIECES),
        "nieuw": str(uuid4()),
    }


async def _why(visit: Visit, id: UUID, found: Mapping[str, Any]) -> dict[str, Any]:
    """Why something is shown or hidden, once and beside each contribution; nothing where this hat may not ask it."""
    try:
        lines = list((await visit.doors.get("casussen", id, "uitleg"))["uitleg"])
    except Refused:
        lines = []
    hidden = course.redenen(lines, zichtbaar=False)
    beside, seen = course.per_bijdrage(lines, hidden), {one["signaalId"] for one in found["bijdragen"]}
    return {
        "verborgen": hidden,
        "getoond": course.redenen(lines, zichtbaar=True),
        "per_bijdrage": beside,
        "ongezien": {signaal: seats for signaal, seats in beside.items() if signaal not in seen},
    }


def _joined(routes: APIRouter) -> None:
    @routes.get("/casussen/{casusId}/samenhang")
    async def joined(
        visit: Visitor,
        casusId: UUID,
        doel: Doel = None,
        zoom: int = 100,
        rond: Annotated[str, Query(pattern="^[a-z]*[0-9]{0,5}$")] = "",
        blad: Annotated[int, Query(ge=1, le=10_000)] = 1,
    ) -> Response:
        chosen = purpose(visit, doel)
        found = await visit.doors.get("casussen", casusId, doel=chosen)
        whole = dossier(found, translator(visit.sessie.taal))
        keys = around(whole)
        return visit.page(
            "samenhang.html",
            "Wat hangt met wat samen",
            casus=found,
            dossier=whole,
            tekening=drawing(whole, keys.get(rond, "")),
            verbanden=course.page_of([*whole.verbanden.values()], blad, VERBANDEN),
            labels=whole.labels(),
            teksten=whole.teksten(),
            keuzes=[(key, whole.labels()[id]) for key, id in keys.items()],
            rond=rond if rond in keys else "",
            zoom=min(ZOOM, key=lambda step: abs(step - zoom)),
            stappen=ZOOM,
            **frame_of(visit, chosen),
        )


def around(whole: Dossier) -> dict[str, str]:
    """What one may draw around, by a key for the address: a kind and a number here, never what it stands for."""
    kinds = {"persoon": [*whole.personen], "signaal": [*whole.signalen]}
    kinds |= {kind: [one.id for one in whole.van_soort(kind)] for kind, _, _ in DINGEN}
    return {f"{kind}{number}": id for kind, ids in kinds.items() for number, id in enumerate(ids, 1)}


def _act(routes: APIRouter) -> None:
    @routes.post("/casussen/{casusId}/daden/{daad}")
    async def act(visit: Visitor, casusId: UUID, daad: str) -> Response:
        form = await visit.form()
        wanted = IN_CASUS.get(daad)
        if wanted is None:
            raise Refused({}, 404)
        doel = one(form, "doel") or None
        try:
            receipt = await visit.doors.post("casussen", casusId, wanted.operatie, body=wanted.body(form))
        except Refused as refused:
            return await _page(visit, casusId, Blik(doel=doel, daad=daad), form=form, refused=refused)
        seen_for = urlencode({"doel": purpose(visit, doel)})
        return visit.to(f"/casussen/{casusId}?{seen_for}&{done(daad, wanted, receipt)}")
