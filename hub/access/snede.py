"""Which rules can matter for a question, told from its marks and category, so that Cedar evaluates only those.

A rule whose conditions are false when none of the marks it names is there cannot apply without one of them; a rule
that only speaks of categories unlike this one cannot apply at all. That is worked out beforehand, in three-valued
logic where everything but marks and the category is unknown; so a rule is left out only where its outcome is certain.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from hub.access.inpakken import MERKEN

Gegeven = Mapping[str, Any]
_ONBEKEND = object()
_VERGELIJKT: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "contains": lambda links, rechts: rechts in links,
    "containsAll": lambda links, rechts: set(rechts) <= set(links),
    "containsAny": lambda links, rechts: not set(rechts).isdisjoint(links),
}


def aanleiding(est: Mapping[str, Any], gegeven: Gegeven | None = None) -> frozenset[str] | None:
    """The marks of which at least one must be there for a packed rule to apply; None where it may always apply.

    `gegeven`: attributes of a category, with its `uid`; an empty answer then means that the rule never applies to it.
    """
    merken: set[str] = set()
    stand: bool | None = True
    for voorwaarde in est["conditions"]:
        uitkomst = _waarheid(voorwaarde["body"], merken, gegeven or {})
        stand = _en(stand, uitkomst if voorwaarde["kind"] == "when" else _niet(uitkomst))
    return frozenset(merken) if stand is False else None


def _waarheid(knoop: Mapping[str, Any], merken: set[str], gegeven: Gegeven) -> bool | None:
    """The outcome where no mark is there; None where it hangs on something else. Collects the marks met."""
    teken, deel = next(iter(knoop.items()))
    if teken == "!":
        return _niet(_waarheid(deel["arg"], merken, gegeven))
    if teken in ("&&", "||"):
        links, rechts = (_waarheid(deel[kant], merken, gegeven) for kant in ("left", "right"))
        return _en(links, rechts) if teken == "&&" else _niet(_en(_niet(links), _niet(rechts)))
    if teken in ("contains", "containsAny", "containsAll") and _op_merken(deel):
        rechts = deel["right"]
        merken.update(een["Value"] for een in rechts.get("Set", [rechts]))
        return False
    waarde = _waarde(knoop, gegeven)
    return waarde if isinstance(waarde, bool) else None


def _waarde(knoop: Mapping[str, Any], gegeven: Gegeven) -> Any:
    """What an expression over the category alone comes to."""
    teken, deel = next(iter(knoop.items()))
    if teken == "Value":
        return deel["__entity"]["id"] if isinstance(deel, dict) else deel
    if teken == "Var":
        return gegeven.get("uid", _ONBEKEND) if deel == "resource" else _ONBEKEND
    if teken == ".":
        return gegeven.get(deel["attr"], _ONBEKEND) if deel["left"] == {"Var": "resource"} else _ONBEKEND
    if teken == "Set":
        waarden = [_waarde(een, gegeven) for een in deel]
        return _ONBEKEND if _ONBEKEND in waarden else waarden
    if teken == "isEmpty":
        waarde = _waarde(deel["arg"], gegeven)
        return _ONBEKEND if waarde is _ONBEKEND else not waarde
    if teken not in _VERGELIJKT:
        return _ONBEKEND
    links, rechts = _waarde(deel["left"], gegeven), _waarde(deel["right"], gegeven)
    if teken == "containsAll" and rechts == []:
        return True
    if _ONBEKEND in (links, rechts) or links is _ONBEKEND or rechts is _ONBEKEND:
        return _ONBEKEND
    return _VERGELIJKT[teken](links, rechts)


def _op_merken(deel: Mapping[str, Any]) -> bool:
    punt = deel["left"].get(".")
    return isinstance(punt, dict) and punt == {"left": {"Var": "context"}, "attr": MERKEN}


def _niet(uitkomst: bool | None) -> bool | None:
    return None if uitkomst is None else not uitkomst


def _en(links: bool | None, rechts: bool | None) -> bool | None:
    if links is False or rechts is False:
        return False
    return True if links and rechts else None
