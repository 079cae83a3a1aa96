"""What is followed answers as the ledger itself does, and reads only what is new."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from hub.ledger.latest import Latest
from hub.ledger.store import Change, LedgerStore
from tests.ledger.facts import TOPIC, appending


class Counting:
    """A ledger that keeps from where it was asked."""

    def __init__(self, ledger: LedgerStore) -> None:
        self.ledger, self.asked = ledger, list[int]()

    def head(self) -> int:
        return self.ledger.head()

    def last_of(self, topics: Sequence[str], after: int = 0) -> dict[UUID, int]:
        self.asked.append(after)
        return self.ledger.last_of(topics, after)


def test_it_answers_as_the_ledger_and_asks_for_what_is_new(ledger: LedgerStore) -> None:
    counting, before, one, two = Counting(ledger), ledger.head(), uuid4(), uuid4()
    latest = Latest(counting, (TOPIC,))
    for stream, version in ((one, 0), (two, 0), (one, 1)):
        ledger.append(Change((appending(stream, version, b""),)))
        assert latest.last_of((TOPIC,), before) == ledger.last_of((TOPIC,), before)
    assert latest.last_of((TOPIC,), before + 2) == {one: before + 3}
    assert counting.asked == [0, before + 1, before + 2]


def test_other_topics_are_no_question_for_it(ledger: LedgerStore) -> None:
    with pytest.raises(ValueError, match="not followed"):
        Latest(ledger, (TOPIC,)).last_of(("another.type",))
