"""The state of a case and its rows: one per participant, and the participant's copy of its course."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.afscherming import (
    BijdrageAfgeschermd,
    CasusvertrouwelijkheidVervallen,
    CasusVertrouwelijkVerklaard,
)
from contracts.bewaring import CasusVernietigd
from contracts.bezwaar import BezwaarGemaakt, BezwaarIngetrokken
from contracts.brug import BrugBevestigd, BrugGeslagen
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
from contracts.resultaat import ResultaatVastgelegd
from hub.views import afscherming
from hub.views.masker import divided, masked, plan_of
from hub.views.rows import CASUS, TIJDLIJN, Loss, Row, Stand, row
from hub.views.sealing import Compartment

Data = dict[str, Any]

#: What being named a participant gives of the case itself; of its signals it gives nothing. The words of a
#: criterion and of an embargo stay with the seat that wrote them.
CASUS_CATEGORIEEN = frozenset({"casus-status", "interventieplan"})
#: Of these entries only the author sees the named open fields.
_AUTHOR_ONLY = {
    SignaalGekoppeld: "signaal_id",
    DeelnemersBepaald: "niet_toegelaten",
    BrugGeslagen: "naar",
    ResultaatVastgelegd: "resultaat_id",
    BrugBevestigd: "zetel",
}

EVENTS: frozenset[type[Event]] = frozenset(
    {
        BesluitVastgelegd,
        BezwaarGemaakt,
        BezwaarIngetrokken,
        BijdrageAfgeschermd,
        BrugBevestigd,
        BrugGeslagen,
        CasusGeopend,
        CasusGesloten,
        CasusVernietigd,
        CasusVertrouwelijkVerklaard,
        CasusvertrouwelijkheidVervallen,
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
        ResultaatVastgelegd,
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
    if cls is BijdrageAfgeschermd:
        afscherming.contribution(own, position, data, again=True)
        return
    if cls in (DeelnemersBepaald, CasusVertrouwelijkVerklaard, CasusvertrouwelijkheidVervallen):
        silent = cls is CasusVertrouwelijkVerklaard
        _participants(own, position, data["blijft"] if silent else data["deelnemers"], silent)
    elif cls is FaseGewijzigd:
        own["fase"] = data["fase"]
    elif cls is RegieOvergedragen:
        own["regie"] = data["naar"]
    elif cls is SignaalGekoppeld and data["signaal_id"] not in own["signalen"]:
        own["signalen"][data["signaal_id"]] = data["zetel"]
        afscherming.contribution(own, position, data, again=False)
    elif cls in (EmbargoGesteld, EmbargoOpgeheven):
        own |= {"embargo": cls is EmbargoGesteld, "embargo_herbezie_op": data.get("herbezie_op")}
    elif cls is CasusGesloten:
        own |= {"status": "gesloten", "reden": data["reden"]}
    elif cls is CasusVernietigd:
        # Every row is written anew, without content: the key it lay under is gone.
        own |= {"status": "vernietigd", "herschikt": position}
        stand.geheim = {"inhoud": {}, "stukken": {}}
        stand.geheim_positie = position
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


def _participants(own: Data, position: int, named: list[str], silent: bool) -> None:
    before: dict[str, int] = own["deelnemers"]
    gone = {zetel: position for zetel in before if zetel not in named}
    own["vertrokken"] |= gone
    unspoken = set(own.get("verzwegen", ())) - set(gone)
    own["verzwegen"] = sorted(unspoken | set(gone) if silent else unspoken)
    own["deelnemers"] = {zetel: before.get(zetel, position) for zetel in named}
    own["leden_positie"] = position


def _entry(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    shown, content = divided(data, cls)
    # Criteria are parts: their open letters stay with their words, which are masked when shown.
    number = len(stand.open["tijdlijn"]) + 1
    for name in ("casus_id", "verborgen_voor", "alleen_voor"):
        shown.pop(name, None)
    if cls is CasusVertrouwelijkVerklaard:
        stand.open["ingewijd"] = shown["blijft"]
    if cls in (CasusVertrouwelijkVerklaard, CasusvertrouwelijkheidVervallen):
        shown["alleen"] = stand.open.get("ingewijd", [])
    stand.open["tijdlijn"].append({**shown, "volgnummer": number, "soort": cls.__name__, "positie": position})
    if content:
        stand.geheim["stukken"][str(number)] = content
        stand.geheim_positie = position


def losses(stand: Stand, since: int) -> Iterator[Loss]:
    """The seats that left at `since` or later; one that came back, or sees another course, is written anew."""
    for zetel, position in stand.open.get("vertrokken", {}).items():
        if position >= since:
            silent = zetel in stand.open.get("verzwegen", ())
            yield Loss(zetel, str(stand.id), positie=position, stil=silent)
    if stand.open.get("herschikt", 0) >= since:
        for zetel in stand.open["deelnemers"]:
            yield Loss(zetel, str(stand.id), positie=stand.open["herschikt"])


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later, as far as their seat sees the change; those of newcomers whole."""
    if not stand.open or stand.positie < since:
        return
    rearranged = stand.open.get("herschikt", 0) >= since
    for zetel, came in stand.open["deelnemers"].items():
        seen = afscherming.course(stand.open, zetel)
        whole = rearranged or came >= since
        new = seen if whole else [entry for entry in seen if entry["positie"] >= since]
        if new or stand.open.get("leden_positie", 0) >= since:
            yield _case_row(stand, zetel, seen)
        for entry in new:
            yield _entry_row(stand, zetel, entry)


def _case_row(stand: Stand, zetel: str, seen: list[Data]) -> Row:
    own = stand.open
    names = ("spoor", "regio", "doel", "tafel", "activiteit", "opener", "geopend_op", "status", "reden", "fase")
    shown = {name: own[name] for name in names if own.get(name) is not None}
    shown |= {
        "regie": own["regie"],
        "embargo": own["embargo"],
        "embargo_herbezie_op": own.get("embargo_herbezie_op"),
        "deelnemers": sorted(own["deelnemers"]),
        "eigen_signalen": [key for key, linker in own["signalen"].items() if linker == zetel],
        "tellers": {"signalen": afscherming.contributions(own, zetel), "tijdlijn": len(seen)},
    }
    changed = max(own.get("leden_positie", 0), seen[-1]["positie"])
    vorm = stand.geheim["stukken"].get("1", {}).get("vorm")
    parts = (Compartment((), {"vorm": vorm}),) if vorm else ()
    values = (zetel, str(stand.id), own["spoor"], own["regio"], own["status"], changed)
    return row(CASUS, values, stand, shown, parts)._replace(door=stand.positie)


def _entry_row(stand: Stand, zetel: str, entry: Data) -> Row:
    cls = _BY_NAME[entry["soort"]]
    shown = {name: value for name, value in entry.items() if name not in ("positie", "alleen", "nummer")}
    shown["volgnummer"] = entry["nummer"]
    content = stand.geheim["stukken"].get(str(entry["volgnummer"]), {})
    if entry["zetel"] != zetel:
        shown.pop(_AUTHOR_ONLY.get(cls, ""), None)
        content = masked(content, plan_of(cls, CASUS_CATEGORIEEN), CASUS_CATEGORIEEN, None)
    parts = (Compartment((), content),) if content else ()
    return row(TIJDLIJN, (zetel, str(stand.id), entry["nummer"]), stand, shown, parts)
