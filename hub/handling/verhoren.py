"""Commands on silence before an interview, the question of contact, and feedback meanwhile."""

from contracts.signaal import KoppelSignaalTerug
from contracts.verhoor import HefVerhoorembargoOp, PlanVerhoor, PlanVerhoorInCasus, VraagContact
from hub.domain import verhoor
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.signaal import Bijdrage
from hub.domain.verhoor import verhoren_of
from hub.handling.disclose import held_by
from hub.handling.personen import together
from hub.handling.questions import Answered, Asked, freeze, seat_type
from hub.handling.step import Handlers, Step
from hub.handling.work import consents_of, disclosures_of

#: Speaking with the person is an act of care, in whatever track the signal is.
SPOOR, DOEL, CATEGORIE = "zorg-en-registratie", "zorg-opvang", "begeleiding-zorg-hulp"


def feedback(step: Step, command: KoppelSignaalTerug) -> KoppelSignaalTerug:
    """The feedback as it may go out now."""
    state = step.work.verhoren(command.signaal_id)
    return verhoor.held_back(state, command, step.op, opsporing=_investigates(step, command.aan))


def _investigates(step: Step, zetel: str) -> bool:
    kind = step.questions.beleid.zetels.get(seat_type(zetel))
    return kind is not None and kind.opsporing


def _plan(step: Step, command: PlanVerhoor) -> None:
    step.must_hold(command.signaal_id)
    state = step.work.verhoren(command.signaal_id)
    events = verhoor.plan(state, command, step.zetel, step.nu, opsporing=_investigates(step, step.zetel))
    step.work.add(verhoren_of(command.signaal_id), events, "hub")


def _plan_in_case(step: Step, command: PlanVerhoorInCasus) -> None:
    casus = step.work.casus(command.casus_id)
    if casus.opener is None or step.zetel not in casus.deelnemers:
        raise Onbekend
    if casus.gesloten:
        raise Strijdig("Deze casus is gesloten.")
    step.work.load([id for s in casus.signalen for id in (s, disclosures_of(s), verhoren_of(s))])
    held = [id for id in casus.signalen if held_by(step.zetel, step.work.signaal(id), step.work.verstrekkingen(id))]
    if not held:
        raise Strijdig("Deze zetel heeft geen signaal van deze casus.")
    for signaal_id in held:
        _plan(step, PlanVerhoor(signaal_id=signaal_id, tot_en_met=command.tot_en_met))


def _lift(step: Step, command: HefVerhoorembargoOp) -> None:
    step.must_hold(command.signaal_id)
    events = verhoor.hef_op(step.work.verhoren(command.signaal_id), command, step.zetel, step.nu)
    step.work.add(verhoren_of(command.signaal_id), events, "hub")


def _contact(step: Step, command: VraagContact) -> None:
    step.must_hold(command.signaal_id)
    answered = _asked(step, command)
    event = verhoor.contact(command, step.zetel, step.nu, answered.oordeel)
    step.work.load((verhoren_of(command.signaal_id),))
    step.work.add(verhoren_of(command.signaal_id), [event], "hub", answered.record)


def _asked(step: Step, command: VraagContact) -> Answered:
    step.work.load((consents_of(command.signaal_id), verhoren_of(command.signaal_id)))
    signaal = step.work.signaal(command.signaal_id)
    persons = [person for contribution in signaal.bijdragen.values() for person in contribution.personen.values()]
    silent = step.work.verhoren(command.signaal_id).gepland(step.op) is not None
    asked = Asked(
        step.zetel,
        "contact-leggen",
        SPOOR,
        signaal.regio,
        step.op,
        DOEL,
        **together(persons, step.op),
        omstandigheden=freeze({"verhoor_gepland": silent}),
    )
    return step.questions.judge(asked, {step.zetel: Bijdrage(step.zetel, frozenset({CATEGORIE}), None, {})})


HANDLERS: Handlers = {
    PlanVerhoor: _plan,
    PlanVerhoorInCasus: _plan_in_case,
    HefVerhoorembargoOp: _lift,
    VraagContact: _contact,
}
