"""What a dry run says in a few sentences: who would get what, what is refused, and what may be done instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Samenvatting:
    """For one recipient. `wel`, `niet`: categories; `alternatieven`: what to do instead, each once."""

    ontvanger: str
    wel: tuple[str, ...]
    niet: tuple[str, ...]
    alternatieven: tuple[str, ...]


def summary(asked: Iterable[Mapping[str, Any]]) -> list[Samenvatting]:
    """One per recipient of the dry run, `ontvangers` of the answer."""
    return [_of(one["ontvanger"], one["voorbeeld"]) for one in asked]


def own(example: Mapping[str, Any]) -> Samenvatting:
    """Of recording it oneself."""
    return _of("", example)


def _of(wie: str, example: Mapping[str, Any]) -> Samenvatting:
    instead = (one["alternatief"] for one in example["uitkomsten"] if not one["toegestaan"] and one.get("alternatief"))
    return Samenvatting(wie, tuple(example["toegestaan"]), tuple(example["geweigerd"]), tuple(dict.fromkeys(instead)))
