"""Commands on copies outside the database. Only the seat that runs the hub makes copies.

Source: WGS art. 1.8 lid 7; AVG art. 5 lid 1 onder e.
"""

from contracts.bewaring import LegKopieVast, MeldKopieVernietigd
from contracts.message import Acted
from hub.domain import kopie
from hub.domain.kopie import KOPIEEN, Kopieen, KopieEvent
from hub.domain.oordeel import Onbekend
from hub.handling.questions import seat_type
from hub.handling.step import Handlers, Step
from hub.handling.work import Work

BEHEER = "beheerder"


def kopieen_in(work: Work) -> Kopieen:
    """The copies there are, and the epochs that ended."""
    return kopie.replay(work.events(KOPIEEN, KopieEvent))


def _copy(step: Step, command: LegKopieVast | MeldKopieVernietigd) -> None:
    if seat_type(step.zetel) != BEHEER:
        raise Onbekend
    events = kopie.decide(kopieen_in(step.work), command, Acted(step.zetel, step.nu))
    step.work.add(KOPIEEN, events, "hub")


HANDLERS: Handlers = {LegKopieVast: _copy, MeldKopieVernietigd: _copy}
