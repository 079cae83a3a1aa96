"""The doors of what occurs more than once, what nobody holds, and whether another partnership has the same."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request, Response

from contracts.message import OPEN, Part, Tijdstip
from contracts.navraag import CONTACTPUNT, NOODZAAK, DoeNavraag, NavraagGedaan
from contracts.waarden import ZetelId
from hub.api.answers import Antwoord, receipt
from hub.api.commands import CONFLICT, executed
from hub.api.documents import SignaalBeeld
from hub.api.identity import INNER, Aanwezige, Zetelhouder, met_scope
from hub.api.limits import JsonAnswer, partner_router
from hub.api.reading import Aantal, CaseReader, DisclosureReader, Doel, Na, Reader, fits
from hub.api.records import Look, begin_all, write_access
from hub.api.services import Services
from hub.api.shown import OWN_RULE, shown_of
from hub.api.wire import wire
from hub.views import samenloop
from hub.views.read import MAX_PAGE, Page
from hub.views.samenloop import Item, Samenloop

Asker = Annotated[Zetelhouder, Depends(met_scope("vergelijkingen.uitvoeren"))]


class Samenloopregel(Antwoord):
    """Something that occurs in more than one case or signal; whether it is the same is for a person to judge.

    `soort`: signaal, persoon, organisatie, voertuig, locatie or contact. `waarde`: what is the same; empty for a
    person and a signal. `bronnen`: seats that named it.
    """

    soort: str
    waarde: str
    betrokkene_id: UUID | None
    casussen: tuple[UUID, ...]
    signalen: tuple[UUID, ...]
    bronnen: tuple[str, ...]


class Samenloopbeeld(Antwoord):
    """`vergeleken`: how many signals were laid beside each other; `volgende`: cursor, where there are older ones."""

    samenloop: tuple[Samenloopregel, ...]
    vergeleken: int
    volgende: int | None


class Losselijst(Antwoord):
    """`eigen`: recorded here, and no partnership has them; `ontvangen`: received, and in no case of this seat.

    A page may hold none while there are older ones (`volgende`).
    """

    eigen: tuple[SignaalBeeld, ...]
    ontvangen: tuple[SignaalBeeld, ...]
    volgende: int | None


class Navraagverzoek(Part):
    """The question. `contactpunt`: of the partnership that is asked. `betrokkeneId`: None asks after the signal."""

    navraag_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID | None, OPEN] = None
    contactpunt: Annotated[ZetelId, OPEN, CONTACTPUNT]
    noodzaak: Annotated[str, OPEN, NOODZAAK]


class Navraagantwoord(Antwoord):
    """All that is learned. `contact`: whom to call on yes, naming `navraagId`; nothing of a case over there."""

    navraag_id: UUID
    treffer: bool
    contact: str | None


class Vindplaatsbeeld(Antwoord):
    """A case of one's own that has what was asked after. `gegeven`: it counted; else why it was kept silent."""

    casus_id: UUID
    signaal_id: UUID
    gegeven: bool
    redenen: tuple[str, ...]
    regels: tuple[str, ...]


class Navraagbeeld(Antwoord):
    """A question, as its `rol` sees it: `vrager`, `coordinator` on either side, or `contactpunt`.

    The asking side has `casusId`, `signaalId` and `contactpunt`; the other `spoor` and `van` (contact point) of who
    asked and its own `vindplaatsen`.
    """

    navraag_id: UUID
    rol: str
    gevraagd_op: Tijdstip
    noodzaak: str
    treffer: bool
    casus_id: UUID | None = None
    signaal_id: UUID | None = None
    betrokkene_id: UUID | None = None
    contactpunt: str | None = None
    vrager: str | None = None
    spoor: str | None = None
    van: str | None = None
    vindplaatsen: tuple[Vindplaatsbeeld, ...] = ()
    gewijzigd_positie: int


class Navragenlijst(Antwoord):
    """A page of questions."""

    navragen: tuple[Navraagbeeld, ...]
    volgende: int | None


def router(services: Services) -> APIRouter:
    """Overlap, orphans and questions between partnerships."""
    routes = partner_router("samenloop")
    for add in (_overlap, _loose, _ask, _asked):
        add(routes, services)
    return routes


def _overlap(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/samenloop",
        summary="Wat komt in meer dan een casus of signaal voor?",
        operation_id="lijstSamenloop",
        response_description="De samenloop in het eigen zicht.",
        response_model=Samenloopbeeld,
    )
    def overlaps(doel: Doel, who: CaseReader, na: Na = None, aantal: Aantal = 200) -> Response:
        """Alleen uit wat deze zetel mag zien, binnen één doel. Er wordt niets gekoppeld: een mens beoordeelt het."""
        cases, page = _seen(services, who, doel, na, aantal)
        found = samenloop.overlap(cases, page.items)
        named = {id for one in found for id in one.signalen}
        shown = [item for item in page.items if item["signaal_id"] in named]
        written = begin_all(services, who, [_look(found, shown, who.zetel, doel)])
        lines = [one._asdict() for one in found]
        answer = JsonAnswer(wire({"samenloop": lines, "vergeleken": len(page.items), "volgende": page.volgende}))
        written()
        return answer


def _seen(
    services: Services, who: Zetelhouder, doel: str, na: int | None, aantal: int
) -> tuple[list[dict[str, Any]], Page]:
    """The cases with this purpose, and a page of the signals that fit it."""
    cases = services.views.casussen(who.zetel, aantal=MAX_PAGE).items
    page = services.views.signalen(who.zetel, na=na, aantal=aantal)
    fitting = [item for item in page.items if fits(item, who.zetel, doel)]
    return [one for one in cases if one["doel"] == doel], Page(fitting, page.volgende)


def _look(found: Sequence[Samenloop], shown: Sequence[Item], zetel: str, doel: str) -> Look:
    said = shown_of(shown, zetel)
    cases = sorted({casus for one in found for casus in one.casussen})
    return Look(
        vraag="samenloop",
        doel=doel,
        objecten=[*(f"casus:{id}" for id in cases), *(f"signaal:{item['signaal_id']}" for item in shown)],
        resultaat="toegestaan" if found else "leeg",
        handeling="combineren",
        velden=said.velden if found else (),
        grondslagen=said.grondslagen if found else (),
        regels=said.regels if found else (),
        betrokkenen=[one.betrokkene_id for one in found if one.betrokkene_id],
        bronnen=said.bronnen if found else (),
    )


def _loose(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/losse-signalen",
        summary="Welke signalen heeft geen samenwerkingsverband, of geen casus?",
        operation_id="lijstLosseSignalen",
        response_description="Een bladzijde losse signalen.",
        response_model=Losselijst,
    )
    def loose(doel: Doel, who: Reader, na: Na = None, aantal: Aantal = 200) -> Response:
        """Eigen signalen die niemand in een verband heeft, of ontvangen signalen die in geen casus liggen."""
        cases, page = _seen(services, who, doel, na, aantal)
        own = [UUID(item["signaal_id"]) for item in page.items if item["zetel"] == who.zetel]
        kept = samenloop.zonder_verband(who.zetel, cases, page.items, services.views.sporen_van(who.zetel, own))
        received = samenloop.zonder_casus(cases, page.items, doel)
        found = list({item["signaal_id"]: item for item in (*kept, *received)}.values())
        write_access(
            services,
            who,
            vraag="losse-signalen",
            doel=doel,
            objecten=[f"signaal:{item['signaal_id']}" for item in found],
            **shown_of(found, who.zetel)._asdict(),
            resultaat="toegestaan" if found else "leeg",
        )
        return JsonAnswer(wire({"eigen": kept, "ontvangen": received, "volgende": page.volgende}))


def _ask(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/casussen/{casusId}/navragen",
        status_code=201,
        summary="Vraag of een ander samenwerkingsverband dit ook heeft",
        operation_id="doeNavraag",
        response_description="Ja of nee, en bij ja het contactpunt.",
        response_model=Navraagantwoord,
        responses=CONFLICT,
    )
    def ask(casusId: UUID, verzoek: Annotated[Navraagverzoek, Body()], who: Asker, request: Request) -> Navraagantwoord:
        """Alleen een aangemelde medewerker vraagt, over een signaal in een eigen casus; een systeem wordt geweigerd.

        Wat daar is afgeschermd, antwoordt als wat er niet is. De vraag is aan beide kanten te zien.
        """
        fields = {name: getattr(verzoek, name) for name in Navraagverzoek.model_fields}
        person = isinstance(request.scope.get(INNER), Aanwezige)
        outcome = executed(services, DoeNavraag(casus_id=casusId, mens_begon=person, **fields), who)
        receipt(outcome, who.zetel)
        (said,) = [event for event in outcome.events if isinstance(event, NavraagGedaan)]
        return Navraagantwoord(
            navraag_id=said.navraag_id, treffer=said.treffer, contact=said.contactpunt if said.treffer else None
        )


def _asked(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/navragen",
        summary="Navragen",
        operation_id="lijstNavragen",
        response_description="Een bladzijde navragen.",
        response_model=Navragenlijst,
    )
    def asked(who: DisclosureReader, na: Na = None, aantal: Aantal = 100) -> Response:
        """Wat deze zetel vroeg, wat haar als contactpunt is gevraagd, en wat over een casus onder haar regie ging."""
        page = services.views.navragen(who.zetel, na=na, aantal=aantal)
        own = [{name: one[name] for name in ("casus_id", "signaal_id")} for one in page.items if "casus_id" in one]
        places = [*own, *(place for one in page.items for place in one.get("vindplaatsen", ()))]
        write_access(
            services,
            who,
            vraag="navragen",
            doel="interne-controle",
            objecten=sorted({f"{kind}:{one[kind + '_id']}" for one in places for kind in ("casus", "signaal")}),
            regels=[OWN_RULE],
            betrokkenen=[one["betrokkene_id"] for one in page.items if one.get("betrokkene_id")],
            resultaat="toegestaan" if page.items else "leeg",
        )
        return JsonAnswer(wire({"navragen": page.items, "volgende": page.volgende}))
