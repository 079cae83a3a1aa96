"""Where agencies bring things in: batches of CloudEvents, one signal from a form, and the dry run."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Response
from pydantic import Field, ValidationError

from contracts.cloudevents import MAX_EVENTS_IN_BATCH, CloudEvent, kenmerk_id
from contracts.inhoud import Signaalmelding
from contracts.message import Command
from contracts.problems import Fout, niet_bevoegd, ongeldige_invoer
from contracts.register import COMMANDS
from contracts.signaal import RegistreerSignaal
from contracts.waarden import ZetelId
from hub.api.answers import Antwoord, Ontvangstbewijs, Resultaat, result
from hub.api.commands import CONFLICT, RECORDED, execute, in_the_future
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import JsonAnswer, partner_router
from hub.api.problems import faults
from hub.api.records import origin_of, write_access
from hub.api.services import Services
from hub.handling.execute import Outcome, Request
from hub.handling.preview import Ontvangerkeuze, Voorbeeld, preview
from hub.handling.vastleggen import objects_of

BATCH = "application/cloudevents-batch+json"
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
        answer = Aanlevering(resultaten=tuple(take_in(services, berichten, who)))
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
        _own_identifier(verzoek, source_of(who), "")
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


def take_in(services: Services, events: Sequence[CloudEvent], who: Zetelhouder) -> list[Resultaat]:
    """Check, execute and answer each message on its own."""
    answers: list[Resultaat | None] = []
    accepted: list[tuple[str, Request]] = []
    for event in events:
        outcome = _request(services, event, who)
        if isinstance(outcome, Request):
            accepted.append((event.id, outcome))
            answers.append(None)
        else:
            answers.append(result(event.id, outcome, who.zetel))
    done = services.ledger.execute_many([request for _, request in accepted], services.clock())
    _record_rest(services, [request.command for _, request in accepted], done, answers, who)
    outcomes, ids = iter(done), iter(id for id, _ in accepted)
    return [answer or result(next(ids), next(outcomes), who.zetel) for answer in answers]


def _record_rest(
    services: Services,
    commands: Sequence[Command],
    outcomes: Sequence[Outcome | Exception],
    answers: Sequence[Resultaat | None],
    who: Zetelhouder,
) -> None:
    """What led to nothing on the ledger is in the access log all the same: repeats, and what is refused."""
    rest = [(c, one) for c, one in zip(commands, outcomes, strict=True) if isinstance(one, Exception) or not one.logged]
    turned_away = any(answer is not None and answer.status == "geweigerd" for answer in answers)
    if not rest and not turned_away:
        return
    refused = turned_away or any(isinstance(one, Exception) for _, one in rest)
    write_access(
        services,
        who,
        vraag="aanleveringen",
        doel="",
        objecten=dict.fromkeys(name for command, _ in rest for name in objects_of(command)),
        resultaat="geweigerd" if refused else "leeg",
        handeling="verzamelen",
        ontvangers=(),
    )


def _request(services: Services, event: CloudEvent, who: Zetelhouder) -> Request | Exception:
    if event.source.split(":")[3] != who.oin:
        return niet_bevoegd("De OIN van de bron is niet die van de aanleverende organisatie.")
    command_type = COMMANDS.get(event.type)
    if command_type is None:
        return ongeldige_invoer((Fout(veld="/type", melding="Dit berichttype kent het contract niet."),))
    try:
        command = command_type.model_validate(event.data)
    except ValidationError as error:
        return ongeldige_invoer(faults(_as_dicts(error), "/data"))
    if late := in_the_future(command, services.clock(), "/data"):
        return ongeldige_invoer(late)
    try:
        _own_identifier(command, event.source, "/data")
    except Exception as error:
        return error
    return Request(command, who.zetel, event.source, event.id, who.client, origin_of(who))


def _as_dicts(error: ValidationError) -> list[dict[str, Any]]:
    return [dict(one) for one in error.errors()]


def source_of(who: Zetelhouder) -> str:
    """The source under which a form of this client counts."""
    return f"urn:nld:oin:{who.oin}:systeem:{who.client.rpartition(':')[2]}"


def _own_identifier(command: Command, source: str, under: str) -> None:
    """A new signal carries the identifier of its own source, so that nobody can ask after another's numbers."""
    if isinstance(command, RegistreerSignaal):
        expected = kenmerk_id(source, "signaal", command.melding.kenmerk)
        if command.signaal_id != expected:
            fault = Fout(veld=under + "/signaalId", melding="Het signaalId hoort afgeleid te zijn van bron en kenmerk.")
            raise ongeldige_invoer((fault,))
