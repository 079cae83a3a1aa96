"""Recalls as each seat sees them: who is told, whose data they are about, and the privacy officers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contracts.message import Event
from contracts.terugroeping import (
    TerugroepingBevestigd,
    TerugroepingGeescaleerd,
    TerugroepingGestuurd,
    TerugroepingHerinnerd,
)
from hub.views.afscherming import ONVERANDERD, is_withheld, moved
from hub.views.rows import TERUGROEPING, Row, Stand, row

Data = dict[str, Any]

OPEN, BEVESTIGD, TE_LAAT = "open", "bevestigd", "te-laat"
_TOLD = ("correctie_id", "aard", "ontvanger", "bronnen", "categorieen", "bevestigen_voor")
#: What only the recipient and the privacy officers see: a provider would learn what is of another one.
_OF_RECIPIENT = ("bronnen", "categorieen", "betrokkenen")
#: What is kept beside a recall and is for nobody.
_NOT_SHOWN = ("positie", "status", "toezicht", ONVERANDERD)


def sent(stand: Stand, position: int, data: Data) -> None:
    """Somebody is told of a correction; a second time under one number changes nothing."""
    if data["terugroeping_id"] in _recalls(stand):
        return
    one = {name: data[name] for name in _TOLD} | {name: data.get(name) for name in ("betrokkenen", "reden")}
    one |= {
        "toezicht": data["toezicht"],
        "gestuurd_op": data["tijdstip"],
        "status": OPEN,
        "bevestigd_op": None,
        "gevolg": None,
        "herinnerd_op": None,
        "geescaleerd_op": None,
    }
    _recalls(stand)[data["terugroeping_id"]] = one
    _touch(stand, position, one)


def answered(stand: Stand, position: int, data: Data) -> None:
    """The recipient said what it did."""
    if (one := _recalls(stand).get(data["terugroeping_id"])) is not None and one["ontvanger"] == data["zetel"]:
        one |= {"status": BEVESTIGD, "bevestigd_op": data["tijdstip"], "gevolg": data["gevolg"]}
        _touch(stand, position, one)


def reminded(stand: Stand, position: int, data: Data) -> None:
    """The recipient was reminded."""
    if (one := _recalls(stand).get(data["terugroeping_id"])) is not None and one["status"] == OPEN:
        one["herinnerd_op"] = data["tijdstip"]
        _touch(stand, position, one)


def escalated(stand: Stand, position: int, data: Data) -> None:
    """It was not answered in time."""
    if (one := _recalls(stand).get(data["terugroeping_id"])) is not None and one["status"] == OPEN:
        one |= {"status": TE_LAAT, "geescaleerd_op": data["tijdstip"]}
        _touch(stand, position, one)


def waiting(stand: Stand, zetel: str) -> list[str]:
    """The recalls of a signal that this seat has yet to answer."""
    known = stand.open.get("terugroepingen", {})
    return [key for key, one in known.items() if one["ontvanger"] == zetel and one["status"] != BEVESTIGD]


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later."""
    for key, one in stand.open.get("terugroepingen", {}).items():
        if one["positie"] >= since:
            for zetel, shown in _shown(one).items():
                if not is_withheld(stand, zetel) or shown["rol"] == "toezicht":
                    values = (zetel, str(stand.id), key, one["status"], moved(one))
                    yield row(TERUGROEPING, values, stand, shown)._replace(door=one["positie"])


def _shown(one: Data) -> dict[str, Data]:
    """What each seat sees; who is told sees it as the one who is to answer, whatever else it is."""
    whole = {name: value for name, value in one.items() if name not in _NOT_SHOWN}
    partly = {name: value for name, value in whole.items() if name not in _OF_RECIPIENT}
    if len(one["bronnen"]) == 1:
        partly = whole
    seen = {zetel: {**whole, "rol": "toezicht"} for zetel in one["toezicht"]}
    seen |= {zetel: {**partly, "rol": "bron"} for zetel in one["bronnen"]}
    return seen | {one["ontvanger"]: {**whole, "rol": "ontvanger"}}


def _recalls(stand: Stand) -> dict[str, Data]:
    known: dict[str, Data] = stand.open.setdefault("terugroepingen", {})
    return known


def _touch(stand: Stand, position: int, one: Data) -> None:
    """The recall, and the signal as who is told sees it: there it is marked."""
    one["positie"] = position
    for name, kept in stand.open["rijen"].items():
        if name.partition("|")[0] == one["ontvanger"]:
            kept["positie"] = position


APPLY: Mapping[type[Event], Callable[[Stand, int, Data], None]] = {
    TerugroepingGestuurd: sent,
    TerugroepingBevestigd: answered,
    TerugroepingHerinnerd: reminded,
    TerugroepingGeescaleerd: escalated,
}
