"""Delayed transparency: each disclosure has a day from which its persons may be told, put off only on a named ground.

Source: AVG art. 14 lid 3; UAVG art. 41; Bgs art. 1.3.
"""

from datetime import date
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from contracts.kennisgeving import DoeKennisgeving, GeefKennisgevingVrij, HoudKennisgevingAchter
from contracts.message import Acted
from contracts.verstrekking import SignaalVerstrekt
from hub.access.beleid import Beleid
from hub.domain import kennisgeving
from hub.domain.kennisgeving import Kennisgeving, kennisgevingen_of, vrij_op
from hub.domain.oordeel import Onbekend
from hub.domain.verstrekking import VerstrekkingEvent
from hub.handling.questions import seat_type
from hub.handling.step import Handlers, Step
from hub.handling.verzoeken import SPOOR, ask
from hub.handling.work import Work, disclosures_of
from hub.ledger.latest import Positions

HANDELING = "kennisgeving-achterhouden"
OFFICIER = "om."
#: What may have to be told of.
VERSTREKT = (SignaalVerstrekt.TYPE,)


def kennisgeving_of(work: Work, signaal_id: UUID) -> Kennisgeving:
    """What was told, and what is put off."""
    stream = kennisgevingen_of(signaal_id)
    return kennisgeving.replay(work.events(stream, kennisgeving.KennisgevingEvent))


def released(work: Work, beleid: Beleid, signaal_id: UUID) -> date | None:
    """The first day on which the persons of a signal may be told of its last disclosure; None where there is none."""
    given = work.events(disclosures_of(signaal_id), VerstrekkingEvent)
    days = [
        vrij_op(event.tijdstip.date(), weeks)
        for event in given
        if isinstance(event, SignaalVerstrekt) and (weeks := beleid.kennisgeving_weken(event.spoor)) is not None
    ]
    return max(days, default=None)


class Notice(NamedTuple):
    """What the persons of one signal are to be told. `vrij_op`: from when; `tot`: put off until, None where it is not.

    `gedaan_op`: when they were last told. `positie`: of its last disclosure.
    """

    signaal_id: UUID
    vrij_op: date
    tot: date | None
    gedaan_op: date | None
    positie: int

    def due(self, op: date) -> bool:
        """Whether they may be told on a day, and do not know yet."""
        known = self.gedaan_op is not None and self.gedaan_op >= self.vrij_op
        return self.tot is None and self.vrij_op <= op and not known


def notices(work: Work, store: Positions, beleid: Beleid, op: date, after: int, limit: int) -> list[Notice]:
    """The next at most `limit` signals on persons that were disclosed, by position of their last disclosure."""
    found = sorted(store.last_of(VERSTREKT, after).items(), key=itemgetter(1))[:limit]
    work.load([stream for stream, _ in found])
    signals: list[UUID] = [work.events(stream, VerstrekkingEvent)[0].signaal_id for stream, _ in found]
    work.load([id for one in signals for id in (one, kennisgevingen_of(one))])
    listed = []
    for signaal_id, (_, position) in zip(signals, found, strict=True):
        named = any(contribution.personen for contribution in work.signaal(signaal_id).bijdragen.values())
        day = released(work, beleid, signaal_id)
        if day is not None and named:
            state = kennisgeving_of(work, signaal_id)
            told = state.gedaan.date() if state.gedaan else None
            listed.append(Notice(signaal_id, day, state.achtergehouden_tot(op), told, position))
    return listed


def _put_off(step: Step, command: HoudKennisgevingAchter) -> None:
    answered = ask(
        step,
        HANDELING,
        {
            "deelnemer_art41": seat_type(command.deelnemer),
            "letter_art41": command.letter[0],
            "afweging_art41": True,
        },
    )
    stream = _known(step, command)
    signaal = step.work.signaal(command.signaal_id)
    may_be_named = command.deelnemer in signaal.verstrekkers or command.deelnemer.startswith(OFFICIER)
    who = Acted(step.zetel, step.nu)
    event = kennisgeving.houd_achter(command, who, answered.oordeel, mag_noemen=may_be_named)
    step.work.add(stream, [event], SPOOR, answered.record)


def _follow(step: Step, command: GeefKennisgevingVrij | DoeKennisgeving) -> None:
    stream = _known(step, command)
    day = released(step.work, step.questions.beleid, command.signaal_id)
    state = kennisgeving_of(step.work, command.signaal_id)
    events = kennisgeving.decide(state, command, Acted(step.zetel, step.nu), day)
    step.work.add(stream, events, SPOOR)


def _known(step: Step, command: HoudKennisgevingAchter | GeefKennisgevingVrij | DoeKennisgeving) -> UUID:
    """The stream, for a seat that handles requests and a signal that is there. Raises Onbekend."""
    stream = kennisgevingen_of(command.signaal_id)
    step.work.load((command.signaal_id, stream, disclosures_of(command.signaal_id)))
    if not ask(step, "verzoek-beantwoorden", {}).oordeel.categorieen:
        raise Onbekend
    if step.work.signaal(command.signaal_id).eigenaar is None:
        raise Onbekend
    return stream


HANDLERS: Handlers = {
    HoudKennisgevingAchter: _put_off,
    GeefKennisgevingVrij: _follow,
    DoeKennisgeving: _follow,
}
