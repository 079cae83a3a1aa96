"""Looking closely, for who tests what others do: one case whole, a person, a day long past, and a policy to come."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from hub.console.doors import Refused
from hub.console.entry import Visitor
from hub.console.oversight import DOEL, LOGDOELEN, PAGE, Na, Tekst
from hub.console.visit import Visit, pages

#: So many lines of a case on one page: whether its series is whole shows only where all of it is there.
CASE_PAGE = 200


def router() -> APIRouter:
    """The case, the person, the day and the draft."""
    routes = pages()
    for add in (_case, _person, _back, _draft):
        add(routes)
    return routes


def _case(routes: APIRouter) -> None:
    @routes.get("/toezicht/casussen/{casusId}")
    async def case(visit: Visitor, casusId: UUID, doel: Tekst = None, na: Na = None) -> Response:
        chosen = doel or DOEL
        found = await visit.doors.get("casussen", casusId, "raadplegingen", doel=chosen, na=na, aantal=CASE_PAGE)
        logs = (await visit.doors.get("controlepunten"))["logboeken"]
        lines = found["raadplegingen"]
        return visit.page(
            "toezicht-casus.html",
            "Alles over één casus",
            casusId=casusId,
            lijst=found,
            verstrekt=[one for one in lines if one["handeling"] == "verstrekken"],
            anders=[one for one in lines if one["handeling"] != "verstrekken"],
            bewijs=_proven(logs),
            doel=chosen,
            doelen=LOGDOELEN,
        )


def _proven(logs: list[Mapping[str, Any]]) -> dict[str, int]:
    """Up to which number the access log stands in a checkpoint, and up to which one witnesses signed it too."""
    log = next(one for one in logs if one["logboek"] == "toegang")
    return {name: log[name]["grootte"] if log[name] else 0 for name in ("laatste", "getuigd")}


def _person(routes: APIRouter) -> None:
    @routes.get("/toezicht/betrokkene")
    async def ask(visit: Visitor) -> Response:
        _ = visit.doors
        return _person_page(visit, {}, None, None)

    @routes.post("/toezicht/betrokkene")
    async def answer(visit: Visitor) -> Response:
        """The number travels in the body, both to this page and to the API."""
        form = {name: values[0].strip() for name, values in (await visit.form()).items()}
        body: dict[str, Any] = {"betrokkeneId": form.get("betrokkeneId", ""), "doel": form.get("doel", DOEL)}
        if form.get("na", "").isdigit():
            body["na"] = int(form["na"])
        try:
            found = await visit.doors.post("raadplegingen", "_zoek", body=body | {"aantal": PAGE})
        except Refused as refused:
            return _person_page(visit, form, None, refused)
        return _person_page(visit, form, found, None)


def _person_page(visit: Visit, form: Mapping[str, str], found: Any, refused: Refused | None) -> Response:
    return visit.page(
        "toezicht-betrokkene.html",
        "Wie zag gegevens van deze betrokkene?",
        refused.status if refused else 200,
        ingevuld=form,
        logdoelen=LOGDOELEN,
        lijst=found,
        probleem=dict(refused.problem) if refused else None,
    )


def _back(routes: APIRouter) -> None:
    @routes.get("/toezicht/terugkijken")
    async def back(
        visit: Visitor, casusId: Tekst = None, zetel: Tekst = None, op: Tekst = None, doel: Tekst = None
    ) -> Response:
        asked = {"casusId": casusId or "", "zetel": zetel or "", "op": op or ""}
        found, refused = None, None
        if casusId and zetel:
            path = ("casussen", casusId.strip(), "zetels", zetel.strip(), "uitleg")
            try:
                found = (await visit.doors.get(*path, doel=doel or DOEL, op=op or None))["uitleg"]
            except Refused as error:
                refused = error
        return visit.page(
            "terugkijken.html",
            "Terugkijken",
            refused.status if refused else 200,
            gevraagd=asked,
            uitleg=found,
            onbekend=refused is not None and refused.status == 404,
            probleem=dict(refused.problem) if refused and refused.status != 404 else None,
            doel=doel or DOEL,
            doelen=LOGDOELEN,
        )


def _draft(routes: APIRouter) -> None:
    @routes.get("/toezicht/beleid/{versie}")
    async def draft(visit: Visitor, versie: str, doel: Tekst = None, na: Na = None) -> Response:
        chosen = doel or DOEL
        found = await visit.doors.get("beleid", "versies", versie, "gevolgen", doel=chosen, na=na)
        parts = {
            kop: [one for one in found["gevolgen"] if one["wordtToegestaan"] is opens]
            for kop, opens in (("Wat dicht zou gaan", False), ("Wat open zou gaan", True))
        }
        return visit.page(
            "beleidsgevolgen.html",
            "Wat zou anders uitvallen?",
            versie=versie,
            gevolgen=found,
            delen=parts,
            doel=chosen,
            doelen=LOGDOELEN,
        )
