"""What a seat holds of one signal, put together from its rows: the union of what each disclosure gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.views.sealing import Opened, together

Data = dict[str, Any]

#: Elements of these lists are the same one where this field is the same.
_NAMED_BY = {"betrokkenen": "betrokkene_id", "criteria": "letter"}
#: A row that still stands says more than one that lapsed.
_LEAST = "vervallen"


def signaal(signaal_id: str, rows: Sequence[tuple[int, Opened]]) -> Data:
    """The answer for one signal. `rows`: position of the last change and content of each row, newest first."""
    alive = [opened.open for _, opened in rows if opened.open["status"] != _LEAST]
    first = alive[0] if alive else rows[0][1].open
    whole: Data = {
        "signaal_id": signaal_id,
        **{name: first[name] for name in ("zetel", "status", "spoor", "regio")},
        "sinds": min(opened.open["sinds"] for _, opened in rows),
        "gewijzigd_positie": rows[0][0],
        "terugroepingen": sorted({one for _, opened in rows for one in opened.open.get("terugroepingen", ())}),
        "verstrekkingen": [opened.open["verstrekking"] for _, opened in rows if "verstrekking" in opened.open],
    }
    told = (opened.open["terugkoppelstand"] for _, opened in rows if "terugkoppelstand" in opened.open)
    whole["terugkoppelstand"] = next(told, None)
    contributions: dict[str, Data] = {}
    said: dict[str, Data] = {}
    for _, opened in rows:
        content = together(opened.contents)
        for key, part in opened.open["bijdragen"].items():
            _add(contributions, key, {"bijdrage_id": key, **part}, content["inhoud"].get(key, {}))
        for one in opened.open["stukken"]:
            number = one["nummer"]
            _add(said, number, one, content["stukken"].get(number, {}))
    whole["bijdragen"] = sorted(contributions.values(), key=lambda part: (part["tijdstip"], part["bijdrage_id"]))
    whole["stukken"] = sorted(said.values(), key=lambda one: int(one["nummer"]))
    return whole


def _add(known: dict[str, Data], key: str, shown: Data, content: Data) -> None:
    if key in known:
        known[key]["inhoud"] = union(known[key]["inhoud"], content)
    else:
        known[key] = {**shown, "inhoud": content}


def union(left: Data, right: Data) -> Data:
    """All fields of both; they are masks of one content and never contradict each other."""
    whole = dict(left)
    for name, value in right.items():
        if name not in whole:
            whole[name] = value
        elif isinstance(value, dict):
            whole[name] = union(whole[name], value)
        elif isinstance(value, list):
            whole[name] = _union_list(whole[name], value, _NAMED_BY.get(name))
    return whole


def _union_list(left: list[Any], right: list[Any], named_by: str | None) -> list[Any]:
    if named_by is None:
        return left + [item for item in right if item not in left]
    whole = {item[named_by]: item for item in left}
    for item in right:
        whole[item[named_by]] = union(whole[item[named_by]], item) if item[named_by] in whole else item
    return list(whole.values())
