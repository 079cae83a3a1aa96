"""The documentation of the partners' API, made from the routes and completed to the NL API Design Rules 2.1."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from contracts.problems import Fout, Probleem
from hub.api.headers import API_VERSION
from hub.api.identity import SCHEME
from hub.api.problems import MEDIA_TYPE

PREFIX = "/v1"
OPENAPI_PATH = f"{PREFIX}/openapi.json"
REF = "#/components/schemas/"
_METHODS = ("get", "put", "post", "delete", "patch")
_WITH_BODY = ("put", "post", "patch")
VERSION_HEADER = {
    "description": "Volledige versie van de API.",
    "schema": {"type": "string", "examples": [API_VERSION]},
}
ANSWERS: dict[str, str] = {
    "400": "Ongeldige invoer: alle fouten in één antwoord, zonder de waarden.",
    "401": "Niet aangemeld, of het token is niet geldig.",
    "403": "Niet bevoegd: het token mist de scope, of de zetel mag dit niet.",
    "404": "Dit bestaat niet of is niet voor deze zetel; het verschil blijkt nergens uit.",
    "406": "Het gevraagde formaat bestaat niet.",
    "413": "De inhoud is te groot (maximaal {maximum} bytes).",
    "415": "Het formaat van de inhoud wordt niet ondersteund.",
    "500": "Interne fout; `instance` is het nummer waarmee de beheerder het verzoek terugvindt.",
    "503": "De verantwoording kan niet worden vastgelegd; er is niets verwerkt en niets getoond.",
}


def document(app: FastAPI, public_url: str, token_url: str, maximum: int) -> dict[str, Any]:
    """OpenAPI 3.1. `maximum`: bytes of a body; `token_url`: of the trusted authorisation server."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        contact=app.contact,
        license_info=app.license_info,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=[{"url": public_url + PREFIX, "description": "Deze hub"}],
    )
    made["paths"] = {path.removeprefix(PREFIX): item for path, item in made.get("paths", {}).items()}
    made["paths"]["/openapi.json"] = {"get": _own_operation()}
    for path, item in made["paths"].items():
        for method in _METHODS:
            if method in item:
                _complete(item[method], method, path, maximum)
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Probleem"] = _schema(Probleem)
    schemas["Fout"] = _schema(Fout)
    scheme = components.setdefault("securitySchemes", {}).get(SCHEME.scheme_name)
    if scheme:
        scheme["flows"]["clientCredentials"]["tokenUrl"] = token_url
    return made


def _complete(operation: dict[str, Any], method: str, path: str, maximum: int) -> None:
    """Problems instead of 422, and the version header on every success."""
    answers: dict[str, Any] = operation.setdefault("responses", {})
    answers.pop("422", None)
    for status in _refusals(operation, method, path):
        answers.setdefault(status, {"description": ANSWERS[status].format(maximum=maximum)})
    for status, answer in answers.items():
        if status[0] in "23":
            answer.setdefault("headers", {})["API-Version"] = VERSION_HEADER
        elif status[0] in "45":
            answer["content"] = {MEDIA_TYPE: {"schema": {"$ref": REF + "Probleem"}}}
    operation["responses"] = dict(sorted(answers.items()))


def _refusals(operation: dict[str, Any], method: str, path: str) -> list[str]:
    statuses = ["406", "500"]
    if method in _WITH_BODY or operation.get("parameters"):
        statuses.append("400")
    if "requestBody" in operation:
        statuses += ["413", "415"]
    if operation.get("security"):
        statuses += ["401", "403", "503"]
    if "{" in path:
        statuses.append("404")
    return statuses


def _schema(model: type[Probleem] | type[Fout]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=REF + "{model}")
    schema.pop("$defs", None)
    return schema


def _own_operation() -> dict[str, Any]:
    return {
        "tags": ["documentatie"],
        "summary": "Dit document",
        "operationId": "openapi",
        "responses": {
            "200": {
                "description": "De beschrijving van deze API, zonder aanmelden.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }
