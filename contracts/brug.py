"""The narrow bridge from a case to a care seat: four fields over, one confirmation back.

No field of it is free text: what cannot be written cannot cross. Source: document 003 L7075-7091, L7861-7871.
"""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.message import OPEN, Command, Event, Gegeven, Part, Tijdstip
from contracts.signaal import NS
from contracts.waarden import ZetelId

VENSTER = Gegeven("venster")
MAATREGEL = Gegeven("veiligheidsmaatregel-nodig")
CONTACT = Gegeven("contactpersoon")
PSEUDONIEM = Gegeven("casus-pseudoniem")
Volgnummer = Annotated[int, Field(ge=1, le=10_000)]


class Venster(Part):
    """Between these moments something may happen for which care must be ready."""

    van: Annotated[Tijdstip, VENSTER]
    tot: Annotated[Tijdstip, VENSTER]

    @model_validator(mode="after")
    def _whole_period(self) -> Self:
        if self.tot <= self.van:
            raise ValueError("het venster eindigt na zijn begin")
        return self


class Contactpersoon(Part):
    """Whom care may call: a function as a code, never a name, and a number."""

    functie: Annotated[str, CONTACT, Field(pattern="^[a-z]+(-[a-z]+){0,3}$", max_length=40)]
    telefoon: Annotated[str, CONTACT, Field(pattern=r"^(06|0[1-9][0-9]{1,2})-[0-9]{6,8}$")]


class StuurBrugbericht(Command):
    """Warn a care seat outside the case. It gets neither the case, its track, its number nor who sent this.

    `interventie_id`: the action care must be ready for; it stays in the case.
    """

    TYPE: ClassVar = NS + "stuur-brugbericht.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    naar: Annotated[ZetelId, OPEN]
    venster: Venster
    veiligheidsmaatregel_nodig: Annotated[bool, MAATREGEL]
    contactpersoon: Contactpersoon


class BrugGeslagen(Event):
    """A bridge message left this case; care has not confirmed it yet. `volgnummer`: its number on that bridge."""

    TYPE: ClassVar = NS + "brug-geslagen.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    naar: Annotated[ZetelId, OPEN]
    brug_id: Annotated[UUID, OPEN]
    volgnummer: Annotated[int, OPEN]


class BrugberichtGestuurd(Event):
    """`naar` holds these four fields from now on, and nothing else of the case.

    `casus_pseudoniem`: made by the hub, another one for each recipient. `regels`, `grondslagen`: why it was allowed.
    """

    TYPE: ClassVar = NS + "brugbericht-gestuurd.v1"
    brug_id: Annotated[UUID, OPEN]
    volgnummer: Annotated[int, OPEN]
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    naar: Annotated[ZetelId, OPEN]
    casus_pseudoniem: Annotated[UUID, PSEUDONIEM]
    venster: Venster
    veiligheidsmaatregel_nodig: Annotated[bool, MAATREGEL]
    contactpersoon: Contactpersoon
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class BevestigBrugbericht(Command):
    """Confirm that care knows and is ready. `volgnummer`: of the message that was read."""

    TYPE: ClassVar = NS + "bevestig-brugbericht.v1"
    casus_pseudoniem: Annotated[UUID, PSEUDONIEM]
    volgnummer: Annotated[Volgnummer, OPEN]


class BrugberichtBevestigd(Event):
    """The care seat confirmed a bridge message."""

    TYPE: ClassVar = NS + "brugbericht-bevestigd.v1"
    brug_id: Annotated[UUID, OPEN]
    volgnummer: Annotated[int, OPEN]


class BrugBevestigd(Event):
    """Care outside the case knows of the action; all that ever comes back over the bridge."""

    TYPE: ClassVar = NS + "brug-bevestigd.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    brug_id: Annotated[UUID, OPEN]
    volgnummer: Annotated[int, OPEN]
