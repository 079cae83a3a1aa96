"""The registration form of CoMensha, as JSON or as CSV.

An age always carries its reference moment. Source: document 004 L13598; Vc 2000 B8/3; Bpg art. 4:2.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from adapters.files import Line, csv_rows, json_records
from adapters.intake import RecordAdapter, event, record_id
from adapters.native import (
    Aanbrenger,
    Adres,
    Bestemming,
    Bijzonderheid,
    Dag,
    Geslacht,
    Hoedanigheid,
    Indicator,
    Leeftijdsopgave,
    Meldkanaal,
    Moment,
    NativeBsn,
    NativeRecord,
    Rechtspersoon,
    Regio,
    Urgentie,
    Verleden,
    Vervoermiddel,
    Vorm,
    WpgArtikel,
    Zekerheid,
    facts,
    known_persons,
    parts,
)
from contracts.cloudevents import CloudEvent
from contracts.inhoud import Betrokkene, Feit, Leeftijd, Rolperiode, SignaalInhoud, Signaalmelding
from contracts.signaal import RegistreerSignaal, VerrijkSignaal
from contracts.waarden import Jaren, Regel, Tekst

NAME = "comensha"
BRON = "urn:nld:oin:00000099000000003000:systeem:registratie"

_DEFAULT_ROL = (Hoedanigheid(rol="vermoedelijk-slachtoffer"),)
_LIJSTEN = ("uitbuitingsvorm", "signalen")
_CLIENT = ("clientnummer", "naam", "geboortedatum", "geslacht", "nationaliteit", "bsn")


Peilveld = Literal["start_uitbuiting", "tijdens_uitbuiting", "waarneming", "melding", "registratie"]


class PeilmomentLeeftijd(NativeRecord):
    """Ages by reference moment, in whole years. `peildatum_…`: the day itself where it is known."""

    start_uitbuiting: Jaren | None = None
    tijdens_uitbuiting: Jaren | None = None
    waarneming: Jaren | None = None
    melding: Jaren | None = None
    registratie: Jaren | None = None
    peildata: dict[Peilveld, Dag] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _days_belong_to_ages(self) -> Self:
        if any(getattr(self, name) is None for name in self.peildata):
            raise ValueError("een peildatum zonder leeftijd zegt niets")
        return self

    def leeftijden(self) -> tuple[Leeftijd, ...]:
        return tuple(
            Leeftijd(
                jaren=getattr(self, name),
                peilmoment=name.replace("_", "-"),
                peildatum=self.peildata.get(name),  # type: ignore[call-overload]
            )
            for name in sorted(self.model_fields_set - {"peildata"}, key=list(type(self).model_fields).index)
            if getattr(self, name) is not None
        )


class Client(NativeRecord):
    """The presumed victim, or one of several in a group registration."""

    clientnummer: Regel
    naam: Regel | None = None
    aliassen: tuple[Regel, ...] = ()
    geboortedatum: Verleden | None = None
    geslacht: Geslacht | None = None
    nationaliteit: Regel | None = None
    bsn: NativeBsn | None = None
    bereikbaar: tuple[Regel, ...] = ()
    hoedanigheden: tuple[Hoedanigheid, ...] = _DEFAULT_ROL
    peilmoment_leeftijd: PeilmomentLeeftijd = PeilmomentLeeftijd()
    leeftijden: tuple[Leeftijdsopgave, ...] = ()

    def betrokkene(self, bron: str) -> Betrokkene:
        """The client as the contract knows her."""
        roles: tuple[Rolperiode, ...] = tuple(item.rolperiode() for item in self.hoedanigheden)
        return Betrokkene(
            betrokkene_id=record_id(bron, "betrokkene", self.clientnummer),
            naam=self.naam,
            aliassen=self.aliassen,
            geboortedatum=self.geboortedatum,
            geslacht=self.geslacht,
            nationaliteit=self.nationaliteit,
            bsn=self.bsn,
            bereikbaar=self.bereikbaar,
            rollen=roles,
            leeftijden=(
                *self.peilmoment_leeftijd.leeftijden(),
                *(item.leeftijd() for item in self.leeftijden),
            ),
        )


class Aanmelding(NativeRecord):
    """The registration form. `melder_soort`, `grondslag`: as the reporter ticked them; both are mandatory.

    `wpg_artikel`: where the police report, the article under which they hold the data.
    """

    aanmeldnummer: Regel
    aanmelddatum: Moment | None = None
    waarneming: Moment | None = None
    regio: Regio
    melder_soort: Regel
    grondslag: Regel
    toestemming_client: Literal["ja", "nee", "niet gevraagd", "meldplicht"] | None = None
    drempel: Regel | None = None
    wpg_artikel: WpgArtikel | None = None
    aantal: Annotated[int, Field(ge=1, le=1000)] | None = None
    uitbuitingsvorm: Annotated[tuple[Vorm, ...], Field(min_length=1)]
    zekerheid: Zekerheid = "onbekend"
    signalen: tuple[Indicator, ...] = ()
    toelichting: Tekst | None = None
    bestemming: Bestemming = Field(default="zorg en registratie", validate_default=True)
    urgentie: Urgentie | None = None
    kanaal: Meldkanaal | None = "comensha-aanmeldformulier"
    clienten: Annotated[tuple[Client, ...], Field(max_length=100)] = ()
    plaatsen: Annotated[tuple[Adres, ...], Field(max_length=50)] = ()
    voertuigen: Annotated[tuple[Vervoermiddel, ...], Field(max_length=50)] = ()
    instellingen: Annotated[tuple[Rechtspersoon, ...], Field(max_length=50)] = ()
    bijzonderheden: Annotated[tuple[Bijzonderheid, ...], Field(max_length=190)] = ()
    contactpersoon: Aanbrenger | None = None
    bij_signaal: UUID | None = None

    @model_validator(mode="after")
    def _remarks_name_persons_present(self) -> Self:
        known_persons({p.clientnummer for p in self.clienten}, [b.persoonsnummer for b in self.bijzonderheden])
        return self


def _feiten(record: Aanmelding, bron: str) -> tuple[Feit, ...]:
    heads = {
        "melder_soort": record.melder_soort,
        "grondslag": record.grondslag,
        "toestemming_client": record.toestemming_client,
        "drempel": record.drempel,
        "aantal": None if record.aantal is None else str(record.aantal),
    }
    # The ground of a registration is about the client; in a group registration it is about nobody in particular.
    client = record.clienten[0].clientnummer if len(record.clienten) == 1 else None
    own = facts("slachtoffer-registratie", heads, bron=bron, persoon=client)
    return (*own, *(item.feit(bron) for item in record.bijzonderheden))


def _inhoud(record: Aanmelding, bron: str) -> SignaalInhoud:
    return SignaalInhoud(
        vormen=record.uitbuitingsvorm,
        zekerheid=record.zekerheid,
        indicatoren=record.signalen,
        toelichting=record.toelichting,
        waargenomen_op=record.waarneming,
        vernomen_op=record.aanmelddatum,
        betrokkenen=tuple(item.betrokkene(bron) for item in record.clienten),
        locaties=tuple(item.locatie() for item in record.plaatsen),
        voertuigen=tuple(item.voertuig() for item in record.voertuigen),
        organisaties=tuple(item.organisatie() for item in record.instellingen),
        feiten=_feiten(record, bron),
    )


def to_cloudevents(record: Aanmelding, *, bron: str) -> list[CloudEvent]:
    """A new signal, or the registration added to a signal that is there."""
    inhoud = _inhoud(record, bron)
    number = record.aanmeldnummer
    if record.bij_signaal is not None:
        extra = VerrijkSignaal(
            signaal_id=record.bij_signaal,
            verrijking_id=record_id(bron, "verrijking", number),
            herkomst="aanmelding bij CoMensha",
            wpg_artikel=record.wpg_artikel,
            inhoud=inhoud,
        )
        return [event(extra, bron=bron, soort="verrijking", kenmerk=number, tijd=record.aanmelddatum)]
    melding = Signaalmelding(
        kenmerk=number,
        spoor=record.bestemming,
        regio=record.regio,
        meldkanaal=record.kanaal,
        urgentie=record.urgentie,
        wpg_artikel=record.wpg_artikel,
        melder=record.contactpersoon.melder() if record.contactpersoon else None,
        inhoud=inhoud,
    )
    command = RegistreerSignaal(signaal_id=record_id(bron, "signaal", number), melding=melding)
    return [event(command, bron=bron, soort="signaal", kenmerk=number, tijd=record.aanmelddatum)]


def shape(raw: Any) -> Any:
    """A row of the CSV as the form: client and age columns become groups; a JSON record is left alone."""
    flat = isinstance(raw, dict) and all(isinstance(value, str) for value in raw.values())
    if not flat or "clienten" in raw:
        return raw
    form: dict[str, Any] = dict(raw)
    for name in _LIJSTEN:
        if name in form:
            form[name] = parts(form[name])
    ages = {name.removeprefix("leeftijd_"): _number(form.pop(name)) for name in raw if name.startswith("leeftijd_")}
    client: dict[str, Any] = {name: form.pop(name) for name in _CLIENT if name in form}
    if ages:
        client["peilmoment_leeftijd"] = ages
    if client:
        form["clienten"] = [client]
    place = {name: form.pop(name) for name in ("adres", "plaats") if name in form}
    if place:
        form["plaatsen"] = [place]
    return form


def _number(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text


def lines(path: Path) -> Iterator[Line]:
    """CSV where the name ends so, JSON otherwise."""
    return csv_rows(path) if path.suffix.lower() == ".csv" else json_records(path)


def _model(_: Any) -> type[Aanmelding]:
    return Aanmelding


def adapter(bron: str = BRON) -> RecordAdapter[Aanmelding]:
    """The adapter of the national registration."""
    return RecordAdapter(NAME, bron, _model, to_cloudevents, lines, shape)
