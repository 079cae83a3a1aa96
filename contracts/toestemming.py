"""Commands and events of consent: of the person, or of a provider for its own data."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.inhoud import INHOUD
from contracts.message import OPEN, Command, Event
from contracts.signaal import NS
from contracts.waarden import Tekst, ZetelId

VORM = Field(pattern="^(mondeling|schriftelijk|uitdrukkelijk)$")
DOOR = Field(pattern="^(slachtoffer|ouder|voogd|verstrekker)$")


class LegToestemmingVast(Command):
    """Record consent. `ontvangers`: the seats it names; `door`: who consented; `geldig_tot`: last day.

    Source: AVG art. 6 lid 1 onder a, 7, 9 lid 2 onder a; WGS art. 1.7 lid 3.
    """

    TYPE: ClassVar = NS + "leg-toestemming-vast.v1"
    toestemming_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID | None, OPEN] = None
    door: Annotated[str, OPEN, DOOR]
    vorm: Annotated[str, OPEN, VORM]
    ontvangers: Annotated[tuple[ZetelId, ...], OPEN, Field(min_length=1, max_length=40)]
    geldig_tot: Annotated[date | None, OPEN] = None
    toelichting: Annotated[Tekst | None, INHOUD] = None


class ToestemmingGegeven(Event):
    """Consent is on record."""

    TYPE: ClassVar = NS + "toestemming-gegeven.v1"
    toestemming_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID | None, OPEN] = None
    door: Annotated[str, OPEN]
    vorm: Annotated[str, OPEN]
    ontvangers: Annotated[tuple[ZetelId, ...], OPEN]
    geldig_tot: Annotated[date | None, OPEN] = None
    toelichting: Annotated[Tekst | None, INHOUD] = None


class LegToestemmingsweigeringVast(Command):
    """Record that consent was asked and refused."""

    TYPE: ClassVar = NS + "leg-toestemmingsweigering-vast.v1"
    toestemming_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID | None, OPEN] = None
    door: Annotated[str, OPEN, DOOR]
    ontvangers: Annotated[tuple[ZetelId, ...], OPEN, Field(max_length=40)] = ()
    toelichting: Annotated[Tekst | None, INHOUD] = None


class ToestemmingGeweigerd(Event):
    """Consent was asked and refused."""

    TYPE: ClassVar = NS + "toestemming-geweigerd.v1"
    toestemming_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID | None, OPEN] = None
    door: Annotated[str, OPEN]
    ontvangers: Annotated[tuple[ZetelId, ...], OPEN] = ()
    toelichting: Annotated[Tekst | None, INHOUD] = None


class TrekToestemmingIn(Command):
    """Withdraw consent. Source: AVG art. 7 lid 3."""

    TYPE: ClassVar = NS + "trek-toestemming-in.v1"
    toestemming_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]


class ToestemmingIngetrokken(Event):
    """Consent ended; what rested on it alone lapses and its recipients are told."""

    TYPE: ClassVar = NS + "toestemming-ingetrokken.v1"
    toestemming_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
