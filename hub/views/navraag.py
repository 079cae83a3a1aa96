"""A question between partnerships as a record: for who asked, who was asked, and who has the regie on either side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.message import Event
from contracts.navraag import NavraagBeantwoord, NavraagGedaan
from hub.views.rows import NAVRAAG, Row, Stand, row

Data = dict[str, Any]

EVENTS: frozenset[type[Event]] = frozenset({NavraagGedaan, NavraagBeantwoord})
_ASKED = ("casus_id", "signaal_id", "contactpunt", "noodzaak", "treffer")
_HEARD = ("spoor", "noodzaak", "treffer")


def navraag_id(event: Event) -> UUID:
    """The question an event of EVENTS is about."""
    found: UUID = event.navraag_id  # type: ignore[attr-defined]
    return found


def apply(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    """Remember one event; each bank speaks once."""
    stand.open = stand.open or {"spoor": "hub", "rijen": {}}
    made = _own_side(data) if cls is NavraagGedaan else _other_side(data)
    for zetel, shown in made:
        # Who has a seat on both banks sees its own question.
        kept = stand.open["rijen"].get(zetel)
        if kept is None or shown["rol"] == "vrager":
            stand.open["rijen"][zetel] = {**shown, "positie": position}
    stand.positie = position


def _own_side(data: Data) -> Iterator[tuple[str, Data]]:
    about = {name: data[name] for name in _ASKED}
    about |= {"betrokkene_id": data.get("betrokkene_id"), "gevraagd_op": data["tijdstip"]}
    yield data["zetel"], {"rol": "vrager", **about}
    if data.get("coordinator") not in (None, data["zetel"]):
        yield data["coordinator"], {"rol": "coordinator", "vrager": data["zetel"], **about}


def _other_side(data: Data) -> Iterator[tuple[str, Data]]:
    """The contact point hears of no case but its own; a coordinator of none but its own, and why it was kept silent."""
    heard = {name: data[name] for name in _HEARD} | {"van": data.get("van"), "gevraagd_op": data["tijdstip"]}
    places: dict[str, list[Data]] = {}
    for place in data["vindplaatsen"]:
        shown = {name: value for name, value in place.items() if name != "coordinator"}
        places.setdefault(place["coordinator"], []).append(shown)
    yield data["zetel"], {"rol": "contactpunt", **heard, "vindplaatsen": places.pop(data["zetel"], [])}
    for zetel, own in places.items():
        said = any(place["gegeven"] for place in own)
        yield zetel, {"rol": "coordinator", **heard, "treffer": said, "vindplaatsen": own}


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later."""
    for zetel, kept in stand.open.get("rijen", {}).items():
        if kept["positie"] >= since:
            shown = {name: value for name, value in kept.items() if name != "positie"}
            yield row(NAVRAAG, (zetel, str(stand.id), kept["positie"]), stand, shown)
