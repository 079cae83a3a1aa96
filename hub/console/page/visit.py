"""A visit: who asks for a page, in which hat, and what becomes of her when she may not."""

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from contracts.problems import Problem, niet_beschikbaar
from hub.api.identity import Aanwezige
from hub.api.problems import problem_for_status, trace_of
from hub.console.entrance.renewal import Renewal
from hub.console.entrance.seats import Hats
from hub.console.entrance.sessions import Sessie, Sessions
from hub.console.entrance.signin import ProviderAway, SignIn
from hub.console.page.doors import Doors, Refused
from hub.console.page.frame import page
from hub.console.page.packing import packed
from hub.ledger.database import STORE_AWAY
from hub.log import Log, VerzoekMislukt, place_of

ROOT = "/console"
MAX_FIELDS = 400
_KINDS = {"signalen": "signaal", "casussen": "casus", "overleggen": "overleg"}
_SUBJECT = re.compile(rf"{ROOT}(?:/toezicht)?/({'|'.join(_KINDS)})/([0-9a-f]{{8}})-[0-9a-f-]{{27}}(?:/.*)?")
_AWAY = (
    "Uw organisatie kan nu niet zeggen of u deze pet nog heeft. Er is niets getoond en niets vastgelegd."
    " Probeer het over een minuut opnieuw."
)


class NotSignedIn(Exception):
    """Nobody is signed in, or no longer."""


class NoHat(Exception):
    """She has not chosen a hat yet."""


class Forged(Exception):
    """A form that did not come from our own page."""


@dataclass(frozen=True, slots=True)
class Console:
    """What the pages need; bound once in main. `address`: of the hub, as browsers know it."""

    app: ASGIApp
    sessions: Sessions
    sign_in: SignIn
    hats: Hats
    clock: Callable[[], datetime]
    address: str
    renewal: Renewal = field(default_factory=Renewal)

    @property
    def cookie(self) -> str:
        """Name of the session cookie."""
        return self.cookie_of("sessie")

    @property
    def secure(self) -> bool:
        return self.address.startswith("https://")

    def cookie_of(self, name: str) -> str:
        """The name of a cookie; over https browsers take one of this name from this host alone."""
        return f"__Host-{name}" if self.secure else name

    def set_cookie(self, answer: Response, name: str, value: str) -> None:
        answer.set_cookie(name, value, secure=self.secure, httponly=True, samesite="lax", path="/")

    def drop_cookie(self, answer: Response, name: str) -> None:
        answer.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="lax")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in. `name`: of her session."""

    console: Console
    request: Request
    name: str
    sessie: Sessie

    @property
    def doors(self) -> Doors:
        """The API in her hat. Raises NoHat."""
        if not self.sessie.zetel:
            raise NoHat
        adres = self.request.client.host if self.request.client else ""
        trace = f"00-{self.request.scope['state']['trace']}-{'0' * 15}1-01"
        return Doors(self.console.app, Aanwezige(self.sessie.sub, self.sessie.zetel), adres, trace)

    async def lasts(self) -> bool:
        """Whether she is still signed in, in this hat; asking keeps nobody signed in."""
        try:
            now = await worn(self.console, self.name, stays=False)
        except (NotSignedIn, ProviderAway):
            return False
        return now.zetel == self.sessie.zetel

    def page(self, template: str, titel: str, status: int = 200, **values: Any) -> Response:
        """A page in her frame. `titel`: without a word about anybody."""
        hat = self.console.hats.label(self.sessie.zetel) if self.sessie.zetel else ""
        frame = {"sessie": self.sessie, "pet": hat, "titel": titel, "pad": self.request.url.path}
        frame |= {"petten_van": self.console.hats.label, "toetst": self.console.hats.is_officer(self.sessie.zetel)}
        frame["betreft"] = _subject(self.request.url.path)
        return page(template, self.sessie.taal, status, **frame | values)

    def to(self, path: str) -> Response:
        """On to another page of the console after something was done."""
        return RedirectResponse(ROOT + path, 303)

    async def form(self) -> dict[str, list[str]]:
        """The fields of a form of ours. Raises Forged."""
        body = (await self.request.body()).decode("utf-8", "replace")
        fields: dict[str, list[str]] = {}
        try:
            sent = parse_qsl(body, keep_blank_values=True, max_num_fields=MAX_FIELDS)
        except ValueError:
            raise Forged from None
        for name, value in sent:
            fields.setdefault(name, []).append(value)
        if fields.pop("sleutel", []) != [self.sessie.sleutel] or not same_origin(self.request, self.console.address):
            raise Forged
        return fields


def _subject(path: str) -> tuple[str, str] | None:
    """What a page is about: its kind, and the part of its number by which people call it."""
    found = _SUBJECT.fullmatch(path)
    return (_KINDS[found[1]], found[2]) if found else None


def same_origin(request: Request, address: str) -> bool:
    """Whether the browser says that our own page sent this; one that says nothing is refused."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    ours = urlsplit(address)
    if origin is not None and origin != "null":
        return origin == f"{ours.scheme}://{ours.netloc}"
    return site == "same-origin"


async def visit_of(request: Request) -> Visit:
    """The dependency of every page. Raises NotSignedIn, ProviderAway."""
    console: Console = request.app.state.console
    name = request.cookies.get(console.cookie, "")
    # A stream that comes back by itself is nobody at the keyboard.
    stays = request.headers.get("accept") != "text/event-stream"
    return Visit(console, request, name, await worn(console, name, stays=stays))


async def worn(console: Console, name: str, *, stays: bool) -> Sessie:
    """The session of this name, with the hats that exist now and that her organisation still gives her.

    Raises NotSignedIn, ProviderAway.
    """
    sessie = await console.renewal.current(console.sessions, console.sign_in, name, console.clock(), stays=stays)
    if sessie is None:
        raise NotSignedIn
    zetels = tuple(one for one, _ in console.hats.known(sessie.zetels))
    if not zetels:
        await run_in_threadpool(console.sessions.end, name, console.clock())
        raise NotSignedIn
    return replace(sessie, zetels=zetels, zetel=sessie.zetel if sessie.zetel in zetels else "")


class PageRoute(APIRoute):
    """A route whose failures are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return packed(request, await handle(request))
            except Exception as error:
                try:
                    return await _failed(request, error)
                except NotSignedIn:
                    return _sign_in(request)
                except Exception as another:  # the store is away, for one
                    return _broken(request, another)

        return shown


def pages() -> APIRouter:
    """The router for a set of pages."""
    return APIRouter(prefix=ROOT, route_class=PageRoute, include_in_schema=False)


async def _failed(request: Request, error: Exception) -> Response:
    match error:
        case NotSignedIn():
            return _sign_in(request)
        case NoHat():
            return RedirectResponse(ROOT + "/pet", 303)
        case Refused():
            return await _refused(request, error.problem, error.status)
        case Forged():
            detail = "Dit formulier is verlopen of komt niet van deze site. Ga terug, ververs en probeer het opnieuw."
            return await _refused(request, {"title": "Formulier niet aangenomen", "detail": detail}, 403)
        case RequestValidationError():
            return await _refused(request, {}, 404)
        case HTTPException():
            problem = problem_for_status(error.status_code)
            return await _refused(request, problem.document.model_dump(exclude_none=True), error.status_code)
    return _broken(request, error)


def _sign_in(request: Request) -> Response:
    """Who sent a form is told; a redirect of it to the provider is not allowed by the policy of the page."""
    if request.method != "GET":
        return page("afgemeld.html", "nl", 403, titel="U bent niet meer aangemeld")
    return RedirectResponse(f"{ROOT}/aanmelden?{urlencode({'naar': request.scope['path']})}", 303)


async def _refused(request: Request, problem: Mapping[str, Any], status: int) -> Response:
    """Unknown and not permitted look the same here too: the API made them so."""
    visit = await visit_of(request)
    known = {"title": "Niet gevonden", "detail": "Dit bestaat niet of is niet voor deze zetel."} | dict(problem)
    # Who looked under a purpose that does not fit is helped on; what may not be known (404) offers nothing.
    asked = status == 403 and request.method == "GET" and "regels" not in known
    others = visit.console.hats.purposes(visit.sessie.zetel) if asked and _subject(request.url.path) else ()
    given = request.query_params.get("doel", others[0] if others else "")
    doelen_van = [one for one in others if one != given]
    return visit.page(
        "geweigerd.html", str(known["title"]), status, probleem=known, doelen_van=doelen_van, betreft=None
    )


def _broken(request: Request, error: Exception) -> Response:
    """A fault of ours: nothing of it is shown but the number by which the keeper of the hub finds it."""
    trace = trace_of(request) or ""
    if isinstance(error, Problem):
        problem = error
    elif isinstance(error, ProviderAway):
        problem = Problem("niet-beschikbaar", 503, "Aanmelding niet te controleren", _AWAY)
    elif isinstance(error, STORE_AWAY):
        problem = niet_beschikbaar()
    else:
        log: Log = request.app.state.services.log
        log.write(VerzoekMislukt(fout=type(error).__name__, plaats=place_of(error), trace=trace))
        problem = problem_for_status(500)
    document = problem.document
    return page("storing.html", "nl", document.status, titel="Dit lukte nu niet", probleem=document, nummer=trace)
