"""Commands that keep a signal or a case from seats, and what a contribution itself says of partners."""

from collections.abc import Iterable
from typing import Any, get_args
from uuid import UUID

from contracts.afscherming import BijdrageAfgeschermd, HefVertrouwelijkheidOp, VertrouwelijkheidVervallen
from contracts.casus import SignaalGekoppeld
from contracts.inhoud import SignaalInhoud
from contracts.message import Acted
from hub.domain import afscherming, verstrekking
from hub.domain.casus import CasusEvent
from hub.handling.step import Handlers, Step
from hub.handling.work import disclosures_of
from hub.handling.zetels import insiders, partners, seats_of, subjects


def shield(step: Step, signaal_id: UUID, zetels: tuple[str, ...], inhoud: SignaalInhoud) -> None:
    """Shut out the seats that a contribution names as its subject, and the partners among its organisations."""
    organisations = partners(step.questions.beleid, inhoud.organisaties)
    if not (zetels or organisations):
        return
    new = (frozenset(zetels) | seats_of(step.questions.beleid, organisations), organisations)
    signaal = step.work.signaal(signaal_id)
    events = afscherming.uitsluiten(signaal, new, signaal_id, Acted(step.zetel, step.nu))
    step.work.add(signaal_id, events, signaal.spoor)
    if events:
        _follow(step, signaal_id)


def linked(step: Step, events: Iterable[CasusEvent]) -> list[CasusEvent]:
    """The events of a case, where a signal is brought in with who may not see that it is."""
    return [_hidden(step, event) if isinstance(event, SignaalGekoppeld) else event for event in events]


def _hidden(step: Step, event: SignaalGekoppeld) -> SignaalGekoppeld:
    signaal = step.work.signaal(event.signaal_id)
    hidden = subjects(step.questions.beleid, signaal)
    return event.model_copy(update={"verborgen_voor": hidden, "alleen_voor": insiders(signaal)})


def _signal(step: Step, command: Any) -> None:
    work, key = step.work, command.signaal_id
    work.load((key, disclosures_of(key)))
    signaal, given = work.signaal(key), work.verstrekkingen(key)
    events = afscherming.decide(signaal, command, step.zetel, step.nu, houder=given.houder(step.zetel))
    work.add(key, events, signaal.spoor)
    if events and isinstance(command, HefVertrouwelijkheidOp):
        reopened(step, key)
    elif events:
        _follow(step, key)
        step.disclosing.reopen(key)


def reopened(step: Step, signaal_id: UUID) -> None:
    """What was closed while a signal was confidential is decided anew."""
    _in_cases(step, signaal_id)
    step.disclosing.reopen(signaal_id)


def _follow(step: Step, signaal_id: UUID) -> None:
    _in_cases(step, signaal_id)
    step.disclosing.shut_out(signaal_id)


def _in_cases(step: Step, signaal_id: UUID) -> None:
    """In every case where it was disclosed: who sees from now on that it was brought in."""
    work, signaal = step.work, step.work.signaal(signaal_id)
    recorded: list[Any] = work.events(disclosures_of(signaal_id), verstrekking.VerstrekkingEvent)
    for casus_id in sorted({event.casus_id for event in recorded if getattr(event, "casus_id", None)}):
        casus = work.casus(casus_id)
        event = BijdrageAfgeschermd(
            casus_id=casus_id,
            signaal_id=signaal_id,
            verborgen_voor=subjects(step.questions.beleid, signaal),
            alleen_voor=insiders(signaal),
            zetel=step.zetel,
            tijdstip=step.nu,
        )
        if signaal_id in casus.signalen:
            work.add(casus_id, [event], casus.spoor)


def _case(step: Step, command: Any) -> None:
    before = step.work.casus(command.casus_id)
    events = afscherming.decide_casus(before, command, step.zetel, step.nu)
    step.work.add(command.casus_id, events, before.spoor)
    step.disclosing.case(command.casus_id, before, step.work.casus(command.casus_id))


def expire_signal(step: Step, signaal_id: UUID) -> None:
    """Open a confidential signal whose last day is over. Source: UAVG art. 41."""
    signaal = step.work.signaal(signaal_id)
    if signaal.vertrouwelijk_tot is not None and signaal.vertrouwelijk_tot < step.op:
        event = VertrouwelijkheidVervallen(signaal_id=signaal_id, reden="termijn", zetel=step.zetel, tijdstip=step.nu)
        step.work.add(signaal_id, [event], signaal.spoor)
        reopened(step, signaal_id)


def expire_case(step: Step, casus_id: UUID) -> None:
    """Open a confidential case whose last day is over. Source: UAVG art. 41."""
    before = step.work.casus(casus_id)
    if before.vertrouwelijk_tot is not None and before.vertrouwelijk_tot < step.op:
        events = afscherming.casus_open(before, casus_id, Acted(step.zetel, step.nu), "termijn")
        step.work.add(casus_id, events, before.spoor)
        step.disclosing.case(casus_id, before, step.work.casus(casus_id))


HANDLERS: Handlers = {
    **dict.fromkeys(get_args(afscherming.SignaalAfscherming), _signal),
    **dict.fromkeys(get_args(afscherming.CasusAfscherming), _case),
}
