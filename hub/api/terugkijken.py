"""For who tests lawfulness: what a seat could see on a day, and what a draft policy would change.

Source: WGS art. 1.8 lid 2 and 4.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import ConfigDict, Field

from contracts.beleid import Pakket
from contracts.problems import Fout, niet_bevoegd, niet_gevonden, ongeldige_invoer
from hub.access.bundel import BeleidOngeldig
from hub.access.permit import Permit
from hub.api.answers import Antwoord
from hub.api.beleidsversies import VersieId
from hub.api.documents import Uitleglijst, Uitlegregel
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.reading import Doel
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.toezicht import UNKNOWN
from hub.handling.beleidsversies import beleid_uit
from hub.handling.logboek import AUDITREGEL, Logtoegang
from hub.handling.questions import Questions
from hub.handling.simulate import Wijziging, changes

Officer = Annotated[Zetelhouder, Depends(met_scope("raadplegingen.raadplegen"))]
ZetelId = Annotated[str, Path(pattern="^[a-z0-9.@-]+$", max_length=80, description="De zetel waarom het gaat.")]
Op = Annotated[date | None, Query(description="De dag; vandaag als hij ontbreekt.")]
VanafPositie = Annotated[int, Query(ge=0, le=2**53, description="Cursor: `volgende` van de vorige bladzijde.")]
#: So many places on the ledger one question looks at before it answers with what it has.
LOOKED_AT = 2_000
#: Drafts that are kept open between two questions, for opening one takes a second.
DRAFTS = 2


class Gevolg(Antwoord):
    """What would open or close for a seat, and how often that was asked. `regels`: that permitted it until now."""

    zetel: str
    handeling: str
    spoor: str
    ontvanger: str
    verstrekker: str
    categorie: str
    wordt_toegestaan: bool
    regels: tuple[str, ...]
    keer: int


class Gevolgenlijst(Antwoord):
    """Of part of the ledger. `beslissingen`: how many were asked again; `volgende`: cursor, absent at the end."""

    versie: str
    van_kracht: str
    beslissingen: int
    gevolgen: tuple[Gevolg, ...]
    volgende: int | None


class Ontwerpvraag(Antwoord):
    """A policy bundle that nobody proposed, as base64 of a zip; for which purpose; `na`: cursor."""

    model_config = ConfigDict(extra="forbid")

    pakket: Pakket
    doel: Annotated[str, Field(pattern="^[a-z-]+$", max_length=60)]
    na: Annotated[int, Field(ge=0, le=2**53)] = 0


def router(services: Services) -> APIRouter:
    """All three operations."""
    routes = partner_router("toezicht")
    _look_back(routes, services)
    _ahead(routes, services)
    _draft(routes, services, lru_cache(maxsize=DRAFTS)(_opened))
    return routes


def _supervising(services: Services, who: Zetelhouder, doel: str) -> tuple[Logtoegang, Permit]:
    """What may be seen for this purpose, and why. Raises Problem 403."""
    asked = Logtoegang(services.beleid, who.zetel, doel, services.clock().date())
    besluit = asked.besluit
    if not isinstance(besluit, Permit):
        raise niet_bevoegd(besluit.reden, besluit.regels, besluit.alternatief)
    return asked, besluit


def _look_back(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/casussen/{casusId}/zetels/{zetel}/uitleg",
        summary="Wat kon deze zetel op deze dag in deze casus zien, en waarom?",
        operation_id="leesUitlegVanZetel",
        response_description="De uitleg, zonder inhoud.",
        responses=UNKNOWN,
    )
    def look_back(casusId: UUID, zetel: ZetelId, who: Officer, doel: Doel, op: Op = None) -> Uitleglijst:
        """Voor wie de rechtmatigheid toetst: volgens het grootboek en de regels van toen. De vraag is een regel."""
        asked, besluit = _supervising(services, who, doel)
        lines = services.explainer.casus(casusId, zetel, op or services.clock().date())
        shown = [one for one in lines or () if asked.toont({"bronnen": [one.verstrekker]})]
        write_access(
            services,
            who,
            vraag="casussen/{casusId}/zetels/{zetel}/uitleg",
            doel=doel,
            velden=[AUDITREGEL],
            grondslagen=besluit.bronnen,
            regels=besluit.regels,
            resultaat="leeg" if lines is None else "toegestaan",
            casus=casusId,
        )
        if lines is None:
            raise niet_gevonden()
        return Uitleglijst(uitleg=tuple(map(Uitlegregel.of, shown)))


def _ahead(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/beleid/versies/{versie}/gevolgen",
        summary="Wat zou onder deze beleidsversie anders uitvallen?",
        operation_id="leesBeleidsgevolgen",
        response_description="Wat open of dicht zou gaan, per zetel, grond en categorie.",
    )
    def ahead(versie: VersieId, who: Officer, doel: Doel, na: VanafPositie = 0) -> Gevolgenlijst:
        """Vastgelegde beslissingen opnieuw gevraagd, een deel per keer. Er wordt niets besloten of vastgelegd."""
        asked, besluit = _supervising(services, who, doel)
        draft = services.policy.of(versie)
        if draft is None:
            raise niet_gevonden()
        return _consequences(services, who, (doel, asked, besluit), ("beleid/versies/{versie}/gevolgen", draft), na)


def _draft(routes: APIRouter, services: Services, opened: Callable[[str], Questions]) -> None:
    @routes.post(
        "/beleid/_gevolgen",
        summary="Wat zou onder een ontwerp anders uitvallen dat nog niemand voorstelde?",
        operation_id="toetsOntwerpgevolgen",
        response_description="Wat open of dicht zou gaan, per zetel, grond en categorie.",
    )
    def draft(vraag: Ontwerpvraag, who: Officer) -> Gevolgenlijst:
        """Als bij een voorgestelde versie. Het ontwerp wordt niet bewaard; zijn beslisgevallen worden niet gesteld."""
        asked, besluit = _supervising(services, who, vraag.doel)
        try:
            questions = opened(vraag.pakket)
        except BeleidOngeldig as faults:
            raise ongeldige_invoer(tuple(Fout(veld="/pakket", melding=one) for one in faults.fouten)) from faults
        return _consequences(services, who, (vraag.doel, asked, besluit), ("beleid/_gevolgen", questions), vraag.na)


def _opened(pakket: str) -> Questions:
    """The rules of a draft. Raises BeleidOngeldig."""
    return Questions(beleid_uit(pakket))


def _consequences(
    services: Services,
    who: Zetelhouder,
    allowed: tuple[str, Logtoegang, Permit],
    what: tuple[str, Questions],
    na: int,
) -> Gevolgenlijst:
    """Part of the ledger asked again, and that look on record before it is shown."""
    (doel, asked, besluit), (vraag, questions) = allowed, what
    found = changes(services.ledger.store, questions, na, LOOKED_AT)
    shown = {
        one: times for one, times in found.aantallen.items() if asked.toont({"bronnen": [one.zetel, one.verstrekker]})
    }
    write_access(
        services,
        who,
        vraag=vraag,
        doel=doel,
        velden=[AUDITREGEL],
        grondslagen=besluit.bronnen,
        regels=besluit.regels,
        resultaat="toegestaan" if shown else "leeg",
    )
    return Gevolgenlijst(
        versie=questions.beleid.versie,
        van_kracht=services.beleid.versie,
        beslissingen=found.beslissingen,
        gevolgen=tuple(_shown(one, times) for one, times in sorted(shown.items())),
        volgende=found.volgende,
    )


def _shown(one: Wijziging, times: int) -> Gevolg:
    values: dict[str, Any] = one._asdict()
    return Gevolg(**values, keer=times)
