"""Feedback owed on one signal: by each seat that received it to who passed it on, step by step.

Source: documents 001 L7126, 003 L7675-7679, L9510-9522.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from contracts.message import Acted
from contracts.terugkoppeling import (
    HoudTerugkoppelingAan,
    TerugkoppelingAangehouden,
    TerugkoppelingGeescaleerd,
    TerugkoppelingGegeven,
    TerugkoppelingHerinnerd,
    TerugkoppelingHervat,
    TerugkoppelingVerschuldigd,
    TerugkoppelingVervallen,
)
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.terugkoppelregel import AFRONDING, ONTVANGST, OPVOLGING, STAPPEN, Terugkoppelregels

TerugkoppelingEvent = (
    TerugkoppelingVerschuldigd
    | TerugkoppelingGegeven
    | TerugkoppelingAangehouden
    | TerugkoppelingHervat
    | TerugkoppelingHerinnerd
    | TerugkoppelingGeescaleerd
    | TerugkoppelingVervallen
)
ONTVANGEN, DOORGEZET, NIET_OPGEVOLGD = "ontvangstbevestiging", "doorgezet", "geen-opvolging-met-reden"
#: What may be told, and the step it is enough for.
MELDBAAR: dict[str, str] = {
    ONTVANGEN: ONTVANGST,
    "kwaliteit-en-opvolging": ONTVANGST,
    "jaarlijks-wgs": ONTVANGST,
    "verrijkt": OPVOLGING,
    DOORGEZET: OPVOLGING,
    "opgepakt": OPVOLGING,
    NIET_OPGEVOLGD: AFRONDING,
    "gegeven": AFRONDING,
    "afgesloten": AFRONDING,
    "niet-mogelijk-anoniem": AFRONDING,
}


@dataclass(frozen=True, slots=True)
class Schuld:
    """What one recipient owes one reporter. `stap`: what is due at `uiterlijk`, None where nothing is any more.

    `verder`: the furthest step it was told of. `aangehouden`: on record as withheld. `zelf`: it was withheld once, so
    that nothing is told any more but in words of its own. `vervallen`: it ended without being met.
    """

    id: UUID
    spoor: str
    ontvanger: str
    melder: str
    sinds: datetime
    toezicht: tuple[str, ...]
    stap: str | None
    uiterlijk: datetime | None
    verder: str | None = None
    aangehouden: TerugkoppelingAangehouden | None = None
    zelf: bool = False
    escaleren_op: datetime | None = None
    geescaleerd: bool = False
    vervallen: bool = False

    @property
    def open(self) -> bool:
        """Whether something is due, now or after it was withheld."""
        return self.stap is not None and not self.vervallen


@dataclass(frozen=True, slots=True)
class Terugkoppelingen:
    """All feedback owed on a signal."""

    schulden: dict[UUID, Schuld] = field(default_factory=dict)

    def van(self, ontvanger: str) -> list[Schuld]:
        """What a seat has yet to tell."""
        return [one for one in self.schulden.values() if one.ontvanger == ontvanger and one.open]


def schuld_id(signaal_id: UUID, ontvanger: str, melder: str) -> UUID:
    """The number of what one seat owes another on a signal."""
    return uuid5(signaal_id, f"terugkoppeling#{ontvanger}#{melder}")


def verschuldigd(
    state: Terugkoppelingen,
    signaal_id: UUID,
    spoor: str,
    tussen: tuple[str, str],
    regels: Terugkoppelregels,
    toezicht: tuple[str, ...],
    nu: datetime,
) -> list[TerugkoppelingEvent]:
    """From now on the first of `tussen` owes the second; nothing where it does already, or did and told."""
    ontvanger, melder = tussen
    known, due = state.schulden.get(schuld_id(signaal_id, ontvanger, melder)), regels.na(None, spoor, nu, nu)
    if due is None or (known is not None and not known.vervallen):
        return []
    stap, uiterlijk = due
    return [
        TerugkoppelingVerschuldigd(
            terugkoppeling_id=schuld_id(signaal_id, ontvanger, melder),
            signaal_id=signaal_id,
            spoor=spoor,
            ontvanger=ontvanger,
            melder=melder,
            toezicht=toezicht,
            stap=stap,
            uiterlijk=uiterlijk,
            zetel=melder,
            tijdstip=nu,
        )
    ]


def gemeld(
    schuld: Schuld, signaal_id: UUID, status: str, regels: Terugkoppelregels, nu: datetime, *, vanzelf: bool
) -> list[TerugkoppelingEvent]:
    """What follows from telling the reporter. `vanzelf`: told by what was recorded, not in words of the recipient.

    Of itself only what is further than what was told is told, and nothing once it was withheld: so neither the moment
    nor the number of what a reporter reads says what else is going on.
    """
    enough = MELDBAAR[status]
    nieuw = schuld.verder is None or STAPPEN.index(enough) > STAPPEN.index(schuld.verder)
    if not schuld.open or (vanzelf and (schuld.zelf or not nieuw)):
        return []
    held_back = schuld.aangehouden is not None and enough == ONTVANGST
    if held_back or schuld.stap is None:
        return []
    daarna: tuple[str | None, datetime | None] = (schuld.stap, schuld.uiterlijk)
    if STAPPEN.index(enough) >= STAPPEN.index(schuld.stap):
        daarna = regels.na(enough, schuld.spoor, schuld.sinds, nu) or (None, None)
    stap, uiterlijk = daarna
    return [
        TerugkoppelingGegeven(
            terugkoppeling_id=schuld.id,
            signaal_id=signaal_id,
            ontvanger=schuld.ontvanger,
            melder=schuld.melder,
            status=status,
            stap=stap,
            uiterlijk=uiterlijk,
            zetel=schuld.ontvanger,
            tijdstip=nu,
        )
    ]


def houd_aan(
    state: Terugkoppelingen,
    command: HoudTerugkoppelingAan,
    zetel: str,
    nu: datetime,
    regels: Terugkoppelregels,
    *,
    opsporing: bool,
) -> list[TerugkoppelingEvent]:
    """Withhold, where the policy lets this seat for this reason. `opsporing`: it investigates crime.

    Raises Onbekend, Strijdig.
    """
    schuld = state.schulden.get(command.terugkoppeling_id)
    if schuld is None or schuld.ontvanger != zetel or not schuld.open:
        raise Onbekend
    grond = regels.grond(command.aanhoudreden, nu.date(), opsporing=opsporing)
    if grond is None:
        raise Strijdig("Deze zetel kan terugkoppeling niet om deze reden aanhouden.")
    if not nu.date() < command.herbezien_op <= grond.langstens.na(nu.date()):
        raise Strijdig("De dag om opnieuw te kijken ligt na vandaag en binnen de langste duur van deze reden.")
    held = schuld.aangehouden
    if held is not None and (held.aanhoudreden, held.herbezien_op) == (command.aanhoudreden, command.herbezien_op):
        return []
    who = Acted(zetel, nu)
    return [
        TerugkoppelingAangehouden.recorded(
            command, who, ontvanger=schuld.ontvanger, melder=schuld.melder, bron=grond.bron
        )
    ]


def bij_de_tijd(
    state: Terugkoppelingen, signaal_id: UUID, regels: Terugkoppelregels, who: Acted
) -> list[TerugkoppelingEvent]:
    """What the clock brings: due again after it was withheld, reminded when late, escalated when silent after that."""
    events: list[TerugkoppelingEvent] = []
    for schuld in state.schulden.values():
        if schuld.open:
            events += _een_bij_de_tijd(schuld, signaal_id, regels, who)
    return events


def _een_bij_de_tijd(
    schuld: Schuld, signaal_id: UUID, regels: Terugkoppelregels, who: Acted
) -> list[TerugkoppelingEvent]:
    nu, stap = who.tijdstip, schuld.stap
    about = {"terugkoppeling_id": schuld.id, "signaal_id": signaal_id, "ontvanger": schuld.ontvanger, **who._asdict()}
    if schuld.aangehouden is not None:
        if nu.date() < schuld.aangehouden.herbezien_op:
            return []
        due = regels.uiterlijk(stap or ONTVANGST, schuld.spoor, nu, nu) or nu
        return [TerugkoppelingHervat(**about, stap=stap, uiterlijk=due)]
    if schuld.escaleren_op is None:
        late = schuld.uiterlijk is not None and schuld.uiterlijk <= nu
        escaleren_op = regels.escaleren_op(schuld.spoor, nu)
        return [TerugkoppelingHerinnerd(**about, stap=stap, escaleren_op=escaleren_op)] if late else []
    if schuld.escaleren_op <= nu and not schuld.geescaleerd:
        return [TerugkoppelingGeescaleerd(**about, toezicht=schuld.toezicht)]
    return []


def vervallen(schulden: Iterable[Schuld], signaal_id: UUID, reden: str, nu: datetime) -> list[TerugkoppelingEvent]:
    """Nothing is due any more. On record as the recipient's, so that no receipt tells how many owe."""
    return [
        TerugkoppelingVervallen(
            terugkoppeling_id=one.id,
            signaal_id=signaal_id,
            ontvanger=one.ontvanger,
            reden=reden,
            zetel=one.ontvanger,
            tijdstip=nu,
        )
        for one in schulden
        if not one.vervallen
    ]


def evolve(state: Terugkoppelingen, event: TerugkoppelingEvent) -> Terugkoppelingen:
    """Remember. What no debt is known of changes nothing."""
    if isinstance(event, TerugkoppelingVerschuldigd):
        return _met(state, _nieuw(event))
    known = state.schulden.get(event.terugkoppeling_id)
    return state if known is None else _met(state, _verder(known, event))


def _nieuw(event: TerugkoppelingVerschuldigd) -> Schuld:
    return Schuld(
        event.terugkoppeling_id,
        event.spoor,
        event.ontvanger,
        event.melder,
        event.tijdstip,
        event.toezicht,
        event.stap,
        event.uiterlijk,
    )


def _verder(known: Schuld, event: TerugkoppelingEvent) -> Schuld:
    match event:
        case TerugkoppelingGegeven():
            told = MELDBAAR.get(event.status, ONTVANGST)
            verste = max(filter(None, (known.verder, told)), key=STAPPEN.index)
            daarna = replace(known, stap=event.stap, uiterlijk=event.uiterlijk, verder=verste, aangehouden=None)
            same = event.stap == known.stap and known.aangehouden is None
            return daarna if same else replace(daarna, escaleren_op=None, geescaleerd=False)
        case TerugkoppelingAangehouden():
            return replace(known, aangehouden=event, zelf=True, escaleren_op=None, geescaleerd=False)
        case TerugkoppelingHervat():
            return replace(known, aangehouden=None, uiterlijk=event.uiterlijk)
        case TerugkoppelingHerinnerd():
            return replace(known, escaleren_op=event.escaleren_op)
        case TerugkoppelingGeescaleerd():
            return replace(known, geescaleerd=True)
        case TerugkoppelingVervallen():
            return replace(known, vervallen=True, aangehouden=None)
        case TerugkoppelingVerschuldigd():
            return known


def _met(state: Terugkoppelingen, one: Schuld) -> Terugkoppelingen:
    return Terugkoppelingen(state.schulden | {one.id: one})


def replay(events: Sequence[TerugkoppelingEvent]) -> Terugkoppelingen:
    state = Terugkoppelingen()
    for event in events:
        state = evolve(state, event)
    return state
