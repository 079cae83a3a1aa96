"""A Kafka message as the CloudEvent it carries, structured or binary.

Source: Kafka Protocol Binding for CloudEvents 1.0.2, 3.2 and 3.3.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from pydantic import ValidationError

from contracts.cloudevents import CloudEvent
from contracts.problems import Fout, ongeldige_invoer, te_groot
from hub.handling.fouten import faults

#: A header as kafka-python gives it; the value of a header may be null.
Headers = Sequence[tuple[str, bytes | None]]
ATTRIBUTE = "ce_"
STRUCTURED = "application/cloudevents"
BATCH = "application/cloudevents-batch"
CONTENT_TYPE = "content-type"


def event_of(value: bytes | None, headers: Headers, maximum: int) -> CloudEvent:
    """The event. `maximum`: bytes that a message may have. Raises Problem, with all faults and no value."""
    if value is None:
        raise _faulty("", "Dit bericht heeft geen inhoud.")
    if len(value) > maximum:
        raise te_groot(f"Een bericht is maximaal {maximum} bytes.")
    try:
        if not headers:
            return CloudEvent.model_validate_json(value)
        named = {name.lower(): _text(content) for name, content in headers}
        kind = named.get(CONTENT_TYPE, "")
        if kind.startswith(BATCH):
            raise _faulty("header/content-type", "Een bericht is precies een CloudEvent, geen reeks.")
        if kind.startswith(STRUCTURED) or ATTRIBUTE + "specversion" not in named:
            return CloudEvent.model_validate_json(value)
        return CloudEvent.model_validate(_binary(value, named, kind))
    except ValidationError as error:
        raise ongeldige_invoer(faults([dict(one) for one in error.errors()])) from None


def _binary(value: bytes, named: dict[str, str], kind: str) -> dict[str, Any]:
    try:
        data = orjson.loads(value)
    except orjson.JSONDecodeError:
        raise _faulty("/data", "Dit is geen geldige JSON.") from None
    attributes: dict[str, Any] = {
        name.removeprefix(ATTRIBUTE): content for name, content in named.items() if name.startswith(ATTRIBUTE)
    }
    if kind:
        attributes["datacontenttype"] = kind.partition(";")[0].strip()
    return attributes | {"data": data}


def _text(content: bytes | None) -> str:
    try:
        return (content or b"").decode()
    except UnicodeDecodeError:
        raise _faulty("", "De kopregels van dit bericht zijn geen tekst.") from None


def _faulty(field: str, sentence: str) -> Exception:
    return ongeldige_invoer((Fout(veld=field, melding=sentence),))
