"""The doors of delivery by webhook: what became of it, sending again, and the keys that sign.

A list names numbers of notices, nothing they are about: those are read where notices are read.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from contracts.message import OPEN, Part, Tijdstip
from contracts.problems import niet_gevonden
from hub.api.answers import Antwoord
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.reading import Aantal, Na
from hub.api.records import write_access
from hub.api.services import Services
from hub.audit.access import Handeling
from hub.delivery.bezorgingen import Bezorging

DOEL, REGEL = "techniek", "hub-bezorgen"
Manager = Annotated[Zetelhouder, Depends(met_scope("abonnementen.beheren"))]


class Bezorgingbeeld(Antwoord):
    """One delivery. `nummer`: of the notice, as cursor of `/gebeurtenissen`; `herhaald`: how often asked for again.

    `laatsteFout`: why no answer came. `nietVoor`: when it is tried again.
    """

    bezorging_id: UUID
    abonnement_id: UUID
    nummer: int
    status: str
    pogingen: int
    niet_voor: Tijdstip | None
    laatste_status: int | None
    laatste_fout: str | None
    herhaald: int
    aangemaakt: Tijdstip
    gewijzigd: Tijdstip


class Bezorgingenlijst(Antwoord):
    """A page, newest first; `volgende`: cursor of the next one."""

    bezorgingen: tuple[Bezorgingbeeld, ...]
    volgende: int | None


class Herhaling(Part):
    """From where to send again: everything after this number of the seat."""

    na: Annotated[int, OPEN, Field(ge=0, le=2**53)]


class Herhaald(Antwoord):
    """Everything after this number is sent again, what arrived as well."""

    abonnement_id: UUID
    na: int


class Webhooksleutel(Antwoord):
    """One public key. `stand`: `huidig`, or `vorige` while the current one takes over from it."""

    sleutel: str
    stand: str


class Webhooksleutels(Antwoord):
    """Who checks a message takes each of these: one good signature is enough."""

    sleutels: tuple[Webhooksleutel, ...]


def router(services: Services) -> APIRouter:
    """All operations on deliveries."""
    routes = partner_router("abonnementen")
    for add in (_list, _again, _again_since, _keys):
        add(routes, services)
    return routes


def _list(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/bezorgingen",
        summary="Bezorgingen",
        operation_id="lijstBezorgingen",
        response_description="Een bladzijde bezorgingen.",
    )
    def deliveries(
        who: Manager,
        na: Na = None,
        aantal: Aantal = 100,
        abonnementId: Annotated[UUID | None, Query()] = None,
        status: Annotated[str | None, Query(pattern="^(wachtend|bezorgd|onbestelbaar|vervallen)$")] = None,
    ) -> Bezorgingenlijst:
        """Wat er met de bezorgingen van de eigen abonnementen gebeurde; `onbestelbaar` is wat nooit aankwam."""
        found = services.bezorgingen.lijst(who.zetel, na, aantal, abonnementId, status)
        _record(services, who, "bezorgingen", bool(found))
        more = found[-1].volgnummer if len(found) == aantal else None
        return Bezorgingenlijst(bezorgingen=tuple(map(_shown, found)), volgende=more)


def _again(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/bezorgingen/{bezorgingId}/herhalingen",
        summary="Bezorg opnieuw",
        operation_id="herhaalBezorging",
        response_description="De bezorging wacht weer.",
        responses={404: {"description": "Deze bezorging bestaat niet, wacht nog, of is vervallen."}},
    )
    def again(bezorgingId: UUID, who: Manager) -> Bezorgingbeeld:
        """Alsof zij nooit was geprobeerd; of zij nog mag, wordt bij het versturen opnieuw gevraagd."""
        found = services.bezorgingen.herhaal(who.zetel, bezorgingId, services.clock())
        _record(
            services, who, "bezorgingen/{bezorgingId}/herhalingen", found is not None, "wijzigen", refused=not found
        )
        if found is None:
            raise niet_gevonden()
        return _shown(found)


def _again_since(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/abonnementen/{abonnementId}/herhalingen",
        summary="Bezorg alles opnieuw vanaf een nummer",
        operation_id="herhaalBezorgingen",
        response_description="Alles na dit nummer wordt opnieuw bezorgd.",
        responses={404: {"description": "Voor dit abonnement is nooit iets bezorgd."}},
    )
    def since(abonnementId: UUID, vanaf: Herhaling, who: Manager) -> Herhaald:
        """Ook wat aankwam. Een nummer dat nog moet komen, verandert niets: overslaan kan niet."""
        done = services.bezorgingen.herhaal_vanaf(who.zetel, abonnementId, vanaf.na)
        _record(services, who, "abonnementen/{abonnementId}/herhalingen", done, "wijzigen", refused=not done)
        if not done:
            raise niet_gevonden()
        return Herhaald(abonnement_id=abonnementId, na=vanaf.na)


def _keys(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/webhooksleutels",
        summary="De sleutels waarmee webhooks zijn ondertekend",
        operation_id="lijstWebhooksleutels",
        response_description="De openbare sleutels, Ed25519, zoals Standard Webhooks ze schrijft.",
    )
    def keys() -> Webhooksleutels:
        """Openbaar. Twee sleutels: de ene neemt het over van de andere, en elk bericht is met beide ondertekend."""
        *before, now = [one.public for one in services.webhook_keys.signers()]
        former = [Webhooksleutel(sleutel=one, stand="vorige") for one in before]
        return Webhooksleutels(sleutels=(Webhooksleutel(sleutel=now, stand="huidig"), *former))


def _shown(one: Bezorging) -> Bezorgingbeeld:
    return Bezorgingbeeld(**{name: getattr(one, name) for name in Bezorgingbeeld.model_fields})


def _record(
    services: Services,
    who: Zetelhouder,
    vraag: str,
    found: bool,
    handeling: Handeling = "raadplegen",
    refused: bool = False,
) -> None:
    write_access(
        services,
        who,
        vraag=vraag,
        doel=DOEL,
        handeling=handeling,
        regels=[REGEL],
        resultaat="geweigerd" if refused else "toegestaan" if found else "leeg",
    )
