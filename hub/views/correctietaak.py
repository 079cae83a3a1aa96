"""Correction tasks, for the provider who is to look at the error and for who pointed it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contracts.correctietaak import CorrectieAfgewezen, CorrectietaakGeopend, CorrectietaakGesloten
from contracts.message import Event
from hub.views.afscherming import ONVERANDERD, is_withheld, moved
from hub.views.rows import CORRECTIETAAK, Row, Stand, row
from hub.views.sealing import Compartment

Data = dict[str, Any]

_OPENED = ("zetel", "voor", "bijdrage_id", "categorieen")


def opened(stand: Stand, position: int, data: Data) -> None:
    """Somebody pointed at an error; a second time under one number changes nothing."""
    key = data["correctietaak_id"]
    if key in _tasks(stand):
        return
    kept = {name: data[name] for name in _OPENED}
    _tasks(stand)[key] = {
        **kept,
        "gemeld_op": data["tijdstip"],
        "status": "open",
        "afgedaan_op": None,
        "positie": position,
    }
    _say(stand, position, key, "toelichting", data)


def rejected(stand: Stand, position: int, data: Data) -> None:
    """The provider found no error."""
    if _done(stand, position, data, "afgewezen"):
        _say(stand, position, data["correctietaak_id"], "motivering", data)


def closed(stand: Stand, position: int, data: Data) -> None:
    """It was put right, and everybody knows."""
    _done(stand, position, data, "gesloten")


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later."""
    for key, one in stand.open.get("correctietaken", {}).items():
        if one["positie"] >= since:
            shown = {name: value for name, value in one.items() if name not in ("positie", "status", ONVERANDERD)}
            words = stand.geheim["stukken"].get(key)
            parts = (Compartment((), words),) if words else ()
            for zetel in sorted({one["zetel"], one["voor"]}):
                if not is_withheld(stand, zetel):
                    values = (zetel, str(stand.id), key, one["status"], moved(one))
                    yield row(CORRECTIETAAK, values, stand, shown, parts)._replace(door=one["positie"])


def _tasks(stand: Stand) -> dict[str, Data]:
    known: dict[str, Data] = stand.open.setdefault("correctietaken", {})
    return known


def _done(stand: Stand, position: int, data: Data, status: str) -> bool:
    one = _tasks(stand).get(data["correctietaak_id"])
    if one is None or one["voor"] != data["zetel"] or one["status"] != "open":
        return False
    one |= {"status": status, "afgedaan_op": data["tijdstip"], "positie": position}
    return True


def _say(stand: Stand, position: int, key: str, name: str, data: Data) -> None:
    if name in data:
        stand.geheim["stukken"][key] = stand.geheim["stukken"].get(key, {}) | {name: data[name]}
        stand.geheim_positie = position


APPLY: Mapping[type[Event], Callable[[Stand, int, Data], None]] = {
    CorrectietaakGeopend: opened,
    CorrectieAfgewezen: rejected,
    CorrectietaakGesloten: closed,
}
