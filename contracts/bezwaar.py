"""Weighty reasons of a provider against what is done with its data in a case. Source: WGS art. 1.5 lid 1, 1.7 lid 1."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.inhoud import INHOUD
from contracts.message import OPEN, Command, Event
from contracts.signaal import NS
from contracts.waarden import Tekst

#: `resultaten`: against passing on what rests on its data. `alles`: also against what can come from it alone.
Reikwijdte = Annotated[str, Field(pattern="^(resultaten|alles)$")]


class MaakBezwaar(Command):
    """Object as a provider. `motivering`: the weighty reasons, for oneself and for supervision alone."""

    TYPE: ClassVar = NS + "maak-bezwaar.v1"
    casus_id: Annotated[UUID, OPEN]
    reikwijdte: Annotated[Reikwijdte, OPEN]
    motivering: Annotated[Tekst, INHOUD]


class BezwaarGemaakt(Event):
    """A provider objects; disclosures are decided anew and nothing leaves the partnership meanwhile."""

    TYPE: ClassVar = NS + "bezwaar-gemaakt.v1"
    casus_id: Annotated[UUID, OPEN]
    reikwijdte: Annotated[str, OPEN]
    motivering: Annotated[Tekst, INHOUD]


class TrekBezwaarIn(Command):
    """End one's own objection."""

    TYPE: ClassVar = NS + "trek-bezwaar-in.v1"
    casus_id: Annotated[UUID, OPEN]


class BezwaarIngetrokken(Event):
    """The objection ended; disclosures are decided anew."""

    TYPE: ClassVar = NS + "bezwaar-ingetrokken.v1"
    casus_id: Annotated[UUID, OPEN]
