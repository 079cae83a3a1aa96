"""What followers of the ledger need: decisions of other policies, where streams last changed, and how far they came."""

from uuid import uuid4

from hub.ledger.store import Change, LedgerStore
from tests.ledger.facts import TOPIC, appending

OURS, THEIRS = b'{"beleidsversie":"ours"', b'{"beleidsversie":"theirs"'


def test_decisions_under_another_policy_are_found_in_order(ledger: LedgerStore) -> None:
    before, stream = ledger.head(), uuid4()
    for number, decision in enumerate((OURS + b"1}", THEIRS + b"2}", None, THEIRS + b"3}")):
        ledger.append(Change((appending(stream, number, b"state", decision=decision),)))
    found = ledger.decided(before, before + 4, (TOPIC,), OURS)
    assert [(one.position - before, one.topic, one.state, one.decision) for one in found] == [
        (2, TOPIC, b"state", THEIRS + b"2}"),
        (4, TOPIC, b"state", THEIRS + b"3}"),
    ]
    assert ledger.decided(before, before + 3, (TOPIC,), OURS) == found[:1]
    assert ledger.decided(found[0].position, before + 4, (TOPIC,), OURS) == found[1:]
    assert ledger.decided(before, before + 4, ("another.type",), OURS) == []


def test_the_last_change_of_each_stream_is_known(ledger: LedgerStore) -> None:
    before, one, two = ledger.head(), uuid4(), uuid4()
    for stream, version in ((one, 0), (two, 0), (one, 1)):
        ledger.append(Change((appending(stream, version, b""),)))
    assert ledger.last_of((TOPIC,), before) == {one: before + 3, two: before + 2}
    assert ledger.last_of((TOPIC,), before + 2) == {one: before + 3}
    assert ledger.last_of(("another.type",), before) == {}


def test_a_follower_goes_on_where_it_was(ledger: LedgerStore) -> None:
    name, other = str(uuid4()), str(uuid4())
    assert ledger.cursor(name) == 0
    ledger.move_cursor(name, 7)
    ledger.move_cursor(name, 9)
    assert (ledger.cursor(name), ledger.cursor(other)) == (9, 0)
