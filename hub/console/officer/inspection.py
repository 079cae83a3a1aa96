"""Looking closely, for who tests what others do: one case whole, a person, a day long past, and a policy to come."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from hub.console.officer.drafts import parts
from hub.console.officer.oversight import DOEL, LOGDOELEN, PAGE, Logdoel, Na, Tekst
from hub.console.officer.proofs import checked
from hub.console.officer.searching import KOP, KOP_MEER, lines, row
from hub.console.page.acting import reply
from hub.console.page.doors import Refused
from hub.console.page.downloads import download, table
from hub.console.page.entry import Visitor
from hub.console.page.visit import Visit, pages

#: So many lines of a case on one page: whether its series is whole shows only where all of it is there.
CASE_PAGE = 200
UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
Ja = Annotated[str | None, Query(pattern="^(ja|)$")]


def router() -> APIRouter:
    """The case, the person, the day and the draft."""
    routes = pages()
    for add in (_choose_case, _case, _case_table, _case_evidence, _person, _back, _draft):
        add(routes)
    return routes


def _choose_case(routes: APIRouter) -> None:
    @routes.get("/toezicht/casus")
    async def choose(visit: Visitor, casusId: Tekst = None) -> Response:
        typed = (casusId or "").strip()
        if UUID_FORM.fullmatch(typed):
            return visit.to(f"/toezicht/casussen/{typed.lower()}")
        fault = {"veld": "/casusId", "melding": "Dit is geen nummer van een casus: 32 tekens in vijf groepen."}
        problem = {"title": "Geen nummer", "detail": "Er is niet gezocht.", "fouten": [fault]}
        refused = Refused(problem, 400) if typed else None
        values = reply({"casusId": [typed]}, "zoek", refused)
        _ = visit.doors
        return visit.page("toezicht-kies-casus.html", "Welke casus?", refused.status if refused else 200, **values)


def _case(routes: APIRouter) -> None:
    @routes.get("/toezicht/casussen/{casusId}")
    async def case(visit: Visitor, casusId: UUID, doel: Logdoel = None, na: Na = None) -> Response:
        chosen, path = doel or DOEL, ("casussen", casusId, "raadplegingen")
        found = await visit.doors.get(*path, doel=chosen, na=na, aantal=CASE_PAGE, bewijs=True)
        logs = (await visit.doors.get("controlepunten"))["logboeken"]
        log = next(one for one in logs if one["logboek"] == "toegang")
        rows = found["raadplegingen"]
        return visit.page(
            "toezicht-casus.html",
            "Alles over één casus",
            casusId=casusId,
            lijst=found,
            verstrekt=[one for one in rows if one["handeling"] == "verstrekken"],
            anders=[one for one in rows if one["handeling"] != "verstrekken"],
            bewijs=checked(rows, found["controlepunt"], log["sleutels"]),
            getuigd=log["getuigd"]["grootte"] if log["getuigd"] else 0,
            doel=chosen,
            doelen=LOGDOELEN,
        )


def _case_table(routes: APIRouter) -> None:
    @routes.get("/toezicht/casussen/{casusId}/tabel")
    async def save(visit: Visitor, casusId: UUID, doel: Logdoel = None, alles: Ja = None) -> Response:
        """The disclosures of a case, or every look at it."""
        found = await lines(visit, "casussen", casusId, "raadplegingen", doel=doel or DOEL)
        kept = [one for one in found if alles or one["handeling"] == "verstrekken"]
        return table("casus.csv", (*KOP, *KOP_MEER), map(row, kept))


def _case_evidence(routes: APIRouter) -> None:
    @routes.post("/toezicht/casussen/{casusId}/bewijs")
    async def evidence(visit: Visitor, casusId: UUID) -> Response:
        """The bundle that proves itself without the hub."""
        form = await visit.form()
        asked = {"casusId": str(casusId), "doel": form.get("doel", [DOEL])[0]}
        made = await visit.doors.made("bewijsbundels", body=asked)
        return download(made, "bewijs.zip", "application/zip")


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
        **reply({name: [value] for name, value in form.items()}, "zoek", refused),
    )


def _back(routes: APIRouter) -> None:
    @routes.get("/toezicht/terugkijken")
    async def back(
        visit: Visitor, casusId: Tekst = None, zetel: Tekst = None, op: Tekst = None, doel: Logdoel = None
    ) -> Response:
        asked = {"casusId": (casusId or "").strip(), "zetel": (zetel or "").strip(), "op": op or ""}
        found, refused = None, None
        if casusId and zetel:
            path = ("casussen", casusId.strip(), "zetels", zetel.strip(), "uitleg")
            try:
                found = (await visit.doors.get(*path, doel=doel or DOEL, op=op or None))["uitleg"]
            except Refused as error:
                refused = error
        unknown = refused is not None and refused.status == 404
        shown = None if unknown or refused is None else _on_form(refused)
        return visit.page(
            "terugkijken.html",
            "Terugkijken",
            refused.status if refused else 200,
            gevraagd=asked,
            uitleg=found,
            onbekend=unknown,
            doel=doel or DOEL,
            doelen=LOGDOELEN,
            **reply({name: [value] for name, value in asked.items()}, "zoek", shown),
        )


def _on_form(refused: Refused) -> Refused:
    """Its faults named by the fields of the form: the API says them of its path and query."""
    faults = [{**one, "veld": one["veld"].rpartition("/")[2]} for one in refused.problem.get("fouten") or ()]
    return Refused({**refused.problem, "fouten": faults}, refused.status)


def _draft(routes: APIRouter) -> None:
    @routes.get("/toezicht/beleid/{versie}")
    async def draft(visit: Visitor, versie: str, doel: Logdoel = None, na: Na = None) -> Response:
        chosen = doel or DOEL
        found = await visit.doors.get("beleid", "versies", versie, "gevolgen", doel=chosen, na=na)
        return visit.page(
            "beleidsgevolgen.html",
            "Wat zou anders uitvallen?",
            versie=versie,
            gevolgen=found,
            delen=parts(found),
            doel=chosen,
            doelen=LOGDOELEN,
        )
