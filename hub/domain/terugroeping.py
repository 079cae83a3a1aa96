"""Recalls of one signal: who ever held what was corrected, who is told, and who answered.

Source: AVG art. 19; Wpg art. 28; Bgs art. 1.7.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID, uuid5

from contracts.message import BESLOTEN, EIGEN, OPEN, Acted, Part, category_of
from contracts.terugroeping import (
    BevestigTerugroeping,
    TerugroepingAangehouden,
    TerugroepingBevestigd,
    TerugroepingGeescaleerd,
    TerugroepingGestuurd,
    TerugroepingHerinnerd,
)
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingVervallen
from hub.domain.oordeel import Onbekend
from hub.domain.terugroeptermijn import Momenten
from hub.domain.verstrekking import VerstrekkingEvent

TerugroepingEvent = (
    TerugroepingGestuurd
    | TerugroepingAangehouden
    | TerugroepingBevestigd
    | TerugroepingHerinnerd
    | TerugroepingGeescaleerd
)


class Deel(NamedTuple):
    """A piece of a contribution as it is disclosed: a category, of one person or of none."""

    categorie: str
    betrokkene: UUID | None


@dataclass(frozen=True, slots=True)
class Correctie:
    """What one recipient is to hear of one correction. `kenmerk`: names the correction beside the signal's number."""

    kenmerk: str
    aard: str
    ontvanger: str
    bronnen: tuple[str, ...]
    categorieen: tuple[str, ...]
    betrokkenen: tuple[UUID, ...] | None = None
    reden: str | None = None


@dataclass(frozen=True, slots=True)
class Terugroepingen:
    """All recalls of a signal. `aangehouden`: of whom may not be told now."""

    gestuurd: dict[UUID, TerugroepingGestuurd] = field(default_factory=dict)
    aangehouden: dict[UUID, TerugroepingAangehouden] = field(default_factory=dict)
    bevestigd: frozenset[UUID] = frozenset()
    geescaleerd: frozenset[UUID] = frozenset()
    herinnerd: frozenset[UUID] = frozenset()

    @property
    def open(self) -> dict[UUID, TerugroepingGestuurd]:
        """Those that were not answered yet."""
        return {key: sent for key, sent in self.gestuurd.items() if key not in self.bevestigd}


def delen(inhoud: Part, betrokkene: UUID | None = None) -> Iterator[tuple[Deel, tuple[object, ...]]]:
    """Every disclosable piece of a content with what it says; what belongs together in it stays together."""
    betrokkene = getattr(inhoud, "betrokkene_id", betrokkene)
    said: dict[str, list[object]] = {}
    for name in type(inhoud).model_fields:
        value, category = getattr(inhoud, name), category_of(type(inhoud), name)
        if value is None or value == () or category in (OPEN.categorie, BESLOTEN.categorie):
            continue
        if category is None:
            for inner in value if isinstance(value, tuple) else (value,):
                yield from delen(inner, betrokkene)
            continue
        own = str(getattr(inhoud, "categorie")) if category == EIGEN.categorie else category  # noqa: B009
        said.setdefault(own, []).append((name, value))
    for category, values in said.items():
        yield Deel(category, betrokkene), (type(inhoud).__name__, *values)


def veranderd(before: Part, now: Part) -> frozenset[Deel]:
    """The pieces that do not say the same any more, those that came and went among them."""
    old, new = _said(before), _said(now)
    return frozenset(deel for deel in old.keys() | new.keys() if old.get(deel) != new.get(deel))


def _said(inhoud: Part) -> dict[Deel, list[str]]:
    said: dict[Deel, list[str]] = {}
    for deel, values in delen(inhoud):
        said.setdefault(deel, []).append(repr(values))
    return {deel: sorted(values) for deel, values in said.items()}


def per_bron(given: SignaalVerstrekt, eigenaar: str) -> dict[str, frozenset[str]]:
    """The categories of a disclosure per provider; one that names no provider speaks of the registering seat."""
    if not given.per_bron:
        return {eigenaar: frozenset(given.categorieen)}
    return {bron: frozenset(own) for bron, own in given.per_bron.items()}


def ooit_gehouden(
    verstrekkingen: Sequence[VerstrekkingEvent], eigenaar: str, bron: str, delen: Iterable[Deel], sinds: datetime
) -> dict[str, frozenset[Deel]]:
    """Which seats held which of these pieces of one provider at some moment from `sinds`, the moment it was put in."""
    pieces, held = frozenset(delen), dict[str, frozenset[Deel]]()
    for given, until in _periods(verstrekkingen):
        if until is not None and until < sinds:
            continue
        named = per_bron(given, eigenaar).get(bron, frozenset())
        got = frozenset(one for one in pieces if one.categorie in named and _about(given, one.betrokkene))
        if got and given.ontvanger != bron:
            held[given.ontvanger] = held.get(given.ontvanger, frozenset()) | got
    return held


def ooit_ontvangen(verstrekkingen: Sequence[VerstrekkingEvent], eigenaar: str) -> dict[str, dict[str, frozenset[str]]]:
    """All that seats ever held of a signal: by recipient, the categories per provider."""
    held: dict[str, dict[str, frozenset[str]]] = {}
    for given, _ in _periods(verstrekkingen):
        of_seat = held.setdefault(given.ontvanger, {})
        for bron, categories in per_bron(given, eigenaar).items():
            of_seat[bron] = of_seat.get(bron, frozenset()) | categories
    return held


def _periods(verstrekkingen: Sequence[VerstrekkingEvent]) -> Iterator[tuple[SignaalVerstrekt, datetime | None]]:
    """Each disclosure as it stood, and the moment it ended or was replaced; None where it still stands."""
    courses: dict[UUID, list[SignaalVerstrekt | VerstrekkingVervallen]] = {}
    for event in verstrekkingen:
        if isinstance(event, SignaalVerstrekt | VerstrekkingVervallen):
            courses.setdefault(event.verstrekking_id, []).append(event)
    for course in courses.values():
        for one, after in pairwise(course):
            if isinstance(one, SignaalVerstrekt):
                yield one, after.tijdstip
        if isinstance(course[-1], SignaalVerstrekt):
            yield course[-1], None


def _about(given: SignaalVerstrekt, betrokkene: UUID | None) -> bool:
    return betrokkene is None or given.betrokkenen is None or betrokkene in given.betrokkenen


def verloren(
    given: SignaalVerstrekt, now: SignaalVerstrekt | None, eigenaar: str
) -> tuple[dict[str, frozenset[str]], tuple[UUID, ...] | None]:
    """What a disclosure gave that it does not give now, per provider; and which persons, where only persons went."""
    before = per_bron(given, eigenaar)
    after = per_bron(now, eigenaar) if now is not None else {}
    gone = {bron: left for bron, had in before.items() if (left := had - after.get(bron, frozenset()))}
    if gone or now is None or now.betrokkenen is None:
        return gone, None
    if given.betrokkenen is None:
        return before, ()
    persons = tuple(sorted(set(given.betrokkenen) - set(now.betrokkenen)))
    return (before, persons) if persons else ({}, None)


def stuur(
    state: Terugroepingen,
    signaal_id: UUID,
    correctie: Correctie,
    who: Acted,
    toezicht: tuple[str, ...],
    voor: Momenten,
    *,
    aangehouden: bool,
) -> list[TerugroepingEvent]:
    """Tell one recipient, or hold it back; nothing where it was told of this correction before."""
    correctie_id = uuid5(signaal_id, correctie.kenmerk)
    id = uuid5(correctie_id, correctie.ontvanger)
    if id in state.gestuurd or id in state.aangehouden:
        return []
    known: dict[str, object] = {
        "terugroeping_id": id,
        "correctie_id": correctie_id,
        "signaal_id": signaal_id,
        "aard": correctie.aard,
        "ontvanger": correctie.ontvanger,
        "bronnen": correctie.bronnen,
        "categorieen": correctie.categorieen,
        "betrokkenen": correctie.betrokkenen,
        "reden": correctie.reden,
        **who._asdict(),
    }
    if aangehouden:
        return [TerugroepingAangehouden.model_validate(known)]
    return [TerugroepingGestuurd.model_validate({**known, "toezicht": toezicht, **voor._asdict()})]


def alsnog(
    held_back: TerugroepingAangehouden, who: Acted, toezicht: tuple[str, ...], voor: Momenten
) -> TerugroepingGestuurd:
    """Tell what was held back."""
    fields = {name: getattr(held_back, name) for name in TerugroepingAangehouden.model_fields}
    return TerugroepingGestuurd.model_validate({**fields, **who._asdict(), "toezicht": toezicht, **voor._asdict()})


def bevestig(state: Terugroepingen, command: BevestigTerugroeping, zetel: str, nu: datetime) -> list[TerugroepingEvent]:
    """Answer a recall. Raises Onbekend."""
    sent = state.gestuurd.get(command.terugroeping_id)
    if sent is None or sent.ontvanger != zetel:
        raise Onbekend
    if command.terugroeping_id in state.bevestigd:
        return []
    return [TerugroepingBevestigd.recorded(command, Acted(zetel, nu))]


def te_laat(state: Terugroepingen, who: Acted) -> list[TerugroepingEvent]:
    """The recalls without an answer whose term is over, or nearly, each once; of what is over nobody is reminded."""
    events: list[TerugroepingEvent] = []
    for key, sent in state.open.items():
        if sent.bevestigen_voor <= who.tijdstip:
            if key not in state.geescaleerd:
                events.append(TerugroepingGeescaleerd.recorded(sent, who))
        elif sent.herinneren_op is not None and sent.herinneren_op <= who.tijdstip and key not in state.herinnerd:
            events.append(TerugroepingHerinnerd.recorded(sent, who))
    return events


def evolve(state: Terugroepingen, event: TerugroepingEvent) -> Terugroepingen:
    """Remember."""
    key = event.terugroeping_id
    match event:
        case TerugroepingGestuurd():
            waiting = {id: one for id, one in state.aangehouden.items() if id != key}
            return replace(state, gestuurd=state.gestuurd | {key: event}, aangehouden=waiting)
        case TerugroepingAangehouden():
            return replace(state, aangehouden=state.aangehouden | {key: event})
        case TerugroepingBevestigd():
            return replace(state, bevestigd=state.bevestigd | {key})
        case TerugroepingHerinnerd():
            return replace(state, herinnerd=state.herinnerd | {key})
        case TerugroepingGeescaleerd():
            return replace(state, geescaleerd=state.geescaleerd | {key})


def replay(events: Sequence[TerugroepingEvent]) -> Terugroepingen:
    state = Terugroepingen()
    for event in events:
        state = evolve(state, event)
    return state


def all_of(held: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """All categories of all providers together, in order."""
    return tuple(sorted(frozenset().union(*held.values())))
