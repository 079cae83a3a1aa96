"""Duties as seats see them: who owes one, whom it was escalated to, and the privacy officers.

Only who owes it sees what it is about: the others see that something is to be done, by whom and when.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from contracts.message import Event
from contracts.plicht import (
    PlichtGeescaleerd,
    PlichtHerinnerd,
    PlichtOntstaan,
    PlichtTeLaat,
    PlichtVervallen,
    PlichtVervuld,
)
from hub.views.rows import PLICHT, PLICHTTOEZICHT, Row, Stand, row

Data = dict[str, Any]

EVENTS: frozenset[type[Event]] = frozenset(
    {PlichtOntstaan, PlichtHerinnerd, PlichtVervuld, PlichtVervallen, PlichtTeLaat, PlichtGeescaleerd}
)
#: What an event changes of a duty: its status, and the moment that is kept.
_CHANGES: Mapping[type[Event], tuple[str | None, str]] = {
    PlichtHerinnerd: (None, "herinnerd_op"),
    PlichtTeLaat: ("te-laat", "te_laat_op"),
    PlichtGeescaleerd: (None, "geescaleerd_op"),
    PlichtVervuld: ("vervuld", "afgedaan_op"),
    PlichtVervallen: ("vervallen", "afgedaan_op"),
}
_KEPT = ("plicht", "soort", "plichthouder", "spoor", "grondslag", "eigen", "zelf_melden", "uiterlijk", "verlopen_op")
_MOMENTS = ("herinnerd_op", "te_laat_op", "geescaleerd_op", "afgedaan_op")
#: Whose number the seat that owes it knows the subject by; a bridge it knows by another.
_NAMED = frozenset({"signaal", "casus", "overleg", "resultaat", "zetel", "onderwerp"})


def plicht_id(event: Event) -> UUID:
    """The duty an event of EVENTS is about."""
    found: UUID = event.plicht_id  # type: ignore[attr-defined]
    return found


def apply(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    """Remember one event; a duty that is over may begin again."""
    if cls is PlichtOntstaan:
        # Who was told of it before goes on seeing it: a row that is written is never stale.
        before = stand.open
        stand.open = {name: data[name] for name in _KEPT} | dict.fromkeys(_MOMENTS)
        stand.open |= {"onderwerp_id": data["onderwerp_id"], "deel": data.get("deel"), "ontstaan_op": data["tijdstip"]}
        stand.open |= {"toezicht": sorted({*before.get("toezicht", ()), *data["toezicht"]}), "status": "open"}
        stand.open["geescaleerd_aan"] = before.get("geescaleerd_aan", [])
    elif stand.open:
        status, moment = _CHANGES[cls]
        stand.open[moment] = data["tijdstip"]
        stand.open["status"] = status or stand.open["status"]
        if cls is PlichtGeescaleerd:
            stand.open["geescaleerd_aan"] = sorted({*stand.open["geescaleerd_aan"], *data["aan"]})
    stand.positie = position


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later."""
    own = stand.open
    if not own or stand.positie < since:
        return
    hidden = ("spoor", "status", "toezicht", "onderwerp_id", "deel", "geescaleerd_aan")
    told = {name: value for name, value in own.items() if name not in hidden}
    about = {"onderwerp_id": own["onderwerp_id"], "deel": own["deel"]} if own["soort"] in _NAMED else {}
    for zetel in sorted({*own["geescaleerd_aan"]} - {own["plichthouder"]}):
        yield _row(PLICHT, stand, zetel, told | {"rol": "escalatie"})
    yield _row(PLICHT, stand, own["plichthouder"], told | about | {"rol": "plichthouder"})
    for zetel in own["toezicht"]:
        yield _row(PLICHTTOEZICHT, stand, zetel, told | {"rol": "toezicht"})


def _row(table: Any, stand: Stand, zetel: str, shown: Data) -> Row:
    values = (zetel, str(stand.id), stand.open["spoor"], stand.open["status"], stand.positie)
    return row(table, values, stand, shown)
