"""The reading doors: the permitted view of one seat, each look written down before it leaves."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from contracts.problems import niet_bevoegd, niet_gevonden
from hub.api.documents import (
    Brugberichtenlijst,
    CasusBeeld,
    Casuslijst,
    Lijst,
    Ontvangerlijst,
    Overlegbeeld,
    SignaalBeeld,
    Signalenlijst,
    Uitleglijst,
    Uitlegregel,
)
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import JsonAnswer, partner_router
from hub.api.records import Look, begin_all, write_access
from hub.api.services import Services
from hub.api.shown import OWN_RULE, case_rules, lapsed_of, shown_of
from hub.api.wire import wire
from hub.views.brug import BRUGVELDEN
from hub.views.read import Casusfilters, Filters, Page

Reader = Annotated[Zetelhouder, Depends(met_scope("signalen.raadplegen"))]
CaseReader = Annotated[Zetelhouder, Depends(met_scope("casussen.raadplegen"))]
SessionReader = Annotated[Zetelhouder, Depends(met_scope("overleggen.raadplegen"))]
DisclosureReader = Annotated[Zetelhouder, Depends(met_scope("verstrekkingen.raadplegen"))]
Doel = Annotated[
    str,
    Query(
        pattern="^[a-z-]+$", max_length=60, description="Het doel van deze raadpleging; wordt getoetst en vastgelegd."
    ),
]
Na = Annotated[int | None, Query(ge=0, le=2**53, description="Cursor: `volgende` van de vorige bladzijde.")]
Aantal = Annotated[int, Query(ge=1, le=500, description="Grootte van de bladzijde.")]
Code = Annotated[str | None, Query(pattern="^[a-z-]+$", max_length=40)]
#: What a line of one's own records is about.
_OBJECTS = {"signaal_id": "signaal", "casus_id": "casus", "overleg_id": "overleg"}
#: By this rule a bridge message goes to a care seat.
BRIDGE_RULE = "riec-brugbericht"


def router(services: Services) -> APIRouter:
    """All operations that show something of the views."""
    routes = partner_router("raadplegen")
    for add in (
        _list_signals,
        _read_signal,
        _list_recipients,
        _list_cases,
        _read_case,
        _explain_case,
        _own_records,
        _sessions,
        _emergencies,
        _bridge_messages,
    ):
        add(routes, services)
    return routes


def fits(item: Mapping[str, Any], zetel: str, doel: str) -> bool:
    """The stated purpose is that of a disclosure; for what one brought in oneself any purpose of the seat will do."""
    own = any(part["zetel"] == zetel for part in item["bijdragen"])
    return own or any(given["doel"] == doel for given in item["verstrekkingen"])


def with_review(case: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The case, and whether its embargo should have been looked at again by now; it stays until it is lifted."""
    due = case.get("embargo_herbezie_op")
    return {**case, "embargo_herziening_verstreken": due is not None and date.fromisoformat(due) < today}


def _looks(look: Look, items: Sequence[Mapping[str, Any]], zetel: str) -> list[Look]:
    """A record of the signals that are shown, and one of those of which no more is said than that they lapsed."""
    lapsed = lapsed_of(items)
    rest = [item for item in items if item not in lapsed] if lapsed else items
    looks = [_look(look, rest, zetel)] if rest or not lapsed else []
    return [*looks, _look(look, lapsed, zetel)] if lapsed else looks


def _look(look: Look, items: Sequence[Mapping[str, Any]], zetel: str) -> Look:
    shown = shown_of(items, zetel)
    return {
        **look,
        "objecten": [*look.get("objecten", ()), *(f"signaal:{item['signaal_id']}" for item in items)],
        "regels": shown.regels.union(look.get("regels", ())),
        "velden": shown.velden,
        "grondslagen": shown.grondslagen,
        "betrokkenen": shown.betrokkenen,
        "bronnen": shown.bronnen,
    }


def _list_signals(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/signalen",
        summary="De signalen van deze zetel",
        operation_id="lijstSignalen",
        response_description="Een bladzijde signalen.",
        response_model=Signalenlijst,
    )
    def signals(
        doel: Doel,
        who: Reader,
        na: Na = None,
        aantal: Aantal = 100,
        status: Code = None,
        regio: Code = None,
        casusId: Annotated[UUID | None, Query()] = None,
    ) -> Response:
        """Nieuwste wijziging eerst. Alleen wat aan deze zetel is verstrekt of door haar is ingebracht."""
        page = services.views.signalen(who.zetel, na=na, aantal=aantal, filters=Filters(status, regio, casusId))
        items = [item for item in page.items if fits(item, who.zetel, doel)]
        page_look = Look(vraag="signalen", doel=doel, resultaat="toegestaan" if items else "leeg", casus=casusId)
        written = begin_all(services, who, _looks(page_look, items, who.zetel))
        answer = JsonAnswer(wire({"signalen": items, "volgende": page.volgende}))
        written()
        return answer


def _read_signal(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/signalen/{signaalId}",
        summary="Eén signaal",
        operation_id="leesSignaal",
        response_description="Het signaal, zoals deze zetel het mag zien.",
        response_model=SignaalBeeld,
    )
    def signal(signaalId: UUID, doel: Doel, who: Reader) -> Response:
        """Wat deze zetel van het signaal mag zien, uit elke verstrekking samen."""
        found = services.views.signaal(who.zetel, signaalId)
        allowed = found is not None and fits(found, who.zetel, doel)
        shown = [found] if found is not None and allowed else []
        write_access(
            services,
            who,
            vraag="signalen/{signaalId}",
            doel=doel,
            objecten=[f"signaal:{signaalId}"],
            **shown_of(shown, who.zetel)._asdict(),
            resultaat="toegestaan" if allowed else "geweigerd",
        )
        if found is None:
            raise niet_gevonden()
        if not allowed:
            raise niet_bevoegd("Het opgegeven doel past niet bij een verstrekking van dit signaal.")
        return JsonAnswer(wire(found))


def _list_recipients(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/signalen/{signaalId}/ontvangers",
        summary="Wie ontving dit signaal?",
        operation_id="lijstOntvangers",
        response_description="De verstrekkingen.",
        response_model=Ontvangerlijst,
    )
    def recipients(signaalId: UUID, who: DisclosureReader) -> Response:
        """Voor wie het inbracht of doorzette: elke verstrekking, met grondslag, en of zij nog geldt."""
        found = services.views.ontvangers(who.zetel, signaalId)
        known = found or services.views.signaal(who.zetel, signaalId)
        write_access(
            services,
            who,
            vraag="signalen/{signaalId}/ontvangers",
            doel="interne-controle",
            objecten=[f"signaal:{signaalId}"],
            resultaat="toegestaan" if known else "geweigerd",
        )
        if not known:
            raise niet_gevonden()
        return JsonAnswer(wire({"ontvangers": found}))


def _list_cases(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/casussen",
        summary="De casussen van deze zetel",
        operation_id="lijstCasussen",
        response_description="Een bladzijde casussen.",
        response_model=Casuslijst,
    )
    def cases(
        doel: Doel,
        who: CaseReader,
        na: Na = None,
        aantal: Aantal = 100,
        status: Code = None,
        regio: Code = None,
        spoor: Code = None,
    ) -> Response:
        """Alleen casussen waarin deze zetel deelneemt, met dit doel."""
        page = services.views.casussen(who.zetel, na=na, aantal=aantal, filters=Casusfilters(status, regio, spoor))
        items = [item for item in page.items if item["doel"] == doel]
        write_access(
            services,
            who,
            vraag="casussen",
            doel=doel,
            objecten=[f"casus:{item['casus_id']}" for item in items],
            regels=case_rules(items),
            resultaat="toegestaan" if items else "leeg",
        )
        reviewed = [with_review(item, services.clock().date()) for item in items]
        return JsonAnswer(wire({"casussen": reviewed, "volgende": page.volgende}))


def _read_case(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/casussen/{casusId}",
        summary="Eén casus",
        operation_id="leesCasus",
        response_description="De casus, zoals deze zetel haar mag zien.",
        response_model=CasusBeeld,
    )
    def case(casusId: UUID, doel: Doel, who: CaseReader) -> Response:
        """Stand, verloop en bijdragen, elk met haar verstrekker."""
        found = services.views.casus(who.zetel, casusId)
        allowed = found is not None and found["doel"] == doel
        parts = found["bijdragen"] if found is not None and allowed else []
        look = Look(
            vraag="casussen/{casusId}",
            doel=doel,
            objecten=[f"casus:{casusId}"],
            regels=case_rules([found]) if found is not None and allowed else (),
            resultaat="toegestaan" if allowed else "geweigerd",
            casus=casusId,
        )
        begin_all(services, who, _looks(look, parts, who.zetel))()
        if found is None:
            raise niet_gevonden()
        if not allowed:
            raise niet_bevoegd(
                "Het opgegeven doel is niet het doel van deze casus (WGS 1.8 lid 5).", ("WGS 1.8 lid 5",)
            )
        return JsonAnswer(wire(with_review(found, services.clock().date())))


def _explain_case(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/casussen/{casusId}/uitleg",
        summary="Waarom ziet deze zetel dit wel of niet?",
        operation_id="leesUitleg",
        response_description="De uitleg.",
        response_model=Uitleglijst,
    )
    def explain(casusId: UUID, who: CaseReader, op: Annotated[date | None, Query()] = None) -> Response:
        """Per categorie van elke bijdrage: getoond of verborgen, regel, artikel en zin; ook voor een eerdere dag."""
        lines = services.explainer.casus(casusId, who.zetel, op or services.clock().date())
        write_access(
            services,
            who,
            vraag="casussen/{casusId}/uitleg",
            doel="rechtmatigheidscontrole",
            objecten=[f"casus:{casusId}"],
            resultaat="geweigerd" if lines is None else "toegestaan",
            casus=casusId,
        )
        if lines is None:
            raise niet_gevonden()
        answer = Uitleglijst(uitleg=tuple(Uitlegregel.of(line) for line in lines))
        return JsonAnswer(answer.model_dump(mode="json", by_alias=True))


def _own_records(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/weigeringen",
        summary="Weigeringen",
        operation_id="lijstWeigeringen",
        response_description="Een bladzijde weigeringen.",
        response_model=Lijst,
    )
    def refusals(who: DisclosureReader, na: Na = None, aantal: Aantal = 100) -> Response:
        """Wat deze zetel is geweigerd, met de regel, de reden en het alternatief."""
        return _own_page(services, who, "weigeringen", services.views.weigeringen(who.zetel, na=na, aantal=aantal))

    @routes.get(
        "/toestemmingen",
        summary="Toestemmingen",
        operation_id="lijstToestemmingen",
        response_description="Een bladzijde toestemmingen.",
        response_model=Lijst,
    )
    def consents(who: DisclosureReader, na: Na = None, aantal: Aantal = 100) -> Response:
        """Toestemmingen die deze zetel vastlegde, of waarin zij is genoemd."""
        return _own_page(services, who, "toestemmingen", services.views.toestemmingen(who.zetel, na=na, aantal=aantal))


def _sessions(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/overleggen",
        summary="Overleggen",
        operation_id="lijstOverleggen",
        response_description="Een bladzijde overleggen.",
        response_model=Lijst,
    )
    def sessions(who: SessionReader, na: Na = None, aantal: Aantal = 100) -> Response:
        """Overleggen waarin deze zetel aanwezig was."""
        return _own_page(services, who, "overleggen", services.views.overleggen(who.zetel, na=na, aantal=aantal))

    @routes.get(
        "/overleggen/{overlegId}",
        summary="Eén overleg",
        operation_id="leesOverleg",
        response_description="Het overleg, zoals deze zetel het meemaakte.",
        response_model=Overlegbeeld,
    )
    def session(overlegId: UUID, who: SessionReader) -> Response:
        """Wie er zit, wat er op de agenda staat en wat is afgesproken terwijl deze zetel erbij zat."""
        found = services.views.overleg(who.zetel, overlegId)
        write_access(
            services,
            who,
            vraag="overleggen/{overlegId}",
            doel="interne-controle",
            objecten=[f"overleg:{overlegId}"],
            regels=[OWN_RULE] if found else (),
            resultaat="toegestaan" if found else "geweigerd",
        )
        if found is None:
            raise niet_gevonden()
        return JsonAnswer(wire(found))


def _bridge_messages(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/brugberichten",
        summary="Brugberichten",
        operation_id="lijstBrugberichten",
        response_description="Een bladzijde brugberichten.",
        response_model=Brugberichtenlijst,
    )
    def messages(who: DisclosureReader, na: Na = None, aantal: Aantal = 100) -> Response:
        """Waarschuwingen aan deze zorgzetel: vier velden, en niets van de casus waar zij uit komen."""
        page = services.views.brugberichten(who.zetel, na=na, aantal=aantal)
        shown = [item.get("inhoud", {}) for item in page.items]
        write_access(
            services,
            who,
            vraag="brugberichten",
            doel="veiligheid-slachtoffer",
            objecten=[f"brugbericht:{one['casus_pseudoniem']}" for one in shown if one],
            velden=BRUGVELDEN if any(shown) else (),
            regels=[BRIDGE_RULE] if any(shown) else (),
            resultaat="toegestaan" if page.items else "leeg",
        )
        return JsonAnswer(wire({"brugberichten": page.items, "volgende": page.volgende}))


def _emergencies(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/noodtoegangen",
        summary="Noodtoegangen",
        operation_id="lijstNoodtoegangen",
        response_description="Een bladzijde noodtoegangen.",
        response_model=Lijst,
    )
    def emergencies(who: DisclosureReader, na: Na = None, aantal: Aantal = 100) -> Response:
        """Noodtoegang die deze zetel nam, die haar gegevens betrof, of die zij als privacy officer toetst."""
        return _own_page(services, who, "noodtoegangen", services.views.noodtoegangen(who.zetel, na=na, aantal=aantal))


def _own_page(services: Services, who: Zetelhouder, vraag: str, page: Page) -> Response:
    write_access(
        services,
        who,
        vraag=vraag,
        doel="interne-controle",
        objecten=[f"{kind}:{item[name]}" for item in page.items for name, kind in _OBJECTS.items() if item.get(name)],
        regels=[OWN_RULE],
        betrokkenen=[item["betrokkene_id"] for item in page.items if item.get("betrokkene_id")],
        resultaat="toegestaan" if page.items else "leeg",
    )
    return JsonAnswer(wire({"items": page.items, "volgende": page.volgende}))
