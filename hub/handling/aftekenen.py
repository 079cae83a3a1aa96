"""Who handles what, who has a private tie, and the officer's judgement of what the machine could not explain.

Source: WGS art. 1.8 lid 2; Bgs art. 1.11; AVG art. 32.
"""

from uuid import UUID

from contracts.toezicht import (
    MeldBelang,
    RaadplegingAfgetekend,
    RaadplegingOnverklaard,
    TekenRaadplegingAf,
    TrekBehandelaarIn,
    WijsBehandelaarAan,
)
from hub.domain import toezicht
from hub.domain.oordeel import Onbekend
from hub.domain.toezicht import BehandelingEvent, ToezichtEvent, behandelaars_of, bevinding_of
from hub.handling.disclose import HUBZETEL
from hub.handling.logboek import AUDITREGEL
from hub.handling.questions import Answered, Asked
from hub.handling.step import Handlers, Step
from hub.handling.work import refusals_of

DOEL = "rechtmatigheidscontrole"


def _behandeling(step: Step, command: WijsBehandelaarAan | TrekBehandelaarIn | MeldBelang) -> None:
    """Only of what the seat holds or takes part in; of what is not there it learns no more than that."""
    casus_id: UUID | None = getattr(command, "casus_id", None)
    if command.signaal_id is not None:
        step.must_hold(command.signaal_id)
    if casus_id is not None and step.zetel not in step.work.casus(casus_id).deelnemers:
        raise Onbekend
    stream = behandelaars_of(step.zetel, command.signaal_id or casus_id)
    state = toezicht.behandelingen(step.work.events(stream, BehandelingEvent))
    step.work.add(stream, toezicht.behandel(state, command, step.zetel, step.nu, step.persoon), "hub")


def _teken_af(step: Step, command: TekenRaadplegingAf) -> None:
    stream = bevinding_of(command.nummer)
    events = step.work.events(stream, ToezichtEvent)
    answered = _may_sign(step, events)
    event = toezicht.teken_af(events, command, step.zetel, step.nu, answered.oordeel)
    if not isinstance(event, RaadplegingAfgetekend):
        stream = refusals_of(stream)
        step.work.load((stream,))
    step.work.add(stream, [event], "hub", answered.record)


def _may_sign(step: Step, events: list[ToezichtEvent]) -> Answered:
    """Asked of the policy also for what is not in the queue: then it takes as long, and who may not never learns it."""
    looked = next((event.raadpleger for event in events if isinstance(event, RaadplegingOnverklaard)), HUBZETEL)
    asked = Asked(step.zetel, "aftekenen", "hub", "landelijk", step.op, DOEL)
    return step.questions.judge_recorded(asked, ((looked, "", (AUDITREGEL,)),))


HANDLERS: Handlers = {
    WijsBehandelaarAan: _behandeling,
    TrekBehandelaarIn: _behandeling,
    MeldBelang: _behandeling,
    TekenRaadplegingAf: _teken_af,
}
