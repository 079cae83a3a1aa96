"""A subscription: whose it is, of what it tells, and whether it is to be brought now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from contracts.abonnement import (
    WEBHOOK,
    AbonnementBeeindigd,
    AbonnementBevestigd,
    AbonnementGenomen,
    AbonnementGeschorst,
    AbonnementGeweigerd,
    AbonnementGewijzigd,
    AbonnementHervat,
    BeeindigAbonnement,
    Filters,
    HervatAbonnement,
    NeemAbonnement,
    SchorsAbonnement,
    WijzigAbonnement,
)
from contracts.message import Acted
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

AANGEVRAAGD, ACTIEF, GESCHORST, BEEINDIGD = "aangevraagd", "actief", "geschorst", "beeindigd"
RECHT_VERVALLEN, OP_VERZOEK = "recht-vervallen", "op-verzoek"
SCHORSREDENEN = frozenset({"handdruk-geweigerd", "antwoord-410", "onbereikbaar", RECHT_VERVALLEN, OP_VERZOEK})

AbonnementCommand = NeemAbonnement | WijzigAbonnement | BeeindigAbonnement | SchorsAbonnement | HervatAbonnement
AbonnementEvent = (
    AbonnementGenomen
    | AbonnementGewijzigd
    | AbonnementBeeindigd
    | AbonnementHervat
    | AbonnementBevestigd
    | AbonnementGeschorst
)


@dataclass(frozen=True, slots=True)
class Abonnement:
    """A subscription as it stands. `per_minuut`: calls the address allows, None for any number.

    `status`: aangevraagd (a webhook that has not agreed yet), actief, geschorst or beeindigd. `reden`: of suspension.
    `autorisatie`: a secret; it goes to the address and nowhere else. `grondgebied`: the regions of the seat today,
    None for the whole country; filled in by who reads, for no event says it.
    """

    abonnement_id: UUID
    zetel: str
    bezorgwijze: str
    filters: Filters
    terugbeladres: str | None
    autorisatie: str | None
    status: str
    per_minuut: int | None = None
    reden: str | None = None
    grondgebied: frozenset[str] | None = None

    def __repr__(self) -> str:
        """Without the secret, so that no log gets it."""
        return f"Abonnement({self.abonnement_id}, {self.zetel}, {self.bezorgwijze}, {self.status})"


def van(state: Abonnement | None, zetel: str) -> Abonnement:
    """One's own subscription; another's is as one that does not exist. Raises Onbekend."""
    if state is None or state.zetel != zetel:
        raise Onbekend
    return state


def decide(
    state: Abonnement | None, command: AbonnementCommand, who: Acted, oordeel: Callable[[Filters], Oordeel]
) -> list[AbonnementEvent | AbonnementGeweigerd]:
    """Decide; `oordeel` is asked whether these filters are allowed. Raises Onbekend, Strijdig."""
    match command:
        case NeemAbonnement():
            if state is not None:
                van(state, who.zetel)
                raise Strijdig("Dit abonnement bestaat al; wijzig het, of neem een ander nummer.")
            return [_allowed(AbonnementGenomen, command, who, oordeel(command.filters))]
        case WijzigAbonnement():
            known = _running(van(state, who.zetel))
            if _same(known, command):
                return []
            return [_allowed(AbonnementGewijzigd, command, who, oordeel(command.filters))]
        case BeeindigAbonnement():
            if van(state, who.zetel).status == BEEINDIGD:
                return []
            return [AbonnementBeeindigd.recorded(command, who)]
        case SchorsAbonnement():
            return [*schors(_running(van(state, who.zetel)), OP_VERZOEK, who)]
        case HervatAbonnement():
            known = _running(van(state, who.zetel))
            if known.status != GESCHORST:
                return []
            return [_allowed(AbonnementHervat, command, who, oordeel(known.filters))]


def _running(state: Abonnement) -> Abonnement:
    if state.status == BEEINDIGD:
        raise Strijdig("Dit abonnement is beeindigd; neem een nieuw.")
    return state


def _same(state: Abonnement, command: WijzigAbonnement) -> bool:
    return all(getattr(state, name) == getattr(command, name) for name in WijzigAbonnement.model_fields)


def _allowed(
    kind: type[AbonnementGenomen | AbonnementGewijzigd | AbonnementHervat],
    command: AbonnementCommand,
    who: Acted,
    oordeel: Oordeel,
) -> AbonnementEvent | AbonnementGeweigerd:
    if oordeel.categorieen and not oordeel.geweigerd:
        return kind.recorded(
            command,
            who,
            regels=oordeel.regels,
            grondslagen=oordeel.grondslagen,
            beleidsversie=oordeel.beleidsversie,
        )
    return AbonnementGeweigerd.recorded(
        command,
        who,
        redenen=oordeel.redenen,
        regels=oordeel.weigerregels,
        alternatief=oordeel.alternatief,
        beleidsversie=oordeel.beleidsversie,
    )


def bevestig(state: Abonnement | None, per_minuut: int | None, who: Acted) -> list[AbonnementEvent]:
    """The address agreed; nothing where it was not asked for any longer."""
    if state is None or state.status != AANGEVRAAGD:
        return []
    return [AbonnementBevestigd(abonnement_id=state.abonnement_id, per_minuut=per_minuut, **who._asdict())]


def schors(state: Abonnement | None, reden: str, who: Acted) -> list[AbonnementEvent]:
    """Stop bringing, once. Raises ValueError where `reden` is none of SCHORSREDENEN."""
    if reden not in SCHORSREDENEN:
        raise ValueError(f"{reden} is geen reden om een abonnement te schorsen")
    if state is None or state.status not in (AANGEVRAAGD, ACTIEF):
        return []
    return [AbonnementGeschorst(abonnement_id=state.abonnement_id, reden=reden, **who._asdict())]


def evolve(state: Abonnement | None, event: AbonnementEvent) -> Abonnement | None:
    """Remember."""
    if isinstance(event, AbonnementGenomen):
        return _as_asked(event.zetel, event)
    if state is None:
        return None
    match event:
        case AbonnementGewijzigd():
            return _changed(state, _as_asked(state.zetel, event))
        case AbonnementBeeindigd():
            return replace(state, status=BEEINDIGD, reden=None, autorisatie=None)
        case AbonnementHervat():
            return replace(state, status=_begin(state.bezorgwijze), reden=None, per_minuut=None)
        case AbonnementBevestigd():
            return replace(state, status=ACTIEF, per_minuut=event.per_minuut)
        case AbonnementGeschorst():
            return replace(state, status=GESCHORST, reden=event.reden)


def _as_asked(zetel: str, event: AbonnementGenomen | AbonnementGewijzigd) -> Abonnement:
    return Abonnement(
        event.abonnement_id,
        zetel,
        event.bezorgwijze,
        event.filters,
        event.terugbeladres,
        event.autorisatie,
        _begin(event.bezorgwijze),
    )


def _changed(before: Abonnement, now: Abonnement) -> Abonnement:
    """The same way and address need not agree again; what is suspended stays so until it is resumed."""
    if before.status == GESCHORST:
        return replace(now, status=GESCHORST, reden=before.reden)
    if (before.bezorgwijze, before.terugbeladres) == (now.bezorgwijze, now.terugbeladres):
        return replace(now, status=before.status, per_minuut=before.per_minuut)
    return now


def _begin(bezorgwijze: str) -> str:
    return AANGEVRAAGD if bezorgwijze == WEBHOOK else ACTIEF


def replay(events: Sequence[AbonnementEvent]) -> Abonnement | None:
    state: Abonnement | None = None
    for event in events:
        state = evolve(state, event)
    return state
