"""An action of a case: proposed, allowed once care is ready, carried out, evaluated."""

from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from contracts.brug import BrugBevestigd, BrugGeslagen
from contracts.casus import (
    BevestigZorgGeinformeerd,
    EvalueerInterventie,
    HandelingGeweigerd,
    InterventieGeevalueerd,
    InterventieGeweigerd,
    InterventieToegestaan,
    InterventieUitgevoerd,
    InterventieVoorgesteld,
    MeldInterventieUitgevoerd,
    StaInterventieToe,
    StelInterventieVoor,
    ZorgGeinformeerd,
)
from contracts.message import Acted, Command
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

InterventieCommand = (
    StelInterventieVoor | BevestigZorgGeinformeerd | StaInterventieToe | MeldInterventieUitgevoerd | EvalueerInterventie
)
InterventieEvent = (
    InterventieVoorgesteld
    | ZorgGeinformeerd
    | InterventieToegestaan
    | InterventieGeweigerd
    | InterventieUitgevoerd
    | InterventieGeevalueerd
    | BrugGeslagen
    | BrugBevestigd
)


@dataclass(frozen=True, slots=True)
class Interventie:
    """How far an action is: voorgesteld, toegestaan, uitgevoerd, geevalueerd. `uitvoerder`: the seat that acts.

    `wacht_op`: by bridge, the number of the last message that care has not confirmed.
    """

    ingrijpend: bool
    uitvoerder: str = ""
    stand: str = "voorgesteld"
    zorg_geinformeerd: bool = False
    wacht_op: dict[UUID, int] = field(default_factory=dict)

    @property
    def zorg_klaar(self) -> bool:
        """Care knows, and no warning to it is still unread. Source: document 003 L7075-7091."""
        return self.zorg_geinformeerd and not self.wacht_op


def decide(
    known: Interventie | None, command: InterventieCommand, who: Acted, zorg: bool, oordeel: Oordeel | None
) -> list[InterventieEvent | HandelingGeweigerd]:
    """Decide on an action. `known`: its state, None where it is new. Raises Onbekend, Strijdig."""
    if isinstance(command, StelInterventieVoor):
        if known is not None:
            raise Strijdig("Deze interventie is al voorgesteld.")
        return [InterventieVoorgesteld.recorded(command, who)]
    if known is None:
        raise Onbekend
    match command:
        case BevestigZorgGeinformeerd():
            if not zorg:
                return [InterventieGeweigerd.recorded(command, who, reden="alleen-de-zorg-bevestigt")]
            return [] if known.zorg_geinformeerd else [ZorgGeinformeerd.recorded(command, who)]
        case StaInterventieToe():
            return [_admitted(known, command, who, oordeel)]
        case MeldInterventieUitgevoerd():
            if known.stand != "toegestaan":
                return [_not_allowed_yet(command, who)]
            return [InterventieUitgevoerd.recorded(command, who)]
        case EvalueerInterventie():
            return [InterventieGeevalueerd.recorded(command, who)]
        case _:
            assert_never(command)


def _admitted(
    known: Interventie, command: StaInterventieToe, who: Acted, oordeel: Oordeel | None
) -> InterventieToegestaan | InterventieGeweigerd | HandelingGeweigerd:
    """Care first, then the powers of the seat that will act. Source: document 003 L7075-7091; WGS 1.3 lid 4."""
    if known.ingrijpend and not known.zorg_klaar:
        return InterventieGeweigerd.recorded(command, who, reden="zorg-niet-geinformeerd")
    if oordeel is not None and oordeel.geweigerd:
        return geweigerd(command, who, *oordeel.redenen, regels=oordeel.weigerregels, alternatief=oordeel.alternatief)
    return InterventieToegestaan.recorded(command, who)


def _not_allowed_yet(command: MeldInterventieUitgevoerd, who: Acted) -> InterventieGeweigerd:
    return InterventieGeweigerd.recorded(command, who, reden="nog-niet-toegestaan")


def evolve(known: dict[UUID, Interventie], event: InterventieEvent) -> dict[UUID, Interventie]:
    """Remember."""
    key = event.interventie_id
    match event:
        case InterventieVoorgesteld():
            return known | {key: Interventie(event.ingrijpend, event.uitvoerder)}
        case ZorgGeinformeerd():
            return known | {key: replace(known[key], zorg_geinformeerd=True)}
        case BrugGeslagen():
            open_yet = known[key].wacht_op | {event.brug_id: event.volgnummer}
            # Care is warned of something new: what was allowed before waits again.
            stand = "voorgesteld" if known[key].stand == "toegestaan" else known[key].stand
            return known | {key: replace(known[key], wacht_op=open_yet, stand=stand)}
        case BrugBevestigd():
            open_yet = {
                k: last for k, last in known[key].wacht_op.items() if (k, last) != (event.brug_id, event.volgnummer)
            }
            return known | {key: replace(known[key], zorg_geinformeerd=True, wacht_op=open_yet)}
        case InterventieToegestaan():
            return known | {key: replace(known[key], stand="toegestaan")}
        case InterventieUitgevoerd():
            return known | {key: replace(known[key], stand="uitgevoerd")}
        case InterventieGeevalueerd():
            return known | {key: replace(known[key], stand="geevalueerd")}
        case InterventieGeweigerd():
            return known


def geweigerd(command: Command, who: Acted, *reasons: str, **rules: object) -> HandelingGeweigerd:
    """What a seat asked of a case and did not get. `rules`: `regels` and `alternatief`, where the policy refused."""
    return HandelingGeweigerd.recorded(command, who, handeling=command.TYPE, redenen=reasons, **rules)
