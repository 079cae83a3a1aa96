"""What goes to a subscriber: asked again whether it may, written down, and signed. Source: NL GOV CloudEvents 1.1."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import orjson

from hub.audit.access import AccessLog
from hub.delivery.bezorgrecht import Bezorgrecht
from hub.delivery.bezorgrij import Wachtend
from hub.delivery.gebeurtenissen import Gebeurtenis, aankondiging
from hub.delivery.lanes import Lane
from hub.delivery.signature import signed_headers
from hub.delivery.subscribers import Subscribers
from hub.delivery.webhook_keys import WebhookKeys
from hub.domain.abonnement import Abonnement

MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


class Sender:
    """Clears and makes messages. `adres`, `oin`: of the hub; `origin`: its host name.

    `trace`: makes 32 hexadecimal digits.
    """

    def __init__(
        self,
        subscribers: Subscribers,
        recht: Bezorgrecht,
        access_log: AccessLog,
        keys: WebhookKeys,
        adres: str,
        oin: str,
        trace: Callable[[], str],
    ) -> None:
        self._subscribers, self._recht, self._access_log, self._keys = subscribers, recht, access_log, keys
        self._adres, self._oin, self._trace = adres, oin, trace
        self.origin = urlsplit(adres).hostname or ""

    def cleared(self, rows: Sequence[tuple[Lane, Wachtend]], nu: datetime, now: float) -> list[bool | None]:
        """Of each row whether it goes now: not at all (False), or not to this subscriber now (None).

        What goes is on record when this returns. Raises LedgerUnavailable.
        """
        notices = [row.gebeurtenis for _, row in rows]
        known = [one for one in notices if one is not None]
        allowed = dict(zip((one.id for one in known), self._subscribers.permitted(known, nu), strict=True))
        open_lanes = {id(lane): self._recht.mag(lane.situatie(now), nu) for lane, _ in rows}
        answers = [self._answer(lane, row.gebeurtenis, allowed, open_lanes[id(lane)]) for lane, row in rows]
        going = [one for one, goes in zip(notices, answers, strict=True) if goes and one is not None]
        if going:
            self._access_log.append_access(self._recht.records(going, nu, self._trace))
        return answers

    def message(self, abonnement: Abonnement, one: Gebeurtenis, nu: datetime) -> tuple[bytes, dict[str, str]]:
        """Body and headers, signed at this moment."""
        body = orjson.dumps(aankondiging(one, self._adres, self._oin))
        headers = signed_headers(self._keys.signers(), str(one.id), int(nu.timestamp()), body)
        headers["Content-Type"] = MEDIA_TYPE
        if abonnement.autorisatie:
            headers["Authorization"] = abonnement.autorisatie
        return body, headers

    def _answer(self, lane: Lane, one: Gebeurtenis | None, allowed: dict[UUID, bool], is_open: bool) -> bool | None:
        if one is None or not allowed[one.id] or not self._subscribers.fits(lane.abonnement, one):
            return False
        return True if is_open else None
