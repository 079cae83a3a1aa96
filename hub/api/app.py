"""The door of the partners' API: everything that holds for every operation. The nouns come as routers."""

from collections.abc import Iterable
from typing import Any, Protocol

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute, iter_route_contexts

from hub.api.headers import API_VERSION, Shell
from hub.api.identity import Identity
from hub.api.issuer import TOKEN_PATH, DevelopmentIssuer, issuer_router
from hub.api.limits import JSON, BodyLimit, ContractRoute
from hub.api.openapi import OPENAPI_PATH, PREFIX, document
from hub.api.problems import Recorder, install
from hub.api.refusals import record_refusal
from hub.log import Log
from hub.settings import Settings

DESCRIPTION = """\
Delen van signalen van mensenhandel tussen overheid, zorg en opvang, met per gegeven een vastgelegde grondslag.

Aanleveren geeft geen inzage. Wie iets mag zien, ziet precies de categorieën die aan zijn zetel zijn verstrekt;
'bestaat niet' en 'niet voor u' zijn hetzelfde antwoord. Elke raadpleging is vastgelegd voordat het antwoord vertrekt.
Een token geldt voor één zetel (een deelnemer in één taak). Geef `traceparent` (W3C) mee om een verwerking over
organisaties heen te volgen; `instance` in een probleem is het trace-id.
"""
CONTACT = {"name": "Beheer Signaalhub", "email": "beheer@signaalhub.nl", "url": "https://signaalhub.nl"}
LICENSE = {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"}
#: FastAPI would otherwise send validation errors and stack traces, which may quote personal data, to collectors.
NO_TELEMETRY: Any = dict.fromkeys(("tracing", "metrics", "logs", "operation_spans", "auto_configure"), False)


class ShellServices(Protocol):
    """What the shell needs of the services of the hub."""

    @property
    def identity(self) -> Identity: ...

    @property
    def issuer(self) -> DevelopmentIssuer | None:
        """None where an external authorisation server gives the tokens."""

    @property
    def log(self) -> Log: ...


class UnguardedRoute(TypeError):
    """A route of the API was not made through `partner_router`; the hub does not start."""


def create_app(
    services: ShellServices,
    settings: Settings,
    routers: Iterable[APIRouter] = (),
    record: Recorder = record_refusal,
) -> FastAPI:
    """The whole API. `record`: what is done with a refusal before it leaves. Raises UnguardedRoute."""
    app = FastAPI(
        title="Signaalhub",
        version=API_VERSION,
        description=DESCRIPTION,
        contact=CONTACT,
        license_info=LICENSE,
        openapi_url=None,  # served below, completed and open to all
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    app.state.services, app.state.identity = services, services.identity
    for router in routers:
        app.include_router(router)
    _refuse_unguarded(app)
    if services.issuer is not None:
        app.include_router(issuer_router(services.issuer))
    install(app, settings.max_body_bytes, record)
    _publish(app, settings)
    app.add_middleware(BodyLimit, maximum=settings.max_body_bytes)
    app.add_middleware(Shell, log=services.log)
    return app


def _refuse_unguarded(app: FastAPI) -> None:
    for route in iter_route_contexts(app.routes):
        guarded = isinstance(route.original_route, ContractRoute)
        if isinstance(route.original_route, APIRoute) and (route.path or "").startswith(PREFIX) and not guarded:
            raise UnguardedRoute(f"{route.path} was not made through partner_router")


def _publish(app: FastAPI, settings: Settings) -> None:
    """GET /v1/openapi.json, without signing in, for every origin; made once."""
    token_url = (settings.issuer_url or settings.public_url) + ("" if settings.issuer_url else TOKEN_PATH)
    made: dict[str, bytes] = {}

    def openapi() -> dict[str, Any]:
        return document(app, settings.public_url, token_url, settings.max_body_bytes)

    async def openapi_json(_: Request) -> Response:
        if not made:
            made["body"] = orjson.dumps(openapi())
        return Response(made["body"], media_type=JSON, headers={"Access-Control-Allow-Origin": "*"})

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_route(OPENAPI_PATH, openapi_json, methods=["GET"], include_in_schema=False)
