"""Inspection reports of the labour inspectorate as JSON (lines, a list, or one report).

The inspectorate keeps three grades of its own. They travel as a fact and are never merged with certainty or urgency.
Source: code list iszw-gradatie; Sr art. 273f.
"""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from adapters.files import json_records
from adapters.intake import RecordAdapter, event, record_id
from adapters.native import (
    Aanbrenger,
    Adres,
    Bestemming,
    Bijzonderheid,
    Gradatie,
    Indicator,
    Meldkanaal,
    Moment,
    NativeRecord,
    Persoon,
    Rechtspersoon,
    Regio,
    Toets,
    Urgentie,
    Vervoermiddel,
    Vorm,
    WpgArtikel,
    Zekerheid,
    facts,
    known_persons,
)
from contracts.cloudevents import CloudEvent
from contracts.inhoud import Feit, SignaalInhoud, Signaalmelding
from contracts.signaal import RegistreerSignaal, VerrijkSignaal
from contracts.waarden import Regel, Tekst

NAME = "arbeidsinspectie"
BRON = "urn:nld:oin:00000099000000002000:systeem:inspectieview"


class Inspectierapport(NativeRecord):
    """A report on an inspection.

    `directie`: supervision and investigation never mix. `aanwezigen`: persons met at the site; `werkgever` and
    `opdrachtgevers` are firms. `bij_signaal`: the signal of the hub that the report adds to.
    """

    zaaknummer: Regel
    directie: Literal["Toezicht", "Opsporing"]
    inspectiedatum: Moment | None = None
    meldingsdatum: Moment | None = None
    regio: Regio
    sector: Regel | None = None
    bevindingen: Tekst
    samenvatting: Tekst | None = None
    gradatie: Gradatie
    zekerheid: Zekerheid = "onbekend"
    uitbuitingsvormen: Annotated[tuple[Vorm, ...], Field(min_length=1)] = ("arbeidsuitbuiting",)
    signalen: tuple[Indicator, ...] = ()
    status: Regel | None = None
    bestemming: Bestemming = Field(default="verstrekking", validate_default=True)
    urgentie: Urgentie | None = None
    kanaal: Meldkanaal | None = None
    onderzoek_loopt: bool = False
    wpg_artikel: WpgArtikel | None = None
    werkgever: Rechtspersoon | None = None
    opdrachtgevers: Annotated[tuple[Rechtspersoon, ...], Field(max_length=49)] = ()
    aanwezigen: Annotated[tuple[Persoon, ...], Field(max_length=100)] = ()
    werklocaties: Annotated[tuple[Adres, ...], Field(max_length=50)] = ()
    voertuigen: Annotated[tuple[Vervoermiddel, ...], Field(max_length=50)] = ()
    bijzonderheden: Annotated[tuple[Bijzonderheid, ...], Field(max_length=190)] = ()
    tipgever: Aanbrenger | None = None
    criteria: Annotated[tuple[Toets, ...], Field(max_length=5)] = ()
    bij_signaal: UUID | None = None

    @model_validator(mode="after")
    def _police_data_need_investigation(self) -> Self:
        if self.wpg_artikel is not None and self.directie == "Toezicht":
            raise ValueError("de directie Toezicht houdt geen politiegegevens; laat het artikel van de Wpg weg")
        return self

    @model_validator(mode="after")
    def _remarks_name_persons_present(self) -> Self:
        known_persons({p.persoonsnummer for p in self.aanwezigen}, [b.persoonsnummer for b in self.bijzonderheden])
        return self


def _feiten(record: Inspectierapport, bron: str) -> tuple[Feit, ...]:
    heads = {
        "directie": record.directie,
        "sector": record.sector,
        "bevindingen": record.bevindingen,
        "status": record.status,
    }
    own = facts("toezicht-handhaving-maatregelen", heads, bron=bron)
    grade = facts("signaal-label", {"gradatie": record.gradatie.replace("-", " ")}, bron=bron)
    return (*own, *grade, *(item.feit(bron) for item in record.bijzonderheden))


def _inhoud(record: Inspectierapport, bron: str) -> SignaalInhoud:
    firms = (*((record.werkgever,) if record.werkgever else ()), *record.opdrachtgevers)
    return SignaalInhoud(
        vormen=record.uitbuitingsvormen,
        zekerheid=record.zekerheid,
        indicatoren=record.signalen,
        toelichting=record.samenvatting,
        waargenomen_op=record.inspectiedatum,
        vernomen_op=record.meldingsdatum,
        betrokkenen=tuple(item.betrokkene(bron) for item in record.aanwezigen),
        locaties=tuple(item.locatie() for item in record.werklocaties),
        voertuigen=tuple(item.voertuig() for item in record.voertuigen),
        organisaties=tuple(item.organisatie() for item in firms),
        feiten=_feiten(record, bron),
    )


def to_cloudevents(record: Inspectierapport, *, bron: str) -> list[CloudEvent]:
    """A new signal, or facts added to one that is there."""
    inhoud = _inhoud(record, bron)
    number = record.zaaknummer
    if record.bij_signaal is not None:
        extra = VerrijkSignaal(
            signaal_id=record.bij_signaal,
            verrijking_id=record_id(bron, "verrijking", number),
            herkomst=f"inspectie {record.directie.lower()}",
            wpg_artikel=record.wpg_artikel,
            inhoud=inhoud,
        )
        return [event(extra, bron=bron, soort="verrijking", kenmerk=number, tijd=record.inspectiedatum)]
    melding = Signaalmelding(
        kenmerk=number,
        spoor=record.bestemming,
        regio=record.regio,
        meldkanaal=record.kanaal,
        urgentie=record.urgentie,
        wpg_artikel=record.wpg_artikel,
        vertrouwelijk=record.onderzoek_loopt,
        criteria=tuple(item.contract() for item in record.criteria),
        melder=record.tipgever.melder() if record.tipgever else None,
        inhoud=inhoud,
    )
    command = RegistreerSignaal(signaal_id=record_id(bron, "signaal", number), melding=melding)
    return [event(command, bron=bron, soort="signaal", kenmerk=number, tijd=record.inspectiedatum)]


def _model(_: Any) -> type[Inspectierapport]:
    return Inspectierapport


def adapter(bron: str = BRON) -> RecordAdapter[Inspectierapport]:
    """The adapter of the labour inspectorate."""
    return RecordAdapter(NAME, bron, _model, to_cloudevents, json_records)
