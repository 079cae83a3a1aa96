"""What may be brought in by the batch is what the scope of bringing in opens, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from contracts.register import COMMANDS
from hub.handling.aanleveren import EIGEN_DEUR

OPENAPI = Path(__file__).parents[2] / "contracts" / "openapi.json"


def test_what_has_a_scope_of_its_own_is_not_brought_in_by_the_batch() -> None:
    document: dict[str, Any] = orjson.loads(OPENAPI.read_bytes())
    scopes = {
        operation["operationId"]: {
            scope for one in operation.get("security", ()) for given in one.values() for scope in given
        }
        for path in document["paths"].values()
        for method, operation in path.items()
        if method == "post"
    }
    for command in COMMANDS.values():
        found = scopes.get(command.__name__[0].lower() + command.__name__[1:])
        assert (command in EIGEN_DEUR) is (found != {"signalen.aanleveren"}), command.__name__
