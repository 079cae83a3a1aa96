"""The acts on signals, cases, consents, sessions and disclosures: one operation per command of the contract."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends
from pydantic import create_model
from pydantic.alias_generators import to_camel

from contracts import casus, overleg, signaal, toestemming, verstrekking
from contracts.message import Command, Part
from contracts.problems import Fout, ongeldige_invoer
from hub.api.answers import Ontvangstbewijs, problem_of, receipt
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.services import Services
from hub.handling.execute import Request

#: A source may run a little ahead of the hub; beyond this a moment lies in the future.
CLOCK_SKEW = timedelta(minutes=5)
RECORDED = "Vastgelegd; het bewijs van ontvangst."
CONFLICT: dict[int | str, dict[str, Any]] = {409: {"description": "Dit past niet bij de stand van zaken."}}
#: A case may be opened only where the policy admits the seat; else it answers as if there were no such thing.
NOT_ADMITTED: dict[int | str, dict[str, Any]] = {404: {"description": "Deze zetel kan dit hier niet openen."}}
_SUBMIT = Depends(met_scope("signalen.aanleveren"))

#: Path below /v1, the command, and the Dutch summary of the operation.
SUBRESOURCES: tuple[tuple[str, type[Command], str], ...] = (
    ("/signalen/{signaalId}/verrijkingen", signaal.VerrijkSignaal, "Verrijk een signaal"),
    ("/signalen/{signaalId}/herclassificaties", signaal.HerclassificeerSignaal, "Herclassificeer een signaal"),
    ("/signalen/{signaalId}/rectificaties", signaal.RectificeerSignaal, "Rectificeer een signaal"),
    ("/signalen/{signaalId}/intrekkingen", signaal.TrekSignaalIn, "Trek een eigen signaal in"),
    ("/signalen/{signaalId}/weerleggingen", signaal.WeerlegSignaal, "Weerleg een signaal"),
    ("/signalen/{signaalId}/doorzettingen", signaal.DoorzetSignaal, "Zet een signaal door naar één zetel"),
    ("/signalen/{signaalId}/niet-delingen", signaal.MerkSignaalNietGedeeld, "Leg vast dat een signaal niet is gedeeld"),
    ("/signalen/{signaalId}/terugkoppelingen", signaal.KoppelSignaalTerug, "Koppel terug aan de melder"),
    ("/signalen/{signaalId}/rollen", signaal.KenRolToe, "Ken een betrokkene een vermoedelijke rol toe"),
    ("/signalen/{signaalId}/vernietigingen", signaal.VernietigBetrokkene, "Vernietig gegevens van een betrokkene"),
    ("/signalen/{signaalId}/toestemmingen", toestemming.LegToestemmingVast, "Leg toestemming vast"),
    (
        "/signalen/{signaalId}/toestemmingsweigeringen",
        toestemming.LegToestemmingsweigeringVast,
        "Leg een weigering van toestemming vast",
    ),
    ("/signalen/{signaalId}/toestemmingsintrekkingen", toestemming.TrekToestemmingIn, "Trek toestemming in"),
    ("/signalen/{signaalId}/ontvangstbevestigingen", verstrekking.BevestigOntvangst, "Bevestig ontvangst"),
    ("/casussen/{casusId}/signalen", casus.KoppelSignaal, "Breng een signaal in een casus in"),
    ("/casussen/{casusId}/deelnemers", casus.BepaalDeelnemers, "Bepaal de betrokken deelnemers"),
    ("/casussen/{casusId}/criteria", casus.BeoordeelCriteria, "Leg het oordeel over de criteria vast"),
    ("/casussen/{casusId}/fasen", casus.WijzigFase, "Wijzig de fase"),
    ("/casussen/{casusId}/regie", casus.DraagRegieOver, "Draag de regie over"),
    ("/casussen/{casusId}/interventies", casus.StelInterventieVoor, "Stel een interventie voor"),
    ("/casussen/{casusId}/zorgbevestigingen", casus.BevestigZorgGeinformeerd, "Bevestig dat de zorg is geïnformeerd"),
    ("/casussen/{casusId}/toelatingen", casus.StaInterventieToe, "Sta een interventie toe"),
    ("/casussen/{casusId}/uitvoeringen", casus.MeldInterventieUitgevoerd, "Meld een interventie uitgevoerd"),
    ("/casussen/{casusId}/evaluaties", casus.EvalueerInterventie, "Evalueer een interventie"),
    ("/casussen/{casusId}/embargos", casus.StelEmbargo, "Stel een embargo"),
    ("/casussen/{casusId}/embargo-opheffingen", casus.HefEmbargoOp, "Hef het embargo op"),
    ("/casussen/{casusId}/besluiten", casus.LegBesluitVast, "Leg een besluit van de casustafel vast"),
    ("/casussen/{casusId}/sluitingen", casus.SluitCasus, "Sluit een casus"),
    ("/overleggen/{overlegId}/aanwezigen", overleg.LaatDeelnemerBinnen, "Laat een deelnemer binnen"),
    ("/overleggen/{overlegId}/vertrekken", overleg.LaatDeelnemerVertrekken, "Laat een deelnemer vertrekken"),
    ("/overleggen/{overlegId}/acties", overleg.SpreekActieAf, "Spreek een actie af"),
    ("/overleggen/{overlegId}/sluitingen", overleg.SluitOverleg, "Sluit een overleg"),
)
COLLECTIONS: tuple[tuple[str, type[Command], str], ...] = (
    ("/casussen", casus.OpenCasus, "Open een casus"),
    ("/overleggen", overleg.OpenOverleg, "Open een overleg"),
)


def router(services: Services) -> APIRouter:
    """All operations that execute one command of the contract."""
    routes = partner_router("handelingen")
    for path, command, summary in SUBRESOURCES:
        _add(routes, path, summary, command, _subresource(services, command, path))
    for path, command, summary in COLLECTIONS:
        _add(routes, path, summary, command, _collection(services, command))
    return routes


def execute(services: Services, command: Command, who: Zetelhouder) -> Ontvangstbewijs:
    """Execute and answer. Raises Problem."""
    if late := in_the_future(command, services.clock(), ""):
        raise ongeldige_invoer(late)
    try:
        outcome = services.ledger.execute(Request(command, who.zetel), services.clock())
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error
    return receipt(outcome, who.zetel)


def in_the_future(command: Command, nu: datetime, under: str) -> tuple[Fout, ...]:
    """Moments of observation that have not been yet."""
    latest = nu + CLOCK_SKEW
    content = getattr(command, "inhoud", None) or getattr(getattr(command, "melding", None), "inhoud", None)
    path = under + ("/melding/inhoud" if hasattr(command, "melding") else "/inhoud")
    if content is None:
        return ()
    faulty = [
        Fout(veld=f"{path}/{wire}", melding="Dit tijdstip ligt in de toekomst.")
        for wire, moment in (("waargenomenOp", content.waargenomen_op), ("vernomenOp", content.vernomen_op))
        if moment is not None and moment > latest
    ]
    faulty += [
        Fout(veld=f"{path}/betrokkenen/{at}/geboortedatum", melding="Deze datum ligt in de toekomst.")
        for at, person in enumerate(content.betrokkenen)
        if person.geboortedatum is not None and person.geboortedatum > latest.date()
    ]
    return tuple(faulty)


def body_of(command: type[Command], identifier: str) -> type[Part]:
    """The body of a sub-resource: the command without the identifier that stands in the path."""
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in command.model_fields.items() if name != identifier
    }
    return create_model(command.__name__ + "Verzoek", __base__=Part, __doc__=command.__doc__, **fields)


def _subresource(services: Services, command: type[Command], path: str) -> Callable[..., Ontvangstbewijs]:
    identifier = next(name for name in ("signaal_id", "casus_id", "overleg_id") if to_camel(name) in path)
    body_type = body_of(command, identifier)

    def act(key: UUID, body: Part, who: Zetelhouder) -> Ontvangstbewijs:
        fields = {name: getattr(body, name) for name in type(body).model_fields}
        return execute(services, command.model_validate({identifier: key, **fields}), who)

    def on_signaal(signaalId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(signaalId, verzoek, who)

    def on_casus(casusId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(casusId, verzoek, who)

    def on_overleg(overlegId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(overlegId, verzoek, who)

    handler = {"signaal_id": on_signaal, "casus_id": on_casus, "overleg_id": on_overleg}[identifier]
    handler.__annotations__ |= {"verzoek": Annotated[body_type, Body()], "who": Annotated[Zetelhouder, _SUBMIT]}
    return handler


def _collection(services: Services, command: type[Command]) -> Callable[..., Ontvangstbewijs]:
    def act(verzoek: Any, who: Any) -> Ontvangstbewijs:
        return execute(services, verzoek, who)

    act.__annotations__ |= {"verzoek": Annotated[command, Body()], "who": Annotated[Zetelhouder, _SUBMIT]}
    return act


def _add(routes: APIRouter, path: str, summary: str, command: type[Command], handler: Callable[..., Any]) -> None:
    routes.add_api_route(
        path,
        handler,
        methods=["POST"],
        status_code=201,
        response_model=Ontvangstbewijs,
        response_description=RECORDED,
        responses=CONFLICT if "{" in path else CONFLICT | NOT_ADMITTED,
        summary=summary,
        description=(command.__doc__ or "").strip(),
        operation_id=command.__name__[0].lower() + command.__name__[1:],
    )
