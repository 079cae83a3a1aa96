"""The handshake before the first delivery: does whoever listens at this address want messages of this hub, how fast?

It protects strangers: nobody can point the hub at a server that does not expect it. It proves nothing about who the
subscriber is, so the subscriber's secret does not go with it.
Source: NL GOV CloudEvents 1.1, webhooks; CloudEvents 1.0 Web Hooks for Event Delivery, 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ORIGIN = "WebHook-Request-Origin"
RATE = "WebHook-Request-Rate"
ALLOWED_ORIGIN = "WebHook-Allowed-Origin"
ALLOWED_RATE = "WebHook-Allowed-Rate"
#: What the hub asks for, per minute. An answer cannot give more.
WANTED_PER_MINUTE = 60_000
ANSWERED = frozenset({200, 204})
#: The subscriber may be starting, or busy: asked again later.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Agreed:
    """The subscriber agreed. `per_minute`: at most so many messages."""

    per_minute: int


@dataclass(frozen=True, slots=True)
class NotAgreed:
    """The subscriber did not agree. `for_good`: it said so itself; asking again would be pressing."""

    for_good: bool


def request_headers(origin: str) -> dict[str, str]:
    """`origin`: host name of the hub."""
    return {ORIGIN: origin, RATE: str(WANTED_PER_MINUTE)}


def judge(status: int | None, headers: Mapping[str, str], origin: str) -> Agreed | NotAgreed:
    """What the answer to OPTIONS means. `headers`: names in lower case. `status`: None where no answer came."""
    if status is None or status in PASSING:
        return NotAgreed(for_good=False)
    allowed = headers.get(ALLOWED_ORIGIN.lower(), "").strip()
    if status not in ANSWERED or allowed.lower() not in ("*", origin.lower()):
        return NotAgreed(for_good=True)
    rate = headers.get(ALLOWED_RATE.lower(), "*").strip()
    if rate == "*":
        return Agreed(WANTED_PER_MINUTE)
    if not (rate.isascii() and rate.isdigit()) or int(rate[:9]) == 0:
        return NotAgreed(for_good=True)
    return Agreed(min(int(rate[:9]), WANTED_PER_MINUTE))
