"""Who is delivered to, and of what: subscriptions and notices as delivering needs them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from contracts.abonnement import WEBHOOK
from contracts.message import Acted
from hub.delivery.abonnementen import Vormen, past
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.domain import abonnement
from hub.domain.abonnement import BEEINDIGD, Abonnement, AbonnementEvent
from hub.handling.disclose import HUBZETEL
from hub.handling.execute import Ledger
from hub.handling.step import Step

NEWS_AT_ONCE = 1_000


class Subscriptions(Protocol):
    """The subscriptions as they stand."""

    def actieve(self, bezorgwijze: str) -> list[Abonnement]:
        """Those to deliver to."""

    def te_bevestigen(self) -> list[Abonnement]:
        """Those whose address must agree first."""

    def een(self, abonnement_id: UUID) -> Abonnement | None:
        """One of them, ended ones too."""


class Notices(Protocol):
    """The notices of all seats."""

    def van_zetel(self, zetel: str, na: int, aantal: int) -> list[Gebeurtenis]:
        """Of one seat, by number."""

    def na(self, volgorde: int, aantal: int) -> list[Gebeurtenis]:
        """Of all seats, in order."""

    def laatste(self) -> int:
        """The highest place."""

    def toegestaan(self, found: Sequence[Gebeurtenis], nu: datetime) -> list[bool]:
        """Of each whether it may be sent now."""

    def wait(self, na: int, timeout: float) -> int:
        """The highest place, as soon as it is above `na`, or after `timeout` seconds."""


class Facts(Protocol):
    """What delivering adds to the ledger."""

    def taken_at(self, abonnement_id: UUID) -> int:
        """The position at which a subscription was taken."""

    def confirm(self, one: Abonnement, per_minute: int, nu: datetime) -> None:
        """Its address agreed; nothing where it has another address by now."""

    def suspend(self, one: Abonnement, reden: str, nu: datetime) -> None:
        """Nothing is brought any more until its seat says so; nothing where it has another address by now."""


class LedgerFacts:
    """The same, on the ledger. Each raises LedgerUnavailable."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def taken_at(self, abonnement_id: UUID) -> int:
        """The position at which a subscription was taken; 0 for an unknown one."""
        found = self._ledger.store.placed([abonnement_id])
        return found[0].position if found else 0

    def confirm(self, one: Abonnement, per_minute: int, nu: datetime) -> None:
        """Its address agreed; nothing where it has another address by now."""
        self._ledger.perform(partial(_confirm, one=one, per_minute=per_minute), HUBZETEL, nu)

    def suspend(self, one: Abonnement, reden: str, nu: datetime) -> None:
        """Nothing is brought any more until its seat says so; nothing where it has another address by now."""
        self._ledger.perform(partial(_suspend, one=one, reden=reden), HUBZETEL, nu)


class Subscribers:
    """Subscriptions by webhook, their notices, and the facts about them. `vormen`: forms behind a notice."""

    def __init__(self, subscriptions: Subscriptions, notices: Notices, facts: Facts, vormen: Vormen) -> None:
        self._subscriptions, self._notices, self._vormen = subscriptions, notices, vormen
        self.taken_at, self.confirm, self.suspend = facts.taken_at, facts.confirm, facts.suspend
        self.newest, self.wait, self.permitted = notices.laatste, notices.wait, notices.toegestaan

    def all(self) -> list[Abonnement]:
        """Those to deliver to, and those that must agree first."""
        asking = [one for one in self._subscriptions.te_bevestigen() if one.bezorgwijze == WEBHOOK]
        return [*self._subscriptions.actieve(WEBHOOK), *asking]

    def is_ended(self, abonnement_id: UUID) -> bool:
        """Whether a subscription is over for good, or goes another way."""
        found = self._subscriptions.een(abonnement_id)
        return found is None or found.status == BEEINDIGD or found.bezorgwijze != WEBHOOK

    def seats_with_news(self, since: int) -> tuple[int, set[str]]:
        """Some seats that have notices after this place, and the place up to which that is said."""
        found = self._notices.na(since, NEWS_AT_ONCE)
        return (found[-1].volgorde if found else since), {one.zetel for one in found}

    def news(self, one: Abonnement, since: int, count: int) -> tuple[list[Gebeurtenis], list[Gebeurtenis]]:
        """The next notices of its seat after number `since`, and those among them of which it is told."""
        page = self._notices.van_zetel(one.zetel, since, count)
        return page, [notice for notice in page if self.fits(one, notice)]

    def fits(self, one: Abonnement, notice: Gebeurtenis) -> bool:
        """Whether a subscription is told of a notice, as it stands now."""
        return past(one, notice, self._vormen)


def _state(step: Step, one: Abonnement) -> Abonnement | None:
    """The subscription now, if its address is still the one that was called."""
    state = abonnement.replay(step.work.events(one.abonnement_id, AbonnementEvent))
    return state if state and state.terugbeladres == one.terugbeladres else None


def _confirm(step: Step, one: Abonnement, per_minute: int) -> None:
    events = abonnement.bevestig(_state(step, one), per_minute, Acted(step.zetel, step.nu))
    step.work.add(one.abonnement_id, events, "hub")


def _suspend(step: Step, one: Abonnement, reden: str) -> None:
    events = abonnement.schors(_state(step, one), reden, Acted(step.zetel, step.nu))
    step.work.add(one.abonnement_id, events, "hub")
