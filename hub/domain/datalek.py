"""A breach of personal data: its clock of 72 hours, who was told, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.datalek import (
    DatalekhandelingGeweigerd,
    DatalekVastgesteld,
    LegMededelingVast,
    LegToezichtmeldingVast,
    MededelingVastgelegd,
    MeldDatalek,
    ToezichtmeldingVastgelegd,
    VanMeldingAfgezien,
    ZieAfVanMelding,
)
from contracts.message import Acted
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

#: Source: AVG art. 33 lid 1; Wpg art. 33a.
TERMIJN = timedelta(hours=72)
HOOG, ONWAARSCHIJNLIJK = "hoog-risico", "onwaarschijnlijk"
DatalekCommand = MeldDatalek | LegToezichtmeldingVast | ZieAfVanMelding | LegMededelingVast
DatalekEvent = DatalekVastgesteld | ToezichtmeldingVastgelegd | VanMeldingAfgezien | MededelingVastgelegd


@dataclass(frozen=True, slots=True)
class Datalek:
    """One breach, and what became of it."""

    vastgesteld: DatalekVastgesteld
    gemeld: ToezichtmeldingVastgelegd | None = None
    afgezien: VanMeldingAfgezien | None = None
    medegedeeld: MededelingVastgelegd | None = None

    def te_laat(self, nu: datetime) -> bool:
        """Whether the supervisor should have known by now and does not, or heard it late."""
        if self.gemeld is not None:
            return self.gemeld.te_laat
        return self.afgezien is None and nu > self.vastgesteld.uiterlijk

    @property
    def mededeling_nodig(self) -> bool:
        """Whether the persons must still be told. Source: AVG art. 34 lid 1."""
        return self.vastgesteld.risico == HOOG and self.medegedeeld is None

    def ziet(self, zetel: str) -> bool:
        """Whether a seat knows of it: who reported it, whose data it is, and the contact points."""
        known = self.vastgesteld
        return zetel in {known.zetel, known.bij, *known.contactpunten}


def stel_vast(
    state: Datalek | None, command: MeldDatalek, who: Acted, contactpunten: tuple[str, ...]
) -> DatalekVastgesteld:
    """Begin the clock. Raises Strijdig."""
    if state is not None:
        raise Strijdig("Dit datalek is al gemeld.")
    if command.bekend_op > who.tijdstip:
        raise Strijdig("Het tijdstip waarop het datalek bekend werd, ligt in de toekomst.")
    return DatalekVastgesteld.recorded(command, who, uiterlijk=command.bekend_op + TERMIJN, contactpunten=contactpunten)


def decide(
    state: Datalek | None,
    command: LegToezichtmeldingVast | ZieAfVanMelding | LegMededelingVast,
    who: Acted,
    oordeel: Oordeel,
) -> DatalekEvent | DatalekhandelingGeweigerd:
    """Decide on a step; the policy said who may, and whether a late report says why. Raises Onbekend, Strijdig."""
    if state is None or not state.ziet(who.zetel):
        raise Onbekend
    if not oordeel.categorieen:
        return DatalekhandelingGeweigerd.recorded(
            command,
            who,
            redenen=oordeel.redenen,
            regels=oordeel.weigerregels,
            alternatief=oordeel.alternatief,
            beleidsversie=oordeel.beleidsversie,
        )
    match command:
        case LegToezichtmeldingVast():
            if state.gemeld is not None:
                raise Strijdig("Dit datalek is al aan de toezichthouder gemeld.")
            return ToezichtmeldingVastgelegd.recorded(
                command,
                who,
                te_laat=who.tijdstip > state.vastgesteld.uiterlijk,
                regels=oordeel.regels,
                grondslagen=oordeel.grondslagen,
                beleidsversie=oordeel.beleidsversie,
            )
        case ZieAfVanMelding():
            return _zie_af(state, command, who)
        case LegMededelingVast():
            if state.medegedeeld is not None:
                raise Strijdig("De betrokkenen zijn al ingelicht.")
            return MededelingVastgelegd.recorded(command, who)


def _zie_af(state: Datalek, command: ZieAfVanMelding, who: Acted) -> VanMeldingAfgezien:
    if state.gemeld is not None or state.afgezien is not None:
        raise Strijdig("Over de melding van dit datalek is al beslist.")
    if state.vastgesteld.risico != ONWAARSCHIJNLIJK:
        raise Strijdig("Van melding wordt alleen afgezien als een risico voor personen onwaarschijnlijk is.")
    return VanMeldingAfgezien.recorded(command, who)


def replay(events: Sequence[DatalekEvent]) -> Datalek | None:
    """Remember."""
    state: Datalek | None = None
    for event in events:
        match event:
            case DatalekVastgesteld():
                state = Datalek(event)
            case ToezichtmeldingVastgelegd() if state is not None:
                state = replace(state, gemeld=event)
            case VanMeldingAfgezien() if state is not None:
                state = replace(state, afgezien=event)
            case MededelingVastgelegd() if state is not None:
                state = replace(state, medegedeeld=event)
    return state
