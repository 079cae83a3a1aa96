"""Feedback as a duty: who received a signal tells who passed it on what became of it, or says nothing for now.

Source: documents 001 L7126, 003 L7675-7679, L9510-9522.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.message import OPEN, Command, Event, Tijdstip
from contracts.signaal import NS
from contracts.waarden import Spoor, Terugkoppelstatus, ZetelId

STAP = Field(pattern="^(ontvangst|opvolging|afronding)$")
AANHOUDREDEN = Field(pattern="^(onthouden-strafrechtelijk-onderzoek|onthouden-privacy)$")
#: What the reporter reads where feedback is withheld: the same words for every reason.
VEILIGE_TEKST = "De melding is in behandeling. Meer kan nu niet worden gezegd."
#: What the reporter reads as state beside those words.
VEILIGE_STATUS = "ontvangstbevestiging"


class TerugkoppelingVerschuldigd(Event):
    """`ontvanger` owes `melder`, who passed the signal on to it, feedback. `stap`: what is first due, at `uiterlijk`.

    `spoor`: track in which it was passed on. `toezicht`: the seats that see whether it is given.
    """

    TYPE: ClassVar = NS + "terugkoppeling-verschuldigd.v1"
    terugkoppeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    spoor: Annotated[Spoor, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    melder: Annotated[ZetelId, OPEN]
    toezicht: Annotated[tuple[ZetelId, ...], OPEN]
    stap: Annotated[str, OPEN, STAP]
    uiterlijk: Annotated[Tijdstip, OPEN]


class TerugkoppelingGegeven(Event):
    """The reporter was told how it stands, in words or by what `ontvanger` recorded.

    `status`: code of the list terugkoppelstatus. `stap`, `uiterlijk`: what is due next, None where nothing is.
    """

    TYPE: ClassVar = NS + "terugkoppeling-gegeven.v1"
    terugkoppeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    melder: Annotated[ZetelId, OPEN]
    status: Annotated[Terugkoppelstatus, OPEN]
    stap: Annotated[str | None, OPEN, STAP] = None
    uiterlijk: Annotated[Tijdstip | None, OPEN] = None


class HoudTerugkoppelingAan(Command):
    """Say nothing for now, for a lawful reason. `herbezien_op`: the day on which it is due again."""

    TYPE: ClassVar = NS + "houd-terugkoppeling-aan.v1"
    signaal_id: Annotated[UUID, OPEN]
    terugkoppeling_id: Annotated[UUID, OPEN]
    aanhoudreden: Annotated[str, OPEN, AANHOUDREDEN]
    herbezien_op: Annotated[date, OPEN]


class TerugkoppelingAangehouden(Event):
    """Feedback is withheld; the reporter reads words that are the same for every reason. Source: 003 L9518-9522.

    `bron`: where the policy says that it may be.
    """

    TYPE: ClassVar = NS + "terugkoppeling-aangehouden.v1"
    terugkoppeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    melder: Annotated[ZetelId, OPEN]
    aanhoudreden: Annotated[str, OPEN, AANHOUDREDEN]
    herbezien_op: Annotated[date, OPEN]
    bron: Annotated[str, OPEN]


class TerugkoppelingHervat(Event):
    """The day to look again has come: feedback is due once more. The reporter does not hear of it."""

    TYPE: ClassVar = NS + "terugkoppeling-hervat.v1"
    terugkoppeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    stap: Annotated[str, OPEN, STAP]
    uiterlijk: Annotated[Tijdstip, OPEN]


class TerugkoppelingHerinnerd(Event):
    """What was due was not given in time; `ontvanger` is reminded. `escaleren_op`: when it goes to `toezicht`."""

    TYPE: ClassVar = NS + "terugkoppeling-herinnerd.v1"
    terugkoppeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    stap: Annotated[str, OPEN, STAP]
    escaleren_op: Annotated[Tijdstip, OPEN]


class TerugkoppelingGeescaleerd(Event):
    """It was not given after the reminder either; those that see to it are to act."""

    TYPE: ClassVar = NS + "terugkoppeling-geescaleerd.v1"
    terugkoppeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    toezicht: Annotated[tuple[ZetelId, ...], OPEN]


class TerugkoppelingVervallen(Event):
    """Nothing is due any more: the signal is gone, or one of both may not know of it. `reden`: code."""

    TYPE: ClassVar = NS + "terugkoppeling-vervallen.v1"
    terugkoppeling_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    reden: Annotated[str, OPEN, Field(pattern="^[a-z-]+$", max_length=60)]
