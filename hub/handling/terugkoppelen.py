"""After every act: who received a signal owes its reporter feedback, and what was recorded tells that it is under way.

Owed by whom a signal was passed on to, outside any case: a participant of a case sees its course, and who looks in an
emergency or a session took nothing over. Source: documents 001 L7126, 003 L7675-7679, L9510-9522.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from contracts.bewaring import SignaalVernietigd
from contracts.message import Acted, Event
from contracts.signaal import SignaalDoorgezet, SignaalIngetrokken, SignaalTeruggekoppeld
from contracts.terugkoppeling import HoudTerugkoppelingAan
from contracts.verstrekking import OntvangstBevestigd, SignaalVerstrekt, VerstrekkingVervallen
from hub.access.beleid import Beleid
from hub.domain import terugkoppeling
from hub.domain.signaal import Signaal
from hub.domain.terugkoppeling import DOORGEZET, ONTVANGEN, Schuld
from hub.domain.verstrekking import Verstrekkingen
from hub.handling.questions import seat_type
from hub.handling.step import Handlers, Step
from hub.handling.work import feedback_of
from hub.handling.zetels import is_closed

SIGNAAL_WEG, NIET_MEER_GEHOUDEN = "signaal-weg", "niet-meer-gehouden"


def oblige(step: Step) -> None:
    """Add to the work what feedback is owed, told or ended by what was done in it."""
    for event in list(step.work.added):
        follow = _FOLLOWS.get(type(event))
        if follow is not None:
            follow(step, event)


def _passed_on(step: Step, event: SignaalDoorgezet) -> None:
    """Its receiver owes who passed it on; who passed it on told its own reporters so."""
    _owe(step, event.signaal_id, event.spoor, (event.naar, event.zetel))
    _told_of_itself(step, event.signaal_id, event.zetel, DOORGEZET, without=event.naar)


def _owe(step: Step, signaal_id: UUID, spoor: str, between: tuple[str, str]) -> None:
    beleid, state = step.questions.beleid, step.work.signaal(signaal_id)
    if any(is_closed(beleid, state, zetel) for zetel in between):
        return
    _add(
        step,
        signaal_id,
        terugkoppeling.verschuldigd(
            step.work.terugkoppelingen(signaal_id),
            signaal_id,
            spoor,
            between,
            beleid.terugkoppelregels,
            _overseers(beleid, spoor, step.op),
            step.nu,
        ),
    )


def _overseers(beleid: Beleid, spoor: str, op: date) -> tuple[str, ...]:
    kinds = beleid.terugkoppelregels.naar(spoor, op)
    return tuple(sorted(seat.id for seat in beleid.instanties.values() if seat.type in kinds))


def _confirmed(step: Step, event: OntvangstBevestigd) -> None:
    _told_of_itself(step, event.signaal_id, event.zetel, ONTVANGEN)


def _told_of_itself(step: Step, signaal_id: UUID, zetel: str, status: str, without: str = "") -> None:
    """The reporters of a recipient read what it recorded, unless silence is kept or they may not know."""
    debts = [one for one in step.work.terugkoppelingen(signaal_id).van(zetel) if one.melder != without]
    if not debts:
        return
    silent = step.work.verhoren(signaal_id).gepland(step.op) is not None
    for debt in debts:
        if not (silent and status != ONTVANGEN and not _investigates(step, debt.melder)):
            _told(step, signaal_id, debt, status, of_itself=True)


def _in_words(step: Step, event: SignaalTeruggekoppeld) -> None:
    for debt in step.work.terugkoppelingen(event.signaal_id).van(event.zetel):
        if debt.melder == event.aan and event.status in terugkoppeling.MELDBAAR:
            _told(step, event.signaal_id, debt, event.status, of_itself=False)


def _told(step: Step, signaal_id: UUID, debt: Schuld, status: str, *, of_itself: bool) -> None:
    beleid = step.questions.beleid
    if is_closed(beleid, step.work.signaal(signaal_id), debt.melder):
        return
    rules = beleid.terugkoppelregels
    _add(step, signaal_id, terugkoppeling.gemeld(debt, signaal_id, status, rules, step.nu, vanzelf=of_itself))


def _gone(step: Step, event: SignaalIngetrokken | SignaalVernietigd) -> None:
    debts = step.work.terugkoppelingen(event.signaal_id).schulden.values()
    _add(step, event.signaal_id, terugkoppeling.vervallen(debts, event.signaal_id, SIGNAAL_WEG, step.nu))


def _lapsed(step: Step, event: VerstrekkingVervallen) -> None:
    """Who holds the signal no more owes nothing; who may not know of it any more is owed nothing."""
    if not _outside_cases(event):
        return
    state, held = step.work.signaal(event.signaal_id), step.work.verstrekkingen(event.signaal_id)
    ended = [one for one in _debts(step, event.signaal_id) if not _still(step, state, held, one)]
    _add(step, event.signaal_id, terugkoppeling.vervallen(ended, event.signaal_id, NIET_MEER_GEHOUDEN, step.nu))


def _debts(step: Step, signaal_id: UUID) -> Iterable[Schuld]:
    return list(step.work.terugkoppelingen(signaal_id).schulden.values())


def _still(step: Step, state: Signaal, held: Verstrekkingen, debt: Schuld) -> bool:
    """Whether both still have to do with the signal: who passed it on may have lost it too."""
    melder = debt.melder in state.verstrekkers or held.houder(debt.melder)
    return held.houder(debt.ontvanger) and melder and not is_closed(step.questions.beleid, state, debt.melder)


def _held_again(step: Step, event: SignaalVerstrekt) -> None:
    """What ended because the signal was not held, or was closed, is owed again once it is."""
    if event.casus_id is not None or event.gebonden_aan is not None:
        return
    held = step.work.verstrekkingen(event.signaal_id)
    for debt in _debts(step, event.signaal_id):
        concerned = debt.vervallen and event.ontvanger in (debt.ontvanger, debt.melder)
        if concerned and held.houder(debt.ontvanger):
            _owe(step, event.signaal_id, debt.spoor, (debt.ontvanger, debt.melder))


def _outside_cases(event: VerstrekkingVervallen) -> bool:
    """Whether what ended had been passed on; in a case nothing is owed."""
    return event.verstrekking_id == uuid5(event.signaal_id, f"{event.ontvanger}#")


def _investigates(step: Step, zetel: str) -> bool:
    kind = step.questions.beleid.zetels.get(seat_type(zetel))
    return kind is not None and kind.opsporing


def _add(step: Step, signaal_id: UUID, events: Sequence[Event]) -> None:
    if events:
        stream = feedback_of(signaal_id)
        step.work.load((stream,))
        step.work.add(stream, events, "hub")


def _withhold(step: Step, command: HoudTerugkoppelingAan) -> None:
    step.must_hold(command.signaal_id)
    events = terugkoppeling.houd_aan(
        step.work.terugkoppelingen(command.signaal_id),
        command,
        step.zetel,
        step.nu,
        step.questions.beleid.terugkoppelregels,
        opsporing=_investigates(step, step.zetel),
    )
    _add(step, command.signaal_id, events)


def keep_time(step: Step, signaal_id: UUID) -> None:
    """What the clock brings: due again, reminded, escalated."""
    state, rules = step.work.terugkoppelingen(signaal_id), step.questions.beleid.terugkoppelregels
    _add(step, signaal_id, terugkoppeling.bij_de_tijd(state, signaal_id, rules, Acted(step.zetel, step.nu)))


_FOLLOWS: Mapping[type[Event], Callable[[Step, Any], None]] = {
    SignaalDoorgezet: _passed_on,
    OntvangstBevestigd: _confirmed,
    SignaalTeruggekoppeld: _in_words,
    SignaalIngetrokken: _gone,
    SignaalVernietigd: _gone,
    VerstrekkingVervallen: _lapsed,
    SignaalVerstrekt: _held_again,
}
HANDLERS: Handlers = {HoudTerugkoppelingAan: _withhold}
