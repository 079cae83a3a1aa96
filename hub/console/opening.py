"""Opens the console beside the API: who may sign in where, and which pages there are."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
from fastapi import FastAPI
from psycopg import Connection
from psycopg_pool import ConnectionPool

from hub.access.beleid import Beleid
from hub.api.clients import make_client, new_rsa_key, public_jwk
from hub.api.identity import Sleuteladres
from hub.api.issuer import SIGN_IN_SCOPE, DevelopmentIssuer
from hub.api.limits import JsonAnswer
from hub.api.people import AUTHORIZE_PATH, PeopleIssuer, people_of, people_router
from hub.console.analyst import bridge, cases, meetings, results, samenloop
from hub.console.entrance.seats import Hats
from hub.console.entrance.session_store import PostgresStore
from hub.console.entrance.sessions import Sessions
from hub.console.entrance.signin import Provider, SignIn
from hub.console.municipality import news, overview, subscriptions
from hub.console.officer import breaches, drafts, inspection, oversight, recalls, rights, searching, turns, waiting
from hub.console.page import entry, reading
from hub.console.page.visit import ROOT, Console
from hub.console.reporter import referral, reporting, signals
from hub.settings import Settings, SettingsError, key_file

RETURN_PATH = ROOT + "/terugkeer"
KEYS_PATH = ROOT + "/sleutels"
DISCOVERY = "/.well-known/openid-configuration"
PAGES = (
    entry,
    reading,
    signals,
    reporting,
    referral,
    news,
    subscriptions,
    overview,
    searching,
    waiting,
    rights,
    recalls,
    breaches,
    drafts,
    inspection,
    turns,
    oversight,
    cases,
    meetings,
    bridge,
    results,
    samenloop,
)


def open_console(
    app: FastAPI,
    settings: Settings,
    pool: ConnectionPool[Connection[tuple[Any, ...]]],
    issuer: DevelopmentIssuer | None,
    beleid: Callable[[], Beleid],
    clock: Callable[[], datetime],
) -> None:
    """Add the pages to the app; none in production without a provider. Raises SettingsError."""
    if settings.sign_in_url is not None:
        sign_in = _at_provider(settings, settings.sign_in_url, clock)
    elif issuer is not None:
        sign_in = _in_development(app, settings, issuer, beleid(), clock)
    else:
        return
    public = {"keys": [public_jwk(sign_in.private_key)]}
    app.state.console = Console(app, Sessions(PostgresStore(pool)), sign_in, Hats(beleid), clock, settings.public_url)
    app.add_api_route(KEYS_PATH, lambda: JsonAnswer(public), include_in_schema=False)
    for module in PAGES:
        app.include_router(module.router())
    app.include_router(entry.beyond())


def _in_development(
    app: FastAPI, settings: Settings, issuer: DevelopmentIssuer, beleid: Beleid, clock: Callable[[], datetime]
) -> SignIn:
    people = PeopleIssuer(issuer, people_of(), clock)
    app.include_router(people_router(people))
    oin = beleid.instanties["systeem@landelijk"].oin
    back = settings.public_url + RETURN_PATH
    pem = make_client(settings.data_folder / "clients", oin, "console", (), (SIGN_IN_SCOPE,), (back,), new_rsa_key)
    provider = Provider(issuer.address, issuer.address + AUTHORIZE_PATH, issuer.token_endpoint)
    transport = httpx.ASGITransport(app)
    return SignIn(provider, issuer.keys(), f"{oin}:console", pem.read_bytes(), back, clock, transport)


def _at_provider(settings: Settings, address: str, clock: Callable[[], datetime]) -> SignIn:
    try:
        found = httpx.get(address + DISCOVERY, timeout=10).raise_for_status().json()
        provider = Provider(
            found["issuer"],
            found["authorization_endpoint"],
            found["token_endpoint"],
            str(found.get("end_session_endpoint", "")),
        )
        keys = Sleuteladres(found["jwks_uri"], clock)
    except (httpx.HTTPError, ValueError, KeyError):
        raise SettingsError("HUB_SIGN_IN_URL does not answer with an OpenID discovery document") from None
    if provider.issuer != address:
        raise SettingsError("HUB_SIGN_IN_URL is not the issuer that its discovery document names")
    pem = key_file(settings.data_folder / "keys" / "console.pem", new_rsa_key)
    client, back = settings.sign_in_client_id or "", settings.public_url + RETURN_PATH
    return SignIn(provider, keys, client, pem, back, clock, scope=settings.sign_in_scope)
