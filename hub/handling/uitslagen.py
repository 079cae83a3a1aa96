"""What a command came to, as its sender is told: through whichever door it came."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from contracts.abonnement import AbonnementGeweigerd
from contracts.beleid import BeleidGeweigerd
from contracts.bewaring import VernietigingGeweigerd
from contracts.casus import HandelingGeweigerd, InterventieGeweigerd
from contracts.correctietaak import CorrectietaakGeweigerd
from contracts.datalek import DatalekhandelingGeweigerd
from contracts.kennisgeving import KennisgevingGeweigerd
from contracts.message import Event
from contracts.noodtoegang import NoodtoegangGeweigerd
from contracts.overleg import DeelnameGeweigerd
from contracts.problems import (
    Probleem,
    Problem,
    conflict,
    niet_beschikbaar,
    niet_bevoegd,
    niet_gevonden,
    onaanvaardbare_invoer,
)
from contracts.register import REFUSALS
from contracts.resultaat import ResultaatGeweigerd
from contracts.signaal import SignaalGeweigerd
from contracts.toegangstoets import ToegangstoetsGeweigerd
from contracts.toezicht import ToezichtGeweigerd
from contracts.verhoor import ContactGeweigerd
from contracts.verstrekking import VerstrekkingGeweigerd
from contracts.verzoek import VerzoekhandelingGeweigerd
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.disclose import HUBZETEL
from hub.handling.execute import Outcome
from hub.ledger.keys import Destroyed
from hub.ledger.store import LedgerUnavailable, SourceConflict

#: Refusals that name their reasons, their rules and the lawful alternative.
WITH_REASONS = (
    SignaalGeweigerd,
    VerstrekkingGeweigerd,
    HandelingGeweigerd,
    ContactGeweigerd,
    BeleidGeweigerd,
    ResultaatGeweigerd,
    DeelnameGeweigerd,
    ToezichtGeweigerd,
    CorrectietaakGeweigerd,
    VerzoekhandelingGeweigerd,
    KennisgevingGeweigerd,
    VernietigingGeweigerd,
    DatalekhandelingGeweigerd,
    ToegangstoetsGeweigerd,
    AbonnementGeweigerd,
)
INTERVENTIE_REDENEN = {
    "zorg-niet-geinformeerd": "Eerst moet de zorg zijn geïnformeerd en bevestigen dat zij klaarstaat.",
    "alleen-de-zorg-bevestigt": "Alleen een zorgzetel bevestigt dat de zorg klaarstaat; buiten de casus over de brug.",
    "nog-niet-toegestaan": "Deze interventie is nog niet toegestaan.",
}


class Resultaat(BaseModel):
    """The answer to one message of a batch. Camel case on the wire."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    id: str
    status: Annotated[str, Field(pattern="^(aanvaard|herhaald|geweigerd|ongeldig|conflict|mislukt)$")]
    posities: tuple[int, ...] = ()
    bladen: tuple[str, ...] = ()
    probleem: Probleem | None = None


def own_part(outcome: Outcome, zetel: str) -> Outcome:
    """What followed without what is on record as another's act: that concerns signals this seat may not know of."""
    recorded = outcome.receipt
    own = [event.zetel in (zetel, HUBZETEL) for event in outcome.events]
    if recorded is None or all(own) or len(own) != len(recorded.positions):
        return outcome
    seen = replace(
        recorded,
        positions=tuple(compress(recorded.positions, own)),
        leaf_hashes=tuple(compress(recorded.leaf_hashes, own)),
    )
    return replace(outcome, events=tuple(compress(outcome.events, own)), receipt=seen)


def refusal(events: Sequence[Event]) -> Problem | None:
    """The Problem of what was refused whole; None where anything else was recorded."""
    refusals = [event for event in events if isinstance(event, REFUSALS)]
    if not refusals or len(refusals) != len(events):
        return None
    first = refusals[0]
    if isinstance(first, InterventieGeweigerd):
        return niet_bevoegd(INTERVENTIE_REDENEN.get(first.reden, first.reden))
    if isinstance(first, NoodtoegangGeweigerd):
        return niet_gevonden()
    if isinstance(first, WITH_REASONS):
        reasons = " ".join(first.redenen)
        if isinstance(first, SignaalGeweigerd):
            reasons = f"Geweigerde categorieën: {', '.join(first.categorieen)}. {reasons}"
            if first.vorm == "probleem-400":
                return onaanvaardbare_invoer(reasons, first.regels, first.alternatief)
        return niet_bevoegd(reasons, first.regels, first.alternatief)
    return None


def problem_of(error: Exception) -> Problem | None:
    """The Problem that a failure of the ledger is to a partner; None for a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Onbekend):
        return niet_gevonden()
    if isinstance(error, Strijdig):
        return conflict(str(error))
    if isinstance(error, SourceConflict):
        return conflict("Dit kenmerk is eerder gebruikt voor een bericht met een andere inhoud.")
    if isinstance(error, Destroyed):
        return conflict("De gegevens van een betrokkene in dit bericht zijn vernietigd.")
    if isinstance(error, LedgerUnavailable):
        return niet_beschikbaar()
    return None


def result(id: str, outcome: Outcome | Exception, zetel: str) -> Resultaat:
    """One line of the answer to a batch of this seat. Raises what is a fault of ours."""
    if isinstance(outcome, Exception):
        problem = problem_of(outcome)
        if problem is None or problem.document.status == 503:
            raise outcome
        status = {400: "ongeldig", 409: "conflict"}.get(problem.document.status, "geweigerd")
        return Resultaat(id=id, status=status, probleem=problem.document)
    outcome = own_part(outcome, zetel)
    refused = refusal(outcome.events)
    if refused:
        return Resultaat(id=id, status="geweigerd", probleem=refused.document)
    recorded = outcome.receipt
    return Resultaat(
        id=id,
        status="herhaald" if outcome.repeated else "aanvaard",
        posities=recorded.positions if recorded else (),
        bladen=tuple(leaf.hex() for leaf in recorded.leaf_hashes) if recorded else (),
    )
