"""What every adapter must hold, as one class that each adapter's test module fills in."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st

import adapters
from adapters.intake import Adapter, Row
from adapters.known import find_adapter
from contracts.cloudevents import CloudEvent
from contracts.register import COMMANDS

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FOLDER = Path(adapters.__file__).parent

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def example(adapter: str, name: str) -> Path:
    return FOLDER / adapter / "voorbeelden" / name


def rows_of(adapter: str, name: str) -> list[Row]:
    return list(find_adapter(adapter).read(example(adapter, name), now=NOW))


def mutated(seed: dict[str, Any]) -> st.SearchStrategy[Any]:
    """A good record with some fields replaced by anything, so that values deep inside are reached."""
    keys = sorted(seed)
    return st.dictionaries(st.sampled_from(keys), JSON, max_size=3).map(lambda change: {**seed, **change})


class AdapterContract:
    """`files`: example files with the row numbers that are bad; `good`: a record to disturb."""

    name: ClassVar[str]
    files: ClassVar[dict[str, set[int]]]
    endings: ClassVar[tuple[str, ...]]

    @pytest.fixture
    def adapter(self) -> Adapter:
        return find_adapter(self.name)

    def test_examples_are_read_and_only_the_bad_ones_refused(self) -> None:
        for file, bad in self.files.items():
            rows = rows_of(self.name, file)
            assert len(rows) >= 3
            assert {row.number for row in rows if row.faults} == bad
            assert all(bool(row.events) != bool(row.faults) for row in rows)

    def test_messages_are_valid_commands_of_the_source(self, adapter: Adapter) -> None:
        for file in self.files:
            for message in [event for row in rows_of(self.name, file) for event in row.events]:
                assert CloudEvent.model_validate_json(message.model_dump_json()) == message
                assert message.source == adapter.bron
                COMMANDS[message.type].model_validate(message.data)

    def test_ids_are_unique_and_the_same_each_time(self) -> None:
        for file in self.files:
            first = [event.id for row in rows_of(self.name, file) for event in row.events]
            assert len(set(first)) == len(first)
            assert first == [event.id for row in rows_of(self.name, file) for event in row.events]

    def test_bad_rows_name_more_than_one_reason_in_all(self) -> None:
        for file, bad in self.files.items():
            reasons = [len(row.faults) for row in rows_of(self.name, file) if row.faults]
            assert len(reasons) == len(bad)
            assert max(reasons) >= 2

    def test_reasons_never_repeat_what_was_written(self) -> None:
        for file in self.files:
            for row in rows_of(self.name, file):
                said = json.dumps([fault.model_dump() for fault in row.faults], ensure_ascii=False)
                for secret in ("9999", "Nep", "Proef", "06-0000", "Tipgever"):
                    assert secret not in said

    def test_a_missing_file_is_a_reason(self, adapter: Adapter, tmp_path: Path) -> None:
        for ending in self.endings:
            (row,) = adapter.read(tmp_path / f"weg{ending}", now=NOW)
            assert row.faults


def data_of(row: Row, number: int = 0) -> dict[str, Any]:
    return row.events[number].data
