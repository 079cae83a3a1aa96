"""Commands on a session: who sits in which part of it, and what that seat sees there while it is inside.

In a layered session (document 004 L13381-13420) who is no party brings in its sketch in part one and leaves. What
is shown is a disclosure bound to the session: it ends when the seat leaves, changes layer, or the session closes.
"""

from typing import Any, get_args
from uuid import UUID

from contracts.overleg import LaatDeelnemerBinnen, ZetOpAgenda
from hub.domain import overleg
from hub.domain.overleg import Overleg
from hub.domain.signaal import Bijdrage
from hub.domain.verstrekking import Voorstel
from hub.handling.disclose import held_by
from hub.handling.personen import together
from hub.handling.questions import Answered, Asked, freeze, purpose_of
from hub.handling.step import Handlers, Step
from hub.handling.work import disclosures_of
from hub.handling.zetels import is_subject, is_withheld

#: What one brings to part one: a sketch.
SCHETS = frozenset({"situatieschets"})
EINDE = "overleg-verlaten"


def _session(step: Step, command: Any) -> None:
    work, key = step.work, command.overleg_id
    before = work.overleg(key)
    answered = _may_enter(step, before, command)
    if isinstance(command, ZetOpAgenda):
        step.must_hold(command.signaal_id)
    oordeel = answered.oordeel if answered else None
    events = overleg.decide(before, command, step.zetel, step.nu, oordeel=oordeel)
    work.add(key, events, "hub", answered.record if answered else None)
    after = work.overleg(key)
    for signaal_id in after.agenda:
        _show(step, key, signaal_id, before, after)


def _may_enter(step: Step, state: Overleg, command: Any) -> Answered | None:
    """Whether a seat may sit in a part of a layered session; None where nobody enters one, or no covenant has it."""
    if not isinstance(command, LaatDeelnemerBinnen) or not command.laag or state.voorzitter is None:
        return None
    seat, spoor = command.deelnemer, _spoor(step, state)
    if spoor is None:
        return None
    facts = _facts(state, command.laag) | {"casus_lid": True}
    purpose = purpose_of(spoor)
    asked = Asked(seat, "deelnemen", spoor, state.regio, step.op, purpose, omstandigheden=freeze(facts))
    return step.questions.judge(asked, {seat: Bijdrage(seat, SCHETS, None, {})})


def _show(step: Step, overleg_id: UUID, signaal_id: UUID, before: Overleg, after: Overleg) -> None:
    """Show a signal of the agenda to who came in, and take it from who left. Without layers nothing is shown."""
    work = step.work
    work.load((signaal_id, disclosures_of(signaal_id)))
    inside = {} if after.gesloten else after.aanwezig
    for seat, layer in before.aanwezig.items():
        if inside.get(seat) != layer:
            step.disclosing.end_bound(signaal_id, overleg_id, EINDE, seat)
    new = signaal_id not in before.agenda
    signaal, spoor = work.signaal(signaal_id), _spoor(step, after)
    if signaal.ingetrokken or spoor is None:
        return
    for seat, layer in sorted(inside.items()):
        if layer and (new or before.aanwezig.get(seat) != layer) and not is_withheld(signaal, seat):
            _disclose(step, overleg_id, signaal_id, spoor, after, seat)


def _disclose(step: Step, overleg_id: UUID, signaal_id: UUID, spoor: str, state: Overleg, seat: str) -> None:
    signaal = step.work.signaal(signaal_id)
    held = held_by(state.agenda[signaal_id], signaal, step.work.verstrekkingen(signaal_id))
    shown: dict[str, Bijdrage] = {}
    for one in signaal.bijdragen.values():
        categories = one.categorieen & held.get(one.zetel, frozenset())
        if one.zetel != seat and categories:
            before = shown.get(one.zetel)
            together_with = before.categorieen if before else frozenset()
            shown[one.zetel] = Bijdrage(one.zetel, categories | together_with, one.wpg_artikel, {})
    if not shown:
        return
    persons = [person for one in signaal.bijdragen.values() for person in one.personen.values()]
    facts = _facts(state, state.aanwezig[seat])
    if is_subject(step.questions.beleid, signaal, seat):
        facts["zetel_is_voorwerp"] = True
    purpose = purpose_of(spoor)
    asked = Asked(
        seat,
        "lezen",
        spoor,
        state.regio,
        step.op,
        purpose,
        **together(persons, step.op),
        omstandigheden=freeze(facts),
    )
    voorstel = Voorstel(signaal_id, state.agenda[signaal_id], seat, spoor, purpose, gebonden_aan=overleg_id)
    step.disclosing.record(voorstel, signaal, step.questions.judge(asked, shown))


def _facts(state: Overleg, laag: int) -> dict[str, object]:
    """Of a seat that the chair lets in. Part two is for the parties; part one makes nobody member of a case."""
    return {
        "tafel": state.tafel,
        "laag": laag,
        "deelname": "aanwezig",
        "casus_lid": laag == 2,
        "aangewezen_deelnemer": True,
        "criteria_vastgelegd": True,
    }


def _spoor(step: Step, state: Overleg) -> str | None:
    """The track of the covenant that has this table; None where none has, or a statute took its place.

    Under the statute a session is no ground of its own: who sits there is on record, and sees what its cases give.
    """
    beleid = step.questions.beleid
    for covenant in beleid.convenanten(state.regio, step.op):
        if state.tafel in covenant.tafels and covenant.spoor and not beleid.wet_geldt(covenant.spoor, step.op):
            return covenant.spoor
    return None


HANDLERS: Handlers = dict.fromkeys(get_args(overleg.OverlegCommand), _session)
