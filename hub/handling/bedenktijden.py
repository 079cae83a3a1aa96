"""Commands on the reflection period: only who may know of it and brings such data in may record it.

Source: Vc B8/3; document 004 L3952-3980.
"""

from contracts.bedenktijd import BeeindigBedenktijd, BeginBedenktijd, LegBedenktijdVast
from contracts.message import Acted
from hub.domain import bedenktijd
from hub.domain.bedenktijd import BedenktijdCommand, bedenktijden_of
from hub.domain.signaal import Bijdrage
from hub.handling.personen import VICTIM
from hub.handling.questions import Answered, Asked, freeze
from hub.handling.step import Handlers, Step
from hub.handling.work import refusals_of

SPOOR, DOEL, CATEGORIE = "zorg-en-registratie", "verblijfsrecht", "bedenktijd-status"


def _record(step: Step, command: BedenktijdCommand) -> None:
    key, work = command.signaal_id, step.work
    step.must_hold(key)
    stream, refusals = bedenktijden_of(key), refusals_of(key)
    for handeling in ("indienen", "lezen"):
        answered = _asked(step, command, handeling)
        if not answered.oordeel.categorieen:
            work.load((refusals,))
            refused = bedenktijd.geweigerd(command, Acted(step.zetel, step.nu), answered.oordeel)
            work.add(refusals, [refused], "hub", answered.record)
            return
    state = bedenktijd.replay(work.events(stream, bedenktijd.BedenktijdEvent))
    events = bedenktijd.decide(state, command, step.zetel, step.nu)
    work.add(stream, events, SPOOR, answered.record)


def _asked(step: Step, command: BedenktijdCommand, handeling: str) -> Answered:
    """Who does not belong to the residence of the person may neither bring this in nor know of it."""
    asked = Asked(
        step.zetel,
        handeling,
        SPOOR,
        step.work.signaal(command.signaal_id).regio,
        step.op,
        DOEL,
        betrokkene_rol=VICTIM,
        omstandigheden=freeze({"casus_lid": True}),
    )
    return step.questions.judge(asked, {step.zetel: Bijdrage(step.zetel, frozenset({CATEGORIE}), None, {})})


HANDLERS: Handlers = dict.fromkeys((LegBedenktijdVast, BeginBedenktijd, BeeindigBedenktijd), _record)
