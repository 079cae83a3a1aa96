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
    OpAgendaGezet,
    OverlegGeopend,
    OverlegGesloten,
)
from hub.views.masker import divided
from hub.views.rows import OVERLEG, Row, Stand, row
from hub.views.sealing import Compartment

Data = dict[str, Any]

EVENTS: frozenset[type[Event]] = frozenset(
    {ActieAfgesproken, DeelnemerBinnengekomen, DeelnemerVertrokken, OpAgendaGezet, OverlegGeopend, OverlegGesloten}
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
        _witnessed(own, "binnengekomen", data)
    elif cls is DeelnemerVertrokken:
        _witnessed(own, "vertrokken", data)
        own["aanwezig"].pop(data["deelnemer"], None)
        if data["deelnemer"] in own["zetels"]:
            own["zetels"][data["deelnemer"]] = position
    elif cls is ActieAfgesproken:
        _agreed(stand, position, data)
    elif cls is OpAgendaGezet:
        own.setdefault("agenda", []).append({name: data[name] for name in ("zetel", "tijdstip", "signaal_id")})
        own["zetels"][data["zetel"]] = position
        return
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
        "agenda": [],
        "verloop": [],
    }


def _witnessed(own: Data, soort: str, data: Data) -> None:
    """Somebody came or went, seen by who is in the room."""
    line = {"soort": soort, "deelnemer": data["deelnemer"], "laag": own["aanwezig"].get(data["deelnemer"], 0)}
    own.setdefault("verloop", []).append({**line, "tijdstip": data["tijdstip"], "gehoord": sorted(own["aanwezig"])})


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
    heard = _heard(own["acties"], zetel)
    shown["acties"] = heard
    shown["verloop"] = _heard(own.get("verloop", ()), zetel)
    # What another put on the agenda may be about this very seat: it learns of that by what is disclosed to it.
    shown["agenda"] = [line for line in own.get("agenda", ()) if line["zetel"] == zetel]
    content = {action["nummer"]: stand.geheim["stukken"][action["nummer"]] for action in heard}
    parts = (Compartment((), content),) if content else ()
    return row(OVERLEG, (zetel, str(stand.id), position), stand, shown, parts)


def _heard(lines: list[Data], zetel: str) -> list[Data]:
    """What was said or done while the seat was in the room."""
    return [
        {name: value for name, value in line.items() if name != "gehoord"} for line in lines if zetel in line["gehoord"]
    ]
