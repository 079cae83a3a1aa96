"""The territory of a seat: the region it is of, and where a covenant makes it party, as long as it does.

Source: WGS art. 2.23 lid 5; AVG art. 5 lid 1 onder b.
"""

from datetime import date

from hub.access.beleid import Beleid
from hub.access.zetel import Convenant, Zetel, hoort_bij

LANDELIJK = "landelijk"
#: The region of a covenant that counts in each; it adds none to the seat's own.
OVERAL = "alle"
GEMEENTE = "gemeente."


def grondgebied(beleid: Beleid, zetel: str, op: date) -> frozenset[str] | None:
    """The regions of a seat on a day; None is the whole country. A seat that does not exist has none.

    What lies in no region in particular is of everybody. A municipality without a region of its own has its own area
    only; another seat that is in no region has its task everywhere.
    """
    seat = beleid.instanties.get(zetel)
    if seat is None:
        return frozenset()
    if seat.regio == LANDELIJK and not _is_local(beleid, seat):
        return None
    own = {LANDELIJK, seat.regio, seat.gebied}
    for covenant in beleid.alle_convenanten:
        if _is_party(beleid, covenant, seat, op):
            own |= {covenant.regio, *covenant.ook_regios}
    return frozenset(own - {OVERAL})


def in_grondgebied(own: frozenset[str] | None, gebieden: tuple[str, ...]) -> bool:
    """Whether all of these lie in a territory."""
    return own is None or own.issuperset(gebieden)


def _is_local(beleid: Beleid, seat: Zetel) -> bool:
    kind = beleid.zetels[seat.type]
    return seat.type.startswith(GEMEENTE) or (kind.deelnemer or "").startswith(GEMEENTE)


def _is_party(beleid: Beleid, covenant: Convenant, seat: Zetel, op: date) -> bool:
    """A covenant names kinds of seats: of a kind, the seats of its regions are meant, or of the areas it names.

    Where a statute rules the track, no covenant counts.
    """
    if not covenant.geldt(op) or (covenant.spoor and beleid.wet_geldt(covenant.spoor, op)):
        return False
    now = covenant.op(op)
    if covenant.in_regio(seat.regio) and seat.regio != LANDELIJK and hoort_bij(seat.type, now.partijen):
        return True
    return any(lid.gebieden and seat.gebied in lid.gebieden and hoort_bij(seat.type, (lid.zetel,)) for lid in now.leden)
