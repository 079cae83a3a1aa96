"""Taking a subscription at the hub: how news is to be brought to this seat."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import httpx

from adapters.abonnee.door import Door, Unreadable
from contracts.problems import Probleem

ADDRESS = "/v1/abonnementen"
SUSPENDED = "geschorst"


class Wens(NamedTuple):
    """How news is to come. `terugbeladres`, `autorisatie`: for webhooks alone."""

    bezorgwijze: str
    terugbeladres: str | None = None
    autorisatie: str | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """As the hub reads it."""
        found = {"bezorgwijze": self.bezorgwijze, "terugbeladres": self.terugbeladres, "autorisatie": self.autorisatie}
        return {name: value for name, value in found.items() if value is not None}


def take_subscription(door: Door, wens: Wens, new_id: Callable[[], UUID]) -> UUID:
    """See to it that this subscription runs: take it, resume it if it was suspended, or leave it as it is.

    Raises HubUnreachable, NotAuthorised, Unreadable.
    """
    for one in _read(door.ask("GET", ADDRESS))["abonnementen"]:
        if (one["bezorgwijze"], one["terugbeladres"]) == wens[:2]:
            _set_right(door, one, wens)
            return UUID(one["abonnementId"])
    id = new_id()
    answer = door.ask("POST", ADDRESS, json={"abonnementId": str(id), **wens.asked})
    # It was taken already where only the answer to an earlier try got lost: nobody else knows this number.
    if answer.status_code != httpx.codes.CONFLICT:
        _read(answer)
    return id


def _set_right(door: Door, one: dict[str, Any], wens: Wens) -> None:
    here = f"{ADDRESS}/{one['abonnementId']}"
    if wens.autorisatie is not None:
        # What was agreed is never shown, so it is put again; the same changes nothing.
        asked = {"abonnementId": one["abonnementId"], "filters": one["filters"], **wens.asked}
        _read(door.ask("POST", f"{here}/wijzigingen", json=asked))
    if one["status"] == SUSPENDED:
        _read(door.ask("POST", f"{here}/hervattingen", json={}))


def _read(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise Unreadable(f"de hub geeft dit abonnement niet: {_reason(answer)}")
    return dict(answer.json())


def _reason(answer: httpx.Response) -> str:
    try:
        problem = Probleem.model_validate_json(answer.content)
    except ValueError:
        return f"status {answer.status_code}"
    faults = "; ".join(f"{one.veld}: {one.melding}" for one in problem.fouten or ())
    return faults or problem.detail
