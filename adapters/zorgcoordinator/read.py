"""Dossier rows of a care coordinator, as a workbook (XLSX) or as CSV; often without name or BSN.

A row is a contact moment. It brings a signal when it names a form of exploitation, and consent or refusal when it
names seats. Source: AVG art. 6 lid 1 onder a, 7, 9 lid 2 onder a.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from adapters.files import Line, csv_rows, xlsx_rows
from adapters.intake import RecordAdapter, event, record_id
from adapters.native import (
    Bestemming,
    Dag,
    Geslacht,
    Hoedanigheid,
    Indicator,
    Leeftijdsopgave,
    Meldkanaal,
    Moment,
    NativeBsn,
    NativeRecord,
    Plaatstype,
    Regio,
    Urgentie,
    Verleden,
    Vorm,
    Zekerheid,
    facts,
    parts,
)
from contracts.cloudevents import CloudEvent
from contracts.inhoud import Betrokkene, Feit, Locatie, SignaalInhoud, Signaalmelding
from contracts.signaal import RegistreerSignaal
from contracts.toestemming import LegToestemmingsweigeringVast, LegToestemmingVast
from contracts.waarden import Regel, Tekst, ZetelId

NAME = "zorgcoordinator"
BRON = "urn:nld:oin:00000099000000005000:systeem:zc-dossier"

_LEEFTIJD = re.compile(r"(\d{1,3})(?: bij ([a-z0-9-]+))?(?: op ([0-9-]+))?")
_ROL = re.compile(r"([a-z -]+?)(?: vanaf ([0-9-]+))?(?: tot ([0-9-]+))?")


def _cell_of_several(value: object) -> object:
    return tuple(parts(value)) if isinstance(value, str) else value


def _ages(value: object) -> object:
    """`17 bij waarneming op 2025-03-04 | 18`"""
    if not isinstance(value, str):
        return value
    found = [_LEEFTIJD.fullmatch(part.lower()) for part in parts(value)]
    if None in found:
        raise ValueError("een leeftijd staat er als: 17 bij waarneming op 2025-03-04")
    return tuple(
        {"jaren": int(age[1]), "peilmoment": age[2] or "onbekend", "peildatum": age[3]} for age in found if age
    )


def _roles(value: object) -> object:
    """`vermoedelijk-slachtoffer vanaf 2025-03-04 | ronselaar`"""
    if not isinstance(value, str):
        return value
    found = [_ROL.fullmatch(part.lower()) for part in parts(value)]
    if None in found:
        raise ValueError("een hoedanigheid staat er als: vermoedelijk-slachtoffer vanaf 2025-03-04")
    return tuple({"rol": role[1], "van": role[2], "tot": role[3]} for role in found if role)


class Dossierregel(NativeRecord):
    """One contact moment of a dossier.

    `regelnummer`: tells rows of one dossier apart, the first needs none. `bij_signaal`: number or identifier of the
    signal that consent is about, this row's own where absent. `toestemming`: in the client's words.
    """

    dossiernummer: Regel
    regelnummer: Regel | None = None
    contactdatum: Moment | None = None
    contact: Regel | None = None
    toestemming: Regel | None = None
    afspraak: Regel | None = None
    toelichting: Tekst | None = None
    regio: Regio
    bestemming: Bestemming = Field(default="zorg en registratie", validate_default=True)
    kanaal: Meldkanaal | None = None
    urgentie: Urgentie | None = None
    clientnummer: Regel | None = None
    naam: Regel | None = None
    aliassen: Annotated[tuple[Regel, ...], BeforeValidator(_cell_of_several)] = ()
    geboortedatum: Verleden | None = None
    geslacht: Geslacht | None = None
    nationaliteit: Regel | None = None
    bsn: NativeBsn | None = None
    bereikbaar: Annotated[tuple[Regel, ...], BeforeValidator(_cell_of_several)] = ()
    leeftijden: Annotated[tuple[Leeftijdsopgave, ...], BeforeValidator(_ages)] = ()
    hoedanigheden: Annotated[tuple[Hoedanigheid, ...], BeforeValidator(_roles)] = ()
    uitbuitingsvorm: Annotated[tuple[Vorm, ...], BeforeValidator(_cell_of_several)] = ()
    zekerheid: Zekerheid = "onbekend"
    signalen: Annotated[tuple[Indicator, ...], BeforeValidator(_cell_of_several)] = ()
    adres: Regel | None = None
    plaats: Regel | None = None
    soort_plaats: Plaatstype | None = None
    verblijfplaats: Regel | None = None
    gezondheid: Tekst | None = None
    verblijfsstatus: Tekst | None = None
    hulp: Tekst | None = None
    bij_signaal: Regel | None = None
    toestemmingsnummer: Regel | None = None
    toestemming_door: Literal["slachtoffer", "ouder", "voogd", "verstrekker"] = "slachtoffer"
    toestemming_vorm: Literal["mondeling", "schriftelijk", "uitdrukkelijk"] | None = None
    toestemming_voor: Annotated[tuple[ZetelId, ...], Field(max_length=40), BeforeValidator(_cell_of_several)] = ()
    toestemming_tot: Dag | None = None
    weigering: Literal["ja", "nee"] = "nee"
    weigering_voor: Annotated[tuple[ZetelId, ...], Field(max_length=40), BeforeValidator(_cell_of_several)] = ()

    @model_validator(mode="after")
    def _row_says_something(self) -> Self:
        if not (self.uitbuitingsvorm or self.gives_consent or self.refuses):
            raise ValueError("deze regel bevat geen uitbuitingsvorm, geen toestemming en geen weigering")
        return self

    @model_validator(mode="after")
    def _consent_is_whole(self) -> Self:
        if self.gives_consent and not (self.toestemming_vorm and self.toestemming_voor):
            raise ValueError("toestemming noemt altijd een vorm en een of meer ontvangers")
        return self

    @model_validator(mode="after")
    def _signal_or_reference(self) -> Self:
        if not self.uitbuitingsvorm and self.bij_signaal is None:
            raise ValueError("een regel zonder uitbuitingsvorm noemt bij welk signaal de toestemming hoort")
        return self

    @property
    def gives_consent(self) -> bool:
        return bool(self.toestemming_vorm or self.toestemming_voor)

    @property
    def refuses(self) -> bool:
        return self.weigering == "ja" or bool(self.weigering_voor)

    @property
    def kenmerk(self) -> str:
        return f"{self.dossiernummer}/{self.regelnummer}" if self.regelnummer else self.dossiernummer

    @property
    def person(self) -> str:
        return self.clientnummer or self.dossiernummer


def _client(record: Dossierregel, bron: str) -> Betrokkene:
    return Betrokkene(
        betrokkene_id=record_id(bron, "betrokkene", record.person),
        naam=record.naam,
        aliassen=record.aliassen,
        geboortedatum=record.geboortedatum,
        geslacht=record.geslacht,
        nationaliteit=record.nationaliteit,
        bsn=record.bsn,
        bereikbaar=record.bereikbaar,
        rollen=tuple(item.rolperiode() for item in record.hoedanigheden),
        leeftijden=tuple(item.leeftijd() for item in record.leeftijden),
    )


def _feiten(record: Dossierregel, bron: str) -> tuple[Feit, ...]:
    care = {
        "contact": record.contact,
        "toestemming": record.toestemming,
        "afspraak": record.afspraak,
        "hulp": record.hulp,
    }
    person = record.person
    return (
        *facts("begeleiding-zorg-hulp", care, bron=bron, persoon=person),
        *facts("gezondheid", {"gezondheid": record.gezondheid}, bron=bron, persoon=person),
        *facts("verblijfsstatus", {"verblijfsstatus": record.verblijfsstatus}, bron=bron, persoon=person),
        # Where a sheltered person stays is sealed; it is never a place of the signal.
        *facts("opvangadres", {"verblijfplaats": record.verblijfplaats}, bron=bron),
    )


def _signal(record: Dossierregel, bron: str) -> CloudEvent:
    place = Locatie(adres=record.adres, plaats=record.plaats, soort=record.soort_plaats)
    inhoud = SignaalInhoud(
        vormen=record.uitbuitingsvorm,
        zekerheid=record.zekerheid,
        indicatoren=record.signalen,
        toelichting=record.toelichting,
        waargenomen_op=record.contactdatum,
        betrokkenen=(_client(record, bron),),
        locaties=(place,) if place != Locatie() else (),
        feiten=_feiten(record, bron),
    )
    melding = Signaalmelding(
        kenmerk=record.kenmerk,
        spoor=record.bestemming,
        regio=record.regio,
        meldkanaal=record.kanaal,
        urgentie=record.urgentie,
        inhoud=inhoud,
    )
    command = RegistreerSignaal(signaal_id=record_id(bron, "signaal", record.kenmerk), melding=melding)
    return event(command, bron=bron, soort="signaal", kenmerk=record.kenmerk, tijd=record.contactdatum)


def _consents(record: Dossierregel, bron: str) -> Iterator[CloudEvent]:
    signaal_id = record_id(bron, "signaal", record.bij_signaal or record.kenmerk)
    betrokkene_id = record_id(bron, "betrokkene", record.person)
    number = record.toestemmingsnummer or record.kenmerk
    # Refusal takes a number of its own where one row both consents and refuses.
    refusal = f"{number}/weigering" if record.gives_consent else number
    if record.gives_consent and record.toestemming_vorm:
        given = LegToestemmingVast(
            toestemming_id=record_id(bron, "toestemming", number),
            signaal_id=signaal_id,
            betrokkene_id=betrokkene_id,
            door=record.toestemming_door,
            vorm=record.toestemming_vorm,
            ontvangers=record.toestemming_voor,
            geldig_tot=record.toestemming_tot,
            toelichting=record.toestemming,
        )
        yield event(given, bron=bron, soort="toestemming", kenmerk=number, tijd=record.contactdatum)
    if record.refuses:
        refused = LegToestemmingsweigeringVast(
            toestemming_id=record_id(bron, "toestemming", refusal),
            signaal_id=signaal_id,
            betrokkene_id=betrokkene_id,
            door=record.toestemming_door,
            ontvangers=record.weigering_voor,
            toelichting=record.toestemming,
        )
        yield event(refused, bron=bron, soort="toestemming", kenmerk=refusal, tijd=record.contactdatum)


def to_cloudevents(record: Dossierregel, *, bron: str) -> list[CloudEvent]:
    """The signal of the row, if any, and then what the client said about sharing."""
    signal = [_signal(record, bron)] if record.uitbuitingsvorm else []
    return [*signal, *_consents(record, bron)]


def lines(path: Path) -> Iterator[Line]:
    """A workbook where the name ends so, CSV otherwise."""
    return xlsx_rows(path) if path.suffix.lower() == ".xlsx" else csv_rows(path)


def _model(_: Any) -> type[Dossierregel]:
    return Dossierregel


def adapter(bron: str = BRON) -> RecordAdapter[Dossierregel]:
    """The adapter of a care coordinator."""
    return RecordAdapter(NAME, bron, _model, to_cloudevents, lines)
