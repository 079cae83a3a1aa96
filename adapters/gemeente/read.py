"""Forms of the municipality: the report of the aandachtsfunctionaris and the question list of the BRP desk.

The report is an object of the Objects API that holds an Open Formulieren submission; the question list is a flat
record of the desk. Both are JSON. The desk does not judge: it ticks what it saw and registers the person anyway.
"""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from adapters.files import json_records
from adapters.intake import RecordAdapter, event, record_id
from adapters.native import (
    Aanbrenger,
    Adres,
    Bestemming,
    Bijzonderheid,
    Dag,
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
    Zekerheid,
    facts,
    known_persons,
)
from contracts.cloudevents import CloudEvent
from contracts.inhoud import SignaalInhoud, Signaalmelding
from contracts.signaal import RegistreerSignaal, VerrijkSignaal
from contracts.waarden import Regel, Tekst

NAME = "gemeente"
BRON = "urn:nld:oin:00000099000000004000:systeem:objecten"


class Signaalformulier(NativeRecord):
    """The answers of the form. `signaal`: in one line; `aanvulling_op`: the signal of the hub it adds to."""

    objecttype: Regel
    zaaknummer: Regel
    afdeling: Regel
    regio: Regio
    ontvangen_op: Moment | None = None
    waargenomen_op: Moment | None = None
    signaal: Regel
    toelichting: Tekst | None = None
    situatieschets: Tekst | None = None
    uitbuitingsvorm: Annotated[tuple[Vorm, ...], Field(min_length=1)]
    zekerheid: Zekerheid
    signalen: tuple[Indicator, ...] = ()
    bestemming: Bestemming = Field(default="zorg en registratie", validate_default=True)
    urgentie: Urgentie | None = None
    kanaal: Meldkanaal | None = "aandachtsfunctionaris"
    vertrouwelijk: bool = False
    personen: Annotated[tuple[Persoon, ...], Field(max_length=100)] = ()
    locaties: Annotated[tuple[Adres, ...], Field(max_length=50)] = ()
    voertuigen: Annotated[tuple[Vervoermiddel, ...], Field(max_length=50)] = ()
    bedrijven: Annotated[tuple[Rechtspersoon, ...], Field(max_length=50)] = ()
    bijzonderheden: Annotated[tuple[Bijzonderheid, ...], Field(max_length=190)] = ()
    melder: Aanbrenger | None = None
    criteria: Annotated[tuple[Toets, ...], Field(max_length=5)] = ()
    aanvulling_op: UUID | None = None

    @model_validator(mode="after")
    def _remarks_name_persons_present(self) -> Self:
        known_persons({p.persoonsnummer for p in self.personen}, [b.persoonsnummer for b in self.bijzonderheden])
        return self


class ObjectVersie(NativeRecord):
    """One version of an object as the Objects API gives it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    index: int | None = None
    type_version: int
    data: Signaalformulier
    geometry: None = None
    start_at: Dag
    end_at: Dag | None = None
    registration_at: Dag | None = None
    correction_for: int | None = None
    corrected_by: int | None = None


class Zaakobject(NativeRecord):
    """An object of the Objects API. `url`, `uuid`, `type`: its place in the register of the municipality."""

    url: Regel | None = None
    uuid: UUID
    type: Regel
    record: ObjectVersie


class Vragenlijst(NativeRecord):
    """The question list of the BRP or RNI desk. `vragen`: answers as written; `aangekruist`: what the clerk saw."""

    formulier: Literal["brp-vragenlijst"]
    lijstnummer: Regel
    regio: Regio
    loket: Regel
    datum: Moment | None = None
    vragen: Annotated[dict[Regel, bool | int | Regel], Field(min_length=1, max_length=40)]
    aangekruist: tuple[Indicator, ...] = ()
    gedrag_begeleider: Tekst | None = None
    opmerking: Tekst | None = None
    vermoeden_van: tuple[Vorm, ...] = ("onbekend",)
    zekerheid: Zekerheid = "vaag-signaal"
    bestemming: Bestemming = Field(default="eigen registratie", validate_default=True)
    kanaal: Meldkanaal | None = "brp-balie"
    inschrijvers: Annotated[tuple[Persoon, ...], Field(max_length=100)] = ()
    adressen: Annotated[tuple[Adres, ...], Field(max_length=50)] = ()
    bijzonderheden: Annotated[tuple[Bijzonderheid, ...], Field(max_length=190)] = ()

    @model_validator(mode="after")
    def _remarks_name_persons_present(self) -> Self:
        known_persons({p.persoonsnummer for p in self.inschrijvers}, [b.persoonsnummer for b in self.bijzonderheden])
        return self


def _from_form(form: Signaalformulier, bron: str) -> list[CloudEvent]:
    own = {"objecttype": form.objecttype, "afdeling": form.afdeling, "signaal": form.signaal}
    inhoud = SignaalInhoud(
        vormen=form.uitbuitingsvorm,
        zekerheid=form.zekerheid,
        indicatoren=form.signalen,
        toelichting=form.toelichting,
        situatieschets=form.situatieschets,
        waargenomen_op=form.waargenomen_op,
        vernomen_op=form.ontvangen_op,
        betrokkenen=tuple(item.betrokkene(bron) for item in form.personen),
        locaties=tuple(item.locatie() for item in form.locaties),
        voertuigen=tuple(item.voertuig() for item in form.voertuigen),
        organisaties=tuple(item.organisatie() for item in form.bedrijven),
        feiten=(*facts("signaal-inhoud", own, bron=bron), *(item.feit(bron) for item in form.bijzonderheden)),
    )
    number = form.zaaknummer
    if form.aanvulling_op is not None:
        extra = VerrijkSignaal(
            signaal_id=form.aanvulling_op,
            verrijking_id=record_id(bron, "verrijking", number),
            herkomst=f"gemeente, {form.afdeling}"[:300],
            inhoud=inhoud,
        )
        return [event(extra, bron=bron, soort="verrijking", kenmerk=number, tijd=form.ontvangen_op)]
    melding = Signaalmelding(
        kenmerk=number,
        spoor=form.bestemming,
        regio=form.regio,
        meldkanaal=form.kanaal,
        urgentie=form.urgentie,
        vertrouwelijk=form.vertrouwelijk,
        criteria=tuple(item.contract() for item in form.criteria),
        melder=form.melder.melder() if form.melder else None,
        inhoud=inhoud,
    )
    command = RegistreerSignaal(signaal_id=record_id(bron, "signaal", number), melding=melding)
    return [event(command, bron=bron, soort="signaal", kenmerk=number, tijd=form.ontvangen_op)]


def _answer(value: bool | int | str) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return str(value)


def _from_desk(form: Vragenlijst, bron: str) -> list[CloudEvent]:
    own = {
        "loket": form.loket,
        "vragen": "; ".join(f"{question}: {_answer(answer)}" for question, answer in form.vragen.items()),
        "gedrag_begeleider": form.gedrag_begeleider,
    }
    inhoud = SignaalInhoud(
        vormen=form.vermoeden_van,
        zekerheid=form.zekerheid,
        indicatoren=form.aangekruist,
        toelichting=form.opmerking,
        waargenomen_op=form.datum,
        betrokkenen=tuple(item.betrokkene(bron) for item in form.inschrijvers),
        locaties=tuple(item.locatie() for item in form.adressen),
        feiten=(*facts("signaal-inhoud", own, bron=bron), *(item.feit(bron) for item in form.bijzonderheden)),
    )
    number = form.lijstnummer
    melding = Signaalmelding(
        kenmerk=number, spoor=form.bestemming, regio=form.regio, meldkanaal=form.kanaal, inhoud=inhoud
    )
    command = RegistreerSignaal(signaal_id=record_id(bron, "signaal", number), melding=melding)
    return [event(command, bron=bron, soort="signaal", kenmerk=number, tijd=form.datum)]


def to_cloudevents(record: Zaakobject | Signaalformulier | Vragenlijst, *, bron: str) -> list[CloudEvent]:
    """A new signal, or facts added to one that is there."""
    match record:
        case Zaakobject():
            return _from_form(record.record.data, bron)
        case Signaalformulier():
            return _from_form(record, bron)
        case Vragenlijst():
            return _from_desk(record, bron)


def _model(raw: Any) -> type[Zaakobject | Signaalformulier | Vragenlijst]:
    if isinstance(raw, dict) and ("record" in raw or "uuid" in raw):
        return Zaakobject
    if isinstance(raw, dict) and ("formulier" in raw or "vragen" in raw):
        return Vragenlijst
    return Signaalformulier


def adapter(bron: str = BRON) -> RecordAdapter[Zaakobject | Signaalformulier | Vragenlijst]:
    """The adapter of a municipality: objects, bare submissions and question lists, mixed as they come."""
    return RecordAdapter(NAME, bron, _model, to_cloudevents, json_records)
