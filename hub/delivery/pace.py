"""How fast one subscriber may be sent to: what it allowed per minute, never exceeded in any minute."""

from math import inf


class Pace:
    """Deals out permissions to send. `per_minute`: what the subscriber allowed; None: no limit.

    `clock` readings are monotonic seconds, given by the caller. A second's worth may go at once.
    """

    def __init__(self, per_minute: int | None) -> None:
        self.per_minute = per_minute
        self._burst = max(1, per_minute // 60) if per_minute else 0
        # So many at once and the rest spread over the minute: together never more than was allowed.
        self._step = 60 / (per_minute - self._burst + 1) if per_minute else 0.0
        self._next = -inf

    def free(self, now: float, wanted: int) -> int:
        """How many of `wanted` may go now."""
        if self.per_minute is None:
            return wanted
        earliest = max(self._next, now - self._step * (self._burst - 1))
        return min(wanted, int((now - earliest) / self._step + 1e-9) + 1) if earliest <= now else 0

    def take(self, now: float, count: int) -> None:
        """So many go now."""
        if self.per_minute is not None and count:
            self._next = max(self._next, now - self._step * (self._burst - 1)) + self._step * count

    def opens_in(self, now: float) -> float:
        """Seconds until the next may go."""
        return max(0.0, self._next - now)
