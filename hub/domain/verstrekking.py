"""The disclosures of one signal: which seat holds what of it, outside a case and inside each case."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from contracts.message import Acted
from contracts.verstrekking import (
    BevestigOntvangst,
    OntvangstBevestigd,
    SignaalVerstrekt,
    VerstrekkingGeweigerd,
    VerstrekkingVervallen,
)
from hub.domain.oordeel import Onbekend, Oordeel

#: Why a disclosure ended of which its recipient may not know any longer that there was one.
VERTROUWELIJK = "vertrouwelijk"
VerstrekkingEvent = SignaalVerstrekt | VerstrekkingGeweigerd | VerstrekkingVervallen | OntvangstBevestigd


@dataclass(frozen=True, slots=True)
class Voorstel:
    """A disclosure that is asked for; `verstrekking_id` is fixed by signal, recipient and case."""

    signaal_id: UUID
    afzender: str
    ontvanger: str
    spoor: str
    doel: str
    casus_id: UUID | None = None
    betrokkenen: tuple[UUID, ...] | None = None
    omstandigheden: dict[str, str | bool | int] = field(default_factory=dict)
    gebonden_aan: UUID | None = None
    tot: datetime | None = None

    @property
    def verstrekking_id(self) -> UUID:
        return uuid5(self.signaal_id, f"{self.ontvanger}#{self.gebonden_aan or self.casus_id or ''}")


@dataclass(frozen=True, slots=True)
class Verstrekkingen:
    """What was disclosed and still holds, what ended, and what was last refused.

    `verzwegen`: ended without a word, for the signal became confidential; its recipient has nothing to acknowledge.
    """

    geldig: dict[UUID, SignaalVerstrekt] = field(default_factory=dict)
    vervallen: dict[UUID, str] = field(default_factory=dict)
    geweigerd: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    bevestigd: frozenset[UUID] = frozenset()
    verzwegen: dict[UUID, SignaalVerstrekt] = field(default_factory=dict)

    def houder(self, zetel: str) -> bool:
        """Whether a seat may act on the signal. What is bound to an emergency or a session is for reading only."""
        return bool(self.van(zetel))

    def van(self, zetel: str) -> list[SignaalVerstrekt]:
        """What a seat holds and may act on."""
        return [held for held in self.geldig.values() if held.ontvanger == zetel and held.gebonden_aan is None]

    def gebonden(self, id: UUID) -> list[SignaalVerstrekt]:
        """What lives with one emergency access or session."""
        return [held for held in self.geldig.values() if held.gebonden_aan == id]


def verstrek(
    state: Verstrekkingen,
    voorstel: Voorstel,
    oordeel: Oordeel,
    zetel: str,
    nu: datetime,
    *,
    gevraagd: bool = False,
    reden: str = "grondslag-vervallen",
) -> list[VerstrekkingEvent]:
    """Decide what `ontvanger` may hold from now on; where nothing changes, nothing is recorded.

    A refusal of some categories is recorded beside what is disclosed. `gevraagd`: a seat asked for exactly this,
    so that it is answered even where the same was refused before. `reden`: why it ends, where it does.
    Source: Wpg art. 32 lid 1.
    """
    given, refused = _given(voorstel, oordeel, zetel, nu), _refused(voorstel, oordeel, zetel, nu)
    held = state.geldig.get(voorstel.verstrekking_id)
    events: list[VerstrekkingEvent] = []
    if given.categorieen:
        if held is None or _holding(held) != _holding(given):
            events.append(given)
    elif held is not None:
        events += vervallen([held], reden, zetel, nu)
    refused_whole = gevraagd and not given.categorieen
    refused_before = state.geweigerd.get(voorstel.verstrekking_id) == oordeel.geweigerd
    if refused_whole or (oordeel.geweigerd and not refused_before):
        events.append(refused)
    return events


def _given(voorstel: Voorstel, oordeel: Oordeel, zetel: str, nu: datetime) -> SignaalVerstrekt:
    return SignaalVerstrekt(
        verstrekking_id=voorstel.verstrekking_id,
        signaal_id=voorstel.signaal_id,
        casus_id=voorstel.casus_id,
        ontvanger=voorstel.ontvanger,
        spoor=voorstel.spoor,
        doel=voorstel.doel,
        categorieen=oordeel.categorieen,
        per_bron=oordeel.per_bron,
        omstandigheden=voorstel.omstandigheden,
        betrokkenen=voorstel.betrokkenen,
        gebonden_aan=voorstel.gebonden_aan,
        tot=voorstel.tot,
        regels=oordeel.regels,
        grondslagen=oordeel.grondslagen,
        beleidsversie=oordeel.beleidsversie,
        zetel=zetel,
        tijdstip=nu,
    )


def _refused(voorstel: Voorstel, oordeel: Oordeel, zetel: str, nu: datetime) -> VerstrekkingGeweigerd:
    return VerstrekkingGeweigerd(
        verstrekking_id=voorstel.verstrekking_id,
        signaal_id=voorstel.signaal_id,
        casus_id=voorstel.casus_id,
        ontvanger=voorstel.ontvanger,
        spoor=voorstel.spoor,
        categorieen=oordeel.geweigerd,
        redenen=oordeel.redenen,
        regels=oordeel.weigerregels,
        alternatief=oordeel.alternatief,
        beleidsversie=oordeel.beleidsversie,
        zetel=zetel,
        tijdstip=nu,
    )


def vervallen(held: Sequence[SignaalVerstrekt], reden: str, zetel: str, nu: datetime) -> list[VerstrekkingEvent]:
    """End disclosures; each recipient must be told. Source: AVG art. 19; Bgs art. 1.7."""
    return [
        VerstrekkingVervallen(
            verstrekking_id=one.verstrekking_id,
            signaal_id=one.signaal_id,
            ontvanger=one.ontvanger,
            reden=reden,
            zetel=zetel,
            tijdstip=nu,
        )
        for one in held
    ]


def bevestig(state: Verstrekkingen, command: BevestigOntvangst, zetel: str, nu: datetime) -> list[VerstrekkingEvent]:
    """Acknowledge a disclosure, or that one has ended. Raises Onbekend."""
    held = state.geldig.get(command.verstrekking_id)
    ontvanger = held.ontvanger if held is not None else state.vervallen.get(command.verstrekking_id)
    if ontvanger != zetel:
        raise Onbekend
    if command.verstrekking_id in state.bevestigd:
        return []
    return [OntvangstBevestigd.recorded(command, Acted(zetel, nu))]


def evolve(state: Verstrekkingen, event: VerstrekkingEvent) -> Verstrekkingen:
    """Remember."""
    key = event.verstrekking_id
    match event:
        case SignaalVerstrekt():
            still_ended = {k: seat for k, seat in state.vervallen.items() if k != key}
            return replace(
                state,
                geldig=state.geldig | {key: event},
                vervallen=still_ended,
                bevestigd=state.bevestigd - {key},
                verzwegen={k: given for k, given in state.verzwegen.items() if k != key},
            )
        case VerstrekkingGeweigerd():
            return replace(state, geweigerd=state.geweigerd | {key: event.categorieen})
        case VerstrekkingVervallen(reden=reden) if reden == VERTROUWELIJK and key in state.geldig:
            held = {k: given for k, given in state.geldig.items() if k != key}
            return replace(state, geldig=held, verzwegen=state.verzwegen | {key: state.geldig[key]})
        case VerstrekkingVervallen():
            return replace(
                state,
                geldig={k: held for k, held in state.geldig.items() if k != key},
                vervallen=state.vervallen | {key: event.ontvanger},
                bevestigd=state.bevestigd - {key},
            )
        case OntvangstBevestigd():
            return replace(state, bevestigd=state.bevestigd | {key})


def replay(events: Sequence[VerstrekkingEvent]) -> Verstrekkingen:
    state = Verstrekkingen()
    for event in events:
        state = evolve(state, event)
    return state


def _holding(given: SignaalVerstrekt) -> tuple[object, ...]:
    return (given.categorieen, given.per_bron, given.betrokkenen, given.spoor, given.doel)
