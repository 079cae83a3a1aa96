"""The refusals a seat got: which rule, which reason, which lawful way there is. No content of any signal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.bedenktijd import BedenktijdGeweigerd
from contracts.casus import HandelingGeweigerd
from contracts.message import Event
from contracts.resultaat import ResultaatGeweigerd
from contracts.signaal import SignaalGeweigerd
from contracts.verhoor import ContactGeweigerd
from contracts.verstrekking import VerstrekkingGeweigerd
from hub.views.rows import WEIGERING, Row, Stand, row

EVENTS: dict[type[Event], str] = {
    SignaalGeweigerd: "signaal",
    VerstrekkingGeweigerd: "verstrekking",
    HandelingGeweigerd: "handeling",
    ContactGeweigerd: "contact",
    BedenktijdGeweigerd: "bedenktijd",
    ResultaatGeweigerd: "resultaat",
}


def refusal(position: int, cls: type[Event], data: dict[str, Any]) -> Row:
    """The row for the seat that acted."""
    anchor = UUID(data.get("signaal_id") or data.get("resultaat_id") or data["casus_id"])
    shown = {**data, "soort": EVENTS[cls]}
    return row(WEIGERING, (data["zetel"], position), Stand("weigering", anchor), shown)
