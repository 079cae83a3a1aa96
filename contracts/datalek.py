"""Commands and events of a breach of personal data, from the moment that somebody knows of it.

Source: AVG art. 33, 34; Wpg art. 33a; Bgs art. 1.4.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.inhoud import INHOUD
from contracts.message import OPEN, Command, Event, Tijdstip
from contracts.signaal import NS
from contracts.waarden import Regel, Tekst, ZetelId

#: How likely it is that it does harm to persons. Source: AVG art. 33 lid 1, 34 lid 1.
Risico = Annotated[str, OPEN, Field(pattern="^(onwaarschijnlijk|risico|hoog-risico)$")]


class MeldDatalek(Command):
    """Report a breach to the contact point; nobody is refused this. `bekend_op`: when it was known: 72 hours run.

    `bij`: the seat whose data it is. `nummer`: the access that showed it. `aantal`: persons, as far as known.
    """

    TYPE: ClassVar = NS + "meld-datalek.v1"
    datalek_id: Annotated[UUID, OPEN]
    bij: Annotated[ZetelId, OPEN]
    bekend_op: Annotated[Tijdstip, OPEN]
    risico: Risico
    aantal: Annotated[int | None, OPEN, Field(ge=0)] = None
    nummer: Annotated[int | None, OPEN, Field(ge=1, le=2**53)] = None
    omschrijving: Annotated[Tekst, INHOUD]


class DatalekVastgesteld(Event):
    """A breach is known. `uiterlijk`: moment by which the supervisor must know; `contactpunten`: who is told here."""

    TYPE: ClassVar = NS + "datalek-vastgesteld.v1"
    datalek_id: Annotated[UUID, OPEN]
    bij: Annotated[ZetelId, OPEN]
    bekend_op: Annotated[Tijdstip, OPEN]
    risico: Annotated[str, OPEN]
    aantal: Annotated[int | None, OPEN] = None
    nummer: Annotated[int | None, OPEN] = None
    omschrijving: Annotated[Tekst, INHOUD]
    uiterlijk: Annotated[Tijdstip, OPEN]
    contactpunten: Annotated[tuple[ZetelId, ...], OPEN]


class LegToezichtmeldingVast(Command):
    """Record that the supervisor was told. `kenmerk`: its reference; `motivering`: why it came late, where it did."""

    TYPE: ClassVar = NS + "leg-toezichtmelding-vast.v1"
    datalek_id: Annotated[UUID, OPEN]
    kenmerk: Annotated[Regel, OPEN]
    motivering: Annotated[Tekst | None, INHOUD] = None


class ToezichtmeldingVastgelegd(Event):
    """The supervisor knows. `te_laat`: after 72 hours, with the reasons. Source: AVG art. 33 lid 1."""

    TYPE: ClassVar = NS + "toezichtmelding-vastgelegd.v1"
    datalek_id: Annotated[UUID, OPEN]
    kenmerk: Annotated[str, OPEN]
    motivering: Annotated[Tekst | None, INHOUD] = None
    te_laat: Annotated[bool, OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class ZieAfVanMelding(Command):
    """Decide, as the contact point, that harm is unlikely and the supervisor need not know; the reasons stay."""

    TYPE: ClassVar = NS + "zie-af-van-melding.v1"
    datalek_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, INHOUD]


class VanMeldingAfgezien(Event):
    """No report to the supervisor, on record with the reasons. Source: AVG art. 33 lid 1 and 5."""

    TYPE: ClassVar = NS + "van-melding-afgezien.v1"
    datalek_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, INHOUD]


class LegMededelingVast(Command):
    """Record that the persons were told. Source: AVG art. 34."""

    TYPE: ClassVar = NS + "leg-mededeling-vast.v1"
    datalek_id: Annotated[UUID, OPEN]
    wijze: Annotated[Tekst, INHOUD]


class MededelingVastgelegd(Event):
    """The persons know."""

    TYPE: ClassVar = NS + "mededeling-vastgelegd.v1"
    datalek_id: Annotated[UUID, OPEN]
    wijze: Annotated[Tekst, INHOUD]


class DatalekhandelingGeweigerd(Event):
    """The policy does not allow this step."""

    TYPE: ClassVar = NS + "datalekhandeling-geweigerd.v1"
    datalek_id: Annotated[UUID, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]
