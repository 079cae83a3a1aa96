"""The state of a result and its rows: for each seat the pieces of the categories it was given, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.message import Event
from contracts.resultaat import (
    ResultaatGemaakt,
    ResultaatTeruggekoppeld,
    ResultaatVerstrekt,
    ResultaatVervallen,
)
from hub.views.rows import RESULTAAT, Row, Stand, row
from hub.views.sealing import Compartment

Data = dict[str, Any]

EVENTS: frozenset[type[Event]] = frozenset(
    {ResultaatGemaakt, ResultaatVerstrekt, ResultaatVervallen, ResultaatTeruggekoppeld}
)


def resultaat_id(event: Event) -> UUID:
    """The result an event of EVENTS is about."""
    found: UUID = event.resultaat_id  # type: ignore[attr-defined]
    return found


def apply(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    """Remember one event. One about a result that was never made changes nothing."""
    if cls is ResultaatGemaakt and not stand.open:
        _made(stand, position, data)
    if not stand.open:
        return
    stand.positie = position
    own = stand.open
    if cls is ResultaatVerstrekt:
        names = ("ontvanger", "soort", "afzender", "doel", "per_bron", "grondslagen")
        own["verstrekkingen"][data["verstrekking_id"]] = {name: data[name] for name in names} | {
            "sinds": data["tijdstip"],
            "vervallen": None,
        }
        own["zetels"][data["ontvanger"]] = position
    elif cls is ResultaatVervallen and data["verstrekking_id"] in own["verstrekkingen"]:
        ended = {"op": data["tijdstip"], "reden": data["reden"]}
        own["verstrekkingen"][data["verstrekking_id"]]["vervallen"] = ended
        own["zetels"][data["ontvanger"]] = position
    elif cls is ResultaatTeruggekoppeld:
        _reported(stand, position, data)


def _made(stand: Stand, position: int, data: Data) -> None:
    stand.open = {
        "spoor": data["spoor"],
        "maker": data["zetel"],
        "casus_id": data["casus_id"],
        "herkomst": data["herkomst"],
        "gemaakt_op": data["tijdstip"],
        "onderdelen": [],
        "verstrekkingen": {},
        "terugkoppelingen": [],
        "zetels": {data["zetel"]: position},
    }
    for number, piece in enumerate(data["onderdelen"]):
        person = piece.get("betrokkene_id")
        bron = piece.get("bron") or data["zetel"]
        stand.open["onderdelen"].append({"categorie": piece["categorie"], "bron": bron, "betrokkene_id": person})
        if "tekst" in piece:
            about = {"betrokkene_id": person} if person else {}
            stand.geheim["stukken"][f"onderdeel-{number}"] = {"tekst": piece["tekst"], **about}
    stand.geheim_positie = position


def _reported(stand: Stand, position: int, data: Data) -> None:
    own, number = stand.open, f"terugkoppeling-{position}"
    said = {"nummer": number, "zetel": data["zetel"], "status": data["status"], "tijdstip": data["tijdstip"]}
    own["terugkoppelingen"].append(said)
    if "bericht" in data:
        stand.geheim["stukken"][number] = {"bericht": data["bericht"]}
        stand.geheim_positie = position
    senders = {one["afzender"] for one in own["verstrekkingen"].values() if one["ontvanger"] == data["zetel"]}
    own["zetels"] |= dict.fromkeys({own["maker"], data["zetel"], *senders}, position)


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later."""
    for zetel, position in stand.open.get("zetels", {}).items():
        if position >= since:
            yield _row(stand, zetel, position)


def _row(stand: Stand, zetel: str, position: int) -> Row:
    own = stand.open
    given = [one for one in own["verstrekkingen"].values() if one["ontvanger"] == zetel]
    alive = [one for one in given if one["vervallen"] is None]
    maker = zetel == own["maker"]
    inside = maker or any(one["soort"] == "deelnemer" for one in alive)
    shown: Data = {"status": "geldig" if maker or alive else "vervallen", "gemaakt_op": own["gemaakt_op"]}
    names = ("soort", "afzender", "doel", "grondslagen", "sinds", "vervallen")
    shown["verstrekkingen"] = [
        {name: one[name] for name in names if name != "afzender" or one["soort"] != "deelnemer" or inside}
        for one in given
    ]
    if inside:
        shown |= {"casus_id": own["casus_id"], "maker": own["maker"], "herkomst": own["herkomst"]}
    content = _pieces(stand, maker, alive, shown) | _reports(stand, zetel, maker, shown)
    parts = tuple(_compartment(number, piece) for number, piece in content.items())
    return row(RESULTAAT, (zetel, str(stand.id), position), stand, shown, parts)


def _compartment(number: str, piece: Data) -> Compartment:
    person = piece.get("betrokkene_id")
    told = {name: value for name, value in piece.items() if name != "betrokkene_id"}
    return Compartment((UUID(person),) if person else (), {number: told})


def _pieces(stand: Stand, maker: bool, alive: list[Data], shown: Data) -> Data:
    """The pieces of the recorded categories, by their place; from whom they come stays with the case."""
    shown["onderdelen"], content = [], {}
    for number, piece in enumerate(stand.open["onderdelen"]):
        if maker or any(piece["categorie"] in one["per_bron"].get(piece["bron"], ()) for one in alive):
            key = f"onderdeel-{number}"
            known = {"nummer": key, "categorie": piece["categorie"]}
            shown["onderdelen"].append(known | ({"bron": piece["bron"]} if "casus_id" in shown else {}))
            if key in stand.geheim["stukken"]:
                content[key] = stand.geheim["stukken"][key]
    return content


def _reports(stand: Stand, zetel: str, maker: bool, shown: Data) -> Data:
    """What was reported, for the maker, for who sent the result to the reporter, and for the reporter."""
    shown["terugkoppelingen"], content = [], {}
    given = stand.open["verstrekkingen"].values()
    for said in stand.open["terugkoppelingen"]:
        sent = any(one["afzender"] == zetel and one["ontvanger"] == said["zetel"] for one in given)
        if maker or sent or said["zetel"] == zetel:
            shown["terugkoppelingen"].append(said)
            if said["nummer"] in stand.geheim["stukken"]:
                content[said["nummer"]] = stand.geheim["stukken"][said["nummer"]]
    return content
