"""What the doors need; bound once in main."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hub.access.beleid import Beleid
from hub.api.identity import Identity
from hub.api.issuer import DevelopmentIssuer
from hub.audit.access import AccessLog
from hub.handling.execute import Ledger
from hub.handling.explain import Explainer
from hub.handling.questions import Questions
from hub.ledger.checkpoints import Checkpoints
from hub.log import Log
from hub.views.read import Views


@dataclass(frozen=True, slots=True)
class Services:
    """The hub behind the doors. `clock`: the moment now, UTC."""

    ledger: Ledger
    views: Views
    access_log: AccessLog
    beleid: Beleid
    questions: Questions
    explainer: Explainer
    checkpoints: Checkpoints
    identity: Identity
    issuer: DevelopmentIssuer | None
    log: Log
    clock: Callable[[], datetime]
