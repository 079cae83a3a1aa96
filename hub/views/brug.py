"""What a care seat holds of a bridge: per message four fields, its number and moments; nothing of the case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.brug import BrugberichtBevestigd, BrugberichtGestuurd
from contracts.message import Event
from hub.views.masker import masked, plan_of
from hub.views.rows import BRUGBERICHT, Row, Stand, row
from hub.views.sealing import Compartment

Data = dict[str, Any]

EVENTS: frozenset[type[Event]] = frozenset({BrugberichtGestuurd, BrugberichtBevestigd})
#: The only categories that cross; a field of another category is left out, whatever the event holds.
BRUGVELDEN = frozenset({"casus-pseudoniem", "venster", "veiligheidsmaatregel-nodig", "contactpersoon"})
#: What comes back crosses to care and lies under keys of its track.
SPOOR = "zorg-en-registratie"
_PLAN = plan_of(BrugberichtGestuurd, BRUGVELDEN)._replace(open=frozenset())


def brug_id(event: Event) -> UUID:
    """The bridge an event of EVENTS is about."""
    found: UUID = event.brug_id  # type: ignore[attr-defined]
    return found


def apply(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    """Remember one event. One about a bridge over which nothing was sent changes nothing."""
    number = str(data["volgnummer"])
    if cls is BrugberichtGestuurd:
        stand.open = stand.open or {"spoor": SPOOR, "naar": data["naar"], "berichten": {}}
        stand.open["berichten"][number] = {"gestuurd_op": data["tijdstip"], "bevestigd_op": None, "positie": position}
        stand.geheim["stukken"][number] = masked(data, _PLAN, BRUGVELDEN, None)
        stand.geheim_positie = position
    elif stand.open and number in stand.open["berichten"]:
        stand.open["berichten"][number] |= {"bevestigd_op": data["tijdstip"], "positie": position}
    stand.positie = position


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later."""
    for number, kept in stand.open.get("berichten", {}).items():
        if kept["positie"] >= since:
            content = stand.geheim["stukken"].get(number)
            parts = (Compartment((), content),) if content else ()
            shown = {name: kept[name] for name in ("gestuurd_op", "bevestigd_op")}
            yield row(
                BRUGBERICHT, (stand.open["naar"], str(stand.id), int(number), kept["positie"]), stand, shown, parts
            )
