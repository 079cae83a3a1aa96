"""Every refusal as problem+json: rendered once, complete, and without a single value of the input.

Source: NL API Design Rules 2.1, /core/error-handling; RFC 9457.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException

from contracts.problems import (
    Fout,
    Probleem,
    Problem,
    niet_aangemeld,
    niet_beschikbaar,
    ongeldige_invoer,
    te_groot,
)
from hub.ledger.store import LedgerUnavailable

#: The database is away or its connection broke: nothing was done or shown, and the same request may come again.
STORE_AWAY = (LedgerUnavailable, psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 200

#: Sentences by pydantic's error type; `{…}` are bounds of the contract, never input.
SENTENCES: Mapping[str, str] = {
    "missing": "Dit veld is verplicht.",
    "extra_forbidden": "Dit veld kent het contract niet.",
    "json_invalid": "Dit is geen geldige JSON.",
    "string_type": "Hier hoort tekst.",
    "string_too_short": "De tekst is te kort; minimaal {min_length} teken(s).",
    "string_too_long": "De tekst is te lang; maximaal {max_length} tekens.",
    "string_pattern_mismatch": "De tekst heeft niet de voorgeschreven vorm.",
    "int_type": "Hier hoort een geheel getal.",
    "int_parsing": "Hier hoort een geheel getal.",
    "int_from_float": "Hier hoort een geheel getal.",
    "float_type": "Hier hoort een getal.",
    "float_parsing": "Hier hoort een getal.",
    "decimal_parsing": "Hier hoort een getal.",
    "bool_type": "Hier hoort true of false.",
    "bool_parsing": "Hier hoort true of false.",
    "greater_than_equal": "Het getal is te klein; minimaal {ge}.",
    "greater_than": "Het getal is te klein; groter dan {gt}.",
    "less_than_equal": "Het getal is te groot; maximaal {le}.",
    "less_than": "Het getal is te groot; kleiner dan {lt}.",
    "date_type": "Hier hoort een datum (JJJJ-MM-DD).",
    "date_parsing": "Hier hoort een datum (JJJJ-MM-DD).",
    "date_from_datetime_parsing": "Hier hoort een datum (JJJJ-MM-DD).",
    "date_from_datetime_inexact": "Hier hoort een datum zonder tijd (JJJJ-MM-DD).",
    "datetime_type": "Hier hoort een tijdstip (RFC 3339).",
    "datetime_parsing": "Hier hoort een tijdstip (RFC 3339).",
    "datetime_from_date_parsing": "Hier hoort een tijdstip (RFC 3339).",
    "timezone_aware": "Het tijdstip mist zijn tijdzone (Z of bijvoorbeeld +02:00).",
    "uuid_type": "Hier hoort een UUID.",
    "uuid_parsing": "Hier hoort een UUID.",
    "url_parsing": "Hier hoort een webadres.",
    "literal_error": "Deze waarde is hier niet toegestaan; toegestaan: {expected}.",
    "enum": "Deze waarde is hier niet toegestaan; toegestaan: {expected}.",
    "list_type": "Hier hoort een lijst.",
    "tuple_type": "Hier hoort een lijst.",
    "too_long": "De lijst is te lang; maximaal {max_length}.",
    "too_short": "De lijst is te kort; minimaal {min_length}.",
    "dict_type": "Hier hoort een object.",
    "model_type": "Hier hoort een object.",
    "model_attributes_type": "Hier hoort een object.",
    "union_tag_invalid": "Deze soort is niet bekend.",
    "union_tag_not_found": "De soort ontbreekt.",
}
UNKNOWN_SENTENCE = "Deze waarde voldoet niet aan het contract."
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z_.:-]{0,59}")

TITLES: Mapping[int, tuple[str, str, str]] = {
    404: ("niet-gevonden", "Niet gevonden", "Dit bestaat niet of is niet voor deze zetel."),
    405: ("methode-niet-toegestaan", "Methode niet toegestaan", "Deze methode kan hier niet; zie de kop Allow."),
    406: ("niet-aanvaardbaar", "Niet aanvaardbaar", "Dit antwoord bestaat niet in het gevraagde formaat."),
    415: ("formaat-niet-ondersteund", "Formaat niet ondersteund", "De inhoud heeft een formaat dat hier niet kan."),
    500: ("interne-fout", "Interne fout", "De hub kon dit verzoek niet afhandelen; meld de instance aan de beheerder."),
}


class ProblemResponse(Response):
    """A problem document, with what its status asks for in the headers."""

    media_type = MEDIA_TYPE

    def __init__(self, document: Probleem, headers: Mapping[str, str] | None = None) -> None:
        body = orjson.dumps(document.model_dump(mode="json", exclude_none=True))
        super().__init__(body, document.status, headers)


def problem_response(problem: Problem, trace: str | None) -> ProblemResponse:
    """Render; `trace` becomes `instance`, by which support finds the request without its content."""
    return ProblemResponse(problem.document.model_copy(update={"instance": trace}), problem.headers)


def problem_for_status(status: int, headers: Mapping[str, str] | None = None, maximum: int = 0) -> Problem:
    """The problem for a bare HTTP status. `maximum`: limit of the body in bytes, named in a 413."""
    known = dict(headers or {})
    if status == 413:
        return te_groot(f"De inhoud van een verzoek is maximaal {maximum} bytes.")
    if status == 401:
        return niet_aangemeld("Meld aan met een bearer token.")
    if status in TITLES:
        slug, title, detail = TITLES[status]
        return Problem(slug, status, title, detail, headers=known)
    title = HTTPStatus(status).phrase
    return Problem(f"http-{status}", status, title, "Dit verzoek kan niet worden afgehandeld.", headers=known)


def invalid_input(errors: Iterable[Mapping[str, Any]], under: str = "") -> Problem:
    """400 with all faults of pydantic's error list. `under`: pointer of what was validated within the body."""
    return ongeldige_invoer(faults(errors, under))


def faults(errors: Iterable[Mapping[str, Any]], under: str = "") -> tuple[Fout, ...]:
    """Faults in Dutch, in order, each once.

    `veld`: JSON pointer into the body, or `query/naam`, `path/naam`, `header/naam` for a parameter. No value of
    the input appears, not even as the name of an unknown field that does not look like a field name.
    """
    found: dict[Fout, None] = {}
    for error in errors:
        found.setdefault(Fout(veld=_pointer(error["loc"], under), melding=_sentence(error)))
    listed = tuple(found)
    if len(listed) > MAX_FAULTS:
        rest = len(listed) - MAX_FAULTS
        return (*listed[:MAX_FAULTS], Fout(veld=under, melding=f"En nog {rest} fouten."))
    return listed


def _pointer(loc: Sequence[int | str], under: str) -> str:
    where, *path = loc or ("",)
    if where in ("query", "path", "header", "cookie"):
        return "/".join([str(where), *map(_segment, path)])
    if where != "body":
        path = [where, *path] if loc else []
    return under + "".join("/" + _segment(part) for part in path if not _is_form(part))


def _is_form(part: int | str) -> bool:
    """Which of several forms of a body was validated; contracts write its name in brackets."""
    return isinstance(part, str) and part.startswith("(")


def _segment(part: int | str) -> str:
    """A list index, or a name; a key that may be content rather than a name is hidden."""
    if isinstance(part, int) or _FIELD_NAME.fullmatch(part):
        return str(part)
    return "…"


def _sentence(error: Mapping[str, Any]) -> str:
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind == "value_error":
        return _own_sentence(str(context.get("error", "")), error.get("input"))
    sentence = SENTENCES.get(kind, UNKNOWN_SENTENCE)
    try:
        return sentence.format_map(context)
    except KeyError:
        return UNKNOWN_SENTENCE


def _own_sentence(sentence: str, value: Any) -> str:
    """A contract's own sentence, unless it repeats the value it refuses."""
    quoted = isinstance(value, str | int | float) and str(value) and str(value).casefold() in sentence.casefold()
    if not sentence or quoted or re.search(r"\d{6}", sentence):
        return UNKNOWN_SENTENCE
    return sentence[0].upper() + sentence[1:] + ("" if sentence.endswith(".") else ".")


def trace_of(request: Request) -> str | None:
    """The trace id that the shell gave this request: 32 hexadecimal digits."""
    trace = request.scope.get("state", {}).get("trace")
    return str(trace) if trace else None


#: What is done with a refusal before it leaves; the problem that leaves in the end.
Recorder = Callable[[Request, Problem], Awaitable[Problem]]


def install(app: FastAPI, max_body_bytes: int, record: Recorder) -> None:
    """Make problem+json the only form of refusal of this app, each recorded first."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = await record(request, _problem_of(error, max_body_bytes))
        return problem_response(problem, trace_of(request))

    for kind in (Problem, RequestValidationError, HTTPException, *STORE_AWAY):
        app.add_exception_handler(kind, answer)


def _problem_of(error: Exception, max_body_bytes: int) -> Problem:
    if isinstance(error, STORE_AWAY):
        return niet_beschikbaar()
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return invalid_input(_body_position_hidden(error.errors()))
        case HTTPException(status_code=400):
            return ongeldige_invoer((Fout(veld="", melding="De inhoud is niet te lezen."),))
        case HTTPException():
            return problem_for_status(error.status_code, error.headers, max_body_bytes)
        case _:
            return problem_for_status(500)


def _body_position_hidden(errors: Sequence[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Broken JSON is reported on the body as a whole; a character position is not a pointer."""
    for error in errors:
        yield {**error, "loc": ("body",)} if error["type"] == "json_invalid" else error
