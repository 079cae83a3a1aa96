"""The feed of one seat: its notices after a cursor, each asked again whether it may leave now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from hub.delivery.abonnementen import Vormen, past
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.domain.abonnement import ACTIEF, Abonnement
from hub.domain.oordeel import Onbekend

#: So many notices are looked at for one answer; what a subscription leaves out must not keep a request busy.
MAX_LOOKED_AT = 2_000


class Notices(Protocol):
    """The part of `Gebeurtenissen` that a feed needs."""

    def van_zetel(self, zetel: str, na: int, aantal: int) -> list[Gebeurtenis]: ...

    def gesnoeid(self, zetel: str) -> int: ...

    def hoogste(self, zetel: str) -> int: ...

    def toegestaan(self, found: Sequence[Gebeurtenis], nu: datetime) -> list[bool]: ...


class Subscriptions(Protocol):
    """The part of `Abonnementen` that a feed needs."""

    def een(self, abonnement_id: UUID) -> Abonnement | None: ...


class CursorVerlopen(Exception):
    """What came after the cursor is not kept any more; nobody can say what was missed."""


class Beurt(NamedTuple):
    """What leaves at once. `volgende`: the cursor after it, beyond what is not permitted any more."""

    gebeurtenissen: list[Gebeurtenis]
    volgende: int


class Feed:
    """Serves seats from their own notices. Thread-safe."""

    def __init__(
        self, notices: Notices, subscriptions: Subscriptions, vormen: Vormen, clock: Callable[[], datetime]
    ) -> None:
        self._notices, self._subscriptions, self._vormen, self._clock = notices, subscriptions, vormen, clock

    def beurt(self, zetel: str, na: int, aantal: int, abonnement_id: UUID | None = None) -> Beurt:
        """At most `aantal` notices after number `na`; 0 begins with the oldest that is kept.

        Raises Onbekend for a subscription that is not this seat's or is not active, CursorVerlopen.
        """
        wanted = self._wanted(zetel, abonnement_id)
        going: list[Gebeurtenis] = []
        at = na
        while len(going) < aantal and at < na + MAX_LOOKED_AT:
            found = self._notices.van_zetel(zetel, at, aantal - len(going))
            if at == na > 0 and (not found or found[0].nummer > na + 1) and self._notices.gesnoeid(zetel) > na:
                raise CursorVerlopen
            if not found:
                break
            at = found[-1].nummer
            chosen = [one for one in found if wanted is None or past(wanted, one, self._vormen)]
            allowed = self._notices.toegestaan(chosen, self._clock()) if chosen else []
            going += [one for one, goes in zip(chosen, allowed, strict=True) if goes]
        return Beurt(going, at)

    def voor_het_einde(self, zetel: str, aantal: int) -> int:
        """The cursor after which no more than the last `aantal` notices of a seat come."""
        return max(self._notices.hoogste(zetel) - aantal, self._notices.gesnoeid(zetel))

    def _wanted(self, zetel: str, abonnement_id: UUID | None) -> Abonnement | None:
        if abonnement_id is None:
            return None
        found = self._subscriptions.een(abonnement_id)
        if found is None or found.zetel != zetel or found.status != ACTIEF:
            raise Onbekend
        return found
