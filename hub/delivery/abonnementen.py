"""The subscriptions as they stand, and which notices each is told of."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from uuid import UUID

from contracts.codelijst import codelijst
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.domain import abonnement
from hub.domain.abonnement import AANGEVRAAGD, ACTIEF, BEEINDIGD, Abonnement, AbonnementEvent
from hub.handling.beleidsversies import Policy
from hub.handling.grondgebied import grondgebied
from hub.handling.work import Work
from hub.ledger.store import LedgerStore

#: The forms of exploitation of what a notice is about, as far as its seat may see them now; None where it cannot.
Vormen = Callable[[Gebeurtenis], frozenset[str] | None]
TOPICS = tuple(kind.TYPE for kind in AbonnementEvent.__args__)
CASUS = "casus:"


class Abonnementen:
    """All subscriptions; each look reads only what is new. Safe to share between threads."""

    def __init__(
        self, store: LedgerStore, work: Callable[[], Work], policy: Policy, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._work, self._policy, self._clock = store, work, policy, clock
        self._at, self._known = 0, dict[UUID, Abonnement]()
        self._placed: tuple[object, Mapping[UUID, Abonnement]] = (None, {})
        self._lock = threading.Lock()

    def actieve(self, bezorgwijze: str) -> list[Abonnement]:
        """What is to be brought this way now; of seats that are in force only. Raises LedgerUnavailable."""
        return [one for one in self._in_force() if one.bezorgwijze == bezorgwijze and one.status == ACTIEF]

    def te_bevestigen(self) -> list[Abonnement]:
        """Those whose address must agree first. Raises LedgerUnavailable."""
        return [one for one in self._in_force() if one.status == AANGEVRAAGD]

    def een(self, abonnement_id: UUID) -> Abonnement | None:
        """One subscription in whatever state, None where there is none. Raises LedgerUnavailable."""
        return self._all().get(abonnement_id)

    def van(self, zetel: str) -> list[Abonnement]:
        """The subscriptions of a seat, ended ones too. Raises LedgerUnavailable."""
        return [one for one in self._all().values() if one.zetel == zetel]

    def lopende(self) -> list[Abonnement]:
        """Every subscription that did not end, whether its seat is in force or not. Raises LedgerUnavailable."""
        return [one for one in self._all().values() if one.status != BEEINDIGD]

    def _in_force(self) -> list[Abonnement]:
        seats = self._policy.at(self._clock()).beleid.instanties
        return [one for one in self._all().values() if one.zetel in seats]

    def _all(self) -> Mapping[UUID, Abonnement]:
        """Every subscription with the territory of its seat today."""
        nu = self._clock()
        beleid, op = self._policy.at(nu).beleid, nu.date()
        with self._lock:
            changed = self._look()
            known, placed = self._placed
            if changed or known != (beleid.versie, op):
                placed = {
                    id: replace(one, grondgebied=grondgebied(beleid, one.zetel, op)) for id, one in self._known.items()
                }
                self._placed = ((beleid.versie, op), placed)
            return placed

    def _look(self) -> bool:
        """Read what is new; whether anything was."""
        head = self._store.head()
        if head <= self._at:
            return False
        streams = sorted(self._store.last_of(TOPICS, self._at), key=str)
        work = self._work()
        work.load(streams)
        for stream in streams:
            found = abonnement.replay(work.events(stream, AbonnementEvent))
            if found is not None:
                self._known[stream] = found
        self._at = head
        return bool(streams)


def past(one: Abonnement, gebeurtenis: Gebeurtenis, vormen_van: Vormen) -> bool:
    """Whether a subscription is told of a notice.

    Of cases it is told only in the seat's own territory as that is now; of what is meant for the seat itself always.
    Of what the hub cannot tell the region or the form, the seat is told: a filter hides nothing by accident.
    """
    filters = one.filters
    return (
        gebeurtenis.zetel == one.zetel
        and (not filters.kanalen or gebeurtenis.kanaal in filters.kanalen)
        and (not filters.acties or gebeurtenis.actie in filters.acties)
        and (not filters.casussen or gebeurtenis.onderwerp in {f"{CASUS}{id}" for id in filters.casussen})
        and _past_gebied(one, gebeurtenis)
        and _past_vorm(filters.vormen, gebeurtenis, vormen_van)
    )


def _past_gebied(one: Abonnement, gebeurtenis: Gebeurtenis) -> bool:
    regio = gebeurtenis.kenmerken.get("regio")
    if regio is None:
        return True
    elsewhere = one.grondgebied is not None and regio not in one.grondgebied
    if elsewhere and gebeurtenis.onderwerp.startswith(CASUS):
        return False
    return not one.filters.gebieden or regio in one.filters.gebieden


def _past_vorm(vormen: tuple[str, ...], gebeurtenis: Gebeurtenis, vormen_van: Vormen) -> bool:
    if not vormen:
        return True
    found = vormen_van(gebeurtenis)
    return found is None or any(_with_broader(vorm) & set(vormen) for vorm in found)


@cache
def _with_broader(vorm: str) -> frozenset[str]:
    """A form and every form above it."""
    waarden = {waarde.code: waarde for waarde in codelijst("uitbuitingsvorm").waarden}
    found: list[str] = []
    above: str | None = vorm
    while above is not None and above not in found:
        found.append(above)
        above = waarden[above].ouder if above in waarden else None
    return frozenset(found)
