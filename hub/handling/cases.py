"""Commands on a case."""

from typing import Any, get_args

from contracts.casus import BepaalDeelnemers, OpenCasus, StaInterventieToe
from hub.domain import casus
from hub.domain.oordeel import Onbekend
from hub.domain.signaal import Bijdrage
from hub.handling.afscherming import linked
from hub.handling.questions import Answered, Asked, case_facts, freeze, seat_type
from hub.handling.step import Handlers, Step

#: What an action rests on: the plan of the case.
INTERVENTIE = frozenset({"interventieplan"})


def _open(step: Step, command: OpenCasus) -> None:
    opened = casus.open_casus(step.work.casus(command.casus_id), command, step.zetel, step.nu)
    if not step.questions.admission(step.zetel, casus.replay(opened), step.op):
        raise Onbekend
    step.work.add(command.casus_id, opened, command.spoor)


def _case(step: Step, command: Any) -> None:
    key, zetel = command.casus_id, step.zetel
    before = step.work.casus(key)
    admitted = None
    if isinstance(command, BepaalDeelnemers):
        wanted = {zetel, *command.deelnemers}
        admitted = frozenset(seat for seat in wanted if step.questions.admission(seat, before, step.op))
    if hasattr(command, "signaal_id"):
        step.must_hold(command.signaal_id)
    care = step.questions.beleid.zetels[seat_type(zetel)].zorg
    answered = _may_act(step, before, command)
    oordeel = answered.oordeel if answered else None
    events = casus.decide(before, command, zetel, step.nu, toegelaten=admitted, zorg=care, oordeel=oordeel)
    step.work.add(key, linked(step, events), before.spoor, answered.record if answered else None)
    after = step.work.casus(key)
    if disclosing_matters(before, after):
        step.disclosing.case(key, before, after)


def _may_act(step: Step, state: casus.Casus, command: Any) -> Answered | None:
    """Whether the seat that is to carry out an action may do so; None for another command or an unknown action."""
    action = state.interventies.get(command.interventie_id) if isinstance(command, StaInterventieToe) else None
    if action is None:
        return None
    seat = action.uitvoerder
    member = seat in state.deelnemers
    facts = case_facts(state) | {
        "casus_lid": member,
        "aangewezen_deelnemer": member and state.benoemd,
        "zorg_geinformeerd": action.zorg_klaar or not action.ingrijpend,
    }
    asked = Asked(
        seat,
        "ingrijpen",
        state.spoor,
        state.regio,
        step.op,
        state.doel,
        fase=state.fase,
        betrokkene_rol="betrokkene",
        omstandigheden=freeze(facts),
    )
    return step.questions.judge(asked, {seat: Bijdrage(seat, INTERVENTIE, None, {})})


def disclosing_matters(before: casus.Casus, after: casus.Casus) -> bool:
    """Whether a change of the case can change what a participant may hold in it."""

    def relevant(state: casus.Casus) -> tuple[object, ...]:
        return (state.deelnemers, state.signalen, state.criteria_voldaan, state.fase, state.embargo)

    return relevant(before) != relevant(after)


HANDLERS: Handlers = {
    OpenCasus: _open,
    **dict.fromkeys(get_args(casus.CasusCommand), _case),
}
