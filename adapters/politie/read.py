"""Police records (BVH mutations and AVIM intakes) as JSON lines.

The article of the Wpg under which the data are held travels with the signal; what follows from it is for the policy.
Source: Wpg art. 6b, 8, 9, 10, 12, 13.
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
from contracts.inhoud import Feit, Rolperiode, SignaalInhoud, Signaalmelding
from contracts.signaal import RegistreerSignaal, VerrijkSignaal
from contracts.waarden import Regel, Tekst

NAME = "politie"
BRON = "urn:nld:oin:00000099000000001000:systeem:bvh"

#: Role of a person whom the police only put in a class. Source: Wpg art. 6b.
_ROL_BIJ_KLASSE = {"a": "verdachte", "b": "veroordeelde", "c": "vermoedelijk-slachtoffer", "d": "betrokkene"}
_KLASSE_BIJ_ROL = {
    "a": {"verdachte", "pleger", "ronselaar", "kopstuk"},
    "b": {"veroordeelde"},
    "c": {
        "vermoedelijk-slachtoffer",
        "slachtoffer-aangever",
        "slachtoffer-zonder-medewerking",
        "benadeelde-partij",
    },
}


class Politiepersoon(Persoon):
    """A person in a police record with the class of data subject: a suspect, b convicted, c victim, d other."""

    wpg_6b: Literal["a", "b", "c", "d"]

    @model_validator(mode="after")
    def _class_fits_roles(self) -> Self:
        fixed = self.wpg_6b in _KLASSE_BIJ_ROL and self.hoedanigheden
        # One person may be victim and suspect at once, so one fitting role is enough.
        if fixed and not any(item.rol in _KLASSE_BIJ_ROL[self.wpg_6b] for item in self.hoedanigheden):
            raise ValueError("de klasse van artikel 6b Wpg past bij geen van de hoedanigheden")
        return self

    def rollen(self) -> tuple[Rolperiode, ...]:
        return super().rollen() or (Rolperiode(rol=_ROL_BIJ_KLASSE[self.wpg_6b]),)


class Mensenhandel(NativeRecord):
    """The form's section on trafficking."""

    uitbuitingsvormen: Annotated[tuple[Vorm, ...], Field(min_length=1)]
    zekerheid: Zekerheid
    signalen: tuple[Indicator, ...] = ()


class Aanvulling(NativeRecord):
    """The record adds to a signal that the hub already holds."""

    signaal: UUID
    herkomst: Regel


class Politieregistratie(NativeRecord):
    """What a mutation and an intake share.

    `kennisname`, `pleegmoment`: when the police heard and when it happened. `regio`: region of the covenants.
    `afgeschermd`: content is held back while an investigation runs.
    """

    eenheid: Regel | None = None
    basisteam: Regel | None = None
    regio: Regio
    kennisname: Moment | None = None
    pleegmoment: Moment | None = None
    toelichting: Tekst | None = None
    wpg_artikel: WpgArtikel
    bestemming: Bestemming = Field(default="verstrekking", validate_default=True)
    prioriteit: Urgentie | None = None
    kanaal: Meldkanaal | None = None
    afgeschermd: bool = False
    mensenhandel: Mensenhandel
    betrokkenen: Annotated[tuple[Politiepersoon, ...], Field(max_length=100)] = ()
    locaties: Annotated[tuple[Adres, ...], Field(max_length=50)] = ()
    voertuigen: Annotated[tuple[Vervoermiddel, ...], Field(max_length=50)] = ()
    rechtspersonen: Annotated[tuple[Rechtspersoon, ...], Field(max_length=50)] = ()
    bijzonderheden: Annotated[tuple[Bijzonderheid, ...], Field(max_length=190)] = ()
    melder: Aanbrenger | None = None
    criteria: Annotated[tuple[Toets, ...], Field(max_length=5)] = ()
    aanvulling: Aanvulling | None = None

    @model_validator(mode="after")
    def _remarks_name_persons_present(self) -> Self:
        known_persons({p.persoonsnummer for p in self.betrokkenen}, [b.persoonsnummer for b in self.bijzonderheden])
        return self


class Mutatie(Politieregistratie):
    """A mutation in BVH. `voorval`: what the officer wrote down as incident."""

    mutatienummer: Regel
    voorval: Regel


class Intake(Politieregistratie):
    """An intake of AVIM. `aard`: what it is about."""

    intakenummer: Regel
    aard: Regel


def _eigen_feiten(record: Mutatie | Intake, bron: str) -> tuple[Feit, ...]:
    # The incident itself is police data of its article; unit, team and subject only label the record.
    label = {"eenheid": record.eenheid, "basisteam": record.basisteam}
    if isinstance(record, Intake):
        return facts("signaal-inhoud", {**label, "aard": record.aard}, bron=bron)
    incident = facts(f"politie-{record.wpg_artikel}", {"voorval": record.voorval}, bron=bron)
    return (*facts("signaal-inhoud", label, bron=bron), *incident)


def _inhoud(record: Mutatie | Intake, bron: str) -> SignaalInhoud:
    return SignaalInhoud(
        vormen=record.mensenhandel.uitbuitingsvormen,
        zekerheid=record.mensenhandel.zekerheid,
        indicatoren=record.mensenhandel.signalen,
        toelichting=record.toelichting,
        waargenomen_op=record.pleegmoment,
        vernomen_op=record.kennisname,
        betrokkenen=tuple(item.betrokkene(bron) for item in record.betrokkenen),
        locaties=tuple(item.locatie() for item in record.locaties),
        voertuigen=tuple(item.voertuig() for item in record.voertuigen),
        organisaties=tuple(item.organisatie() for item in record.rechtspersonen),
        feiten=(*_eigen_feiten(record, bron), *(item.feit(bron) for item in record.bijzonderheden)),
    )


def to_cloudevents(record: Mutatie | Intake, *, bron: str) -> list[CloudEvent]:
    """A new signal, or facts added to one that is there."""
    inhoud = _inhoud(record, bron)
    number = record.intakenummer if isinstance(record, Intake) else record.mutatienummer
    if record.aanvulling is not None:
        extra = VerrijkSignaal(
            signaal_id=record.aanvulling.signaal,
            verrijking_id=record_id(bron, "verrijking", number),
            herkomst=record.aanvulling.herkomst,
            wpg_artikel=record.wpg_artikel,
            inhoud=inhoud,
        )
        return [event(extra, bron=bron, soort="verrijking", kenmerk=number, tijd=record.kennisname)]
    melding = Signaalmelding(
        kenmerk=number,
        spoor=record.bestemming,
        regio=record.regio,
        meldkanaal=record.kanaal,
        urgentie=record.prioriteit,
        wpg_artikel=record.wpg_artikel,
        vertrouwelijk=record.afgeschermd,
        criteria=tuple(item.contract() for item in record.criteria),
        melder=record.melder.melder() if record.melder else None,
        inhoud=inhoud,
    )
    command = RegistreerSignaal(signaal_id=record_id(bron, "signaal", number), melding=melding)
    return [event(command, bron=bron, soort="signaal", kenmerk=number, tijd=record.kennisname)]


def _model(raw: Any) -> type[Mutatie | Intake]:
    return Intake if isinstance(raw, dict) and "intakenummer" in raw else Mutatie


def adapter(bron: str = BRON) -> RecordAdapter[Mutatie | Intake]:
    """The police adapter; files are JSON lines."""
    return RecordAdapter(NAME, bron, _model, to_cloudevents, json_records)
