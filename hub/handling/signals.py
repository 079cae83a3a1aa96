"""Commands on a signal: bringing it in, changing it, passing it on, its consents and its persons."""

from collections.abc import Sequence
from typing import Any, get_args
from uuid import UUID

from contracts.message import Event
from contracts.signaal import (
    DoorzetSignaal,
    KenRolToe,
    KoppelSignaalTerug,
    RectificeerSignaal,
    RegistreerSignaal,
    SignaalIngetrokken,
    TrekSignaalIn,
    VernietigBetrokkene,
    VerrijkSignaal,
)
from contracts.toestemming import ToestemmingIngetrokken
from contracts.verstrekking import BevestigOntvangst
from hub.domain import betrokkene, signaal, toestemming, verstrekking
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.verstrekking import Voorstel
from hub.handling.afscherming import shield
from hub.handling.onderwerpen import must_be_erasable
from hub.handling.questions import Answered
from hub.handling.step import Handlers, Step
from hub.handling.verhoren import feedback
from hub.handling.work import consents_of, disclosures_of, person_of, refusals_of
from hub.handling.zetels import is_closed, is_withheld
from hub.ledger.store import KeyId


def _register(step: Step, command: RegistreerSignaal) -> None:
    melding = command.melding
    contribution = signaal.bijdrage_van(step.zetel, melding.inhoud, melding.wpg_artikel, melding, step.nu)
    explained = "".join(sorted({criterion.letter for criterion in melding.criteria if criterion.toelichting}))
    answered = step.questions.intake(step.zetel, melding.spoor, melding.regio, contribution, explained, step.op)
    step.work.fresh(command.signaal_id)
    state = step.work.signaal(command.signaal_id)
    events = signaal.registreer(state, command, step.zetel, step.nu, answered.oordeel)
    _brought_in(step, command, events, melding.spoor, answered)
    if not answered.oordeel.geweigerd:
        shield(step, command.signaal_id, melding.betreft_zetels, melding.inhoud)


def _brought_in(
    step: Step, command: RegistreerSignaal | VerrijkSignaal, events: Sequence[Event], spoor: str, answered: Answered
) -> None:
    refused = answered.oordeel.geweigerd
    stream = refusals_of(command.signaal_id) if refused else command.signaal_id
    step.work.load((stream,))
    step.work.add(stream, events, spoor, answered.record)


def _signal(step: Step, command: Any) -> None:
    work, zetel, nu, key = step.work, step.zetel, step.nu, command.signaal_id
    work.load((key, disclosures_of(key), consents_of(key)))
    state, given = work.signaal(key), work.verstrekkingen(key)
    holder = given.houder(zetel)
    if isinstance(command, VerrijkSignaal):
        answered = _enrichment(step, state, command)
        events = signaal.decide(state, command, zetel, nu, houder=holder, oordeel=answered.oordeel)
        _brought_in(step, command, events, state.spoor, answered)
        if not answered.oordeel.geweigerd:
            shield(step, key, (), command.inhoud)
        if not answered.oordeel.geweigerd:
            step.disclosing.in_cases(key)
        return
    if isinstance(command, KoppelSignaalTerug):
        command = feedback(step, command)
    events = signaal.decide(state, command, zetel, nu, houder=holder, gesloten_voor=_closed(step, state, command))
    if isinstance(command, DoorzetSignaal) and is_withheld(state, command.naar):
        raise Strijdig("Dit signaal is vertrouwelijk; het gaat niet naar deze zetel.")
    if isinstance(command, DoorzetSignaal):
        voorstel = Voorstel(
            key, zetel, command.naar, command.spoor, command.doel, None, command.betrokkenen, command.omstandigheden
        )
        step.disclosing.forward(voorstel, command.categorieen)
        if voorstel.verstrekking_id not in work.verstrekkingen(key).geldig:
            return  # refused whole: the refusal is recorded, nothing was passed on
    work.add(key, events, state.spoor)
    if isinstance(command, TrekSignaalIn) and any(isinstance(event, SignaalIngetrokken) for event in events):
        step.disclosing.withdraw_all(key, "signaal-ingetrokken")
    if isinstance(command, RectificeerSignaal):
        shield(step, key, (), command.inhoud)
        step.disclosing.in_cases(key)


def _closed(step: Step, state: signaal.Signaal, command: Any) -> frozenset[str]:
    """Of the seats that a command would tell something, those that may not learn of the signal."""
    told = command.aan if isinstance(command, KoppelSignaalTerug) else None
    return frozenset({told}) if told and is_closed(step.questions.beleid, state, told) else frozenset()


def _enrichment(step: Step, state: signaal.Signaal, command: VerrijkSignaal) -> Answered:
    contribution = signaal.bijdrage_van(step.zetel, command.inhoud, command.wpg_artikel, command, step.nu)
    return step.questions.intake(step.zetel, state.spoor, state.regio, contribution, "abcde", step.op)


def _cases_again(step: Step, signaal_id: UUID) -> None:
    given = step.work.verstrekkingen(signaal_id).geldig.values()
    for casus_id in sorted({one.casus_id for one in given if one.casus_id}):
        state = step.work.casus(casus_id)
        step.disclosing.case(casus_id, state, state)


def _consent(step: Step, command: Any) -> None:
    step.must_hold(command.signaal_id)
    before = step.work.toestemmingen(command.signaal_id)
    events = toestemming.decide(before, command, step.zetel, step.nu)
    step.work.add(consents_of(command.signaal_id), events, step.work.signaal(command.signaal_id).spoor)
    for event in events:
        if isinstance(event, ToestemmingIngetrokken):
            step.disclosing.consent_lapsed(command.signaal_id, before.gegeven[command.toestemming_id].ontvangers)


def _person(step: Step, command: KenRolToe | VernietigBetrokkene) -> None:
    work = step.work
    state = work.signaal(command.signaal_id)
    own = [c for c in state.bijdragen.values() if c.zetel == step.zetel and command.betrokkene_id in c.personen]
    holder = work.verstrekkingen(command.signaal_id).houder(step.zetel)
    named = any(command.betrokkene_id in c.personen for c in state.bijdragen.values())
    if not (own or (isinstance(command, KenRolToe) and holder and named)):
        raise Onbekend
    events = betrokkene.decide(work.betrokkene(command.betrokkene_id), command, step.zetel, step.nu)
    work.add(person_of(command.betrokkene_id), events, state.spoor)
    if isinstance(command, VernietigBetrokkene) and events:
        must_be_erasable(step, command.signaal_id)
        work.to_destroy.append((KeyId(command.betrokkene_id, state.spoor), step.nu))


def _acknowledge(step: Step, command: BevestigOntvangst) -> None:
    stream = disclosures_of(command.signaal_id)
    events = verstrekking.bevestig(step.work.verstrekkingen(command.signaal_id), command, step.zetel, step.nu)
    step.work.add(stream, events, "hub")


HANDLERS: Handlers = {
    RegistreerSignaal: _register,
    **dict.fromkeys(get_args(signaal.SignaalCommand), _signal),
    **dict.fromkeys(get_args(toestemming.ToestemmingCommand), _consent),
    **dict.fromkeys(get_args(betrokkene.BetrokkeneCommand), _person),
    BevestigOntvangst: _acknowledge,
}
