"""What every ledger must do: the one in memory and the one in PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.audit.access import Entry
from hub.audit.tree import leaf_hash
from hub.ledger.memory import MemoryLedger
from hub.ledger.store import (
    LEDGER_LOG,
    Change,
    DuplicateSource,
    InvalidChange,
    KeyConflict,
    KeyId,
    LedgerStore,
    LedgerUnavailable,
    NewEvent,
    Receipt,
    SourceConflict,
    SourceKey,
    StreamAppend,
    VersionConflict,
    WrappedKey,
)
from tests.ledger.facts import appending, assert_whole, change

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class TestAppend:
    def test_receipt_names_position_and_leaf_of_each_event(self, ledger: LedgerStore) -> None:
        before = ledger.head()
        receipt = ledger.append(change(b"een", b"twee"))
        assert receipt.positions == (before + 1, before + 2)
        assert receipt.log_size == before + 2
        leaves = ledger.leaf_data(LEDGER_LOG, before, 10)
        assert receipt.leaf_hashes == tuple(map(leaf_hash, leaves))
        assert_whole(ledger)

    def test_leaf_holds_digests_and_no_content(self, ledger: LedgerStore) -> None:
        before = ledger.head()
        ledger.append(change(b"geheime inhoud"))
        (leaf,) = ledger.leaf_data(LEDGER_LOG, before, 1)
        assert b"geheime" not in leaf
        assert b"besluit" not in leaf
        assert b'"versie":1}' in leaf

    def test_events_come_back_per_stream_and_in_order(self, ledger: LedgerStore) -> None:
        one, two = uuid4(), uuid4()
        before = ledger.head()
        ledger.append(Change((appending(one, 0, b"a"), appending(two, 0, b"b"), appending(one, 1, b"c"))))
        assert [event.state for event in ledger.stream(one)] == [b"a", b"c"]
        assert [event.state for event in ledger.stream(one, after=1)] == [b"c"]
        assert {id: len(events) for id, events in ledger.streams([one, two, uuid4()]).items() if events} == {
            one: 2,
            two: 1,
        }
        assert [event.state for event in ledger.read(before, 2)] == [b"a", b"b"]

    def test_decision_stands_beside_its_event(self, ledger: LedgerStore) -> None:
        stream = uuid4()
        with_decision = ledger.append(Change((appending(stream, 0, b"a", decision=b"grond"),)))
        without = ledger.append(Change((appending(stream, 1, b"b", decision=None),)))
        assert ledger.decision(with_decision.positions[0]) == b"grond"
        assert ledger.decision(without.positions[0]) is None
        assert ledger.decision(10**9) is None

    def test_wrong_expectation_is_a_conflict_and_records_nothing(self, ledger: LedgerStore) -> None:
        stream = uuid4()
        ledger.append(change(b"a", stream=stream))
        head = ledger.head()
        for expected in (0, 2):
            with pytest.raises(VersionConflict) as conflict:
                ledger.append(change(b"b", stream=stream, expected=expected))
            assert conflict.value.actual == 1
        assert ledger.head() == head

    def test_a_conflict_in_one_append_refuses_the_whole_change(self, ledger: LedgerStore) -> None:
        fresh, stream = uuid4(), uuid4()
        with pytest.raises(VersionConflict):
            ledger.append(Change((appending(fresh, 0, b"a"), appending(stream, 3, b"b")), access=(Entry(b"x"),)))
        assert ledger.stream(fresh) == []
        assert_whole(ledger)

    @pytest.mark.parametrize(
        "bad",
        [
            Change((StreamAppend(uuid4(), 0, (NewEvent('x"y', b""),), (None,)),)),
            Change((StreamAppend(uuid4(), 0, (NewEvent("", b""),), (None,)),)),
            Change((), SourceKey("bron", "nul\x00teken", b"")),
            Change((), SourceKey("bron", "\ud800", b"")),
            Change((StreamAppend(uuid4(), -1, (), ()),)),
        ],
    )
    def test_an_impossible_change_refuses_itself_only(self, ledger: LedgerStore, bad: Change) -> None:
        good, refused, also_good = ledger.append_many([change(b"a"), bad, change(b"b")])
        assert isinstance(refused, InvalidChange)
        assert isinstance(good, Receipt)
        assert isinstance(also_good, Receipt)

    def test_large_and_empty_groups(self, ledger: LedgerStore) -> None:
        assert ledger.append_many([]) == []
        outcomes = ledger.append_many([change(b"x" * (number % 50)) for number in range(1_000)])
        assert all(isinstance(outcome, Receipt) for outcome in outcomes)
        assert_whole(ledger)

    def test_closed_ledger_acknowledges_nothing(self) -> None:
        ledger = MemoryLedger()
        ledger.close()
        with pytest.raises(LedgerUnavailable):
            ledger.append(change(b"a"))


class TestSources:
    def test_replay_gets_the_first_receipt(self, ledger: LedgerStore) -> None:
        id = str(uuid4())
        first = ledger.append(change(b"a", b"b", id=id))
        ledger.append(change(b"later"))
        head = ledger.head()
        with pytest.raises(DuplicateSource) as duplicate:
            ledger.append(change(b"a", b"b", id=id))
        assert duplicate.value.receipt == first
        assert ledger.sourced("test", id) == (b"a|b", first)
        assert ledger.head() == head

    def test_replay_within_one_group(self, ledger: LedgerStore) -> None:
        id = str(uuid4())
        first, second, other = ledger.append_many(
            [change(b"a", id=id), change(b"a", id=id), change(b"iets anders", id=id)]
        )
        assert isinstance(first, Receipt)
        assert isinstance(second, DuplicateSource)
        assert second.receipt == first
        assert isinstance(other, SourceConflict)

    def test_other_content_under_the_same_id_never_overwrites(self, ledger: LedgerStore) -> None:
        id = str(uuid4())
        ledger.append(change(b"a", id=id))
        head = ledger.head()
        with pytest.raises(SourceConflict):
            ledger.append(change(b"b", id=id))
        assert ledger.head() == head

    def test_a_refused_change_does_not_use_up_its_id(self, ledger: LedgerStore) -> None:
        id = str(uuid4())
        with pytest.raises(VersionConflict):
            ledger.append(change(b"a", expected=7, id=id))
        assert isinstance(ledger.append(change(b"a", id=id)), Receipt)

    def test_a_source_without_events_is_remembered_too(self, ledger: LedgerStore) -> None:
        only = Change((), SourceKey("test", str(uuid4()), b"x"))
        assert ledger.append(only).positions == ()
        with pytest.raises(DuplicateSource):
            ledger.append(only)


class TestConcurrency:
    def test_eight_writers_leave_no_gap(self, ledger: LedgerStore) -> None:
        before = ledger.head()
        with ThreadPoolExecutor(8) as pool:
            receipts = list(pool.map(lambda _: ledger.append(change(b"a", b"b")), range(200)))
        positions = sorted(position for receipt in receipts for position in receipt.positions)
        assert positions == list(range(before + 1, before + 401))
        assert_whole(ledger)

    def test_of_eight_writers_on_one_stream_one_wins_each_round(self, ledger: LedgerStore) -> None:
        stream = uuid4()
        for version in range(5):
            outcomes = []
            with ThreadPoolExecutor(8) as pool:
                for number in range(8):
                    one = change(b"%d" % number, stream=stream, expected=version)
                    outcomes.append(pool.submit(ledger.append_many, [one, change(b"bystander")]))
            results = [future.result() for future in outcomes]
            assert sum(isinstance(result[0], Receipt) for result in results) == 1
            assert sum(isinstance(result[0], VersionConflict) for result in results) == 7
            assert all(isinstance(result[1], Receipt) for result in results)
        assert len(ledger.stream(stream)) == 5
        assert_whole(ledger)

    def test_one_message_sent_by_eight_is_recorded_once(self, ledger: LedgerStore) -> None:
        id, stream = str(uuid4()), uuid4()
        barrier = threading.Barrier(8)

        def send(_: int) -> Receipt:
            barrier.wait()
            try:
                return ledger.append(change(b"a", stream=stream, id=id))
            except DuplicateSource as duplicate:
                return duplicate.receipt

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(send, range(8)))) == 1
        assert len(ledger.stream(stream)) == 1

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=6), max_size=6))
    def test_any_mix_leaves_a_whole_ledger(self, ledger: LedgerStore, groups: list[list[tuple[int, int]]]) -> None:
        streams = [uuid4() for _ in range(3)]
        with ThreadPoolExecutor(4) as pool:
            futures = [
                pool.submit(
                    ledger.append_many, [change(b"x", stream=streams[at], expected=known) for at, known in group]
                )
                for group in groups
            ]
        receipts = [outcome for future in futures for outcome in future.result() if isinstance(outcome, Receipt)]
        assert sum(len(events) for events in ledger.streams(streams).values()) == len(receipts)
        assert_whole(ledger)


class TestWaiting:
    def test_wait_returns_when_the_head_moves(self, ledger: LedgerStore) -> None:
        head = ledger.head()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(ledger.wait, head, 30.0)
            ledger.append(change(b"a"))
            assert waiting.result() == head + 1

    def test_wait_gives_up(self, ledger: LedgerStore) -> None:
        assert ledger.wait(ledger.head(), 0.01) == ledger.head()


class TestAccessLog:
    def test_numbers_are_gapless_and_records_come_back(self, ledger: LedgerStore) -> None:
        last = len(ledger.access_records(0, 10**6))
        assert ledger.append_access([Entry(b"een"), Entry(b"twee")]) == [last + 1, last + 2]
        with ThreadPoolExecutor(8) as pool:
            numbers = sorted(pool.map(lambda _: ledger.append_access([Entry(b"drie")])[0], range(50)))
        assert numbers == list(range(last + 3, last + 53))
        assert ledger.access_records(last, 2) == [(last + 1, b"een"), (last + 2, b"twee")]
        assert_whole(ledger)

    def test_access_records_of_a_change_are_on_its_receipt(self, ledger: LedgerStore) -> None:
        last = len(ledger.access_records(0, 10**6))
        receipt = ledger.append(Change((appending(uuid4(), 0, b"a"),), access=(Entry(b"wie"), Entry(b"wat"))))
        assert receipt.access == (last + 1, last + 2)


class TestKeys:
    def test_key_is_durable_with_its_change(self, ledger: LedgerStore) -> None:
        id = KeyId(uuid4(), "riec")
        key = WrappedKey(id, b"gewikkeld", "kek-1")
        ledger.append(Change((appending(uuid4(), 0, b"a"),), new_keys=(key,)))
        assert ledger.keys([id, KeyId(id.subject, "zvh")]) == {id: key}

    def test_the_same_key_may_come_twice_another_may_not(self, ledger: LedgerStore) -> None:
        id = KeyId(uuid4(), "riec")
        key, other = WrappedKey(id, b"een", "kek"), WrappedKey(id, b"twee", "kek")
        one, again, refused = ledger.append_many(
            [Change((appending(uuid4(), 0, b"a"),), new_keys=(which,)) for which in (key, key, other)]
        )
        assert isinstance(one, Receipt)
        assert isinstance(again, Receipt)
        assert isinstance(refused, KeyConflict)
        assert refused.ids == (id,)

    def test_destroyed_key_leaves_a_tombstone_and_never_returns(self, ledger: LedgerStore) -> None:
        id = KeyId(uuid4(), "riec")
        mark, _ = ledger.destroyed_since(0)
        key = WrappedKey(id, b"een", "kek")
        ledger.append(Change((appending(uuid4(), 0, b"a"),), new_keys=(key,)))
        assert ledger.destroy_key(id, NOW)
        assert not ledger.destroy_key(id, NOW)
        assert ledger.keys([id]) == {id: WrappedKey(id, None, "kek", NOW)}
        assert ledger.destroyed_since(mark) == (mark + 1, [id])
        with pytest.raises(KeyConflict):
            ledger.append(Change((appending(uuid4(), 0, b"a"),), new_keys=(key,)))

    def test_a_key_may_be_destroyed_before_it_is_made(self, ledger: LedgerStore) -> None:
        id = KeyId(uuid4(), "riec")
        assert ledger.destroy_key(id, NOW)
        with pytest.raises(KeyConflict):
            ledger.append(Change((appending(uuid4(), 0, b"a"),), new_keys=(WrappedKey(id, b"een", "kek"),)))


class TestAccessFound:
    def test_by_all_keys_newest_first_within_bounds(self, ledger: LedgerStore) -> None:
        signal, other = f"signaal:{uuid4()}", f"signaal:{uuid4()}"
        numbers = ledger.append_access(
            [
                Entry(b'{"a":1}', (signal, "zetel:een")),
                Entry(b'{"a":2}', (signal, other, "zetel:twee")),
                Entry(b'{"a":3}', (signal, "zetel:een")),
            ]
        )
        whole = (0, 2**53)
        assert [number for number, _ in ledger.access_found([signal], whole, 10)] == numbers[::-1]
        assert [number for number, _ in ledger.access_found([signal, "zetel:een"], whole, 1)] == [numbers[2]]
        assert [number for number, _ in ledger.access_found([signal, other], whole, 10)] == [numbers[1]]
        assert [n for n, _ in ledger.access_found([signal], (numbers[0], numbers[2]), 10)] == [numbers[1]]
        assert ledger.access_found([], (numbers[1], 2**53), 1)[0][0] == numbers[2]
        assert ledger.access_found(["signaal:nooit"], whole, 10) == []

    def test_records_of_a_case_count_in_one_series(self, ledger: LedgerStore) -> None:
        casus, elsewhere = uuid4(), uuid4()
        entry = Entry(b'{"wat":1}', casussen=(casus,))
        first, second = ledger.append_access([entry, entry])
        (between,) = ledger.append_access([Entry(b'{"wat":2}', casussen=(elsewhere,))])
        (third,) = ledger.append_access([Entry(b'{"wat":3}', casussen=(casus, elsewhere))])
        records = dict(ledger.access_records(first - 1, 4))
        places = [orjson.loads(records[number])["reeks"][str(casus)] for number in (first, second, third)]
        assert places == [[1, 0], [2, first], [3, second]]
        assert orjson.loads(records[third])["reeks"][str(elsewhere)] == [2, between]
        assert ledger.access_series(casus) == (3, third)
        assert ledger.access_series(uuid4()) == (0, 0)
