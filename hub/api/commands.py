"""The acts on signals, cases, consents, sessions and disclosures: one operation per command of the contract."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends
from pydantic import ValidationError, create_model
from pydantic.alias_generators import to_camel

from contracts import (
    afscherming,
    bedenktijd,
    bewaring,
    bezwaar,
    brug,
    casus,
    correctietaak,
    noodtoegang,
    overleg,
    plicht,
    resultaat,
    signaal,
    terugkoppeling,
    terugroeping,
    toestemming,
    verhoor,
    verstrekking,
)
from contracts.message import Command, Part
from contracts.problems import ongeldige_invoer
from hub.api.answers import Ontvangstbewijs, receipt
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.problems import invalid_input
from hub.api.records import origin_of, write_access
from hub.api.services import Services
from hub.handling.aanleveren import in_the_future
from hub.handling.execute import Outcome, Request
from hub.handling.uitslagen import problem_of
from hub.handling.vastleggen import naam_van, objects_of, soort_van

RECORDED = "Vastgelegd; het bewijs van ontvangst."
CONFLICT: dict[int | str, dict[str, Any]] = {409: {"description": "Dit past niet bij de stand van zaken."}}
#: A case may be opened only where the policy admits the seat; else it answers as if there were no such thing.
NOT_ADMITTED: dict[int | str, dict[str, Any]] = {404: {"description": "Deze zetel kan dit hier niet openen."}}
_IDENTIFIERS = ("signaal_id", "casus_id", "overleg_id", "casus_pseudoniem", "resultaat_id", "plicht_id")
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
    (
        "/signalen/{signaalId}/terugkoppelaanhoudingen",
        terugkoppeling.HoudTerugkoppelingAan,
        "Houd terugkoppeling aan, met een dag om opnieuw te kijken",
    ),
    ("/signalen/{signaalId}/rollen", signaal.KenRolToe, "Ken een betrokkene een vermoedelijke rol toe"),
    ("/signalen/{signaalId}/vernietigingen", signaal.VernietigBetrokkene, "Vernietig gegevens van een betrokkene"),
    ("/signalen/{signaalId}/wissingen", bewaring.WisSignaal, "Wis een eigen ongegrond signaal"),
    ("/casussen/{casusId}/vernieuwingen", bewaring.VernieuwVerwerking, "Vernieuw de verwerking van een casus"),
    ("/signalen/{signaalId}/toestemmingen", toestemming.LegToestemmingVast, "Leg toestemming vast"),
    (
        "/signalen/{signaalId}/toestemmingsweigeringen",
        toestemming.LegToestemmingsweigeringVast,
        "Leg een weigering van toestemming vast",
    ),
    ("/signalen/{signaalId}/toestemmingsintrekkingen", toestemming.TrekToestemmingIn, "Trek toestemming in"),
    ("/signalen/{signaalId}/ontvangstbevestigingen", verstrekking.BevestigOntvangst, "Bevestig ontvangst"),
    (
        "/signalen/{signaalId}/terugroepingbevestigingen",
        terugroeping.BevestigTerugroeping,
        "Meld wat met een terugroeping is gedaan",
    ),
    ("/signalen/{signaalId}/correctietaken", correctietaak.WijsOpFout, "Wijs de verstrekker op een fout"),
    ("/signalen/{signaalId}/correctieafwijzingen", correctietaak.WijsCorrectieAf, "Wijs een correctie af"),
    ("/signalen/{signaalId}/correctiesluitingen", correctietaak.SluitCorrectietaak, "Sluit een eigen correctietaak"),
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
    ("/signalen/{signaalId}/verhoren", verhoor.PlanVerhoor, "Vraag stilte voor een verhoor"),
    ("/signalen/{signaalId}/verhoor-opheffingen", verhoor.HefVerhoorembargoOp, "Hef de stilte voor een verhoor op"),
    ("/signalen/{signaalId}/contactvragen", verhoor.VraagContact, "Vraag of contact nu mag"),
    ("/casussen/{casusId}/verhoren", verhoor.PlanVerhoorInCasus, "Vraag stilte voor de signalen van een casus"),
    ("/casussen/{casusId}/bezwaren", bezwaar.MaakBezwaar, "Maak als bron bezwaar"),
    ("/casussen/{casusId}/bezwaar-intrekkingen", bezwaar.TrekBezwaarIn, "Trek een eigen bezwaar in"),
    ("/casussen/{casusId}/brugberichten", brug.StuurBrugbericht, "Waarschuw een zorgzetel buiten de casus"),
    ("/brugberichten/{casusPseudoniem}/bevestigingen", brug.BevestigBrugbericht, "Bevestig een brugbericht"),
    (
        "/signalen/{signaalId}/uitsluitingen",
        afscherming.SluitZetelsUit,
        "Sluit zetels uit die voorwerp van een signaal zijn",
    ),
    (
        "/signalen/{signaalId}/vertrouwelijkverklaringen",
        afscherming.VerklaarVertrouwelijk,
        "Verklaar een signaal vertrouwelijk",
    ),
    (
        "/signalen/{signaalId}/vertrouwelijkheidsopheffingen",
        afscherming.HefVertrouwelijkheidOp,
        "Hef de vertrouwelijkheid van een signaal op",
    ),
    (
        "/casussen/{casusId}/vertrouwelijkverklaringen",
        afscherming.VerklaarCasusVertrouwelijk,
        "Verklaar een casus vertrouwelijk",
    ),
    (
        "/casussen/{casusId}/vertrouwelijkheidsopheffingen",
        afscherming.HefCasusvertrouwelijkheidOp,
        "Hef de vertrouwelijkheid van een casus op",
    ),
    ("/signalen/{signaalId}/noodtoegangen", noodtoegang.VraagNoodtoegang, "Vraag noodtoegang tot een signaal"),
    (
        "/signalen/{signaalId}/noodtoegangbevestigingen",
        noodtoegang.BevestigNoodtoegang,
        "Bevestig noodtoegang als tweede",
    ),
    ("/signalen/{signaalId}/noodtoegangtoetsingen", noodtoegang.ToetsNoodtoegang, "Toets noodtoegang achteraf"),
    ("/overleggen/{overlegId}/agendapunten", overleg.ZetOpAgenda, "Zet een signaal op de agenda"),
    ("/casussen/{casusId}/resultaten", resultaat.MaakResultaat, "Maak een resultaat"),
    ("/resultaten/{resultaatId}/instemmingen", resultaat.StemInMetVerstrekking, "Stem als bron in"),
    ("/resultaten/{resultaatId}/instemmingsintrekkingen", resultaat.TrekInstemmingIn, "Trek een instemming in"),
    ("/resultaten/{resultaatId}/verstrekkingen-aan-derden", resultaat.VerstrekAanDerde, "Verstrek aan een derde"),
    ("/resultaten/{resultaatId}/verstrekkingen-aan-verbanden", resultaat.VerstrekAanVerband, "Verstrek aan verband"),
    ("/resultaten/{resultaatId}/terugkoppelingen", resultaat.KoppelResultaatTerug, "Koppel terug over een resultaat"),
    ("/resultaten/{resultaatId}/sluitingen", resultaat.SluitResultaat, "Sluit een resultaat voor deze zetel"),
    ("/overleggen/{overlegId}/aanwezigen", overleg.LaatDeelnemerBinnen, "Laat een deelnemer binnen"),
    ("/overleggen/{overlegId}/vertrekken", overleg.LaatDeelnemerVertrekken, "Laat een deelnemer vertrekken"),
    ("/overleggen/{overlegId}/acties", overleg.SpreekActieAf, "Spreek een actie af"),
    ("/overleggen/{overlegId}/sluitingen", overleg.SluitOverleg, "Sluit een overleg"),
    ("/plichten/{plichtId}/vervullingen", plicht.MeldPlichtVervuld, "Meld dat een eigen plicht is gedaan"),
    ("/signalen/{signaalId}/bedenktijdaanbiedingen", bedenktijd.LegBedenktijdVast, "Leg vast wat is aangeboden"),
    ("/signalen/{signaalId}/bedenktijden", bedenktijd.BeginBedenktijd, "Leg vast dat bedenktijd loopt"),
    ("/signalen/{signaalId}/bedenktijdeinden", bedenktijd.BeeindigBedenktijd, "Leg het einde van bedenktijd vast"),
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
    return receipt(executed(services, command, who), who.zetel)


def executed(services: Services, command: Command, who: Zetelhouder) -> Outcome:
    """Execute; what was recorded. Raises Problem."""
    if late := in_the_future(command, services.clock(), ""):
        raise ongeldige_invoer(late)
    try:
        request = Request(command, who.zetel, persoon=who.client, herkomst=origin_of(who))
        outcome = services.ledger.execute(request, services.clock())
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error
    _record(services, command, outcome, who)
    return outcome


def _record(services: Services, command: Command, outcome: Outcome, who: Zetelhouder) -> None:
    """What was recorded stands in the access log beside it; a repeat, or what changed nothing, is written down here."""
    if outcome.logged and outcome.receipt is not None:
        who.logged.extend(outcome.receipt.access)
        return
    kind = type(command)
    write_access(
        services,
        who,
        vraag=naam_van(kind),
        doel="",
        objecten=objects_of(command),
        resultaat="leeg",
        handeling=soort_van(kind),
        ontvangers=(),
    )


def body_of(command: type[Command], identifier: str) -> type[Part]:
    """The body of a sub-resource: the command without the identifier that stands in the path."""
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in command.model_fields.items() if name != identifier
    }
    return create_model(command.__name__ + "Verzoek", __base__=Part, __doc__=command.__doc__, **fields)


def whole(command: type[Command], fields: dict[str, Any]) -> Command:
    """A command of its parts, which fit the contract each but perhaps not together. Raises Problem 400."""
    try:
        return command.model_validate(fields)
    except ValidationError as error:
        raise invalid_input(error.errors()) from error


def _subresource(services: Services, command: type[Command], path: str) -> Callable[..., Ontvangstbewijs]:
    identifier = next(name for name in _IDENTIFIERS if to_camel(name) in path)
    body_type = body_of(command, identifier)

    def act(key: UUID, body: Part, who: Zetelhouder) -> Ontvangstbewijs:
        fields = {name: getattr(body, name) for name in type(body).model_fields}
        return execute(services, whole(command, {identifier: key, **fields}), who)

    def on_signaal(signaalId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(signaalId, verzoek, who)

    def on_casus(casusId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(casusId, verzoek, who)

    def on_overleg(overlegId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(overlegId, verzoek, who)

    def on_brug(casusPseudoniem: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(casusPseudoniem, verzoek, who)

    def on_resultaat(resultaatId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(resultaatId, verzoek, who)

    def on_plicht(plichtId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(plichtId, verzoek, who)

    handlers = (on_signaal, on_casus, on_overleg, on_brug, on_resultaat, on_plicht)
    handler = dict(zip(_IDENTIFIERS, handlers, strict=True))[identifier]
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
