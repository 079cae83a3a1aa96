"""How long a signal or case is kept, what puts its destruction off, and that it was destroyed.

Source: WGS art. 1.8 lid 7; Bgs art. 1.16; AVG art. 5 lid 1 onder e, art. 17.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.inhoud import INHOUD
from contracts.message import OPEN, Command, Event
from contracts.signaal import NS
from contracts.waarden import Regel, Spoor

SOORT = Field(pattern="^(signaal|casus)$")
CODE = Field(pattern="^[a-z0-9-]+$", max_length=60)


class StelVernietigingUit(Command):
    """Put the destruction of a signal or case off. `reden`: a code of the policy; `kenmerk`: of claim or request.

    `tot`: last day of it; None where only lifting it ends it.
    """

    TYPE: ClassVar = NS + "stel-vernietiging-uit.v1"
    onderwerp_id: Annotated[UUID, OPEN]
    soort: Annotated[str, OPEN, SOORT]
    uitstel_id: Annotated[UUID, OPEN]
    reden: Annotated[str, OPEN, CODE]
    kenmerk: Annotated[Regel, INHOUD]
    tot: Annotated[date | None, OPEN] = None


class VernietigingUitgesteld(Event):
    """Nothing of this signal or case is destroyed while this counts. Source: WGS art. 1.8 lid 7; AVG art. 17 lid 3."""

    TYPE: ClassVar = NS + "vernietiging-uitgesteld.v1"
    onderwerp_id: Annotated[UUID, OPEN]
    soort: Annotated[str, OPEN, SOORT]
    uitstel_id: Annotated[UUID, OPEN]
    reden: Annotated[str, OPEN]
    kenmerk: Annotated[Regel, INHOUD]
    tot: Annotated[date | None, OPEN] = None


class HefUitstelOp(Command):
    """End an own postponement; what is due by then is destroyed."""

    TYPE: ClassVar = NS + "hef-uitstel-op.v1"
    onderwerp_id: Annotated[UUID, OPEN]
    soort: Annotated[str, OPEN, SOORT]
    uitstel_id: Annotated[UUID, OPEN]


class UitstelOpgeheven(Event):
    """A postponement ended."""

    TYPE: ClassVar = NS + "uitstel-opgeheven.v1"
    onderwerp_id: Annotated[UUID, OPEN]
    soort: Annotated[str, OPEN, SOORT]
    uitstel_id: Annotated[UUID, OPEN]


class BeoordeelVernietiging(Command):
    """Judge whether what is due may go, where the law leaves that to a person. `herbezie_op`: when it is kept."""

    TYPE: ClassVar = NS + "beoordeel-vernietiging.v1"
    onderwerp_id: Annotated[UUID, OPEN]
    soort: Annotated[str, OPEN, SOORT]
    termijn: Annotated[str, OPEN, CODE]
    vernietigen: Annotated[bool, OPEN]
    reden: Annotated[str, OPEN, CODE]
    herbezie_op: Annotated[date | None, OPEN] = None


class VernietigingBeoordeeld(Event):
    """A person judged what was due under one term: it goes, or it stays until it is looked at again."""

    TYPE: ClassVar = NS + "vernietiging-beoordeeld.v1"
    onderwerp_id: Annotated[UUID, OPEN]
    soort: Annotated[str, OPEN, SOORT]
    termijn: Annotated[str, OPEN]
    vernietigen: Annotated[bool, OPEN]
    reden: Annotated[str, OPEN]
    herbezie_op: Annotated[date | None, OPEN] = None


class VernietigSignaal(Command):
    """Destroy a signal whose term is over. `termijn`: the term it rests on."""

    TYPE: ClassVar = NS + "vernietig-signaal.v1"
    signaal_id: Annotated[UUID, OPEN]
    termijn: Annotated[str, OPEN, CODE]


class WisSignaal(Command):
    """Erase an own signal at once that proved unfounded, or is of no more use. Source: AVG art. 5 lid 1, art. 17."""

    TYPE: ClassVar = NS + "wis-signaal.v1"
    signaal_id: Annotated[UUID, OPEN]


class SignaalVernietigd(Event):
    """The keys of a signal were destroyed: that it happened stays, what it said does not.

    `termijn`: the term it rests on, and `grondslag` its provision; `sleutels`: how many keys ended with this event;
    `spoor`: track it lay in; `vervalt_op`: day it was due; `regels`: rules that permitted it.
    """

    TYPE: ClassVar = NS + "signaal-vernietigd.v1"
    signaal_id: Annotated[UUID, OPEN]
    spoor: Annotated[Spoor, OPEN]
    termijn: Annotated[str, OPEN]
    grondslag: Annotated[str, OPEN]
    vervalt_op: Annotated[date, OPEN]
    sleutels: Annotated[int, OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]


class VernietigCasus(Command):
    """Destroy a case whose term is over. `termijn`: the term it rests on."""

    TYPE: ClassVar = NS + "vernietig-casus.v1"
    casus_id: Annotated[UUID, OPEN]
    termijn: Annotated[str, OPEN, CODE]


class CasusVernietigd(Event):
    """The keys of a case and of its results were destroyed; what others held in it lapsed. Fields as of a signal."""

    TYPE: ClassVar = NS + "casus-vernietigd.v1"
    casus_id: Annotated[UUID, OPEN]
    spoor: Annotated[Spoor, OPEN]
    termijn: Annotated[str, OPEN]
    grondslag: Annotated[str, OPEN]
    vervalt_op: Annotated[date, OPEN]
    sleutels: Annotated[int, OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]


class VernietigingGeweigerd(Event):
    """Something was not destroyed though it was asked: put off, or the policy refuses; it stays in the queue."""

    TYPE: ClassVar = NS + "vernietiging-geweigerd.v1"
    onderwerp_id: Annotated[UUID, OPEN]
    soort: Annotated[str, OPEN, SOORT]
    termijn: Annotated[str, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]


class VernieuwVerwerking(Command):
    """Keep a case beyond its term, two years at most. `instemming_van_bron`: who of the providers consents.

    Source: Bgs art. 1.16 lid 2 and 3.
    """

    TYPE: ClassVar = NS + "vernieuw-verwerking.v1"
    casus_id: Annotated[UUID, OPEN]
    grond: Annotated[str, OPEN, Field(pattern="^(complex-open|terugval-risico|anders)$")]
    maanden: Annotated[int, OPEN, Field(ge=1, le=120)]
    instemming_van_bron: Annotated[str, OPEN, Field(pattern="^(alle|deel|geen)$")]


class VerwerkingVernieuwd(Event):
    """A case is kept up to and including `tot`, and destroyed then."""

    TYPE: ClassVar = NS + "verwerking-vernieuwd.v1"
    casus_id: Annotated[UUID, OPEN]
    grond: Annotated[str, OPEN]
    maanden: Annotated[int, OPEN]
    tot: Annotated[date, OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]


class LegKopieVast(Command):
    """Record that a copy of data was made. `tijdvakken`: names of the key epochs it holds wrapped keys or keys of.

    `plaats`: where it lies, in words without personal data. `vernietigen_voor`: day by which it is gone.
    """

    TYPE: ClassVar = NS + "leg-kopie-vast.v1"
    kopie_id: Annotated[UUID, OPEN]
    kopiesoort: Annotated[str, OPEN, Field(pattern="^(database|sleutels|uitvoer)$")]
    tijdvakken: Annotated[tuple[str, ...], OPEN, Field(max_length=500)] = ()
    plaats: Annotated[str, OPEN, CODE]
    vernietigen_voor: Annotated[date, OPEN]


class KopieVastgelegd(Event):
    """There is a copy outside the database."""

    TYPE: ClassVar = NS + "kopie-vastgelegd.v1"
    kopie_id: Annotated[UUID, OPEN]
    kopiesoort: Annotated[str, OPEN]
    tijdvakken: Annotated[tuple[str, ...], OPEN] = ()
    plaats: Annotated[str, OPEN]
    vernietigen_voor: Annotated[date, OPEN]


class MeldKopieVernietigd(Command):
    """Record that a copy is gone."""

    TYPE: ClassVar = NS + "meld-kopie-vernietigd.v1"
    kopie_id: Annotated[UUID, OPEN]


class KopieVernietigd(Event):
    """A copy is gone."""

    TYPE: ClassVar = NS + "kopie-vernietigd.v1"
    kopie_id: Annotated[UUID, OPEN]


class TijdvaksleutelVernietigd(Event):
    """The key over all data keys of one epoch was destroyed; those of the living were wrapped anew before.

    `overgezet`: how many. From here on no copy of the database opens what was destroyed under that epoch.
    """

    TYPE: ClassVar = NS + "tijdvaksleutel-vernietigd.v1"
    tijdvak: Annotated[str, OPEN]
    overgezet: Annotated[int, OPEN]
