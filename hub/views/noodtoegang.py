"""Emergency access as a record: for who asked, for whose data they are, and for the privacy officers who review it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from contracts.message import Event
from contracts.noodtoegang import (
    NoodtoegangBevestigd,
    NoodtoegangGetoetst,
    NoodtoegangGeweigerd,
    NoodtoegangVerleend,
    NoodtoegangVervallen,
)
from hub.views.rows import NOODTOEGANG, Row, Stand, row
from hub.views.sealing import Compartment

Data = dict[str, Any]

EVENTS: frozenset[type[Event]] = frozenset(
    {NoodtoegangVerleend, NoodtoegangGeweigerd, NoodtoegangBevestigd, NoodtoegangVervallen, NoodtoegangGetoetst}
)
WORDS = "woorden"
_ASKED = ("noodtoegang_id", "signaal_id", "zetel", "categorieen", "gevaar")
_GRANTED = ("tot", "bevestigen_voor", "verstrekkers", "regels", "grondslagen")


def noodtoegang_id(event: Event) -> UUID:
    """The emergency access an event of EVENTS is about; a refusal of one seat is never that of another."""
    found: UUID = event.noodtoegang_id  # type: ignore[attr-defined]
    if isinstance(event, NoodtoegangGeweigerd):
        return uuid5(found, f"{event.zetel}#{event.signaal_id}")
    return found


def apply(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    """Remember one event; a second granting under one number changes nothing."""
    if cls is NoodtoegangVerleend and stand.open:
        return
    if cls is NoodtoegangVerleend:
        _granted(stand, data)
    elif cls is NoodtoegangGeweigerd:
        _refused(stand, data)
    elif not stand.open:
        return
    elif cls is NoodtoegangBevestigd:
        stand.open["bevestigd_op"] = data["tijdstip"]
    elif cls is NoodtoegangVervallen:
        stand.open["vervallen"].append({"op": data["tijdstip"], "reden": data["reden"]})
    elif cls is NoodtoegangGetoetst:
        stand.open["toetsing"] = {name: data[name] for name in ("zetel", "tijdstip", "uitkomst")}
    for name in ("reden", "motivering"):
        if name in data and cls is not NoodtoegangVervallen:
            stand.geheim["stukken"][WORDS] = stand.geheim["stukken"].get(WORDS, {}) | {name: data[name]}
            stand.geheim_positie = position
    stand.positie = position


def _granted(stand: Stand, data: Data) -> None:
    stand.open = {name: data[name] for name in (*_ASKED, *_GRANTED, "spoor", "toezicht")} | {
        "status": "verleend",
        "gevraagd_op": data["tijdstip"],
        "bevestigd_op": None,
        "vervallen": [],
        "toetsing": None,
    }


def _refused(stand: Stand, data: Data) -> None:
    before = stand.open.get("pogingen", 0)
    stand.open = {name: data[name] for name in (*_ASKED, "redenen", "regels", "toezicht")} | {
        "spoor": "hub",
        "status": "geweigerd",
        "gevraagd_op": data["tijdstip"],
        "pogingen": before + 1,
    }


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later. Who was refused has none: it cannot tell that from nothing there."""
    if not stand.open or stand.positie < since:
        return
    own = stand.open
    shown = {name: value for name, value in own.items() if name not in ("spoor", "toezicht")}
    words = (Compartment((), stand.geheim["stukken"].get(WORDS, {})),)
    told = {} if own["status"] == "geweigerd" else dict.fromkeys(own["verstrekkers"], ())
    full = dict.fromkeys(own["toezicht"] if own["status"] == "geweigerd" else (*own["toezicht"], own["zetel"]), words)
    for zetel, parts in (told | full).items():
        yield row(NOODTOEGANG, (zetel, str(stand.id), stand.positie), stand, shown, parts)
