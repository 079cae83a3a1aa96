"""What is kept, until when, what puts its destruction off, and how it was judged; pure.

Source: WGS art. 1.8 lid 7; Bgs art. 1.16; AVG art. 5 lid 1 onder e, 17.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from contracts.bewaring import (
    BeoordeelVernietiging,
    CasusVernietigd,
    HefUitstelOp,
    SignaalVernietigd,
    StelVernietigingUit,
    UitstelOpgeheven,
    VernietigingBeoordeeld,
    VernietigingGeweigerd,
    VernietigingUitgesteld,
    VerwerkingVernieuwd,
)
from contracts.message import Acted
from hub.domain.bewaartermijn import NA_BEOORDELING, NOOIT, VANZELF, VERSTREKKER, Bewaartermijn, Bewaartermijnen
from hub.domain.oordeel import Onbekend, Strijdig

BewaringEvent = (
    VernietigingUitgesteld
    | UitstelOpgeheven
    | VernietigingBeoordeeld
    | VernietigingGeweigerd
    | VerwerkingVernieuwd
    | SignaalVernietigd
    | CasusVernietigd
)
#: What puts off by itself.
EMBARGO, BEPERKT = "embargo", "lopend-verzoek"
#: How something that is due stands.
BEOORDELEN, BEOORDEELD, UITGESTELD = "beoordelen", "beoordeeld", "uitgesteld"


def bewaring_of(onderwerp_id: UUID) -> UUID:
    """The stream of the retention of a signal or case: it survives what it is about."""
    return uuid5(onderwerp_id, "bewaring")


def lopend(uitstel: Iterable[VernietigingUitgesteld], op: date) -> frozenset[str]:
    """The reasons of those postponements that count on a day."""
    return frozenset(one.reden for one in uitstel if one.tot is None or one.tot >= op)


@dataclass(frozen=True, slots=True)
class Bewaring:
    """What is on record of the retention of one signal or case.

    `geweigerd`: per term the policy version that refused to destroy it.
    """

    uitstel: Mapping[UUID, VernietigingUitgesteld] = field(default_factory=dict)
    oordelen: Mapping[str, VernietigingBeoordeeld] = field(default_factory=dict)
    vernieuwd_tot: date | None = None
    vernieuwingen: int = 0
    geweigerd: Mapping[str, str] = field(default_factory=dict)
    vernietigd: bool = False

    def uitstelredenen(self, op: date) -> frozenset[str]:
        """Why destruction is put off on a day."""
        return lopend(self.uitstel.values(), op)


@dataclass(frozen=True, slots=True)
class Onderwerp:
    """What may be due: a signal or a case. `begin`: per beginning of a term the day it was.

    `redenen`: what puts it off without anybody asking, such as an embargo; `uitstel`: of the cases it belongs to.
    `vernieuwd_tot`: last day of a renewal of a case it belongs to.
    """

    soort: str
    id: UUID
    spoor: str
    regio: str
    begin: Mapping[str, date]
    redenen: frozenset[str] = frozenset()
    uitstel: tuple[VernietigingUitgesteld, ...] = ()
    vernieuwd_tot: date | None = None


@dataclass(frozen=True, slots=True)
class Beurt:
    """Something whose term is over. `stand`: `vanzelf`, `beoordelen`, `beoordeeld`, `verstrekker` or `uitgesteld`."""

    soort: str
    id: UUID
    spoor: str
    termijn: Bewaartermijn
    vervalt_op: date
    stand: str
    uitstel: tuple[str, ...] = ()

    @property
    def kan(self) -> bool:
        """Whether the hub itself may destroy it now."""
        return self.stand in (VANZELF, BEOORDEELD)


def beurten(onderwerp: Onderwerp, termijnen: Bewaartermijnen, bewaring: Bewaring, op: date) -> Iterator[Beurt]:
    """Everything that is due on a day, each under its term; what goes by itself first."""
    if bewaring.vernietigd:
        return
    found = [
        beurt
        for termijn in termijnen.voor(onderwerp.spoor, onderwerp.soort, op)
        if (beurt := _beurt(onderwerp, termijn, termijnen, bewaring, op)) is not None
    ]
    yield from sorted(found, key=_order)


def _order(beurt: Beurt) -> tuple[bool, bool, date, str]:
    return not beurt.kan, beurt.termijn.uitvoering != VANZELF, beurt.vervalt_op, beurt.termijn.id


def vervaldag(onderwerp: Onderwerp, termijn: Bewaartermijn, bewaring: Bewaring) -> date | None:
    """The first day on which a term is over; None where it has not begun. A renewal moves the longest term only."""
    begin = onderwerp.begin.get(termijn.vanaf)
    if begin is None or termijn.uitvoering == NOOIT:
        return None
    over = termijn.duur.na(begin)
    renewed = max((day for day in (bewaring.vernieuwd_tot, onderwerp.vernieuwd_tot) if day), default=None)
    if termijn.maximum and renewed is not None and renewed >= over:
        return date.fromordinal(renewed.toordinal() + 1)
    return over


def _beurt(
    onderwerp: Onderwerp, termijn: Bewaartermijn, termijnen: Bewaartermijnen, bewaring: Bewaring, op: date
) -> Beurt | None:
    over = vervaldag(onderwerp, termijn, bewaring)
    if over is None or over > op:
        return None
    stand = termijn.uitvoering
    if stand == NA_BEOORDELING:
        judged = bewaring.oordelen.get(termijn.id)
        if judged is not None and not judged.vernietigen and (judged.herbezie_op or date.max) > op:
            return None
        stand = BEOORDELEN if judged is None or not judged.vernietigen else _na_oordeel(termijn)
    reasons = bewaring.uitstelredenen(op) | onderwerp.redenen | lopend(onderwerp.uitstel, op)
    against = tuple(sorted(reason for reason in reasons if _houdt_tegen(reason, termijn, termijnen)))
    if against:
        stand = UITGESTELD
    return Beurt(onderwerp.soort, onderwerp.id, onderwerp.spoor, termijn, over, stand, against)


def _na_oordeel(termijn: Bewaartermijn) -> str:
    """Where the law gives no term, the provider itself destroys what it judged to be of no more use."""
    return VERSTREKKER if termijn.instelling else BEOORDEELD


def _houdt_tegen(reden: str, termijn: Bewaartermijn, termijnen: Bewaartermijnen) -> bool:
    """Whether a reason stops a term; one that the policy in force no longer knows stops everything."""
    known = termijnen.uitstel.get(reden)
    return known is None or known.tegen_maximum or not termijn.maximum


def eis_wisbaar(onderwerp: Onderwerp, bewaring: Bewaring, termijnen: Bewaartermijnen, op: date) -> None:
    """Refuse to erase a person's data that a claim or the law needs. Source: AVG art. 17 lid 3. Raises Strijdig."""
    for reason in bewaring.uitstelredenen(op) | lopend(onderwerp.uitstel, op):
        known = termijnen.uitstel.get(reason)
        if known is None or known.tegen_wissing:
            raise Strijdig("Deze gegevens kunnen nog niet weg: het vernietigen is met een reden uitgesteld.")


def stel_uit(
    bewaring: Bewaring, command: StelVernietigingUit, zetel: str, nu: datetime, redenen: Mapping[str, object]
) -> list[BewaringEvent]:
    """Decide on putting off. `redenen`: the codes the policy knows. Raises Strijdig."""
    if bewaring.vernietigd:
        raise Strijdig("Dit is al vernietigd.")
    if command.reden not in redenen or command.reden == EMBARGO:
        raise Strijdig("Met deze reden kan vernietigen niet worden uitgesteld.")
    if command.tot is not None and command.tot < nu.date():
        raise Strijdig("De laatste dag van het uitstel is al voorbij.")
    if command.uitstel_id in bewaring.uitstel:
        raise Strijdig("Dit uitstel is al vastgelegd.")
    return [VernietigingUitgesteld.recorded(command, Acted(zetel, nu))]


def hef_op(bewaring: Bewaring, command: HefUitstelOp, zetel: str, nu: datetime, toezicht: bool) -> list[BewaringEvent]:
    """Decide on lifting: who set it, or the supervisor. Raises Onbekend."""
    known = bewaring.uitstel.get(command.uitstel_id)
    if known is None or not (toezicht or known.zetel == zetel):
        raise Onbekend
    return [UitstelOpgeheven.recorded(command, Acted(zetel, nu))]


def beoordeel(due: Sequence[Beurt], command: BeoordeelVernietiging, zetel: str, nu: datetime) -> list[BewaringEvent]:
    """Decide on a judgement of what is due. Raises Strijdig."""
    if not any(one.termijn.id == command.termijn and one.termijn.uitvoering == NA_BEOORDELING for one in due):
        raise Strijdig("Onder deze termijn valt hier nu niets te beoordelen.")
    if not command.vernietigen and (command.herbezie_op is None or command.herbezie_op <= nu.date()):
        raise Strijdig("Wat blijft, krijgt een latere dag waarop het opnieuw wordt bezien.")
    return [VernietigingBeoordeeld.recorded(command, Acted(zetel, nu))]


def evolve(bewaring: Bewaring, event: BewaringEvent) -> Bewaring:
    """Remember."""
    match event:
        case VernietigingUitgesteld():
            return replace(bewaring, uitstel={**bewaring.uitstel, event.uitstel_id: event})
        case UitstelOpgeheven():
            left = {id: one for id, one in bewaring.uitstel.items() if id != event.uitstel_id}
            return replace(bewaring, uitstel=left)
        case VernietigingBeoordeeld():
            return replace(bewaring, oordelen={**bewaring.oordelen, event.termijn: event})
        case VerwerkingVernieuwd():
            return replace(bewaring, vernieuwd_tot=event.tot, vernieuwingen=bewaring.vernieuwingen + 1)
        case SignaalVernietigd() | CasusVernietigd():
            return replace(bewaring, vernietigd=True)
        case VernietigingGeweigerd() if bewaring.uitstelredenen(event.tijdstip.date()):
            return bewaring  # it is asked again once nothing puts it off
        case VernietigingGeweigerd():
            return replace(bewaring, geweigerd={**bewaring.geweigerd, event.termijn: event.beleidsversie})


def replay(events: Sequence[BewaringEvent]) -> Bewaring:
    """The state after these events."""
    bewaring = Bewaring()
    for event in events:
        bewaring = evolve(bewaring, event)
    return bewaring
