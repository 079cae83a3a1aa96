"""Commands on correction tasks: an error pointed out, found to be none, or put right with everybody told.

Source: Bgs art. 1.7; AVG art. 16, 19; Wpg art. 28.
"""

from typing import Any

from contracts.correctietaak import CorrectietaakGeopend, SluitCorrectietaak, WijsCorrectieAf, WijsOpFout
from contracts.signaal import SignaalGerectificeerd, SignaalIngetrokken
from hub.domain import correctietaak
from hub.domain.casus import Casus
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.signaal import Bijdrage
from hub.handling.disclose import held_by
from hub.handling.questions import Answered, Asked, case_facts, freeze
from hub.handling.step import Handlers, Step
from hub.handling.work import disclosures_of, tasks_of

TAAK = frozenset({"correctietaak"})
RIEC, HUB, RECHTEN = "riec", "hub", "betrokkene-rechten"


def _point_out(step: Step, command: WijsOpFout) -> None:
    key, work = command.signaal_id, step.work
    step.must_hold(key)
    signaal = work.signaal(key)
    part = signaal.bijdragen.get(command.bijdrage_id)
    if part is None:
        raise Onbekend
    held = held_by(step.zetel, signaal, work.verstrekkingen(key)).get(part.zetel, frozenset()) & part.categorieen
    if not held:
        raise Onbekend
    events = correctietaak.wijs_op(work.correctietaken(key), command, part.zetel, step.zetel, step.nu, held)
    work.add(tasks_of(key), events, signaal.spoor)


def _no_error(step: Step, command: WijsCorrectieAf) -> None:
    events = correctietaak.wijs_af(step.work.correctietaken(command.signaal_id), command, step.zetel, step.nu)
    step.work.add(tasks_of(command.signaal_id), events, step.work.signaal(command.signaal_id).spoor)


def _close(step: Step, command: SluitCorrectietaak) -> None:
    task = correctietaak.van(step.work.correctietaken(command.signaal_id), command.correctietaak_id, step.zetel)
    if not _corrected(step, task):
        raise Strijdig("Rectificeer eerst het gegeven, of wijs de correctie met redenen af.")
    if not command.eigen_bron_bericht:
        raise Strijdig("Bericht eerst de eigen bron.")
    answered = _may_close(step, task)
    events = correctietaak.sluit(command, step.zetel, step.nu, answered.oordeel)
    spoor = step.work.signaal(command.signaal_id).spoor
    step.work.add(tasks_of(command.signaal_id), events, spoor, answered.record)


def _corrected(step: Step, task: CorrectietaakGeopend) -> bool:
    """Whether the contribution was put right, or withdrawn, after the error was pointed out."""
    for event in step.work.before(task.signaal_id):
        if isinstance(event, SignaalGerectificeerd):
            of_task = (event.verrijking_id or event.signaal_id) == task.bijdrage_id
        else:
            of_task = isinstance(event, SignaalIngetrokken)
        if of_task and event.tijdstip >= task.tijdstip:
            return True
    return False


def _may_close(step: Step, task: CorrectietaakGeopend) -> Answered:
    """In the track of a case under its rules; elsewhere under the rule that holds for all."""
    signaal, zetel = step.work.signaal(task.signaal_id), step.zetel
    told = not _unanswered(step, task)
    casus = _case_of(step, task)
    asked = Asked(
        zetel,
        "sluiten",
        RIEC if casus else HUB,
        signaal.regio,
        step.op,
        casus.doel if casus else RECHTEN,
        fase=casus.fase if casus else 0,
        betrokkene_rol="betrokkene" if casus else "geen",
        omstandigheden=freeze((case_facts(casus, zetel) if casus else {}) | {"ontvangers_bericht": told}),
    )
    return step.questions.judge(asked, {zetel: Bijdrage(zetel, TAAK, None, {})})


def _unanswered(step: Step, task: CorrectietaakGeopend) -> bool:
    """Whether somebody that was told of a correction by this provider since has not said what it did."""
    waiting = step.work.terugroepingen(task.signaal_id).open.values()
    return any(task.voor in one.bronnen and one.tijdstip >= task.tijdstip for one in waiting)


def _case_of(step: Step, task: CorrectietaakGeopend) -> Casus | None:
    """A case of the RIEC track in which the provider takes part and the signal lies."""
    recorded: list[Any] = step.work.before(disclosures_of(task.signaal_id))
    for casus_id in sorted({event.casus_id for event in recorded if getattr(event, "casus_id", None)}):
        casus = step.work.casus(casus_id)
        if casus.spoor == RIEC and task.signaal_id in casus.signalen and step.zetel in casus.deelnemers:
            return casus
    return None


HANDLERS: Handlers = {WijsOpFout: _point_out, WijsCorrectieAf: _no_error, SluitCorrectietaak: _close}
