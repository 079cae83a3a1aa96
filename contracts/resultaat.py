"""Results of a case: what was made of contributions, on whose data it rests, and whom it goes to.

Source: WGS art. 1.7, 2.20, 2.23 lid 8; Bgs art. 1.8, 1.10.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from contracts.codelijst import codelijst
from contracts.message import EIGEN, OPEN, Command, Event, Part
from contracts.signaal import NS, TERUGKOPPELING
from contracts.waarden import OVERIGE_FEITCATEGORIEEN, Tekst, Terugkoppelstatus, ZetelId

#: What a result may be of, beside what a single fact may be of.
RESULTAATCATEGORIEEN = frozenset({"interventieplan", "betrokken-deelnemers"})


def _resultaatcategorie(value: str) -> str:
    if value in RESULTAATCATEGORIEEN | OVERIGE_FEITCATEGORIEEN:
        return value
    return codelijst("gegevenscategorie").herleid(value)


Resultaatcategorie = Annotated[
    str, AfterValidator(_resultaatcategorie), StringConstraints(pattern="^[a-z0-9-]+$", max_length=60)
]
Doel = Annotated[str, OPEN, Field(pattern="^[a-z-]+$", max_length=60)]


class Onderdeel(Part):
    """A piece of a result under one data category. `bron`: the seat whose data it repeats, None for what is new.

    `betrokkene_id`: the person it is about; her key destroyed, the piece is gone.
    """

    categorie: Annotated[Resultaatcategorie, OPEN]
    bron: Annotated[ZetelId | None, OPEN] = None
    betrokkene_id: Annotated[UUID | None, OPEN] = None
    tekst: Annotated[Tekst, EIGEN]


class MaakResultaat(Command):
    """Make a result from contributions to the case, from earlier results, or both. Source: Bgs art. 1.8."""

    TYPE: ClassVar = NS + "maak-resultaat.v1"
    casus_id: Annotated[UUID, OPEN]
    resultaat_id: Annotated[UUID, OPEN]
    signalen: Annotated[tuple[UUID, ...], OPEN, Field(max_length=200)] = ()
    resultaten: Annotated[tuple[UUID, ...], OPEN, Field(max_length=50)] = ()
    onderdelen: Annotated[tuple[Onderdeel, ...], Field(min_length=1, max_length=50)]


class ResultaatGemaakt(Event):
    """A result exists. `herkomst`: every seat on whose data it rests, over all steps; worked out, never claimed.

    `herkomst_stappen`: the longest way back to a contribution. `signalen`: all contributions in its ancestry.
    """

    TYPE: ClassVar = NS + "resultaat-gemaakt.v1"
    casus_id: Annotated[UUID, OPEN]
    spoor: Annotated[str, OPEN]
    resultaat_id: Annotated[UUID, OPEN]
    signalen: Annotated[tuple[UUID, ...], OPEN]
    resultaten: Annotated[tuple[UUID, ...], OPEN]
    herkomst: Annotated[tuple[ZetelId, ...], OPEN]
    herkomst_stappen: Annotated[int, OPEN]
    onderdelen: tuple[Onderdeel, ...]


class ResultaatVastgelegd(Event):
    """The case has a result more; who may hold it is decided for each participant."""

    TYPE: ClassVar = NS + "resultaat-vastgelegd.v1"
    casus_id: Annotated[UUID, OPEN]
    resultaat_id: Annotated[UUID, OPEN]


class StemInMetVerstrekking(Command):
    """Consent, as a provider, to a result with one's own data going to one seat. Source: WGS art. 1.7 lid 3 and 8."""

    TYPE: ClassVar = NS + "stem-in-met-verstrekking.v1"
    resultaat_id: Annotated[UUID, OPEN]
    aan: Annotated[ZetelId, OPEN]


class InstemmingGegeven(Event):
    """A provider consented."""

    TYPE: ClassVar = NS + "instemming-gegeven.v1"
    resultaat_id: Annotated[UUID, OPEN]
    aan: Annotated[ZetelId, OPEN]


class TrekInstemmingIn(Command):
    """Take back one's consent."""

    TYPE: ClassVar = NS + "trek-instemming-in.v1"
    resultaat_id: Annotated[UUID, OPEN]
    aan: Annotated[ZetelId, OPEN]


class InstemmingIngetrokken(Event):
    """A provider took its consent back; what rested on it is decided anew."""

    TYPE: ClassVar = NS + "instemming-ingetrokken.v1"
    resultaat_id: Annotated[UUID, OPEN]
    aan: Annotated[ZetelId, OPEN]


class VerstrekAanDerde(Command):
    """Give a result to a seat outside the partnership. `rac_besluit`: reference of the decision of the committee.

    Source: WGS art. 1.7 lid 2 and 3.
    """

    TYPE: ClassVar = NS + "verstrek-aan-derde.v1"
    resultaat_id: Annotated[UUID, OPEN]
    naar: Annotated[ZetelId, OPEN]
    doel: Doel
    wettelijke_grond: Annotated[str, OPEN, Field(pattern="^[a-z0-9-]+$", max_length=60)]
    rac_besluit: Annotated[str | None, OPEN, Field(pattern="^[A-Za-z0-9][A-Za-z0-9./-]*$", max_length=60)] = None
    grond_van_ontvanger: Annotated[
        str, OPEN, Field(pattern="^(geen|publieke-taak|wettelijke-plicht|gerechtvaardigd-belang)$")
    ]


class VerstrekAanVerband(Command):
    """Give a result to a seat in another partnership. Source: WGS art. 1.7 lid 8, 2.20; Bgs art. 1.10."""

    TYPE: ClassVar = NS + "verstrek-aan-verband.v1"
    resultaat_id: Annotated[UUID, OPEN]
    naar: Annotated[ZetelId, OPEN]
    verband: Annotated[str, OPEN, Field(pattern="^(riec|zvh|fec)$")]
    daar_bekend: Annotated[bool, OPEN] = False
    interventies_afstemmen: Annotated[bool, OPEN] = False


class ResultaatVerstrekt(Event):
    """`ontvanger` holds these categories of the result from now on. `soort`: deelnemer, derde or verband.

    `afzender`: the seat that made or sent it, whoever caused this decision.

    `vooraf`: what the sender vouched for, as facts of the question. `per_bron`: the same categories by their source.
    """

    TYPE: ClassVar = NS + "resultaat-verstrekt.v1"
    verstrekking_id: Annotated[UUID, OPEN]
    resultaat_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    soort: Annotated[str, OPEN]
    afzender: Annotated[ZetelId, OPEN]
    doel: Annotated[str, OPEN]
    vooraf: Annotated[dict[str, str | bool], OPEN] = Field(default_factory=dict)
    categorieen: Annotated[tuple[str, ...], OPEN]
    per_bron: Annotated[dict[str, tuple[str, ...]], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class ResultaatGeweigerd(Event):
    """A result was not given to a seat, whole or for some categories."""

    TYPE: ClassVar = NS + "resultaat-geweigerd.v1"
    verstrekking_id: Annotated[UUID, OPEN]
    resultaat_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    soort: Annotated[str, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]


class ResultaatVervallen(Event):
    """The seat may not hold the result any longer, and is told so. `reden`: code."""

    TYPE: ClassVar = NS + "resultaat-vervallen.v1"
    verstrekking_id: Annotated[UUID, OPEN]
    resultaat_id: Annotated[UUID, OPEN]
    ontvanger: Annotated[ZetelId, OPEN]
    reden: Annotated[str, OPEN]


class KoppelResultaatTerug(Command):
    """Report what a result brought, or why nothing was done with it. Source: WGS art. 1.7 lid 4."""

    TYPE: ClassVar = NS + "koppel-resultaat-terug.v1"
    resultaat_id: Annotated[UUID, OPEN]
    status: Annotated[Terugkoppelstatus, OPEN]
    bericht: Annotated[Tekst, TERUGKOPPELING]


class ResultaatTeruggekoppeld(Event):
    """A recipient reported on a result."""

    TYPE: ClassVar = NS + "resultaat-teruggekoppeld.v1"
    resultaat_id: Annotated[UUID, OPEN]
    status: Annotated[Terugkoppelstatus, OPEN]
    bericht: Annotated[Tekst, TERUGKOPPELING]


class SluitResultaat(Command):
    """Close a result for oneself, after reporting on it."""

    TYPE: ClassVar = NS + "sluit-resultaat.v1"
    resultaat_id: Annotated[UUID, OPEN]


class ResultaatGesloten(Event):
    """A recipient is done with a result."""

    TYPE: ClassVar = NS + "resultaat-gesloten.v1"
    resultaat_id: Annotated[UUID, OPEN]
