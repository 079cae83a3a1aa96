"""Commands and events of telling a person of her own accord that data of hers were disclosed, and of putting it off.

Source: AVG art. 14, 23; UAVG art. 41; Bgs art. 1.3.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.inhoud import INHOUD
from contracts.message import OPEN, Command, Event
from contracts.signaal import NS
from contracts.verzoek import Letter
from contracts.waarden import Tekst, ZetelId


class HoudKennisgevingAchter(Command):
    """Put off telling the person, on the ground that a participant found. `tot`: last day on which it is withheld.

    `deelnemer`: a provider of the signal, or the officer of justice. Source: UAVG art. 41; Bgs art. 1.3 lid 2.
    """

    TYPE: ClassVar = NS + "houd-kennisgeving-achter.v1"
    signaal_id: Annotated[UUID, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    letter: Annotated[Letter, OPEN]
    afweging: Annotated[Tekst, INHOUD]
    tot: Annotated[date, OPEN]


class KennisgevingAchtergehouden(Event):
    """Until `tot` the person is told nothing of this signal, also not when she asks."""

    TYPE: ClassVar = NS + "kennisgeving-achtergehouden.v1"
    signaal_id: Annotated[UUID, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    letter: Annotated[Letter, OPEN]
    afweging: Annotated[Tekst, INHOUD]
    tot: Annotated[date, OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    grondslagen: Annotated[tuple[str, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]


class KennisgevingGeweigerd(Event):
    """The policy does not allow to put it off."""

    TYPE: ClassVar = NS + "kennisgeving-geweigerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]


class GeefKennisgevingVrij(Command):
    """The ground is gone before its last day. Source: Bgs art. 1.3 lid 3."""

    TYPE: ClassVar = NS + "geef-kennisgeving-vrij.v1"
    signaal_id: Annotated[UUID, OPEN]


class KennisgevingVrijgegeven(Event):
    """The person may be told again."""

    TYPE: ClassVar = NS + "kennisgeving-vrijgegeven.v1"
    signaal_id: Annotated[UUID, OPEN]


class DoeKennisgeving(Command):
    """Record that the persons of a signal were told. Source: AVG art. 14."""

    TYPE: ClassVar = NS + "doe-kennisgeving.v1"
    signaal_id: Annotated[UUID, OPEN]


class KennisgevingGedaan(Event):
    """The persons of the signal know of the disclosures up to this moment."""

    TYPE: ClassVar = NS + "kennisgeving-gedaan.v1"
    signaal_id: Annotated[UUID, OPEN]
