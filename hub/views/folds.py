"""A batch of events applied: which states they change, and which rows those states now have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from contracts.message import Event
from hub.views import (
    brug,
    casus,
    navraag,
    noodtoegang,
    overleg,
    plicht,
    resultaat,
    signaal,
    signaal_rows,
    weigering,
)
from hub.views.masker import dump
from hub.views.rows import Loss, Row, Stand

Key = tuple[str, UUID]


class Recorded(NamedTuple):
    """A fact in the order of the ledger. `event`: None where a version of the hub does not know it."""

    position: int
    event: Event | None


class Fold(NamedTuple):
    """How one kind of state follows events and shows itself."""

    id_of: Callable[[Event], UUID]
    apply: Callable[[Stand, int, type[Event], dict[str, Any]], None]
    rows: Callable[[Stand, int], Iterator[Row]]
    losses: Callable[[Stand, int], Iterable[Loss]]
    only_own: Callable[[Stand], bool]


def _none(stand: Stand, since: int) -> Iterable[Loss]:
    return ()


FOLDS: dict[str, Fold] = {
    "signaal": Fold(signaal.signaal_id, signaal.apply, signaal_rows.rows, signaal_rows.losses, signaal_rows.only_own),
    "casus": Fold(casus.casus_id, casus.apply, casus.rows, casus.losses, lambda stand: False),
    "brug": Fold(brug.brug_id, brug.apply, brug.rows, _none, lambda stand: False),
    "noodtoegang": Fold(noodtoegang.noodtoegang_id, noodtoegang.apply, noodtoegang.rows, _none, lambda stand: False),
    "resultaat": Fold(resultaat.resultaat_id, resultaat.apply, resultaat.rows, _none, lambda stand: False),
    "overleg": Fold(overleg.overleg_id, overleg.apply, overleg.rows, _none, lambda stand: False),
    "navraag": Fold(navraag.navraag_id, navraag.apply, navraag.rows, _none, lambda stand: False),
    "plicht": Fold(plicht.plicht_id, plicht.apply, plicht.rows, _none, lambda stand: False),
}
_SOORT: dict[type[Event], str] = {
    **dict.fromkeys(signaal.EVENTS, "signaal"),
    **dict.fromkeys(casus.EVENTS, "casus"),
    **dict.fromkeys(brug.EVENTS, "brug"),
    **dict.fromkeys(noodtoegang.EVENTS, "noodtoegang"),
    **dict.fromkeys(resultaat.EVENTS, "resultaat"),
    **dict.fromkeys(overleg.EVENTS, "overleg"),
    **dict.fromkeys(navraag.EVENTS, "navraag"),
    **dict.fromkeys(plicht.EVENTS, "plicht"),
}
#: An event with which a state begins: nothing is stored of it yet.
_FIRST = {cls for cls in _SOORT if cls.__name__ in ("SignaalGeregistreerd", "CasusGeopend", "OverlegGeopend")}


class Changes(NamedTuple):
    """What a batch comes to. `since`: its first position; `until`: its last."""

    since: int
    until: int
    stands: list[Stand]
    rows: list[Row]
    losses: list[Loss]


def keys_of(batch: Iterable[Recorded]) -> tuple[set[Key], set[Key]]:
    """The states a batch needs, and those of them that may be stored already."""
    needed: set[Key] = set()
    old: set[Key] = set()
    for _, event in batch:
        soort = _SOORT.get(type(event)) if event is not None else None
        if event is not None and soort is not None:
            key = (soort, FOLDS[soort].id_of(event))
            if key not in needed and type(event) not in _FIRST:
                old.add(key)
            needed.add(key)
    return needed, old


def changes(batch: Sequence[Recorded], stands: Mapping[Key, Stand]) -> Changes:
    """Apply a batch to its states. `stands` holds every state of `keys_of`; they are changed in place."""
    since, refused = batch[0].position, []
    touched: dict[Key, Stand] = {}
    for position, event in batch:
        if event is None:
            continue
        cls = type(event)
        if cls in weigering.EVENTS:
            refused.append(weigering.refusal(position, cls, dump(event)))
            continue
        soort = _SOORT.get(cls)
        if soort is None:
            continue
        key = (soort, FOLDS[soort].id_of(event))
        stand = touched[key] = stands[key]
        FOLDS[soort].apply(stand, position, cls, dump(event))
    begun = [stand for stand in touched.values() if stand.open]
    rows = [made for stand in begun for made in FOLDS[stand.soort].rows(stand, since)]
    losses = [lost for stand in begun for lost in FOLDS[stand.soort].losses(stand, since)]
    return Changes(since, batch[-1].position, begun, rows + refused, losses)
