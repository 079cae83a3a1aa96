"""Emergency access to one signal: who took it, until when, who stands behind it and how it was judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from contracts.message import Acted
from contracts.noodtoegang import (
    BevestigNoodtoegang,
    NoodtoegangBevestigd,
    NoodtoegangGetoetst,
    NoodtoegangGeweigerd,
    NoodtoegangVerleend,
    NoodtoegangVervallen,
    ToetsNoodtoegang,
    VraagNoodtoegang,
)
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

NoodtoegangEvent = (
    NoodtoegangVerleend | NoodtoegangGeweigerd | NoodtoegangBevestigd | NoodtoegangVervallen | NoodtoegangGetoetst
)
NoodtoegangCommand = VraagNoodtoegang | BevestigNoodtoegang | ToetsNoodtoegang
#: Within this time a second person must stand behind it.
BEVESTIGEN = timedelta(hours=24)
TERMIJN, NIET_BEVESTIGD = "termijn", "niet-bevestigd"


@dataclass(frozen=True, slots=True)
class Noodtoegang:
    """One emergency access as granted, and what became of it. `vervallen`: reasons, in order."""

    verleend: NoodtoegangVerleend
    bevestigd: bool = False
    vervallen: tuple[str, ...] = ()
    getoetst: bool = False


@dataclass(frozen=True, slots=True)
class Noodtoegangen:
    """All emergency accesses to one signal."""

    bekend: dict[UUID, Noodtoegang] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handelende:
    """Who acts: a seat, the person or system in it and its organisation (OIN)."""

    zetel: str
    naam: str
    organisatie: str


def vraag(
    state: Noodtoegangen,
    command: VraagNoodtoegang,
    actor: Handelende,
    nu: datetime,
    oordeel: Oordeel,
    toezicht: tuple[str, ...],
    spoor: str,
) -> NoodtoegangVerleend | NoodtoegangGeweigerd:
    """Decide. A refusal says no more to who asked than that there is nothing. Raises Strijdig."""
    who = Acted(actor.zetel, nu)
    before = state.bekend.get(command.noodtoegang_id)
    if before is not None and before.verleend.zetel == actor.zetel:
        raise Strijdig("Deze noodtoegang is al verleend.")
    if before is not None or not oordeel.categorieen:
        return NoodtoegangGeweigerd.recorded(
            command,
            who,
            toezicht=toezicht,
            redenen=oordeel.redenen,
            regels=oordeel.weigerregels,
            beleidsversie=oordeel.beleidsversie,
        )
    return NoodtoegangVerleend.recorded(
        command,
        who,
        categorieen=oordeel.categorieen,
        spoor=spoor,
        aanvrager=actor.naam,
        organisatie=actor.organisatie,
        verstrekkers=tuple(sorted(oordeel.per_bron)),
        toezicht=toezicht,
        tot=nu + timedelta(hours=command.duur_uren),
        bevestigen_voor=nu + BEVESTIGEN,
        regels=oordeel.regels,
        grondslagen=oordeel.grondslagen,
        beleidsversie=oordeel.beleidsversie,
    )


def decide(
    state: Noodtoegangen, command: BevestigNoodtoegang | ToetsNoodtoegang, actor: Handelende, nu: datetime
) -> list[NoodtoegangEvent]:
    """Decide on what follows. Raises Onbekend, Strijdig."""
    known = state.bekend.get(command.noodtoegang_id)
    if known is None:
        raise Onbekend
    who, supervisor = Acted(actor.zetel, nu), actor.zetel in known.verleend.toezicht
    match command:
        case BevestigNoodtoegang():
            if not supervisor and actor.organisatie != known.verleend.organisatie:
                raise Onbekend
            if not actor.naam or actor.naam == known.verleend.aanvrager:
                raise Strijdig("Een tweede persoon bevestigt de noodtoegang.")
            if nu >= known.verleend.bevestigen_voor:
                raise Strijdig("De termijn om de noodtoegang te bevestigen is voorbij.")
            return [] if known.bevestigd else [NoodtoegangBevestigd.recorded(command, who, bevestiger=actor.naam)]
        case ToetsNoodtoegang():
            if not supervisor:
                raise Onbekend
            if known.getoetst:
                raise Strijdig("Deze noodtoegang is al getoetst.")
            return [NoodtoegangGetoetst.recorded(command, who)]


def verlopen(known: Noodtoegang, nu: datetime, zetel: str) -> list[NoodtoegangEvent]:
    """What the clock ends: access at its end moment, and as unconfirmed where nobody stood behind it in time."""
    granted = known.verleend
    late = nu >= granted.bevestigen_voor and not known.bevestigd and NIET_BEVESTIGD not in known.vervallen
    over = nu >= granted.tot and not known.vervallen
    if not late and not over:
        return []
    return [
        NoodtoegangVervallen(
            signaal_id=granted.signaal_id,
            noodtoegang_id=granted.noodtoegang_id,
            reden=NIET_BEVESTIGD if late else TERMIJN,
            zetel=zetel,
            tijdstip=nu,
        )
    ]


def evolve(state: Noodtoegangen, event: NoodtoegangEvent) -> Noodtoegangen:
    """Remember."""
    if isinstance(event, NoodtoegangGeweigerd):
        return state
    if isinstance(event, NoodtoegangVerleend):
        return Noodtoegangen(state.bekend | {event.noodtoegang_id: Noodtoegang(event)})
    known = state.bekend[event.noodtoegang_id]
    match event:
        case NoodtoegangBevestigd():
            known = replace(known, bevestigd=True)
        case NoodtoegangVervallen():
            known = replace(known, vervallen=(*known.vervallen, event.reden))
        case NoodtoegangGetoetst():
            known = replace(known, getoetst=True)
    return Noodtoegangen(state.bekend | {event.noodtoegang_id: known})


def replay(events: Sequence[NoodtoegangEvent]) -> Noodtoegangen:
    state = Noodtoegangen()
    for event in events:
        state = evolve(state, event)
    return state
