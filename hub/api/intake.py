"""Where agencies bring things in: batches of CloudEvents, one signal from a form, and the dry run."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Response
from pydantic import Field

from contracts.cloudevents import MAX_EVENTS_IN_BATCH, CloudEvent
from contracts.inhoud import Signaalmelding
from contracts.problems import ongeldige_invoer
from contracts.signaal import RegistreerSignaal
from contracts.waarden import ZetelId
from hub.api.answers import Antwoord, Ontvangstbewijs
from hub.api.commands import CONFLICT, RECORDED, execute
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import JsonAnswer, partner_router
from hub.api.records import origin_of, write_access
from hub.api.services import Services
from hub.handling.aanleveren import Aanleveraar, Rest, foreign_identifier, take_in
from hub.handling.preview import Ontvangerkeuze, Voorbeeld, preview
from hub.handling.uitslagen import Resultaat

BATCH = "application/cloudevents-batch+json"
#: The system under which people bring something in.
CONSOLE = "console"
Berichten = Annotated[list[CloudEvent], Body(media_type=BATCH, min_length=1, max_length=MAX_EVENTS_IN_BATCH)]
Submitter = Annotated[Zetelhouder, Depends(met_scope("signalen.aanleveren"))]


class Aanlevering(Antwoord):
    """The answers to a batch, in its order."""

    resultaten: tuple[Resultaat, ...]


class Toetsverzoek(Antwoord):
    """What one thinks of sending, and to whom."""

    melding: Signaalmelding
    ontvangers: Annotated[tuple[Ontvangerkeuze, ...], Field(max_length=40)] = ()


class Ontvangertoets(Antwoord):
    """What would happen for one recipient."""

    ontvanger: ZetelId
    voorbeeld: Voorbeeld


class Toetsuitslag(Antwoord):
    """The dry run: whether one may submit it, and what each recipient would and would not hold."""

    indienen: Voorbeeld
    ontvangers: tuple[Ontvangertoets, ...]


def router(services: Services) -> APIRouter:
    """The operations of intake."""
    routes = partner_router("aanleveringen")
    for add in (_deliver, _register, _check):
        add(routes, services)
    return routes


def _deliver(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/aanleveringen",
        summary="Lever een reeks CloudEvents aan",
        operation_id="leverAan",
        response_description="De uitslagen, in de volgorde van de berichten.",
        response_model=Aanlevering,
    )
    def deliver(berichten: Berichten, who: Submitter) -> Response:
        """Elk bericht krijgt zijn eigen uitslag; een weigering van het ene raakt het andere niet."""
        answer = Aanlevering(resultaten=tuple(_taken_in(services, berichten, who)))
        return JsonAnswer(answer.model_dump(mode="json", by_alias=True))


def _register(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/signalen",
        summary="Registreer een signaal",
        operation_id="registreerSignaal",
        status_code=201,
        response_description=RECORDED,
        responses=CONFLICT,
    )
    def register(verzoek: RegistreerSignaal, who: Submitter) -> Ontvangstbewijs:
        """Eén signaal, van een formulier. `signaalId` is afgeleid van de bron en het kenmerk."""
        if foreign := foreign_identifier(verzoek, source_of(who), ""):
            raise ongeldige_invoer(foreign)
        return execute(services, verzoek, who)


def _check(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/signalen/_toets",
        summary="Mag ik dit delen?",
        operation_id="toetsDelen",
        tags=["signalen"],
        response_description="Per categorie wat zou mogen, en waarom.",
    )
    def check(verzoek: Toetsverzoek, who: Submitter) -> Toetsuitslag:
        """Proef: wie zou wat zien, op welke grond, en wat wordt geweigerd. Er wordt niets van bewaard."""
        own, others = preview(services.questions, who.zetel, verzoek.melding, verzoek.ontvangers, services.clock())
        write_access(services, who, vraag="signalen/_toets", doel="rechtmatigheidscontrole")
        return Toetsuitslag(
            indienen=own,
            ontvangers=tuple(Ontvangertoets(ontvanger=seat, voorbeeld=example) for seat, example in others),
        )


def _taken_in(services: Services, events: Sequence[CloudEvent], who: Zetelhouder) -> list[Resultaat]:
    """Each message on its own. What led to nothing on the ledger is in the access log all the same."""

    def record(rest: Rest) -> None:
        write_access(
            services,
            who,
            vraag="aanleveringen",
            doel="",
            objecten=rest.objecten,
            resultaat="geweigerd" if rest.geweigerd else "leeg",
            handeling="verzamelen",
            ontvangers=(),
        )

    aanleveraar = Aanleveraar(who.zetel, who.oin, who.client, origin_of(who))
    return take_in(services.ledger, [(aanleveraar, event) for event in events], services.clock(), record)


def source_of(who: Zetelhouder) -> str:
    """The source under which a form of this client counts; of a person it is the console, never her name."""
    _, named, system = who.client.rpartition(":")
    return f"urn:nld:oin:{who.oin}:systeem:{system if named else CONSOLE}"
