"""Commands on the bridge to care: asked of the policy, and recorded on both banks."""

from uuid import UUID

from contracts.brug import BevestigBrugbericht, StuurBrugbericht
from contracts.casus import HandelingGeweigerd
from contracts.message import Acted
from hub.domain import brug
from hub.domain.signaal import Bijdrage
from hub.handling.personen import VICTIM
from hub.handling.questions import Answered, Asked, case_facts, freeze, seat_type
from hub.handling.step import Handlers, Step

#: The purpose for which care is warned, whatever the purpose of the case.
DOEL = "veiligheid-slachtoffer"
#: What crosses is care's from then on: it lies under keys of the track of care.
SPOOR = "zorg-en-registratie"


def _stuur(step: Step, command: StuurBrugbericht) -> None:
    casus = step.work.casus(command.casus_id)
    reasons = brug.hindernissen(casus, command, step.zetel)
    if command.naar not in step.questions.beleid.instanties:
        reasons.append("De zetel waaraan dit is gericht bestaat niet.")
    if reasons:
        who = Acted(step.zetel, step.nu)
        refusal = HandelingGeweigerd.recorded(command, who, handeling=command.TYPE, redenen=tuple(reasons))
        step.work.add(command.casus_id, [refusal], casus.spoor)
        return
    pseudonym = step.pseudonym(command.casus_id, command.naar)
    stream = brug.brug_of(pseudonym)
    answered = _asked(step, command)
    outcome = brug.stuur(step.work.brug(stream), command, pseudonym, step.zetel, step.nu, answered.oordeel)
    if isinstance(outcome, HandelingGeweigerd):
        step.work.add(command.casus_id, [outcome], casus.spoor, answered.record)
        return
    sent, crossed = outcome
    step.work.add(stream, [sent], SPOOR, answered.record)
    step.work.add(command.casus_id, [crossed], casus.spoor)


def _asked(step: Step, command: StuurBrugbericht) -> Answered:
    casus = step.work.casus(command.casus_id)
    asked = Asked(
        step.zetel,
        "brugbericht-sturen",
        casus.spoor,
        casus.regio,
        step.op,
        DOEL,
        fase=casus.fase,
        betrokkene_rol=VICTIM,
        omstandigheden=freeze(case_facts(casus) | {"ontvanger": seat_type(command.naar)}),
    )
    return step.questions.judge(asked, {step.zetel: Bijdrage(step.zetel, brug.BRUGVELDEN, None, {})})


def _bevestig(step: Step, command: BevestigBrugbericht) -> None:
    stream = brug.brug_of(command.casus_pseudoniem)
    state = step.work.brug(stream)
    confirmed = brug.bevestig(state, command, step.zetel, step.nu)
    if confirmed is None:
        return
    here, there = confirmed
    step.work.add(stream, [here], SPOOR)
    casus_id: UUID = there.casus_id
    step.work.add(casus_id, [there], step.work.casus(casus_id).spoor)


HANDLERS: Handlers = {StuurBrugbericht: _stuur, BevestigBrugbericht: _bevestig}
