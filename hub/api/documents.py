"""The shapes of what the reading doors answer, for the documentation; the views hold exactly these fields."""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.brug import Contactpersoon, Venster
from contracts.message import Tijdstip
from hub.api.answers import Antwoord
from hub.handling.explain import Uitleg


class Verstrekkingsgrond(Antwoord):
    """Why this seat holds it; `verstrekkingId` is what it acknowledges."""

    verstrekking_id: UUID
    doel: str
    casus_id: UUID | None
    categorieen: tuple[str, ...]
    grondslagen: tuple[str, ...]
    regels: tuple[str, ...]
    vervallen: dict[str, Any] | None
    bevestigd: Tijdstip | None


class Bijdragebeeld(Antwoord):
    """What one provider put in, as far as this seat may hold it; a hidden field is absent."""

    bijdrage_id: UUID
    zetel: str
    soort: str
    tijdstip: Tijdstip
    inhoud: dict[str, Any]


class Stuk(Antwoord):
    """Something said about the signal, such as feedback or a passing on."""

    nummer: str
    soort: str
    zetel: str | None = None
    tijdstip: Tijdstip
    inhoud: dict[str, Any]


class Terugkoppelstand(Antwoord):
    """What a reporter was told last of its signal. `status`: a code of the list terugkoppelstatus."""

    status: str
    op: Tijdstip
    veilige_tekst: str | None = None


class SignaalBeeld(Antwoord):
    """One signal as one seat may see it. `terugroepingen`: corrections of it that this seat has yet to answer.

    `terugkoppelstand`: what this seat was told of what became of it, where it passed it on.
    """

    signaal_id: UUID
    zetel: str
    status: str
    spoor: str
    regio: str
    sinds: Tijdstip
    gewijzigd_positie: int
    terugroepingen: tuple[UUID, ...]
    terugkoppelstand: Terugkoppelstand | None = None
    verstrekkingen: tuple[Verstrekkingsgrond, ...]
    bijdragen: tuple[Bijdragebeeld, ...]
    stukken: tuple[Stuk, ...]


class Signalenlijst(Antwoord):
    """A page; `volgende`: cursor of the next one."""

    signalen: tuple[SignaalBeeld, ...]
    volgende: int | None


class CasusRegel(Antwoord):
    """A case in a list."""

    casus_id: UUID
    spoor: str
    regio: str
    doel: str
    status: str
    fase: int
    embargo: bool
    embargo_herbezie_op: date | None
    embargo_herziening_verstreken: bool
    deelnemers: tuple[str, ...]


class CasusBeeld(CasusRegel):
    """One case as one participant may see it."""

    regie: str | None
    tijdlijn: tuple[dict[str, Any], ...]
    bijdragen: tuple[SignaalBeeld, ...]


class Casuslijst(Antwoord):
    """A page of cases."""

    casussen: tuple[CasusRegel, ...]
    volgende: int | None


class Ontvangerregel(Antwoord):
    """One disclosure of a signal of one's own."""

    verstrekking_id: UUID
    ontvanger: str
    sinds: Tijdstip
    spoor: str
    doel: str
    categorieen: tuple[str, ...]
    grondslagen: tuple[str, ...]
    vervallen: dict[str, Any] | None
    bevestigd: Tijdstip | None


class Ontvangerlijst(Antwoord):
    """Who holds, or held, the signal."""

    ontvangers: tuple[Ontvangerregel, ...]


class Uitlegregel(Antwoord):
    """Why one category of one contribution is shown or hidden."""

    signaal_id: UUID
    verstrekker: str
    categorie: str
    zichtbaar: bool
    regels: tuple[str, ...]
    grondslagen: tuple[str, ...]
    zin: str
    alternatief: str | None

    @classmethod
    def of(cls, line: Uitleg) -> "Uitlegregel":
        return cls.model_validate(line, from_attributes=True)


class Uitleglijst(Antwoord):
    """The explanation of a case for one seat."""

    uitleg: tuple[Uitlegregel, ...]


class Bruginhoud(Antwoord):
    """All that crosses to care; absent where its key was destroyed."""

    casus_pseudoniem: UUID | None = None
    venster: Venster | None = None
    veiligheidsmaatregel_nodig: bool | None = None
    contactpersoon: Contactpersoon | None = None


class Brugberichtbeeld(Antwoord):
    """One bridge message; `volgnummer` is what its recipient confirms."""

    volgnummer: int
    gestuurd_op: Tijdstip
    bevestigd_op: Tijdstip | None
    inhoud: Bruginhoud = Bruginhoud()
    gewijzigd_positie: int


class Brugberichtenlijst(Antwoord):
    """A page of bridge messages."""

    brugberichten: tuple[Brugberichtbeeld, ...]
    volgende: int | None


class Lijst(Antwoord):
    """A page of records of one's own."""

    items: tuple[dict[str, Any], ...]
    volgende: int | None


class Overlegbeeld(Antwoord):
    """A session as one seat lived it. `aanwezig`: who is in the room now, by layer; empty once the seat has left.

    `verloop`, `acties`: what happened while the seat was in the room; `agenda`: the signals it put there itself.
    `casussen`: for the chair. `inhoud`: the words of each action, by its number.
    """

    overleg_id: UUID
    tafel: str
    regio: str
    voorzitter: str
    geopend_op: Tijdstip
    status: str
    aanwezig: dict[str, int]
    casussen: tuple[UUID, ...]
    agenda: tuple[dict[str, Any], ...]
    verloop: tuple[dict[str, Any], ...]
    acties: tuple[dict[str, Any], ...]
    inhoud: dict[str, Any] | None = None
    gewijzigd_positie: int
