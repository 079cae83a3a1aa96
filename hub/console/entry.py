"""Coming in and going out: signing in, choosing a hat and a language, and the first page."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from hub.console import assets
from hub.console.doors import Refused
from hub.console.frame import page
from hub.console.signin import SignInFailed
from hub.console.visit import ROOT, Console, Forged, Visit, pages, visit_of

COOKIE = "aanmelding"
_OWN_PATH = re.compile(rf"{ROOT}(/[A-Za-z0-9_-]+)*")
Visitor = Annotated[Visit, Depends(visit_of)]


def router() -> APIRouter:
    """The pages before and around all others."""
    routes = pages()
    for add in (_sign_in, _come_back, _leave, _hat, _language, _static):
        add(routes)
    return routes


def beyond() -> APIRouter:
    """Every address of the console that is no page; comes after all others."""
    routes = pages()

    @routes.get("/{_rest:path}")
    async def nothing(visit: Visitor) -> Response:
        raise Refused({}, 404)

    return routes


def _sign_in(routes: APIRouter) -> None:
    @routes.get("/aanmelden")
    async def sign_in(request: Request, naar: str = ROOT) -> Response:
        console: Console = request.app.state.console
        begun = console.sign_in.begin(naar if _OWN_PATH.fullmatch(naar) else ROOT)
        state = await run_in_threadpool(console.sessions.expect, begun, console.clock())
        answer = RedirectResponse(console.sign_in.address(begun, state), 303)
        # The state comes back from elsewhere: only the browser that began with it may end with it.
        console.set_cookie(answer, console.cookie_of(COOKIE), state)
        return answer


def _come_back(routes: APIRouter) -> None:
    @routes.get("/terugkeer")
    async def come_back(request: Request, state: str = "", code: str = "") -> Response:
        console: Console = request.app.state.console
        begun = None
        if state and request.cookies.get(console.cookie_of(COOKIE)) == state:
            begun = await run_in_threadpool(console.sessions.expected, state, console.clock())
        if begun is None or not code:
            return page("niet-aangemeld.html", "nl", 400, titel="Aanmelden mislukt")
        try:
            persoon = await console.sign_in.complete(begun, code)
        except SignInFailed:
            return page("niet-aangemeld.html", "nl", 400, titel="Aanmelden mislukt")
        zetels = tuple(one for one, _ in console.hats.known(persoon.zetels))
        if not zetels:
            return page("niet-aangemeld.html", "nl", 403, titel="Aanmelden mislukt")
        name, _ = await run_in_threadpool(console.sessions.begin, persoon.sub, persoon.naam, zetels, console.clock())
        answer = RedirectResponse(begun.naar, 303)
        console.set_cookie(answer, console.cookie, name)
        console.drop_cookie(answer, console.cookie_of(COOKIE))
        return answer


def _leave(routes: APIRouter) -> None:
    @routes.post("/afmelden")
    async def leave(visit: Visitor) -> Response:
        await visit.form()
        await run_in_threadpool(visit.console.sessions.end, visit.name, visit.console.clock())
        answer = page("afgemeld.html", visit.sessie.taal, titel="Afgemeld")
        visit.console.drop_cookie(answer, visit.console.cookie)
        return answer


def _hat(routes: APIRouter) -> None:
    @routes.get("/pet")
    async def hats(visit: Visitor) -> Response:
        known = visit.console.hats.known(visit.sessie.zetels)
        return visit.page("pet.html", "Onder welke pet werkt u?", petten=known)

    @routes.post("/pet")
    async def choose(visit: Visitor) -> Response:
        form = await visit.form()
        zetel = form.get("zetel", [""])[0]
        if zetel not in visit.sessie.zetels:
            raise Forged
        return await _renamed(visit, "", zetel=zetel)


def _language(routes: APIRouter) -> None:
    @routes.post("/taal")
    async def language(visit: Visitor) -> Response:
        form = await visit.form()
        taal = form.get("taal", ["nl"])[0]
        back = form.get("terug", [ROOT])[0]
        path = back.removeprefix(ROOT) if _OWN_PATH.fullmatch(back) else ""
        return await _renamed(visit, path, taal="en" if taal == "en" else "nl")


async def _renamed(visit: Visit, path: str, **changed: str) -> Response:
    console = visit.console
    name = await run_in_threadpool(
        lambda: console.sessions.renamed(visit.name, visit.sessie, console.clock(), **changed)
    )
    answer = visit.to(path)
    console.set_cookie(answer, console.cookie, name)
    return answer


def _static(routes: APIRouter) -> None:
    @routes.get("/static/{digest}/{naam}")
    async def static(request: Request, digest: str, naam: str) -> Response:
        return assets.answer(request, digest, naam)
