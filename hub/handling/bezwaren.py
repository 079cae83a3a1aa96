"""Commands on objections of providers: on record, and every disclosure of the case decided again."""

from contracts.bezwaar import MaakBezwaar, TrekBezwaarIn
from hub.domain import bezwaar
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.step import Handlers, Step


def _objection(step: Step, command: MaakBezwaar | TrekBezwaarIn) -> None:
    before = step.work.casus(command.casus_id)
    if before.opener is None or step.zetel not in before.deelnemers:
        raise Onbekend
    if before.gesloten:
        raise Strijdig("Deze casus is gesloten.")
    step.work.load(list(before.signalen))
    provided = any(step.zetel in step.work.signaal(one).verstrekkers for one in before.signalen)
    events = bezwaar.decide(before.bezwaren, command, step.zetel, step.nu, bron=provided)
    step.work.add(command.casus_id, events, before.spoor)
    after = step.work.casus(command.casus_id)
    if after.bezwaren != before.bezwaren:
        step.disclosing.case(command.casus_id, before, after)


HANDLERS: Handlers = {MaakBezwaar: _objection, TrekBezwaarIn: _objection}
