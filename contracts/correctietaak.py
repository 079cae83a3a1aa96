"""Commands and events of a correction task: somebody points a provider at an error in what it provided.

Only the provider corrects. Source: Bgs art. 1.7; AVG art. 16 en 19.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.inhoud import INHOUD
from contracts.message import OPEN, Command, Event
from contracts.signaal import NS
from contracts.waarden import Tekst, ZetelId


class WijsOpFout(Command):
    """Point the provider of a contribution at an error in these categories of it.

    `bijdrage_id`: number of the signal for what was first reported, else of the enrichment.
    """

    TYPE: ClassVar = NS + "wijs-op-fout.v1"
    signaal_id: Annotated[UUID, OPEN]
    correctietaak_id: Annotated[UUID, OPEN]
    bijdrage_id: Annotated[UUID, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN, Field(min_length=1, max_length=40)]
    toelichting: Annotated[Tekst, INHOUD]


class CorrectietaakGeopend(Event):
    """`voor`, the provider, is to look at it. `zetel`: who points at it."""

    TYPE: ClassVar = NS + "correctietaak-geopend.v1"
    signaal_id: Annotated[UUID, OPEN]
    correctietaak_id: Annotated[UUID, OPEN]
    bijdrage_id: Annotated[UUID, OPEN]
    voor: Annotated[ZetelId, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN]
    toelichting: Annotated[Tekst, INHOUD]


class WijsCorrectieAf(Command):
    """Say, as the provider, that it is right as it stands, and why."""

    TYPE: ClassVar = NS + "wijs-correctie-af.v1"
    signaal_id: Annotated[UUID, OPEN]
    correctietaak_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, INHOUD]


class CorrectieAfgewezen(Event):
    """The provider found no error; who pointed at it reads why."""

    TYPE: ClassVar = NS + "correctie-afgewezen.v1"
    signaal_id: Annotated[UUID, OPEN]
    correctietaak_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, INHOUD]


class SluitCorrectietaak(Command):
    """Close a task of one's own that led to a rectification. `eigen_bron_bericht`: the own source knows as well."""

    TYPE: ClassVar = NS + "sluit-correctietaak.v1"
    signaal_id: Annotated[UUID, OPEN]
    correctietaak_id: Annotated[UUID, OPEN]
    eigen_bron_bericht: Annotated[bool, OPEN]


class CorrectietaakGesloten(Event):
    """The error was put right, and every earlier recipient and the own source know of it."""

    TYPE: ClassVar = NS + "correctietaak-gesloten.v1"
    signaal_id: Annotated[UUID, OPEN]
    correctietaak_id: Annotated[UUID, OPEN]
    eigen_bron_bericht: Annotated[bool, OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class CorrectietaakGeweigerd(Event):
    """The task was not closed: somebody still works with the old value."""

    TYPE: ClassVar = NS + "correctietaak-geweigerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    correctietaak_id: Annotated[UUID, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]
