"""No record and no file, however odd, makes an adapter raise: each becomes messages or reasons."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.files import Line
from adapters.known import ADAPTERS, find_adapter
from tests.adapters.reading import FOLDER, JSON, NOW, mutated, rows_of

ENDINGS = (".jsonl", ".json", ".csv", ".xlsx", ".txt")
EXAMPLES = {name: sorted(path.name for path in (FOLDER / name / "voorbeelden").iterdir()) for name in ADAPTERS}
BYTES = st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))


@pytest.mark.parametrize("name", ADAPTERS)
@settings(max_examples=60, deadline=None)
@given(raw=JSON)
def test_any_record(name: str, raw: Any) -> None:
    row = find_adapter(name).interpret(Line(1, raw), now=NOW)
    assert bool(row.events) != bool(row.faults)


@pytest.mark.parametrize("name", ADAPTERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_disturbed_record(name: str, data: st.DataObject) -> None:
    adapter = find_adapter(name)
    seeds = [row.raw for row in rows_of(name, EXAMPLES[name][0]) if isinstance(row.raw, dict)]
    raw = data.draw(mutated(data.draw(st.sampled_from(seeds)))) if seeds else data.draw(st.text(max_size=80))
    row = adapter.interpret(Line(1, raw), now=NOW)
    assert bool(row.events) != bool(row.faults)


@pytest.mark.parametrize("name", ADAPTERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=BYTES)
def test_any_file(name: str, tmp_path: Path, content: bytes) -> None:
    for ending in ENDINGS:
        path = tmp_path / f"invoer{ending}"
        path.write_bytes(content)
        for row in find_adapter(name).read(path, now=NOW):
            assert bool(row.events) != bool(row.faults)
