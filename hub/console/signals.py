"""The signals of a hat: what waits for her, each signal with its age and feedback, and what one does with one."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from contracts.codelijst import codelijst
from contracts.waarden import SporenVanInname
from hub.console.acting import Body, Daad, Form, one
from hub.console.doors import Refused
from hub.console.entry import Visitor
from hub.console.reading import PAGE, Doel, Na, frame_of, purpose
from hub.console.summary import summary
from hub.console.visit import Visit, pages
from hub.domain.terugkoppeling import MELDBAAR

#: A signal that only its own organisation knows of.
ONGEDEELD = frozenset({"geregistreerd", "niet-gedeeld"})
OPEN = frozenset({"open", "te-laat"})
GEVOLGEN = ("verwerkt", "vernietigd", "geen-kopie")
AANHOUDREDENEN = ("onthouden-privacy", "onthouden-strafrechtelijk-onderzoek")
#: What the sender vouches for by ticking it: facts by their names in the policy.
VERKLARINGEN: Mapping[str, Mapping[str, str | bool]] = {
    "gevaar": {"gevaar": "acuut", "reden_vastgelegd": True},
    "belang": {"belang_slachtoffer": True},
    "besluit": {"besluit_vastgelegd": True},
}


def _said(*names: str) -> Callable[[Form], Body]:
    return lambda form: {name: value for name in names if (value := one(form, name))}


def _passing_on(form: Form) -> Body:
    facts = {fact: value for name in VERKLARINGEN if one(form, name) for fact, value in VERKLARINGEN[name].items()}
    vouched = {"omstandigheden": facts} if facts else {}
    purpose_there = {"doel": one(form, "voor")} if one(form, "voor") else {}
    return _said("naar", "spoor", "opdracht")(form) | purpose_there | vouched


#: On a signal, by the name of the form.
OP_SIGNAAL: Mapping[str, Daad] = {
    "terugkoppeling": Daad("terugkoppelingen", _said("aan", "status", "reden", "bericht")),
    "aanhouding": Daad("terugkoppelaanhoudingen", _said("terugkoppelingId", "aanhoudreden", "herbezienOp")),
    "doorzetting": Daad("doorzettingen", _passing_on),
    "ontvangst": Daad("ontvangstbevestigingen", _said("verstrekkingId")),
    "terugroeping": Daad("terugroepingbevestigingen", _said("terugroepingId", "gevolg")),
}


def router() -> APIRouter:
    """The list, the leaf and the acts."""
    routes = pages()
    for add in (_list, _leaf, _act):
        add(routes)
    return routes


def _list(routes: APIRouter) -> None:
    @routes.get("/signalen")
    async def signals(visit: Visitor, doel: Doel = None, na: Na = None) -> Response:
        chosen = purpose(visit, doel)
        found = await visit.doors.get("signalen", doel=chosen, na=na, aantal=PAGE)
        owed = (await visit.doors.get("terugkoppelingen", status="onbeantwoord", aantal=PAGE))["terugkoppelingen"]
        duties = (await visit.doors.get("plichten", aantal=PAGE))["plichten"]
        recalls = (await visit.doors.get("terugroepingen", status="onbeantwoord", aantal=PAGE))["terugroepingen"]
        mine, now = visit.sessie.zetel, visit.console.clock()
        return visit.page(
            "signalen.html",
            "Signalen",
            lijst=found,
            dagen={one["signaalId"]: age(one["sinds"], now) for one in found["signalen"]},
            ongedeeld=[one for one in found["signalen"] if one["zetel"] == mine and one["status"] in ONGEDEELD],
            plichten=[one for one in duties if one["status"] in OPEN and _about_signal(one)],
            schulden=[one for one in owed if one["rol"] == "ontvanger"],
            terugroepingen=[one for one in recalls if one["rol"] == "ontvanger"],
            **frame_of(visit, chosen),
        )


def age(sinds: str, now: datetime) -> int:
    """Whole days since a moment."""
    return max((now - datetime.fromisoformat(sinds)).days, 0)


def _about_signal(duty: Mapping[str, Any]) -> bool:
    return bool(duty["soort"] == "signaal" and duty["rol"] == "plichthouder" and duty.get("onderwerpId"))


def _leaf(routes: APIRouter) -> None:
    @routes.get("/signalen/{signaalId}")
    async def signal(visit: Visitor, signaalId: UUID, doel: Doel = None, gedaan: Doel = None) -> Response:
        return await _page(visit, signaalId, doel, gedaan=gedaan)


def _act(routes: APIRouter) -> None:
    @routes.post("/signalen/{signaalId}/daden/{daad}")
    async def act(visit: Visitor, signaalId: UUID, daad: str) -> Response:
        form = await visit.form()
        if daad not in OP_SIGNAAL:
            raise Refused({}, 404)
        seen_for = one(form, "doel") or None
        known, uitslag = OP_SIGNAAL[daad], None
        try:
            if one(form, "wens") == "toets":
                uitslag = await _asked(visit, signaalId, seen_for, known.body(form))
                return await _page(visit, signaalId, seen_for, daad=daad, form=form, uitslag=uitslag)
            await visit.doors.post("signalen", signaalId, known.operatie, body=known.body(form))
        except Refused as refused:
            if refused.status not in (400, 409):
                raise
            return await _page(visit, signaalId, seen_for, daad=daad, form=form, refused=refused)
        return visit.to(f"/signalen/{signaalId}?gedaan={daad}" + (f"&doel={seen_for}" if seen_for else ""))


async def _asked(visit: Visit, id: UUID, doel: str | None, wish: Body) -> Any:
    """The dry run on what this hat itself put in; None where it put nothing in."""
    found = await visit.doors.get("signalen", id, doel=purpose(visit, doel))
    own = _own(found, visit.sessie.zetel)
    if own is None:
        return None
    keuze = {name: wish[name] for name in ("naar", "spoor", "doel", "omstandigheden") if name in wish}
    return await visit.doors.post("signalen", "_toets", body={"melding": own, "ontvangers": [keuze]})


def _own(signaal: Mapping[str, Any], zetel: str) -> Any:
    said: Iterable[Any] = (one["inhoud"] for one in signaal["bijdragen"] if one["zetel"] == zetel)
    return next((one for one in said if "kenmerk" in one and "inhoud" in one), None)


async def _page(
    visit: Visit,
    id: UUID,
    doel: str | None,
    *,
    daad: str = "",
    form: Form | None = None,
    refused: Refused | None = None,
    uitslag: Any = None,
    gedaan: str | None = None,
) -> Response:
    """One signal; with the act that was refused opened at its form, and what was typed in it."""
    chosen, typed = purpose(visit, doel), form or {}
    found = await visit.doors.get("signalen", id, doel=chosen)
    held = (await visit.doors.get("signalen", id, "ontvangers"))["ontvangers"]
    debts = (await visit.doors.get("terugkoppelingen", signaalId=id))["terugkoppelingen"]
    recalls = (await visit.doors.get("terugroepingen", signaalId=id, status="onbeantwoord"))["terugroepingen"]
    return visit.page(
        "signaal.html",
        "Eén signaal",
        refused.status if refused else 200,
        signaal=found,
        dagen=age(found["sinds"], visit.console.clock()),
        ontvangers=held,
        schulden=[one for one in debts if one["rol"] == "ontvanger" and one["status"] != "vervallen"],
        gemeld=[one for one in debts if one["rol"] == "melder"],
        terugroepingen=[one for one in recalls if one["rol"] == "ontvanger"],
        eigen=_own(found, visit.sessie.zetel) is not None,
        daad=daad,
        een=lambda name: one(typed, name),
        probleem=dict(refused.problem) if refused else None,
        uitslag=uitslag,
        samen=summary(uitslag["ontvangers"]) if uitslag else [],
        gedaan=gedaan,
        **_choices(visit),
        **frame_of(visit, chosen),
    )


def _choices(visit: Visit) -> dict[str, Any]:
    """What one may choose from in the forms."""
    statuses = [one for one in codelijst("terugkoppelstatus").waarden if one.code in MELDBAAR and not one.vervallen]
    return {
        "statussen": [(one.code, one.label) for one in statuses],
        "redenen": [(one.code, one.label) for one in codelijst("reden-geen-opvolging").waarden],
        "aanhoudredenen": AANHOUDREDENEN,
        "gevolgen": GEVOLGEN,
        "zetels": visit.console.hats.near(visit.sessie.zetel),
        "sporen": [one for one in SporenVanInname if one != "intern"],
        "alle_doelen": visit.console.hats.all_purposes(),
    }
