"""A result of a case: on whose data it rests, who consented to its leaving, and who holds what of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from contracts.message import Acted
from contracts.resultaat import (
    InstemmingGegeven,
    InstemmingIngetrokken,
    KoppelResultaatTerug,
    MaakResultaat,
    ResultaatGemaakt,
    ResultaatGesloten,
    ResultaatGeweigerd,
    ResultaatTeruggekoppeld,
    ResultaatVerstrekt,
    ResultaatVervallen,
    StemInMetVerstrekking,
    TrekInstemmingIn,
)
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

ResultaatEvent = (
    ResultaatGemaakt
    | InstemmingGegeven
    | InstemmingIngetrokken
    | ResultaatVerstrekt
    | ResultaatGeweigerd
    | ResultaatVervallen
    | ResultaatTeruggekoppeld
    | ResultaatGesloten
)
DEELNEMER, DERDE, VERBAND = "deelnemer", "derde", "verband"


class Herkomst(NamedTuple):
    """What a result rests on. `stappen`: the longest way back to a contribution."""

    zetels: frozenset[str]
    signalen: frozenset[UUID]
    stappen: int


NERGENS = Herkomst(frozenset(), frozenset(), 0)


@dataclass(frozen=True, slots=True)
class Resultaat:
    """What the next decision needs to know; never the words.

    `onderdelen`: categories by the seat they come from. `instemmingen`: by recipient, the providers that consented.
    """

    maker: str | None = None
    casus_id: UUID | None = None
    herkomst: Herkomst = NERGENS
    onderdelen: dict[str, frozenset[str]] = field(default_factory=dict)
    instemmingen: dict[str, frozenset[str]] = field(default_factory=dict)
    geldig: dict[UUID, ResultaatVerstrekt] = field(default_factory=dict)
    geweigerd: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    teruggekoppeld: frozenset[str] = frozenset()
    gesloten: frozenset[str] = frozenset()

    def houdt(self, zetel: str) -> dict[str, frozenset[str]]:
        """The categories by source that a seat holds; its maker holds all."""
        if zetel == self.maker:
            return self.onderdelen
        held: dict[str, frozenset[str]] = {}
        for given in self.geldig.values():
            for bron, categories in given.per_bron.items() if given.ontvanger == zetel else ():
                held[bron] = held.get(bron, frozenset()) | frozenset(categories)
        return held

    def instemming(self, aan: str, afzender: str) -> str:
        """Whether every provider consented to this recipient: alle, deel or geen. Who sends consents by sending."""
        asked = self.herkomst.zetels - {afzender}
        given = self.instemmingen.get(aan, frozenset()) & asked
        if given == asked:
            return "alle"
        return "deel" if given else "geen"


@dataclass(frozen=True, slots=True)
class Voorstel:
    """A result that is to go to a seat. `afzender`: who made or sends it. `vooraf`: what the sender vouched for."""

    resultaat_id: UUID
    ontvanger: str
    soort: str
    afzender: str
    doel: str
    vooraf: dict[str, str | bool] = field(default_factory=dict)

    @property
    def verstrekking_id(self) -> UUID:
        return uuid5(self.resultaat_id, f"{self.soort}#{self.ontvanger}")


def herkomst(maker: Iterable[str], signalen: dict[UUID, frozenset[str]], ouders: Iterable[Resultaat]) -> Herkomst:
    """All seats a new result rests on: the providers of every contribution, and all of every result before it.

    `maker`: the seat that makes it, for it may add what it knows; none where it acts for the participants.
    """
    before = tuple(ouders)
    return Herkomst(
        frozenset(maker).union(*signalen.values(), *(one.herkomst.zetels for one in before)),
        frozenset(signalen).union(*(one.herkomst.signalen for one in before)),
        1 + max((one.herkomst.stappen for one in before), default=0),
    )


def maak(
    resultaat: Resultaat, command: MaakResultaat, rust_op: Herkomst, spoor: str, zetel: str, nu: datetime
) -> ResultaatGemaakt:
    """Make. `spoor`: track of the case. Raises Strijdig."""
    if resultaat.maker is not None:
        raise Strijdig("Dit resultaat bestaat al.")
    if not rust_op.signalen:
        raise Strijdig("Een resultaat rust op ten minste een bijdrage aan de casus.")
    if any(part.bron is not None and part.bron not in rust_op.zetels for part in command.onderdelen):
        raise Strijdig("Een onderdeel noemt als bron een zetel waarop dit resultaat niet rust.")
    return ResultaatGemaakt.recorded(
        command,
        Acted(zetel, nu),
        spoor=spoor,
        signalen=tuple(sorted(rust_op.signalen)),
        herkomst=tuple(sorted(rust_op.zetels)),
        herkomst_stappen=rust_op.stappen,
    )


def stem(
    resultaat: Resultaat, command: StemInMetVerstrekking | TrekInstemmingIn, zetel: str, nu: datetime
) -> list[ResultaatEvent]:
    """Consent or take it back; for who provided data alone. Raises Onbekend."""
    if zetel not in resultaat.herkomst.zetels:
        raise Onbekend
    given = zetel in resultaat.instemmingen.get(command.aan, frozenset())
    if isinstance(command, StemInMetVerstrekking):
        return [] if given else [InstemmingGegeven.recorded(command, Acted(zetel, nu))]
    return [InstemmingIngetrokken.recorded(command, Acted(zetel, nu))] if given else []


def verstrek(
    state: Resultaat, voorstel: Voorstel, oordeel: Oordeel, zetel: str, nu: datetime, *, gevraagd: bool = False
) -> list[ResultaatEvent]:
    """What `ontvanger` holds from now on; where nothing changes nothing is recorded, unless a seat asked for it."""
    held, who = state.geldig.get(voorstel.verstrekking_id), Acted(zetel, nu)
    known = {name: getattr(voorstel, name) for name in ("verstrekking_id", "resultaat_id", "ontvanger", "soort")}
    per_bron = {seat: tuple(sorted(allowed)) for seat, allowed in oordeel.per_bron.items() if allowed}
    events: list[ResultaatEvent] = []
    if per_bron and (held is None or held.per_bron != per_bron or held.vooraf != voorstel.vooraf):
        rules = {"regels": oordeel.regels, "grondslagen": oordeel.grondslagen, "beleidsversie": oordeel.beleidsversie}
        more = {
            "afzender": voorstel.afzender,
            "doel": voorstel.doel,
            "vooraf": voorstel.vooraf,
            "categorieen": oordeel.categorieen,
        }
        events.append(ResultaatVerstrekt(**known, **more, **rules, per_bron=per_bron, **who._asdict()))
    elif not per_bron and held is not None:
        events += vervallen([held], "grondslag-vervallen", zetel, nu)
    before = state.geweigerd.get(voorstel.verstrekking_id)
    if oordeel.geweigerd and (before != oordeel.geweigerd or (gevraagd and not per_bron)):
        events.append(
            ResultaatGeweigerd(
                **known,
                categorieen=oordeel.geweigerd,
                redenen=oordeel.redenen,
                regels=oordeel.weigerregels,
                alternatief=oordeel.alternatief,
                beleidsversie=oordeel.beleidsversie,
                **who._asdict(),
            )
        )
    return events


def vervallen(held: Iterable[ResultaatVerstrekt], reden: str, zetel: str, nu: datetime) -> list[ResultaatEvent]:
    """End what seats hold; each is told."""
    return [ResultaatVervallen.recorded(one, Acted(zetel, nu), reden=reden) for one in held]


def koppel_terug(state: Resultaat, command: KoppelResultaatTerug, zetel: str, nu: datetime) -> list[ResultaatEvent]:
    """For who holds it by disclosure. Raises Onbekend. Source: WGS art. 1.7 lid 4."""
    if not any(one.ontvanger == zetel for one in state.geldig.values()):
        raise Onbekend
    return [ResultaatTeruggekoppeld.recorded(command, Acted(zetel, nu))]


def evolve(state: Resultaat, event: ResultaatEvent) -> Resultaat:
    """Remember."""
    match event:
        case ResultaatGemaakt():
            held: dict[str, frozenset[str]] = {}
            for part in event.onderdelen:
                seat = part.bron or event.zetel
                held[seat] = held.get(seat, frozenset()) | {part.categorie}
            source = Herkomst(frozenset(event.herkomst), frozenset(event.signalen), event.herkomst_stappen)
            return Resultaat(event.zetel, event.casus_id, source, held)
        case InstemmingGegeven() | InstemmingIngetrokken():
            given = state.instemmingen.get(event.aan, frozenset()) - {event.zetel}
            if isinstance(event, InstemmingGegeven):
                given |= {event.zetel}
            return replace(state, instemmingen=state.instemmingen | {event.aan: given})
        case ResultaatVerstrekt():
            return replace(state, geldig=state.geldig | {event.verstrekking_id: event})
        case ResultaatVervallen():
            still = {key: held for key, held in state.geldig.items() if key != event.verstrekking_id}
            return replace(state, geldig=still)
        case ResultaatGeweigerd():
            return replace(state, geweigerd=state.geweigerd | {event.verstrekking_id: event.categorieen})
        case ResultaatTeruggekoppeld():
            return replace(state, teruggekoppeld=state.teruggekoppeld | {event.zetel})
        case ResultaatGesloten():
            return replace(state, gesloten=state.gesloten | {event.zetel})


def replay(events: Sequence[ResultaatEvent]) -> Resultaat:
    state = Resultaat()
    for event in events:
        state = evolve(state, event)
    return state
