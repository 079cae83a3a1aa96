"""The same rules as plain Python, the fastest thing one might write by hand: a peer for the policy benchmark.

It has no schema, no error isolation and no independent definition of what a rule means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hub.access.regel import Regel

Applies = Callable[[Mapping[str, Any], str, Mapping[str, Any], Mapping[str, Any]], bool]
_BINARY = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "&&": "and", "||": "or"}


def table(rules: Iterable[Regel]) -> list[tuple[Regel, Applies]]:
    """Every rule with a compiled test of (principal, action, resource, context)."""
    return [(rule, _compiled(json.loads(rule.est))) for rule in rules]


def decide(
    rules: Iterable[tuple[Regel, Applies]], principal: Mapping[str, Any], action: str,
    resource: Mapping[str, Any], context: Mapping[str, Any],
) -> bool:  # fmt: skip
    """A forbid wins; without a permit there is none."""
    applying = [rule for rule, applies in rules if applies(principal, action, resource, context)]
    return bool(applying) and all(rule.toestaan for rule in applying)


def _compiled(est: dict[str, Any]) -> Applies:
    tests = [
        _source(one["body"]) if one["kind"] == "when" else f"not ({_source(one['body'])})" for one in est["conditions"]
    ]
    made: Applies = eval(
        f"lambda principal, action, resource, context: {' and '.join(f'({t})' for t in tests) or 'True'}"
    )
    return made


def _source(node: dict[str, Any]) -> str:
    sign, part = next(iter(node.items()))
    if sign == "Value":
        return repr(part["__entity"]["id"]) if isinstance(part, dict) else repr(part)
    if sign == "Var":
        return f"{part}['uid']" if part in ("principal", "resource") else str(part)
    if sign == ".":
        return f"{part['left']['Var']}[{part['attr']!r}]"
    if sign == "!":
        return f"(not {_source(part['arg'])})"
    if sign == "isEmpty":
        return f"(not {_source(part['arg'])})"
    if sign == "Set":
        return "{" + ", ".join(map(_source, part)) + "}" if part else "set()"
    if sign == "if-then-else":
        return f"({_source(part['then'])} if {_source(part['if'])} else {_source(part['else'])})"
    if sign == "in":
        return f"({_source(part['left'])} in {_source(part['right'])})"
    if sign == "like":
        pattern = "".join(".*" if one == "Wildcard" else re.escape(one["Literal"]) for one in part["pattern"])
        return f"bool(re.fullmatch({pattern!r}, {_source(part['left'])}, re.DOTALL))"
    if sign in _BINARY:
        return f"({_source(part['left'])} {_BINARY[sign]} {_source(part['right'])})"
    left, right = _source(part["left"]), _source(part["right"])
    return {
        "contains": f"({right} in {left})",
        "containsAll": f"(set({right}) <= set({left}))",
        "containsAny": f"(not set({right}).isdisjoint({left}))",
    }[sign]
