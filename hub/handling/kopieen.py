"""Copies of data outside the database: which there are, what opens them, and when each must be gone.

Source: WGS art. 1.8 lid 7; AVG art. 5 lid 1 onder e.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.bewaring import KopieVastgelegd, KopieVernietigd, LegKopieVast, MeldKopieVernietigd
from contracts.message import Acted
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.questions import seat_type
from hub.handling.step import Handlers, Step

KOPIEEN = uuid5(NAMESPACE_URL, "signaalhub:kopieen")
KopieEvent = KopieVastgelegd | KopieVernietigd
BEHEER = "beheerder"


@dataclass(frozen=True, slots=True)
class Kopieen:
    """The copies outside the database that are not gone yet."""

    aanwezig: Mapping[UUID, KopieVastgelegd] = field(default_factory=dict)

    def te_vernietigen(self, op: datetime, ended: frozenset[str]) -> list[KopieVastgelegd]:
        """Copies that must go: their day came, or they hold a key that was destroyed everywhere else."""
        return [
            one
            for one in self.aanwezig.values()
            if one.vernietigen_voor <= op.date() or (one.kopiesoort == "sleutels" and ended.intersection(one.tijdvakken))
        ]


def kopieen(events: Sequence[KopieEvent]) -> Kopieen:
    """The copies after these events."""
    there: dict[UUID, KopieVastgelegd] = {}
    for event in events:
        match event:
            case KopieVastgelegd():
                there[event.kopie_id] = event
            case KopieVernietigd():
                there.pop(event.kopie_id, None)
    return Kopieen(there)


def _copy(step: Step, command: LegKopieVast | MeldKopieVernietigd) -> None:
    """Record a copy, or that it is gone. Only the seat that runs the hub makes copies."""
    if seat_type(step.zetel) != BEHEER:
        raise Onbekend
    there = kopieen(step.work.events(KOPIEEN, KopieEvent)).aanwezig
    who = Acted(step.zetel, step.nu)
    if isinstance(command, LegKopieVast):
        if command.kopie_id in there:
            raise Strijdig("Deze kopie is al vastgelegd.")
        step.work.add(KOPIEEN, [KopieVastgelegd.recorded(command, who)], "hub")
        return
    if command.kopie_id not in there:
        raise Onbekend
    step.work.add(KOPIEEN, [KopieVernietigd.recorded(command, who)], "hub")


HANDLERS: Handlers = {LegKopieVast: _copy, MeldKopieVernietigd: _copy}
