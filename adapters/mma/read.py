"""Tips of Meld Misdaad Anoniem as plain text, blocks parted by `---`.

The foundation strips name, place and time of the reporter before it passes a tip on; a block that still
holds them is refused here, so that they never leave the desk.
"""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from adapters.files import text_blocks
from adapters.intake import RecordAdapter, event, record_id
from adapters.native import (
    Bestemming,
    Indicator,
    NativeRecord,
    Regio,
    Urgentie,
    Vorm,
    Zekerheid,
    facts,
    parts,
)
from contracts.cloudevents import CloudEvent
from contracts.inhoud import SignaalInhoud, Signaalmelding
from contracts.signaal import RegistreerSignaal
from contracts.waarden import Regel, Tekst

NAME = "mma"
BRON = "urn:nld:oin:00000099000000007000:systeem:mma-tips"

_KOPREGEL = re.compile(r"^([A-Za-z][A-Za-z -]{1,30}):[ \t]*(.*)$")
_HERLEIDBAAR = {
    "de tekst bevat een telefoonnummer of een ander lang nummer": re.compile(r"(?:\d[ .-]?){8,}\d"),
    "de tekst bevat een e-mailadres": re.compile(r"\S+@\S+\.\S+"),
    "de tekst bevat een tijdstip of datum": re.compile(
        r"\b\d{1,2}[:.]\d{2} ?uur\b|\b\d{1,2}:\d{2}\b|\b\d{1,2}-\d{1,2}-\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b"
    ),
}


def _stripped(value: str) -> str:
    found = [reason for reason, pattern in _HERLEIDBAAR.items() if pattern.search(value)]
    if found:
        raise ValueError("; ".join(found))
    return value


def _several(value: object) -> object:
    return tuple(parts(value.replace(",", "|"))) if isinstance(value, str) else value


class Tip(NativeRecord):
    """An anonymous tip. `thema`: the foundation's own heading."""

    mma_nummer: Regel
    regio: Regio
    thema: Annotated[Regel, AfterValidator(_stripped)] | None = None
    vorm: Annotated[tuple[Vorm, ...], Field(min_length=1), BeforeValidator(_several)] = ("onbekend",)
    zekerheid: Zekerheid = "vaag-signaal"
    signalen: Annotated[tuple[Indicator, ...], BeforeValidator(_several)] = ()
    urgentie: Urgentie | None = None
    bestemming: Bestemming = Field(default="verstrekking", validate_default=True)
    tekst: Annotated[Tekst, AfterValidator(_stripped)]


def to_cloudevents(record: Tip, *, bron: str) -> list[CloudEvent]:
    """A signal without persons, places or moments."""
    inhoud = SignaalInhoud(
        vormen=record.vorm,
        zekerheid=record.zekerheid,
        indicatoren=record.signalen,
        toelichting=record.tekst,
        feiten=facts("signaal-inhoud", {"thema": record.thema}, bron=bron),
    )
    melding = Signaalmelding(
        kenmerk=record.mma_nummer,
        spoor=record.bestemming,
        regio=record.regio,
        meldkanaal="meld-misdaad-anoniem",
        urgentie=record.urgentie,
        inhoud=inhoud,
    )
    command = RegistreerSignaal(signaal_id=record_id(bron, "signaal", record.mma_nummer), melding=melding)
    return [event(command, bron=bron, soort="signaal", kenmerk=record.mma_nummer)]


def shape(raw: Any) -> Any:
    """A block of head lines and free text as fields; a repaired block may already be fields.

    Everything from `Tekst:` on is the text. A line before it that is no head line becomes an unknown field.
    """
    if not isinstance(raw, str):
        return raw
    fields: dict[str, str] = {}
    lines = raw.split("\n")
    for number, line in enumerate(lines):
        head = _KOPREGEL.match(line)
        name = head[1].lower().replace(" ", "_").replace("-", "_") if head else "regel_zonder_kop"
        if head and name == "tekst":
            fields["tekst"] = "\n".join([head[2], *lines[number + 1 :]]).strip()
            break
        if line.strip():
            fields[name] = head[2].strip() if head else ""
    return fields


def _model(_: Any) -> type[Tip]:
    return Tip


def adapter(bron: str = BRON) -> RecordAdapter[Tip]:
    """The adapter of anonymous tips."""
    return RecordAdapter(NAME, bron, _model, to_cloudevents, text_blocks, shape)
