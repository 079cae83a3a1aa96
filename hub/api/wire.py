"""How what lies in a view travels: field names as partners know them."""

import re
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic.alias_generators import to_camel

_NAME = re.compile(r"[a-z]+(_[a-z]+)*")


def wire(value: Any) -> Any:
    """Field names in camel case; keys that are identifiers or seats stay as they are."""
    if isinstance(value, dict | MappingProxyType):
        return {_wire_name(key): wire(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [wire(inner) for inner in value]
    return value


@lru_cache(maxsize=2_000)
def _wire_name(key: str) -> str:
    return to_camel(key) if _NAME.fullmatch(key) else key
