"""Subscriptions of a hat and what became of what they bring: take, change, suspend, resume, end, and send again."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from contracts.codelijst import codelijst
from hub.console.page.acting import Form, one
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.visit import Visit, pages
from hub.console.reporter.signs import vormen

Na = Annotated[int | None, Query(ge=0, le=2**53)]
Status = Annotated[str | None, Query(pattern="^(wachtend|bezorgd|onbestelbaar|vervallen)?$")]
Gedaan = Annotated[str | None, Query(pattern="^[a-z-]+$", max_length=40)]
#: Of everything there is to follow, in the order of the form.
KANALEN = ("casussen", "signalen", "terugroepingen", "terugkoppelingen", "plichten", "resultaten", "overleggen")
WIJZEN = {
    "stroom": "hier op het scherm, zodra het gebeurt",
    "ophalen": "ons systeem haalt het op",
    "webhook": "de hub stuurt het naar ons systeem",
    "kafka": "via Kafka",
}
ACTIES = {"create": "er komt iets bij", "update": "er verandert iets", "destroy": "er verdwijnt iets"}
#: What one does with a subscription: the operation below it.
DADEN = {"schors": "schorsingen", "hervat": "hervattingen", "beeindig": "beeindigingen"}
PAGE = 50
#: Fields of the form by their place in the body.
_VELDEN = {
    "/bezorgwijze": "bezorgwijze",
    "/terugbeladres": "terugbeladres",
    "/autorisatie": "autorisatie",
    "/filters/gebieden": "gebieden",
    "/filters/kanalen": "kanalen",
    "/filters/casussen": "casussen",
    "/filters/vormen": "vormen",
}


class Blad(NamedTuple):
    """The form on the page: which subscription it changes, None for a new one; what stands in it and what is wrong."""

    form: Form
    id: UUID | None = None
    refused: Refused | None = None
    gedaan: str | None = None


def router() -> APIRouter:
    """Subscriptions and deliveries."""
    routes = pages()
    for add in (_every, _one, _act, _deliveries, _again):
        add(routes)
    return routes


def _every(routes: APIRouter) -> None:
    @routes.get("/abonnementen")
    async def every(visit: Visitor, gedaan: Gedaan = None) -> Response:
        return await _page(visit, Blad({"bezorgwijze": ["stroom"]}, gedaan=gedaan))

    @routes.post("/abonnementen")
    async def take(visit: Visitor) -> Response:
        form = await visit.form()
        try:
            await visit.doors.post("abonnementen", body={"abonnementId": str(uuid4())} | wanted(form))
        except Refused as refused:
            return await _page(visit, Blad(_open(form), refused=refused))
        return visit.to("/abonnementen?gedaan=genomen")


def _one(routes: APIRouter) -> None:
    @routes.get("/abonnementen/{abonnementId}")
    async def change(visit: Visitor, abonnementId: UUID) -> Response:
        known = await visit.doors.get("abonnementen", abonnementId)
        return await _page(visit, Blad(as_form(known), abonnementId))

    @routes.post("/abonnementen/{abonnementId}/wijziging")
    async def changed(visit: Visitor, abonnementId: UUID) -> Response:
        form = await visit.form()
        try:
            await visit.doors.post("abonnementen", abonnementId, "wijzigingen", body=wanted(form))
        except Refused as refused:
            if refused.status == 404:
                raise
            return await _page(visit, Blad(_open(form), abonnementId, refused))
        return visit.to("/abonnementen?gedaan=gewijzigd")


def wanted(form: Form) -> dict[str, Any]:
    """How which news is to be brought, as the contract wants it."""
    filters = {name: list(form.get(name, ())) for name in ("kanalen", "vormen", "acties")}
    filters |= {name: _words(form, name) for name in ("gebieden", "casussen")}
    secret = {name: value for name in ("terugbeladres", "autorisatie") if (value := one(form, name))}
    return {"bezorgwijze": one(form, "bezorgwijze"), "filters": filters} | secret


def as_form(known: Mapping[str, Any]) -> dict[str, list[str]]:
    """A subscription as the form has it; its secret is never shown and must be typed again."""
    filters: Mapping[str, Sequence[str]] = known["filters"]
    form = {name: list(filters[name]) for name in ("kanalen", "vormen", "acties")}
    form |= {name: [", ".join(filters[name])] for name in ("gebieden", "casussen")}
    return form | {"bezorgwijze": [known["bezorgwijze"]], "terugbeladres": [known["terugbeladres"] or ""]}


def _open(form: Form) -> dict[str, list[str]]:
    """What was typed, without the secret."""
    return {name: list(values) for name, values in form.items() if name != "autorisatie"}


def _words(form: Form, name: str) -> list[str]:
    return one(form, name).replace(",", " ").split()


async def _page(visit: Visit, blad: Blad) -> Response:
    found = await visit.doors.get("abonnementen")
    problem = dict(blad.refused.problem) if blad.refused else None
    if problem is not None:
        problem["velden"] = [_fault(each) for each in problem.get("fouten") or ()]
    known = {each.code: each.label for each in codelijst("uitbuitingsvorm").waarden}
    return visit.page(
        "abonnementen.html",
        "Abonnementen" if blad.id is None else "Abonnement wijzigen",
        blad.refused.status if blad.refused else 200,
        abonnementen=found["abonnementen"],
        wijzigt=blad.id,
        geheim=any(each["heeftAutorisatie"] for each in found["abonnementen"] if each["abonnementId"] == str(blad.id)),
        kanalen=KANALEN,
        wijzen=WIJZEN,
        acties=ACTIES,
        vormen=[(each.code, each.label) for each in vormen() if each.code != "onbekend"],
        vormnamen=known,
        form=blad.form,
        een=lambda name: one(blad.form, name),
        gedaan=blad.gedaan,
        probleem=problem,
    )


def _fault(each: Mapping[str, str]) -> tuple[str, str, str]:
    """The field of the form of a fault, its sentence and its name; without a field it is about all of it."""
    field = next((name for place, name in _VELDEN.items() if each["veld"].startswith(place)), "")
    return field, each["melding"], field.capitalize()


def _act(routes: APIRouter) -> None:
    @routes.post("/abonnementen/{abonnementId}")
    async def act(visit: Visitor, abonnementId: UUID) -> Response:
        daad = one(await visit.form(), "daad")
        if daad not in DADEN:
            raise Refused({}, 404)
        await visit.doors.post("abonnementen", abonnementId, DADEN[daad], body={})
        return visit.to(f"/abonnementen?gedaan={daad}")

    @routes.post("/abonnementen/{abonnementId}/herhaling")
    async def since(visit: Visitor, abonnementId: UUID) -> Response:
        """Everything from a number on is brought again, for who was away for a while."""
        number = one(await visit.form(), "vanaf")
        body = {"na": max(int(number) - 1, 0) if number.isascii() and number.isdigit() else number}
        await visit.doors.post("abonnementen", abonnementId, "herhalingen", body=body)
        return visit.to("/bezorgingen?gedaan=herhaald")


def _deliveries(routes: APIRouter) -> None:
    @routes.get("/bezorgingen")
    async def deliveries(
        visit: Visitor, na: Na = None, status: Status = None, abonnement: UUID | None = None, gedaan: Gedaan = None
    ) -> Response:
        chosen = status or None
        found = await visit.doors.get("bezorgingen", na=na, aantal=PAGE, status=chosen, abonnementId=abonnement)
        taken = (await visit.doors.get("abonnementen"))["abonnementen"]
        return visit.page(
            "bezorgingen.html",
            "Bezorgingen",
            lijst=found,
            keuze=status or "",
            abonnement=str(abonnement or ""),
            webhooks=[each for each in taken if each["bezorgwijze"] == "webhook"],
            adressen={each["abonnementId"]: each["terugbeladres"] for each in taken},
            gedaan=gedaan,
        )


def _again(routes: APIRouter) -> None:
    @routes.post("/bezorgingen/{bezorgingId}")
    async def again(visit: Visitor, bezorgingId: UUID) -> Response:
        form = await visit.form()
        await visit.doors.post("bezorgingen", bezorgingId, "herhalingen", body={})
        return visit.to("/bezorgingen?gedaan=opnieuw" + ("&status=onbestelbaar" if one(form, "status") else ""))

    @routes.post("/bezorgingen")
    async def all_again(visit: Visitor) -> Response:
        """Everything on the page that never arrived."""
        for number in (await visit.form()).get("bezorgingen", ())[:PAGE]:
            await visit.doors.post("bezorgingen", number, "herhalingen", body={})
        return visit.to("/bezorgingen?gedaan=opnieuw")
