"""Emergency access: asked of the policy, on record whatever it answers, known at once to the owners of the data.

Source: AVG art. 6 lid 1 onder d, 9 lid 2 onder c; document 003 L6154-6158, L6212-6218.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from contracts.noodtoegang import BevestigNoodtoegang, NoodtoegangVerleend, ToetsNoodtoegang, VraagNoodtoegang
from hub.domain import noodtoegang, verstrekking
from hub.domain.noodtoegang import Handelende
from hub.domain.oordeel import Onbekend
from hub.domain.signaal import Bijdrage, Signaal
from hub.domain.verstrekking import Voorstel
from hub.handling.personen import together
from hub.handling.questions import Answered, Asked, freeze
from hub.handling.step import Handlers, Step
from hub.handling.work import disclosures_of, emergencies_of, refusals_of
from hub.handling.zetels import is_subject, is_withheld, organisation_of

DOEL = "veiligheid-slachtoffer"
#: The track of emergencies. What lies in a partnership of the WGS is asked for there, where no rule knows of them.
SPOOR = "zorg-en-registratie"
WGS_SPOREN = frozenset({"riec", "zvh"})
TOEZICHT = "privacy-officer"


def _vraag(step: Step, command: VraagNoodtoegang) -> None:
    work, key = step.work, command.signaal_id
    stream, refusals = emergencies_of(key), refusals_of(key)
    work.load((key, stream, disclosures_of(key), refusals))
    try:
        signaal = work.signaal(key)
    except Onbekend:
        signaal = Signaal()
    answered = _answer(step, signaal, command)
    spoor = _spoor(signaal)
    event = noodtoegang.vraag(
        work.noodtoegangen(key), command, _handelende(step), step.nu, answered.oordeel, _toezicht(step), spoor
    )
    if not isinstance(event, NoodtoegangVerleend):
        work.add(refusals, [event], "hub", answered.record)
        return
    work.add(stream, [event], spoor, answered.record)
    voorstel = Voorstel(key, step.zetel, step.zetel, spoor, DOEL, gebonden_aan=command.noodtoegang_id, tot=event.tot)
    granted = replace(answered.oordeel, geweigerd=())
    step.disclosing.record(voorstel, signaal, replace(answered, oordeel=granted))


def _answer(step: Step, signaal: Signaal, command: VraagNoodtoegang) -> Answered:
    """The answer of the policy. For what is not there it is asked all the same, so that it takes as long."""
    hidden = signaal.eigenaar is None or signaal.ingetrokken or is_withheld(signaal, step.zetel)
    wanted = frozenset(command.categorieen)
    brought_in = [c for c in signaal.bijdragen.values() if c.zetel != step.zetel and not hidden]
    contributions: dict[str, Bijdrage] = {}
    for one in brought_in:
        before = contributions.get(one.zetel)
        categories = (one.categorieen & wanted) | (before.categorieen if before else frozenset())
        article = one.wpg_artikel or (before.wpg_artikel if before else None)
        contributions[one.zetel] = Bijdrage(one.zetel, categories, article, {})
    persons = [person for one in brought_in for person in one.personen.values()]
    facts: dict[str, object] = {
        "gevaar": command.gevaar,
        "reden_vastgelegd": True,
        "tijdelijk": True,
        "toetsing_gepland": bool(_toezicht(step)),
    }
    if is_subject(step.questions.beleid, signaal, step.zetel):
        facts["zetel_is_voorwerp"] = True
    if _under_embargo(step, command.signaal_id):
        facts["embargo"] = "actief"
    asked = Asked(
        step.zetel,
        "noodtoegang",
        _spoor(signaal),
        signaal.regio,
        step.op,
        DOEL,
        **together(persons, step.op),
        omstandigheden=freeze(facts),
    )
    absent = {step.zetel: Bijdrage(step.zetel, wanted, None, {})}
    answered = step.questions.judge(asked, contributions or absent)
    if contributions:
        return answered
    return replace(answered, oordeel=replace(answered.oordeel, per_bron={}))


def _under_embargo(step: Step, signaal_id: UUID) -> bool:
    """Whether a case in which it was disclosed, or refused, lies under an embargo. Source: RO art. 124."""
    recorded: list[Any] = step.work.events(disclosures_of(signaal_id), verstrekking.VerstrekkingEvent)
    cases = {event.casus_id for event in recorded if getattr(event, "casus_id", None)}
    return any(step.work.casus(casus_id).embargo for casus_id in cases)


def _spoor(signaal: Signaal) -> str:
    return signaal.spoor if signaal.spoor in WGS_SPOREN else SPOOR


def _handelende(step: Step) -> Handelende:
    organisation = organisation_of(step.questions.beleid, step.zetel) or ""
    return Handelende(step.zetel, step.persoon, organisation)


def _toezicht(step: Step) -> tuple[str, ...]:
    seats = step.questions.beleid.instanties.values()
    return tuple(sorted(seat.id for seat in seats if seat.type == TOEZICHT))


def _follow(step: Step, command: BevestigNoodtoegang | ToetsNoodtoegang) -> None:
    work, stream = step.work, emergencies_of(command.signaal_id)
    work.load((stream,))
    state = work.noodtoegangen(command.signaal_id)
    events = noodtoegang.decide(state, command, _handelende(step), step.nu)
    work.add(stream, events, state.bekend[command.noodtoegang_id].verleend.spoor)


def end_emergencies(step: Step, signaal_id: UUID) -> None:
    """End the emergency accesses to a signal whose time is over, with what they disclosed."""
    stream = emergencies_of(signaal_id)
    step.work.load((signaal_id, stream, disclosures_of(signaal_id)))
    for id, known in step.work.noodtoegangen(signaal_id).bekend.items():
        events = noodtoegang.verlopen(known, step.nu, step.zetel)
        step.work.add(stream, events, known.verleend.spoor)
        if events:
            step.disclosing.end_bound(signaal_id, id, "noodtoegang-voorbij")


HANDLERS: Handlers = {VraagNoodtoegang: _vraag, BevestigNoodtoegang: _follow, ToetsNoodtoegang: _follow}
