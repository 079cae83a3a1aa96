"""Every refusal as problem+json: rendered once, complete, and without a single value of the input.

Source: NL API Design Rules 2.1, /core/error-handling; RFC 9457.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
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
from hub.handling.fouten import faults
from hub.ledger.database import STORE_AWAY

MEDIA_TYPE = "application/problem+json"
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
