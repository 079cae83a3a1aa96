"""Taking in what agencies bring, through whichever door: check, execute and answer each message on its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from contracts import abonnement, beleid, bewaring, datalek, kennisgeving, verzoek
from contracts.bewaring import VernieuwVerwerking, WisSignaal
from contracts.cloudevents import CloudEvent, kenmerk_id
from contracts.message import Command
from contracts.navraag import DoeNavraag
from contracts.problems import Fout, niet_bevoegd, ongeldige_invoer
from contracts.register import COMMANDS
from contracts.signaal import RegistreerSignaal
from contracts.toegangstoets import ToetsToegang
from contracts.toezicht import TekenRaadplegingAf
from hub.handling.execute import Ledger, Outcome, Request
from hub.handling.fouten import faults
from hub.handling.uitslagen import Resultaat, result
from hub.handling.vastleggen import Herkomst, objects_of

#: A source may run a little ahead of the hub; beyond this a moment lies in the future.
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Aanleveraar:
    """Who brings in: system `client` of organisation `oin`, in a seat."""

    zetel: str
    oin: str
    client: str
    herkomst: Herkomst


@dataclass(frozen=True, slots=True)
class Rest:
    """What led to nothing on the ledger, and so is not in the access log yet. `objecten`: `signaal:<id>` and so on."""

    who: Aanleveraar
    objecten: tuple[str, ...]
    geweigerd: bool


#: Commands with a door and a scope of their own: who may bring in signals, may not therefore do these.
EIGEN_DEUR = frozenset(
    command
    for command in COMMANDS.values()
    if command.__module__ in {one.__name__ for one in (abonnement, beleid, bewaring, datalek, kennisgeving, verzoek)}
    or command in (TekenRaadplegingAf, ToetsToegang, DoeNavraag)
) - {WisSignaal, VernieuwVerwerking}


#: Writes the rest in the access log; durable when it returns.
RecordRest = Callable[[Rest], None]
Brought = tuple[Aanleveraar, CloudEvent]


def take_in(ledger: Ledger, brought: Sequence[Brought], nu: datetime, record: RecordRest) -> list[Resultaat]:
    """The answer to each message, in order. Raises what is no answer, such as LedgerUnavailable: then try all again."""
    judged = [_request(event, who, nu) for who, event in brought]
    accepted = [one for one in judged if isinstance(one, Request)]
    done = iter(ledger.execute_many(accepted, nu))
    outcomes = [next(done) if isinstance(one, Request) else one for one in judged]
    _record_rest(brought, judged, outcomes, record)
    return [result(event.id, outcome, who.zetel) for (who, event), outcome in zip(brought, outcomes, strict=True)]


def _record_rest(
    brought: Sequence[Brought],
    judged: Sequence[Request | Exception],
    outcomes: Sequence[Outcome | Exception],
    record: RecordRest,
) -> None:
    """Repeats, and what is refused, are in the access log all the same."""
    objecten: dict[Aanleveraar, dict[str, None]] = {}
    refused: set[Aanleveraar] = set()
    for (who, _), one, outcome in zip(brought, judged, outcomes, strict=True):
        if isinstance(outcome, Outcome) and outcome.logged:
            continue
        named = objects_of(one.command) if isinstance(one, Request) else ()
        objecten.setdefault(who, {}).update(dict.fromkeys(named))
        if isinstance(outcome, Exception):
            refused.add(who)
    for who, names in objecten.items():
        record(Rest(who, tuple(names), who in refused))


def _request(event: CloudEvent, who: Aanleveraar, nu: datetime) -> Request | Exception:
    if event.source.split(":")[3] != who.oin:
        return niet_bevoegd("De OIN van de bron is niet die van de aanleverende organisatie.")
    command_type = COMMANDS.get(event.type)
    if command_type is None or command_type in EIGEN_DEUR:
        known = "Dit berichttype kent het contract niet." if command_type is None else "Dit gaat langs zijn eigen deur."
        return ongeldige_invoer((Fout(veld="/type", melding=known),))
    try:
        command = command_type.model_validate(event.data)
    except ValidationError as error:
        return ongeldige_invoer(faults([dict(one) for one in error.errors()], "/data"))
    found = in_the_future(command, nu, "/data") or foreign_identifier(command, event.source, "/data")
    return (
        ongeldige_invoer(found)
        if found
        else Request(command, who.zetel, event.source, event.id, who.client, who.herkomst)
    )


def in_the_future(command: Command, nu: datetime, under: str) -> tuple[Fout, ...]:
    """Moments of observation that have not been yet."""
    latest = nu + CLOCK_SKEW
    fields = vars(command)
    content = fields["melding"].inhoud if "melding" in fields else fields.get("inhoud")
    path = under + ("/melding/inhoud" if "melding" in fields else "/inhoud")
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


def foreign_identifier(command: Command, source: str, under: str) -> tuple[Fout, ...]:
    """A new signal carries the identifier of its own source, so that nobody can ask after another's numbers."""
    if isinstance(command, RegistreerSignaal):
        expected = kenmerk_id(source, "signaal", command.melding.kenmerk)
        if command.signaal_id != expected:
            sentence = "Het signaalId hoort afgeleid te zijn van bron en kenmerk."
            return (Fout(veld=under + "/signaalId", melding=sentence),)
    return ()
