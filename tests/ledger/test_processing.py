"""The Logboek Dataverwerkingen reaches its keeper whole, in order and without users, whatever fails on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from hub.api.register import address_of
from hub.audit.access import Access, Pseudonyms
from hub.audit.processing import ACTIVITY, PROCESSOR, SUBJECT, SUBJECT_TYPE, Line, lines_of
from hub.ledger.memory import MemoryLedger
from hub.ledger.processing import AcknowledgedAccess, Collector, NotAcknowledged, ProcessingRelay
from hub.ledger.store import LedgerStore, LedgerUnavailable
from tests.ledger.otlp import Keeper, keeping

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
NOW = datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=UTC)
NAMES = Pseudonyms(bytes(32))
PUBLIC = "https://signaalhub.nl"


def access(*persons: str, **more: object) -> Access:
    known: dict[str, object] = {
        "handeling": "raadplegen",
        "vraag": "signalen",
        "resultaat": "toegestaan",
        "zetel": "politie.avim@oost-nederland",
        "oin": "00000099000000000099",
        "actor": "00000099000000000099:bvh",
        "herkomst": "192.0.2.7",
        "tijdstip": NOW,
        "doel": "strafvordering",
        "trace": TRACE,
        "objecten": (f"signaal:{uuid4()}",),
        "betrokkenen": NAMES.all(persons),
        "verwerkingen": ("V02@1",),
    }
    return Access(**(known | more))  # type: ignore[arg-type]


def lines(record: Access, number: int = 7) -> list[Line]:
    return list(lines_of(number, record.entry().data, lambda one: address_of(PUBLIC, one)))


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    with keeping() as kept:
        yield kept


def relay_to(keeper: Keeper, store: LedgerStore, seconds: float = 5.0) -> ProcessingRelay:
    collector = Collector(keeper.url, {"service.name": "signaalhub"}, seconds)
    return ProcessingRelay(store, collector.send, lambda one: address_of(PUBLIC, one))


class TestLines:
    def test_one_line_for_the_action_and_one_per_person(self) -> None:
        root, *children = lines(access("een", "twee", "drie"))
        assert SUBJECT not in root.attributes
        assert {child.attributes[SUBJECT] for child in children} == set(NAMES.all(["een", "twee", "drie"]))
        assert {child.parent for child in children} == {root.number}
        assert all(line.attributes[SUBJECT_TYPE].startswith("urn:") for line in children)
        assert {line.trace.hex() for line in (root, *children)} == {TRACE}

    @pytest.mark.parametrize("persons", [(), ("een",)])
    def test_with_one_person_or_none_the_action_is_the_only_line(self, persons: Sequence[str]) -> None:
        (line,) = lines(access(*persons))
        assert line.attributes.get(SUBJECT) == (NAMES.of("een") if persons else None)

    def test_every_activity_has_a_line_and_every_person_one(self) -> None:
        found = lines(access("een", "twee", verwerkingen=("V02@1", "V06@1")))
        assert {line.attributes[ACTIVITY] for line in found} == {
            address_of(PUBLIC, "V02@1"),
            address_of(PUBLIC, "V06@1"),
        }
        assert sorted(line.attributes[SUBJECT] for line in found if SUBJECT in line.attributes) == sorted(
            NAMES.all(["een", "twee"])
        )

    def test_the_caller_is_the_parent_and_a_system_never_a_user(self) -> None:
        (line,) = lines(access("een", ouder=SPAN))
        assert line.parent.hex() == SPAN
        assert line.attributes[PROCESSOR] == "urn:nld:oin:00000099000000000099:systeem:bvh"
        (alone,) = lines(access("een"))
        assert alone.parent == b""
        assert PROCESSOR not in alone.attributes

    def test_lines_hold_no_seat_no_address_and_no_object(self) -> None:
        record = access("een", "twee", ouder=SPAN)
        text = repr(lines(record))
        assert not any(one in text for one in (record.zetel, record.herkomst, record.doel, *record.objecten))

    def test_a_line_again_has_the_same_number_and_another_record_another(self) -> None:
        record = access("een", "twee")
        assert lines(record) == lines(record)
        assert {line.number for line in lines(record)}.isdisjoint(line.number for line in lines(record, 8))

    def test_a_pseudonym_is_of_one_log_and_one_key(self) -> None:
        assert len({Pseudonyms(bytes(32), "elders").of("een"), Pseudonyms(b"1" * 32).of("een"), NAMES.of("een")}) == 3


class TestRelay:
    def test_the_keeper_gets_every_line_with_what_the_standard_asks(self, keeper: Keeper, ledger: LedgerStore) -> None:
        ledger.move_cursor("logboek-dataverwerkingen", len(ledger.access_records(0, 10**6)))
        ledger.append_access([access("een", "twee").entry(), access(resultaat="geweigerd").entry()])
        assert relay_to(keeper, ledger).step()
        assert [span.status.code for span in keeper.spans] == [Status.STATUS_CODE_OK] * 3 + [Status.STATUS_CODE_ERROR]
        assert all(attributes[ACTIVITY] == address_of(PUBLIC, "V02@1") for attributes in keeper.attributes())
        assert {span.trace_id.hex() for span in keeper.spans} == {TRACE}
        assert {span.start_time_unix_nano for span in keeper.spans} == {1795251600123456000}
        assert keeper.resources == [{"service.name": "signaalhub"}]

    @pytest.mark.parametrize("fault", [{"status": 503}, {"status": 400}, {"rejects": 1}])
    def test_what_is_not_acknowledged_comes_again(self, keeper: Keeper, fault: dict[str, int]) -> None:
        store = MemoryLedger()
        store.append_access([access("een").entry() for _ in range(250)])
        vars(keeper).update(fault)
        with pytest.raises(NotAcknowledged):
            relay_to(keeper, store).step()
        assert store.cursor("logboek-dataverwerkingen") == 0
        keeper.status, keeper.rejects = 200, 0
        after_a_restart = relay_to(keeper, store)
        while after_a_restart.step():
            pass
        assert len({span.span_id for span in keeper.spans}) == 250
        assert store.cursor("logboek-dataverwerkingen") == 250

    def test_a_keeper_that_is_away_loses_nothing(self, keeper: Keeper) -> None:
        store, away = MemoryLedger(), Keeper(url="http://127.0.0.1:9")
        store.append_access([access("een").entry()])
        with pytest.raises(NotAcknowledged):
            relay_to(away, store).step()
        store.append_access([access("twee").entry()])
        assert relay_to(keeper, store).step()
        assert [one[SUBJECT] for one in keeper.attributes()] == [NAMES.of("een"), NAMES.of("twee")]


class TestRequired:
    def test_a_record_counts_once_its_lines_are_acknowledged(self, keeper: Keeper) -> None:
        store, stop = MemoryLedger(), threading.Event()
        relay = relay_to(keeper, store)
        thread = threading.Thread(target=relay.follow, args=(stop, lambda *_: None))
        thread.start()
        try:
            log = AcknowledgedAccess(store, relay, 30)
            for number in range(1, 6):
                assert log.append_access([access("een").entry()]) == [number]
                assert len(keeper.spans) >= number
        finally:
            stop.set()
            thread.join()

    @pytest.mark.parametrize("silent", [False, True])
    def test_without_acknowledgement_the_read_is_refused_and_the_record_stays(
        self, keeper: Keeper, silent: bool
    ) -> None:
        store, stop, failures = MemoryLedger(), threading.Event(), []
        keeper.status = 503
        if silent:
            keeper.silent.set()
        relay = relay_to(keeper, store, 0.2)
        thread = threading.Thread(target=relay.follow, args=(stop, lambda *failure: failures.append(failure)))
        thread.start()
        try:
            with pytest.raises(LedgerUnavailable):
                AcknowledgedAccess(store, relay, 0.6).append_access([access("een").entry()])
        finally:
            stop.set()
            thread.join()
        assert len(store.access_records(0, 10)) == 1
        assert failures
