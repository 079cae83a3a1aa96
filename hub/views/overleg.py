"""The state of a session and its rows: for each seat what was agreed while it was in the room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.message import Event
from contracts.overleg import (
    ActieAfgesproken,
    DeelnemerBinnengekomen,
    DeelnemerVertrokken,
    OverlegGeopend,
    OverlegGesloten,
)
from hub.views.masker import divided
from hub.views.rows import OVERLEG, Row, Stand, row
from hub.views.sealing import Compartment

Data = dict[str, Any]

EVENTS: frozenset[type[Event]] = frozenset(
    {ActieAfgesproken, DeelnemerBinnengekomen, DeelnemerVertrokken, OverlegGeopend, OverlegGesloten}
)


def overleg_id(event: Event) -> UUID:
    """The session an event of EVENTS is about."""
    found: UUID = event.overleg_id  # type: ignore[attr-defined]
    return found


def apply(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    """Remember one event. One about a session that was never opened changes nothing."""
    if not stand.open:
        if cls is not OverlegGeopend:
            return
        stand.open = _opened(data, position)
    stand.positie = position
    own = stand.open
    if cls is DeelnemerBinnengekomen:
        own["aanwezig"][data["deelnemer"]] = data.get("laag", 0)
        own["zetels"][data["deelnemer"]] = position
    elif cls is DeelnemerVertrokken:
        own["aanwezig"].pop(data["deelnemer"], None)
        if data["deelnemer"] in own["zetels"]:
            own["zetels"][data["deelnemer"]] = position
    elif cls is ActieAfgesproken:
        _agreed(stand, position, data)
    elif cls is OverlegGesloten:
        own["status"] = "gesloten"
    own["zetels"] |= dict.fromkeys(own["aanwezig"], position)


def _opened(data: Data, position: int) -> Data:
    return {
        "spoor": "hub",
        "tafel": data["tafel"],
        "regio": data["regio"],
        "casussen": data.get("casussen", []),
        "voorzitter": data["zetel"],
        "geopend_op": data["tijdstip"],
        "status": "open",
        "aanwezig": {data["zetel"]: 0},
        "zetels": {data["zetel"]: position},
        "acties": [],
    }


def _agreed(stand: Stand, position: int, data: Data) -> None:
    shown, content = divided(data, ActieAfgesproken)
    shown.pop("overleg_id")
    stand.open["acties"].append({**shown, "nummer": str(position), "gehoord": sorted(stand.open["aanwezig"])})
    stand.geheim["stukken"][str(position)] = content
    stand.geheim_positie = position


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later."""
    for zetel, position in stand.open.get("zetels", {}).items():
        if position >= since:
            yield _row(stand, zetel, position)


def _row(stand: Stand, zetel: str, position: int) -> Row:
    own = stand.open
    present = zetel in own["aanwezig"]
    shown = {name: own[name] for name in ("tafel", "regio", "voorzitter", "geopend_op")}
    shown["status"] = own["status"] if present else "vertrokken"
    shown["aanwezig"] = own["aanwezig"] if present else {}
    shown["casussen"] = own["casussen"] if zetel == own["voorzitter"] else []
    heard = [action for action in own["acties"] if zetel in action["gehoord"]]
    shown["acties"] = [{name: value for name, value in action.items() if name != "gehoord"} for action in heard]
    content = {action["nummer"]: stand.geheim["stukken"][action["nummer"]] for action in heard}
    parts = (Compartment((), content),) if content else ()
    return row(OVERLEG, (zetel, str(stand.id), position), stand, shown, parts)
