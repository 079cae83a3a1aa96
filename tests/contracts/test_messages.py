"""The contract: every event ever recorded loads for ever, names are in order, nothing is untagged."""

import json
import re
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.cloudevents import CloudEvent
from contracts.inhoud import Feit, SignaalInhoud
from contracts.message import OPEN, Gegeven, Message, Part, UntaggedField, categories_in
from contracts.register import COMMANDS, EVENTS
from contracts.waarden import _bsn
from tests.contracts.examples import example

RECORDED = Path(__file__).parents[2] / "contracts" / "recorded"
ALL = {**COMMANDS, **EVENTS}


@pytest.mark.parametrize("golden", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_every_recorded_event_loads_and_is_written_the_same(golden: Path) -> None:
    recorded = json.loads(golden.read_text())
    event = EVENTS[golden.stem].model_validate(recorded)
    assert event.model_dump(mode="json", by_alias=True) == recorded


def test_every_event_type_has_a_golden_record() -> None:
    assert {path.stem for path in RECORDED.glob("*.json")} == set(EVENTS)


@pytest.mark.parametrize("cls", ALL.values(), ids=lambda cls: cls.TYPE)
def test_the_wire_form_round_trips(cls: type[Message]) -> None:
    message = example(cls)
    assert cls.model_validate_json(message.model_dump_json(by_alias=True)) == message


@pytest.mark.parametrize("name", sorted(ALL))
def test_contract_names_follow_the_nl_gov_profile(name: str) -> None:
    assert re.fullmatch(r"nl\.overheid\.mensenhandel\.[a-z]+(-[a-z]+)*\.v[0-9]+", name)


def test_a_field_without_a_data_category_cannot_be_built() -> None:
    with pytest.raises(UntaggedField, match="naam"):

        class Lek(Part):
            naam: str


def test_a_field_with_two_data_categories_cannot_be_built() -> None:
    with pytest.raises(UntaggedField, match="2 data categories"):

        class Dubbel(Part):
            naam: Annotated[str, OPEN, Gegeven("bsn")]


def test_categories_are_those_of_the_fields_that_hold_a_value() -> None:
    inhoud = SignaalInhoud(
        vormen=("onbekend",),
        zekerheid="onbekend",
        feiten=(Feit(categorie="gezondheid", kenmerk="verwonding", waarde="blauwe plek"),),
    )
    assert set(categories_in(inhoud)) == {"signaal-label", "gezondheid"}


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        CloudEvent.model_validate({"specversion": "0.3", "id": "", "source": "x", "type": "y", "extra": 1})
    assert caught.value.error_count() >= 5


@given(st.integers(min_value=0, max_value=999_999_999))
def test_a_burgerservicenummer_passes_the_elfproef_or_is_refused_without_echo(number: int) -> None:
    text = f"{number:09d}"
    total = sum(int(digit) * weight for digit, weight in zip(text, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    if total % 11 == 0:
        assert _bsn(text) == text
    else:
        with pytest.raises(ValueError, match="elfproef") as caught:
            _bsn(text)
        assert text not in str(caught.value)


def test_a_naive_moment_is_refused_and_any_offset_becomes_utc() -> None:
    content = {"vormen": ["onbekend"], "zekerheid": "onbekend"}
    with pytest.raises(ValidationError, match="timezone"):
        SignaalInhoud.model_validate({**content, "waargenomenOp": "2026-01-01T10:00:00"})
    read = SignaalInhoud.model_validate({**content, "waargenomenOp": "2026-01-01T10:00:00+02:00"})
    assert read.model_dump(mode="json", by_alias=True)["waargenomenOp"] == "2026-01-01T08:00:00Z"
