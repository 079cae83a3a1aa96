"""The state of a case and its rows: one per participant, and the participant's copy of its course."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.casus import (
    BesluitVastgelegd,
    CasusGeopend,
    CasusGesloten,
    CriteriaBeoordeeld,
    DeelnemersBepaald,
    EmbargoGesteld,
    EmbargoOpgeheven,
    FaseGewijzigd,
    InterventieGeevalueerd,
    InterventieGeweigerd,
    InterventieToegestaan,
    InterventieUitgevoerd,
    InterventieVoorgesteld,
    RegieOvergedragen,
    SignaalGekoppeld,
    ZorgGeinformeerd,
)
from contracts.message import Event
from hub.views.masker import divided, masked, plan_of
from hub.views.rows import CASUS, TIJDLIJN, Loss, Row, Stand, row
from hub.views.sealing import Compartment

Data = dict[str, Any]

#: What being named a participant gives of the case itself; of its signals it gives nothing. The words of a
#: criterion and of an embargo stay with the seat that wrote them.
CASUS_CATEGORIEEN = frozenset({"casus-status", "interventieplan"})
#: Of these entries only the author sees the named open fields.
_AUTHOR_ONLY = {SignaalGekoppeld: "signaal_id", DeelnemersBepaald: "niet_toegelaten"}

EVENTS: frozenset[type[Event]] = frozenset(
    {
        BesluitVastgelegd,
        CasusGeopend,
        CasusGesloten,
        CriteriaBeoordeeld,
        DeelnemersBepaald,
        EmbargoGesteld,
        EmbargoOpgeheven,
        FaseGewijzigd,
        InterventieGeevalueerd,
        InterventieGeweigerd,
        InterventieToegestaan,
        InterventieUitgevoerd,
        InterventieVoorgesteld,
        RegieOvergedragen,
        SignaalGekoppeld,
        ZorgGeinformeerd,
    }
)
_BY_NAME = {cls.__name__: cls for cls in EVENTS}


def casus_id(event: Event) -> UUID:
    """The case an event of EVENTS is about."""
    found: UUID = event.casus_id  # type: ignore[attr-defined]
    return found


def apply(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    """Remember one event. One about a case that was never opened changes nothing."""
    if not stand.open:
        if cls is not CasusGeopend:
            return
        stand.open = _opened(data, position)
    stand.positie = position
    own = stand.open
    if cls is DeelnemersBepaald:
        _participants(own, position, data["deelnemers"])
    elif cls is FaseGewijzigd:
        own["fase"] = data["fase"]
    elif cls is RegieOvergedragen:
        own["regie"] = data["naar"]
    elif cls is SignaalGekoppeld:
        own["signalen"].setdefault(data["signaal_id"], data["zetel"])
    elif cls in (EmbargoGesteld, EmbargoOpgeheven):
        own["embargo"] = cls is EmbargoGesteld
    elif cls is CasusGesloten:
        own |= {"status": "gesloten", "reden": data["reden"]}
    _entry(stand, position, cls, data)


def _opened(data: Data, position: int) -> Data:
    names = ("spoor", "regio", "doel", "tafel", "activiteit")
    return {name: data.get(name) for name in names} | {
        "opener": data["zetel"],
        "geopend_op": data["tijdstip"],
        "status": "open",
        "fase": 0,
        "regie": None,
        "embargo": False,
        "deelnemers": {data["zetel"]: position},
        "vertrokken": {},
        "signalen": {},
        "tijdlijn": [],
    }


def _participants(own: Data, position: int, named: list[str]) -> None:
    before: dict[str, int] = own["deelnemers"]
    own["vertrokken"] |= {zetel: position for zetel in before if zetel not in named}
    own["deelnemers"] = {zetel: before.get(zetel, position) for zetel in named}


def _entry(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    shown, content = divided(data, cls)
    # Criteria are parts: their open letters stay with their words, which are masked when shown.
    number = len(stand.open["tijdlijn"]) + 1
    shown.pop("casus_id", None)
    stand.open["tijdlijn"].append({**shown, "volgnummer": number, "soort": cls.__name__, "positie": position})
    if content:
        stand.geheim["stukken"][str(number)] = content
        stand.geheim_positie = position


def losses(stand: Stand, since: int) -> Iterator[Loss]:
    """The seats that left at `since` or later; one that came back is written anew."""
    for zetel, position in stand.open.get("vertrokken", {}).items():
        if position >= since:
            yield Loss(zetel, str(stand.id))


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later: those of newcomers whole."""
    if not stand.open or stand.positie < since:
        return
    for zetel, came in stand.open["deelnemers"].items():
        yield _case_row(stand, zetel)
        for entry in stand.open["tijdlijn"]:
            if came >= since or entry["positie"] >= since:
                yield _entry_row(stand, zetel, entry)


def _case_row(stand: Stand, zetel: str) -> Row:
    own = stand.open
    names = ("spoor", "regio", "doel", "tafel", "activiteit", "opener", "geopend_op", "status", "reden", "fase")
    shown = {name: own[name] for name in names if own.get(name) is not None}
    shown |= {
        "regie": own["regie"],
        "embargo": own["embargo"],
        "deelnemers": sorted(own["deelnemers"]),
        "eigen_signalen": [key for key, linker in own["signalen"].items() if linker == zetel],
        "tellers": {"signalen": len(own["signalen"]), "tijdlijn": len(own["tijdlijn"])},
    }
    vorm = stand.geheim["stukken"].get("1", {}).get("vorm")
    parts = (Compartment((), {"vorm": vorm}),) if vorm else ()
    values = (zetel, str(stand.id), own["spoor"], own["regio"], own["status"], stand.positie)
    return row(CASUS, values, stand, shown, parts)


def _entry_row(stand: Stand, zetel: str, entry: Data) -> Row:
    cls = _BY_NAME[entry["soort"]]
    shown = {name: value for name, value in entry.items() if name != "positie"}
    content = stand.geheim["stukken"].get(str(entry["volgnummer"]), {})
    if entry["zetel"] != zetel:
        shown.pop(_AUTHOR_ONLY.get(cls, ""), None)
        content = masked(content, plan_of(cls, CASUS_CATEGORIEEN), CASUS_CATEGORIEEN, None)
    parts = (Compartment((), content),) if content else ()
    return row(TIJDLIJN, (zetel, str(stand.id), entry["volgnummer"]), stand, shown, parts)
