"""Whether another partnership has the same: how often a seat asked on a day, and what one question came to; pure.

Source: WGS art. 1.7 lid 8; Bgs art. 1.10.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.casus import HandelingGeweigerd
from contracts.message import Acted
from contracts.navraag import DoeNavraag, NavraagBeantwoord, NavraagGedaan, Vindplaats
from hub.domain.oordeel import Oordeel, Strijdig

NavraagEvent = NavraagGedaan | NavraagBeantwoord

#: All that can be learned: whether there is a match.
TREFFER = "hit"
_DAGEN = uuid5(NAMESPACE_URL, "https://signaalhub.nl/navragen")


@dataclass(frozen=True, slots=True)
class Navragen:
    """The questions in one stream, by number: of a seat on a day, or the other bank of one question."""

    gedaan: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Vrager:
    """From where is asked. `contactpunt`: of the own partnership in the case, None where it takes no part."""

    spoor: str
    doel: str
    coordinator: str | None
    contactpunt: str | None


@dataclass(frozen=True, slots=True)
class Vondst:
    """A case of the asked partnership that has it, and what the policy says of telling so."""

    casus_id: UUID
    signaal_id: UUID
    coordinator: str
    oordeel: Oordeel

    @property
    def gegeven(self) -> bool:
        """Whether it may be told."""
        return TREFFER in self.oordeel.categorieen


def navragen_of(zetel: str, dag: date) -> UUID:
    """The stream of the questions of a seat on a day: who writes to it at once with another counts again."""
    return uuid5(_DAGEN, f"{zetel}#{dag.isoformat()}")


def navraag_of(navraag_id: UUID) -> UUID:
    """The stream of the other bank of a question."""
    return uuid5(navraag_id, "navraag")


def vraag(
    eerder: Navragen, command: DoeNavraag, who: Acted, vrager: Vrager, oordeel: Oordeel, vondsten: Sequence[Vondst]
) -> tuple[NavraagGedaan, NavraagBeantwoord] | HandelingGeweigerd:
    """What is learned, and what the other side sees of it; a refusal where it could not be asked. Raises Strijdig.

    What may not be told is the same answer as what is not there. `eerder`: of the other bank of this number.
    """
    if eerder.gedaan:
        raise Strijdig("Dit nummer is al voor een andere navraag gebruikt.")
    if TREFFER not in oordeel.categorieen:
        return _geweigerd(command, who, oordeel)
    found = any(one.gegeven for one in vondsten)
    gedaan = NavraagGedaan.recorded(
        command,
        who,
        spoor=vrager.spoor,
        treffer=found,
        coordinator=vrager.coordinator,
        ontvanger=who.zetel,
        doel=vrager.doel,
        categorieen=(TREFFER,),
        regels=oordeel.regels,
        grondslagen=oordeel.grondslagen,
        beleidsversie=oordeel.beleidsversie,
    )
    told = NavraagBeantwoord.recorded(
        command,
        Acted(command.contactpunt, who.tijdstip),
        spoor=vrager.spoor,
        van=vrager.contactpunt,
        treffer=found,
        vindplaatsen=tuple(map(_vindplaats, vondsten)),
        beleidsversie=oordeel.beleidsversie,
    )
    return gedaan, told


def _vindplaats(found: Vondst) -> Vindplaats:
    said = found.oordeel
    return Vindplaats(
        casus_id=found.casus_id,
        signaal_id=found.signaal_id,
        coordinator=found.coordinator,
        gegeven=found.gegeven,
        redenen=() if found.gegeven else said.redenen,
        regels=said.regels if found.gegeven else said.weigerregels,
    )


def _geweigerd(command: DoeNavraag, who: Acted, oordeel: Oordeel) -> HandelingGeweigerd:
    return HandelingGeweigerd.recorded(
        command,
        who,
        handeling=command.TYPE,
        redenen=oordeel.redenen,
        regels=oordeel.weigerregels,
        alternatief=oordeel.alternatief,
    )


def evolve(navragen: Navragen, event: NavraagEvent) -> Navragen:
    """Remember."""
    return replace(navragen, gedaan=navragen.gedaan | {event.navraag_id})


def replay(events: Sequence[NavraagEvent]) -> Navragen:
    navragen = Navragen()
    for event in events:
        navragen = evolve(navragen, event)
    return navragen
