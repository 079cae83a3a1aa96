"""Whether access records of a case are all there are: each counts itself and names the one before it.

The third file of the verifier, without anything else of the hub. A record that was never written down leaves no hole
in the log as a whole; in the series of its case it does, also for who sees no more of the log than that case.
"""

import json
from dataclasses import dataclass, field
from typing import NamedTuple

#: Where the hub writes the series in a record, right behind its number.
_AHEAD = b'{"volgnummer":'
_SERIES = b',"reeks":{'
_WITHIN = 48


class Gap(NamedTuple):
    """Records of a case that are missing before the one with this number in the log; `missing` may be negative."""

    number: int
    missing: int


@dataclass(slots=True)
class Series:
    """Takes records in the order of the log. Memory: two numbers per case."""

    last: dict[str, tuple[int, int]] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    def add(self, data: bytes) -> None:
        """Take the next record; one that is of no case says nothing here."""
        if data.startswith(_AHEAD) and _SERIES in data[:_WITHIN]:
            record = json.loads(data)
            for casus, (place, previous) in record["reeks"].items():
                self.place(casus, record["volgnummer"], place, previous)

    def place(self, casus: str, number: int, place: int, previous: int) -> None:
        """A record of a case: its number in the log and in the series, and the number of the one before it."""
        count, last = self.last.get(casus, (0, 0))
        if (place, previous) != (count + 1, last):
            self.gaps.append(Gap(number, place - count - 1))
        self.last[casus] = (place, number)
