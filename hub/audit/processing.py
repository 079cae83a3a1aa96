"""The Logboek Dataverwerkingen: each access record as lines about processing, without user and without content.

A line is worked out from its record, so the two cannot differ and one commit keeps both. One line per action; with
several data subjects a child line for each. Numbers of lines are a digest of the record's, so that sending a line
again changes nothing.

Source: Logboek Dataverwerkingen 1.0, Logius; W3C Trace Context; OpenTelemetry Protocol 1.x.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

ACTIVITY = "dpl.core.processing_activity_id"
SUBJECT = "dpl.core.data_subject_id"
SUBJECT_TYPE = "dpl.core.data_subject_id_type"
PROCESSOR = "dpl.core.foreign_operation.processor"
#: A pseudonym of this log, of a person as one source knows it.
PSEUDONYM = "urn:signaalhub:toegang:betrokkene"
STANDARD = ("logboek-dataverwerkingen", "1.0")

#: From an activity of the register, `V02@1`, to its address.
AddressOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `trace`: 16 bytes; `number`, `parent`: 8 bytes, `parent` empty for none. `moment`: UTC.

    `ok`: whether it was permitted. `attributes`: by their names in the standard.
    """

    trace: bytes
    number: bytes
    parent: bytes
    name: str
    moment: datetime
    ok: bool
    attributes: Mapping[str, str] = field(default_factory=dict)


def lines_of(number: int, data: bytes, address_of: AddressOf) -> Iterator[Line]:
    """The lines of one access record: the action, and where it has several data subjects one for each.

    With several processing activities the action has a line for each; persons stand under the first.
    """
    record: dict[str, Any] = orjson.loads(data)
    activities, subjects = record.get("verwerkingen") or [""], record.get("betrokkenen") or []
    first, *others = [{ACTIVITY: address_of(one)} if one else {} for one in activities]
    alone = _subject(subjects[0]) if len(subjects) == 1 else {}
    root = _line(number, record, "", bytes.fromhex(record["ouder"]) if record.get("ouder") else b"", first | alone)
    yield root
    for activity in others:
        yield _line(number, record, activity[ACTIVITY], root.number, activity)
    for subject in subjects if len(subjects) > 1 else ():
        yield _line(number, record, subject, root.number, first | _subject(subject))


def export_request(lines: Iterable[Line], resource: Mapping[str, str]) -> bytes:
    """Lines as one OTLP request. `resource`: what names the system that processed."""
    spans = [_span(line) for line in lines]
    scope = ScopeSpans(scope=InstrumentationScope(name=STANDARD[0], version=STANDARD[1]), spans=spans)
    whole = ResourceSpans(resource=Resource(attributes=_pairs(resource)), scope_spans=[scope])
    return ExportTraceServiceRequest(resource_spans=[whole]).SerializeToString()


def _subject(pseudonym: str) -> dict[str, str]:
    return {SUBJECT: pseudonym, SUBJECT_TYPE: PSEUDONYM}


def _line(number: int, record: Mapping[str, Any], apart: str, parent: bytes, attributes: Mapping[str, str]) -> Line:
    foreign = {PROCESSOR: _processor(record)} if record.get("ouder") else {}
    named = f"{record['trace']}:{number}:{apart}".encode()
    return Line(
        trace=bytes.fromhex(record["trace"]),
        number=sha256(named).digest()[:8],
        parent=parent,
        name=f"{record['handeling']} {record['vraag']}",
        moment=datetime.fromisoformat(record["tijdstip"]),
        ok=record["resultaat"] != "geweigerd",
        attributes={**attributes, **foreign},
    )


def _processor(record: Mapping[str, Any]) -> str:
    """The application that called, by its organisation; a person is never named here."""
    return f"urn:nld:oin:{record['oin']}:systeem:{record['actor'].rpartition(':')[2]}"


def _span(line: Line) -> Span:
    nanoseconds = int(line.moment.timestamp() * 1_000_000) * 1_000
    return Span(
        trace_id=line.trace,
        span_id=line.number,
        parent_span_id=line.parent,
        name=line.name,
        kind=Span.SPAN_KIND_SERVER,
        start_time_unix_nano=nanoseconds,
        end_time_unix_nano=nanoseconds,
        attributes=_pairs(line.attributes),
        status=Status(code=Status.STATUS_CODE_OK if line.ok else Status.STATUS_CODE_ERROR),
    )


def _pairs(values: Mapping[str, str]) -> Sequence[KeyValue]:
    return [KeyValue(key=key, value=AnyValue(string_value=value)) for key, value in values.items()]
