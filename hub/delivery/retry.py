"""How often, and until when, a delivery is tried; and what an answer means.

Ten tries over 75 hours, each wait a little longer than the table says, so that what failed together does not come back
together. Waits are counted up, never measured on a clock: a clock that jumps cannot end a delivery early.
Source: Standard Webhooks 1.0; NL GOV CloudEvents 1.1, webhooks; RFC 9110, 10.2.3.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum

#: Between ten tries.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
TRIES = len(WAITS) + 1
JITTER = 0.1
#: No wait is longer: a stored moment further away than this comes from a clock that was set back.
LONGEST_WAIT = WAITS[-1] * (1 + JITTER)
#: Together with what a subscriber asks for by `Retry-After`.
PATIENCE = sum(WAITS, timedelta()) * (1 + JITTER)
SHORTEST_ASKED = timedelta(seconds=1)

DELIVERED = frozenset({200, 201, 202, 204})
GONE = 410
SLOW_DOWN = frozenset({429, 503})


class Meaning(Enum):
    """What to do after an answer."""

    DELIVERED = "delivered"
    AGAIN = "again"
    LATER = "later"
    STOP = "stop"


def meaning_of(status: int | None, asked: timedelta | None) -> Meaning:
    """`status`: None where no answer came. `asked`: the wait that the subscriber asked for."""
    if status in DELIVERED:
        return Meaning.DELIVERED
    if status == GONE:
        return Meaning.STOP
    if status in SLOW_DOWN and asked is not None:
        return Meaning.LATER
    return Meaning.AGAIN


def wait_after(tries: int, chance: float) -> timedelta | None:
    """How long to wait after so many failed tries; None after the last. `chance`: from 0 to 1."""
    if tries >= TRIES:
        return None
    return WAITS[tries - 1] * (1 + JITTER * chance)


def asked_wait(retry_after: str | None, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, in seconds or as a date, from one second to the longest wait. None for nonsense."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=min(int(text[:9]), 10**8))
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(wait, SHORTEST_ASKED), LONGEST_WAIT)


def is_due(not_before: datetime | None, now: datetime) -> bool:
    """Whether a stored moment has come; one that no wait could have set has come as well."""
    return not_before is None or not_before <= now or not_before > now + LONGEST_WAIT
