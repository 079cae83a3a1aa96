"""The signals of a hat: what waits for her, each signal with its age and feedback, and what one does with one."""

from asyncio import gather
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.codelijst import codelijst
from contracts.waarden import SporenVanInname
from hub.console.page.acting import Body, Data, Form, done, one, reply, shown
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.reading import PAGE, Doel, Na, frame_of, purpose
from hub.console.page.visit import Visit, pages
from hub.console.reporter.handling import OP_SIGNAAL, corrected
from hub.console.reporter.signs import vormen
from hub.console.reporter.summary import named, summary
from hub.console.reporter.vouching import TEKSTEN
from hub.domain.terugkoppeling import MELDBAAR

#: A signal that only its own organisation knows of.
ONGEDEELD = frozenset({"geregistreerd", "niet-gedeeld"})
OPEN = frozenset({"open", "te-laat"})
#: What led to a leaf where something that was to be shared was refused.
PARTLY = "deels-gedeeld"
GEVOLGEN = ("verwerkt", "vernietigd", "geen-kopie")
AANHOUDREDENEN = ("onthouden-privacy", "onthouden-strafrechtelijk-onderzoek")
DOOR = ("slachtoffer", "ouder", "voogd", "verstrekker")
TOESTEMVORMEN = ("uitdrukkelijk", "schriftelijk", "mondeling")
STANDEN = ("geregistreerd", "niet-gedeeld", "gedeeld", "ingetrokken", "weerlegd")
Positie = Annotated[int | None, Query(ge=0, le=2**53)]
Stand = Annotated[str | None, Query(pattern="^[a-z-]*$", max_length=40)]


EMPTY: Form = MappingProxyType({})


class Blad(NamedTuple):
    """What a leaf is drawn from: the act whose form is open, what was typed in it, and what came of it.

    `gedaan`, `positie`: the act that led here, and the number from which on the views show it.
    """

    daad: str = ""
    form: Form = EMPTY
    refused: Refused | None = None
    uitslag: Any = None
    gedaan: str | None = None
    positie: int | None = None


def router() -> APIRouter:
    """The list, the leaf and the acts."""
    routes = pages()
    for add in (_list, _duty, _leaf, _act):
        add(routes)
    return routes


def _list(routes: APIRouter) -> None:
    @routes.get("/signalen")
    async def signals(visit: Visitor, doel: Doel = None, na: Na = None, status: Stand = None) -> Response:
        chosen, get = purpose(visit, doel), visit.doors.get
        found, owed, duties, recalls = await gather(
            get("signalen", doel=chosen, na=na, aantal=PAGE, status=status or None),
            get("terugkoppelingen", status="onbeantwoord", aantal=PAGE),
            get("plichten", aantal=PAGE),
            get("terugroepingen", status="onbeantwoord", aantal=PAGE),
        )
        mine, now = visit.sessie.zetel, visit.console.clock()
        return visit.page(
            "signalen.html",
            "Signalen",
            lijst=found,
            stand=status or "",
            standen=STANDEN,
            dagen={one["signaalId"]: age(one["sinds"], now) for one in found["signalen"]},
            vormen={one["signaalId"]: forms_of(one) for one in found["signalen"]},
            ongedeeld=[one for one in found["signalen"] if one["zetel"] == mine and one["status"] in ONGEDEELD],
            plichten=[one for one in duties["plichten"] if one["status"] in OPEN and _about_signal(one)],
            schulden=[one for one in owed["terugkoppelingen"] if one["rol"] == "ontvanger"],
            terugroepingen=[one for one in recalls["terugroepingen"] if one["rol"] == "ontvanger"],
            **frame_of(visit, chosen),
        )


def age(sinds: str, now: datetime) -> int:
    """Whole days since a moment."""
    return max((now - datetime.fromisoformat(sinds)).days, 0)


def forms_of(signaal: Data) -> list[str]:
    """The forms of exploitation, as far as they may be seen."""
    said = (one["inhoud"].get("inhoud", one["inhoud"]).get("vormen", ()) for one in signaal["bijdragen"])
    known = {one.code: one.label for one in codelijst("uitbuitingsvorm").waarden}
    return [known.get(code, code) for code in dict.fromkeys(code for forms in said for code in forms)]


def _about_signal(duty: Mapping[str, Any]) -> bool:
    return bool(duty["soort"] == "signaal" and duty["rol"] == "plichthouder" and duty.get("onderwerpId"))


def _duty(routes: APIRouter) -> None:
    @routes.post("/plichten/{plichtId}/vervuld")
    async def met(visit: Visitor, plichtId: UUID) -> Response:
        form = await visit.form()
        body = {"onderwerpId": one(form, "onderwerpId")}
        await visit.doors.post("plichten", plichtId, "vervullingen", body=body)
        return visit.to("/signalen" + (f"?doel={one(form, 'doel')}" if one(form, "doel") else ""))


def _leaf(routes: APIRouter) -> None:
    @routes.get("/signalen/{signaalId}")
    async def signal(
        visit: Visitor, signaalId: UUID, doel: Doel = None, gedaan: Doel = None, positie: Positie = None
    ) -> Response:
        return await _page(visit, signaalId, doel, Blad(gedaan=gedaan, positie=positie))


def _act(routes: APIRouter) -> None:
    @routes.post("/signalen/{signaalId}/daden/{daad}")
    async def act(visit: Visitor, signaalId: UUID, daad: str) -> Response:
        form = await visit.form()
        if daad not in OP_SIGNAAL:
            raise Refused({}, 404)
        seen_for = one(form, "doel") or None
        known = OP_SIGNAAL[daad]
        try:
            if one(form, "wens") == "toets":
                uitslag = await _asked(visit, signaalId, seen_for, known.body(form))
                return await _page(visit, signaalId, seen_for, Blad(daad, form, uitslag=uitslag))
            body = await _corrected(visit, signaalId, seen_for, form) if daad == "rectificatie" else known.body(form)
            receipt = await visit.doors.post("signalen", signaalId, known.operatie, body=body)
        except Refused as refused:
            if refused.status not in (400, 403, 409):
                raise
            return await _page(visit, signaalId, seen_for, Blad(daad, form, refused=refused))
        said = done(daad, known, receipt)
        if daad == "wissing":
            return visit.to(f"/signalen?{said}")
        return visit.to(f"/signalen/{signaalId}?{said}" + (f"&doel={seen_for}" if seen_for else ""))


async def _corrected(visit: Visit, id: UUID, doel: str | None, form: Form) -> Body:
    """What the seat brought in, put right. Raises Refused where it brought nothing in."""
    own = await _brought(visit, id, doel)
    if own is None:
        raise Refused({"title": "Dit kan alleen met wat uw eigen organisatie inbracht"}, 409)
    return corrected(form, own)


async def _asked(visit: Visit, id: UUID, doel: str | None, wish: Body) -> Any:
    """The dry run on what this hat itself put in; None where it put nothing in."""
    own = await _brought(visit, id, doel)
    if own is None:
        return None
    keuze = {name: wish[name] for name in ("naar", "spoor", "doel", "omstandigheden") if name in wish}
    return await visit.doors.post("signalen", "_toets", body={"melding": own, "ontvangers": [keuze]})


async def _brought(visit: Visit, id: UUID, doel: str | None) -> Any:
    found = await visit.doors.get("signalen", id, doel=purpose(visit, doel))
    return own_of(found, visit.sessie.zetel)


def own_of(signaal: Mapping[str, Any], zetel: str) -> Any:
    """What this seat reported of it, as it stands now; None where it reported nothing."""
    said: Iterable[Any] = (one["inhoud"] for one in signaal["bijdragen"] if one["zetel"] == zetel)
    return next((one for one in said if "kenmerk" in one and "inhoud" in one), None)


async def _page(visit: Visit, id: UUID, doel: str | None, blad: Blad) -> Response:
    """One signal; with the act that was refused opened at its form, and what was typed in it."""
    chosen = purpose(visit, doel)
    found, visible = await shown(lambda: visit.doors.get("signalen", id, doel=chosen), blad.positie)
    mine = visit.sessie.zetel
    return visit.page(
        "signaal.html",
        "Eén signaal",
        blad.refused.status if blad.refused else 200,
        signaal=found,
        dagen=age(found["sinds"], visit.console.clock()),
        eigen=own_of(found, mine),
        anderen=[one for one in found["bijdragen"] if one["zetel"] != mine],
        personen=persons_of(found),
        uitslag=blad.uitslag,
        samen=summary(blad.uitslag["ontvangers"]) if blad.uitslag else [],
        gedaan=blad.gedaan,
        zichtbaar=visible,
        **await _around(visit, id, blad.gedaan == PARTLY),
        **reply(blad.form, blad.daad, blad.refused),
        **_choices(visit),
        **frame_of(visit, chosen),
    )


async def _around(visit: Visit, id: UUID, partly: bool) -> dict[str, Any]:
    """What else there is about a signal. `partly`: passing it on was refused just now, and this tells why."""
    get, about = visit.doors.get, str(id)
    held, debts, recalls, consents, tasks = await gather(
        get("signalen", id, "ontvangers"),
        get("terugkoppelingen", signaalId=id),
        get("terugroepingen", signaalId=id, status="onbeantwoord"),
        get("toestemmingen", aantal=PAGE),
        get("correctietaken", aantal=PAGE),
    )
    refusals = (await get("weigeringen", aantal=PAGE))["items"] if partly else []
    owed = debts["terugkoppelingen"]
    return {
        "ontvangers": [{**one, "namen": list(map(named, one["categorieen"]))} for one in held["ontvangers"]],
        "schulden": [one for one in owed if one["rol"] == "ontvanger" and one["status"] != "vervallen"],
        "gemeld": [one for one in owed if one["rol"] == "melder"],
        "terugroepingen": [one for one in recalls["terugroepingen"] if one["rol"] == "ontvanger"],
        "toestemmingen": [one for one in consents["items"] if one["signaalId"] == about],
        "taken": [one for one in tasks["correctietaken"] if one["signaalId"] == about],
        "geweigerd": [one for one in refusals if one.get("signaalId") == about],
    }


def persons_of(signaal: Data) -> list[tuple[str, str]]:
    """The persons one may see, by number and by what they are called here."""
    found: dict[str, str] = {}
    for part in signaal["bijdragen"]:
        for person in part["inhoud"].get("inhoud", part["inhoud"]).get("betrokkenen", ()):
            id = str(person["betrokkeneId"])
            found[id] = person.get("naam") or found.get(id) or f"persoon {id[:8]}"
    return list(found.items())


def _choices(visit: Visit) -> dict[str, Any]:
    """What one may choose from in the forms."""
    statuses = [one for one in codelijst("terugkoppelstatus").waarden if one.code in MELDBAAR and not one.vervallen]
    offers = [one for one in codelijst("bedenktijdstatus").waarden if not one.code.startswith("geeindigd")]
    return {
        "statussen": [(one.code, one.label) for one in statuses],
        "redenen": [(one.code, one.label) for one in codelijst("reden-geen-opvolging").waarden],
        "aanhoudredenen": AANHOUDREDENEN,
        "gevolgen": GEVOLGEN,
        "zetels": visit.console.hats.near(visit.sessie.zetel),
        "sporen": [one for one in SporenVanInname if one != "intern"],
        "alle_doelen": visit.console.hats.all_purposes(),
        "verklaringen": TEKSTEN,
        "vormen": [(one.code, one.label) for one in vormen()],
        "zekerheden": [(one.code, one.label) for one in codelijst("zekerheid").waarden if not one.vervallen],
        "rollen": [(one.code, one.label) for one in codelijst("rol").waarden if not one.vervallen],
        "door": DOOR,
        "toestemvormen": TOESTEMVORMEN,
        "aanbod": [(one.code, one.label) for one in offers],
    }
