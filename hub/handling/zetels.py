"""Facts about the seats of a signal: who is its subject, and who may not know of it."""

from collections.abc import Iterable, Sequence

from contracts.inhoud import Organisatie
from hub.access.beleid import Beleid
from hub.domain.signaal import Signaal

#: An OIN of this kind carries the number in the trade register. Source: OIN-stelsel 3.0.
KVK_PREFIX = "00000003"
TOEZICHT = "privacy-officer"


def organisation_of(beleid: Beleid, zetel: str) -> str | None:
    """The OIN of the organisation that holds a seat; None for a seat that does not exist."""
    known = beleid.instanties.get(zetel)
    return None if known is None else known.oin


def is_subject(beleid: Beleid, signaal: Signaal, zetel: str) -> bool:
    """Whether the signal is about this seat, or about its organisation. Source: WGS art. 1.8 lid 2."""
    return zetel in signaal.uitgesloten or (
        bool(signaal.uitgesloten_organisaties) and organisation_of(beleid, zetel) in signaal.uitgesloten_organisaties
    )


def is_withheld(signaal: Signaal, zetel: str) -> bool:
    """Whether the signal is confidential, and this seat not among those who know of it."""
    return signaal.vertrouwelijk_tot is not None and zetel not in signaal.ingewijd | signaal.verstrekkers


def is_closed(beleid: Beleid, signaal: Signaal, zetel: str) -> bool:
    """Whether this seat may not learn that there is such a signal."""
    return is_subject(beleid, signaal, zetel) or is_withheld(signaal, zetel)


def subjects(beleid: Beleid, signaal: Signaal) -> tuple[str, ...]:
    """Every seat that is its subject; who put something in knows of it all the same."""
    if not signaal.uitgesloten and not signaal.uitgesloten_organisaties:
        return ()
    seats = signaal.uitgesloten | seats_of(beleid, signaal.uitgesloten_organisaties)
    return tuple(sorted(seats - signaal.verstrekkers))


def supervisors(beleid: Beleid) -> tuple[str, ...]:
    """The seats of the privacy officers."""
    return tuple(sorted(seat.id for seat in beleid.instanties.values() if seat.type == TOEZICHT))


def seats_of(beleid: Beleid, organisaties: frozenset[str]) -> frozenset[str]:
    """The seats of organisations (OIN)."""
    return frozenset(seat.id for seat in beleid.instanties.values() if organisaties and seat.oin in organisaties)


def insiders(signaal: Signaal) -> tuple[str, ...] | None:
    """Of a confidential signal, who knows of it; None where it is open."""
    if signaal.vertrouwelijk_tot is None:
        return None
    return tuple(sorted(signaal.ingewijd | signaal.verstrekkers))


def partners(beleid: Beleid, organisaties: Iterable[Organisatie]) -> frozenset[str]:
    """The OINs of partners among organisations that a signal is about.

    By number only: a name alone may be somebody else's. A number in the trade register counts where the OIN is
    made of it.
    """
    named: Sequence[Organisatie] = [one for one in organisaties if one.oin or one.kvk_nummer]
    if not named:
        return frozenset()
    known = {seat.oin for seat in beleid.instanties.values()}
    by_oin = {one.oin for one in named if one.oin in known}
    numbers = {one.kvk_nummer for one in named if one.kvk_nummer}
    by_kvk = {oin for oin in known if oin.startswith(KVK_PREFIX) and oin[8:16] in numbers}
    return frozenset(oin for oin in by_oin | by_kvk if oin)
