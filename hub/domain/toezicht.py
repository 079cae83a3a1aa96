"""Supervision: who handles what inside a seat, who has a private tie, and what the officer judged of an access."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from contracts.cloudevents import NAAMRUIMTE
from contracts.message import Acted
from contracts.toezicht import (
    BehandelaarAangewezen,
    BehandelaarIngetrokken,
    BelangGemeld,
    MeldBelang,
    RaadplegingAfgetekend,
    RaadplegingOnverklaard,
    TekenRaadplegingAf,
    ToezichtGeweigerd,
    TrekBehandelaarIn,
    WijsBehandelaarAan,
)
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

BehandelingCommand = WijsBehandelaarAan | TrekBehandelaarIn | MeldBelang
BehandelingEvent = BehandelaarAangewezen | BehandelaarIngetrokken | BelangGemeld
ToezichtEvent = RaadplegingOnverklaard | RaadplegingAfgetekend


def behandelaars_of(zetel: str, object_id: UUID | None) -> UUID:
    """The stream of who handles an object in a seat; of who handles all its work where there is no object."""
    return uuid5(object_id or NAAMRUIMTE, f"behandelaars:{zetel}")


def bevinding_of(nummer: int) -> UUID:
    """The stream of one access that was not explained."""
    return uuid5(NAAMRUIMTE, f"raadpleging:{nummer}")


def ronde_of(na: int) -> UUID:
    """The stream of the review that began after an access; two reviewers cannot both record it."""
    return uuid5(NAAMRUIMTE, f"logboekronde:{na}")


@dataclass(frozen=True, slots=True)
class Behandeling:
    """One naming of a worker, from `sinds` up to `einde`; None while it lasts."""

    behandelaar: str
    sinds: datetime
    einde: datetime | None = None
    event: BehandelaarAangewezen | None = None

    def geldt(self, moment: datetime) -> bool:
        """Whether it counted at a moment; `tot` is the last day."""
        last = self.event.tot if self.event else None
        if last is not None and moment.date() > last:
            return False
        return self.sinds <= moment and (self.einde is None or moment <= self.einde)


@dataclass(frozen=True, slots=True)
class Behandelingen:
    """Who handles one object in one seat, and who has a private tie to it."""

    bekend: dict[UUID, Behandeling] = field(default_factory=dict)
    belangen: dict[str, datetime] = field(default_factory=dict)

    def behandelt(self, naam: str, moment: datetime) -> bool:
        """Whether a worker was named at a moment."""
        return any(one.behandelaar == naam and one.geldt(moment) for one in self.bekend.values())

    def heeft_belang(self, naam: str, moment: datetime) -> bool:
        """Whether a private tie was on record at a moment."""
        return naam in self.belangen and self.belangen[naam] <= moment


def behandel(
    state: Behandelingen, command: BehandelingCommand, zetel: str, nu: datetime, persoon: str
) -> list[BehandelingEvent]:
    """Decide on a naming or a private tie. `persoon`: who asks. Raises Onbekend, Strijdig."""
    who = Acted(zetel, nu)
    match command:
        case WijsBehandelaarAan():
            if command.signaal_id is not None and command.casus_id is not None:
                raise Strijdig("Een behandelaar heeft een signaal of een casus, niet beide in een aanwijzing.")
            if command.behandeling_id in state.bekend:
                raise Strijdig("Deze behandeling is al vastgelegd.")
            if command.behandelaar == persoon:
                raise Strijdig("Een behandelaar wijst zichzelf niet aan; dat doet een collega.")
            if command.behandelaar in state.belangen:
                raise Strijdig("Wie een eigen belang heeft, behandelt dit niet.")
            return [BehandelaarAangewezen.recorded(command, who)]
        case TrekBehandelaarIn():
            known = state.bekend.get(command.behandeling_id)
            if known is None:
                raise Onbekend
            return [] if known.einde else [BehandelaarIngetrokken.recorded(command, who)]
        case MeldBelang():
            return [] if command.behandelaar in state.belangen else [BelangGemeld.recorded(command, who)]


def behandelingen(events: Sequence[BehandelingEvent]) -> Behandelingen:
    """Remember namings and ties."""
    state = Behandelingen()
    for event in events:
        match event:
            case BehandelaarAangewezen():
                named = Behandeling(event.behandelaar, event.tijdstip, event=event)
                state = replace(state, bekend=state.bekend | {event.behandeling_id: named})
            case BehandelaarIngetrokken():
                ended = replace(state.bekend[event.behandeling_id], einde=event.tijdstip)
                state = replace(state, bekend=state.bekend | {event.behandeling_id: ended})
            case BelangGemeld():
                state = replace(state, belangen=state.belangen | {event.behandelaar: event.tijdstip})
    return state


def teken_af(
    events: Sequence[ToezichtEvent], command: TekenRaadplegingAf, zetel: str, nu: datetime, oordeel: Oordeel
) -> RaadplegingAfgetekend | ToezichtGeweigerd:
    """Judge an access from the queue. Raises Onbekend, Strijdig."""
    who = Acted(zetel, nu)
    if not oordeel.categorieen:
        return ToezichtGeweigerd.recorded(
            command,
            who,
            handeling=command.TYPE,
            redenen=oordeel.redenen,
            regels=oordeel.weigerregels,
            alternatief=oordeel.alternatief,
            beleidsversie=oordeel.beleidsversie,
        )
    if not events:
        raise Onbekend
    if any(isinstance(event, RaadplegingAfgetekend) for event in events):
        raise Strijdig("Deze raadpleging is al afgetekend.")
    return RaadplegingAfgetekend.recorded(
        command,
        who,
        regels=oordeel.regels,
        grondslagen=oordeel.grondslagen,
        beleidsversie=oordeel.beleidsversie,
    )
