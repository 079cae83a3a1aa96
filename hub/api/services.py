"""What the doors need; bound once in main."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.access.beleid import Beleid
from hub.api.identity import Identity
from hub.api.issuer import DevelopmentIssuer
from hub.api.stroom import Stroomduur
from hub.audit.access import AccessLog
from hub.audit.quorum import TrustPolicy
from hub.delivery.bezorgingen import Bezorgingen
from hub.delivery.feed import Feed
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.delivery.omroep import Omroep
from hub.delivery.webhook_keys import WebhookKeys
from hub.handling.beleidsversies import Beleidsversies
from hub.handling.bewijsbundels import Bundelaar
from hub.handling.execute import Ledger
from hub.handling.explain import Explainer
from hub.handling.questions import Questions
from hub.ledger.checkpoints import Checkpoints
from hub.ledger.published import PublishedStore
from hub.log import Log
from hub.views.read import Views


@dataclass(frozen=True, slots=True)
class Services:
    """The hub behind the doors. `clock`: the moment now, UTC. `kondig_aan`: a notice as it travels."""

    ledger: Ledger
    views: Views
    access_log: AccessLog
    policy: Beleidsversies
    explainer: Explainer
    checkpoints: Checkpoints
    bundelaar: Bundelaar
    published: PublishedStore
    trust: TrustPolicy
    identity: Identity
    issuer: DevelopmentIssuer | None
    log: Log
    clock: Callable[[], datetime]
    feed: Feed
    omroep: Omroep
    stroomduur: Stroomduur
    kondig_aan: Callable[[Gebeurtenis], dict[str, Any]]
    bezorgingen: Bezorgingen
    webhook_keys: WebhookKeys

    @property
    def questions(self) -> Questions:
        """The policy in force now, asked in the words of the domain."""
        return self.policy.at(self.clock())

    @property
    def beleid(self) -> Beleid:
        """The policy in force now."""
        return self.questions.beleid
