"""The bridge between a case and one care seat: what message it, and what was confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from contracts.brug import (
    BevestigBrugbericht,
    BrugberichtBevestigd,
    BrugberichtGestuurd,
    BrugBevestigd,
    BrugGeslagen,
    StuurBrugbericht,
)
from contracts.casus import HandelingGeweigerd
from contracts.message import Acted
from hub.domain.casus import Casus
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

BrugEvent = BrugberichtGestuurd | BrugberichtBevestigd

#: All that may cross. Source: document 003 L7075-7091.
BRUGVELDEN = frozenset({"casus-pseudoniem", "venster", "veiligheidsmaatregel-nodig", "contactpersoon"})


@dataclass(frozen=True, slots=True)
class Brugbericht:
    """What one message was about; its recipient never learns this."""

    casus_id: UUID
    interventie_id: UUID
    bevestigd: bool = False


@dataclass(frozen=True, slots=True)
class Brug:
    """The messages of one case to one seat, by number."""

    naar: str | None = None
    berichten: dict[int, Brugbericht] = field(default_factory=dict)


def brug_of(pseudoniem: UUID) -> UUID:
    """The stream of a bridge."""
    return uuid5(pseudoniem, "brug")


def hindernissen(casus: Casus, command: StuurBrugbericht, zetel: str) -> list[str]:
    """What the state of the case has against this message. Raises Onbekend, Strijdig."""
    if casus.opener is None or zetel not in casus.deelnemers or command.interventie_id not in casus.interventies:
        raise Onbekend
    if casus.gesloten:
        raise Strijdig("Deze casus is gesloten.")
    if command.naar in casus.deelnemers:
        return ["Een deelnemer van deze casus krijgt geen brugbericht; hij kent de casus."]
    return []


def stuur(
    brug: Brug, command: StuurBrugbericht, pseudoniem: UUID, zetel: str, nu: datetime, oordeel: Oordeel
) -> tuple[BrugberichtGestuurd, BrugGeslagen] | HandelingGeweigerd:
    """Whole or not at all: where one of the four fields is not permitted, nothing crosses."""
    who = Acted(zetel, nu)
    if frozenset(oordeel.categorieen) != BRUGVELDEN:
        return geweigerd(command, who, oordeel)
    number = max(brug.berichten, default=0) + 1
    message = BrugberichtGestuurd.recorded(
        command,
        who,
        brug_id=brug_of(pseudoniem),
        volgnummer=number,
        casus_pseudoniem=pseudoniem,
        regels=oordeel.regels,
        grondslagen=oordeel.grondslagen,
        beleidsversie=oordeel.beleidsversie,
    )
    return message, BrugGeslagen.recorded(command, who, brug_id=brug_of(pseudoniem), volgnummer=number)


def geweigerd(command: StuurBrugbericht, who: Acted, oordeel: Oordeel) -> HandelingGeweigerd:
    """The refusal, with the rules that decided."""
    return HandelingGeweigerd.recorded(
        command,
        who,
        handeling=command.TYPE,
        redenen=oordeel.redenen,
        regels=oordeel.weigerregels,
        alternatief=oordeel.alternatief,
    )


def bevestig(
    brug: Brug, command: BevestigBrugbericht, zetel: str, nu: datetime
) -> tuple[BrugberichtBevestigd, BrugBevestigd] | None:
    """Confirm, once; None for a repeat. What became of the case makes no difference to the answer. Raises Onbekend."""
    bericht = brug.berichten.get(command.volgnummer)
    if zetel != brug.naar or bericht is None:
        raise Onbekend
    if bericht.bevestigd:
        return None
    who, brug_id = Acted(zetel, nu), brug_of(command.casus_pseudoniem)
    back = BrugBevestigd.recorded(
        command, who, casus_id=bericht.casus_id, interventie_id=bericht.interventie_id, brug_id=brug_id
    )
    return BrugberichtBevestigd.recorded(command, who, brug_id=brug_id), back


def evolve(brug: Brug, event: BrugEvent) -> Brug:
    """Remember."""
    match event:
        case BrugberichtGestuurd():
            bericht = Brugbericht(event.casus_id, event.interventie_id)
            return Brug(event.naar, brug.berichten | {event.volgnummer: bericht})
        case BrugberichtBevestigd():
            bericht = replace(brug.berichten[event.volgnummer], bevestigd=True)
            return replace(brug, berichten=brug.berichten | {event.volgnummer: bericht})


def replay(events: Sequence[BrugEvent]) -> Brug:
    brug = Brug()
    for event in events:
        brug = evolve(brug, event)
    return brug
