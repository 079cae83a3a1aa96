"""Copies of data outside the database, and the key epochs that ended: what may still open what; pure.

Source: WGS art. 1.8 lid 7; AVG art. 5 lid 1 onder e, 17.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.bewaring import (
    KopieVastgelegd,
    KopieVernietigd,
    LegKopieVast,
    MeldKopieVernietigd,
    TijdvaksleutelVernietigd,
)
from contracts.message import Acted
from hub.domain.oordeel import Onbekend, Strijdig

KopieEvent = KopieVastgelegd | KopieVernietigd | TijdvaksleutelVernietigd
#: The one stream of copies and epochs.
KOPIEEN = uuid5(NAMESPACE_URL, "signaalhub:kopieen")
SLEUTELS = "sleutels"


@dataclass(frozen=True, slots=True)
class Kopieen:
    """The copies that are not gone yet, and the epochs whose key is."""

    aanwezig: Mapping[UUID, KopieVastgelegd] = field(default_factory=dict)
    tijdvakken: frozenset[str] = frozenset()

    def te_vernietigen(self, op: date) -> list[KopieVastgelegd]:
        """Copies that must go: their day came, or they hold a key that was destroyed everywhere else."""
        return [
            one
            for one in self.aanwezig.values()
            if one.vernietigen_voor <= op
            or (one.kopiesoort == SLEUTELS and self.tijdvakken.intersection(one.tijdvakken))
        ]


def decide(kopieen: Kopieen, command: LegKopieVast | MeldKopieVernietigd, who: Acted) -> list[KopieEvent]:
    """Record a copy, or that it is gone. Raises Onbekend, Strijdig."""
    known = command.kopie_id in kopieen.aanwezig
    if isinstance(command, LegKopieVast):
        if known:
            raise Strijdig("Deze kopie is al vastgelegd.")
        return [KopieVastgelegd.recorded(command, who)]
    if not known:
        raise Onbekend
    return [KopieVernietigd.recorded(command, who)]


def eindig(kopieen: Kopieen, tijdvak: str, overgezet: int, who: Acted) -> list[KopieEvent]:
    """Record that the key of an epoch is gone; once."""
    if tijdvak in kopieen.tijdvakken:
        return []
    return [TijdvaksleutelVernietigd(tijdvak=tijdvak, overgezet=overgezet, zetel=who.zetel, tijdstip=who.tijdstip)]


def evolve(kopieen: Kopieen, event: KopieEvent) -> Kopieen:
    """Remember."""
    match event:
        case KopieVastgelegd():
            return replace(kopieen, aanwezig={**kopieen.aanwezig, event.kopie_id: event})
        case KopieVernietigd():
            left = {id: one for id, one in kopieen.aanwezig.items() if id != event.kopie_id}
            return replace(kopieen, aanwezig=left)
        case TijdvaksleutelVernietigd():
            return replace(kopieen, tijdvakken=kopieen.tijdvakken | {event.tijdvak})


def replay(events: Sequence[KopieEvent]) -> Kopieen:
    """The state after these events."""
    kopieen = Kopieen()
    for event in events:
        kopieen = evolve(kopieen, event)
    return kopieen
