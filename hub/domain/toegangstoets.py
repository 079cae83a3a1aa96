"""The regular review of rights of access: when each was reviewed last, and what follows."""

from datetime import date, datetime
from uuid import UUID, uuid5

from contracts.cloudevents import NAAMRUIMTE
from contracts.message import Acted
from contracts.toegangstoets import ToegangBehouden, ToegangIngetrokken, ToegangstoetsGeweigerd, ToetsToegang
from hub.domain.oordeel import Oordeel

ToegangEvent = ToegangBehouden | ToegangIngetrokken
BEHOUDEN = "behouden"


def toegang_of(houder: str) -> UUID:
    """The stream of the reviews of a seat's rights."""
    return uuid5(NAAMRUIMTE, f"toegang:{houder}")


def maanden(van: date, tot: date) -> int:
    """Months begun from one day to another: a year and a day is thirteen. Source: BIO2 5.18.02."""
    whole = (tot.year - van.year) * 12 + tot.month - van.month
    return whole + (tot.day > van.day)


def toets(
    command: ToetsToegang, zetel: str, nu: datetime, oordeel: Oordeel, *, bevoorrecht: bool
) -> ToegangEvent | ToegangstoetsGeweigerd:
    """Decide."""
    who = Acted(zetel, nu)
    if not oordeel.categorieen:
        return ToegangstoetsGeweigerd.recorded(
            command,
            who,
            redenen=oordeel.redenen,
            regels=oordeel.weigerregels,
            alternatief=oordeel.alternatief,
            beleidsversie=oordeel.beleidsversie,
        )
    kind = ToegangBehouden if command.toegang == BEHOUDEN else ToegangIngetrokken
    return kind.recorded(
        command,
        who,
        bevoorrecht=bevoorrecht,
        regels=oordeel.regels,
        grondslagen=oordeel.grondslagen,
        beleidsversie=oordeel.beleidsversie,
    )
