"""Feedback as each seat sees it: who owes it and who sees to it, and apart from them the reporter.

What the reporter sees changes by what it is told and by its own acts, never by what is decided about telling it: not
by a reason, a day to look again, a reminder or who was told of silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contracts.message import Event
from contracts.terugkoppeling import (
    VEILIGE_STATUS,
    VEILIGE_TEKST,
    TerugkoppelingAangehouden,
    TerugkoppelingGeescaleerd,
    TerugkoppelingGegeven,
    TerugkoppelingHerinnerd,
    TerugkoppelingHervat,
    TerugkoppelingVerschuldigd,
    TerugkoppelingVervallen,
)
from hub.views.afscherming import ONVERANDERD, is_withheld, moved, providers
from hub.views.rows import TERUGKOPPELING, Loss, Row, Stand, row

Data = dict[str, Any]

OPEN, TE_LAAT, AANGEHOUDEN, GEGEVEN, VERVALLEN = "open", "te-laat", "aangehouden", "gegeven", "vervallen"
#: What the reporter reads before it heard anything.
GEVRAAGD = "gevraagd"
_BETWEEN = ("ontvanger", "melder", "spoor", "sinds")
_NOT_SHOWN = ("positie", "status", "stil", ONVERANDERD)


def owed(stand: Stand, position: int, data: Data) -> None:
    """A recipient owes a reporter feedback, perhaps once more."""
    due = {"stap": data["stap"], "uiterlijk": data["uiterlijk"]}
    quiet = dict.fromkeys(("aanhoudreden", "herbezien_op", "herinnerd_op", "geescaleerd_op"))
    debt = {"status": OPEN, "gemeld": None, "gemeld_op": None, **due, **quiet, "positie": position}
    told = {"status": OPEN, "gemeld": None, "gemeld_op": None, "uiterlijk": data["uiterlijk"], "positie": position}
    _debts(stand)[data["terugkoppeling_id"]] = {
        **{name: data[name] for name in _BETWEEN if name in data},
        "sinds": data["tijdstip"],
        "toezicht": data["toezicht"],
        "schuld": debt,
        "bericht": {**told, "veilige_tekst": None, "stil": False},
    }
    if _states(stand).get(data["melder"]) is None:
        _state(stand, position, data["melder"], {"status": GEVRAAGD, "op": data["tijdstip"]})


def given(stand: Stand, position: int, data: Data) -> None:
    """The reporter was told."""
    if (one := _debts(stand).get(data["terugkoppeling_id"])) is None:
        return
    status = OPEN if data.get("stap") else GEGEVEN
    told = {
        "status": status,
        "gemeld": data["status"],
        "gemeld_op": data["tijdstip"],
        "uiterlijk": data.get("uiterlijk"),
    }
    over = one["schuld"]["stap"] != data.get("stap") or one["schuld"]["status"] == AANGEHOUDEN
    late = one["schuld"]["status"] == TE_LAAT and not over
    one["schuld"] |= {**told, "stap": data.get("stap"), "aanhoudreden": None, "herbezien_op": None, "positie": position}
    if late:
        one["schuld"]["status"] = TE_LAAT
    else:
        one["schuld"] |= {"herinnerd_op": None, "geescaleerd_op": None}
    one["bericht"] |= {**told, "veilige_tekst": None, "stil": False, "positie": position}
    if late:
        one["bericht"]["status"] = TE_LAAT
    if _states(stand).get(one["melder"], {}).get("status") != data["status"]:
        _state(stand, position, one["melder"], {"status": data["status"], "op": data["tijdstip"]})


def withheld(stand: Stand, position: int, data: Data) -> None:
    """It is withheld; the reporter reads so once, however often it is, and why never."""
    if (one := _debts(stand).get(data["terugkoppeling_id"])) is None:
        return
    names = ("aanhoudreden", "herbezien_op")
    one["schuld"] |= {name: data[name] for name in names} | {"status": AANGEHOUDEN, "uiterlijk": None}
    one["schuld"] |= {"herinnerd_op": None, "geescaleerd_op": None, "positie": position}
    if one["bericht"]["stil"]:
        return
    safe = {"gemeld": VEILIGE_STATUS, "gemeld_op": data["tijdstip"], "veilige_tekst": VEILIGE_TEKST}
    one["bericht"] |= {**safe, "status": GEGEVEN, "uiterlijk": None, "stil": True, "positie": position}
    _state(stand, position, one["melder"], _safe(data["tijdstip"]))


def resumed(stand: Stand, position: int, data: Data) -> None:
    """It is due once more."""
    _debt(stand, position, data, status=OPEN, uiterlijk=data["uiterlijk"], aanhoudreden=None, herbezien_op=None)


def reminded(stand: Stand, position: int, data: Data) -> None:
    """It is late."""
    _debt(stand, position, data, status=TE_LAAT, herinnerd_op=data["tijdstip"])
    one = _debts(stand).get(data["terugkoppeling_id"])
    if one is not None and not one["bericht"]["stil"]:
        one["bericht"] |= {"status": TE_LAAT, "positie": position}


def escalated(stand: Stand, position: int, data: Data) -> None:
    """It came before who sees to it."""
    _debt(stand, position, data, geescaleerd_op=data["tijdstip"])


def ended(stand: Stand, position: int, data: Data) -> None:
    """Nothing is due any more. Who owed it held the signal, and may not have to know of it now."""
    gone = {"status": VERVALLEN, "stap": None, "uiterlijk": None, "aanhoudreden": None, "herbezien_op": None}
    _debt(stand, position, data, **gone)
    if (one := _debts(stand).get(data["terugkoppeling_id"])) is not None:
        if one["bericht"]["status"] != GEGEVEN:
            one["bericht"] |= {"status": VERVALLEN, "uiterlijk": None, "positie": position}
        _write_rest_anew(stand, position, _parted(stand, one))


def in_words(stand: Stand, position: int, data: Data) -> None:
    """The reporter got words, from whom it passed the signal on to or from another; what may be said, at least."""
    said = {"status": data["status"], "op": data["tijdstip"]}
    safe = data.get("inhoud_onthouden") and data["status"] == VEILIGE_STATUS
    _state(stand, position, data["aan"], _safe(data["tijdstip"]) if safe else said)


def state_of(stand: Stand, zetel: str) -> Data | None:
    """How it stands with a signal, in what this reporter was told last; None for who is owed nothing."""
    return None if stand.open.get("vernietigd_op") else _states(stand).get(zetel)


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later."""
    for key, one in stand.open.get("terugkoppelingen", {}).items():
        parted = _parted(stand, one)
        for zetel, rol, part in _seats(one):
            hidden = zetel in parted or (rol != "toezicht" and is_withheld(stand, zetel))
            if one[part]["positie"] >= since and not hidden:
                shown = {name: one[name] for name in _BETWEEN} | {"rol": rol}
                shown |= {name: value for name, value in one[part].items() if name not in _NOT_SHOWN}
                values = (zetel, str(stand.id), key, one[part]["status"], moved(one[part]))
                yield row(TERUGKOPPELING, values, stand, shown)._replace(door=one[part]["positie"])


def losses(stand: Stand, since: int) -> Iterator[Loss]:
    """The seats whose rows go at `since` or later; what is left of them is written anew in the same batch."""
    for one in stand.open.get("terugkoppelingen", {}).values():
        if one["schuld"]["positie"] >= since:
            for zetel in sorted(_parted(stand, one)):
                position = one["schuld"]["positie"]
                yield Loss(zetel, str(stand.id), (TERUGKOPPELING.name,), "signaal_id", position)


def _parted(stand: Stand, one: Data) -> set[str]:
    """Of a debt that ended, the seats that put nothing into the signal: they are not to know of it any longer."""
    if one["schuld"]["status"] != VERVALLEN:
        return set()
    return {one["ontvanger"], one["melder"]} - providers(stand)


def _write_rest_anew(stand: Stand, position: int, zetels: set[str]) -> None:
    """All rows of a seat on a signal go at once; those that stay did not change."""
    for one in _debts(stand).values():
        for zetel, _, name in _seats(one):
            part = one[name]
            if zetel in zetels and part["positie"] < position:
                part |= {ONVERANDERD: [position, moved(part)], "positie": position}


def _seats(one: Data) -> Iterator[tuple[str, str, str]]:
    """Who sees it, as what, and which part; who has a part in it does not see it as supervisor."""
    between = (one["ontvanger"], one["melder"])
    yield one["ontvanger"], "ontvanger", "schuld"
    yield one["melder"], "melder", "bericht"
    yield from ((zetel, "toezicht", "schuld") for zetel in one["toezicht"] if zetel not in between)


def _safe(moment: str) -> Data:
    return {"status": VEILIGE_STATUS, "op": moment, "veilige_tekst": VEILIGE_TEKST}


def _debts(stand: Stand) -> dict[str, Data]:
    known: dict[str, Data] = stand.open.setdefault("terugkoppelingen", {})
    return known


def _states(stand: Stand) -> dict[str, Data]:
    known: dict[str, Data] = stand.open.setdefault("terugkoppelstand", {})
    return known


def _debt(stand: Stand, position: int, data: Data, **change: Any) -> None:
    if (one := _debts(stand).get(data["terugkoppeling_id"])) is not None:
        one["schuld"] |= {**change, "positie": position}


def _state(stand: Stand, position: int, zetel: str, state: Data) -> None:
    """The state of a reporter, and the signal as it sees it: there it stands."""
    _states(stand)[zetel] = state
    for name, kept in stand.open["rijen"].items():
        if name.partition("|")[0] == zetel:
            kept["positie"] = position


APPLY: Mapping[type[Event], Callable[[Stand, int, Data], None]] = {
    TerugkoppelingVerschuldigd: owed,
    TerugkoppelingGegeven: given,
    TerugkoppelingAangehouden: withheld,
    TerugkoppelingHervat: resumed,
    TerugkoppelingHerinnerd: reminded,
    TerugkoppelingGeescaleerd: escalated,
    TerugkoppelingVervallen: ended,
}
