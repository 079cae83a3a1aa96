"""Objections of providers in a case: who objects, and how far."""

from datetime import datetime

from contracts.bezwaar import BezwaarGemaakt, BezwaarIngetrokken, MaakBezwaar, TrekBezwaarIn
from contracts.casus import HandelingGeweigerd
from contracts.message import Acted
from hub.domain.interventie import geweigerd
from hub.domain.oordeel import Strijdig

BezwaarCommand = MaakBezwaar | TrekBezwaarIn
BezwaarEvent = BezwaarGemaakt | BezwaarIngetrokken
#: Against everything that can come from the provider alone, not only against results.
ALLES = "alles"


def decide(
    bezwaren: dict[str, str], command: BezwaarCommand, zetel: str, nu: datetime, *, bron: bool
) -> list[BezwaarEvent | HandelingGeweigerd]:
    """Decide. `bezwaren`: reach by objecting seat; `bron`: the seat brought data of its own into the case.

    Raises Strijdig. Source: WGS art. 1.7 lid 1.
    """
    who = Acted(zetel, nu)
    match command:
        case MaakBezwaar():
            if not bron:
                return [geweigerd(command, who, "Bezwaar maakt alleen wie zelf gegevens in deze casus inbracht.")]
            same = bezwaren.get(zetel) == command.reikwijdte
            return [] if same else [BezwaarGemaakt.recorded(command, who)]
        case TrekBezwaarIn():
            if zetel not in bezwaren:
                raise Strijdig("Deze zetel heeft geen bezwaar in deze casus.")
            return [BezwaarIngetrokken.recorded(command, who)]


def evolve(bezwaren: dict[str, str], event: BezwaarEvent) -> dict[str, str]:
    """Remember."""
    match event:
        case BezwaarGemaakt():
            return bezwaren | {event.zetel: event.reikwijdte}
        case BezwaarIngetrokken():
            return {zetel: kind for zetel, kind in bezwaren.items() if zetel != event.zetel}
